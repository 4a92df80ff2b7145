"""Cut what a file holds into parts that any process can read: lines of a sequence, objects of a document."""

from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from ingest.connectors.cityjson_objects import Family
from twin.errors import SourceRefused

_SIZE = 4 << 20
"""Bytes of a part: enough to pay for its way, few enough to keep all processes busy."""
_LONGEST = 100 << 20
"""Bytes of a line; a feature is a building, not a city."""


def first_line(stream: BinaryIO) -> tuple[bytes, bytes]:
    """The first line that is not empty, with the blank ones before it, and the beginning of the rest.

    Together they are what was taken from the stream.
    """
    line = b""
    while not line.strip():
        more = stream.readline()
        if not more:
            return line, b""
        line += more
    rest = b""
    while not rest.strip():
        more = stream.readline(1024)
        if not more:
            return line, b""
        rest += more
    return line, rest


def lines(stream: BinaryIO, begun: bytes, line: int, name: str) -> Iterator[tuple[int, int, bytes, bool]]:
    """Yield the rest of a sequence in pieces that end with a line.

    Args:
        stream: what follows `begun`.
        begun: bytes that were read already.
        line: number of the line that `begun` begins.
        name: the file, for messages.

    Yields:
        (number of its first line, bytes before it, piece, whether it is the end and lacks a line feed).
    """
    offset, left = 0, begun
    while True:
        more = stream.read(_SIZE)
        if not more:
            if left.strip():
                yield line, offset, left, not left.endswith(b"\n")
            return
        cut = more.rfind(b"\n") + 1
        if not cut:
            left += more
            if len(left) > _LONGEST:
                raise SourceRefused(
                    f"{name}, line {line}: more than {_LONGEST >> 20} MB in one line; split it up"
                )
            continue
        piece = left + more[:cut]
        left = more[cut:]
        yield line, offset, piece, False
        line += piece.count(b"\n")
        offset += len(piece)


def used(families: list[Family], count: int) -> NDArray[np.int64]:
    """The vertices that some objects refer to, ascending, so that only these travel.

    Args:
        families: the objects.
        count: how many vertices the file has.
    """
    numbers: list[int] = []
    for family in families:
        for thing in (family.top, *family.parts, *family.others):
            geometries = thing.get("geometry")
            for geometry in geometries if isinstance(geometries, list) else [geometries]:
                flat = geometry.get("boundaries") if isinstance(geometry, dict) else None
                while isinstance(flat, list) and flat and isinstance(flat[0], list):
                    flat = list(chain.from_iterable(item for item in flat if isinstance(item, list)))
                numbers += [n for n in flat or () if type(n) is int and 0 <= n < count]
    return np.unique(np.array(numbers, dtype=np.int64))
