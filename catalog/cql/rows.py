"""What a filter is evaluated over: some rows of a snapshot, column by column."""

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

NO_TIME = np.iinfo(np.int64).min
"""Stands for a missing value among times."""


class Rows(Protocol):
    """Some rows; columns and masks are as long as there are rows."""

    def __len__(self) -> int:
        """How many."""

    def column(self, name: str) -> Any:
        """A column as Arrow array; nothing but nulls if the snapshot does not have it."""

    def compared(self, op: str, name: str, value: str | float) -> NDArray[np.bool_] | None:
        """Where a column surely compares (``=`` …) so to a value, if that is known without reading it."""

    def folded(self, name: str, ways: frozenset[str]) -> Any:
        """A column of text as CASEI, ACCENTI or both see it."""

    def times(self, name: str) -> NDArray[np.int64]:
        """A column of times as microseconds since 1970, `NO_TIME` where there is none."""

    @property
    def bounds(self) -> NDArray[np.float64]:
        """(n, 4) west, south, east, north of each geometry, NaN where there is none."""

    def shapes(self, places: NDArray[np.int64]) -> Any:
        """Geometries (shapely) of some of the rows, by their number among them."""
