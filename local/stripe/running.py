"""Stripe's stand-in beside the local cloud: started, told where the webhooks are, and ended."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from local.cloud import CHILD, HOST, CannotStart, check_free, inherited, stop
from local.stripe.peer import KEY
from local.template import PROJECT, Template

START_SECONDS = 40.0
WEBHOOK_SECRET = "whsec_of_this_machine_only"  # noqa: S105 - and worth nothing anywhere else
CONNECT_SECRET = "whsec_of_its_sellers_only"  # noqa: S105 - the same


@dataclass(frozen=True)
class StandIn:
    url: str

    @property
    def parameters(self) -> dict[str, str]:
        """The template's parameters that lead the functions here."""
        return {
            "PaymentProvider": "stripe",
            "StripePublishableKey": "pk_test_local",
            "StripeUrl": self.url,
        }

    async def introduce(
        self, template: Template, client: Callable[[str], Any], api_url: str
    ) -> None:
        """Give the functions their secrets, and the provider the address of their webhooks."""
        await asyncio.to_thread(give_secrets, template, client("secretsmanager"))
        endpoints = {"ours": (WEBHOOK_SECRET, False), "sellers": (CONNECT_SECRET, True)}
        async with httpx.AsyncClient(trust_env=False) as http:
            for name, (secret, connect) in endpoints.items():
                wanted = {"url": f"{api_url}/api/webhooks/stripe", "secret": secret}
                told = await http.post(
                    f"{self.url}/_config/webhooks/{name}", json=wanted | {"connect": connect}
                )
                told.raise_for_status()


def give_secrets(template: Template, secretsmanager: Any) -> None:
    both = f"{WEBHOOK_SECRET} {CONNECT_SECRET}"
    for logical_id, value in (("StripeKey", KEY), ("StripeWebhookSecret", both)):
        secretsmanager.put_secret_value(SecretId=template.name(logical_id), SecretString=value)


@contextlib.asynccontextmanager
async def standing_in(port: int, folder: Path) -> AsyncIterator[StandIn]:
    """Run it, with its log under `folder`. Raises CannotStart."""
    check_free(port, option="STRIPE_PORT")
    log = folder / "logs" / "stripe.log"
    with log.open("wb") as words:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", str(CHILD), "local.stripe", str(port)),
            env=inherited() | {"PYTHONPATH": str(PROJECT)},
            cwd=PROJECT,
            stdout=words,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        stand_in = StandIn(f"http://{HOST}:{port}")
        await _wait_until_ready(process, stand_in.url, log)
        yield stand_in
    finally:
        await stop(process)


async def _wait_until_ready(process: asyncio.subprocess.Process, url: str, log: Path) -> None:
    async with asyncio.timeout(START_SECONDS), httpx.AsyncClient(trust_env=False) as client:
        while process.returncode is None:
            with contextlib.suppress(httpx.HTTPError):
                if (await client.get(f"{url}/v1/events")).is_success:
                    return
            await asyncio.sleep(0.05)
    raise CannotStart(f"Stripe's stand-in did not start; its last words are in {log}")
