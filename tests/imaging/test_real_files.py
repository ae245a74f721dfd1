"""Files made by artists, where the setting NEXUS_ASSETS tells where they lie."""

import os
import zipfile
from pathlib import Path

import pytest

from imaging.report import Report
from imaging.sandbox import Limits, process

ASSETS = Path(os.environ.get("NEXUS_ASSETS", "nowhere"))
pytestmark = pytest.mark.skipif(
    not ASSETS.is_dir(), reason="NEXUS_ASSETS does not name the folder of real 3D files"
)


def look(name: str, tmp_path: Path) -> Report:
    """A file of the assets, or a folder of them zipped."""
    source = ASSETS / name
    if source.is_dir():
        zipped = tmp_path / f"{name}.zip"
        with zipfile.ZipFile(zipped, "w") as archive:
            for path in sorted(source.iterdir()):
                archive.write(path, path.name)
        source = zipped
    report = process(source, source.name, tmp_path / "out", Limits(picture_size=192, frames=2))
    assert report.peak_bytes < 700 * 1024 * 1024
    return report


@pytest.mark.parametrize("name", ["knight.glb", "knight-draco.glb", "knight-meshopt.glb"])
def test_the_knight_is_the_same_however_it_is_compressed(name: str, tmp_path: Path) -> None:
    facts = look(name, tmp_path).facts

    assert facts is not None
    assert (facts.triangles, facts.meshes, facts.joints, facts.is_rigged) == (6952, 15, 41, True)
    assert (facts.animations, facts.texture_resolution) == (69, "1K")
    assert facts.bounding_box.size == pytest.approx((2.689, 2.467, 2.577), abs=0.002)
    assert facts.notes == ["An animation of the model moves nothing."]


def test_a_helmet_with_fifteen_textures(tmp_path: Path) -> None:
    report = look("flight-helmet", tmp_path)

    assert (report.status, report.format) == ("ready", "gltf")
    assert report.facts is not None
    assert (report.facts.triangles, len(report.facts.textures)) == (94722, 15)


def test_a_house_of_obj_mtl_and_png(tmp_path: Path) -> None:
    report = look("building-h", tmp_path)

    assert (report.status, report.format) == ("ready", "obj")
    assert report.facts is not None
    assert (report.facts.triangles, report.facts.notes) == (1885, [])


def test_an_fbx_without_its_texture_shows_its_shape(tmp_path: Path) -> None:
    report = look("axe.fbx", tmp_path)

    assert (report.status, report.format) == ("ready", "fbx")
    assert report.facts is not None
    assert report.facts.triangles == 508
    assert report.facts.bounding_box.size == pytest.approx((1.24, 1.72, 0.26), abs=0.01)
    assert "barbarian_texture.png" in report.facts.notes[0]


def test_a_usdz_with_its_textures_and_its_animation(tmp_path: Path) -> None:
    report = look("animated-cube.usdz", tmp_path)

    assert (report.status, report.format) == ("ready", "usdz")
    assert report.facts is not None
    assert (report.facts.triangles, report.facts.animations) == (12, 1)
    assert [texture.width for texture in report.facts.textures] == [512, 512]
    assert report.facts.bounding_box.size == pytest.approx((2, 2, 2), abs=1e-4)
    assert report.facts.notes == []


def test_a_cake_and_a_character(tmp_path: Path) -> None:
    cake = look("birthday-cake.glb", tmp_path).facts
    character = look("character.glb", tmp_path).facts

    assert cake is not None
    assert character is not None
    assert (cake.triangles, cake.unique_triangles, cake.materials) == (1332, 1332, 7)
    assert (character.is_rigged, character.animations) == (False, 3)


@pytest.mark.parametrize("part", [0.02, 0.3, 0.6, 0.95])
@pytest.mark.parametrize("name", ["axe.fbx", "knight-draco.glb"])
def test_real_files_cut_short_are_refused(name: str, part: float, tmp_path: Path) -> None:
    data = (ASSETS / name).read_bytes()
    cut = tmp_path / "cut"
    cut.write_bytes(data[: int(len(data) * part)])

    report = process(cut, name, tmp_path / "out", Limits(picture_size=48))

    assert report.status == "rejected"
    assert report.reason_code in ("truncated", "damaged")
