"""Files to send: one made here, and real ones where there are any."""

import os
from functools import cache
from pathlib import Path

import pytest

from local.demo.gltf import Material, Part, glb
from local.demo.shapes import torus


@cache
def ring() -> bytes:
    """A small GLB of our own making."""
    return glb([Part("Ring", Material("Clay", "#c0603f"), torus(0.3, 0.1, 24, 12))])


def _real_files() -> list[Path]:
    folder = os.environ.get("NEXUS_ASSETS")
    return sorted(Path(folder).glob("*.glb")) if folder else []


REAL = [pytest.param(path, id=path.stem) for path in _real_files()] or [
    pytest.param(
        None, id="real files", marks=pytest.mark.skip("NEXUS_ASSETS names no folder with GLBs")
    )
]
