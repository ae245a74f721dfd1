"""Facts that flows start from, written straight into the stores, and the stream that follows."""

import dataclasses
import hashlib
from dataclasses import dataclass
from itertools import batched
from typing import Any

from imaging.report import Box, Facts
from local.streams import plain
from nexus.accounts import tokens
from nexus.accounts.names import email_key, username_key
from nexus.accounts.passwords import hash_password
from nexus.accounts.tokens import REFRESH_LIFE, Access, Refresh
from nexus.ids import new_id
from nexus.outside.files import asset_key
from nexus.table import keys
from nexus.table.catalogue import DecisionItem, ModelItem
from nexus.table.categories import CategoryItem, CategoryNameItem
from nexus.table.items import Item, Step, commit, create, from_image
from nexus.table.outbox import owe_mail, record_deed
from nexus.table.uploads import UploadItem
from nexus.table.users import NO_ONE, ReservationItem, SessionItem, UserItem
from tests import cloud
from tests.faults.local_aws import Clock
from tests.gateway import Caller, Context, handler

BUCKETS = (cloud.FILES, cloud.PICTURES)
MOST_STEPS = 100
"""DynamoDB takes no more in one transaction."""
PRICE_CENTS = 1999
CATEGORY = "Props"
PASSWORD = "correct horse battery staple"
FACTS = Facts(
    triangles=12,
    unique_triangles=12,
    vertices=8,
    meshes=1,
    materials=1,
    textures=[],
    texture_resolution="None",
    workflow="metallic-roughness",
    skins=0,
    joints=0,
    animations=0,
    is_rigged=False,
    is_animated=False,
    bounding_box=Box((0, 0, 0), (1, 1, 1)),
    extensions=[],
    notes=[],
)


@dataclass(frozen=True)
class Person:
    item: UserItem
    caller: Caller
    refresh: Refresh

    @property
    def id(self) -> int:
        return self.item.id


class Stream:
    """The table's stream, brought to the projector as Lambda brings it."""

    def __init__(self) -> None:
        table = cloud.client("dynamodb").describe_table(TableName=cloud.TABLE)["Table"]
        self._streams = cloud.client("dynamodbstreams")
        self._arn = table["LatestStreamArn"]
        described = self._streams.describe_stream(StreamArn=self._arn)["StreamDescription"]
        self._shard = described["Shards"][0]["ShardId"]
        self.waiting: list[dict[str, Any]] = []
        self.delivered: list[dict[str, Any]] = []
        self._iterator = ""
        self.skip()

    def fetch(self) -> None:
        got = self._streams.get_records(ShardIterator=self._iterator)
        self._iterator = got["NextShardIterator"]
        self.waiting += [plain(record) for record in got["Records"]]

    def deliver(self) -> bool:
        """Bring what waits once; whether all of it was taken. A crash leaves all of it waiting."""
        failed = _project(self.waiting)
        numbers = [record["dynamodb"]["SequenceNumber"] for record in self.waiting]
        done = numbers.index(failed[0]) if failed else len(numbers)
        self.delivered += self.waiting[:done]
        del self.waiting[:done]
        return not failed

    def drain(self) -> None:
        """Bring all there is, and what follows from it, until nothing follows any more."""
        self.fetch()
        while self.waiting:
            assert self.deliver()
            self.fetch()

    def replay(self) -> None:
        """Bring everything once more, as after the loss of a checkpoint."""
        assert not _project(self.delivered)

    def skip(self) -> None:
        """Begin after all that happened up to now."""
        self._iterator = self._streams.get_shard_iterator(
            StreamArn=self._arn, ShardId=self._shard, ShardIteratorType="LATEST"
        )["ShardIterator"]
        self.waiting.clear()
        self.delivered.clear()


def _project(records: list[dict[str, Any]]) -> list[str]:
    answer = handler("ProjectorFunction")({"Records": records}, Context())
    return [each["itemIdentifier"] for each in answer["batchItemFailures"]]


@dataclass(frozen=True)
class Found:
    items: list[Item]
    files: list[str]
    pictures: list[str]

    def of[T: Item](self, kind: type[T]) -> list[T]:
        return [item for item in self.items if isinstance(item, kind)]


