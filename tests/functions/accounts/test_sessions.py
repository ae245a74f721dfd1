from datetime import timedelta
from urllib.parse import urlencode

import pytest

from nexus.accounts import tokens
from nexus.table.users import SessionItem
from tests import cloud
from tests.gateway import Caller
from tests.people import PASSWORD, Person, ban, change


@pytest.fixture
def ada() -> Person:
    return Person("ada")


def refresh(token: str) -> tuple[int, dict[str, str]]:
    answer = Caller().post("/api/auth/refresh", json={"refresh_token": token})
    return answer.status_code, answer.json()


def logout(token: str) -> int:
    return Caller().post("/api/auth/logout", json={"refresh_token": token}).status_code


def signed_in(access_token: str) -> bool:
    answer = Caller(access_token).get("/api/users/me")
    assert answer.status_code in {200, 401}
    return answer.status_code == 200


def test_login_takes_json(ada: Person, visitor: Caller) -> None:
    answer = visitor.post("/api/auth/login", json={"email": ada.email, "password": PASSWORD})

    assert answer.status_code == 200
    assert answer.json()["user"]["id"] == ada.id
    assert signed_in(answer.json()["access_token"])


def test_login_takes_the_password_form_of_oauth(ada: Person, visitor: Caller) -> None:
    form = {"grant_type": "password", "username": ada.email, "password": PASSWORD, "scope": ""}

    answer = visitor.post("/api/auth/login", data=form)

    assert answer.status_code == 200
    assert signed_in(answer.json()["access_token"])


def test_a_form_is_known_by_its_media_type_whatever_its_case(ada: Person, visitor: Caller) -> None:
    form = urlencode({"username": ada.email, "password": PASSWORD})
    media_type = {"Content-Type": "Application/X-WWW-Form-Urlencoded; charset=UTF-8"}

    answer = visitor.post("/api/auth/login", content=form, headers=media_type)

    assert answer.status_code == 200


@pytest.mark.parametrize("spelling", ["ADA@example.com", "Ada@Example.COM", "ada@EXAMPLE.com"])
def test_login_takes_any_spelling_of_the_address(
    ada: Person, visitor: Caller, spelling: str
) -> None:
    answer = visitor.post("/api/auth/login", json={"email": spelling, "password": PASSWORD})

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {}, {"email": "ada@example.com"}, {"password": PASSWORD}, [], "text", None, 1,
        {"email": "", "password": PASSWORD}, {"email": 1, "password": PASSWORD},
        {"email": "ada@example.com", "password": ""},
        {"email": "ada@example.com", "password": "x" * 129},
        {"email": "ada@example.com", "password": PASSWORD, "remember": True},
    ],
)  # fmt: skip
def test_login_refuses_other_shapes(ada: Person, visitor: Caller, body: object) -> None:
    answer = visitor.post("/api/auth/login", json=body)

    assert answer.status_code == 422
    assert PASSWORD not in answer.text


@pytest.mark.parametrize("form", [{}, {"username": "ada@example.com"}, {"password": PASSWORD}])
def test_login_refuses_half_a_form(ada: Person, visitor: Caller, form: dict[str, str]) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}

    assert visitor.post("/api/auth/login", data=form, headers=headers).status_code == 422


def test_a_refresh_token_is_spent_for_new_ones(ada: Person) -> None:
    status, fresh = refresh(ada.tokens.refresh_token)

    assert status == 200
    assert fresh["refresh_token"] != ada.tokens.refresh_token
    assert signed_in(fresh["access_token"])
    status, fresher = refresh(fresh["refresh_token"])
    assert status == 200
    assert signed_in(fresher["access_token"])
    assert len(cloud.of_kind(SessionItem)) == 1


