"""Whether the roles grant what the functions ask for, and nothing else.

While the tests run with `NEXUS_GRANTS=folder`, what each function asks AWS for is put down in that
folder; afterwards `python -m tests.grants folder` compares it with template.yaml.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from fnmatch import fnmatchcase
from functools import wraps
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

from botocore.client import BaseClient
from botocore.signers import S3PostPresigner

from local.template import ACCOUNT, REGION, Template

FOLDER = os.environ.get("NEXUS_GRANTS")

BY_THE_SERVICE = {
    "logs:CreateLogStream": "Lambda, before the first line of a log",
    "logs:PutLogEvents": "Lambda",
    "xray:PutTraceSegments": "Lambda's daemon beside the function",
    "xray:PutTelemetryRecords": "Lambda's daemon beside the function",
    "sqs:ReceiveMessage": "the event source mapping",
    "sqs:DeleteMessage": "the event source mapping",
    "sqs:GetQueueAttributes": "the event source mapping",
    "dynamodb:DescribeStream": "the event source mapping",
    "dynamodb:GetRecords": "the event source mapping",
    "dynamodb:GetShardIterator": "the event source mapping",
    "dynamodb:ListStreams": "the event source mapping, as AWS lists what Lambda needs of a stream",
}
"""Asked for on a function's behalf, where no test sees it, by whom."""
ON_FAILURE = {"ProjectorDeadLetters", "JobsDeadLetters"}
"""Where Lambda itself sends what a function has given up."""
KNOWS_ABSENT = "ThumbnailsFunction", "s3:ListBucket"
"""Without it, S3 calls an object that is not there forbidden instead of absent."""
AFTER_THE_LIMIT = "AdminFunction", "cloudwatch:GetMetricStatistics"
"""It comes after lambda:GetAccountSettings, which moto does not know."""

S3 = {
    "HeadObject": "GetObject", "CreateMultipartUpload": "PutObject", "UploadPart": "PutObject",
    "CompleteMultipartUpload": "PutObject", "ListParts": "ListMultipartUploadParts",
    "ListObjectsV2": "ListBucket",
}  # fmt: skip
"""What IAM calls operations of another name."""
IN_TRANSACTIONS = {
    "ConditionCheck": "ConditionCheckItem", "Put": "PutItem", "Update": "UpdateItem",
    "Delete": "DeleteItem",
}  # fmt: skip


class Use(NamedTuple):
    function: str
    action: str
    resource: str  # an ARN, or "*"; of a grant it may end in one


_acting: ContextVar[str] = ContextVar("_acting", default="")
_seen: set[Use] = set()


def watched(function: str, entry: Any) -> Any:
    """The entry point of a function, so that what is asked for meanwhile is its doing."""
    if not FOLDER:
        return entry

    @wraps(entry)
    def watching(event: Any, context: Any) -> Any:
        with _as(function):
            return entry(event, context)

    return watching


@contextmanager
def _as(function: str) -> Iterator[None]:
    before = _acting.set(function)
    try:
        yield
    finally:
        _acting.reset(before)


def listen() -> None:
    """From here on every client tells what it is asked for, also when it is only signed."""
    if not FOLDER:
        return
    emit = BaseClient._emit_api_params  # type: ignore[attr-defined]
    form = S3PostPresigner.generate_presigned_post

    def telling(client: Any, api_params: Any, operation_model: Any, context: Any) -> Any:
        _told(api_params, operation_model)
        return emit(client, api_params, operation_model, context)

    def signing(presigner: Any, conditions: list[Any], **named: Any) -> Any:
        _signed(conditions)
        return form(presigner, conditions=conditions, **named)

    patch.object(BaseClient, "_emit_api_params", telling).start()
    patch.object(S3PostPresigner, "generate_presigned_post", signing).start()


def _told(params: dict[str, Any], model: Any) -> None:
    service, operation = model.service_model.service_name, model.name
    if _acting.get() and (service, operation) != (
        "s3",
        "CreateBucket",
    ):  # botocore's guise of a form
        _note(ASKED[service](operation, params))


def _signed(conditions: list[Any]) -> None:
    """A form by which somebody may put one object."""
    place = {name: text for each in conditions if isinstance(each, dict)
             for name, text in each.items()}  # fmt: skip
    if _acting.get():
        _note([("s3:PutObject", f"arn:aws:s3:::{place['bucket']}/{place['key']}")])


def _note(asked: list[tuple[str, str]]) -> None:
    uses = {Use(_acting.get(), action, resource) for action, resource in asked} - _seen
    _seen.update(uses)
    folder = Path(str(FOLDER))
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / str(os.getpid())).open("a", encoding="utf-8") as notes:
        notes.writelines(" ".join(use) + "\n" for use in uses)


