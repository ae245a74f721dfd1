import json
import re
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from cfnlint.api import ManualArgs, lint_file  # type: ignore[import-untyped]

from tests.infrastructure.stack import Stack


def test_the_linter_finds_nothing_in_what_cloudformation_gets(stack: Stack, tmp_path: Path) -> None:
    """It sees more in the expanded template than in SAM's shorthand."""
    document = tmp_path / "template.json"
    document.write_text(json.dumps(stack.document))

    found = lint_file(document, config=ManualArgs(regions=["us-east-1"], include_checks=["I"]))

    assert [f"{each.rule.id} {each.path} {each.message}" for each in found] == []


def test_nothing_waits_for_itself(stack: Stack) -> None:
    """The linter has let a circle pass that CloudFormation refuses."""
    waits_for = {
        name: {needed for needed in needs(resource) if needed in stack.resources}
        for name, resource in stack.resources.items()
    }
    TopologicalSorter(waits_for).prepare()  # raises CycleError


def needs(value: Any) -> Iterator[str]:
    """Every name that a resource refers to, or waits for in so many words."""
    if isinstance(value, list):
        for each in value:
            yield from needs(each)
    elif isinstance(value, dict):
        for key, inner in value.items():
            match key, inner:
                case "Ref" | "DependsOn", str(name):
                    yield name
                case "Fn::GetAtt", [name, *_]:
                    yield str(name)
                case "Fn::GetAtt", str(path):
                    yield path.split(".")[0]
                case "Fn::Sub", str(text):
                    yield from (
                        each.split(".")[0] for each in re.findall(r"\$\{(\w[\w.]*)\}", text)
                    )
                case _:
                    yield from needs(inner)
