"""Ways to spoil a file, from single bits to parts of its structure that still fits together."""

import io
import json
import random
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

Chance = random.Random

_BYTES = (0, 1, 0x7F, 0x80, 0xFE, 0xFF)
_WORDS = tuple(struct.pack("<I", each) for each in (
    0, 1, 2**31 - 1, 2**31, 2**32 - 1, 2**16, 0x7F800000, 0x7FC00000, 0xFF7FFFFF, 10**9,
))  # fmt: skip
_NUMBERS = (b"0", b"-1", b"1e38", b"1e400", b"nan", b"inf", b"-0.0", b"4294967296", b"99999999999",
            b"1e-45", b"0x10", b"", b"-", b"65535", b"1000000000", b"\xff")  # fmt: skip
_VALUES: tuple[Any, ...] = (
    None, True, -1, 0, 1, 2**31, 2**53, 10**30, 1e400, -0.5, "", "x", [], {}, [[]], [0], {"a": 1},
    "../x", "data:,", 5126, 99999,
)  # fmt: skip
_NUMERAL = re.compile(rb"-?\d[\d.eE+-]*")


def mutated(data: bytes, chance: Chance) -> bytes:
    """The file with one to four spoilings, of the kinds that fit what it is."""
    for _ in range(chance.choice((1, 1, 1, 2, 3, 4))):
        data = chance.choice(_fitting(data))(data, chance)
    return data


def _fitting(data: bytes) -> list[Callable[[bytes, Chance], bytes]]:
    """Structured spoilings are as likely as blind ones: blind ones mostly end at the door."""
    blind: list[Callable[[bytes, Chance], bytes]] = [
        _flip,
        _overwrite,
        _word,
        _cut,
        _remove,
        _repeat,
        _swap,
    ]
    if data[:4] == b"glTF":
        return [*blind, *[_glb] * 7]
    if data[:2] == b"PK":
        return [*blind, *[_zip] * 14]
    if b"\0" not in data[:1000]:
        structured = [_json] * 7 if data[:1] == b"{" else [_number] * 5
        return [*blind, *structured, _line, _line, _number]
    return blind


def _place(data: bytes, chance: Chance) -> int:
    """Somewhere, and half of the time near the start, where the promises are."""
    return chance.randrange(min(len(data), 400 if chance.random() < 0.5 else len(data)) or 1)


def _flip(data: bytes, chance: Chance) -> bytes:
    out = bytearray(data)
    for _ in range(chance.choice((1, 2, 8, 32)) if out else 0):
        out[_place(data, chance)] ^= 1 << chance.randrange(8)
    return bytes(out)


def _overwrite(data: bytes, chance: Chance) -> bytes:
    at = _place(data, chance)
    length = chance.choice((1, 2, 4, 16, 64))
    new = bytes([chance.choice(_BYTES)]) * length if chance.random() < 0.5 else (
        chance.randbytes(length))  # fmt: skip
    return data[:at] + new + data[at + length :]


def _word(data: bytes, chance: Chance) -> bytes:
    at = _place(data, chance) // 4 * 4
    return data[:at] + chance.choice(_WORDS) + data[at + 4 :]


def _cut(data: bytes, chance: Chance) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _remove(data: bytes, chance: Chance) -> bytes:
    at = _place(data, chance)
    return data[:at] + data[at + chance.choice((1, 3, 4, 12, 50)) :]


def _repeat(data: bytes, chance: Chance) -> bytes:
    at, length = _place(data, chance), chance.choice((1, 4, 12, 100, 1000))
    return data[:at] + data[at : at + length] * chance.choice((2, 3, 20)) + data[at + length :]


def _swap(data: bytes, chance: Chance) -> bytes:
    one, two = sorted((_place(data, chance), _place(data, chance)))
    length = min(chance.choice((1, 4, 16, 64)), two - one)
    return b"".join([data[:one], data[two : two + length], data[one + length : two],
                     data[one : one + length], data[two + length :]])  # fmt: skip


def _number(data: bytes, chance: Chance) -> bytes:
    """Another number for one of a text."""
    start = _place(data, chance)
    found = _NUMERAL.search(data, start) or _NUMERAL.search(data)
    if found is None:
        return data
    near = str(chance.choice((chance.randrange(40), round(chance.uniform(-2, 2), 3)))).encode()
    other = near if chance.random() < 0.6 else chance.choice(_NUMBERS)
    return data[: found.start()] + other + data[found.end() :]


def _line(data: bytes, chance: Chance) -> bytes:
    """A line gone, doubled, moved or taken for another; where there are few, a tag."""
    apart = b"\n" if data.count(b"\n") > 5 else b">"
    lines = data.split(apart)
    one, two = chance.randrange(len(lines)), chance.randrange(len(lines))
    match chance.randrange(4):
        case 0:
            del lines[one]
        case 1:
            lines.insert(two, lines[one])
        case 2:
            lines[one], lines[two] = lines[two], lines[one]
        case 3:
            words = lines[one].split(b" ")
            words[chance.randrange(len(words))] = chance.choice(lines[two].split(b" "))
            lines[one] = b" ".join(words)
    return apart.join(lines)


def _glb(data: bytes, chance: Chance) -> bytes:
    """Its JSON or its buffer spoilt, its chunks as long as they say."""
    try:
        (length,) = struct.unpack_from("<I", data, 12)
        text, rest = data[20 : 20 + length], data[20 + length :]
        if chance.random() < 0.3:
            body = chance.choice((_flip, _overwrite, _word))(rest[8:], chance)
            rest = rest[:8] + body[: len(rest) - 8]
        else:
            text = _json(text, chance)
    except struct.error:
        return _flip(data, chance)
    text += b" " * (-len(text) % 4)
    return b"".join([struct.pack("<4sIIII", b"glTF", 2, 20 + len(text) + len(rest), len(text),
                                 0x4E4F534A), text, rest])  # fmt: skip


def _json(text: bytes, chance: Chance) -> bytes:
    """Another value for one of a document, a key renamed, gone, or a list longer."""
    try:
        found = json.loads(text)
    except ValueError:
        return _number(text, chance)
    places = list(_places(found))
    if not places:
        return text
    holder, key = chance.choice(places)
    match chance.randrange(5):
        case 0:
            del holder[key]
        case 1:
            other, name = chance.choice(places)
            holder[key] = json.loads(json.dumps(other.get(name) if isinstance(other, dict) else (
                other[name] if name < len(other) else None)))  # fmt: skip
        case 2 if isinstance(holder, list):
            holder.extend([holder[key]] * chance.choice((1, 3, 500)))
        case _:
            near = (chance.randrange(30), round(chance.uniform(-2, 2), 3))
            holder[key] = chance.choice((*_VALUES, *near * 5))
    return json.dumps(found).encode()


def _places(value: Any) -> Any:
    keys = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in list(keys):
        yield value, key
        if isinstance(inner, dict | list):
            yield from _places(inner)


def _zip(data: bytes, chance: Chance) -> bytes:
    """One of its files spoilt, gone or renamed, and the archive sound again."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = {each.filename: archive.read(each) for each in archive.infolist()}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, OSError,
            EOFError):  # fmt: skip
        return _flip(data, chance)
    if not files:
        return data
    name = chance.choice(sorted(files))
    match chance.randrange(8):
        case 0:
            del files[name]
        case 1:
            files[chance.choice(["../", "a/", "x"]) + name] = files.pop(name)
        case 2:
            files[name] = chance.choice(sorted(files.values()))
        case _:
            files[name] = mutated(files[name], chance)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for each, body in files.items():
            archive.writestr(zipfile.ZipInfo(each), body)
    return out.getvalue()
