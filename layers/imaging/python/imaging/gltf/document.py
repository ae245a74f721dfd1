"""The JSON of a glTF file with its buffers, every field typed and bounded as it is read."""

import base64
import binascii
import json
import math
import re
import struct
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import unquote

from imaging import caps, files
from imaging.errors import Refused

Json = dict[str, Any]
Beside = Callable[[str], bytes | None]
Data = bytes | memoryview

_GLB = struct.Struct("<4sII")
_CHUNK = struct.Struct("<I4s")


def damaged(what: str) -> Refused:
    return Refused("damaged", f"This file is not a valid glTF: {what}.")


def whole(value: Any, what: str, most: int, *, least: int = 0) -> int:
    """A JSON integer between `least` and `most`."""
    number = value if isinstance(value, int) else _integral(value)
    if number is None or isinstance(value, bool) or number < least:
        raise damaged(f"{what} is not a number it can be")
    if number > most:
        raise damaged(f"{what} is {number}, but at most {most} is possible")
    return number


def place(index: Any, among: list[Json], name: str) -> int:
    """An index that some object gave into a top-level list."""
    at = whole(index, f"an index into {name}", caps.JSON_BYTES)
    if at >= len(among):
        raise damaged(f"it names one of {name} that is not there")
    return at


def _integral(value: Any) -> int | None:
    return int(value) if isinstance(value, float) and value.is_integer() else None


def numbers(value: Any, what: str, default: tuple[float, ...]) -> tuple[float, ...]:
    """As many finite JSON numbers as `default` has, which stands in when there are none."""
    if value is None:
        return default
    if not isinstance(value, list) or len(value) != len(default):
        raise damaged(f"{what} does not have {len(default)} numbers")
    return tuple(number(item, what, 0.0) for item in value)


def number(value: Any, what: str, default: float) -> float:
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e30:
        raise damaged(f"{what} is not a number")
    if not math.isfinite(value):
        raise damaged(f"{what} is not a finite number")
    return float(value)


def items(holder: Json, name: str) -> list[Json]:
    """A list of JSON objects; empty when absent."""
    found = holder.get(name, [])
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise damaged(f"{name} is not a list of objects")
    return found


def table(holder: Json, name: str) -> Json:
    """A JSON object; empty when absent."""
    found = holder.get(name, {})
    if not isinstance(found, dict):
        raise damaged(f"{name} is not an object")
    return cast("Json", found)


def extension(holder: Json, name: str) -> Json | None:
    found = table(holder, "extensions").get(name)
    if found is not None and not isinstance(found, dict):
        raise damaged(f"{name} is not an object")
    return found


class Document:
    """One glTF file. `json` is untrusted; `view` and `buffer` give checked bytes."""

    def __init__(self, json_bytes: bytes, binary: Data | None, beside: Beside) -> None:
        self.json = _parse(json_bytes)
        self._binary = binary
        self._beside = beside
        self._buffers: dict[int, Data] = {}
        self._lists: dict[str, list[Json]] = {}
        version = str(table(self.json, "asset").get("version", ""))
        if not version.startswith("2"):
            raise Refused("unsupported", "This file is not glTF 2.0; export it as glTF 2.0.")

    def list(self, name: str) -> list[Json]:
        if name not in self._lists:
            self._lists[name] = items(self.json, name)
        return self._lists[name]

    def pick(self, name: str, index: Any) -> Json:
        """An object of a top-level list, by an index that some other object gave."""
        return self.list(name)[place(index, self.list(name), name)]

    def buffer(self, index: Any) -> Data:
        found = self.list("buffers")
        at = place(index, found, "buffers")
        if at not in self._buffers:
            self._buffers[at] = self._load(at, found[at])
        return self._buffers[at]

    def view(self, index: Any) -> memoryview:
        """Bytes of an uncompressed buffer view."""
        view = self.pick("bufferViews", index)
        return self.part(view, "a buffer view")

    def part(self, view: Json, what: str) -> memoryview:
        data = self.buffer(view.get("buffer"))
        start = whole(view.get("byteOffset", 0), f"the start of {what}", len(data))
        length = whole(view.get("byteLength"), f"the length of {what}", len(data) - start)
        return memoryview(data)[start : start + length]

    def resource(self, uri: Any) -> bytes | None:
        """Bytes of a data URI or of a file beside this one; None when it is not there."""
        if not isinstance(uri, str):
            raise damaged("a uri is not text")
        if uri.startswith("data:"):
            return _inline(uri)
        return self._beside(_local(uri))

    def _load(self, at: int, buffer: Json) -> Data:
        length = whole(buffer.get("byteLength"), "the length of a buffer", caps.FILE_BYTES)
        uri = buffer.get("uri")
        data = self._binary if uri is None and at == 0 else self.resource(uri) if uri else None
        if data is None:
            name = f"the file {uri!r}" if uri else "a buffer"
            raise Refused(
                "damaged",
                f"This file needs {name}, which is missing. Export it as GLB, or upload a zip "
                "of all its files.",
            )
        if len(data) < length:
            raise Refused("truncated", "This file is cut short: a buffer ends before it should.")
        return data


def _parse(data: bytes) -> Json:
    if len(data) > caps.JSON_BYTES:
        raise Refused("too_complex", "The glTF description in this file is too long.")
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise damaged("its JSON cannot be read") from error
    if not isinstance(found, dict):
        raise damaged("its JSON is not an object")
    return found


def _inline(uri: str) -> bytes:
    head, comma, body = uri.partition(",")
    if not comma or not head.endswith(";base64"):
        raise damaged("a data URI is not base64")
    try:
        return base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError) as error:
        raise damaged("a data URI is not base64") from error


def _local(uri: str) -> str:
    name = unquote(uri).replace("\\", "/")
    if re.match(r"^[A-Za-z][A-Za-z0-9+.-]*:", name) or name.startswith("/"):
        raise Refused("unsafe", "This file points to a file elsewhere. Put all files inside it.")
    if ".." in name.split("/") or "\0" in name:
        raise Refused("unsafe", "This file points outside its own folder.")
    return name.removeprefix("./")


def glb(data: files.Data, beside: Beside) -> Document:
    """Take a GLB apart into its JSON and binary chunks."""
    if len(data) < _GLB.size + _CHUNK.size:
        raise Refused("truncated", "This GLB is cut short.")
    _, version, length = _GLB.unpack_from(data)
    if version != 2:
        raise Refused("unsupported", f"This GLB has version {version}; export it as glTF 2.0.")
    if length > len(data):
        raise Refused("truncated", "This GLB is cut short: upload the whole file.")
    chunks = _chunks(data, length)
    if not chunks or chunks[0][0] != b"JSON":
        raise damaged("it does not begin with its JSON")
    binary = next((body for kind, body in chunks[1:] if kind == b"BIN\0"), None)
    return Document(bytes(chunks[0][1]), binary, beside)


def _chunks(data: files.Data, length: int) -> list[tuple[bytes, memoryview]]:
    found, at, whole_file = [], _GLB.size, memoryview(data)
    while at + _CHUNK.size <= length:
        size, kind = _CHUNK.unpack_from(data, at)
        at += _CHUNK.size
        if at + size > length:
            raise Refused("truncated", "This GLB is cut short: a part ends before it should.")
        found.append((kind, whole_file[at : at + size]))
        at += size
    return found
