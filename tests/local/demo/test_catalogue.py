"""The whole catalogue, built once: what a visitor sees first must at least be in order."""

import hashlib
import io
import zipfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import PurePath

import pytest

from local.demo.catalogue import CATALOGUE, DemoModel

from .glb import Glb

_MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """All of them, built on both cores."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as workers:
        return dict(
            zip((m.filename for m in CATALOGUE), workers.map(built, CATALOGUE), strict=True)
        )


def built(model: DemoModel) -> bytes:
    return model.build()


def named(suffix: str) -> list[DemoModel]:
    return [model for model in CATALOGUE if PurePath(model.filename).suffix == suffix]


def test_there_are_about_two_dozen_models_of_many_kinds() -> None:
    assert 22 <= len(CATALOGUE) <= 32
    assert len({model.category for model in CATALOGUE}) >= 6
    assert {PurePath(m.filename).suffix for m in CATALOGUE} == {".glb", ".zip", ".stl", ".ply"}


def test_no_two_models_share_a_name_or_a_file(files: dict[str, bytes]) -> None:
    assert Counter(m.name for m in CATALOGUE).most_common(1)[0][1] == 1
    assert Counter(m.filename for m in CATALOGUE).most_common(1)[0][1] == 1
    assert len({hashlib.sha256(data).digest() for data in files.values()}) == len(CATALOGUE)


def test_every_model_has_words_that_sell_it_and_an_honest_price() -> None:
    for model in CATALOGUE:
        assert model.description.count(".") >= 2, model.name
        assert len(model.tags) >= 3, model.name
        assert 0 <= model.price_cents <= 10_000, model.name
    assert 1 <= sum(model.price_cents == 0 for model in CATALOGUE) <= 3


def test_the_files_are_small_enough_to_seed_and_to_keep(files: dict[str, bytes]) -> None:
    assert all(1_000 < len(data) < 8 * _MEGABYTE for data in files.values())
    assert sum(len(data) for data in files.values()) < 40 * _MEGABYTE


def test_a_model_built_again_is_the_same_file(files: dict[str, bytes]) -> None:
    """In another process even, whose hashes are seeded otherwise: two of GLB, one of the others."""
    for model in [named(".zip")[1], named(".stl")[0], named(".ply")[1], *named(".glb")[:2]]:
        assert model.build() == files[model.filename], model.name


def test_every_glb_is_sound(files: dict[str, bytes]) -> None:
    for model in named(".glb"):
        glb = Glb(files[model.filename])
        glb.check_views_lie_in_the_buffer()
        glb.check_indices_are_in_range()
        glb.check_bounds_are_true()
        assert 500 <= glb.triangles() <= 90_000, model.name


def test_the_robot_is_skinned_and_has_two_animations(files: dict[str, bytes]) -> None:
    glb = Glb(files["pip-the-robot.glb"])

    (skin,) = glb.json["skins"]
    assert len(skin["joints"]) == 11
    assert [animation["name"] for animation in glb.json["animations"]] == ["Wave", "Walk"]
    glb.check_weights_sum_to_one()
    glb.check_joints_are_bones()


def test_most_models_are_textured(files: dict[str, bytes]) -> None:
    textured = [m for m in named(".glb") if Glb(files[m.filename]).json.get("images")]
    assert len(textured) >= 20


def test_an_obj_zip_carries_all_it_refers_to(files: dict[str, bytes]) -> None:
    for model in named(".zip"):
        archive = zipfile.ZipFile(io.BytesIO(files[model.filename]))
        names = archive.namelist()
        (mtl,) = (name for name in names if name.endswith(".mtl"))
        lines = archive.read(mtl).decode().splitlines()
        textures = [line.split()[1] for line in lines if line.startswith("map_Kd")]
        assert textures
        assert set(textures) <= set(names)
