"""Stripe's stand-in as a process: `python -m local.stripe PORT`. It ends with its parent."""

import asyncio
import contextlib
import os
import sys

import httpx

from local.cloud import CHILD, HOST, free_port, inherited, stop
from local.servers import bind, serving
from local.stripe.peer import KEY, Peer
from local.template import PROJECT

PYTHON = PROJECT / ".venv-stripe/bin/python"
START_SECONDS = 30.0


async def main(port: int) -> None:
    upstream_port = free_port()
    upstream = f"http://{HOST}:{upstream_port}"
    process = await asyncio.create_subprocess_exec(
        *(str(PYTHON), "-P", str(CHILD), "local.stripe.start", str(upstream_port)),
        env=inherited() | {"PYTHONPATH": str(PROJECT)},
        cwd=PROJECT,
    )
    try:
        async with httpx.AsyncClient(base_url=upstream, trust_env=False, timeout=20) as http:
            await _wait_until_ready(http)
            with bind(port, option="STRIPE_PORT") as bound:
                async with serving(Peer(http).app(), [bound]):
                    await process.wait()
    finally:
        await stop(process)


async def _wait_until_ready(http: httpx.AsyncClient) -> None:
    async with asyncio.timeout(START_SECONDS):
        while True:
            with contextlib.suppress(httpx.HTTPError):
                if (await http.get("/v1/balance", auth=(KEY, ""))).is_success:
                    return
            await asyncio.sleep(0.05)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main(int(sys.argv[1])))
    os._exit(0)
