"""What a filter asks of Observations, taken apart so that whole days need not be looked at value by value."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from api.sta.things import Entity

Test = Callable[[Entity], bool]

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
    weight: int = 0
    """How much has to be reckoned for the rest, for each Observation."""

    @property
    def empty(self) -> bool:
        """Whether it asks for nothing."""
        return (self.first, self.last) == (None, None) and not (self.results or self.stream or self.rest)

    def bound(self, operator: str, at: int) -> None:
        """Add a comparison of phenomenonTime; not for ``ne``."""
        if operator in ("ge", "gt", "eq"):
            low = at + (operator == "gt")
            self.first = low if self.first is None else max(self.first, low)
        if operator in ("le", "lt", "eq"):
            high = at - (operator == "lt")
            self.last = high if self.last is None else min(self.last, high)

    def within(self, values: NDArray[np.float64]) -> NDArray[np.bool_]:
        """(n,) whether values are as asked."""
        true = np.ones(len(values), dtype=bool)
        for operator, number in self.results:
            true &= _OPERATORS[operator](values, number)
        return true
