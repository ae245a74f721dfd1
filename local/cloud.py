"""What plays AWS on this machine: ministack, or moto's server, as a child process."""

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import httpx

from local.aws import CREDENTIALS
from local.template import ACCOUNT, PROJECT, REGION

CHILD = Path(__file__).with_name("child.py")
HOST = "127.0.0.1"
START_SECONDS = 60.0
STOP_SECONDS = 10.0


class CannotStart(Exception):
    """Something in the way that the user can remove; its text says how."""


@dataclass(frozen=True)
class Backend:
    """One way to play AWS. `command` and `environment` are given the port and the state folder."""

    python: Path
    command: Callable[[int], list[str]]
    environment: Callable[[int, Path, bool], dict[str, str]]
    health: str
    remark: str = ""


def _ministack_environment(port: int, state: Path, persist: bool) -> dict[str, str]:  # noqa: FBT001
    return CREDENTIALS | {
        "BIND_HOST": HOST,
        "GATEWAY_PORT": str(port),
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "MINISTACK_HOST": HOST,
        "MINISTACK_REGION": REGION,
        "LOG_LEVEL": "WARNING",
        "PERSIST_STATE": str(int(persist)),
        "S3_PERSIST": str(int(persist)),
        "STATE_DIR": str(state / "services"),
        "S3_DATA_DIR": str(state / "s3"),
    }


BACKENDS = {
    "ministack": Backend(
        python=PROJECT / ".venv-ministack/bin/python",
        command=lambda _port: ["ministack"],
        environment=_ministack_environment,
        health="/_ministack/ready",
    ),
    "moto": Backend(
        python=Path(sys.executable),
        command=lambda port: ["moto.server", "--host", HOST, "--port", str(port)],
        environment=lambda _port, _state, _persist: {"MOTO_ACCOUNT_ID": ACCOUNT},
        health="/moto-api/data.json",
        remark="moto does not isolate transactions, enforces no upload rules and begins no"
        " campaign at its time",
    ),
}


@contextlib.asynccontextmanager
async def running(
    backend: Backend, port: int, folder: Path, *, persist: bool = False
) -> AsyncIterator[str]:
    """Run the backend, its state and its log under `folder`; yields its url once it answers.

    Raises CannotStart when the port is taken or the backend does not come up.
    """
    check_free(port, option="AWS_PORT")
    state = folder / "cloud"
    if not persist:
        shutil.rmtree(state, ignore_errors=True)
    state.mkdir(parents=True, exist_ok=True)
    if not backend.python.exists():
        raise CannotStart(f"{backend.python} is missing. `make install` puts it there.")
    log = folder / "logs" / "aws.log"
    with log.open("wb") as words:
        process = await asyncio.create_subprocess_exec(
            *(str(backend.python), "-P", str(CHILD), *backend.command(port)),
            env=inherited() | {"TMPDIR": str(state)} | backend.environment(port, state, persist),
            cwd=state,
            stdout=words,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        url = f"http://{HOST}:{port}"
        await _wait_until_ready(process, url + backend.health, log)
        yield url
    finally:
        await stop(process)


def check_free(port: int, *, option: str) -> None:
    """Raise CannotStart, naming the option that chooses another port, when it is in use."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise CannotStart(
                f"Port {port} is in use. Stop what uses it (another `make run`?), or choose "
                f"another: make run {option}={port + 1}"
            ) from error


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


async def stop(process: asyncio.subprocess.Process) -> None:
    """End a child and everything it started, politely first."""
    for sign, patience in ((signal.SIGTERM, STOP_SECONDS), (signal.SIGKILL, None)):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, sign)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), patience)
            return


def inherited() -> dict[str, str]:
    return {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}


async def _wait_until_ready(process: asyncio.subprocess.Process, url: str, log: Path) -> None:
    async with asyncio.timeout(START_SECONDS), httpx.AsyncClient(trust_env=False) as client:
        while process.returncode is None:
            with contextlib.suppress(httpx.HTTPError):
                if (await client.get(url)).is_success:
                    return
            await asyncio.sleep(0.05)
    raise CannotStart(f"The local AWS did not start; its last words are in {log}")
