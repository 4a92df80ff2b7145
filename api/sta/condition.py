"""What a filter asks of Observations, taken apart so that whole days need not be looked at value by value."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from api.sta.groups import Group

Test = Callable[[Group], NDArray[np.bool_]]
"""(n,) of which Observations of a group something is true."""

_OPERATORS = {
    "eq": np.equal,
    "ne": np.not_equal,
    "gt": np.greater,
    "ge": np.greater_equal,
    "lt": np.less,
    "le": np.less_equal,
}


@dataclass(slots=True)
class Condition:
    """All parts have to be true."""

    first: int | None = None
    """Microseconds since 1970, with it."""
    last: int | None = None
    """Likewise."""
    results: list[tuple[str, float]] = field(default_factory=list)
    """(operator, number) for the value."""
    stream: list[Test] = field(default_factory=list)
    """Asked of one Observation of each Datastream, for only the latter matters."""
    rest: list[Test] = field(default_factory=list)
    """Asked of each Observation."""

    @property
    def plain(self) -> bool:
        """Whether it asks for nothing, beside of which streams."""
        return (self.first, self.last) == (None, None) and not (self.results or self.rest)

    def within(self, start: int, end: int) -> bool:
        """Whether it is true of all values observed from `start` on and before `end`."""
        early = self.first is None or self.first <= start
        late = self.last is None or self.last >= end - 1
        return early and late and not (self.results or self.rest)

    def from_(self, at: int, newest_first: bool) -> "Condition":
        """The same from an instant on, or until then if the newest come first; with it."""
        found = replace(self)
        found.bound("le" if newest_first else "ge", at)
        return found

    def bound(self, operator: str, at: int) -> None:
        """Add a comparison of phenomenonTime; not for ``ne``."""
        if operator in ("ge", "gt", "eq"):
            low = at + (operator == "gt")
            self.first = low if self.first is None else max(self.first, low)
        if operator in ("le", "lt", "eq"):
            high = at - (operator == "lt")
            self.last = high if self.last is None else min(self.last, high)

    def met(self, at: NDArray[np.int64], value: NDArray[np.float64]) -> NDArray[np.bool_] | None:
        """(n,) whether times and values are as asked; None if all are."""
        found: NDArray[np.bool_] | None = None
        asked: list[tuple[str, int | float, NDArray[np.int64] | NDArray[np.float64]]] = [
            (operator, number, value) for operator, number in self.results
        ]
        if self.first is not None and len(at) and int(at.min()) < self.first:
            asked.append(("ge", self.first, at))
        if self.last is not None and len(at) and int(at.max()) > self.last:
            asked.append(("le", self.last, at))
        for operator, number, column in asked:
            true = _OPERATORS[operator](column, number)
            found = true if found is None else found & true
        return found
