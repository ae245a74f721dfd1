"""The buckets: files on their way in, the products, and the pictures everyone may see."""

import hashlib
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from botocore.exceptions import ClientError

from nexus.outside.aws import client
from nexus.settings import settings

UPLOAD_SECONDS = 3600
DOWNLOAD_SECONDS = 300
CHUNK_BYTES = 1024 * 1024
CONTENT_TYPE = "application/octet-stream"
PUBLIC_TYPES = {".webp": "image/webp", ".png": "image/png", ".glb": "model/gltf-binary"}


class FileMissing(Exception):
    """Nothing lies under the key (any more)."""


class FileTooLarge(Exception):
    """The file has more bytes than were promised."""


@dataclass(frozen=True)
class Fetched:
    sha256: str
    size: int
    etag: str


def presign_upload(key: str, size: int, sha256: str | None) -> dict[str, Any]:
    """The form `{url, fields}` with which exactly this key and size (bytes) can be sent to S3.

    https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
    """
    fields = {"Content-Type": CONTENT_TYPE}
    if sha256:
        fields["x-amz-checksum-algorithm"] = "SHA256"
        fields["x-amz-checksum-sha256"] = b64encode(bytes.fromhex(sha256)).decode()
    conditions: list[Any] = [{name: value} for name, value in fields.items()]
    conditions.append(["content-length-range", size, size])
    form: dict[str, Any] = client("s3").generate_presigned_post(
        settings().needed("aws_bucket_name"),
        key,
        Fields=dict(fields),
        Conditions=conditions,
        ExpiresIn=UPLOAD_SECONDS,
    )
    return form


def fetch(key: str, target: Path, most_bytes: int) -> Fetched:
    """Stream a file of the private bucket to disk. Raises `FileMissing` and `FileTooLarge`."""
    try:
        found = client("s3").get_object(Bucket=settings().needed("aws_bucket_name"), Key=key)
    except ClientError as error:
        if error.response["Error"]["Code"] in {"NoSuchKey", "404"}:
            raise FileMissing(key) from error
        raise
    if found["ContentLength"] > most_bytes:
        raise FileTooLarge(key)
    digest, size = hashlib.sha256(), 0
    with target.open("wb") as file:
        for chunk in found["Body"].iter_chunks(CHUNK_BYTES):
            size += file.write(chunk)
            digest.update(chunk)
    return Fetched(digest.hexdigest(), size, found["ETag"])


def asset_key(upload_id: int, sha256: str) -> str:
    return f"assets/{upload_id}/{sha256}"


def keep(key: str, upload_id: int, fetched: Fetched) -> str:
    """Copy an upload's inspected file to its immutable place among the products, and tell that.

    Raises `FileMissing` when another file has come under the key since it was fetched.
    """
    bucket = settings().needed("aws_bucket_name")
    kept = asset_key(upload_id, fetched.sha256)
    try:
        client("s3").copy_object(
            Bucket=bucket,
            Key=kept,
            CopySource={"Bucket": bucket, "Key": key},
            CopySourceIfMatch=fetched.etag,
            ContentType=CONTENT_TYPE,
            MetadataDirective="REPLACE",
        )
    except ClientError as error:
        if error.response["Error"]["Code"] in {"PreconditionFailed", "NoSuchKey", "412", "404"}:
            raise FileMissing(key) from error
        raise
    return kept


def discard(key: str) -> None:
    client("s3").delete_object(Bucket=settings().needed("aws_bucket_name"), Key=key)


def publish(picture: Path, upload_id: int) -> str:
    """Put a picture or a preview of an upload where everyone may read it.

    Tells its name, which is made of the upload and the content. Its ending is that of the file:
    .webp, .png or .glb.
    """
    content = picture.read_bytes()
    digest = hashlib.sha256(upload_id.to_bytes(8) + content).hexdigest()
    name = f"pictures/{digest[:40]}{picture.suffix}"
    client("s3").put_object(
        Bucket=settings().needed("pictures_bucket"),
        Key=name,
        Body=content,
        ContentType=PUBLIC_TYPES[picture.suffix],
        CacheControl="public, max-age=31536000, immutable",
    )
    return name


def unpublish(name: str) -> None:
    client("s3").delete_object(Bucket=settings().needed("pictures_bucket"), Key=name)


def picture_url(name: str) -> str:
    return f"{settings().pictures_url}/{name}"


def presign_download(key: str, filename: str) -> str:
    """A link that hands a product out, as a file of this name, for `DOWNLOAD_SECONDS`."""
    url: str = client("s3").generate_presigned_url(
        "get_object",
        Params={
            "Bucket": settings().needed("aws_bucket_name"),
            "Key": key,
            "ResponseContentDisposition": f"attachment; filename*=UTF-8''{quote(filename)}",
            "ResponseContentType": CONTENT_TYPE,
            "ResponseCacheControl": "private, no-store",
        },
        ExpiresIn=DOWNLOAD_SECONDS,
    )
    return url
