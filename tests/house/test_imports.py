"""The import law: functions → slices → table and outside → settings and errors, never back."""

from pathlib import Path

import pytest

from tests.house.code import FUNCTIONS, HOUSE, IMAGING, LOCAL, NEXUS, PROJECT, Source, sources

ROOMS = {"table", "outside", "web"}
MAY_USE = {
    "ground": {"ground"},  # settings, errors, ids, money …: single files that know no room
    "outside": {"ground", "outside"},
    "table": {"ground", "table"},
    "slice": {"ground", "table", "outside", "slice"},
    "web": {"ground", "table", "outside", "slice", "web"},
    "functions": {"ground", "slice", "web"},
}
OPEN_TO_OTHERS = {"service", "schemas"}  # what a slice shows to the rest of the house
PURE = {"nexus.accounts.names", "nexus.purchases.settlement"}  # rules, which verification applies

# Third parties, and the only places outside the tests that know them.
KEPT_IN = {
    "pynamodb": {NEXUS / "table"},
    "boto3": {NEXUS / "outside", LOCAL},
    "botocore": {NEXUS / "outside", NEXUS / "table", LOCAL},
    "fastapi": {NEXUS / "web", FUNCTIONS, LOCAL},
    "mangum": {NEXUS / "web"},
    "sendgrid": {NEXUS / "outside"},
    "python_http_client": {NEXUS / "outside"},
    "cryptography": {NEXUS / "outside", LOCAL},
    "stripe": {NEXUS / "outside"},
    "imaging": {IMAGING, FUNCTIONS / "thumbnails", LOCAL.parent / "benchmarks/thumbnails"},
    "ministack": {LOCAL},
    "moto": {LOCAL},
    "tantivy": {NEXUS / "search"},
}


def room(module: str) -> str:
    """Where a module of `nexus` lives: nexus.table.keys in the table, nexus.ids on the ground."""
    parts = module.split(".")
    if len(parts) < 2 or not (PROJECT / NEXUS / parts[1]).is_dir():
        return "ground"
    return parts[1] if parts[1] in ROOMS else "slice"


def own_room(source: Source) -> str:
    return room(".".join(source.path.relative_to(NEXUS.parent).with_suffix("").parts))


def of_nexus(source: Source) -> set[str]:
    return {name for name in source.imports if name.split(".")[0] == "nexus"}


def lives_in(source: Source, folders: set[Path]) -> bool:
    return any(source.path.is_relative_to(folder) for folder in folders)


def test_no_room_of_the_house_reaches_back() -> None:
    reaching = [
        f"{source} imports {name}"
        for source in sources(NEXUS)
        for name in of_nexus(source)
        if room(name) not in MAY_USE[own_room(source)]
    ]
    assert reaching == []


def test_the_house_knows_nothing_of_who_stands_around_it() -> None:
    around = ("imaging", "local", "tests", *(each.name for each in groups()))

    assert [str(each) for each in sources(NEXUS) if any(map(each.uses, around))] == []


def test_a_slice_is_called_at_its_service() -> None:
    deeper = [
        f"{source} imports {name}"
        for source in sources(NEXUS)
        for name in of_nexus(source)
        if room(name) == "slice"
        and name.split(".")[1] != source.path.parent.name
        and name.split(".")[2] not in OPEN_TO_OTHERS
        and not name.startswith(tuple(PURE))
    ]
    assert deeper == []


def test_functions_know_slices_and_the_web_and_nothing_deeper() -> None:
    deeper = [
        f"{source} imports {name}"
        for source in sources(FUNCTIONS)
        for name in of_nexus(source)
        if room(name) not in MAY_USE["functions"]
    ]
    assert deeper == []


def test_functions_do_not_know_each_other() -> None:
    """Each is packed alone, so what it took from another would be missing on AWS."""
    for source in sources(FUNCTIONS):
        others = [each.name for each in groups() if each.name != source.path.parts[1]]

        assert not any(map(source.uses, others)), source


def groups() -> list[Path]:
    return [each for each in (PROJECT / FUNCTIONS).iterdir() if (each / "app.py").is_file()]


def test_the_renderer_knows_nothing_of_the_house() -> None:
    """It runs in a child process that is given nothing but a file."""
    assert [str(each) for each in sources(IMAGING) if each.uses("nexus")] == []


@pytest.mark.parametrize("package", KEPT_IN)
def test_third_parties_stay_behind_their_doors(package: str) -> None:
    users = [source for source in sources(*HOUSE) if source.uses(package)]

    assert [str(user) for user in users if not lives_in(user, KEPT_IN[package])] == []


def test_only_the_settings_read_the_environment() -> None:
    readers = [
        str(source)
        for source in sources(NEXUS, FUNCTIONS)
        if {"os.environ", "os.getenv"} & (source.imports | set(source.attributes))
    ]
    assert readers in ([], [str(NEXUS / "settings.py")])
