"""Heights: what all height rasters have in common, from whatever file they come."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from ingest.archive import entries
from ingest.files import File
from ingest.inflate import Cap
from twin.errors import SourceBroken, SourceRefused

MOST_CELLS = 100_000_000
_LOWEST_M, _HIGHEST_M = -500.0, 9000.0
_ZIP_MAGIC = b"PK\x03\x04"
_MOST_MEMBERS = 10_000


def check_size(cells: float, name: str) -> None:
    """Refuse a raster of too many cells before memory is taken for it."""
    if not cells <= MOST_CELLS:
        raise SourceRefused(f"{name} has more than {MOST_CELLS:,} cells; cut it into tiles")


def check_heights(heights: NDArray[np.float32], name: str) -> None:
    """Raise if these cannot be heights in metres.

    Args:
        heights: any shape; NaN where none is known.
        name: of the file, for the message.

    Raises:
        SourceBroken: there is no height at all.
        SourceRefused: some are higher or lower than any ground on earth.
    """
    lowest, highest = np.fmin.reduce(heights, axis=None), np.fmax.reduce(heights, axis=None)
    if np.isnan(lowest):
        raise SourceBroken(f"{name} has no height at all; ask its publisher")
    if lowest < _LOWEST_M or highest > _HIGHEST_M:
        raise SourceRefused(
            f"{name} has values outside {_LOWEST_M:g} to {_HIGHEST_M:g} m: no heights, or nodata not named"
        )


def streams(file: File, suffixes: tuple[str, ...]) -> Iterator[tuple[str, BinaryIO]]:
    """Yield name and stream of inflated bytes of a plain or gzipped file, or of each member of a zip.

    Members whose name does not end with one of `suffixes` are passed over. Nothing is unpacked to disk, and
    all members together may inflate to the file's limit.

    Raises:
        SourceBroken: the archive is damaged, locked, or holds no such member.
        SourceRefused: it inflates to more than the limit, or a name leads out of it.
    """
    with file.path.open("rb") as raw:
        zipped = raw.read(4) == _ZIP_MAGIC
    if not zipped:
        with file.open() as stream:
            yield file.name, stream
        return
    cap = Cap(file.limit, file.name)
    with _explained(file.name), zipfile.ZipFile(file.path) as archive:
        entries(file.path, file.name)  # refuses names that lead out of it
        infos = [info for info in archive.infolist() if info.filename.lower().endswith(suffixes)]
        if not infos or len(infos) > _MOST_MEMBERS:
            raise SourceBroken(
                f"{file.name} holds {len(infos)} files that end with {', '.join(suffixes)}; "
                f"one to {_MOST_MEMBERS:,} are expected"
            )
        for info in sorted(infos, key=lambda i: i.filename):
            with archive.open(info) as member:
                capped = _Member(member, cap, file.name)
                yield f"{file.name}/{info.filename}", io.BufferedReader(capped, 1 << 18)


@contextmanager
def _explained(name: str) -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError):
        raise SourceBroken(f"{name} is a damaged zip archive; fetch it again") from None
    except (RuntimeError, NotImplementedError):
        raise SourceBroken(f"{name} is locked, or packed in a way we cannot read; pack it anew") from None


class _Member(io.RawIOBase):
    """A member of an archive as a stream that counts what it inflates."""

    def __init__(self, member: Any, cap: Cap, name: str) -> None:
        self._member = member
        self._cap = cap
        self._name = name

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        with _explained(self._name):
            piece = self._cap.take(self._member.read(len(buffer)))
        buffer[: len(piece)] = piece
        return len(piece)
