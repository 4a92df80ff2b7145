"""What a tile tells of its features: the schema's columns as keys, values and tags."""

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from api.vector.wire import Runs, Words, doubles, text, whole
from twin import times

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Told:
    """The properties of n features."""

    keys: list[str]
    values: list[bytes]
    """Each once; messages of type Value."""
    tags: Runs
    """n sequences of pairs: place among the keys, place among the values."""


def told(table: "pa.Table") -> Told:
    """The properties of a table's rows: texts, numbers, booleans; times as RFC 3339 texts.

    What is null or not a number is left out, and so is a column that has nothing else.
    """
    import pyarrow.compute as pc

    known: dict[bytes, int] = {}
    keys: list[str] = []
    columns: list[NDArray[np.int64]] = []
    for name in table.column_names:
        found = pc.dictionary_encode(table[name].combine_chunks())
        words = _messages(found.dictionary)
        numbers = [-1 if word is None else known.setdefault(word, len(known)) for word in words]
        places = found.indices.fill_null(len(words)).to_numpy(zero_copy_only=False)
        column = np.array([*numbers, -1], np.int64)[places]
        if (column >= 0).any():
            keys.append(name)
            columns.append(column)
    if not keys:
        return Told([], [], Runs(np.empty(0, np.uint64), np.zeros(len(table), np.int64)))
    place = np.column_stack(columns)
    pairs = np.stack((np.broadcast_to(np.arange(len(keys)), place.shape), place), axis=2)
    there = place >= 0
    return Told(keys, list(known), Runs(pairs[there].ravel().astype(np.uint64), 2 * there.sum(axis=1)))


def numbered(ids: list[str]) -> Words:
    """Whole numbers for ids, the same in all tiles and revisions: 53 bits, which JavaScript holds exactly."""
    made = b"".join(hashlib.blake2b(each.encode(), digest_size=8).digest() for each in ids)
    return np.frombuffer(made, ">u8").astype(np.uint64) >> np.uint64(11)


def _messages(of: "pa.Array") -> list[bytes | None]:
    """A message for each value, None for one that is null or not a number."""
    import pyarrow as pa

    if pa.types.is_string(of.type) or pa.types.is_large_string(of.type):
        return [None if each is None else text(each) for each in of.to_pylist()]
    if pa.types.is_floating(of.type):
        return doubles(of.to_numpy(zero_copy_only=False).astype("<f8"))
    if pa.types.is_timestamp(of.type):
        return [None if each is None else text(times.iso(each)) for each in of.to_pylist()]
    return [None if each is None else whole(each) for each in of.to_pylist()]
