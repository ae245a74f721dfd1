"""Whatever the house promises to tell someone by mail goes out, with the data of the promise."""

import pytest

from local.postbox.sink import Mail, Sink
from nexus.mail.letters import LETTERS
from nexus.mail.service import TRIAL
from nexus.table.outbox import OutboxItem
from tests import cloud, mailroom, postbox, stream
from tests.people import Person, an_admin
from tests.pinboard import applied, posted
from tests.workshop import on_sale, submitted

QUEUE, DEAD, FUNCTION = "MailsQueue", "MailsDeadLetters", "MailerFunction"


@pytest.fixture(autouse=True)
def _alive(living_house: None, sink: Sink) -> None:
    """The house's mails arrive in the sink."""


def send_all() -> list[str]:
    """Let the mails go out; the messages that come again."""
    stream.settle()
    return postbox.work_off(QUEUE, FUNCTION)


def the_mail(sink: Sink, person: Person, subject: str) -> Mail:
    [found] = [each for each in sink.to(person.email) if each.subject == subject]
    return found


def test_who_posted_a_bounty_is_told_of_each_application(sink: Sink) -> None:
    ada, bob = Person("ada"), Person("bob")
    bounty_id = posted(ada, title="Oak & iron")
    applied(bounty_id, bob)

    assert send_all() == []

    told = the_mail(sink, ada, "Someone Applied for Your Bounty")
    assert "“Oak &amp; iron”" in told.html
    assert "“Oak & iron”" in told.text
    for said in (told.html, told.text):
        assert f"http://localhost:3000/bounties/{bounty_id}" in said
    assert not [each for each in sink.to(bob.email) if "Bounty" in each.subject]


def test_every_letter_goes_out_as_it_is_promised() -> None:
    """A letter that no promise calls for in this story is missing from it."""
    ada, bob, root = Person("ada"), Person("bob"), an_admin("root")
    ada.post("/api/auth/forgot-password", json={"email": ada.email})
    bob.post(f"/api/models/{on_sale(ada, root)}/purchase")
    model_id = submitted(ada)["id"]
    root.post(f"/api/admin/models/{model_id}/reject", json={"reason": "Too dark"})
    won, closed = posted(ada), posted(ada)
    applied(won, bob)
    ada.post(f"/api/bounties/{won}/award", json={"user_id": bob.id})
    ada.post(f"/api/bounties/{won}/complete")
    root.post(f"/api/bounties/{closed}/close")
    root.post(f"/api/admin/campaigns/{mailroom.written(root)}/test")

    assert send_all() == []

    promises = cloud.of_kind(OutboxItem)
    assert {each.state for each in promises} == {"sent"}
    assert {each.template for each in promises} == {*LETTERS, TRIAL}
    assert postbox.waiting(DEAD) == []
