"""Facts of glTF files against Khronos' validator, wherever both tell the same thing."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from imaging.report import Facts
from imaging.sandbox import Limits, process
from tests.imaging.features import FEATURES, animated

HOME = Path(__file__).parent.parent / "validator"
ASSETS = Path(os.environ.get("NEXUS_ASSETS", "nowhere"))
REAL = ("knight.glb", "knight-draco.glb", "knight-meshopt.glb", "birthday-cake.glb")
Validate = Callable[[list[Path]], list[dict[str, Any]]]

pytestmark = pytest.mark.skipif(
    not (shutil.which("node") and shutil.which("npm")),
    reason="the validator needs node and npm, and they are not installed",
)


@pytest.fixture(scope="module")
def validate(tmp_path_factory: pytest.TempPathFactory) -> Validate:
    """The validator, installed from its lock, by its hash."""
    home = tmp_path_factory.mktemp("validator")
    for path in HOME.iterdir():
        shutil.copy(path, home)
    npm = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    if subprocess.run(npm, cwd=home, check=False, capture_output=True).returncode:  # noqa: S603
        pytest.skip("npm could not install the validator")

    def validate(files: list[Path]) -> list[dict[str, Any]]:
        node: list[str | Path] = ["node", home / "validate.js", *files]
        ended = subprocess.run(node, check=True, capture_output=True)  # noqa: S603
        found: list[dict[str, Any]] = json.loads(ended.stdout)
        return found

    return validate


def ours(path: Path, out: Path) -> Facts:
    facts = process(path, path.name, out, Limits(picture_size=48)).facts
    assert facts is not None, path
    return facts


def told(facts: Facts) -> dict[str, Any]:
    """Our facts in the validator's words."""
    return {
        "totalTriangleCount": facts.unique_triangles,
        "totalVertexCount": facts.vertices,
        "materialCount": facts.materials,
        "hasSkins": facts.is_rigged,
        "hasMorphTargets": facts.morphs > 0,
        "hasTextures": len(facts.textures) > 0,
        "maxUVs": facts.uv_sets,
        "extensionsUsed": facts.extensions,
    }


def sizes(said: dict[str, Any]) -> list[tuple[int, int]]:
    """Width and height of every image."""
    found = [each["image"] for each in said["info"].get("resources", ()) if "image" in each]
    return sorted((image["width"], image["height"]) for image in found)


def test_facts_are_those_of_the_validator(validate: Validate, tmp_path: Path) -> None:
    files = [tmp_path / f"{name}.glb" for name in FEATURES]
    for path, made in zip(files, FEATURES.values(), strict=True):
        path.write_bytes(made().glb())
    files += [ASSETS / name for name in REAL if ASSETS.is_dir()]

    for path, said in zip(files, validate(files), strict=True):
        assert path.name in REAL or said["issues"]["numErrors"] == 0, said["issues"]
        facts = ours(path, tmp_path / "out")
        info = {"extensionsUsed": []} | said["info"]
        assert told(facts) == {name: info[name] for name in told(facts)}, path.name
        assert facts.animations <= info["animationCount"]
        images = sorted((each.width, each.height) for each in facts.textures)
        assert images == sizes(said), path.name


def test_animations_that_move_are_counted_and_empty_ones_are_not(
    validate: Validate, tmp_path: Path
) -> None:
    path = tmp_path / "takes.glb"
    path.write_bytes(animated([[0, 0, 0], [0, 1, 0]], [[1, 1, 1], [1, 1, 1]]).glb())

    (said,) = validate([path])

    assert said["info"]["animationCount"] == 2
    assert ours(path, tmp_path / "out").animations == 1
