"""A model that was sold gets new files: its buyers get them once they are approved."""

from typing import Any

import pytest

from tests.people import Person
from tests.stripe import Stripe
from tests.workshop import on_sale, upload


@pytest.fixture
def castle(creator: Person, admin: Person) -> int:
    return on_sale(creator, admin)


@pytest.fixture
def bought(castle: int, buyer: Person) -> int:
    assert buyer.post(f"/api/models/{castle}/purchase").status_code == 200
    return castle


def send(creator: Person, model_id: int, filename: str, **changes: Any) -> None:
    wanted = {"upload_ids": [upload(creator, filename)], **changes}
    answer = creator.patch(f"/api/models/{model_id}", json=wanted, headers={"If-Match": "*"})
    assert (answer.status_code, answer.json()["status"]) == (200, "pending"), answer.text


def approve(admin: Person, model_id: int) -> None:
    assert admin.post(f"/api/admin/models/{model_id}/approve").status_code == 200


def reject(admin: Person, model_id: int) -> None:
    wanted = {"reason": "Full of worms"}
    answer = admin.post(f"/api/admin/models/{model_id}/reject", json=wanted)
    assert answer.status_code == 200


def downloaded(who: Person, model_id: int) -> list[str]:
    answer = who.get(f"/api/models/{model_id}/download")
    assert answer.status_code == 200, answer.text
    return [file["filename"] for file in answer.json()["files"]]


def test_buyers_get_new_files_once_they_are_approved(
    bought: int, creator: Person, buyer: Person, admin: Person
) -> None:
    send(creator, bought, "tower.glb")
    assert downloaded(buyer, bought) == ["castle.glb"]

    approve(admin, bought)

    assert downloaded(buyer, bought) == ["tower.glb"]


def test_rejected_files_never_reach_a_buyer(
    bought: int, creator: Person, buyer: Person, admin: Person
) -> None:
    for filename in ("worm.glb", "another worm.glb"):
        send(creator, bought, filename)
        reject(admin, bought)
        assert downloaded(buyer, bought) == ["castle.glb"]

    send(creator, bought, "tower.glb")
    approve(admin, bought)
    send(creator, bought, "worm.glb")
    reject(admin, bought)

    assert downloaded(buyer, bought) == ["tower.glb"]


def test_who_judges_new_files_and_who_made_them_can_look_at_them(
    bought: int, creator: Person, admin: Person
) -> None:
    send(creator, bought, "tower.glb")

    for who in (creator, admin):
        assert downloaded(who, bought) == ["tower.glb"]
        shown = who.get(f"/api/models/{bought}").json()
        assert [file["filename"] for file in shown["files"]] == ["tower.glb"]
    [waiting] = admin.get("/api/admin/models/pending").json()
    assert [file["filename"] for file in waiting["files"]] == ["tower.glb"]


def test_buyers_see_nothing_of_files_that_wait(
    bought: int, creator: Person, buyer: Person, stranger: Person, admin: Person
) -> None:
    def shown() -> list[Any]:
        [listed] = buyer.get("/api/users/me/purchases").json()
        [exported] = buyer.get("/api/users/me/export").json()["purchases"]
        models = listed["model"], exported["model"]
        names = ("files", "pictures", "thumbnail_url", "preview_url")
        return [[model[name] for name in names] for model in models]

    before = shown()

    send(creator, bought, "tower.glb")

    assert shown() == before
    assert stranger.get(f"/api/models/{bought}").status_code == 404
    assert stranger.get(f"/api/models/{bought}/download").status_code == 404
    approve(admin, bought)
    assert shown() != before
    public = stranger.get(f"/api/models/{bought}").json()
    assert shown()[0] == [
        public[name] for name in ("files", "pictures", "thumbnail_url", "preview_url")
    ]


def test_what_was_rejected_and_is_edited_waits_again_and_changes_nothing_for_buyers(
    bought: int, creator: Person, buyer: Person, admin: Person
) -> None:
    send(creator, bought, "worm.glb")
    reject(admin, bought)

    wanted = {"name": "No worm"}
    edited = creator.patch(f"/api/models/{bought}", json=wanted, headers={"If-Match": "*"})

    assert edited.json()["status"] == "pending"
    assert downloaded(buyer, bought) == ["castle.glb"]


@pytest.mark.parametrize("ending", ["withdrawn", "banned", "erased"])
def test_whatever_becomes_of_the_creator_and_the_model_buyers_keep_the_approved_files(
    ending: str, bought: int, creator: Person, buyer: Person, admin: Person
) -> None:
    send(creator, bought, "worm.glb")

    match ending:
        case "withdrawn":
            ended = creator.delete(f"/api/models/{bought}")
        case "banned":
            ended = admin.post(f"/api/admin/users/{creator.id}/ban")
        case _:
            ended = creator.delete("/api/users/me")

    assert ended.is_success, ended.text
    assert downloaded(buyer, bought) == ["castle.glb"]


def test_files_that_are_changed_while_a_buyer_pays_are_not_what_they_get(
    castle: int, creator: Person, buyer: Person, provider: Stripe
) -> None:
    told = buyer.post(f"/api/models/{castle}/purchase").json()
    send(creator, castle, "worm.glb")

    provider.pay(told)
    provider.settle()

    assert downloaded(buyer, castle) == ["castle.glb"]
