"""template.yaml as this machine sees it: conditions decided, every reference a concrete value.

Both the local cloud and the tests build from it, so the table under test is the deployed one.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from samtranslator.yaml_helper import yaml_parse  # type: ignore[import-untyped]

from local.postbox.events import public_key
from local.references import NO_VALUE, Resolver

PROJECT = Path(__file__).resolve().parent.parent
REGION = "us-east-1"
ACCOUNT = "123456789012"
STACK = "nexus-local"

_NAME_PROPERTIES = {
    "AWS::DynamoDB::Table": "TableName",
    "AWS::IAM::Role": "RoleName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::Scheduler::ScheduleGroup": "Name",
    "AWS::SecretsManager::Secret": "Name",
    "AWS::Serverless::Function": "FunctionName",
}
_ARNS = {
    "AWS::DynamoDB::Table": "arn:aws:dynamodb:{region}:{account}:table/{name}",
    "AWS::IAM::Role": "arn:aws:iam::{account}:role/{name}",
    "AWS::Logs::LogGroup": "arn:aws:logs:{region}:{account}:log-group:{name}:*",
    "AWS::S3::Bucket": "arn:aws:s3:::{name}",
    "AWS::SQS::Queue": "arn:aws:sqs:{region}:{account}:{name}",
    "AWS::SecretsManager::Secret": "arn:aws:secretsmanager:{region}:{account}:secret:{name}",
    "AWS::Serverless::Function": "arn:aws:lambda:{region}:{account}:function:{name}",
}


class Template:
    """One reading of template.yaml for given parameters and local addresses.

    The parameters are those of the stage `local` unless `parameters` say otherwise.
    """

    def __init__(
        self,
        path: Path = PROJECT / "template.yaml",
        *,
        aws_url: str = "http://127.0.0.1:4566",
        api_url: str = "http://localhost:8000",
        parameters: dict[str, str] | None = None,
    ) -> None:
        self.folder = path.parent
        self.aws_url = aws_url
        self.api_url = api_url
        self._document: dict[str, Any] = yaml_parse(path.read_text())
        self._resources: dict[str, Any] = self._document["Resources"]
        self._parameters = self._defaults() | {
            "Stage": "local",
            "PaymentProvider": "sandbox",
            "ApiUrl": api_url,
            "LocalAwsUrl": aws_url,
            "SendGridUrl": f"{api_url}/_local/mail",
            "SendGridWebhookKey": public_key(),
            **(parameters or {}),
        }
        self._resolver = Resolver(
            self._ref,
            self._attribute,
            self._document.get("Conditions", {}),
            self._document.get("Mappings", {}),
        )

    def resources(self, kind: str) -> dict[str, dict[str, Any]]:
        """Resolved properties of every resource of the kind, by logical id."""
        return {name: self.properties(name) for name in self._present(kind)}

    def properties(self, logical_id: str) -> dict[str, Any]:
        resource = self._resources[logical_id]
        properties = resource.get("Properties", {})
        defaults = self._document.get("Globals", {}).get(resource["Type"].rsplit("::", 1)[-1], {})
        resolved: dict[str, Any] = self._resolver.resolve(_merge(defaults, properties))
        return resolved

    def environment(self, function: str) -> dict[str, str]:
        """The environment a function is given, by its logical id."""
        variables = self.properties(function).get("Environment", {}).get("Variables", {})
        return {name: str(value) for name, value in variables.items()}

    def name(self, logical_id: str) -> str:
        """The physical name of a resource."""
        resource = self._resources[logical_id]
        given = resource.get("Properties", {}).get(_NAME_PROPERTIES.get(resource["Type"], ""))
        if given is not None and (name := self._resolver.resolve(given)) is not NO_VALUE:
            return str(name)
        name = f"{STACK}-{logical_id}"
        return name.lower() if resource["Type"] == "AWS::S3::Bucket" else name

    def arn(self, logical_id: str) -> str:
        kind = self._resources[logical_id]["Type"]
        service = kind.split("::")[1].lower()
        pattern = _ARNS.get(kind, f"arn:aws:{service}:{{region}}:{{account}}:{{name}}")
        return pattern.format(region=REGION, account=ACCOUNT, name=self.name(logical_id))

    def queue_url(self, logical_id: str) -> str:
        return f"{self.aws_url}/{ACCOUNT}/{self.name(logical_id)}"

    def named(self, arn: str) -> str:
        """The logical id of the resource with this ARN; raises KeyError when there is none."""
        for logical_id in self._resources:
            if self.arn(logical_id) == arn:
                return logical_id
        raise KeyError(arn)

    def _present(self, kind: str) -> Iterator[str]:
        for name, resource in self._resources.items():
            condition = resource.get("Condition")
            if resource["Type"] == kind and (not condition or self._resolver.holds(condition)):
                yield name

    def _defaults(self) -> dict[str, Any]:
        parameters = self._document.get("Parameters", {})
        return {name: declared.get("Default", "") for name, declared in parameters.items()}

    def _ref(self, name: str) -> Any:
        pseudo = {
            "AWS::AccountId": ACCOUNT,
            "AWS::NoValue": NO_VALUE,
            "AWS::Partition": "aws",
            "AWS::Region": REGION,
            "AWS::StackName": STACK,
            "AWS::URLSuffix": "amazonaws.com",
        }
        if name in pseudo:
            return pseudo[name]
        if name in self._parameters:
            return self._parameter(name)
        if self._resources[name]["Type"] == "AWS::SQS::Queue":
            return self.queue_url(name)
        return self.name(name)

    def _parameter(self, name: str) -> Any:
        value = self._parameters[name]
        kind = self._document["Parameters"].get(name, {}).get("Type", "String")
        return value.split(",") if kind == "CommaDelimitedList" else value

    def _attribute(self, name: str, attribute: str) -> str:
        match attribute:
            case "Arn" | "FunctionArn":
                return self.arn(name)
            case "StreamArn":
                return f"{self.arn(name)}/stream/local"
            case "QueueUrl":
                return str(self._ref(name))
            case "ApiEndpoint":
                return self.api_url
            case "QueueName" | "Name" | "Id":
                return self.name(name)
        return f"{self.name(name)}.{attribute.lower()}"


def _merge(defaults: Any, own: Any) -> Any:
    """SAM's rule for Globals: maps merge, lists are joined, anything else is replaced."""
    if isinstance(defaults, dict) and isinstance(own, dict):
        return defaults | {
            k: _merge(defaults[k], v) if k in defaults else v for k, v in own.items()
        }
    if isinstance(defaults, list) and isinstance(own, list):
        return defaults + own
    return own


@cache
def project() -> Template:
    """The project's own template with its defaults for the stage `local`."""
    return Template()


def resources(kind: str) -> dict[str, dict[str, Any]]:
    """Resolved properties of every resource of the kind in the project's template."""
    return project().resources(kind)
