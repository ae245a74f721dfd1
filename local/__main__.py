"""The whole of Nexus Models on this machine: `python -m local`, or `make run`."""

import argparse
import asyncio
import contextlib
import importlib
import signal
import sys
import time
from pathlib import Path

import httpx

from local import runner
from local.cloud import BACKENDS, CannotStart
from local.past import past
from local.people import ADMIN, BUYERS, CREATORS, PASSWORD, People
from local.postbox import pages as postbox
from local.screen import Screen
from local.template import Template

ACCOUNTS = (ADMIN, CREATORS[0], BUYERS[0])


def main() -> int:
    arguments = _arguments()
    screen = Screen()
    try:
        return asyncio.run(_run(arguments, screen))
    except CannotStart as problem:
        screen.failure(str(problem))
        return 1


async def _run(arguments: argparse.Namespace, screen: Screen) -> int:
    stopped = asyncio.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sign, stopped.set)
    everything = asyncio.create_task(_serve(arguments, screen, stopped))
    stopping = asyncio.create_task(stopped.wait())
    await asyncio.wait([everything, stopping], return_when=asyncio.FIRST_COMPLETED)
    if not everything.done():
        screen.notice("Stopping …")
        everything.cancel()
    stopping.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await everything
    return 0


async def _serve(arguments: argparse.Namespace, screen: Screen, stopped: asyncio.Event) -> None:
    began = time.perf_counter()
    options = runner.Options(
        port=arguments.port,
        aws_port=arguments.aws_port,
        backend=arguments.backend,
        payments=arguments.payments,
        stripe_port=arguments.stripe_port,
        persist=arguments.persist,
        watch=arguments.watch,
        template=arguments.template.resolve(),
        folder=arguments.folder.resolve(),
    )
    async with runner.running(options, screen) as cloud:
        screen.console.print(f"Up after {time.perf_counter() - began:.1f} s.")
        screen.table(
            [
                ("API", cloud.api_url),
                ("Documentation", f"{cloud.api_url}/docs"),
                ("Mail (all that is sent)", f"{cloud.api_url}{postbox.PLACE}/"),
                ("AWS (S3, DynamoDB, SQS …)", cloud.aws_url),
                ("Logs", str(cloud.folder / "logs")),
            ]
        )
        if arguments.seed:
            await _seed(cloud, options.template, screen)
        screen.console.print("Ctrl-C stops it all.")
        await stopped.wait()


async def _seed(cloud: runner.Running, template: Path, screen: Screen) -> None:
    """Put the demo in; when that fails it is told, and the cloud runs on."""
    began = time.perf_counter()
    try:
        async with httpx.AsyncClient(base_url=cloud.api_url, timeout=60, trust_env=False) as http:
            people = await People.enter(http)
            screen.console.print(f"Demo accounts, all with the password “{PASSWORD}”:")
            screen.table([(account.email.split("@")[0], account.email) for account in ACCOUNTS])
            screen.console.print("Putting the demo catalogue in; the API answers meanwhile.")
            seed = await asyncio.to_thread(importlib.import_module, "local.seed")
            here = Template(template, aws_url=cloud.aws_url, api_url=cloud.api_url)
            with screen.progress() as progress, past(here) as teller:
                added = await seed.seed(people, teller, progress)
    except* Exception as errors:  # noqa: BLE001 - whatever it is, the API is up and worth having
        for error in errors.exceptions:
            screen.failure(f"The demo is incomplete: {error!r}")
    else:
        screen.done(f"Demo catalogue: {added} models added", time.perf_counter() - began)


def _arguments() -> argparse.Namespace:
    defaults = runner.Options()
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    add = parser.add_argument
    add("--port", type=int, default=defaults.port, help="of the API; 0 for any free one")
    add("--aws-port", type=int, default=defaults.aws_port, help="of the local AWS")
    add("--backend", choices=sorted(BACKENDS), default=defaults.backend)
    add("--payments", choices=["sandbox", "stripe"], default=defaults.payments)
    add("--stripe-port", type=int, default=defaults.stripe_port, help="of Stripe's stand-in")
    add("--seed", action=argparse.BooleanOptionalAction, default=True, help="the demo catalogue")
    add("--watch", action=argparse.BooleanOptionalAction, default=True, help="restart on edits")
    add("--persist", action="store_true", help="keep what is stored for the next start")
    add("--template", type=Path, default=defaults.template, help=argparse.SUPPRESS)
    add("--folder", type=Path, default=defaults.folder, help="for state and logs")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
