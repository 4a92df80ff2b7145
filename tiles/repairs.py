"""Repairs: what was put right on the faces of buildings, how often, and on which buildings."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from twin.report import NAMED


@dataclass(slots=True)
class Repairs:
    """Reasons with their counts, and the first buildings of each.

    The first of many parts are among the first of each part, so the same ones are named however the
    buildings were shared out.
    """

    counts: dict[str, int] = field(default_factory=dict)
    """Reason → how often: faces, rings, or whole buildings, as the reason says."""
    owners: dict[str, list[int]] = field(default_factory=dict)
    """Reason → numbers of the first `NAMED` buildings, ascending."""

    def add(self, reason: str, owners: NDArray[np.int64]) -> None:
        """Remember a repair.

        Args:
            reason: In words.
            owners: (n,) building of each time; none, and nothing is remembered.
        """
        if len(owners):
            self._put(reason, len(owners), np.unique(owners)[:NAMED].tolist())

    def join(self, other: "Repairs") -> None:
        """Take over what was repaired elsewhere, with the same numbers of buildings."""
        for reason, count in other.counts.items():
            self._put(reason, count, other.owners[reason])

    def numbered(self, numbers: NDArray[np.int64]) -> "Repairs":
        """The same, with other numbers for the buildings: ``numbers[i]``, ascending, in place of ``i``."""
        owners = {reason: numbers[first].tolist() for reason, first in self.owners.items()}
        return Repairs(dict(self.counts), owners)

    def _put(self, reason: str, count: int, first: list[int]) -> None:
        self.counts[reason] = self.counts.get(reason, 0) + count
        self.owners[reason] = sorted({*self.owners.get(reason, ()), *first})[:NAMED]
