"""Files of a source: found on this machine or downloaded, hashed once, read as inflated streams."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ingest.addresses import local_path
from ingest.inflate import GZIP_MAGIC, Cap, inflated
from twin.errors import SourceBroken, SourceDown
from twin.provenance import Origin
from twin.times import now


@dataclass(frozen=True, slots=True)
class File:
    """One file of a source."""

    name: str
    """Its name for messages and provenance: relative to the folder given, never the machine's path."""
    path: Path
    """Where it lies now."""
    limit: int
    """Most bytes it may inflate to."""

    def open(self) -> BinaryIO:
        """Open it as a stream of inflated bytes (gzip is recognised by its first bytes)."""
        try:
            return inflated(self.path.open("rb"), Cap(self.limit, self.name))
        except OSError as error:
            raise SourceBroken(f"{self.name} cannot be read: {error.strerror}") from None

    @property
    def is_plain(self) -> bool:
        """True if its bytes lie on the disk as they are, so that any range of them can be read at once."""
        with self.path.open("rb") as raw:
            return raw.read(2) != GZIP_MAGIC

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
        return self.name.lower().removesuffix(".gz").endswith(suffixes)


def local_files(url: str, suffixes: tuple[str, ...], limit: int) -> Iterator[File]:
    """Yield the file at a local address, or those below a folder that end with one of `suffixes`, in order.

    Raises:
        SourceDown: nothing is there.
    """
    path = Path(local_path(url))
    if path.is_file():
        yield File(path.name, path, limit)
        return
    if not path.is_dir():
        raise SourceDown(f"{path.name or 'the source'}: no such file or folder; check the path")
    found = 0
    for entry in sorted(path.rglob("*")):
        file = File(entry.relative_to(path).as_posix(), entry, limit)
        if entry.is_file() and not entry.name.startswith(".") and file.has_suffix(suffixes):
            found += 1
            yield file
    if not found:
        raise SourceBroken(
            f"folder {path.name}: no file ends with {', '.join(suffixes)} (or with .gz behind it)"
        )


def origin(file: File, url: str) -> Origin:
    """Hash a file's inflated bytes; finds truncated and oversized ones before anything is read from them."""
    digest, size = hashlib.sha256(), 0
    with file.open() as stream:
        while piece := stream.read(1 << 20):
            digest.update(piece)
            size += len(piece)
    return Origin(url=url, sha256=digest.hexdigest(), size=size, fetched_at=now())
