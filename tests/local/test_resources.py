import json
from collections.abc import Iterator

import pytest
from moto import mock_aws

from local import resources
from local.aws import client
from local.template import Template, project

QUOTED = {"incoming/a+b.glb", "incoming%2Fa+b.glb"}
"""S3 quotes keys in what it announces; moto quotes the slash too."""


@pytest.fixture(autouse=True)
def aws() -> Iterator[None]:
    with mock_aws():
        yield


def test_a_table_is_made_with_its_stream_and_time_to_live(tiny: Template) -> None:
    resources.create(tiny)

    table = client("dynamodb").describe_table(TableName="nexus-local-Table")["Table"]
    ttl = client("dynamodb").describe_time_to_live(TableName="nexus-local-Table")
    assert table["StreamSpecification"] == {
        "StreamEnabled": True,
        "StreamViewType": "NEW_AND_OLD_IMAGES",
    }
    assert ttl["TimeToLiveDescription"]["AttributeName"] == "expires_at"


def test_a_file_that_comes_in_is_announced_to_the_queue(tiny: Template) -> None:
    resources.create(tiny)

    client("s3").put_object(Bucket="nexus-local-bucket", Key="incoming/a b.glb", Body=b"glTF")
    client("s3").put_object(Bucket="nexus-local-bucket", Key="assets/other", Body=b"glTF")

    url = client("sqs").get_queue_url(QueueName="nexus-local-Queue")["QueueUrl"]
    found = client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    told = [message["Body"] for message in found if "s3:TestEvent" not in message["Body"]]
    assert len(told) == 1
    assert json.loads(told[0])["Records"][0]["s3"]["object"]["key"] in QUOTED


def test_a_queue_gives_up_to_its_dead_letters(tiny: Template) -> None:
    resources.create(tiny)

    url = client("sqs").get_queue_url(QueueName="nexus-local-Queue")["QueueUrl"]
    attributes = client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
    assert "nexus-local-DeadLetters" in attributes["Attributes"]["RedrivePolicy"]
    assert attributes["Attributes"]["VisibilityTimeout"] == "90"


def test_a_secret_is_generated_and_never_again(tiny: Template) -> None:
    def secret() -> str:
        text: str = client("secretsmanager").get_secret_value(SecretId="nexus-local-Secret")[
            "SecretString"
        ]
        return text

    resources.create(tiny)
    first = secret()
    resources.create(tiny)

    assert len(first) == 64
    assert secret() == first


def test_all_that_the_project_declares_can_be_made_twice() -> None:
    resources.create(project())
    resources.create(project())

    tables = client("dynamodb").list_tables()["TableNames"]
    assert tables == [project().name("Table")]
