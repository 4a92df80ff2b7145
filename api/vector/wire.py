"""The wire format of vector tiles (protocol buffers, vector_tile.proto 2.1), a layer's features at once."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from api.vector.grid import EXTENT

Words = NDArray[np.uint64]


class Runs:
    """Many sequences of numbers, one behind the other."""

    __slots__ = ("numbers", "starts")

    def __init__(self, numbers: Words, lengths: NDArray[np.int64]) -> None:
        """Take all numbers, and how many each sequence has."""
        self.numbers = numbers
        self.starts = np.concatenate(([0], np.cumsum(lengths)))

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def lengths(self) -> NDArray[np.int64]:
        """How many numbers each sequence has."""
        found: NDArray[np.int64] = np.diff(self.starts)
        return found

    def sizes(self) -> NDArray[np.int64]:
        """How many bytes each sequence has as varints."""
        ends = np.concatenate(([0], np.cumsum(widths(self.numbers))))
        found: NDArray[np.int64] = ends[self.starts[1:]] - ends[self.starts[:-1]]
        return found


def widths(numbers: Words) -> NDArray[np.int64]:
    """Bytes that each number has as a varint: one for every seven bits."""
    found = np.ones(len(numbers), np.int64)
    rest = numbers >> np.uint64(7)
    while rest.any():
        found += rest > 0
        rest = rest >> np.uint64(7)
    return found


def varints(numbers: Words) -> bytes:
    """All numbers as varints, one behind the other."""
    length = widths(numbers)
    ends = np.cumsum(length)
    out = np.zeros(int(ends[-1]) if len(ends) else 0, np.uint8)
    places, rest, left = ends - length, numbers, length
    while len(places):
        more = left > 1
        out[places] = (rest & np.uint64(0x7F)).astype(np.uint8) | (more.astype(np.uint8) << 7)
        places, rest, left = places[more] + 1, rest[more] >> np.uint64(7), left[more] - 1
    return out.tobytes()


def zigzag(numbers: NDArray[np.int64]) -> Words:
    """Signed numbers as unsigned ones, small ones small."""
    return ((numbers << 1) ^ (numbers >> 63)).astype(np.uint64)


def layer(
    name: str, ids: Words, tags: Runs, kinds: NDArray[np.int64], geometry: Runs, keys: Sequence[str],
    values: Sequence[bytes],
) -> bytes:  # fmt: skip
    """A tile of one layer.

    Args:
        name: Of the layer.
        ids: (n,) whole numbers that name the features.
        tags: n sequences of pairs: place among `keys`, place among `values`.
        kinds: (n,) 1 point, 2 line, 3 polygon.
        geometry: n sequences of commands.
        keys: Names of properties.
        values: Messages of type Value.
    """
    body = [
        b"\x78\x02" + _field(0x0A, name.encode()),  # version = 2
        varints(_features(ids, tags, kinds, geometry)),
        *(_field(0x1A, key.encode()) for key in keys),
        *(b"\x22%c%b" % (len(each), each) if len(each) < 128 else _field(0x22, each) for each in values),
        b"\x28" + _varint(EXTENT),
    ]
    return _field(0x1A, b"".join(body))


def text(of: str) -> bytes:
    """A message of type Value: a text."""
    data = of.encode("utf-8", "replace")
    return b"\x0a%c%b" % (len(data), data) if len(data) < 128 else _field(0x0A, data)


def whole(of: int) -> bytes:
    """A message of type Value: a whole number, or a boolean."""
    if isinstance(of, bool):
        return b"\x38\x01" if of else b"\x38\x00"
    return b"\x20" + _varint(of & 0xFFFFFFFFFFFFFFFF)


def doubles(of: NDArray[np.float64]) -> list[bytes | None]:
    """A message of type Value for each number; None for what is none."""
    data, there = of.astype("<f8").tobytes(), np.isfinite(of)
    return [b"\x19" + data[8 * i : 8 * i + 8] if known else None for i, known in enumerate(there.tolist())]


def _features(ids: Words, tags: Runs, kinds: NDArray[np.int64], geometry: Runs) -> Words:
    """Features are varints throughout (their tags are such, too), so that all of them are one array."""
    tagged, drawn = tags.sizes().astype(np.uint64), geometry.sizes().astype(np.uint64)
    heads = _row(len(ids), 0x08, ids, 0x12, tagged)
    middles = _row(len(ids), 0x18, kinds.astype(np.uint64), 0x22, drawn)
    inside = tagged + drawn + _across(heads) + _across(middles)
    fronts = np.column_stack((_row(len(ids), 0x12, inside), heads))
    each = 10 + tags.lengths + geometry.lengths
    starts = np.cumsum(each) - each
    out = np.empty(int(each.sum()), np.uint64)
    out[starts[:, None] + np.arange(6)] = fronts
    out[_spread(starts + 6, tags)] = tags.numbers
    behind = starts + 6 + tags.lengths
    out[behind[:, None] + np.arange(4)] = middles
    out[_spread(behind + 4, geometry)] = geometry.numbers
    return out


def _row(number: int, *columns: Words | int) -> Words:
    """(number, columns) from columns; a number of its own is the same in every row."""
    whole = [np.full(number, each, np.uint64) if isinstance(each, int) else each for each in columns]
    return np.column_stack(whole)


def _across(rows: Words) -> Words:
    """Bytes of each row as varints."""
    found: Words = widths(rows.ravel()).reshape(rows.shape).sum(axis=1).astype(np.uint64)
    return found


def _spread(starts: NDArray[np.int64], runs: Runs) -> NDArray[np.int64]:
    """Where each number of the runs goes if its run begins at `starts`."""
    found: NDArray[np.int64] = np.arange(len(runs.numbers)) + np.repeat(
        starts - runs.starts[:-1], runs.lengths
    )
    return found


def _field(tag: int, data: bytes) -> bytes:
    return bytes((tag,)) + _varint(len(data)) + data


def _varint(number: int) -> bytes:
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    found.append(number)
    return bytes(found)
