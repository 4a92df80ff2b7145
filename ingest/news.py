"""News: whether ids occur for the first time, in eight bytes each. A city has hundreds of thousands."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


class News:
    """The ids that there were, as hashes of 64 bits.

    Two different ids may have one hash: what may have been there is said to have been there, and whoever
    asks has to look. What is said to be new is new.
    """

    def __init__(self) -> None:
        self._runs: list[NDArray[np.int64]] = []
        """Sorted, each at least twice as long as the next one: few to look through, and rarely joined."""

    def all_new(self, ids: Sequence[str]) -> bool:
        """Whether none of these occurs here twice, or did before; if so they are remembered, else none is."""
        hashes = np.sort(np.fromiter(map(hash, ids), np.int64, len(ids)))
        if (hashes[1:] == hashes[:-1]).any() or any(_meet(run, hashes) for run in self._runs):
            return False
        while self._runs and len(self._runs[-1]) < 2 * len(hashes):
            hashes = np.sort(np.concatenate([self._runs.pop(), hashes]), kind="stable")
        self._runs.append(hashes)
        return True


def _meet(run: NDArray[np.int64], hashes: NDArray[np.int64]) -> bool:
    """Whether any hash is in a sorted run."""
    if not len(run):
        return False
    places = np.searchsorted(run, hashes)
    return bool((run[np.minimum(places, len(run) - 1)] == hashes).any())
