"""Large files come in parts, which can be sent again until all of them are there."""

import hashlib
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from nexus.outside import parts
from nexus.outside.parts import Received
from nexus.table.uploads import UploadItem
from nexus.uploads import schemas, sending
from tests import cloud
from tests.people import Person
from tests.workshop import deliver, message, seeing

PART = 5 * 1024 * 1024
"""The least that S3 takes for a part that is not the last."""
CONTENT = bytes(PART) + b"1" * PART + b"and the rest"


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (schemas, sending):
        monkeypatch.setattr(module, "PART_BYTES", PART)
        monkeypatch.setattr(module, "PARTED_FROM_BYTES", 2 * PART)


def pieces(content: bytes = CONTENT) -> list[bytes]:
    return [content[at : at + PART] for at in range(0, len(content), PART)]


def promised(person: Person, **more: Any) -> Any:
    wanted = {"filename": "city.glb", "size": len(CONTENT), **more}
    answer = person.post("/api/uploads", json=wanted)
    assert answer.status_code == 201, answer.text
    return answer.json()


def put(part: Any, content: bytes) -> None:
    """Send a part where its address says; moto's S3 looks at no signature."""
    address = urlsplit(part["url"])
    query = parse_qs(address.query)
    checksum = part["headers"].get("x-amz-checksum-sha256")
    cloud.client("s3").upload_part(
        Bucket=cloud.FILES,
        Key=address.path.removeprefix(f"/{cloud.FILES}/").lstrip("/"),
        UploadId=query["uploadId"][0],
        PartNumber=int(query["partNumber"][0]),
        Body=content,
        **({"ChecksumSHA256": checksum} if checksum else {}),
    )


def complete(person: Person, upload_id: int) -> Any:
    return person.post(f"/api/uploads/{upload_id}/complete")


def item(upload_id: int) -> UploadItem:
    [found] = [each for each in cloud.of_kind(UploadItem) if each.id == upload_id]
    return found


def test_a_file_that_came_in_parts_is_kept(creator: Person) -> None:
    told = promised(creator, sha256=hashlib.sha256(CONTENT).hexdigest())
    assert (told["part_size"], [part["number"] for part in told["parts"]]) == (PART, [1, 2, 3])
    for part, content in zip(told["parts"], pieces(), strict=True):
        put(part, content)

    answer = complete(creator, told["id"])

    assert answer.status_code == 200, answer.text
    assert (answer.json()["status"], answer.json()["parts"]) == ("waiting", None)
    with seeing():
        assert deliver(message(item(told["id"]).incoming_key)) == []
    assert creator.get(f"/api/uploads/{told['id']}").json()["status"] == "ready"
    [asset] = cloud.stored(cloud.FILES)
    assert asset == f"assets/{told['id']}/{hashlib.sha256(CONTENT).hexdigest()}"


def test_sending_goes_on_where_it_stopped(creator: Person) -> None:
    told = promised(creator)
    put(told["parts"][1], pieces()[1])

    upload = creator.get(f"/api/uploads/{told['id']}").json()

    assert [bool(part["url"]) for part in upload["parts"]] == [True, False, True]
    assert upload["part_size"] == PART
    put(upload["parts"][0], pieces()[0])
    put(upload["parts"][2], pieces()[2])
    assert complete(creator, told["id"]).status_code == 200


@pytest.mark.parametrize(
    ("sent", "missing"), [({}, "1, 2, 3"), ({1: PART, 3: 12}, "2"), ({1: PART, 2: PART, 3: 5}, "3")]
)
def test_what_is_not_whole_is_not_joined(
    sent: dict[int, int], missing: str, creator: Person
) -> None:
    told = promised(creator)
    for number, size in sent.items():
        put(told["parts"][number - 1], bytes(size))

    answer = complete(creator, told["id"])

    assert answer.status_code == 409
    assert answer.json()["detail"].endswith(f": {missing}")
    assert cloud.stored(cloud.FILES) == []
    for part, content in zip(told["parts"], pieces(), strict=True):
        put(part, content)
    assert complete(creator, told["id"]).status_code == 200


