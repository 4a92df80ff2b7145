"""Observations as columns."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.sta.streams import Some
from api.sta.things import Reading


@dataclass(slots=True)
class Rows:
    """Values of a day or of several: (n,) each."""

    part: NDArray[np.int64]
    """Number of the layer among those asked."""
    number: NDArray[np.int64]
    """Of the stream within its layer."""
    at: NDArray[np.int64]
    value: NDArray[np.float64]
    quality: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.at)

    def take(self, index: NDArray[np.int64] | NDArray[np.bool_] | slice) -> "Rows":
        """Those at `index`, or where it is true."""
        return Rows(*(column[index] for column in self.columns()))

    def columns(self) -> tuple[NDArray[Any], ...]:
        """All, in order."""
        return self.part, self.number, self.at, self.value, self.quality

    def readings(self, parts: list[Some]) -> Iterator[Reading]:
        """One by one."""
        lists = (column.tolist() for column in self.columns())
        for part, number, at, value, quality in zip(*lists, strict=True):
            streams = parts[part].streams
            yield Reading(streams[number], at, value, streams.table.texts.words[quality])


def join(found: list[Rows]) -> Rows:
    """Several as one."""
    if len(found) == 1:
        return found[0]
    columns = zip(*(rows.columns() for rows in found), strict=True)
    joined = [np.concatenate(column) for column in columns]
    if not joined:
        number = np.empty(0, np.int64)
        return Rows(number, number, number, np.empty(0), np.empty(0, np.int32))
    return Rows(*joined)
