"""A fact owes a mail; the mail goes out, once."""

from datetime import timedelta
from typing import Any

import pytest

from local.postbox.sink import Mail, Plan, Sink
from nexus.mail import service as mail
from nexus.table.outbox import OutboxItem, claim_mail
from tests import cloud, postbox, stream
from tests.gateway import Caller, Context, handler
from tests.people import PASSWORD, Person, an_admin, ban
from tests.workshop import on_sale, submitted

QUEUE, DEAD, FUNCTION = "MailsQueue", "MailsDeadLetters", "MailerFunction"


@pytest.fixture(autouse=True)
def _alive(living_house: None, sink: Sink) -> None:
    """The house's mails arrive in the sink."""


def send_all() -> list[str]:
    """Let everything follow from the facts, to the mails; the messages that come again."""
    stream.settle()
    return postbox.work_off(QUEUE, FUNCTION)


def registered() -> Person:
    """Someone whose two mails wait in the queue, and nothing else does."""
    ada = Person("ada")
    stream.settle()
    return ada


def the_mail(sink: Sink, person: Person, subject: str) -> Mail:
    [found] = [each for each in sink.to(person.email) if each.subject == subject]
    return found


def owed(template: str) -> OutboxItem:
    [item] = [each for each in cloud.of_kind(OutboxItem) if each.template == template]
    return item


def test_who_registers_is_welcomed_and_asked_to_confirm_their_address(sink: Sink) -> None:
    wanted = {"email": "ada@example.com", "username": "ada", "password": PASSWORD}
    Caller().post("/api/auth/register", json=wanted | {"full_name": "Ada <b>Lovelace</b>"})

    assert send_all() == []

    subjects = {each.subject for each in sink.to("ada@example.com")}
    assert subjects == {"Welcome to Nexus Models!", "Please Confirm Your Email Address"}
    welcome = next(each for each in sink.mails if each.subject.startswith("Welcome"))
    assert welcome.sender == "noreply@nexusmodels.com"
    assert "Welcome, ada!" in welcome.html
    assert "Welcome, ada!" in welcome.text
    said = "".join(each.html + each.text for each in sink.mails)
    assert "Lovelace" not in said, "anyone may have written it to anyone"
    assert not welcome.tracked, "links with secrets go through nobody else's hands"


def link(mail: Mail, path: str) -> str:
    """The secret behind a link of the storefront."""
    prefix = f"http://localhost:3000{path}?token="
    assert prefix in mail.html
    return mail.text.partition(prefix)[2].split()[0]


def test_the_link_in_the_mail_confirms_the_address(sink: Sink) -> None:
    ada = Person("ada")
    send_all()
    secret = link(the_mail(sink, ada, "Please Confirm Your Email Address"), "/verify-email")

    assert Caller().post("/api/auth/verify-email", json={"token": secret}).status_code == 200
    assert ada.get("/api/users/me").json()["is_email_verified"] is True


def test_the_link_in_the_mail_sets_a_new_password(sink: Sink) -> None:
    ada = Person("ada")
    Caller().post("/api/auth/forgot-password", json={"email": ada.email})
    send_all()
    secret = link(the_mail(sink, ada, "Reset Your Password"), "/reset-password")

    wanted = {"token": secret, "password": "a tall ship and a star"}
    assert Caller().post("/api/auth/reset-password", json=wanted).status_code == 200
    assert "a tall ship" not in str(cloud.rows()), "what a mail said is forgotten once it is out"


def test_a_sale_tells_both_sides(sink: Sink) -> None:
    ada, bob, admin = Person("ada"), Person("bob"), an_admin("root")
    model_id = on_sale(ada, admin, name="Castle & Moat")
    bob.post(f"/api/models/{model_id}/purchase")
    send_all()

    approved = the_mail(sink, ada, "Your Model Has Been Approved!")
    sold = the_mail(sink, ada, "You Made a Sale!")
    bought = the_mail(sink, bob, "Purchase Confirmation")
    for each in (approved, sold, bought):
        assert "Castle &amp; Moat" in each.html
        assert "Castle & Moat" in each.text
    assert "Price: $19.99" in sold.text
    assert "Your revenue: $18.49" in sold.text
    assert f"http://localhost:3000/models/{model_id}" in bought.html


def test_a_rejection_gives_the_reason(sink: Sink) -> None:
    ada, admin = Person("ada"), an_admin("root")
    model_id = submitted(ada)["id"]
    reason = "Too dark.\n<script>alert(1)</script>"
    admin.post(f"/api/admin/models/{model_id}/reject", json={"reason": reason})
    send_all()

    update = the_mail(sink, ada, "Model Review Update")
    assert "&lt;script&gt;" in update.html
    assert "<script>" not in update.html
    assert "> Too dark.\n> <script>" in update.text


def test_a_bounty_tells_who_is_concerned(sink: Sink) -> None:
    ada, bob = Person("ada"), Person("bob")
    wanted = {"title": "A moat", "description": "Deep", "budget": 50}
    bounty_id = ada.post("/api/bounties", json=wanted).json()["id"]
    bob.post(f"/api/bounties/{bounty_id}/apply", json={})
    ada.post(f"/api/bounties/{bounty_id}/award", json={"user_id": bob.id})
    ada.post(f"/api/bounties/{bounty_id}/complete")
    other_id = ada.post("/api/bounties", json=wanted).json()["id"]
    an_admin("root").post(f"/api/bounties/{other_id}/close")
    send_all()

    the_mail(sink, bob, "You Were Chosen for a Bounty!")
    the_mail(sink, bob, "Your Bounty Is Complete!")
    the_mail(sink, ada, "Your Bounty Was Closed")


