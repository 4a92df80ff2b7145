"""Values of a layer within a day, as columns: little memory, and whole days are looked at at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from catalog import partitions
from catalog.partitions import Rows
from twin.store import Store

Key = tuple[str, str]
"""Station and property."""
NEVER: int = np.iinfo(np.int64).max
"""An instant that does not come."""
PROPERTY_BITS = 32
"""Of the number of a property in that of a key."""
PROPERTIES = (1 << PROPERTY_BITS) - 1
"""Masks them."""


class Quality(Sequence[str]):
    """The publisher's words on some values."""

    __slots__ = ("_codes", "_words")

    def __init__(self, words: list[str], codes: NDArray[np.int32]) -> None:
        self._words = words
        self._codes = codes

    def __len__(self) -> int:
        return len(self._codes)

    def __getitem__(self, place):  # type: ignore[no-untyped-def]
        if isinstance(place, slice):
            return Quality(self._words, self._codes[place])
        return self._words[self._codes[place]]


@dataclass(slots=True)
class Series:
    """Values of one property of one station within a day, in order of time, none missing."""

    unit: str
    observed: NDArray[np.int64]
    value: NDArray[np.float64]
    quality: Sequence[str]


@dataclass(slots=True)
class Words:
    """The texts of a layer's files as numbers, the same for all its days. They only ever grow."""

    words: list[str] = field(default_factory=list)
    codes: dict[str, int] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def number(self, key: Key) -> int:
        """Number of a key; -1 if there is none."""
        station, name = self.codes.get(key[0]), self.codes.get(key[1])
        return -1 if station is None or name is None else station << PROPERTY_BITS | name

    def key(self, number: int) -> Key:
        """The key that a number stands for."""
        return self.words[number >> PROPERTY_BITS], self.words[number & PROPERTIES]

    def numbers(self, rows: Rows) -> NDArray[np.int64]:
        """(n,) number of each row's key."""
        found: NDArray[np.int64] = rows.station.astype(np.int64) << PROPERTY_BITS | rows.property
        return found


@dataclass(slots=True, eq=False)
class Day(Mapping[Key, Series]):
    """Sorted by key and time; each key has its values side by side, none missing."""

    texts: Words
    keys_: NDArray[np.int64]
    """(k,) numbers of the keys that have values, ascending."""
    starts: NDArray[np.int64]
    """(k + 1,) where the values of each begin, and the end."""
    observed: NDArray[np.int64]
    """(n,) microseconds since 1970."""
    value: NDArray[np.float64]
    """(n,)."""
    unit: NDArray[np.int32]
    """(k,) number of the last value's unit."""
    quality: NDArray[np.int32]
    """(n,) numbers of words."""

    def __len__(self) -> int:
        return len(self.keys_)

    def __iter__(self) -> Iterator[Key]:
        return map(self.texts.key, self.keys_.tolist())

    def __getitem__(self, key: Key) -> Series:
        place = self.place(self.texts.number(key))
        if place is None:
            raise KeyError(key)
        rows = slice(int(self.starts[place]), int(self.starts[place + 1]))
        words = self.texts.words
        return Series(
            words[self.unit[place]],
            self.observed[rows],
            self.value[rows],
            Quality(words, self.quality[rows]),
        )

    def word(self, row: int) -> str:
        """The publisher's word on the quality of a value."""
        return self.texts.words[int(self.quality[row])]

    def until(self, limit: int) -> NDArray[np.int64]:
        """(k,) how many values of each key were observed by an instant, microseconds since 1970."""
        if not len(self.keys_) or limit >= int(self.observed.max()):
            return np.diff(self.starts)
        found: NDArray[np.int64] = np.add.reduceat(self.observed <= limit, self.starts[:-1], dtype=np.int64)
        return found

    def next(self, limit: int) -> int:
        """When the first value after an instant was observed, microseconds since 1970, or `NEVER`."""
        if not len(self.observed) or limit >= int(self.observed.max()):
            return NEVER
        return int(self.observed[self.observed > limit].min())

    def newest(self, limit: int | None = None) -> int | None:
        """When the newest value was observed, by `limit` if one is given; None if there is none."""
        observed = self.observed
        if limit is not None and len(observed) and limit < observed.max():
            observed = observed[observed <= limit]
        return int(observed.max()) if len(observed) else None

    def place(self, number: int) -> int | None:
        """Where a key stands among `keys_`, by its number."""
        place = int(np.searchsorted(self.keys_, number))
        return place if place < len(self.keys_) and self.keys_[place] == number else None


def read(store: Store, keys: Sequence[str], texts: Words) -> Day:
    """The values of a day that count, or of several days.

    Args:
        store: Where they lie.
        keys: All files of the day or days.
        texts: Of the layer.

    Raises:
        Damaged: a file cannot be read.
        NotFound: it is gone.
    """
    with texts.lock:
        parts = [partitions.read(store, keys, texts.codes, texts.words)] if keys else []
        rows = partitions.join(texts.words, parts).newest()
    rows = rows.take(~np.isnan(rows.value))
    numbers = texts.numbers(rows)
    starts = np.flatnonzero(np.diff(numbers, prepend=-1))
    ends = np.append(starts[1:], len(rows)).astype(np.int64)[: len(starts)]
    return Day(
        texts,
        numbers[starts],
        np.append(starts, len(rows)),
        rows.observed,
        rows.value,
        rows.unit[ends - 1],
        rows.quality,
    )
