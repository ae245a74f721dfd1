"""Announcing a file, and the form to send it with."""

import json
from base64 import b64decode
from datetime import UTC, datetime, timedelta

import pytest

from nexus.ids import new_id
from nexus.table.uploads import UploadItem, create_upload
from nexus.uploads import sending
from tests import cloud, stream
from tests.gateway import Caller
from tests.people import Person
from tests.workshop import READY, promised, send, upload

SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


def test_a_form_takes_exactly_what_was_announced(creator: Person) -> None:
    wanted = {"filename": "chess set.GLB", "size": 12345, "sha256": SHA256}

    answer = creator.post("/api/uploads", json=wanted)

    assert answer.status_code == 201
    form = answer.json()
    key = f"incoming/{creator.id}/{form['id']}/chess set.GLB"
    assert form["fields"]["key"] == key
    policy = json.loads(b64decode(form["fields"]["policy"]))
    for condition in (
        {"bucket": cloud.FILES},
        {"key": key},
        {"Content-Type": "application/octet-stream"},
        {"x-amz-checksum-algorithm": "SHA256"},
        {"x-amz-checksum-sha256": "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg="},
        ["content-length-range", 12345, 12345],
    ):
        assert condition in policy["conditions"]
    ends = datetime.fromisoformat(policy["expiration"])
    assert timedelta(minutes=55) < ends - datetime.now(UTC) <= timedelta(hours=1)
    assert form["fields"]["x-amz-algorithm"] == "AWS4-HMAC-SHA256"
    assert not any(isinstance(c, list) and c[0] == "starts-with" for c in policy["conditions"])


@pytest.mark.parametrize(
    "filename",
    [
        "", "   ", "castle", "castle.", ".", "castle.exe", "castle.glb.exe", "castle.svg",
        "castle.html", "../castle.glb", "a/b.glb", "a\\b.glb", "castle.glb\n", "cas\ntle.glb",
        "cas\u0000tle.glb", "cas\u2028tle.glb", "cas\u007ftle.glb", "a" * 117 + ".glb", "castleglb",
        "a\ufffe.glb", "a\uffff.glb", "\U0001d160" * 115 + ".glb",
        5, None, ["castle.glb"],
    ],
)  # fmt: skip
def test_names_that_are_no_model_files(filename: object, creator: Person) -> None:
    answer = creator.post("/api/uploads", json={"filename": filename, "size": 1})

    if filename == "castle.glb\n":
        assert answer.status_code == 201, "white space around a name is not part of it"
    else:
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["loc"] == ["body", "filename"]
        assert cloud.of_kind(UploadItem) == []


@pytest.mark.parametrize(
    "filename",
    ["a.glb", "A.GLB", "b.gltf", "b.fbx", "b.usdz", "b.3mf", "b.dae", "c.obj", "d.stl", "e.ply",
     "f.zip",
     "château+fort 1%.glb",
     "城.glb", "🏰.glb", "a" * 116 + ".glb", ".glb"],
)  # fmt: skip
def test_names_of_model_files(filename: str, creator: Person) -> None:
    form = creator.post("/api/uploads", json={"filename": filename, "size": 1}).json()

    assert creator.get(f"/api/uploads/{form['id']}").json()["filename"] == filename


@pytest.mark.parametrize(
    "size",
    [0, -1, 2 * 1024**3 + 1, 10**30, 1.5, "1", True, None, [1], 2**63, -(2**63)],
)
def test_sizes_that_are_none(size: object, creator: Person) -> None:
    answer = creator.post("/api/uploads", json={"filename": "a.glb", "size": size})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["loc"] == ["body", "size"]


def test_the_largest_file_is_taken(creator: Person) -> None:
    wanted = {"filename": "a.glb", "size": 2 * 1024**3}

    answer = creator.post("/api/uploads", json=wanted)

    assert answer.status_code == 201
    assert len(answer.json()["parts"]) == 64


@pytest.mark.parametrize(
    "sha256", ["", "abc", SHA256.upper(), SHA256 + "0", SHA256 + "\n", "g" * 64, 1, []]
)
def test_checksums_that_are_none(sha256: object, creator: Person) -> None:
    wanted = {"filename": "a.glb", "size": 1, "sha256": sha256}

    answer = creator.post("/api/uploads", json=wanted)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["loc"] == ["body", "sha256"]


