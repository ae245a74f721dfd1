"""Leaving our news: by a link, by the mail program, in one's profile; and coming back."""

import logging
import random
from urllib.parse import quote

import pytest

from local.postbox.sink import Mail, Sink
from nexus.outside.seals import seal
from nexus.subscriptions import service
from nexus.table.profiles import change_user
from nexus.table.users import find_user
from tests import cloud
from tests.gateway import Caller
from tests.mailroom import begin, carry_out, shown, way_out, written
from tests.people import Person, an_admin


@pytest.fixture(autouse=True)
def _alive(living_house: None, sink: Sink) -> None:
    """The house's mails arrive in the sink."""


@pytest.fixture
def admin(_alive: None) -> Person:
    return an_admin("root")


@pytest.fixture
def campaign_id(admin: Person) -> int:
    return written(admin)


@pytest.fixture
def ada(_alive: None) -> Person:
    return Person("ada")


@pytest.fixture
def mail(ada: Person, admin: Person, campaign_id: int, sink: Sink) -> Mail:
    """What a campaign sent to Ada."""
    carry_out()
    sink.empty()
    begin(admin, campaign_id)
    carry_out()
    [found] = sink.to(ada.email)
    return found


def wants_news(person: Person) -> bool:
    return bool(person.get("/api/users/me").json()["wants_news"])


ONE_CLICK = {
    "content": b"List-Unsubscribe=One-Click",
    "headers": {"Content-Type": "application/x-www-form-urlencoded"},
}


def test_a_mail_program_unsubscribes_with_one_post(mail: Mail, ada: Person) -> None:
    for _ in range(3):
        answer = Caller().post(way_out(mail), **ONE_CLICK)  # type: ignore[arg-type]
        assert answer.status_code == 200
        assert not wants_news(ada)


def test_looking_at_the_page_changes_nothing(mail: Mail, ada: Person) -> None:
    before = cloud.rows()

    for method in ("GET", "HEAD", "OPTIONS"):
        Caller().request(method, way_out(mail))
    page = Caller().get(way_out(mail))

    assert cloud.rows() == before
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert "form-action 'self'" in page.headers["content-security-policy"]
    assert "<button>Unsubscribe</button>" in page.text
    assert f'action="{way_out(mail)}"' in page.text
    assert "a…@example.com" in page.text
    assert ada.email not in page.text, "mails are forwarded"


def test_people_leave_with_a_button_and_come_back_with_one(mail: Mail, ada: Person) -> None:
    left = Caller().post(way_out(mail))
    assert "You are unsubscribed" in left.text
    assert f'action="{way_out(mail)}/undo"' in left.text

    back = Caller().post(f"{way_out(mail)}/undo")
    assert "Unsubscribe?" in back.text
    assert wants_news(ada)


@pytest.mark.parametrize(("problem", "why"), [("bounced", "came back"), ("complained", "as spam")])
def test_whoever_comes_back_is_told_where_mail_does_not_reach_them(
    mail: Mail, ada: Person, problem: str, why: str
) -> None:
    Caller().post(way_out(mail))
    service.mark_unreachable(ada.id, ada.email, problem)

    back = Caller().post(f"{way_out(mail)}/undo")

    assert wants_news(ada)
    assert "You get no news" in back.text
    assert why in back.text
    assert f'action="{way_out(mail)}"' in back.text


def test_whoever_left_gets_no_campaign_and_is_counted(
    mail: Mail, ada: Person, admin: Person, campaign_id: int, sink: Sink
) -> None:
    Caller().post(way_out(mail))
    Caller().post(way_out(mail))
    sink.empty()
    carry_out()
    assert shown(admin, campaign_id)["unsubscribed"] == 1

    begin(admin, written(admin))
    carry_out()
    assert [each.to for each in sink.mails] == [admin.email]


def test_the_profile_says_the_same(ada: Person, sink: Sink) -> None:
    etag = ada.get("/api/users/me").headers["etag"]
    changed = ada.patch("/api/users/me", json={"wants_news": False}, headers={"If-Match": etag})

    assert changed.json()["wants_news"] is False
    assert changed.json()["mail_problem"] is None
    stale = ada.patch("/api/users/me", json={"wants_news": True}, headers={"If-Match": etag})
    assert stale.status_code == 412


@pytest.mark.parametrize("wish", [None, "no", 0, "true"])
def test_a_wish_is_true_or_false(ada: Person, wish: object) -> None:
    answer = ada.patch("/api/users/me", json={"wants_news": wish}, headers={"If-Match": "*"})
    assert answer.status_code == 422


def test_an_old_link_of_someone_who_is_gone_is_no_good(mail: Mail, ada: Person) -> None:
    ada.delete("/api/users/me")

    for method in ("GET", "POST"):
        answer = Caller().request(method, way_out(mail))
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["detail"] == "This link is no longer good"


def test_no_bit_of_a_link_can_be_changed(mail: Mail, ada: Person) -> None:
    place, _, token = way_out(mail).rpartition("/")
    spun = random.Random(7)
    raw = token.encode()
    for position in range(len(raw)):
        changed = bytearray(raw)
        changed[position] ^= 1 << spun.randrange(6)
        forged = quote(changed.decode("latin-1"), safe="")
        answer = Caller().post(f"{place}/{forged}")
        assert answer.status_code in {404, 405}, forged
    assert wants_news(ada)


def test_a_seal_for_one_purpose_is_good_for_no_other(ada: Person, mail: Mail) -> None:
    forged = seal("another purpose", f"{ada.id}.1")

    assert Caller().post(f"/api/unsubscribe/{forged}").status_code == 404
    for nonsense in ("x", "1.2", f"{ada.id}.1.", "..", "💌", "a" * 3000):
        assert Caller().post(f"/api/unsubscribe/{nonsense}").status_code == 404


def test_leaving_and_editing_at_once_both_count(mail: Mail, ada: Person) -> None:
    before = find_user(ada.id)
    assert before
    Caller().post(way_out(mail))
    assert not change_user(before, {"full_name": "Ida"}), "read before, and no more as it was"
    ada.patch("/api/users/me", json={"full_name": "Ada"}, headers={"If-Match": "*"})

    user = find_user(ada.id)
    assert user
    assert (user.wants_news, user.full_name) == (False, "Ada")


def test_the_log_tells_no_link(mail: Mail, caplog: pytest.LogCaptureFixture) -> None:
    """Whoever reads it could end and begin news for others."""
    with caplog.at_level(logging.INFO):
        Caller().get(way_out(mail))

    [told] = [vars(record) for record in caplog.records if record.message == "request"]
    assert told["path"] == "/api/unsubscribe/{token}"
