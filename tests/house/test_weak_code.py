"""Weak code that bandit and ruff let pass."""

import ast
from collections.abc import Iterator

import pytest

from tests.house.code import FUNCTIONS, HOUSE, IMAGING, NEXUS, Source, sources

EXPRESSIONS = ("Condition", "Filter", "KeyCondition", "Projection", "Update")
RECOUNTING = (NEXUS / "table/counters.py", "scan")
"""The job that recounts all sums reads everything; no request does."""
CHECKS = ("verify_signature", "verify_exp", "verify_nbf", "verify_iat", "verify_aud", "verify_iss")


def calls(source: Source) -> Iterator[tuple[str, ast.Call]]:
    """Every call with the last part of its name."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            yield name or getattr(node.func, "id", ""), node


def weak_call(name: str, call: ast.Call) -> str | None:
    given = {each.arg: each.value for each in call.keywords if each.arg}
    if name in {"extractall", "unpack_archive"} and "filter" not in given:
        return "writes wherever an archive says"
    if name == "decode" and "algorithms" in given and "require" not in ast.dump(call):
        return "takes tokens that lack claims"
    if any(isinstance(given.get(f"{each}Expression"), ast.JoinedStr) for each in EXPRESSIONS):
        return "builds an expression out of values"
    return "reads the whole table" if name == "scan" else None


@pytest.mark.parametrize("source", sources(*HOUSE), ids=str)
def test_nothing_weak_is_called(source: Source) -> None:
    found = [
        f"{source}:{call.lineno} {name} {why}"
        for name, call in calls(source)
        if (why := weak_call(name, call)) and (source.path, name) != RECOUNTING
    ]
    assert found == []


def test_no_check_of_a_token_is_switched_off() -> None:
    for source in sources(NEXUS, FUNCTIONS):
        assert not set(CHECKS) & set(source.strings), source
        if source.uses("jwt"):
            assert "none" not in map(str.lower, source.strings), source


def test_xml_is_parsed_where_entities_are_refused() -> None:
    """What bandit's B405 asks for, and what is skipped there."""
    parsing = {"fromstring", "iterparse", "parse", "XML", "XMLParser"}
    parsers = {
        str(source.path.name)
        for source in sources(IMAGING)
        for name, _ in calls(source)
        if name in parsing and any("ElementTree" in each for each in source.imports)
    }
    assert parsers <= {"markup.py"}
