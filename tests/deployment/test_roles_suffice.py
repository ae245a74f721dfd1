"""The journey once more, with every function deployed and running under its own role.

What a role lacks, no other test notices: they all run as the owner of the account.
"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import httpx
import pytest

from local.template import PROJECT
from tests.deployment.deployed import Deployed

pytestmark = pytest.mark.built
PASSWORD = "correct horse battery staple"
A_TRIANGLE = b"""solid triangle
facet normal 0 0 1
outer loop
vertex 0 0 0
vertex 1 0 0
vertex 0 1 0
endloop
endfacet
endsolid triangle
"""


def signed_in(deployed: Deployed, name: str) -> httpx.Client:
    who = {"email": f"{name}@example.com", "username": name, "password": PASSWORD}
    answer = deployed.caller().post("/api/auth/register", json=who)
    assert answer.status_code == 201, answer.text
    renewed = deployed.caller().post(
        "/api/auth/refresh", json={"refresh_token": answer.json()["refresh_token"]}
    )
    assert renewed.is_success, renewed.text
    return deployed.caller(renewed.json()["access_token"])


def sample(name: str) -> Any:
    return json.loads(Path(PROJECT, "events", name).read_text())


def announcement(deployed: Deployed, key: str) -> dict[str, Any]:
    """The message that tells of a file under this key."""
    event: dict[str, Any] = sample("thumbnails/upload.json")
    told = json.loads(event["Records"][0]["body"])
    told["Records"][0]["s3"]["bucket"]["name"] = deployed.names["FilesBucket"]
    told["Records"][0]["s3"]["object"]["key"] = quote_plus(key, safe="/")
    event["Records"][0]["body"] = json.dumps(told)
    return event


def test_every_role_allows_what_its_function_does(deployed: Deployed) -> None:
    creator, buyer, admin = (signed_in(deployed, name) for name in ("ada", "bob", "carol"))
    deployed.invoke("JobsFunction", {"job": "make-admin", "email": "carol@example.com"})

    wanted = {"filename": "triangle.stl", "size": len(A_TRIANGLE)}
    upload = creator.post("/api/uploads", json=wanted).json()
    sent = httpx.post(upload["url"], data=upload["fields"], files={"file": A_TRIANGLE})
    assert sent.is_success, sent.text
    drawn = deployed.invoke("ThumbnailsFunction", announcement(deployed, upload["fields"]["key"]))
    assert drawn == {"batchItemFailures": []}
    inspected = creator.get(f"/api/uploads/{upload['id']}").json()
    assert inspected["status"] == "ready", inspected

    assert admin.post("/api/admin/categories", json={"name": "Shapes"}).status_code == 201
    model = {"name": "Triangle", "description": "One.", "price": 19.99, "category": "Shapes"}
    made = creator.post("/api/models", json=model | {"upload_ids": [upload["id"]]}).json()
    path = f"/api/models/{made['id']}"
    assert [each["id"] for each in admin.get("/api/admin/models/pending").json()] == [made["id"]]
    assert admin.post(f"/api/admin/models/{made['id']}/approve").status_code == 200
    assert deployed.caller().get("/api/models?search=riang").json()[0]["id"] == made["id"]
    assert buyer.post(f"{path}/purchase").status_code == 200
    [file] = buyer.get(f"{path}/download").json()["files"]
    assert httpx.get(file["url"]).content == A_TRIANGLE

    assert len(buyer.get("/api/users/me/purchases").json()) == 1
    assert len(creator.get("/api/users/me/sales").json()) == 1
    counted = deployed.invoke("ProjectorFunction", {"Records": deployed.changes()})
    assert counted == {"batchItemFailures": []}
    stats = admin.get("/api/admin/stats").json()
    assert (stats["totalRevenue"], stats["platformFees"]) == (19.99, 1.5)


def test_large_files_come_in_parts(deployed: Deployed) -> None:
    creator = signed_in(deployed, "dora")
    wanted = {"filename": "city.glb", "size": 150 * 1024 * 1024}

    promised = creator.post("/api/uploads", json=wanted).json()

    shown = creator.get(f"/api/uploads/{promised['id']}").json()
    assert [part["number"] for part in shown["parts"]] == [1, 2, 3, 4, 5]
    assert creator.post(f"/api/uploads/{promised['id']}/complete").status_code == 409


def test_admins_set_the_clock(deployed: Deployed) -> None:
    admin = signed_in(deployed, "edith")
    deployed.invoke("JobsFunction", {"job": "make-admin", "email": "edith@example.com"})
    news = {"name": "May", "subject": "News", "content": "<p>Hello</p>", "segment": "all"}
    campaign = admin.post("/api/admin/campaigns", json=news).json()
    path = f"/api/admin/campaigns/{campaign['id']}"
    at = f"{datetime.now(UTC) + timedelta(days=30):%Y-%m-%dT%H:%M:%SZ}"

    assert admin.post(f"{path}/schedule", json={"scheduled_at": at}).status_code == 200
    assert admin.post(f"{path}/cancel").status_code == 200


def test_what_the_clock_starts_may_do_its_work(deployed: Deployed) -> None:
    for job in ("compute-trending", "take-snapshot", "close-expired-bounties",
                "end-expired-payments", "reconcile-payments"):  # fmt: skip
        assert deployed.invoke("JobsFunction", {"job": job})["job"] == job


def test_the_front_door_stands_open(deployed: Deployed) -> None:
    assert deployed.invoke("ContentFunction", sample("content/welcome.json"))["statusCode"] == 200
