"""Heads: features as GeoJSON bytes, kept while there is room."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray


class Heads:
    """Bytes of rows lately asked for; the older half goes when the younger has filled its room."""

    def __init__(
        self, write: Callable[[NDArray[np.int64]], list[bytes]], room: int = 32 * 1024 * 1024
    ) -> None:
        """Keep what `write` makes of rows, up to twice `room` bytes."""
        self._write = write
        self._room = room
        self._young: dict[int, bytes] = {}
        self._old: dict[int, bytes] = {}
        self._size = 0

    def __call__(self, rows: NDArray[np.int64]) -> list[bytes]:
        """The bytes of some rows, in their order. Threads may ask at once: at worst both write."""
        young, old = self._young, self._old
        found = [*map(young.get, rows.tolist())]
        if None in found and old:
            found = [
                old.get(row) if head is None else head for row, head in zip(rows.tolist(), found, strict=True)
            ]
        if None in found:
            missing = [place for place, head in enumerate(found) if head is None]
            absent = rows[missing]
            written = self._write(absent)
            for place, row, head in zip(missing, absent.tolist(), written, strict=True):
                found[place] = young[row] = head
            self._size += sum(map(len, written))
            if self._size > self._room:
                self._old, self._young, self._size = young, {}, 0
        return [head for head in found if head is not None]
