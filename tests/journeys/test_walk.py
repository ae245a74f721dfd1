"""Every call there is, as `python -m local.walk` makes them for whoever wants to see them."""

import asyncio
import io

import httpx
from rich.console import Console

from local.furnishing import open_categories
from local.people import People
from local.stack import Stack
from local.walk import Walk, forgotten, walk


async def demo_accounts(api_url: str) -> None:
    async with httpx.AsyncClient(base_url=api_url, timeout=60, trust_env=False) as http:
        await open_categories((await People.enter(http)).admin)


def test_every_call_answers_as_expected_and_none_is_forgotten(stack: Stack) -> None:
    asyncio.run(demo_accounts(stack.api_url), loop_factory=asyncio.new_event_loop)
    told = io.StringIO()
    with httpx.Client(base_url=stack.api_url, timeout=60, trust_env=False) as api:
        to = Walk(api, Console(file=told, width=400))
        walk(to)
        missing = forgotten(to)

    assert to.surprises == 0, told.getvalue()
    assert missing == []
