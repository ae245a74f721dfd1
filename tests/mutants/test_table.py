"""The table of guards fits the code and the tests; `make mutants` carries it out."""

import ast
from functools import cache

import pytest

from tests.mutants.mutant import PROJECT, Mutant
from tests.mutants.table import MUTANTS


@cache
def functions_in(file: str) -> set[str]:
    tree = ast.parse((PROJECT / file).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("mutant", MUTANTS, ids=str)
def test_the_guard_is_there_once_and_so_is_its_test(mutant: Mutant) -> None:
    source = (PROJECT / mutant.file).read_text(encoding="utf-8")
    file, _, name = mutant.test.partition("::")

    assert mutant.applied(source) != source
    assert name.partition("[")[0] in functions_in(file)


def test_no_guard_is_named_twice() -> None:
    assert len({(each.file, each.text, each.instead) for each in MUTANTS}) == len(MUTANTS) >= 60
