"""Who is calling, as a type. A route takes one of these or does not start."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.security import OAuth2PasswordBearer

from nexus.accounts import service as accounts
from nexus.errors import Forbidden, NotAuthenticated
from nexus.table.users import UserItem

_oauth2 = OAuth2PasswordBearer(tokenUrl="/api/auth/login", auto_error=False)


def now() -> datetime:
    return datetime.now(UTC)


async def this_moment() -> datetime:
    """A dependency that were no coroutine would hop through a thread, at every request."""
    return now()


Now = Annotated[datetime, Depends(this_moment)]


async def anyone() -> None:
    """The door without a lock."""


async def visitor(
    request: Request, at: Now, _: Annotated[str | None, Depends(_oauth2)]
) -> UserItem | None:
    """The user, where the caller says who they are; a token that is no good is refused."""
    header = request.headers.get("authorization")
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NotAuthenticated
    user = accounts.recognise(token.strip(), now=at)
    request.scope["user_id"] = user.id
    return user


async def current_user(user: Annotated[UserItem | None, Depends(visitor)]) -> UserItem:
    if user is None:
        raise NotAuthenticated
    return user


async def current_admin(user: Annotated[UserItem, Depends(current_user)]) -> UserItem:
    if not user.is_admin:
        raise Forbidden
    return user


Anyone = Depends(anyone)
Visitor = Annotated[UserItem | None, Depends(visitor)]
CurrentUser = Annotated[UserItem, Depends(current_user)]
CurrentAdmin = Annotated[UserItem, Depends(current_admin)]

DOORS: frozenset[Callable[..., Any]] = frozenset({anyone, visitor, current_user, current_admin})


async def source_address(request: Request) -> str:
    """The IP address that API Gateway saw; never a header, which anyone can write."""
    context = request.scope.get("aws.event", {}).get("requestContext", {})
    return str(context.get("http", {}).get("sourceIp", "unknown"))


SourceAddress = Annotated[str, Depends(source_address)]