def _of_dynamodb(operation: str, params: dict[str, Any]) -> list[tuple[str, str]]:
    if "TransactItems" in params:
        pairs = [pair for each in params["TransactItems"] for pair in each.items()]
        return [
            (f"dynamodb:{IN_TRANSACTIONS[kind]}", _table(it["TableName"])) for kind, it in pairs
        ]
    if "RequestItems" in params:
        return [(f"dynamodb:{operation}", _table(name)) for name in params["RequestItems"]]
    index = f"/index/{params['IndexName']}" if "IndexName" in params else ""
    return [(f"dynamodb:{operation}", _table(params["TableName"]) + index)]


def _table(name: str) -> str:
    return f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{name}"


def _of_s3(operation: str, params: dict[str, Any]) -> list[tuple[str, str]]:
    bucket = f"arn:aws:s3:::{params['Bucket']}"
    keys = [
        params.get("Key"),
        *(each["Key"] for each in params.get("Delete", {}).get("Objects", ())),
    ]
    named = [f"{bucket}/{key}" for key in keys if key] or [bucket]
    if operation == "CopyObject":
        source = params["CopySource"]
        return [("s3:PutObject", named[0]),
                ("s3:GetObject", f"arn:aws:s3:::{source['Bucket']}/{source['Key']}")]  # fmt: skip
    action = S3.get(operation, operation.replace("Objects", "Object"))
    return [(f"s3:{action}", each) for each in named]


def _of_sqs(operation: str, params: dict[str, Any]) -> list[tuple[str, str]]:
    name = params["QueueUrl"].rsplit("/", 1)[-1]
    return [(f"sqs:{operation.removesuffix('Batch')}", f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}")]


def _of_scheduler(operation: str, params: dict[str, Any]) -> list[tuple[str, str]]:
    place = f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/{params['GroupName']}/{params['Name']}"
    passed = [("iam:PassRole", params["Target"]["RoleArn"])] if "Target" in params else []
    return [(f"scheduler:{operation}", place), *passed]


ASKED: dict[str, Callable[[str, dict[str, Any]], list[tuple[str, str]]]] = {
    "cloudwatch": lambda operation, _: [(f"cloudwatch:{operation}", "*")],
    "dynamodb": _of_dynamodb,
    "lambda": lambda operation, _: [(f"lambda:{operation}", "*")],
    "s3": _of_s3,
    "scheduler": _of_scheduler,
    "secretsmanager": lambda operation, params: [
        (f"secretsmanager:{operation}", params["SecretId"])
    ],
    "sqs": _of_sqs,
}


def granted(template: Template) -> set[Use]:
    """Every action a role allows, on every resource that it can mean."""
    return {
        Use(function, action, resource)
        for function, properties in template.resources("AWS::Serverless::Function").items()
        for policy in template.properties(template.named(properties["Role"]))["Policies"]
        for statement in policy["PolicyDocument"]["Statement"]
        for action in statement["Action"]
        for resource in _listed(statement["Resource"])
        if "/index/" not in resource or action == "dynamodb:Query"
    }


def _listed(resources: str | list[str]) -> list[str]:
    return resources if isinstance(resources, list) else [resources]


def asked_for_elsewhere(grant: Use) -> bool:
    """Whether it is there for a service that acts for the function."""
    return (
        grant.action in BY_THE_SERVICE
        or grant[:2] in (KNOWS_ABSENT, AFTER_THE_LIMIT)
        or any(grant.resource.endswith(queue) for queue in ON_FAILURE)
    )


def covers(grant: Use, use: Use) -> bool:
    return grant[:2] == use[:2] and fnmatchcase(use.resource, grant.resource)


def main(folder: Path) -> int:
    grants = granted(Template(parameters={"PaymentProvider": "stripe"}))
    lines = {line for notes in folder.iterdir() for line in notes.read_text().splitlines()}
    uses = {Use(*line.split(" ", 2)) for line in lines}
    missing = {use for use in uses if not any(covers(grant, use) for grant in grants)}
    unused = {
        grant
        for grant in grants
        if not asked_for_elsewhere(grant) and not any(covers(grant, use) for use in uses)
    }
    for what, which in (("missing", missing), ("unused", unused)):
        for each in sorted(which):
            print(f"{what:8} {each.function:20} {each.action:34} {each.resource}")
    print(f"{len(grants)} grants, {len(uses)} uses: {len(missing)} missing, {len(unused)} unused")
    return int(bool(missing or unused))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
