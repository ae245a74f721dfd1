"""What is left of someone who erased their account: nothing that names them, no file of theirs."""

from datetime import UTC, datetime
from typing import Any

import pytest

from nexus.accounts import profile
from nexus.accounts import service as accounts
from nexus.outside import files
from nexus.outside.files import Fetched
from nexus.table import keys
from nexus.table.discounts import DiscountItem
from nexus.table.outbox import AuditItem
from nexus.table.uploads import UploadItem
from tests import cloud, stream
from tests.gateway import Caller
from tests.mailroom import written
from tests.people import PASSWORD, Person
from tests.pinboard import account
from tests.workshop import deliver, message, on_sale, promised, seeing, send, upload

pytestmark = pytest.mark.usefixtures("living_house")


def erase(person: Caller) -> None:
    assert person.delete("/api/users/me").status_code == 204
    stream.settle()


def test_the_address_is_nowhere_though_its_links_have_not_run_out(visitor: Caller) -> None:
    email = "ada@example.com"
    wanted = {"email": email, "username": "ada", "password": PASSWORD}
    token = visitor.post("/api/auth/register", json=wanted).json()["access_token"]
    visitor.post("/api/auth/forgot-password", json={"email": email})

    erase(Caller(token))

    assert [row for row in cloud.rows() if email in str(row)] == []


def test_the_address_of_an_admin_who_tried_a_campaign_is_nowhere(admin: Person) -> None:
    tried = admin.post(f"/api/admin/campaigns/{written(admin)}/test")
    assert tried.status_code == 202
    [deed] = [each for each in cloud.of_kind(AuditItem) if each.action == "campaign.test"]
    assert deed.admin_id == admin.id
    accounts.appoint(admin.email, is_admin=False)

    erase(admin)

    assert [row for row in cloud.rows() if admin.email in str(row)] == []


def test_why_someone_was_banned_is_kept_with_the_deed_alone(creator: Person, admin: Person) -> None:
    """What admins did, and why, stays on record; the account itself says nothing of it."""
    admin.post(f"/api/admin/users/{creator.id}/ban", json={"reason": "Stolen work"})
    holder = account(creator)
    assert holder.ban_reason == "Stolen work"

    profile.erase(holder, now=datetime.now(UTC))
    stream.settle()

    [kept] = [item for item in cloud.items() if "Stolen work" in str(item.attribute_values)]
    assert isinstance(kept, AuditItem)
    assert (kept.action, kept.subject) == ("user.ban", f"user {creator.id}")


def test_the_files_of_what_became_no_model_go(creator: Person, stranger: Person) -> None:
    """Those of others stay, though their content is the same."""
    upload(creator)
    kept = upload(stranger)

    erase(creator)

    [item] = cloud.of_kind(UploadItem)
    assert item.id == kept
    assert cloud.stored(cloud.FILES) == [item.asset_key]
    assert cloud.stored(cloud.PICTURES) == sorted([*item.pictures.values(), item.preview])


@pytest.mark.parametrize(("trouble", "status"), [(None, 201), (ConnectionError, 500)])
def test_a_request_that_ends_after_the_erasure_leaves_no_answer(
    trouble: type[Exception] | None,
    status: int,
    creator: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    presign = files.presign_upload

    def too_late(*asked: Any) -> Any:
        profile.erase(account(creator), now=datetime.now(UTC))
        stream.settle()
        if trouble:
            raise trouble
        return presign(*asked)

    monkeypatch.setattr(files, "presign_upload", too_late)
    wanted, key = {"filename": "castle.glb", "size": 20}, {"Idempotency-Key": "key-1"}
    assert creator.post("/api/uploads", json=wanted, headers=key).status_code == status

    own = keys.user(creator.id)
    kept = {item.key for item in cloud.items() if item.pk == own.pk}
    assert kept == {own}


def test_the_files_of_a_model_stay_with_its_buyers(
    creator: Person, admin: Person, buyer: Person
) -> None:
    model_id = on_sale(creator, admin, price=0)
    buyer.post(f"/api/models/{model_id}/purchase")

    erase(creator)

    [file] = buyer.get(f"/api/models/{model_id}/download").json()["files"]
    assert [f"assets/{item.id}/{file['sha256']}" for item in cloud.of_kind(UploadItem)] == (
        cloud.stored(cloud.FILES)
    )


def test_a_file_that_a_worker_has_in_hand_meanwhile_goes_too(
    creator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = send(promised(creator))
    keep = files.keep

    def keep_late(incoming: str, upload_id: int, fetched: Fetched) -> str:
        erase(creator)
        return keep(incoming, upload_id, fetched)

    monkeypatch.setattr(files, "keep", keep_late)
    with seeing():
        assert deliver(message(key)) == []
    stream.settle()

    assert cloud.of_kind(UploadItem) == []
    assert (cloud.stored(cloud.FILES), cloud.stored(cloud.PICTURES)) == ([], [])


def test_the_discount_codes_end(creator: Person) -> None:
    creator.post("/api/users/me/discounts", json={"code": "SPRING", "percent": 10})

    erase(creator)

    [code] = cloud.of_kind(DiscountItem)
    assert code.ends_at is not None
