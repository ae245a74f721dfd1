"""What people send by mistake or by malice, through the real path; and life goes on."""

import base64
import json
from typing import Any

import httpx
import pytest

from local.stack import Stack
from tests.journeys.files import ring
from tests.journeys.journey import CATEGORY, open_category
from tests.journeys.people import People, Person, send

STOREFRONT = "http://localhost:3000"
REFUSED_BY_S3 = {400, 403}


@pytest.fixture
def creator(people: People) -> Person:
    return people.user("creator")


@pytest.fixture
def other(people: People) -> Person:
    return people.user("other")


def test_files_that_are_no_models_are_rejected_and_the_worker_lives_on(
    stack: Stack, people: People, creator: Person
) -> None:
    open_category(people.admin())
    text = creator.upload("poem.glb", b"Roses are red,\nviolets are blue.\n" * 20)
    truncated = creator.upload("half.glb", ring()[: len(ring()) // 2])

    for upload in (text, truncated):
        assert upload["status"] == "rejected"
        assert len(upload["reason"]) > 20
        assert upload["thumbnail_url"] is None
    wanted = model_of(text["id"])
    refused = creator.told("POST", "/api/models", 409, json=wanted)
    assert text["reason"] in refused["detail"]
    assert creator.upload("ring.glb", ring())["status"] == "ready"
    stack.drain()
    assert dead_letters(stack) == 0


def test_a_form_is_good_for_what_it_promises_only(creator: Person) -> None:
    """Its policy, that is; the local AWS does not check how the policy is signed."""
    content = ring()
    form = creator.promise("ring.glb", len(content))
    key = form["fields"]["key"]

    assert send(form, content, **{"Content-Type": "text/html"}).status_code == 403
    assert send(form, content, key=f"{key}.exe").status_code == 403
    assert send(form, content, key="assets/something").status_code == 403
    assert send(form, content + b"!").status_code in REFUSED_BY_S3
    assert send(form, content[:-1]).status_code in REFUSED_BY_S3
    assert creator.told("GET", f"/api/uploads/{form['id']}")["status"] == "waiting"
    assert send(form, content).status_code in {200, 204}
    assert creator.verdict(form["id"])["status"] == "ready"


def test_a_file_damaged_on_its_way_does_not_arrive(creator: Person) -> None:
    content = ring()
    form = creator.promise("ring.glb", len(content), sha256="0" * 64)
    if send(form, content).is_success:  # AWS refuses it at once; the local one lets us look
        assert creator.verdict(form["id"])["status"] == "rejected"


@pytest.mark.parametrize(
    "wanted",
    [
        {"filename": "ring.glb", "size": 10 * 1024**3},
        {"filename": "ring.glb", "size": 0},
        {"filename": "ring.glb", "size": "12"},
        {"filename": "ring.exe", "size": 12},
        {"filename": "../ring.glb", "size": 12},
        {"filename": "ring.glb", "size": 12, "owner_id": 1},
    ],
    ids=["too large", "empty", "size as text", "unknown kind", "path", "more than asked"],
)
def test_an_upload_that_cannot_be_is_not_promised(creator: Person, wanted: dict[str, Any]) -> None:
    problem = creator.told("POST", "/api/uploads", 422, json=wanted)
    assert problem["errors"]


def test_uploads_of_others_do_not_exist(creator: Person, other: Person) -> None:
    upload = creator.promise("ring.glb", len(ring()))
    other.told("GET", f"/api/uploads/{upload['id']}", 404)
    for upload_id in (upload["id"], 1):
        problem = other.told("POST", "/api/models", 422, json=model_of(upload_id))
        assert "not found" in problem["detail"]


@pytest.mark.parametrize(
    "change",
    [
        '"price": -1',
        '"price": 1e309',
        '"price": "free"',
        '"price": 0.001',
        '"name": ""',
        '"name": "   "',
        '"upload_ids": []',
        '"status": "approved"',
    ],
)
def test_models_that_make_no_sense_are_refused(creator: Person, change: str) -> None:
    text = json.dumps(model_of(1))[:-1] + f", {change}}}"
    headers = {"Content-Type": "application/json"}
    answer = creator.post("/api/models", content=text, headers=headers)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_huge_body_is_refused(creator: Person) -> None:
    for megabytes in (1, 10):
        body = {"name": "x" * megabytes * 1024**2}
        assert creator.post("/api/models", json=body).status_code == 413
    assert creator.get("/api/users/me").is_success


def test_a_token_without_a_signature_is_nobody(creator: Person, people: People) -> None:
    header, claims, signature = creator.headers["Authorization"].split()[1].split(".")
    opened = json.loads(base64.urlsafe_b64decode(header + "=="))
    for algorithm in ("none", "None", "HS512"):
        forged = base64.urlsafe_b64encode(json.dumps({**opened, "alg": algorithm}).encode())
        text = forged.decode().rstrip("=")
        for token in (f"{text}.{claims}.", f"{text}.{claims}.{signature}"):
            problem = people.stranger(token).told("GET", "/api/users/me", 401)
            assert problem["detail"] == "Not authenticated"


def test_the_storefront_may_call_from_its_origin_and_others_may_not(people: People) -> None:
    visitor = people.stranger()
    asked = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }

    answer = visitor.options("/api/models", headers={"Origin": STOREFRONT, **asked})
    assert answer.is_success
    assert answer.headers["access-control-allow-origin"] == STOREFRONT
    assert answer.headers["access-control-allow-credentials"] == "true"
    stranger = visitor.options("/api/models", headers={"Origin": "http://evil.example", **asked})
    assert "access-control-allow-origin" not in stranger.headers


def test_a_browser_may_send_files_to_the_bucket_from_the_storefront(creator: Person) -> None:
    url = creator.promise("ring.glb", 12)["url"]
    asked = {"Origin": STOREFRONT, "Access-Control-Request-Method": "POST"}
    answer = httpx.options(url, headers=asked, trust_env=False)
    assert answer.is_success
    assert answer.headers["access-control-allow-origin"] in {STOREFRONT, "*"}


def model_of(upload_id: int) -> dict[str, Any]:
    return {"name": "Ring", "price": 5, "category": CATEGORY, "upload_ids": [upload_id]}


def dead_letters(stack: Stack) -> int:
    sqs = stack.client("sqs")
    (url,) = [url for url in sqs.list_queues()["QueueUrls"] if "UploadsDeadLetters" in url]
    names = ["ApproximateNumberOfMessages"]
    told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)
    return int(told["Attributes"][names[0]])
