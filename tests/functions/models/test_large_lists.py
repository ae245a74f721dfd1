"""The largest models that can be made: an item holds one, an answer of Lambda a page of them."""

import dataclasses
from typing import Any

import pytest

from nexus.catalogue.findings import MOST
from nexus.table.catalogue import ModelItem
from nexus.uploads.findings import LONGEST
from tests import cloud
from tests.gateway import Caller
from tests.limits import LAMBDA_ANSWERS_BYTES, QUOTE, bytes_of
from tests.people import Person
from tests.workshop import FACTS, READY, put_on_sale, stored_model, submitted, upload


def missing(sign: str, number: int) -> Any:
    """What is found in a file that lacks more textures than are told of."""
    names = (f"{number}-{texture}-{sign * 190}.png" for texture in range(60))
    notes = [f"The texture {name!r} is missing, so it is not shown." for name in names]
    return dataclasses.replace(READY, facts=dataclasses.replace(FACTS, notes=notes))


def largest(creator: Person, sign: str) -> Any:
    """As much of everything as is taken, in files that miss as much as can be told."""
    return submitted(
        creator,
        name=sign * 120,
        description=sign * 10_000,
        category="Buildings",
        subcategory=sign * 50,
        tags=[sign * 48 + f"{number:02}" for number in range(20)],
        upload_ids=[
            upload(creator, f"{sign * 115}{number}.glb", missing(sign, number))
            for number in range(10)
        ],
        claims={"is_rigged": True},
    )


@pytest.fixture
def hundred(creator: Person) -> list[ModelItem]:
    """As large as can be, and waiting for review."""
    largest(creator, QUOTE)
    [first] = cloud.of_kind(ModelItem)
    texts = ("name", "description", "subcategory", "tags", "files", "findings", "claims")
    same = {name: getattr(first, name) for name in texts}
    others = [stored_model(creator) for _ in range(99)]
    for other in others:
        other.update([getattr(ModelItem, name).set(value) for name, value in same.items()])
    return [first, *others]


def walked(person: Caller, path: str) -> list[int]:
    """The ids of all pages, each of which Lambda can give."""
    seen, following = list[int](), path
    while following:
        answer = person.get(following)
        assert bytes_of(answer) < LAMBDA_ANSWERS_BYTES
        assert answer.json(), "each page leads on"
        seen += [each["id"] for each in answer.json()]
        following = answer.links.get("next", {}).get("url", "")
    return seen


@pytest.mark.parametrize("sign", ["\U0001f984", "\ufdd0"])
def test_a_model_is_told_so_much_of_its_files_and_no_more(sign: str, creator: Person) -> None:
    """The first takes the most bytes in an item, the second the most letters where it is told."""
    model = largest(creator, sign)

    claimed, *missing = model["findings"]
    assert claimed["code"] == "is_rigged_differs", "the graver ones come first"
    assert len(missing) == MOST - 1
    assert all(len(each["found"]) <= LONGEST for each in missing)


def test_pages_of_the_largest_models_end_before_an_answer_is_full(
    hundred: list[ModelItem], creator: Person, admin: Person
) -> None:
    ids = [model.id for model in hundred]

    assert walked(admin, "/api/admin/models/pending?limit=100") == ids
    assert walked(creator, "/api/users/me/models?limit=100") == ids[::-1]
    last = admin.get("/api/admin/models/pending?skip=90&limit=10")
    assert [each["id"] for each in last.json()] == ids[90:], "what is skipped takes no room"


def test_a_hundred_of_the_largest_models_on_sale_fit_an_answer(
    hundred: list[ModelItem], visitor: Caller
) -> None:
    for model in hundred:
        put_on_sale(model)

    answer = visitor.get("/api/models?limit=100")

    assert len(answer.json()) == len(hundred)
    assert bytes_of(answer) < LAMBDA_ANSWERS_BYTES
    path, ids = f"/api/users/{hundred[0].creator_id}/models", [model.id for model in hundred]
    assert walked(visitor, f"{path}?limit=100") == ids[::-1]
    last = visitor.get(f"{path}?skip=90&limit=10")
    assert [each["id"] for each in last.json()] == ids[9::-1], "what is skipped takes no room"
