"""Edits that name the version they are made on (RFC 9110 §13.1.1), so that none gets lost.

The ETag of something editable begins with its version; public reads add a hash of the content
after a dot. Only the version counts for `If-Match`.
"""

from typing import Annotated

from fastapi import Depends, Header, Response

from nexus.errors import PreconditionFailed, PreconditionRequired

IfMatch = Annotated[
    str | None,
    Header(max_length=200, description="The ETag of what is edited; 412 when it has changed."),
]
ANY_VERSION = None


def tag(response: Response, version: int) -> None:
    """Tell the version of what is answered."""
    response.headers["ETag"] = f'"{version}"'


async def optional_version(if_match: IfMatch = None) -> int | None:
    """The version the caller expects; `None` where any will do. Raises `PreconditionFailed`."""
    if if_match is None or if_match.strip() == "*":
        return ANY_VERSION
    version = if_match.strip().strip('"').partition(".")[0]
    if not version.isdecimal() or len(version) > 15:
        raise PreconditionFailed
    return int(version)


async def required_version(
    version: Annotated[int | None, Depends(optional_version)], if_match: IfMatch = None
) -> int | None:
    """As `optional_version`, but the caller must say. Raises `PreconditionRequired`."""
    if if_match is None:
        raise PreconditionRequired("Send the ETag of what you edit in the If-Match header")
    return version


async def first_look(
    if_none_match: Annotated[str | None, Header(max_length=1000)] = None,
) -> bool:
    """False for who has an answer already and asks whether it still holds (RFC 9110 §13.1.2).

    That is no new view; counting it would change the answer each time.
    """
    return if_none_match is None


FirstLook = Annotated[bool, Depends(first_look)]
OptionalVersion = Annotated[int | None, Depends(optional_version)]
RequiredVersion = Annotated[int | None, Depends(required_version)]
