"""A dry run: a file is looked at, and nothing of it is kept but what was found, for a day."""

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any

from imaging.report import Report
from nexus.table.uploads import UploadItem
from tests import cloud
from tests.people import Person
from tests.workshop import CONTENT, FACTS, READY, deliver, message, seeing, send

NOTED = dataclasses.replace(
    READY, facts=dataclasses.replace(FACTS, notes=["The texture 'x' is missing."])
)


def inspected(person: Person, report: Report = NOTED) -> Any:
    """The upload of a dry run, as it ended."""
    wanted = {"filename": "castle.glb", "size": len(CONTENT)}
    answer = person.post("/api/inspect", json=wanted)
    assert answer.status_code == 201, answer.text
    with seeing(report):
        assert deliver(message(send(answer.json()))) == []
    return person.get(f"/api/uploads/{answer.json()['id']}").json()


def test_a_dry_run_tells_facts_and_findings(creator: Person) -> None:
    upload = inspected(creator)

    assert (upload["status"], upload["purpose"], upload["format"]) == ("ready", "inspect", "glb")
    assert upload["facts"]["triangles"] == FACTS.triangles
    assert [finding["code"] for finding in upload["findings"]] == ["texture_missing"]


def test_nothing_is_kept_but_what_expires(creator: Person) -> None:
    before = datetime.now(UTC)
    upload = inspected(creator)

    assert cloud.stored(cloud.FILES) == cloud.stored(cloud.PICTURES) == []
    assert (upload["pictures"], upload["preview_url"]) == ({}, None)
    [item] = cloud.of_kind(UploadItem)
    assert item.expires_at is not None
    ends = datetime.fromtimestamp(item.expires_at, UTC)
    assert timedelta(hours=23) < ends - before < timedelta(hours=25)
    assert item.asset_key is None


def test_a_dry_run_refuses_what_an_upload_would_be_refused_for(creator: Person) -> None:
    bad = Report(status="rejected", reason="This is text.", reason_code="not_a_model")
    upload = inspected(creator, bad)

    assert (upload["status"], upload["reason"]) == ("rejected", "This is text.")


def test_no_model_can_be_made_of_a_dry_run(creator: Person) -> None:
    upload = inspected(creator)
    wanted = {"name": "Castle", "price": 5, "category": "Buildings", "upload_ids": [upload["id"]]}

    answer = creator.post("/api/models", json=wanted)

    assert answer.status_code == 409
    assert "only inspected" in answer.json()["detail"]


def test_a_dry_run_is_its_owners_and_counts_as_an_upload(creator: Person, stranger: Person) -> None:
    upload = inspected(creator)

    assert stranger.get(f"/api/uploads/{upload['id']}").status_code == 404
    assert len(cloud.of_kind(UploadItem)) == 1
