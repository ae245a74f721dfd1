"""Snapshots of the search index in the files' bucket, under `search/`."""

import tarfile
from dataclasses import dataclass
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from nexus.outside.aws import client
from nexus.settings import settings

MISSING = {"NoSuchKey", "404", "AccessDenied", "403"}
"""S3 tells who may not list a bucket that they may not read what is not there."""


class Unreadable(Exception):
    """S3 did not hand it out to the end, or it is not what it should be."""


@dataclass(frozen=True)
class Stored:
    key: str
    size: int


def pack(folder: Path, archive: Path) -> None:
    """Put the files of a folder, but for locks, into an archive."""
    with tarfile.open(archive, "w") as packed:
        for file in sorted(folder.iterdir()):
            if not file.name.endswith(".lock"):
                packed.add(file, arcname=file.name)


def store(key: str, archive: Path) -> None:
    with archive.open("rb") as content:
        client("s3").put_object(Bucket=_bucket(), Key=key, Body=content)


def store_text(key: str, text: str) -> None:
    client("s3").put_object(Bucket=_bucket(), Key=key, Body=text.encode())


def read_text(key: str) -> str | None:
    """A small file; `None` where there is none. Raises `Unreadable`."""
    try:
        found = client("s3").get_object(Bucket=_bucket(), Key=key)
        content: bytes = found["Body"].read()
    except ClientError as error:
        if error.response["Error"]["Code"] in MISSING:
            return None
        raise Unreadable(key) from error
    except BotoCoreError as error:
        raise Unreadable(key) from error
    return content.decode(errors="replace")


def unpack(key: str, folder: Path) -> None:
    """Put what an archive holds into a folder. Raises `Unreadable`."""
    try:
        stream = client("s3").get_object(Bucket=_bucket(), Key=key)["Body"]
        with tarfile.open(fileobj=stream, mode="r|") as packed:
            packed.extractall(folder, filter="data")
    except (ClientError, BotoCoreError, OSError, EOFError, tarfile.TarError) as error:
        raise Unreadable(f"{key}: {error!r}") from error


def stored(prefix: str) -> list[Stored]:
    """What lies under a prefix, by name."""
    pages = client("s3").get_paginator("list_objects_v2").paginate(Bucket=_bucket(), Prefix=prefix)
    return [
        Stored(each["Key"], each["Size"]) for page in pages for each in page.get("Contents", [])
    ]


def remove(key: str) -> None:
    client("s3").delete_object(Bucket=_bucket(), Key=key)


def _bucket() -> str:
    return settings().needed("aws_bucket_name")
