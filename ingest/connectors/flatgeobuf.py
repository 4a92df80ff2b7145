"""FlatGeobuf: one file, one layer, its CRS inside."""

import shutil
import struct
from pathlib import Path

from ingest.connectors.ogr import Chosen, Rows, rows
from ingest.files import File
from twin.errors import SourceBroken

MAGIC = b"fgb\x03fgb"
_LARGEST_HEAD = 1 << 24
"""Bytes of a head that describes columns; one below has a zero in its length, where other drivers stop to
look for marks of their own."""
_DAMAGED = "{}: the FlatGeobuf is damaged or cut off; fetch it again"


def layers(file: File, folder: Path, chosen: Chosen, batch: int) -> Rows:
    """Yield (CRS, columns, number of the first, [(WKB, values)]), in batches.

    Args:
        file: plain or packed.
        folder: an empty one; the file is laid there under a name of our own.
        chosen: which of the columns are read.
        batch: rows at a time.

    Raises:
        SourceBroken: it is damaged or cut off.
    """
    damaged = _DAMAGED.format(file.name)
    path = folder / "layer.fgb"
    with file.open() as stream, path.open("wb") as sink:
        shutil.copyfileobj(stream, sink, 1 << 20)
    with path.open("rb") as raw:
        head = raw.read(12)
    if len(head) < 12 or head[:7] != MAGIC or struct.unpack_from("<I", head, 8)[0] >= _LARGEST_HEAD:
        raise SourceBroken(damaged)
    end = 0
    for crs, names, number, found in rows(path, damaged, chosen, batch):
        yield crs, names, number, found
        end = number + len(found) - 1
    if end < _stated(path):
        raise SourceBroken(damaged)
    path.unlink()


def _stated(path: Path) -> int:
    """How many rows the head speaks of; 0 where it does not say."""
    import pyogrio

    return max(0, int(pyogrio.read_info(path)["features"]))
