"""Names, keys and sizes."""

import re
from pathlib import Path

from tests.house.code import FUNCTIONS, HOUSE, IMAGING, NEXUS, PROJECT, TESTS, Source, sources

NAMES_THAT_SAY_NOTHING = {"base", "common", "crud", "helpers", "misc", "models", "utils"}
LONGEST_FILE = 300
LONGEST_FUNCTION = 40
LONGEST_EDGE = 150


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert [
        str(each) for each in sources(*HOUSE, TESTS) if each.path.stem in NAMES_THAT_SAY_NOTHING
    ] == []


def test_key_prefixes_are_spelled_in_the_key_map_only() -> None:
    keys = Source(NEXUS / "table/keys.py")
    prefixes = {found for text in keys.strings for found in re.findall(r"\b[A-Z0-9]+#", text)}
    assert "USER#" in prefixes

    strangers = [
        (str(source), text)
        for source in sources(NEXUS, FUNCTIONS)
        if source.path != keys.path
        for text in source.strings
        if any(re.search(rf"\b{prefix}", text) for prefix in prefixes)
    ]
    assert strangers == []


def lines(source: Source) -> int:
    return source.text.count("\n")


THE_KEY_MAP = "layers/nexus/python/nexus/table/keys.py"
"""One file by law, however many keys there are; half of it is the map in its docstring."""


def test_a_file_can_be_read_in_one_go() -> None:
    long = [str(each) for each in sources(*HOUSE, TESTS) if lines(each) > LONGEST_FILE]
    assert [each for each in long if each != THE_KEY_MAP] == []


def test_an_edge_is_thin() -> None:
    assert [str(each) for each in sources(FUNCTIONS) if lines(each) > LONGEST_EDGE] == []


def test_a_function_can_be_read_at_a_glance() -> None:
    long = [
        f"{source}: {each.name}"
        for source in sources(NEXUS, FUNCTIONS, IMAGING)
        for each in source.functions
        if (each.end_lineno or 0) - each.lineno >= LONGEST_FUNCTION
    ]
    assert long == []


def test_each_slice_has_the_same_files() -> None:
    rooms = {"erasure", "outside", "reactions", "table", "web"}  # two of them have no payload
    slices = [each for each in (PROJECT / NEXUS).iterdir() if (each / "__init__.py").is_file()]
    for folder in slices:
        if folder.name not in rooms:
            assert {Path("service.py"), Path("schemas.py")} <= {
                file.relative_to(folder) for file in folder.iterdir()
            }, folder.name
