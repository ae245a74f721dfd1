"""The local cloud for tests: the real `python -m local`, in a process of its own."""

import contextlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from local import aws, cloud
from local.template import PROJECT

START_SECONDS = 90.0
STOP_SECONDS = 20.0


class InvocationFailed(Exception):
    """A function ended with an error; holds the error document."""


@dataclass(frozen=True)
class Stack:
    """A running local cloud."""

    api_url: str
    aws_url: str
    folder: Path
    pid: int
    stripe_url: str = ""

    def client(self, service: str) -> Any:
        """A boto3 client of a service of its AWS."""
        return aws.client(service, self.aws_url)

    def invoke(self, function: str, payload: dict[str, Any]) -> Any:
        """What a function (by logical id) returns; raises InvocationFailed when it fails."""
        url = f"{self.api_url}/2015-03-31/functions/{function}/invocations"
        answer = httpx.post(url, json=payload, timeout=STOP_SECONDS * 10, trust_env=False)
        answer.raise_for_status()
        if "X-Amz-Function-Error" in answer.headers:
            raise InvocationFailed(answer.json())
        return answer.json()

    def drain(self, seconds: float = 60.0) -> None:
        """Wait until queues and streams are consumed; raises TimeoutError after `seconds`."""
        answer = httpx.post(
            f"{self.api_url}/_local/drain",
            params={"seconds": seconds},
            timeout=seconds + STOP_SECONDS,
            trust_env=False,
        )
        if answer.status_code == httpx.codes.GATEWAY_TIMEOUT:
            raise TimeoutError(f"Not drained after {seconds} s")
        answer.raise_for_status()

    def log(self, function: str) -> str:
        """What a function wrote so far."""
        return (self.folder / "logs" / f"{function}.log").read_text()


@contextlib.contextmanager
def running(
    *,
    port: int = 0,
    aws_port: int = 0,
    backend: str = "ministack",
    payments: str = "sandbox",
    seed: bool = False,
    template: Path = PROJECT / "template.yaml",
) -> Iterator[Stack]:
    """Run the local cloud, on free ports unless told which, with its state in a folder that goes.

    Raises RuntimeError with what it printed when it does not come up.
    """
    stripe_port = cloud.free_port()
    port, aws_port = port or cloud.free_port(), aws_port or cloud.free_port()
    with tempfile.TemporaryDirectory(prefix="nexus-local-") as name:
        folder = Path(name)
        output = folder / "output.txt"
        command = [
            *(sys.executable, "-P", str(cloud.CHILD), "local"),
            *("--port", str(port), "--aws-port", str(aws_port), "--backend", backend),
            *("--template", str(template), "--folder", str(folder), "--no-watch"),
            *("--payments", payments, "--stripe-port", str(stripe_port)),
            "--seed" if seed else "--no-seed",
        ]
        with output.open("wb") as screen:
            process = subprocess.Popen(
                command,
                cwd=PROJECT,
                env={**cloud.inherited(), "PYTHONPATH": str(PROJECT)},
                stdout=screen,
                stderr=subprocess.STDOUT,
            )
        try:
            api_url = f"http://{cloud.HOST}:{port}"
            stripe_url = f"http://{cloud.HOST}:{stripe_port}"
            _wait_until_ready(process, api_url, output)
            yield Stack(api_url, f"http://{cloud.HOST}:{aws_port}", folder, process.pid, stripe_url)
        finally:
            _stop(process)


def _wait_until_ready(process: subprocess.Popen[bytes], url: str, output: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(httpx.HTTPError, json.JSONDecodeError, KeyError):
            if httpx.get(f"{url}/_local/ready", trust_env=False).json()["pid"] == process.pid:
                return
        time.sleep(0.05)
    raise RuntimeError(f"The local cloud did not start:\n{output.read_text()}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()  # its children die with it
        process.wait()
