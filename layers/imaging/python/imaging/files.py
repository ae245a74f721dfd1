"""The uploaded bytes and what lies beside them. Names are keys of a dict, never paths."""

import mmap
import posixpath
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath

from imaging import caps
from imaging.errors import Refused

Data = bytes | mmap.mmap
"""An upload is mapped, so that of a large file only what is looked at comes into memory."""

MARK = b"\xef\xbb\xbf"
"""What some editors put before text in UTF-8; it is no part of it."""

_BLOCK = 4 * 1024 * 1024  # bytes, whole pages
_UTF8 = 0x800  # the flag of a name in UTF-8 (APPNOTE.TXT 4.4.4)
_TOO_BIG = "This zip unpacks to more than we take. Upload the model and its textures only."


@dataclass
class Folder:
    """The entries of an archive by name, read when asked for."""

    archive: zipfile.ZipFile
    entries: dict[str, zipfile.ZipInfo]

    def read(self, name: str) -> bytes | None:
        """Bytes of an entry by its exact name, or in any letter case and form of its accents; None
        if absent.
        """
        entry = self._entry(name)
        return _unpack(self.archive, entry) if entry else None

    def has(self, name: str) -> bool:
        return self._entry(name) is not None

    @property
    def stored(self) -> bool:
        """Whether nothing in it is compressed."""
        return all(each.compress_type == zipfile.ZIP_STORED for each in self.entries.values())

    def blocks(self, name: str) -> Iterator[bytes]:
        """The same, some MiB at a time; nothing if absent."""
        if entry := self._entry(name):
            yield from _unpacked(self.archive, entry)

    def beside(self, main: str, uri: str) -> bytes | None:
        """Bytes of `uri` as written in the entry `main`."""
        path = posixpath.normpath(str(PurePosixPath(main).parent / uri))
        return self.read(path) or self.read(uri)

    def anywhere(self, uri: str) -> bytes | None:
        """Bytes of the entry with the same last name, for formats that store whole paths."""
        last = _folded(re.split(r"[\\/]", uri.strip())[-1])
        for name in self.entries:
            if _folded(PurePosixPath(name).name) == last:
                return self.read(name)
        return None

    def ending(self, *suffixes: str) -> list[str]:
        """Names with these suffixes, the least deep first."""
        names = [name for name in self.entries if name.lower().endswith(suffixes)]
        return sorted(names, key=lambda name: (name.count("/"), name))

    def _entry(self, name: str) -> zipfile.ZipInfo | None:
        wanted = _folded(name)
        return self.entries.get(name) or next(
            (each for key, each in self.entries.items() if _folded(key) == wanted), None
        )


def mapped(source: Path) -> Data:
    """The bytes of a file, which must stay as it is for as long as they are used."""
    with source.open("rb") as file:
        if not source.stat().st_size:
            return b""
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def blocks(data: Data) -> Iterator[bytes]:
    """All of it, some MiB at a time; of a mapped file no more than that stays in memory."""
    for start in range(0, len(data), _BLOCK):
        yield data[start : start + _BLOCK]
        if isinstance(data, mmap.mmap):
            data.madvise(mmap.MADV_DONTNEED, start, min(_BLOCK, len(data) - start))


def open_zip(source: Path | BytesIO) -> Folder:
    """Open an archive whose directory keeps within the caps and escapes nowhere."""
    try:
        archive = zipfile.ZipFile(source)
        infos = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise Refused("damaged", "This zip is damaged and cannot be opened.") from error
    if len(infos) > caps.ZIP_ENTRIES:
        raise Refused("too_complex", f"This zip holds more than {caps.ZIP_ENTRIES} files.")
    if sum(info.file_size for info in infos) > caps.ZIP_BYTES:
        raise Refused("too_complex", _TOO_BIG)
    entries: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        name = _checked(info)
        if name and name not in entries:
            entries[name] = info
    return Folder(archive, entries)


def _folded(name: str) -> str:
    """The same for names that only differ in letter case, or in how macOS writes accents."""
    return unicodedata.normalize("NFC", name).casefold()


def _name(info: zipfile.ZipInfo) -> str:
    """Many programs write UTF-8 and do not say so; what is no UTF-8 is cp437, as zip has it."""
    if info.flag_bits & _UTF8:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename


def _checked(info: zipfile.ZipInfo) -> str | None:
    name = _name(info).replace("\\", "/")
    parts = PurePosixPath(name).parts
    if name.startswith("/") or ".." in parts or re.match(r"^[A-Za-z]:", name) or "\0" in name:
        raise Refused("unsafe", "This zip holds a file whose name points outside of it.")
    if (
        info.is_dir()
        or not parts
        or parts[:1] == ("__MACOSX",)
        or (parts[-1].startswith(".") and parts[-1] != ".rels")
    ):
        return None
    if info.flag_bits & 1:
        raise Refused("unsupported", "This zip is locked with a password.")
    large = info.file_size > caps.ZIP_RATIO_FROM
    if large and info.file_size > caps.ZIP_RATIO * max(info.compress_size, 1):
        raise Refused("too_complex", _TOO_BIG)
    return str(PurePosixPath(*parts))


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    return b"".join(_unpacked(archive, info, info.file_size + 1))


def _unpacked(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, size: int = _BLOCK
) -> Iterator[bytes]:
    """Read one entry, never more of it than its header promised."""
    left = info.file_size
    try:
        with archive.open(info) as entry:
            while left >= 0 and (block := entry.read(size)):
                left -= len(block)
                yield block
    except (zipfile.BadZipFile, zlib.error, OSError, NotImplementedError, RuntimeError,
            EOFError, ValueError) as error:  # fmt: skip
        raise Refused("damaged", "A file inside this zip is damaged.") from error
    if left:
        raise Refused("damaged", "A file inside this zip is not as long as the zip says.")
