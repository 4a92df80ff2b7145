"""Files of a source: found on this machine or downloaded, hashed once, read as inflated streams."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, cast

from ingest.addresses import local_path
from ingest.archive import Entry, Member, ends_with, is_zip, members
from ingest.inflate import GZIP_MAGIC, Cap, inflated
from ingest.mapped import mapped
from twin.errors import SourceBroken, SourceDown
from twin.provenance import Origin
from twin.times import now

_PIECE = 1 << 25
LARGE = 1 << 28
"""Bytes from which on SHA-256 would be what everybody waits for when a house of a city has changed."""


@dataclass(frozen=True, slots=True)
class File:
    """One file of a source."""

    name: str
    """Its name for messages and provenance: relative to the folder given, never the machine's path."""
    path: Path
    """Where it lies now."""
    limit: int
    """Most bytes it may inflate to."""
    member: Member | None = None
    """Where it lies in the zip archive that `path` is; None for a file of its own."""

    def open(self) -> BinaryIO:
        """Open it as a stream of inflated bytes (gzip is recognised by its first bytes)."""
        try:
            raw = self.path.open("rb") if self.member is None else Entry(self.path, self.member, self.name)
            return inflated(cast(BinaryIO, raw), Cap(self.limit, self.name))
        except OSError as error:
            raise SourceBroken(f"{self.name} cannot be read: {error.strerror}") from None

    @property
    def is_plain(self) -> bool:
        """True if its bytes lie on the disk as they are, so that any range of them can be read at once."""
        with self.path.open("rb") as raw:
            return self.member is None and raw.read(2) != GZIP_MAGIC

    def read(self) -> bytes:
        """All inflated bytes."""
        with self.open() as stream:
            return stream.read()

    @property
    def stem(self) -> str:
        """Name of the file alone, without folder and endings: ``691_5336``."""
        return Path(self.name.removesuffix(".gz")).stem

    def has_suffix(self, suffixes: tuple[str, ...]) -> bool:
        """True if the name, without ``.gz``, ends with one of `suffixes` (lower case, with the dot)."""
        return ends_with(self.name, suffixes)


def local_files(url: str, suffixes: tuple[str, ...], limit: int) -> Iterator[File]:
    """Yield the file at a local address, or those below a folder that end with one of `suffixes`, in order.

    Zip archives count as folders, unless ``.zip`` is among the suffixes.

    Raises:
        SourceDown: nothing is there.
        SourceRefused: an archive that explodes, or that climbs out of its folder.
    """
    path = Path(local_path(url))
    if path.is_file():
        yield from opened(File(path.name, path, limit), suffixes)
        return
    if not path.is_dir():
        raise SourceDown(f"{path.name or 'the source'}: no such file or folder; check the path")
    found = 0
    for entry in _below(path):
        file = File(entry.relative_to(path).as_posix(), entry, limit)
        if entry.is_file() and not entry.name.startswith(".") and file.has_suffix((*suffixes, ".zip")):
            for inner in _inside(file, suffixes):
                found += 1
                yield inner
    if not found:
        raise SourceBroken(
            f"folder {path.name}: no file ends with {', '.join(suffixes)} (or with .gz behind it)"
        )


def _below(folder: Path) -> Iterator[Path]:
    """Yield what lies below a folder, in order of the names; only those of one folder are held at a time."""
    try:
        names = sorted(os.listdir(folder))
    except OSError as error:
        raise SourceBroken(f"folder {folder.name} cannot be read: {error.strerror}") from None
    for name in names:
        path = folder / name
        if path.is_dir() and not path.is_symlink():
            yield from _below(path)
        else:
            yield path


def opened(file: File, suffixes: tuple[str, ...]) -> Iterator[File]:
    """Yield the file itself, or those in it that end with one of `suffixes` if it is a zip archive."""
    found = 0
    for inner in _inside(file, suffixes):
        found += 1
        yield inner
    if not found:
        raise SourceBroken(f"archive {file.name}: no file in it ends with {', '.join(suffixes)}")


def _inside(file: File, suffixes: tuple[str, ...]) -> Iterator[File]:
    if ".zip" not in suffixes and is_zip(file.path):
        yield from unpacked(file, suffixes)
    else:
        yield file


def unpacked(file: File, suffixes: tuple[str, ...]) -> Iterator[File]:
    """Yield the files in an archive that end with one of `suffixes`, in order of their names.

    Raises:
        SourceRefused, SourceBroken: as `ingest.archive.members`.
    """
    for member in members(file.path, file.name, file.limit, suffixes):
        yield replace(file, name=f"{file.name}/{member.name}", member=member)


def origin(file: File, url: str) -> Origin:
    """Hash a file's inflated bytes; finds truncated and exploding ones before anything is read from them.

    A file that lies here as it is may be of any size: whoever reads it whole still meets the limit. From
    `LARGE` on it gets a BLAKE3 instead of a SHA-256.
    """
    is_plain = file.is_plain
    name, digest = "sha256", hashlib.sha256()
    if is_plain and file.path.stat().st_size >= LARGE:
        from blake3 import blake3

        # As many threads as there are cores: who waits for it waits for the whole file.
        name, digest = "blake3", cast("hashlib._Hash", blake3(max_threads=blake3.AUTO))
    size = 0
    for piece in _mapped(file.path) if is_plain else _read(file):
        digest.update(piece)
        size += len(piece)
    told = {name: digest.hexdigest()}
    return Origin(url=url, size=size, fetched_at=now(), **told)


def _mapped(path: Path) -> Iterator[memoryview]:
    """A file's bytes, many at a time: between two pieces a thread may have to wait for the others."""
    size = path.stat().st_size
    for begin in range(0, size, _PIECE):
        with mapped(path, begin, min(begin + _PIECE, size)) as piece:
            yield piece


def _read(file: File) -> Iterator[bytes]:
    with file.open() as stream:
        while piece := stream.read(1 << 20):
            yield piece
