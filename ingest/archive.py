"""Zip archives as folders: what is wanted is inflated piece by piece, and never onto the disk."""

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath

from ingest.inflate import ZIP_MAGIC
from twin.errors import SourceBroken, SourceRefused

_MOST = 200_000
"""Entries of an archive."""
_PIECE = 1 << 16
_USUAL = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DAMAGED = "{}: the archive is damaged; fetch it again"


@dataclass(frozen=True, slots=True)
class Member:
    """Where a file lies in its archive."""

    offset: int
    packed: int
    size: int
    crc: int
    deflated: bool
    name: str = ""
    """Its name in the archive."""


def is_zip(path: Path) -> bool:
    """True for a zip archive, by its first bytes."""
    with path.open("rb") as raw:
        return raw.read(4) == ZIP_MAGIC


def ends_with(name: str, suffixes: tuple[str, ...]) -> bool:
    """True if a file's name, without ``.gz``, ends with one of `suffixes` (lower case, with the dot)."""
    return name.lower().removesuffix(".gz").endswith(suffixes)


def members(path: Path, place: str, limit: int, suffixes: tuple[str, ...]) -> Iterator[Member]:
    """Yield what in an archive ends with one of `suffixes`, in order of the names.

    Args:
        path: The archive.
        place: Its name for messages.
        limit: Most bytes that all of it may inflate to.
        suffixes: Endings, see `ends_with`.

    Raises:
        SourceRefused: names that lead out of the archive, archives in the archive, encryption, more inflated
            bytes than `limit`.
        SourceBroken: damaged.
    """
    size = 0
    for entry in sorted(entries(path, place), key=lambda entry: entry.filename):
        if ends_with(entry.filename, (".zip",)):
            raise SourceRefused(f"{place} has another archive in it; unpack it and give the files")
        if not ends_with(entry.filename, suffixes) or PurePosixPath(entry.filename).name.startswith("."):
            continue
        if entry.flag_bits & 1:
            raise SourceRefused(f"{place} is encrypted; unpack it and give the files")
        size += entry.file_size
        if size > limit:
            raise SourceRefused(
                f"{place}: more than {limit / 1e6:,.0f} MB inflated; if that is right, raise TWIN_MAX_BODY_MB"
            )
        if entry.compress_type not in _USUAL:
            raise SourceRefused(f"{place} is packed in an unusual way; unpack it and give the files")
        yield _member(entry)


def member_of(path: Path, place: str, name: str) -> Member | None:
    """The entry of this name in an archive, called `place` in messages; None for one that cannot be read.

    Raises:
        SourceRefused, SourceBroken: as `members`.
    """
    entry = _by_name(path, place, path.stat().st_mtime_ns).get(name)
    return _member(entry) if entry and not entry.flag_bits & 1 and entry.compress_type in _USUAL else None


@lru_cache(maxsize=2)
def _by_name(path: Path, place: str, changed: int) -> dict[str, zipfile.ZipInfo]:
    return {entry.filename: entry for entry in entries(path, place)}


def _member(entry: zipfile.ZipInfo) -> Member:
    deflated = entry.compress_type == zipfile.ZIP_DEFLATED
    return Member(
        entry.header_offset, entry.compress_size, entry.file_size, entry.CRC, deflated, entry.filename
    )


def entries(path: Path, place: str) -> list[zipfile.ZipInfo]:
    """All files in an archive, called `place` in messages.

    Raises:
        SourceRefused: names that lead out of it, or too many of them.
        SourceBroken: damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            found = [entry for entry in archive.infolist() if not entry.is_dir()]
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, UnicodeDecodeError, OSError):
        raise SourceBroken(_DAMAGED.format(place)) from None
    if len(found) > _MOST:
        raise SourceRefused(f"{place} has more than {_MOST} files; unpack it and give the folder")
    for entry in found:
        name = entry.orig_filename.replace("\\", "/")
        if name.startswith("/") or ".." in name.split("/") or name[1:2] == ":" or "\0" in name:
            raise SourceRefused(f"{place} has a name in it that leads out of the archive; do not use it")
    return found


class Entry:
    """A file in an archive, as a stream from its begin to its end."""

    def __init__(self, path: Path, member: Member, place: str) -> None:
        self._member, self._place = member, place
        self._raw = path.open("rb")
        self.seek(0)

    def seek(self, place: int) -> int:
        """Go back to the begin, the only place there is to go to."""
        assert place == 0
        self._raw.seek(self._member.offset)
        header = self._raw.read(30)
        if header[:4] != ZIP_MAGIC or len(header) < 30:
            raise SourceBroken(_DAMAGED.format(self._place))
        self._raw.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
        self._packed = self._member.packed
        self._inflate = zlib.decompressobj(-15) if self._member.deflated else None
        self._size = self._crc = 0
        return 0

    def read(self, size: int) -> bytes:
        """Some inflated bytes, about `size` at most; empty at the end."""
        data = b""
        while not data:
            packed = b"" if self._inflate is None else self._inflate.unconsumed_tail
            if not packed:
                packed = self._raw.read(min(size if self._inflate is None else _PIECE, self._packed))
                self._packed -= len(packed)
            try:
                data = packed if self._inflate is None else self._inflate.decompress(packed, size)
            except zlib.error:
                raise SourceBroken(_DAMAGED.format(self._place)) from None
            if not packed and not data:
                break
        self._size += len(data)
        self._crc = zlib.crc32(data, self._crc)
        if self._size > self._member.size or (
            not data and (self._size, self._crc) != (self._member.size, self._member.crc)
        ):
            raise SourceBroken(_DAMAGED.format(self._place))
        return data

    def close(self) -> None:
        """Close it."""
        self._raw.close()
