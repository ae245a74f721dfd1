"""template.yaml as CloudFormation gets it: SAM's shorthand expanded, references as they are."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

from samtranslator.parser.parser import Parser  # type: ignore[import-untyped]
from samtranslator.translator.translator import Translator  # type: ignore[import-untyped]
from samtranslator.yaml_helper import yaml_parse  # type: ignore[import-untyped]

type Properties = dict[str, Any]
type Statement = dict[str, Any]

TEMPLATE = Path(__file__).parents[2] / "template.yaml"
SOMEWHERE = "s3://artefacts/code.zip"


class Stack:
    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.resources: dict[str, dict[str, Any]] = document["Resources"]

    def of(self, kind: str) -> dict[str, Properties]:
        """Properties of every resource of a kind, by logical id."""
        return {
            name: resource.get("Properties", {})
            for name, resource in self.resources.items()
            if resource["Type"] == kind
        }

    def only(self, kind: str) -> Properties:
        [properties] = self.of(kind).values()
        return properties

    def statements(self, function: str) -> list[Statement]:
        """What the role of a function allows."""
        role = self.resources[referred(self.of("AWS::Lambda::Function")[function]["Role"])]
        return [
            statement
            for policy in role["Properties"]["Policies"]
            for statement in policy["PolicyDocument"]["Statement"]
        ]

    def granted(self, function: str) -> set[str]:
        """Every action the role of a function allows."""
        return {action for each in self.statements(function) for action in listed(each["Action"])}


def expanded() -> Stack:
    """The stack as deployed to production; the code's address is a stand-in."""
    document = yaml_parse(TEMPLATE.read_text())
    document["Globals"]["Function"]["CodeUri"] = SOMEWHERE
    for resource in document["Resources"].values():
        if resource["Type"] == "AWS::Serverless::LayerVersion":
            resource["Properties"]["ContentUri"] = SOMEWHERE
    with mock.patch.dict(os.environ, AWS_DEFAULT_REGION="us-east-1"):
        return Stack(Translator({}, Parser()).translate(document, {"Stage": "prod"}))


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def referred(value: Any) -> str:
    """The logical id that a Ref, GetAtt or Sub points at; "" for a plain text."""
    match value:
        case {"Ref": name}:
            return str(name)
        case {"Fn::GetAtt": [name, *_]}:
            return str(name)
        case {"Fn::GetAtt": str(path)}:
            return path.split(".")[0]
        case {"Fn::Sub": str(text)}:
            named = re.search(r"\$\{(?!AWS::)(\w+)", text)
            return named[1] if named else ""
    return ""


def texts(value: Any) -> Iterator[str]:
    """Every text inside a value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from texts(key)
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
