"""The table's stream: the records that real changes made, and their way through the projector."""

from typing import Any

from tests import cloud
from tests.gateway import Context, handler

type Record = dict[str, Any]


def records() -> list[Record]:
    """What has happened to the table, from the first change on."""
    stream = cloud.client("dynamodbstreams")
    arn = cloud.client("dynamodb").describe_table(TableName=cloud.TABLE)["Table"]["LatestStreamArn"]
    [shard] = stream.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    iterator = stream.get_shard_iterator(
        StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    found: list[Record] = stream.get_records(ShardIterator=iterator)["Records"]
    return found


def project(batch: list[Record]) -> list[str]:
    """Give a batch to the projector; the numbers of the records it stopped at."""
    answer = handler("ProjectorFunction")({"Records": batch}, Context())
    return [each["itemIdentifier"] for each in answer["batchItemFailures"]]


def settle() -> None:
    """Let everything that follows from what was written happen, until nothing follows any more.

    What was settled before is not brought again.
    """
    while len(found := records()) > (seen := cloud.settled()):
        assert project(found[seen:]) == []
        cloud.settled(len(found))