def test_a_token_used_twice_ends_its_whole_family(ada: Person) -> None:
    _, fresh = refresh(ada.tokens.refresh_token)
    _, fresher = refresh(fresh["refresh_token"])

    assert refresh(ada.tokens.refresh_token)[0] == 401

    assert refresh(fresh["refresh_token"])[0] == 401
    assert refresh(fresher["refresh_token"])[0] == 401
    for access_token in (
        ada.tokens.access_token,
        fresh["access_token"],
        fresher["access_token"],
    ):
        assert not signed_in(access_token)


def test_other_logins_outlive_a_family(ada: Person, visitor: Caller) -> None:
    login = {"email": ada.email, "password": PASSWORD}
    elsewhere = visitor.post("/api/auth/login", json=login).json()
    refresh(ada.tokens.refresh_token)
    refresh(ada.tokens.refresh_token)

    assert signed_in(elsewhere["access_token"])
    assert refresh(elsewhere["refresh_token"])[0] == 200


def test_logout_ends_access_tokens_too(ada: Person) -> None:
    assert signed_in(ada.tokens.access_token)

    assert logout(ada.tokens.refresh_token) == 204

    assert not signed_in(ada.tokens.access_token)
    assert refresh(ada.tokens.refresh_token)[0] == 401


def test_logout_twice_is_no_error_and_a_spent_token_ends_nothing(ada: Person) -> None:
    _, fresh = refresh(ada.tokens.refresh_token)

    assert logout(ada.tokens.refresh_token) == 204
    assert signed_in(fresh["access_token"])
    assert logout(fresh["refresh_token"]) == 204
    assert logout(fresh["refresh_token"]) == 204


@pytest.mark.parametrize(
    "token", ["", "garbage", "A" * 76, "A" * 500, "\u00e4\u00f6\u00fc", "====", "-_" * 37 + "=="]
)
def test_tokens_that_never_were(visitor: Caller, token: str) -> None:
    refused = visitor.post("/api/auth/refresh", json={"refresh_token": token})
    ignored = visitor.post("/api/auth/logout", json={"refresh_token": token})

    assert (refused.status_code, ignored.status_code) in {(401, 204), (422, 422)}


def test_a_session_ends_after_thirty_days_however_often_it_is_refreshed(
    ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "REFRESH_LIFE", timedelta(days=30))
    _, fresh = refresh(ada.tokens.refresh_token)
    [session] = cloud.of_kind(SessionItem)
    lives = int(session.expires_at or 0) - int(session.created_at.timestamp())
    assert lives == timedelta(days=30).total_seconds()

    change_session(session, expires_at=int(session.created_at.timestamp()))

    assert refresh(fresh["refresh_token"])[0] == 401
    assert not signed_in(fresh["access_token"])


def change_session(session: SessionItem, *, expires_at: int) -> None:
    session.update([SessionItem.expires_at.set(expires_at)])


def test_a_ban_holds_from_the_next_request_on(ada: Person, visitor: Caller) -> None:
    assert ada.get("/api/users/me").status_code == 200

    ban(ada)

    assert ada.get("/api/users/me").status_code == 401
    assert refresh(ada.tokens.refresh_token)[0] == 401
    login = {"email": ada.email, "password": PASSWORD}
    assert visitor.post("/api/auth/login", json=login).status_code == 401


def test_a_new_token_version_ends_all_sessions(ada: Person) -> None:
    change(ada.id, token_version=2)

    assert ada.get("/api/users/me").status_code == 401
    assert refresh(ada.tokens.refresh_token)[0] == 401


def test_two_users_in_one_process_never_see_each_other(ada: Person) -> None:
    people = [ada, Person("grace")]
    for n in range(20):
        person = people[n % 2]
        assert person.get("/api/users/me").json()["id"] == person.id


def test_me_needs_a_sign_in(visitor: Caller) -> None:
    answer = visitor.get("/api/users/me")

    assert answer.status_code == 401
    assert answer.json()["detail"] == "Not authenticated"
    assert answer.headers["www-authenticate"] == "Bearer"
