"""What pictures cost: `python -m benchmarks.thumbnails [FILE ...]`, with PYTHONPATH=.

Prints tables in Markdown. Without files it takes some of the demo catalogue, balls of many
triangles, and those files of NEXUS_ASSETS that all can open. Three numbers are processor seconds,
seconds on the clock, and MiB at most.
"""

import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.thumbnails import balls, chromium
from benchmarks.thumbnails.measuring import Cost, Failed, own_cost
from local.demo.catalogue import CATALOGUE

HOME = Path(__file__).parent
F3D = HOME.parents[1] / ".venv-f3d/bin/python"
DEMO = ("moonshot-rocket.glb", "viking-shield-and-axes.glb", "torus-knot-sculpture.stl")
REAL = ("birthday-cake.glb", "character.glb", "knight.glb", "flight-helmet/FlightHelmet.gltf")
FRAMES = 24
FOR_CHROMIUM = (".glb", ".gltf")


def main() -> None:
    with tempfile.TemporaryDirectory() as name, chromium.installed() as page:
        made = ["make", "--silent", ".venv-f3d/.installed"]
        f3d = not subprocess.run(made, cwd=HOME.parents[1], check=False).returncode
        files = [Path(each) for each in sys.argv[1:]] or list(_files(Path(name)))
        print("| processor s / clock s / MiB | ours: a still | Chromium | f3d | five stills | "
              "turntable | Chromium, still and turntable |")  # fmt: skip
        print("|---|---|---|---|---|---|---|", flush=True)
        for path in files:
            _row(path, page, Path(name), f3d=f3d)


def _row(path: Path, page: Path | None, folder: Path, *, f3d: bool) -> None:
    upload = _uploaded(path, folder)
    own = {work: _ours(upload, folder, work) for work in ("still", "stills", "turntable")}
    viewer = str(HOME / "viewer.py")
    theirs = _tried(lambda: own_cost([F3D, viewer, path, folder / "f3d.png"])) if f3d else None
    browser = [_browser(page, path, folder, frames) for frames in (0, FRAMES)]
    both = own["stills"].cpu + own["turntable"].cpu
    told = [
        path.name, str(own["still"]), _against(browser[0], own["still"].cpu),
        _against(theirs, own["still"].cpu), str(own["stills"]), str(own["turntable"]),
        _against(browser[1], both),
    ]  # fmt: skip
    print("|", " | ".join(told), "|", flush=True)


def _uploaded(path: Path, folder: Path) -> Path:
    """A file as creators send it: what lies in several is one zip."""
    if path.suffix != ".gltf":
        return path
    zipped = folder / f"{path.stem}.zip"
    with zipfile.ZipFile(zipped, "w") as archive:
        for each in path.parent.iterdir():
            archive.write(each, each.name)
    return zipped


def _ours(path: Path, folder: Path, work: str) -> Cost:
    return own_cost([sys.executable, HOME / "ours.py", work, path, folder])


def _browser(page: Path | None, path: Path, folder: Path, frames: int) -> Cost | None:
    if page is None or path.suffix not in FOR_CHROMIUM:
        return None
    with tempfile.TemporaryDirectory(dir=folder) as out:
        return _tried(lambda: chromium.measure(page, path, frames, Path(out)))


def _tried(measure: object) -> Cost | None:
    try:
        return measure()  # type: ignore[operator]
    except Failed as failed:
        print(f"<!-- {failed} -->", file=sys.stderr)
        return None


def _against(found: Cost | None, ours: float) -> str:
    return f"{found}: {found.cpu / ours:.1f} times" if found else "-"


def _files(folder: Path) -> Iterator[Path]:
    models = {model.filename: model for model in CATALOGUE}
    for name in DEMO:
        if name in models:
            (folder / name).write_bytes(models[name].build())
            yield folder / name
    assets = Path(os.environ.get("NEXUS_ASSETS", "nowhere"))
    yield from (assets / name for name in REAL if (assets / name).exists())
    for triangles in (100_000, 500_000):
        path = folder / f"ball of {triangles:,}.glb"
        path.write_bytes(balls.ball(triangles))
        yield path


if __name__ == "__main__":
    main()