def test_the_banned_are_still_told_of_what_concerns_them(sink: Sink) -> None:
    ada = registered()
    ban(ada)
    send_all()

    assert len(sink.to(ada.email)) == 2


def test_the_erased_are_told_nothing(sink: Sink) -> None:
    ada = registered()
    ada.delete("/api/users/me")

    assert send_all() == []
    assert not sink.mails


def test_a_message_that_comes_twice_sends_one_mail(sink: Sink) -> None:
    ada = registered()
    messages = postbox.waiting(QUEUE)

    assert postbox.deliver(FUNCTION, *messages, *messages) == []
    assert len(sink.to(ada.email)) == len(messages) == 2


@pytest.mark.parametrize("status", [401, 403, 429, 503])
def test_what_is_not_taken_now_goes_out_later(sink: Sink, status: int) -> None:
    registered()
    sink.plans.extend([Plan(status), Plan(status)])
    messages = postbox.waiting(QUEUE)

    assert len(postbox.deliver(FUNCTION, *messages)) == 2
    assert not sink.mails
    assert postbox.deliver(FUNCTION, *messages) == []
    assert len(sink.mails) == 2


def test_without_a_connection_it_goes_out_later(sink: Sink) -> None:
    registered()
    messages = postbox.waiting(QUEUE)
    with postbox.unreachable():
        assert len(postbox.deliver(FUNCTION, *messages)) == 2

    assert postbox.deliver(FUNCTION, *messages) == []
    assert len(sink.mails) == 2


@pytest.mark.parametrize(
    ("attempts", "told", "pause"),
    [(1, None, 15), (3, None, 60), (9, None, 900), (1, 200, 200), (1, 5000, 900)],
)
def test_the_pauses_grow_and_heed_the_provider(
    sink: Sink, attempts: int, told: int | None, pause: int
) -> None:
    registered()
    sink.plans.append(Plan(429, retry_after=told))
    message = postbox.waiting(QUEUE)[0]
    message["attributes"]["ApproximateReceiveCount"] = str(attempts)
    arguments: list[Any] = []
    with cloud.calls(arguments) as names:
        postbox.deliver(FUNCTION, message)

    [told_queue] = [
        each
        for name, each in zip(names, arguments, strict=True)
        if name == "ChangeMessageVisibility"
    ]
    assert told_queue["VisibilityTimeout"] == pause


@pytest.mark.parametrize(
    "plan", [Plan(500), Plan(500, take=True), Plan(None), Plan(None, take=True)]
)
def test_what_may_have_been_taken_is_never_sent_again(sink: Sink, plan: Plan) -> None:
    registered()
    message = postbox.waiting(QUEUE)[0]
    sink.plans.append(plan)

    for _ in range(3):
        assert postbox.deliver(FUNCTION, message) == [message["messageId"]]
    assert sink.requests == 1
    assert len(sink.mails) == plan.take


def test_the_providers_word_settles_what_nobody_knew(sink: Sink) -> None:
    registered()
    message = postbox.waiting(QUEUE)[0]
    sink.plans.append(Plan(500, take=True))
    postbox.deliver(FUNCTION, message)
    [item] = [each for each in cloud.of_kind(OutboxItem) if each.state == "claimed"]

    mail.confirm(item.cause, item.template, now=item.created_at + timedelta(seconds=5))

    assert postbox.deliver(FUNCTION, message) == []
    assert sink.requests == 1


def test_an_operator_who_has_looked_lets_it_go_out_again(sink: Sink) -> None:
    registered()
    message = postbox.waiting(QUEUE)[0]
    sink.plans.append(Plan(500))
    postbox.deliver(FUNCTION, message)
    [item] = [each for each in cloud.of_kind(OutboxItem) if each.state == "claimed"]

    for _ in range(2):
        assert mail.resend(item.cause, item.template)
    assert postbox.work_off(QUEUE, FUNCTION) == []
    subjects = [each.subject for each in sink.mails]
    assert sorted(subjects) == sorted(set(subjects)) != []
    assert not mail.resend(item.cause, item.template), "it is out"


def test_a_mail_whose_record_was_lost_goes_out_after_the_recount(
    sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobs.app.SETTLING_SECONDS", 0)
    ada = Person("ada")
    assert postbox.waiting(QUEUE) == [], "nobody was told of them"

    answer: Any = handler("JobsFunction")({"job": "reconcile"}, Context())

    assert len(answer["told_again"]) == 2
    assert postbox.work_off(QUEUE, FUNCTION) == []
    assert len(sink.to(ada.email)) == 2
    assert handler("JobsFunction")({"job": "reconcile"}, Context())["told_again"] == []


def test_what_is_refused_for_good_is_kept_among_the_dead_letters(sink: Sink) -> None:
    registered()
    message = postbox.waiting(QUEUE)[0]
    sink.plans.append(Plan(400))

    assert postbox.deliver(FUNCTION, message) == []
    [dead] = postbox.waiting(DEAD)
    assert dead["body"] == message["body"]
    assert postbox.deliver(FUNCTION, dead) == [], "redriven, it goes out"
    assert len(sink.mails) == 1


def test_a_claim_whose_reply_was_lost_is_still_ours() -> None:
    """botocore sends again what got no answer, and is told that the mail is claimed."""
    registered()
    item = owed("welcome")

    assert claim_mail(item, "one")
    assert claim_mail(item, "one")
    assert not claim_mail(item, "another")
