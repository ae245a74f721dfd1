"""Creates what template.yaml declares on a local AWS: tables, queues, buckets, secrets.

What has no effect there is left out: roles, alarms, encryption, public access blocks.
"""

import json
import secrets
import string
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from local.aws import client
from local.template import Template

type Client = Callable[[str], Any]

PICTURES = "PicturesBucket"

_QUEUE_ATTRIBUTES = (
    "ContentBasedDeduplication",
    "DelaySeconds",
    "FifoQueue",
    "MaximumMessageSize",
    "MessageRetentionPeriod",
    "ReceiveMessageWaitTimeSeconds",
    "VisibilityTimeout",
)
_TABLE_PROPERTIES = (
    "AttributeDefinitions",
    "BillingMode",
    "DeletionProtectionEnabled",
    "GlobalSecondaryIndexes",
    "KeySchema",
    "LocalSecondaryIndexes",
)
_EXISTS = {
    "BucketAlreadyExists",
    "BucketAlreadyOwnedByYou",
    "ConflictException",
    "QueueAlreadyExists",
    "ResourceExistsException",
    "ResourceInUseException",
}


def create(template: Template, client: Client = client) -> None:
    """Create every table, queue, bucket and secret; what exists already is left as it is."""
    for kind, make in _STEPS:
        for logical_id, properties in template.resources(kind).items():
            make(client, template.name(logical_id), properties)
    if PICTURES in template.resources("AWS::S3::Bucket"):
        _open_to_all(client, template.name(PICTURES))


def _open_to_all(client: Client, bucket: str) -> None:
    """No distribution stands before the bucket here, so it answers everyone itself."""
    anyone_reads = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{bucket}/*",
    }
    policy = {"Version": "2012-10-17", "Statement": [anyone_reads]}
    client("s3").put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))


def _table(client: Client, name: str, declared: dict[str, Any]) -> None:
    dynamodb = client("dynamodb")
    arguments = {key: declared[key] for key in _TABLE_PROPERTIES if key in declared}
    if stream := declared.get("StreamSpecification"):
        arguments["StreamSpecification"] = {"StreamEnabled": True} | stream
    if not _new(lambda: dynamodb.create_table(TableName=name, **arguments)):
        return
    dynamodb.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
    if ttl := declared.get("TimeToLiveSpecification"):
        dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=ttl)
    if recovery := declared.get("PointInTimeRecoverySpecification"):
        dynamodb.update_continuous_backups(
            TableName=name, PointInTimeRecoverySpecification=recovery
        )


def _queue(client: Client, name: str, declared: dict[str, Any]) -> None:
    attributes = {key: _text(declared[key]) for key in _QUEUE_ATTRIBUTES if key in declared}
    _new(lambda: client("sqs").create_queue(QueueName=name, Attributes=attributes))


def _redrive(client: Client, name: str, declared: dict[str, Any]) -> None:
    """A second pass over the queues, because a redrive policy names a queue that must exist."""
    if policy := declared.get("RedrivePolicy"):
        sqs = client("sqs")
        url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": json.dumps(policy)})


def _bucket(client: Client, name: str, declared: dict[str, Any]) -> None:
    s3 = client("s3")
    _new(lambda: s3.create_bucket(Bucket=name))
    if versioning := declared.get("VersioningConfiguration"):
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration=versioning)
    if cors := declared.get("CorsConfiguration"):
        rules = [_renamed(rule, _CORS_NAMES) for rule in cors["CorsRules"]]
        s3.put_bucket_cors(Bucket=name, CORSConfiguration={"CORSRules": rules})
    if lifecycle := declared.get("LifecycleConfiguration"):
        rules = [_lifecycle_rule(rule) for rule in lifecycle["Rules"]]
        s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": rules})
    if notifications := declared.get("NotificationConfiguration"):
        queues = [_notification(queue) for queue in notifications.get("QueueConfigurations", [])]
        s3.put_bucket_notification_configuration(
            Bucket=name,
            NotificationConfiguration={"QueueConfigurations": queues},
            SkipDestinationValidation=True,
        )


def _secret(client: Client, name: str, declared: dict[str, Any]) -> None:
    text = declared.get("SecretString") or _generated(declared.get("GenerateSecretString", {}))
    _new(lambda: client("secretsmanager").create_secret(Name=name, SecretString=text))


def _generated(rules: dict[str, Any]) -> str:
    letters = string.ascii_letters + string.digits
    text = "".join(secrets.choice(letters) for _ in range(int(rules.get("PasswordLength", 32))))
    if key := rules.get("GenerateStringKey"):
        return json.dumps(json.loads(rules["SecretStringTemplate"]) | {key: text})
    return text


_CORS_NAMES = {"ExposedHeaders": "ExposeHeaders", "MaxAge": "MaxAgeSeconds", "Id": "ID"}


def _lifecycle_rule(declared: dict[str, Any]) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "ID": declared.get("Id", "rule"),
        "Status": declared["Status"],
        "Filter": {"Prefix": declared.get("Prefix", "")},
    }
    if days := declared.get("ExpirationInDays"):
        rule["Expiration"] = {"Days": int(days)}
    if declared.get("ExpiredObjectDeleteMarker"):
        rule["Expiration"] = {"ExpiredObjectDeleteMarker": True}
    for key in ("AbortIncompleteMultipartUpload", "NoncurrentVersionExpiration"):
        if key in declared:
            rule[key] = {name: int(value) for name, value in declared[key].items()}
    return rule


def _notification(declared: dict[str, Any]) -> dict[str, Any]:
    rules = declared.get("Filter", {}).get("S3Key", {}).get("Rules", [])
    return {
        "QueueArn": declared["Queue"],
        "Events": [declared["Event"]],
        "Filter": {"Key": {"FilterRules": rules}},
    }


def _new(make: Callable[[], Any]) -> bool:
    """Make something; False when it was there already."""
    try:
        make()
    except ClientError as error:
        if error.response["Error"]["Code"] not in _EXISTS:
            raise
        return False
    return True


def _renamed(values: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    return {names.get(key, key): value for key, value in values.items()}


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _schedule_group(client: Client, name: str, _declared: dict[str, Any]) -> None:
    _new(lambda: client("scheduler").create_schedule_group(Name=name))


_STEPS: list[tuple[str, Callable[[Client, str, dict[str, Any]], None]]] = [
    ("AWS::DynamoDB::Table", _table),
    ("AWS::SQS::Queue", _queue),
    ("AWS::SQS::Queue", _redrive),
    ("AWS::SecretsManager::Secret", _secret),
    ("AWS::S3::Bucket", _bucket),
    ("AWS::Scheduler::ScheduleGroup", _schedule_group),
]
