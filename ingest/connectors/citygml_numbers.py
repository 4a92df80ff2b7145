"""The coordinates of many rings at once: text to numbers is what reading a city model costs in the end."""

from itertools import chain

import numpy as np
from numpy.typing import NDArray

from ingest.connectors.axes import FARTHEST
from ingest.connectors.citygml_scan import Ints

Floats = NDArray[np.float64]


def numbers(data: bytes, begins: Ints, ends: Ints) -> tuple[Floats, Ints, NDArray[np.bool_]]:
    """Read rings of coordinates.

    Args:
        data: the text.
        begins: where each ring's coordinates start.
        ends: where they end.

    Returns:
        (n, 3) points without the repeated last one of each ring, the number of points of each ring, and
        for each ring whether it is one that the careful reader should look at: not closed, fewer than three
        corners, not three numbers a point, nowhere on earth.
    """
    pieces = [data[begin:end] for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)]
    values, counts = _quick(pieces) or _careful(pieces)
    stop = np.cumsum(counts)
    bad = (counts % 3 != 0) | (counts < 12)
    if len(values) and not -FARTHEST < values.min() <= values.max() < FARTHEST:
        bad |= ~(np.maximum.reduceat(np.abs(values), stop - counts) < FARTHEST)
    if bad.any():  # their points are of no use, and would put the good ones out of step
        values = values[np.repeat(~bad, counts)]
        counts = np.where(bad, 0, counts)
        stop = np.cumsum(counts)
    points, sizes, last = values.reshape(-1, 3), counts // 3, stop // 3 - 1
    good = np.flatnonzero(~bad)
    closed = (points[last[good]] == points[(last - sizes + 1)[good]]).all(axis=1)
    bad[good] = ~closed
    keep = np.ones(len(points), bool)
    keep[last[good]] = False
    return points[keep], sizes - (sizes > 0), bad


def _quick(pieces: list[bytes]) -> tuple[Floats, Ints] | None:
    """Numbers with one blank between them, and how many each piece has; None if they are not written so."""
    import pyarrow as pa
    import pyarrow.compute as pc

    text = b" ".join(pieces)
    blanks = np.flatnonzero(np.frombuffer(text, np.uint8) == 32)
    packed = text.replace(b" ", b"")
    offsets = np.empty(len(blanks) + 2, np.int32)
    offsets[0], offsets[-1] = 0, len(packed)
    offsets[1:-1] = blanks - np.arange(len(blanks))
    words = pa.Array.from_buffers(
        pa.utf8(), len(offsets) - 1, [None, pa.py_buffer(offsets), pa.py_buffer(packed)]
    )
    try:
        values = pc.cast(words, pa.float64()).to_numpy()
    except pa.ArrowInvalid:
        return None
    ends = np.cumsum(np.fromiter(map(len, pieces), np.int64, len(pieces)) + 1) - 1
    return values, np.diff(np.append(np.searchsorted(blanks, ends[:-1]) + 1, len(values)), prepend=0)


def _careful(pieces: list[bytes]) -> tuple[Floats, Ints]:
    """The same however the blanks are; a piece with something else than numbers counts as one NaN."""
    found = []
    for piece in pieces:
        try:
            found.append([*map(float, piece.split())] or [np.nan])
        except ValueError:
            found.append([np.nan])
    return np.array([*chain.from_iterable(found)]), np.array([*map(len, found)], np.int64)
