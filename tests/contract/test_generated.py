"""Requests that schemathesis makes of our own document, good ones and bad ones, as each caller.

No 5xx, and nothing that the document does not tell of: the tests' gateway holds each answer
against it. `NEXUS_CASES` says how many inputs are made for each operation and kind; each is sent
as four callers. What is made depends on the document and on that number alone.
"""

import os
from contextlib import AbstractContextManager, nullcontext, suppress
from functools import cache
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, assume, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation

from local.openapi import DOCUMENT
from tests import cloud
from tests.contract.generated import CALLERS, LONGEST_URL, World, founded, prepared

type Operation = APIOperation[Any, Any, Any, Any]

INPUTS = int(os.environ.get("NEXUS_CASES", "7"))


def operations() -> list[Operation]:
    document = schemathesis.openapi.from_path(DOCUMENT)
    found = (each.ok() for each in document.get_all_operations() if isinstance(each, Ok))
    return list(found)


@cache
def _founded() -> World:
    return founded()


@pytest.fixture
def world(house: None) -> World:
    found = _founded()
    cloud.put_back(found.rows)
    return found


def takes_input(operation: Operation) -> bool:
    told = operation.definition.raw
    return "requestBody" in told or bool(told.get("parameters"))


def nothing_is_wrong() -> AbstractContextManager[None]:
    """There may be no bad input, as where any text will do."""
    return suppress(Unsatisfiable)


@pytest.mark.parametrize("operation", operations(), ids=lambda each: each.label)
def test_every_case_is_answered_as_the_document_says(operation: Operation, world: World) -> None:
    modes = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
    for mode in modes if takes_input(operation) else modes[:1]:

        @seed(INPUTS)
        @settings(
            max_examples=INPUTS,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(operation.as_strategy(generation_mode=mode), st.booleans())
        def is_answered(case: Case[Any], known: bool) -> None:  # noqa: FBT001
            if known:
                world.make_known(case)
            request = prepared(case)
            assume(len(str(request.url)) < LONGEST_URL)
            for who in CALLERS:
                answer = world.answer(who, request)
                assert answer.status_code < 500, f"{who} {case!r}: {answer.text}"

        with nothing_is_wrong() if mode is GenerationMode.NEGATIVE else nullcontext():
            is_answered()
