"""The life of a file that has come; the look into it is pretended here."""

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from imaging import sandbox
from imaging.report import PICTURES, Report
from nexus.outside import files
from nexus.table.uploads import UploadItem
from nexus.uploads import service
from nexus.uploads.schemas import PICTURE
from tests import cloud
from tests.people import Person
from tests.workshop import CONTENT, deliver, message, promised, raw_message, seeing, send, upload

REJECTED = Report(status="rejected", reason="This is text.", reason_code="not_a_model")


def seen(person: Person, upload_id: int) -> dict[str, Any]:
    answer: dict[str, Any] = person.get(f"/api/uploads/{upload_id}").json()
    return answer


def item(upload_id: int) -> UploadItem:
    [found] = [each for each in cloud.of_kind(UploadItem) if each.id == upload_id]
    return found


def test_a_good_file_is_kept_and_pictured(creator: Person) -> None:
    form = promised(creator)
    with seeing():
        assert deliver(message(send(form))) == []

    assert seen(creator, form["id"])["status"] == "ready"
    sha256 = hashlib.sha256(CONTENT).hexdigest()
    product = f"assets/{form['id']}/{sha256}"
    assert cloud.stored(cloud.FILES) == [product]
    kept = item(form["id"])
    assert (kept.sha256, kept.asset_key) == (sha256, product)
    assert kept.lease is None
    assert kept.leased_until is None
    assert set(kept.pictures) == set(PICTURES)
    assert PICTURE in kept.pictures
    assert sorted([*kept.pictures.values(), kept.preview]) == cloud.stored(cloud.PICTURES)


def test_pictures_are_for_ever_and_products_are_just_bytes(creator: Person) -> None:
    form = promised(creator)
    with seeing():
        deliver(message(send(form)))
    s3 = cloud.client("s3")

    for key in cloud.stored(cloud.PICTURES):
        head = s3.head_object(Bucket=cloud.PICTURES, Key=key)
        assert head["CacheControl"] == "public, max-age=31536000, immutable"
        assert head["ContentType"] == files.PUBLIC_TYPES[Path(key).suffix]
    [asset] = cloud.stored(cloud.FILES)
    head = s3.head_object(Bucket=cloud.FILES, Key=asset)
    assert head["ContentType"] == "application/octet-stream"


def test_a_bad_file_is_rejected_with_a_reason(creator: Person) -> None:
    form = promised(creator)
    with seeing(REJECTED):
        assert deliver(message(send(form))) == []

    upload = seen(creator, form["id"])
    assert (upload["status"], upload["reason"]) == ("rejected", "This is text.")
    assert cloud.stored(cloud.FILES) == cloud.stored(cloud.PICTURES) == []


def test_a_file_that_is_announced_twice_is_looked_at_once(creator: Person) -> None:
    form = promised(creator)
    announced = message(send(form))
    with seeing() as looks:
        assert deliver(announced) == []
        assert deliver(announced) == []
        assert deliver(announced, message(form["fields"]["key"], number=2)) == []

    assert looks == ["castle.glb"]
    assert item(form["id"]).attempts == 1


def test_a_second_file_under_the_same_key_changes_nothing(creator: Person) -> None:
    form = promised(creator)
    with seeing():
        deliver(message(send(form)))
        before = cloud.rows()
        deliver(message(send(form, b"glTF, but another  ")))

    assert cloud.rows() == before
    assert cloud.stored(cloud.FILES) == [item(form["id"]).asset_key]


def test_s3s_test_event_is_no_file(creator: Person) -> None:
    with seeing() as looks:
        assert deliver(raw_message({"Service": "Amazon S3", "Event": "s3:TestEvent"})) == []

    assert looks == []


@pytest.mark.parametrize("filename", ["a b+c.glb", "château fort.glb", "100%25 +.glb", "城 🏰.glb"])
def test_names_come_through_s3s_url_encoding(filename: str, creator: Person) -> None:
    form = promised(creator, filename)
    with seeing() as looks:
        assert deliver(message(send(form))) == []

    assert looks == [filename]
    assert seen(creator, form["id"])["status"] == "ready"


