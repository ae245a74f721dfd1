import json
from pathlib import Path

from cfnlint.api import ManualArgs, lint_file  # type: ignore[import-untyped]

from tests.infrastructure.stack import Stack


def test_the_linter_finds_nothing_in_what_cloudformation_gets(stack: Stack, tmp_path: Path) -> None:
    """It sees more in the expanded template than in SAM's shorthand."""
    document = tmp_path / "template.json"
    document.write_text(json.dumps(stack.document))

    found = lint_file(document, config=ManualArgs(regions=["us-east-1"], include_checks=["I"]))

    assert [f"{each.rule.id} {each.path} {each.message}" for each in found] == []