class World:
    """An empty house, and what is put into it by `write`."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.stream = Stream()
        self._steps: list[Step] = []
        self._found: Found | None = None

    def write(self) -> None:
        for some in batched(self._steps, MOST_STEPS, strict=False):
            commit(*some)
        self._steps.clear()

    def person(self, name: str, *, admin: bool = False) -> Person:
        """Someone with an account and an open session."""
        now = self.clock()
        user = UserItem.of(
            new_id(now),
            email=f"{name}@example.com",
            username=name,
            password_hash=hash_password(PASSWORD),
            is_admin=admin,
            created_at=now,
        )
        refresh = Refresh.new(user.id)
        self._steps += [
            create(user),
            create(ReservationItem(*keys.email(email_key(user.email)), user_id=user.id)),
            create(ReservationItem(*keys.username(username_key(name)), user_id=user.id)),
            create(SessionItem.of(user, refresh.family, refresh.hash, now, now + REFRESH_LIFE)),
            owe_mail(f"USER-{user.id}", "welcome", user.id, {"name": name}, now),
            owe_mail(f"VERIFY-EMAIL-{user.id}", "verify_email", user.id, {"name": name}, now),
        ]
        token = tokens.sign(Access(user.id, user.token_version, refresh.family), now)
        return Person(user, Caller(token), refresh)

    def category(self) -> None:
        """The one that models are sorted into here."""
        now = self.clock()
        category_id = new_id(now)
        category = CategoryItem.of(
            category_id, now, name=CATEGORY, icon="📦", enabled=True, position=0
        )
        name = CategoryNameItem(*keys.category_name(CATEGORY), category_id=category_id)
        self._steps += [create(category), create(name)]

    def expected_upload(self, owner: Person, content: bytes) -> UploadItem:
        """An upload that is promised and whose file lies where it was sent to."""
        upload = self._upload(owner, content)
        self._steps.append(create(upload))
        _store(cloud.FILES, upload.incoming_key, content)
        return upload

    def upload_in_parts(self, owner: Person, content: bytes) -> UploadItem:
        """A file that has come in one part, and is not put together yet."""
        upload, s3 = self._upload(owner, content), cloud.client("s3")
        where = {"Bucket": cloud.FILES, "Key": upload.incoming_key}
        upload.multipart_id = s3.create_multipart_upload(**where)["UploadId"]
        s3.upload_part(**where, UploadId=upload.multipart_id, PartNumber=1, Body=content)
        self._steps.append(create(upload))
        return upload

    def ready_upload(self, owner: Person) -> UploadItem:
        upload = self._ready(owner, b"a product")
        self._steps.append(create(upload))
        return upload

    def model(self, creator: Person, status: str = "pending") -> ModelItem:
        """A model that waits for review, or whose review is over and on record."""
        now, upload = self.clock(), self.ready_upload(creator)
        model = ModelItem.of(
            new_id(now),
            creator.id,
            now,
            name=f"Model of {creator.item.username}",
            price_cents=PRICE_CENTS,
            category=CATEGORY,
            tags=[],
            files=[
                {
                    "format": "glb",
                    "filename": upload.filename,
                    "key": upload.asset_key,
                    "sha256": upload.sha256,
                    "size": upload.size,
                }
            ],
            upload_ids=[upload.id],
            pictures=upload.pictures,
            formats=["glb"],
            poly_count=12,
            is_rigged=False,
            is_animated=False,
            texture_resolution="None",
        )
        upload.model_id, model.status = model.id, status
        model.gsi1_pk, model.gsi1_sk = keys.model_in(status, now, model.id)
        self._steps.append(create(model))
        if status != "pending":
            model.version += 1
            action, subject, data = f"model.{status}", f"model {model.id}", {"name": model.name}
            self._steps += [
                create(DecisionItem.of(model.id, status, None, NO_ONE, now)),
                owe_mail(f"REVIEW-{model.id}", f"model_{status}", creator.id, data, now),
                record_deed(new_id(now), NO_ONE, action, subject, None, now),
            ]
        return model

    def look(self) -> Found:
        """All there is."""
        rows = cloud.client("dynamodb").scan(TableName=cloud.TABLE)["Items"]
        self._found = Found([from_image(row) for row in rows], *map(_stored, BUCKETS))
        return self._found

    def empty(self) -> None:
        """Take out everything, and let time begin anew."""
        found = self._found or self.look()
        for some in batched(found.items, 25, strict=False):
            deletions = [{"DeleteRequest": {"Key": _marshalled(item.key)}} for item in some]
            cloud.client("dynamodb").batch_write_item(RequestItems={cloud.TABLE: deletions})
        for bucket, names in zip(BUCKETS, (found.files, found.pictures), strict=True):
            if objects := [{"Key": name} for name in names]:
                cloud.client("s3").delete_objects(Bucket=bucket, Delete={"Objects": objects})
        self._found = None
        self._steps.clear()
        self.stream.skip()
        self.clock.reset()

    def _upload(self, owner: Person, content: bytes, **fields: Any) -> UploadItem:
        upload_id = new_id(self.clock())
        return UploadItem.of(
            upload_id,
            owner.id,
            filename="cube.glb",
            size=len(content),
            incoming_key=f"incoming/{owner.id}/{upload_id}/cube.glb",
            created_at=self.clock(),
            **fields,
        )

    def _ready(self, owner: Person, content: bytes) -> UploadItem:
        sha256 = hashlib.sha256(content).hexdigest()
        picture = f"pictures/{sha256[:40]}.webp"
        upload = self._upload(
            owner,
            content,
            status="ready",
            sha256=sha256,
            format="glb",
            formats=["glb"],
            facts=dataclasses.asdict(FACTS),
            pictures={"512": picture},
        )
        upload.asset_key = asset_key(upload.id, sha256)
        _store(cloud.FILES, upload.asset_key, content)
        _store(cloud.PICTURES, picture, content)
        return upload


def _store(bucket: str, key: str, content: bytes) -> None:
    cloud.client("s3").put_object(Bucket=bucket, Key=key, Body=content)


def _stored(bucket: str) -> list[str]:
    listed = cloud.client("s3").list_objects_v2(Bucket=bucket).get("Contents", [])
    return [each["Key"] for each in listed]


def _marshalled(key: keys.Key) -> dict[str, dict[str, str]]:
    return {"PK": {"S": key.pk}, "SK": {"S": key.sk}}
