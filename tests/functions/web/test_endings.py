"""However a session ends, the very next request finds every door closed."""

from collections.abc import Callable

import pytest

from nexus.table.outbox import OutboxItem
from nexus.table.users import SessionItem
from tests import cloud
from tests.functions.web.doors import DOORS
from tests.gateway import Caller
from tests.people import Person


def logs_out(person: Person, _: Person) -> None:
    Caller().post("/api/auth/logout", json={"refresh_token": person.tokens.refresh_token})


def spends_a_token_twice(person: Person, _: Person) -> None:
    shown = {"refresh_token": person.tokens.refresh_token}
    assert [Caller().post("/api/auth/refresh", json=shown).status_code for _ in "12"] == [200, 401]


def sets_a_new_password(person: Person, _: Person) -> None:
    Caller().post("/api/auth/forgot-password", json={"email": person.email})
    [mail] = [each for each in cloud.of_kind(OutboxItem) if each.template == "reset_password"]
    wanted = {"token": mail.data["token"], "password": "a tall ship and a star"}
    assert Caller().post("/api/auth/reset-password", json=wanted).is_success


def is_erased(person: Person, _: Person) -> None:
    assert person.delete("/api/users/me").status_code == 204


def is_banned(person: Person, admin: Person) -> None:
    assert admin.post(f"/api/admin/users/{person.id}/ban").status_code == 200


def was_banned_and_is_no_more(person: Person, admin: Person) -> None:
    is_banned(person, admin)
    assert admin.delete(f"/api/admin/users/{person.id}/ban").status_code == 200


def is_there_for_a_month(person: Person, _: Person) -> None:
    [session] = [each for each in cloud.of_kind(SessionItem) if each.user_id == person.id]
    session.update([SessionItem.expires_at.set(1)])


@pytest.mark.parametrize(
    "ends",
    [
        logs_out,
        spends_a_token_twice,
        sets_a_new_password,
        is_erased,
        is_banned,
        was_banned_and_is_no_more,
        is_there_for_a_month,
    ],
)
def test_no_door_opens_any_more(
    ends: Callable[[Person, Person], None], creator: Person, admin: Person
) -> None:
    assert creator.get("/api/users/me").status_code == 200

    ends(creator, admin)

    answers = [creator.request(method, door) for method, door in DOORS]
    assert [each.request.url for each in answers if each.status_code != 401] == []