def test_one_poisonous_file_delays_no_other(
    creator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    forms = [promised(creator, name) for name in ("a.glb", "poison.glb", "b.glb")]
    with seeing():
        good = sandbox.process

        def process(
            source: Path, filename: str, out: Path, limits: sandbox.Limits | None = None
        ) -> Report:
            if filename == "poison.glb":
                raise MemoryError
            return good(source, filename, out, limits)

        messages = [message(send(form), number=n) for n, form in enumerate(forms)]
        with monkeypatch.context() as poisoned:
            poisoned.setattr(sandbox, "process", process)
            assert deliver(*messages) == ["message-1"]

    statuses = [seen(creator, form["id"])["status"] for form in forms]
    assert statuses == ["ready", "processing", "ready"]
    with seeing():
        assert deliver(messages[1]) == [], "the next delivery finds it free at once"
    assert seen(creator, forms[1]["id"])["status"] == "ready"


def test_a_file_that_breaks_its_worker_again_and_again_is_given_up(
    creator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def process(*_: object) -> Report:
        raise MemoryError

    monkeypatch.setattr(sandbox, "process", process)
    form = promised(creator)
    announced = message(send(form))
    for _ in range(service.MOST_ATTEMPTS):
        assert deliver(announced) == ["message-1"]

    assert deliver(announced) == []

    upload = seen(creator, form["id"])
    assert (upload["status"], upload["reason"]) == ("rejected", service.GAVE_UP)
    assert cloud.stored(cloud.FILES) == []


def test_while_one_worker_has_a_file_the_other_comes_back_later(creator: Person) -> None:
    form = promised(creator)
    key = send(form)
    now = datetime.now(UTC)
    assert service.take(key, now=now) is not None

    with seeing() as looks:
        assert deliver(message(key)) == ["message-1"]
        assert looks == []

    later = now + timedelta(seconds=service.LEASE_SECONDS + 1)
    assert service.take(key, now=later) is not None, "the first worker must be dead by now"


def test_a_worker_that_lost_its_lease_neither_judges_nor_cleans_up(creator: Person) -> None:
    form = promised(creator)
    key = send(form)
    now = datetime.now(UTC)
    slow = service.take(key, now=now)
    quick = service.take(key, now=now + timedelta(seconds=service.LEASE_SECONDS + 1))
    assert slow is not None
    assert quick is not None

    with pytest.raises(service.Busy):
        service.reject(slow, "too late to say so")

    assert cloud.stored(cloud.FILES) == [key], "the other one still needs the file"
    assert seen(creator, form["id"])["status"] == "processing"
    service.reject(quick, "judged")
    assert seen(creator, form["id"])["reason"] == "judged"


def test_a_file_of_another_size_is_rejected(creator: Person) -> None:
    for content, words in ((CONTENT + b"!", "larger than the 20"), (CONTENT[:-1], "has 19 bytes")):
        form = promised(creator)
        with seeing() as looks:
            assert deliver(message(send(form, content))) == []
        upload = seen(creator, form["id"])
        assert upload["status"] == "rejected"
        assert words in upload["reason"]
        assert looks == []


def test_a_file_with_another_checksum_is_rejected(creator: Person) -> None:
    wanted = {"filename": "a.glb", "size": len(CONTENT), "sha256": "0" * 64}
    form = creator.post("/api/uploads", json=wanted).json()
    with seeing() as looks:
        assert deliver(message(send(form))) == []

    upload = seen(creator, form["id"])
    assert upload["status"] == "rejected"
    assert "SHA-256" in upload["reason"]
    assert looks == []


def test_files_that_nobody_announced_are_thrown_away(creator: Person, stranger: Person) -> None:
    form = promised(creator)
    foreign = f"incoming/{stranger.id}/{form['id']}/castle.glb"
    keys = [
        foreign,
        "incoming/1/2/a.glb",
        "incoming/x/y/z",
        "incoming/1/٣/a.glb",
        f"incoming/1/{'9' * 900}/a.glb",
        "incoming/",
        "incoming//",
    ]
    for key in keys:
        cloud.client("s3").put_object(Bucket=cloud.FILES, Key=key, Body=b"x")

    with seeing() as looks:
        assert deliver(*(message(key, number=n) for n, key in enumerate(keys))) == []

    assert looks == []
    assert cloud.stored(cloud.FILES) == []
    assert seen(creator, form["id"])["status"] == "waiting"


def test_products_are_never_thrown_away_as_uploads(creator: Person) -> None:
    form = promised(creator)
    with seeing():
        deliver(message(send(form)))
    [product] = cloud.stored(cloud.FILES)

    deliver(message(product))

    assert cloud.stored(cloud.FILES) == [product]


def test_a_file_that_is_gone_is_tried_again_and_then_given_up(creator: Person) -> None:
    form = promised(creator)
    announced = message(form["fields"]["key"])
    with seeing():
        for _ in range(service.MOST_ATTEMPTS):
            assert deliver(announced) == ["message-1"]
        assert deliver(announced) == []

    assert seen(creator, form["id"])["status"] == "rejected"


def test_two_uploads_of_the_same_content_share_no_file(creator: Person, stranger: Person) -> None:
    """So that the files of one can go without a look at the other."""
    mine, theirs = (item(upload(person)) for person in (creator, stranger))

    assert mine.sha256 == theirs.sha256
    assert sorted([mine.asset_key, theirs.asset_key]) == cloud.stored(cloud.FILES)
    assert not {*mine.pictures.values(), mine.preview} & {*theirs.pictures.values(), theirs.preview}
