"""Files on their way into the catalogue; only the look into them is pretended."""

import dataclasses
import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import quote_plus

from imaging import sandbox
from imaging.report import PICTURES, PREVIEW, Box, Facts, Report
from nexus.ids import new_id
from nexus.search import service as search
from nexus.table.catalogue import ModelItem, change_model, create_model, find_model
from nexus.table.categories import CategoryItem, NameTaken, create_category
from nexus.table.uploads import UploadItem, create_upload
from tests import cloud
from tests.gateway import Context, handler
from tests.people import Person

CONTENT = b"glTF, or so they say"
FACTS = Facts(
    triangles=1200,
    unique_triangles=1200,
    vertices=700,
    meshes=1,
    materials=1,
    textures=[],
    texture_resolution="2K",
    workflow="metallic-roughness",
    skins=0,
    joints=0,
    animations=0,
    is_rigged=False,
    is_animated=False,
    bounding_box=Box((0, 0, 0), (1, 2, 3)),
    extensions=[],
    notes=[],
)
READY = Report(status="ready", format="glb", formats=["glb"], facts=FACTS)


@contextmanager
def seeing(report: Report = READY) -> Iterator[list[str]]:
    """While this lasts the worker finds in every file what `report` says; yields their names."""
    seen: list[str] = []

    def process(
        source: Path, filename: str, out: Path, limits: sandbox.Limits | None = None
    ) -> Report:
        seen.append(filename)
        if report.status == "rejected":
            return report
        pictures = {size: out / name for size, name in PICTURES.items()}
        for size, path in pictures.items():
            path.write_bytes(f"{size} {filename}".encode())
        preview = out / PREVIEW
        preview.write_bytes(f"preview of {filename}".encode())
        return dataclasses.replace(report, pictures=pictures, preview=preview)

    with patch.object(sandbox, "process", process):
        yield seen


def promised(person: Person, filename: str = "castle.glb", content: bytes = CONTENT) -> Any:
    """The form for a file."""
    wanted = {"filename": filename, "size": len(content)}
    answer = person.post("/api/uploads", json=wanted)
    assert answer.status_code == 201, answer.text
    return answer.json()


def send(form: Any, content: bytes = CONTENT) -> str:
    """Put the file where its form says (moto's S3 checks no form), and tell its key."""
    key: str = form["fields"]["key"]
    cloud.client("s3").put_object(Bucket=cloud.FILES, Key=key, Body=content)
    return key


def message(*keys: str, number: int = 1) -> dict[str, Any]:
    """The queue's message about files that have come, as S3 writes it."""
    records = [
        {
            "eventSource": "aws:s3",
            "eventName": "ObjectCreated:Post",
            "s3": {"bucket": {"name": cloud.FILES}, "object": {"key": quote_plus(key, safe="/")}},
        }
        for key in keys
    ]
    return raw_message({"Records": records}, number)


def raw_message(body: dict[str, Any], number: int = 1) -> dict[str, Any]:
    return {
        "messageId": f"message-{number}",
        "receiptHandle": f"receipt-{number}",
        "body": json.dumps(body),
        "attributes": {"ApproximateReceiveCount": "1"},
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:uploads",
        "awsRegion": "us-east-1",
    }


def deliver(*messages: dict[str, Any]) -> list[str]:
    """Give messages to the worker; the ids of those that failed."""
    answer = handler("ThumbnailsFunction")({"Records": list(messages)}, Context())
    return [each["itemIdentifier"] for each in answer["batchItemFailures"]]


def upload(person: Person, filename: str = "castle.glb", report: Report = READY) -> int:
    """The id of a file that went the whole way."""
    form = promised(person, filename)
    with seeing(report):
        assert deliver(message(send(form))) == []
    upload_id: int = form["id"]
    return upload_id


def category(name: str) -> None:
    """Let a category be, if it is not there yet."""
    now = datetime.now(UTC)
    with suppress(NameTaken):
        create_category(
            CategoryItem.of(new_id(now), now, name=name, icon="📦", enabled=True, position=0)
        )


def submitted(creator: Person, **fields: Any) -> Any:
    """A model that waits for review, in a category that is there."""
    category(fields.get("category", "Buildings"))
    upload_ids = fields.pop("upload_ids", None) or [upload(creator)]
    model = {"name": "Castle", "price": 19.99, "category": "Buildings", "upload_ids": upload_ids}
    answer = creator.post("/api/models", json=model | fields)
    assert answer.status_code == 201, answer.text
    return answer.json()


def on_sale(creator: Person, admin: Person, **fields: Any) -> int:
    """The id of a model that anyone can buy."""
    model_id: int = submitted(creator, **fields)["id"]
    answer = admin.post(f"/api/admin/models/{model_id}/approve")
    assert answer.status_code == 200, answer.text
    search.follow_model(None, find_model(model_id), datetime.now(UTC))
    return model_id


def shelf(creator: Person, categories: tuple[str, ...]) -> list[int]:
    """The ids of models on sale, the newest first; written straight into the table."""
    begin = datetime.now(UTC)
    models = [
        stored_model(creator, category, begin + timedelta(milliseconds=n))
        for n, category in enumerate(categories)
    ]
    for model in models:
        put_on_sale(model)
    return [model.id for model in models][::-1]


def put_on_sale(model: ModelItem) -> None:
    """Approve a model, straight in the table."""
    change_model(model, {"status": "approved"}, model.created_at, ModelItem.status == "pending")
    if approved := find_model(model.id):
        search.follow_model(None, approved, model.created_at)


def stored_upload(creator: Person, now: datetime | None = None) -> UploadItem:
    """A file that was found good, written straight into the table."""
    upload = unsaved_upload(creator.id, now or datetime.now(UTC))
    create_upload(upload)
    return upload


def unsaved_upload(creator_id: int, now: datetime) -> UploadItem:
    return UploadItem.of(
        new_id(now),
        creator_id,
        filename="castle.glb",
        size=len(CONTENT),
        incoming_key="gone",
        status="ready",
        format="glb",
        formats=["glb"],
        facts=dataclasses.asdict(FACTS),
        pictures={"512": "pictures/castle.webp"},
        sha256="0" * 64,
        asset_key="assets/0",
        created_at=now,
    )


def stocked(creator: Person, price_cents: int = 1999) -> int:
    """The id of a castle on sale, written straight into the table."""
    model = stored_model(creator, "Castle", price_cents=price_cents)
    put_on_sale(model)
    return model.id


def stored_model(
    creator: Person,
    category: str = "Lamps",
    now: datetime | None = None,
    price_cents: int = 1999,
) -> ModelItem:
    """A model that waits for review, written straight into the table."""
    now = now or datetime.now(UTC)
    upload = stored_upload(creator, now)
    model = unsaved_model(creator.id, upload, category, now, price_cents)
    create_model(model, [upload])
    return model


def unsaved_model(
    creator_id: int, upload: UploadItem, category: str, now: datetime, price_cents: int = 1999
) -> ModelItem:
    file = {"filename": upload.filename, "size": upload.size, "sha256": upload.sha256}
    return ModelItem.of(
        new_id(now),
        creator_id,
        now,
        name=category,
        price_cents=price_cents,
        category=category,
        tags=[],
        files=[{"format": "glb", "key": upload.asset_key, **file}],
        upload_ids=[upload.id],
        pictures=upload.pictures,
        formats=["glb"],
        poly_count=1200,
        is_rigged=False,
        is_animated=False,
        texture_resolution="2K",
    )
