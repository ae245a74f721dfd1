"""When a message about an upload comes again."""

import pytest

from imaging import sandbox
from imaging.report import Report
from local.template import project
from nexus.outside import queues
from nexus.settings import settings
from nexus.uploads import service
from tests import cloud
from tests.people import Person
from tests.workshop import deliver, message, promised, seeing, send


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """In how many seconds messages are to come again, as the queue is told."""
    told: list[int] = []
    monkeypatch.setattr(queues, "hide", lambda _url, _receipt, seconds: told.append(seconds))
    return told


def test_a_file_that_fails_is_tried_again_soon_and_then_later(
    creator: Person, waits: list[int]
) -> None:
    announced = message(promised(creator)["fields"]["key"])
    for _ in range(service.MOST_ATTEMPTS):
        deliver(announced)

    assert waits[1::2] == [20, 40, 80, 160]


def test_a_worker_that_is_killed_is_followed_when_its_lease_is_over(
    creator: Person, waits: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> Report:
        raise KeyboardInterrupt

    monkeypatch.setattr(sandbox, "process", killed)
    announced = message(send(promised(creator)))
    with pytest.raises(KeyboardInterrupt):
        deliver(announced)

    assert waits == [service.LEASE_SECONDS + service.MARGIN_SECONDS]
    assert waits[0] > project().properties("ThumbnailsFunction")["Timeout"]


def test_the_queue_does_as_it_is_told() -> None:
    sqs, url = cloud.client("sqs"), settings().uploads_queue_url
    sqs.purge_queue(QueueUrl=url)  # S3 has sent its test event
    sqs.send_message(QueueUrl=url, MessageBody="{}")
    [received] = sqs.receive_message(QueueUrl=url)["Messages"]
    assert "Messages" not in sqs.receive_message(QueueUrl=url)

    queues.hide(cloud.queue("UploadsQueue"), received["ReceiptHandle"], 0)

    [again] = sqs.receive_message(QueueUrl=url)["Messages"]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=again["ReceiptHandle"])


def test_a_queue_that_cannot_be_told_harms_no_upload(creator: Person) -> None:
    form = promised(creator)
    with seeing():
        assert deliver(message(send(form))) == [], "its receipt is made up"

    assert creator.get(f"/api/uploads/{form['id']}").json()["status"] == "ready"
