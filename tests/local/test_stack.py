"""The local cloud as a whole, with a small template, in the processes it really has."""

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from local import stack
from local.cloud import CannotStart
from local.servers import bind
from local.stack import InvocationFailed, Stack
from local.template import PROJECT
from tests.local.conftest import TINY

pytestmark = pytest.mark.enable_socket


@pytest.fixture(scope="module")
def cloud() -> Iterator[Stack]:
    with stack.running(template=TINY) as running:
        yield running


def seen(cloud: Stack, source: str) -> list[dict[str, object]]:
    """The records that the function was given by an event source, in order."""
    lines = [line for line in cloud.log("Tiny").splitlines() if line.startswith('{"saw"')]
    records = [json.loads(line)["saw"] for line in lines]
    return [record for record in records if record["eventSource"] == source]


def answers(url: str) -> bool:
    with contextlib.suppress(httpx.TransportError):
        httpx.get(url)
        return True
    return False


def runs(pid: int) -> bool:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


def test_the_api_answers(cloud: Stack) -> None:
    response = httpx.get(f"{cloud.api_url}/thing/1")

    assert response.json()["greeting"] == "from the layer"


def test_an_operator_can_invoke_a_function(cloud: Stack) -> None:
    lambda_client = cloud.client("lambda")

    assert cloud.invoke("Tiny", {})["greeting"] == "from the layer"
    with pytest.raises(InvocationFailed, match="out of paper"):
        cloud.invoke("nexus-local-Tiny", {"rawPath": "/raise"})
    assert lambda_client.meta.endpoint_url == cloud.aws_url


def test_a_file_in_the_bucket_reaches_the_function_through_the_queue(cloud: Stack) -> None:
    cloud.client("s3").put_object(Bucket="nexus-local-bucket", Key="incoming/a.glb", Body=b"glTF")
    cloud.drain()

    bodies = [str(record["body"]) for record in seen(cloud, "aws:sqs")]
    assert any("incoming/a.glb" in body for body in bodies)


def test_a_change_of_the_table_reaches_the_function(cloud: Stack) -> None:
    item = {"PK": {"S": "a"}}
    cloud.client("dynamodb").put_item(TableName="nexus-local-Table", Item=item)
    cloud.drain()

    assert [record["eventName"] for record in seen(cloud, "aws:dynamodb")] == ["INSERT"]


def test_a_port_in_use_is_told_with_the_way_out(cloud: Stack) -> None:
    port = int(cloud.aws_url.rsplit(":", 1)[-1])

    with pytest.raises(CannotStart, match=f"Port {port} is in use.*make run PORT={port + 1}"):
        bind(port, option="PORT")


def test_two_do_not_share_a_folder(tmp_path: Path) -> None:
    """One would sweep away the scratch files of the other."""
    with (tmp_path / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        command = [sys.executable, "-m", "local", "--port", "0", "--folder", str(tmp_path)]
        second = subprocess.run(  # noqa: S603 - our own interpreter and module
            command, capture_output=True, text=True, check=False, cwd=PROJECT
        )

    assert second.returncode == 1
    assert "Another local cloud" in second.stdout


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGKILL])
def test_nothing_is_left_behind(sign: signal.Signals) -> None:
    with stack.running(template=TINY) as cloud:
        worker = cloud.invoke("Tiny", {})["pid"]
        os.kill(cloud.pid, sign)
        deadline = time.monotonic() + 20
        left = [True]
        while time.monotonic() < deadline and any(left):
            time.sleep(0.02)
            left = [runs(worker), answers(cloud.aws_url), answers(cloud.api_url)]

    assert not any(left)