def test_a_part_that_comes_again_while_all_are_joined_is_waited_for(
    creator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = promised(creator)
    for part, content in zip(told["parts"], pieces(), strict=True):
        put(part, content)
    listed = parts.received

    def then_again(key: str, multipart_id: str) -> list[Received]:
        found = listed(key, multipart_id)
        put(told["parts"][0], b"2" * PART)
        return found

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(parts, "received", then_again)
        answer = complete(creator, told["id"])

    assert (answer.status_code, answer.json()["detail"]) == (409, sending.STILL_COMING)
    assert cloud.stored(cloud.FILES) == []
    assert complete(creator, told["id"]).status_code == 200


def test_joining_twice_is_no_error(creator: Person) -> None:
    told = promised(creator)
    for part, content in zip(told["parts"], pieces(), strict=True):
        put(part, content)

    for _ in range(2):
        assert complete(creator, told["id"]).status_code == 200
    with seeing() as looks:
        deliver(message(item(told["id"]).incoming_key))
    again = complete(creator, told["id"])

    assert (again.status_code, again.json()["status"]) == (200, "ready")
    assert looks == ["city.glb"]


def test_parts_of_others_are_not_to_be_found(creator: Person, stranger: Person) -> None:
    told = promised(creator)
    for part, content in zip(told["parts"], pieces(), strict=True):
        put(part, content)

    assert complete(stranger, told["id"]).status_code == 404
    assert cloud.stored(cloud.FILES) == []


def test_a_file_that_comes_whole_has_no_parts_to_join(creator: Person) -> None:
    form = creator.post("/api/uploads", json={"filename": "a.glb", "size": 2 * PART}).json()

    answer = complete(creator, form["id"])

    assert (answer.status_code, answer.json()["detail"]) == (409, sending.NOT_PARTED)


def test_parts_with_checksums_are_refused_when_they_are_damaged(creator: Person) -> None:
    checksums = [hashlib.sha256(piece).hexdigest() for piece in pieces()]
    told = promised(creator, part_sha256=checksums)
    expected = b64encode(hashlib.sha256(pieces()[0]).digest()).decode()
    assert told["parts"][0]["headers"] == {"x-amz-checksum-sha256": expected}
    signed = parse_qs(urlsplit(told["parts"][0]["url"]).query)["X-Amz-SignedHeaders"]
    assert signed == ["host;x-amz-checksum-sha256"], "S3 takes no other content"

    for part, content in zip(told["parts"], pieces(), strict=True):
        put(part, content)
    assert complete(creator, told["id"]).status_code == 200


@pytest.mark.parametrize(
    ("size", "checksums"),
    [(len(CONTENT), 2), (len(CONTENT), 4), (len(CONTENT), 0), (12, 1), (2 * PART, 2)],
)
def test_there_is_a_checksum_for_each_part_or_none(
    size: int, checksums: int, creator: Person
) -> None:
    wanted = {"filename": "a.glb", "size": size, "part_sha256": ["0" * 64] * checksums}

    assert creator.post("/api/uploads", json=wanted).status_code == 422
    assert cloud.of_kind(UploadItem) == []


def test_another_checksum_of_the_whole_rejects_the_file(creator: Person) -> None:
    told = promised(creator, sha256="0" * 64)
    for part, content in zip(told["parts"], pieces(), strict=True):
        put(part, content)
    complete(creator, told["id"])
    with seeing() as looks:
        assert deliver(message(item(told["id"]).incoming_key)) == []

    upload = creator.get(f"/api/uploads/{told['id']}").json()
    assert (upload["status"], looks) == ("rejected", [])
    assert "SHA-256" in upload["reason"]


def test_what_was_given_up_must_be_announced_anew(creator: Person) -> None:
    told = promised(creator)
    given_up = item(told["id"])
    cloud.client("s3").abort_multipart_upload(
        Bucket=cloud.FILES, Key=given_up.incoming_key, UploadId=given_up.multipart_id
    )
    given_up.update([UploadItem.created_at.set(datetime.now(UTC) - timedelta(days=1, minutes=1))])

    answer = complete(creator, told["id"])

    assert (answer.status_code, answer.json()["detail"]) == (409, sending.TOO_LATE)


def test_a_request_that_comes_again_begins_no_second_upload(creator: Person) -> None:
    wanted = {"filename": "city.glb", "size": len(CONTENT)}
    first, second = (
        creator.post("/api/uploads", json=wanted, headers={"Idempotency-Key": "one"}).json()
        for _ in range(2)
    )

    assert first["id"] == second["id"]
    begun = cloud.client("s3").list_multipart_uploads(Bucket=cloud.FILES)["Uploads"]
    ours = [each["UploadId"] for each in begun if str(first["id"]) in each["Key"]]
    assert ours == [item(first["id"]).multipart_id]
