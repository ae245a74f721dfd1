"""Large files, which come to S3 in parts (multipart uploads).

https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
"""

from base64 import b64encode
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from nexus.outside.aws import client
from nexus.outside.files import CONTENT_TYPE, UPLOAD_SECONDS
from nexus.settings import settings


class PartsMissing(Exception):
    """There is no such multipart upload (any more): it was completed, or given up for its age."""


class PartsChanged(Exception):
    """A part came again, or anew, since the parts were listed."""


_MEANT: dict[str, type[Exception]] = {
    "NoSuchUpload": PartsMissing,
    "InvalidPart": PartsChanged,
    "InvalidPartOrder": PartsChanged,
}
"""https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html"""


@dataclass(frozen=True)
class Received:
    number: int
    size: int
    etag: str
    sha256: str | None


def begin(key: str, *, checked: bool) -> str:
    """Let a file come in parts; tells the id that S3 knows this by.

    Where it is checked, S3 takes no part without a checksum.
    """
    checksums = {"ChecksumAlgorithm": "SHA256"} if checked else {}
    started = client("s3").create_multipart_upload(
        Bucket=_bucket(), Key=key, ContentType=CONTENT_TYPE, **checksums
    )
    return str(started["UploadId"])


def presign_part(key: str, multipart_id: str, number: int, sha256: str | None) -> str:
    """An address for a PUT of one part; with `sha256` (hexadecimal) S3 takes only that content."""
    wanted = {
        "Bucket": _bucket(),
        "Key": key,
        "UploadId": multipart_id,
        "PartNumber": number,
    }
    if sha256:
        wanted["ChecksumSHA256"] = checksum(sha256)
    url: str = client("s3").generate_presigned_url("upload_part", wanted, UPLOAD_SECONDS)
    return url


def checksum(sha256: str) -> str:
    """As S3 writes it: base64 of the digest."""
    return b64encode(bytes.fromhex(sha256)).decode()


def received(key: str, multipart_id: str) -> list[Received]:
    """The parts that have come so far. Raises `PartsMissing`.

    S3 tells a thousand at once, which is more than our largest file has.
    """
    try:
        told = client("s3").list_parts(Bucket=_bucket(), Key=key, UploadId=multipart_id)
    except ClientError as error:
        raise _meant(error, key) from error
    return [
        Received(each["PartNumber"], each["Size"], each["ETag"], each.get("ChecksumSHA256"))
        for each in told.get("Parts", [])
    ]


def join(key: str, multipart_id: str, parts: list[Received]) -> None:
    """Make one file of all parts, which then is announced.

    Raises `PartsMissing`, and `PartsChanged` where these are not the parts that are there.
    """
    try:
        client("s3").complete_multipart_upload(
            Bucket=_bucket(),
            Key=key,
            UploadId=multipart_id,
            MultipartUpload={"Parts": [_named(part) for part in parts]},
        )
    except ClientError as error:
        raise _meant(error, key) from error


def _named(part: Received) -> dict[str, Any]:
    checked = {"ChecksumSHA256": part.sha256} if part.sha256 else {}
    return {"PartNumber": part.number, "ETag": part.etag} | checked


def _meant(error: ClientError, key: str) -> Exception:
    meant = _MEANT.get(error.response["Error"]["Code"])
    return meant(key) if meant else error


def _bucket() -> str:
    return settings().needed("aws_bucket_name")
