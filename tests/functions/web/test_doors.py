"""Every route says who may enter, and browsers may ask first."""

import pytest
from fastapi import Depends

from nexus.web.app import api, router
from nexus.web.identity import Anyone, CurrentUser
from tests.gateway import Caller


def test_a_route_that_does_not_say_who_may_enter_stops_the_function() -> None:
    open_by_mistake = router("/api/new")

    @open_by_mistake.get("")
    async def forgotten() -> None: ...

    with pytest.raises(RuntimeError, match="/api/new does not say who may enter"):
        api(open_by_mistake)


def test_a_door_further_in_counts() -> None:
    guarded = router("/api/new")

    async def inner(user: CurrentUser) -> int:
        return user.id

    @guarded.get("/inner")
    async def nested(_: int = Depends(inner)) -> None: ...

    @guarded.get("/open", dependencies=[Anyone])
    async def on_purpose() -> None: ...

    api(guarded)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/auth/login"),
        ("GET", "/api/models"),
        ("POST", "/api/models/1/purchase"),
        ("POST", "/api/uploads/"),
        ("GET", "/api/admin/stats"),
        ("DELETE", "/api/models/1"),
    ],
)
def test_a_preflight_is_answered_well(method: str, path: str, visitor: Caller) -> None:
    asked = {
        "Origin": "http://localhost:3000",
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization,content-type",
    }

    answer = visitor.options(path, headers=asked)

    assert answer.status_code == 204
    assert answer.content == b""
