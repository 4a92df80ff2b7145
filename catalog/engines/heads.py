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
        young, old, numbers = self._young, self._old, rows.tolist()
        found = [*map(young.get, numbers)]
        if None not in found:
            return found  # type: ignore[return-value]
        if old:
            found = [head or old.get(row) for head, row in zip(found, numbers, strict=True)]
        absent = [row for head, row in zip(found, numbers, strict=True) if head is None]
        written = self._write(np.array(absent, np.int64)) if absent else []
        young.update(zip(absent, written, strict=True))
        self._size += sum(map(len, written))
        if self._size > self._room:
            self._old, self._young, self._size = young, {}, 0
        fresh = iter(written)
        return [head or next(fresh) for head in found]
