"""MTL, the materials of OBJ files: Phong, or the PBR words some exporters write."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from imaging.files import MARK
from imaging.images import Images
from imaging.scene import Material, Slot

# Of numbers there may be fewer.
_NUMBERS = {"-bm": 1, "-o": 3, "-s": 3, "-t": 3, "-mm": 2, "-boost": 1, "-texres": 1}
_WORDS = {"-blendu", "-blendv", "-clamp", "-imfchan", "-type", "-cc"}
_CLEAR = 0.01
_FILES = 20  # of one line


@dataclass
class _Entry:
    """What one newmtl says, by its words in lower case."""

    values: dict[str, list[float]] = field(default_factory=dict)
    maps: dict[str, str] = field(default_factory=dict)


class Library:
    """Materials by name, from every mtllib of an OBJ."""

    def __init__(
        self, images: Images, anywhere: Callable[[str], bytes | None], notes: list[str]
    ) -> None:
        self.images = images
        self.anywhere = anywhere
        self.notes = notes
        self.workflow = "phong"
        self._entries: dict[str, _Entry] = {}
        self._numbers: dict[str, int] = {}

    def read(self, name: str) -> None:
        """One file, or several whose names stand in one line."""
        data = self.anywhere(name)
        several = name.split()[:_FILES]
        if data is None and len(several) > 1 and any(map(self.anywhere, several)):
            for each in several:
                self.read(each)
            return
        if data is None:
            self.notes.append(f"The materials {name[:200]!r} are missing, so colors are not shown.")
            return
        entry = _Entry()
        for line in data.removeprefix(MARK).decode("utf-8", "replace").splitlines():
            word, rest = (*line.split(None, 1), "", "")[:2]
            rest = rest.strip()
            if word == "newmtl":
                entry = self._entries.setdefault(rest, _Entry())
            elif word.lower().startswith(("map_", "bump", "norm")):
                entry.maps[word.lower()] = _file(rest)
            elif rest:
                entry.values[word.lower()] = _numbers(rest.split()[:4])

    def materials(self, names: Iterable[str]) -> list[Material]:
        """In this order. Exporters mix opacity up with its opposite; a model wholly clear was not
        meant.
        """
        found = [self._material(name) for name in names]
        if all(each.base[3] <= _CLEAR for each in found):
            return [
                replace(
                    each,
                    base=(*each.base[:3], 1.0),
                    alpha="mask" if each.alpha == "mask" else "opaque",
                )
                for each in found
            ]
        return found

    def _material(self, name: str) -> Material:
        entry = self._entries.get(name, _Entry())
        if "pr" in entry.values or "map_pr" in entry.maps:
            self.workflow = "metallic-roughness"
        kd = self._slot(entry.maps.get("map_kd"))
        diffuse = entry.values.get("kd", [])
        # Exporters write black or grey beside a texture, and mean the texture.
        color = (1.0, 1.0, 1.0) if kd and sum(diffuse) < 1e-6 else _three(diffuse, 0.8)
        alpha = _opacity(entry)
        normal = self._slot(entry.maps.get("norm") or entry.maps.get("map_kn"))
        return Material(
            name=name[:200],
            base=(*color, alpha),
            metallic=min(max((entry.values.get("pm") or [0.0])[0], 0.0), 1.0),
            roughness=_roughness(entry),
            emissive=_three(entry.values.get("ke", []), 0.0),
            alpha="mask" if "map_d" in entry.maps and kd else "blend" if alpha < 1 else "opaque",
            base_slot=kd,
            normal_slot=normal,
        )

    def _slot(self, file: str | None) -> Slot | None:
        if not file:
            return None
        if file not in self._numbers:
            self._numbers[file] = self.images.add(file[:200], lambda: self.anywhere(file))
        return Slot(self._numbers[file])


def _file(rest: str) -> str:
    """The file name of a map line, past its options."""
    words = rest.split()
    while words and (words[0] in _WORDS or words[0] in _NUMBERS):
        most = _NUMBERS.get(words[0])
        taken = 1 if most is None else len(_numbers(words[1 : 1 + most]))
        words = words[1 + taken :]
    name = " ".join(words)
    return name[1:-1] if len(name) > 1 and name[0] == name[-1] == '"' else name


def _numbers(words: list[str]) -> list[float]:
    """Those that the words begin with."""
    found = []
    for word in words:
        try:
            value = float(word)
        except ValueError:
            break
        found.append(value if math.isfinite(value) else 0.0)
    return found


def _three(values: list[float], default: float) -> tuple[float, float, float]:
    """A color; exporters write the numbers people picked on screen, so they are taken as such."""
    red, green, blue = (values + values[-1:] * 3)[:3] if values else (default,) * 3
    clipped = [min(max(value, 0.0), 1.0) for value in (red, green, blue)]
    return clipped[0], clipped[1], clipped[2]


def _opacity(entry: _Entry) -> float:
    if entry.values.get("d"):
        return min(max(entry.values["d"][0], 0.0), 1.0)
    if entry.values.get("tr"):
        return 1 - min(max(entry.values["tr"][0], 0.0), 1.0)
    return 1.0


def _roughness(entry: _Entry) -> float:
    if entry.values.get("pr"):
        return min(max(entry.values["pr"][0], 0.0), 1.0)
    shine = (entry.values.get("ns") or [30.0])[0]
    specular = max(_three(entry.values.get("ks", []), 0.2))
    rough: float = (2.0 / (max(shine, 0.0) + 2.0)) ** 0.25
    return min(max(rough + 0.3 * (1 - specular), 0.2), 1.0)
