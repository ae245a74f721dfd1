"""What is committed could have been committed on any machine."""

import re

import pytest

from tests.house.code import PROJECT, committed

LOCKS = [
    "layers/dependencies/requirements.txt",
    "layers/imaging/requirements.txt",
    "layers/mail/requirements.txt",
    "layers/search/requirements.txt",
    "requirements.txt",
    "requirements-uv.txt",
    "requirements-sam.txt",
    "requirements-ministack.txt",
    "requirements-stack.txt",
    "requirements-stripe.txt",
    "requirements-audit.txt",
    "requirements-checkov.txt",
]
# Spelled in parts, so that this file does not name them either.
REGISTRIES = ["pypi" + ".org", "python" + "hosted", "index" + "-url", "find" + "-links"]
MACHINES = ["/" + "work/", "/" + "root/", "/" + "home/", "/" + "Users/"]


def requirements(lock: str) -> dict[str, str]:
    """The version of each package in a lock."""
    lines = (PROJECT / lock).read_text().splitlines()
    pinned = (re.match(r"([\w.-]+)==(\S+)", line) for line in lines)
    return {found[1]: found[2] for found in pinned if found}


@pytest.mark.parametrize("word", REGISTRIES)
def test_no_file_names_a_registry(word: str) -> None:
    assert [str(path) for path in committed() if word in (PROJECT / path).read_text()] == []


@pytest.mark.parametrize("word", MACHINES)
def test_no_file_names_a_place_on_one_machine(word: str) -> None:
    said = [
        (str(path), line.strip())
        for path in committed()
        for line in (PROJECT / path).read_text().splitlines()
        if re.search(rf"(?<![\w.}}]){word}", line)
    ]
    assert said == []


@pytest.mark.parametrize("lock", LOCKS)
def test_everything_installed_is_locked_with_its_hashes(lock: str) -> None:
    entries = re.split(r"\n(?=\S)", (PROJECT / lock).read_text().strip())
    for entry in entries:
        assert re.match(r"[\w.\[\]-]+==\S+", entry), entry
        assert "--hash=sha256:" in entry, entry.split()[0]


@pytest.mark.parametrize("lock", LOCKS)
def test_everything_asked_for_is_locked(lock: str) -> None:
    asked = (PROJECT / lock).with_suffix(".in").read_text()
    names = {
        found[1].lower() for line in asked.splitlines() if (found := re.match(r"([\w.-]+)", line))
    } - {"-r"}

    assert {name for name in names if not name.startswith("-")} <= set(requirements(lock))


@pytest.mark.parametrize("layer", LOCKS[:4])
def test_what_is_tested_is_what_is_deployed(layer: str) -> None:
    ours = requirements("requirements.txt")
    for package, version in requirements(layer).items():
        assert ours[package] == version, package
