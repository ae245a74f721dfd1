"""What `make build` made, deployed by `sam` to a local AWS that enforces IAM."""

import base64
import json
import os
import subprocess
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3  # type: ignore[import-untyped]
import httpx
from botocore.config import Config
from samtranslator.yaml_helper import yaml_parse  # type: ignore[import-untyped]
from starlette.datastructures import Headers

from local import payload
from local.aws import CREDENTIALS
from local.routes import Routes
from local.template import PROJECT, REGION, project

BUILT = PROJECT / ".aws-sam" / "build"
STACK = "nexus-models-local"
LOCAL_GROUP = "schedule/default/"
"""Whatever group a schedule is of, the local AWS asks for a grant on this one."""


class FunctionFailed(Exception):
    """A function raised; the text is what Lambda told of it, and the end of its log."""


class Deployed:
    def __init__(self, aws_url: str) -> None:
        self.aws_url = aws_url
        pages = self.client("cloudformation").get_paginator("list_stack_resources")
        self.names: dict[str, str] = {
            resource["LogicalResourceId"]: resource["PhysicalResourceId"]
            for page in pages.paginate(StackName=STACK)
            for resource in page["StackResourceSummaries"]
        }

    def client(self, service: str) -> Any:
        patient = Config(read_timeout=200, retries={"total_max_attempts": 1})
        return boto3.client(
            service,
            endpoint_url=self.aws_url,
            region_name=REGION,
            aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
            config=patient,
        )

    def invoke(self, function: str, event: Mapping[str, Any]) -> Any:
        """Run a function under its own role. Raises `FunctionFailed`, also for its 5xx."""
        answer = self.client("lambda").invoke(
            FunctionName=self.names[function], Payload=json.dumps(event).encode(), LogType="Tail"
        )
        told = json.loads(answer["Payload"].read())
        failed = isinstance(told, dict) and told.get("statusCode", 200) >= 500
        if failed or "FunctionError" in answer:
            log = base64.b64decode(answer.get("LogResult", "")).decode()
            raise FunctionFailed(f"{function}: {told}\n{log}")
        return told

    def caller(self, token: str | None = None) -> httpx.Client:
        """Someone at a browser, whose calls reach the functions as template.yaml routes them."""
        return httpx.Client(
            base_url="http://localhost:8000",
            headers={"Authorization": f"Bearer {token}"} if token else {},
            transport=_Gateway(self),
            trust_env=False,
        )

    def changes(self) -> list[dict[str, Any]]:
        """Every record of the table's stream so far, as its function is given them."""
        table = self.client("dynamodb").describe_table(TableName=self.names["Table"])["Table"]
        arn, streams = table["LatestStreamArn"], self.client("dynamodbstreams")
        records = []
        for shard in streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]:
            start = streams.get_shard_iterator(
                StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
            )
            records += streams.get_records(ShardIterator=start["ShardIterator"])["Records"]
        told: list[dict[str, Any]] = json.loads(json.dumps(records, default=str))
        return told


class _Gateway(httpx.BaseTransport):
    def __init__(self, deployed: Deployed) -> None:
        self._deployed = deployed
        self._routes = Routes.of(project())

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        path, _, query = request.url.raw_path.decode("ascii").partition("?")
        match = self._routes.match(request.method, payload.raw_path(path))
        assert match, f"{request.method} {path} has no route"
        headers = Headers(raw=[(name.lower(), value) for name, value in request.headers.raw])
        event = payload.event(
            payload.HttpRequest(
                request.method, path, query, headers, request.read(), source_ip="203.0.113.7"
            ),
            route=match.route,
            parameters=match.parameters,
            request_id=str(uuid.uuid4()),
            now=datetime.now(UTC),
        )
        answer = self._deployed.invoke(match.function, event)
        response = payload.response(json.dumps(answer).encode())
        return httpx.Response(
            response.status_code, headers=response.raw_headers, content=bytes(response.body)
        )


def deploy(aws_url: str) -> Deployed:
    """`sam deploy` of what was built. Raises `CalledProcessError` with all that sam said."""
    template = BUILT / "plain-http.json"
    plain = json.dumps(without_tls_denials(BUILT / "template.yaml"))
    template.write_text(plain.replace("schedule/${Schedules}/", LOCAL_GROUP))
    overrides = ("Stage=local", "PaymentProvider=sandbox", f"LocalAwsUrl={aws_url}")
    subprocess.run(  # noqa: S603  our own sam and our own words
        [
            PROJECT / ".venv-sam/bin/sam",
            *("deploy", "--template-file", template, "--no-progressbar"),
            *("--config-file", PROJECT / "samconfig.toml", "--config-env", "local"),
            *("--parameter-overrides", *overrides),
        ],
        env={
            "PATH": os.environ["PATH"],
            "HOME": os.environ["HOME"],
            "SAM_CLI_TELEMETRY": "0",
            "AWS_ENDPOINT_URL": aws_url,
            "AWS_DEFAULT_REGION": REGION,
            **CREDENTIALS,
        },
        check=True,
        capture_output=True,
        text=True,
    )
    return Deployed(aws_url)


def without_tls_denials(template: Path) -> dict[str, Any]:
    """The template without "only over TLS", because the local AWS speaks plain HTTP."""
    document: dict[str, Any] = yaml_parse(template.read_text())
    resources = document["Resources"]
    for name, resource in list(resources.items()):
        if resource["Type"] in ("AWS::SQS::QueuePolicy", "AWS::S3::BucketPolicy"):
            policy = resource["Properties"]["PolicyDocument"]
            allowing = [each for each in policy["Statement"] if each.get("Effect") == "Allow"]
            policy["Statement"] = allowing
            if not allowing:
                del resources[name]
    return document
