"""A file of more than a hundred megabytes comes in parts, is inspected, and is what was sent."""

import hashlib
import struct
from typing import Any

import httpx
import pytest

from tests.journeys.files import ring
from tests.journeys.journey import Cast
from tests.journeys.people import NO_TLS, send

SIZE = 101 * 1024 * 1024


@pytest.fixture(scope="module")
def large() -> bytes:
    """A ring, and a long chunk of a kind that readers must pass over."""
    content = ring()
    filling = SIZE - len(content) - 8
    filling -= filling % 4
    data = content + struct.pack("<I4s", filling, b"FILL") + bytes(filling)
    return data[:8] + struct.pack("<I", len(data)) + data[12:]


def put(part: dict[str, Any], content: bytes) -> httpx.Response:
    return httpx.put(
        part["url"], content=content, headers=part["headers"], timeout=120, trust_env=False,
        verify=NO_TLS,
    )  # fmt: skip


def pieces(told: dict[str, Any], content: bytes) -> list[bytes]:
    size = told["part_size"]
    return [content[at : at + size] for at in range(0, len(content), size)]


def checksums(content: bytes, size: int = 32 * 1024 * 1024) -> list[str]:
    return [
        hashlib.sha256(content[at : at + size]).hexdigest() for at in range(0, len(content), size)
    ]


def test_a_large_file_comes_in_parts(cast: Cast, large: bytes) -> None:
    creator, sha256 = cast.creator, hashlib.sha256(large).hexdigest()
    told = creator.promise("ring.glb", len(large), sha256=sha256, part_sha256=checksums(large))
    path = f"/api/uploads/{told['id']}"
    first, *others = pieces(told, large)
    assert put(told["parts"][0], first).is_success

    problem = creator.told("POST", f"{path}/complete", 409)
    assert problem["detail"].endswith("2, 3, 4")
    cast.other.told("POST", f"{path}/complete", 404)

    resumed = creator.told("GET", path)
    assert [part["url"] is None for part in resumed["parts"]] == [True, False, False, False]
    for part, content in zip(resumed["parts"][1:], others, strict=True):
        assert put(part, content).is_success
    creator.told("POST", f"{path}/complete")
    creator.told("POST", f"{path}/complete")

    upload = creator.verdict(told["id"])
    assert upload["status"] == "ready", upload["reason"]
    assert upload["facts"]["triangles"] > 0
    creator.told("POST", f"{path}/complete")


def test_a_part_that_was_damaged_does_not_become_a_model(cast: Cast, large: bytes) -> None:
    creator = cast.creator
    sha256 = hashlib.sha256(large).hexdigest()
    told = creator.promise("ring.glb", len(large), sha256=sha256, part_sha256=checksums(large))
    damaged = [bytes([each[0] ^ 1]) + each[1:] for each in pieces(told, large)]
    sent = [put(part, each) for part, each in zip(told["parts"], damaged, strict=True)]
    if all(answer.is_success for answer in sent):  # AWS refuses them; not every local one does
        creator.told("POST", f"/api/uploads/{told['id']}/complete")
        assert creator.verdict(told["id"])["status"] == "rejected"
    else:
        creator.told("POST", f"/api/uploads/{told['id']}/complete", 409)


def test_a_dry_run_makes_no_model(cast: Cast) -> None:
    creator = cast.creator
    content = ring()
    wanted = {"filename": "ring.glb", "size": len(content)}
    form = creator.told("POST", "/api/inspect", 201, json=wanted)
    assert send(form, content).status_code in {200, 204}
    upload = creator.verdict(form["id"])
    assert (upload["status"], upload["purpose"], upload["pictures"]) == ("ready", "inspect", {})
    model = {"name": "Ring", "price": 1, "category": "Props", "upload_ids": [form["id"]]}
    creator.told("POST", "/api/models", 409, json=model)
