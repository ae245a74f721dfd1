"""What `make build` leaves behind, as Lambda will unpack it. Run by `make gate`."""

import importlib.util
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.code import NEXUS, PROJECT, sources
from tests.infrastructure.stack import Stack, referred

BUILT = PROJECT / ".aws-sam" / "build"
MEBIBYTE = 1024 * 1024
MOST_BYTES = 250 * MEBIBYTE  # what Lambda unpacks: a function and all its layers together
MOST_BYTES_OF_API = 60 * MEBIBYTE
MOST_BYTES_OF_MAIL = 20 * MEBIBYTE
MOST_BYTES_OF_SEARCH = 20 * MEBIBYTE
UNCHECKED_HASH = 0b01

pytestmark = pytest.mark.built


def folders(stack: Stack, function: str) -> list[Path]:
    """The built folder of a function, and those of the layers it wears."""
    layers = stack.of("AWS::Lambda::Function")[function]["Layers"]
    worn = [re.sub(r"[0-9a-f]{10}$", "", referred(layer)) for layer in layers]
    return [BUILT / name for name in (function, *worn)]


def unpacked(folder: Path) -> int:
    """Bytes of all files below."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file())


def python_path(folder: Path) -> str:
    return str(folder / "python" if folder.name.endswith("Layer") else folder)


def test_every_function_fits_into_a_lambda(stack: Stack) -> None:
    for function in stack.of("AWS::Lambda::Function"):
        most = MOST_BYTES if function == "ThumbnailsFunction" else MOST_BYTES_OF_API
        worn = folders(stack, function)
        most += MOST_BYTES_OF_MAIL if BUILT / "MailLayer" in worn else 0
        most += MOST_BYTES_OF_SEARCH if BUILT / "SearchLayer" in worn else 0

        assert sum(map(unpacked, worn)) <= most, function


def test_everything_is_compiled_and_trusted_unchecked() -> None:
    """Without a .pyc every cold start compiles again: the disk it would keep it on is read-only."""
    sources_built = [path for path in BUILT.rglob("*.py") if "data" not in path.parts]
    assert len(sources_built) > 1000
    for source in sources_built:
        compiled = Path(importlib.util.cache_from_source(str(source)))

        assert compiled.read_bytes()[4] == UNCHECKED_HASH, source


def test_a_function_carries_only_its_own_folder(stack: Stack) -> None:
    for function in stack.of("AWS::Lambda::Function"):
        group = function.removesuffix("Function").lower()

        assert [path.name for path in (BUILT / function).iterdir()] == [group]


def test_botocore_still_knows_every_service_we_call() -> None:
    known = {path.name for path in (BUILT / "DependenciesLayer/python/botocore/data").iterdir()}
    called = {
        service
        for source in sources(NEXUS)
        for service in re.findall(r'client\("([\w-]+)"\)', source.text)
    }
    assert {"s3", "secretsmanager"} <= called
    assert called | {"dynamodb"} <= known


@pytest.mark.skipif(
    (platform.system(), platform.machine()) != ("Linux", "x86_64"),
    reason="what is built runs on Lambda's machine only",
)
@pytest.mark.parametrize(
    "group", ["accounts", "models", "admin", "content", "projector", "mailer", "jobs", "thumbnails"]
)
def test_a_function_starts_from_what_was_built(stack: Stack, group: str) -> None:
    wanted = f"import {group}.app"
    if group == "thumbnails":
        wanted += ", numpy, embreex, PIL.Image, DracoPy, meshopt, ufbx, fast_simplification"
        wanted += ", imaging.child"
    if group == "mailer":
        wanted += ", sendgrid, jinja2"
    function = f"{group.capitalize()}Function"

    started = subprocess.run(  # noqa: S603  our own interpreter and our own words
        [sys.executable, "-S", "-c", wanted],  # -S: none of the developers' packages
        env={
            **{name: value for name, value in os.environ.items() if name.isupper()},
            "PYTHONPATH": os.pathsep.join(map(python_path, folders(stack, function))),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode == 0, started.stderr
