"""What a function does not import, its cold start does not pay for."""

import os
import subprocess
import sys

import pytest

from local.template import project
from tests.house.code import PROJECT

HEAVY = (
    "boto3",
    "jinja2",
    "sendgrid",
    "numpy",
    "PIL",
    "embreex",
    "s3transfer",
    "imaging",
    "moto",
    "tantivy",
    "uvicorn",
    "stripe",
)
GROUPS = (
    "accounts",
    "models",
    "bounties",
    "admin",
    "content",
    "projector",
    "mailer",
    "campaigns",
    "receipts",
    "webhooks",
    "jobs",
)
WORN = {"models": {"tantivy"}, "jobs": {"tantivy"}}  # 8 ms
FOLDERS = ("functions", "layers/nexus/python", "layers/imaging/python")
PRINT_IMPORTED = "import sys, {0}.app; print(*sorted(set({1}) & set(sys.modules)))"


@pytest.mark.parametrize("group", GROUPS)
def test_a_function_starts_without_what_it_does_not_wear(group: str) -> None:
    environment = project().environment(f"{group.capitalize()}Function") | {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(str(PROJECT / folder) for folder in FOLDERS),
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    imported = subprocess.run(  # noqa: S603  our own interpreter and our own words
        [sys.executable, "-c", PRINT_IMPORTED.format(group, HEAVY)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert set(imported.stdout.split()) == WORN.get(group, set())
