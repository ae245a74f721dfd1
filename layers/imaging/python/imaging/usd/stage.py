"""Layers composed to one tree: variants chosen, references of the package followed."""

import posixpath
import re
from collections.abc import Callable
from dataclasses import replace

from imaging import caps
from imaging.errors import Refused
from imaging.files import MARK
from imaging.usd import text, values
from imaging.usd.text import Prim, damaged

Read = Callable[[str], bytes | None]

_ARCS = ("inherits", "references", "payload", "specializes")
_CHAIN = 32
_TARGET = re.compile(r"(?:@@@(?P<long>.*?)@@@|@(?P<file>[^@]*)@)?\s*(?:<(?P<path>[^>]*)>)?",
                     re.DOTALL)  # fmt: skip


class Stage:
    """`root` holds the root prims of the composed scene."""

    def __init__(self, data: bytes, name: str, read: Read, notes: list[str]) -> None:
        self.read = read
        self.notes = notes
        self.layers: dict[str, Prim] = {}
        self._prims = 0
        base = self.layers.setdefault(posixpath.normpath(name), _decoded(data))
        self.metadata = base.metadata
        self.root = self._composed(self._with_sublayers(base, name, 0), "", name, 0)

    def find(self, path: str) -> Prim | None:
        """The prim of an absolute path, whatever property the path ends in."""
        prim: Prim | None = self.root
        for name in path.partition(".")[0].strip("/").split("/"):
            prim = prim.children.get(name) if prim else None
        return prim

    def _with_sublayers(self, layer: Prim, name: str, depth: int) -> Prim:
        for written in re.findall(r"@[^@]*@", layer.metadata.get("subLayers", "")):
            below, at = self._layer(values.file(written), name)
            if below is not None and depth < _CHAIN:
                layer = _merged(layer, self._with_sublayers(below, at, depth + 1))
        return layer

    def _layer(self, written: str, beside: str) -> tuple[Prim | None, str]:
        path = posixpath.normpath(posixpath.join(posixpath.dirname(beside), written))
        if path not in self.layers:
            data = self.read(path)
            if data is None:
                self.notes.append(f"The part {written[:200]!r} is missing, so it is not shown.")
                return None, path
            if len(self.layers) > _CHAIN * _CHAIN:
                raise Refused("too_complex", "This USD file is made of too many files.")
            self.layers[path] = _decoded(data)
        return self.layers[path], path

    def _composed(self, prim: Prim, path: str, layer: str, chain: int) -> Prim:
        """With what its variants and arcs bring, weaker than what it says itself."""
        self._prims += 1
        if self._prims > caps.PLACED or path.count("/") > caps.DEPTH // 2 or chain > _CHAIN:
            raise Refused(
                "too_complex", "The prims of this USD file refer to each other endlessly."
            )
        made = _with_variants(prim)
        for arc in _ARCS:
            for below, source, at in self._targets(made.metadata.get(arc, ""), layer):
                weaker = self._composed(below, path, at, chain + 1)
                made = _merged(made, _relocated(weaker, source, path))
        children = {
            name: self._composed(child, f"{path}/{name}", layer, chain)
            for name, child in made.children.items()
        }
        return replace(made, children=children, variants={}, metadata={
            name: value for name, value in made.metadata.items() if name not in _ARCS
        })  # fmt: skip

    def _targets(self, written: str, layer: str) -> list[tuple[Prim, str, str]]:
        """The prims that an arc names, their paths at home, and the layers they are from."""
        found = []
        for match in _TARGET.finditer(written):
            file, path = match["long"] or match["file"], match["path"]
            if not file and not path:
                continue
            holder, at = self._layer(file, layer) if file else (self.layers[_key(layer)], layer)
            home = (path or _default(holder)) if holder else ""
            below = _inside(holder, home) if holder and home else None
            if below is not None:
                found.append((below, home, at))
        return found


def _key(layer: str) -> str:
    return posixpath.normpath(layer)


def _default(layer: Prim) -> str:
    named = values.words(layer.metadata.get("defaultPrim", ""))
    return f"/{named[0]}" if named else ""


def _inside(layer: Prim, path: str) -> Prim | None:
    prim: Prim | None = layer
    for name in path.strip("/").split("/"):
        prim = prim.children.get(name) if prim else None
    return prim


def _relocated(prim: Prim, source: str, path: str) -> Prim:
    """Targets inside of what was at `source` now mean what is at `path`."""
    pattern = re.compile(f"<{re.escape(source)}(?=[/.>])")

    def moved(written: str) -> str:
        return pattern.sub(lambda _: f"<{path}", written) if "<" in written[:3] else written

    properties = {
        name: replace(each, value=moved(each.value), connected=moved(each.connected))
        for name, each in prim.properties.items()
    }
    children = {name: _relocated(child, source, path) for name, child in prim.children.items()}
    return replace(prim, properties=properties, children=children)


def _with_variants(prim: Prim) -> Prim:
    chosen = dict(
        re.findall(r'string\s+"?(\w+)"?\s*=\s*"([^"]*)"', prim.metadata.get("variants", ""))
    )
    for name, bodies in prim.variants.items():
        if body := bodies.get(chosen.get(name, "")):
            prim = _merged(prim, replace(body, metadata={}))
    return prim


def _merged(strong: Prim, weak: Prim) -> Prim:
    children = dict(weak.children)
    for name, child in strong.children.items():
        children[name] = _merged(child, children[name]) if name in children else child
    variants = weak.variants | strong.variants
    return Prim(
        "def" if "def" in (strong.kind, weak.kind) else strong.kind,
        strong.type or weak.type,
        strong.name,
        weak.metadata | strong.metadata,
        weak.properties | strong.properties,
        children,
        variants,
    )


def _decoded(data: bytes) -> Prim:
    import tinyusdz

    data = data.removeprefix(MARK)
    kind = "usdc" if data[:8] == b"PXR-USDC" else "usda"
    try:
        return text.layer(tinyusdz.load_bytes(data, kind).export_to_string())
    except (tinyusdz.UsdError, UnicodeDecodeError, ValueError) as error:
        raise damaged("it cannot be decoded") from error
    except RecursionError as error:
        raise Refused("too_complex", "The prims of this USD file are nested too deeply.") from error