def test_two_hundred_files_a_day(creator: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sending.UPLOADS_A_DAY == 200
    monkeypatch.setattr(sending, "UPLOADS_A_DAY", 3)
    long_ago = datetime.now(UTC) - timedelta(days=1, minutes=1)
    for _ in range(3):
        create_upload(
            UploadItem.of(
                new_id(long_ago),
                creator.id,
                filename="a.glb",
                size=1,
                incoming_key="incoming/a",
                created_at=long_ago,
            )
        )

    answers = [
        creator.post("/api/uploads", json={"filename": "a.glb", "size": 1}) for _ in range(4)
    ]

    assert [answer.status_code for answer in answers] == [201, 201, 201, 429]
    assert answers[3].headers["retry-after"] == "3600"
    assert answers[3].json()["detail"] == "You can send 3 files a day."


def test_the_quota_is_each_ones_own(
    creator: Person, stranger: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "UPLOADS_A_DAY", 1)
    wanted = {"filename": "a.glb", "size": 1}
    assert creator.post("/api/uploads", json=wanted).status_code == 201
    assert creator.post("/api/uploads", json=wanted).status_code == 429

    assert stranger.post("/api/uploads", json=wanted).status_code == 201


def test_an_upload_waits_until_its_file_comes(creator: Person) -> None:
    form = creator.post("/api/uploads", json={"filename": "a.glb", "size": 1}).json()

    assert creator.get(f"/api/uploads/{form['id']}").json() == {
        "id": form["id"],
        "filename": "a.glb",
        "status": "waiting",
        "reason": None,
        "format": None,
        "facts": None,
        "thumbnail_url": None,
        "pictures": {},
        "preview_url": None,
        "findings": [],
        "purpose": "model",
        "part_size": None,
        "parts": None,
    }


def test_a_ready_upload_shows_what_was_found(creator: Person) -> None:
    upload_id = upload(creator)

    seen = creator.get(f"/api/uploads/{upload_id}").json()

    assert seen["status"] == "ready"
    assert seen["format"] == "glb"
    assert READY.facts is not None
    assert seen["facts"]["triangles"] == READY.facts.triangles
    assert seen["facts"]["bounding_box"] == {"minimum": [0, 0, 0], "maximum": [1, 2, 3]}
    base = f"http://127.0.0.1:4566/{cloud.PICTURES}/pictures/"
    assert seen["thumbnail_url"].startswith(base)
    assert seen["thumbnail_url"].removeprefix(base.removesuffix("pictures/")) in cloud.stored(
        cloud.PICTURES
    )
    assert {seen["preview_url"], *seen["pictures"].values()} == {
        f"{base.removesuffix('pictures/')}{name}" for name in cloud.stored(cloud.PICTURES)
    }
    assert seen["pictures"].keys() >= {"256", "512", "1024", "turntable", "animation"}
    assert seen["preview_url"].endswith(".glb")


def test_uploads_of_others_are_not_to_be_found(
    creator: Person, stranger: Person, admin: Person, visitor: Caller
) -> None:
    upload_id = upload(creator)

    unknown = stranger.get("/api/uploads/12345")
    foreign = stranger.get(f"/api/uploads/{upload_id}")

    assert foreign.status_code == unknown.status_code == 404
    assert foreign.json()["detail"] == unknown.json()["detail"] == "Upload not found"
    assert admin.get(f"/api/uploads/{upload_id}").status_code == 404
    assert visitor.get(f"/api/uploads/{upload_id}").status_code == 401


@pytest.mark.usefixtures("living_house")
def test_what_an_erased_creator_sent_and_never_sold_is_gone(creator: Person) -> None:
    kept = send(promised(Person("another")))
    send(promised(creator))

    assert creator.delete("/api/users/me").status_code == 204
    stream.settle()

    assert cloud.stored(cloud.FILES) == [kept]
    assert {item.owner_id for item in cloud.of_kind(UploadItem)} == {int(kept.split("/")[1])}
