"""How times lie to one another, as FROST has it: an interval begins with its first instant and ends before
its last; an instant is its own beginning and end."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.sta.moment import Moment
from twin.errors import RequestError

RELATIONS: dict[str, Callable[[Any, Any, Any, Any], Any]] = {
    "before": lambda s1, e1, s2, e2: (e1 <= s2) & (s1 < s2),
    "after": lambda s1, e1, s2, e2: (s1 >= e2) & (s1 > s2),
    "meets": lambda s1, e1, s2, e2: (s1 == e2) | (e1 == s2),
    "during": lambda s1, e1, s2, e2: (s1 >= s2) & (s1 < e2) & (e1 <= e2),
    "overlaps": lambda s1, e1, s2, e2: ((s1 < e2) & (s2 < e1)) | (s1 == s2),
    "starts": lambda s1, e1, s2, e2: s1 == s2,
    "finishes": lambda s1, e1, s2, e2: e1 == e2,
}
"""Name of a function → whether it is so, of the ends of the one time and of the other."""


def relation(name: str) -> Callable[[Any, Any], Any]:
    """A function that tells whether two times lie so; nothing gives nothing."""

    def asked(one: Any, other: Any) -> bool | None:
        if one is None or other is None:
            return None
        if not (isinstance(one, Moment) and isinstance(other, Moment)):
            raise RequestError(f"{name} in $filter takes two times; write an interval as first/last")
        return bool(RELATIONS[name](*one, *other))

    return asked


def related(name: str, one: Any, other: Any) -> NDArray[np.bool_]:
    """Whether times (n, 2), or one for all, lie so, (n,)."""
    one, other = (np.asarray(value, np.int64).reshape(-1, 2) for value in (one, other))
    found: NDArray[np.bool_] = RELATIONS[name](one[:, 0], one[:, 1], other[:, 0], other[:, 1])
    return found


def bounds(name: str, other: Moment) -> list[tuple[str, int]] | None:
    """Comparisons (operator, microseconds since 1970) that say the same of an instant; None if none do."""
    first, last = other
    if name == "before":
        return [("lt", first)]
    if name == "after":
        return [("gt", first)] if first == last else [("ge", last)]
    if name == "during" or (name == "overlaps" and first != last):
        return [("ge", first), ("lt", last)]
    if name == "overlaps" or name == "starts":
        return [("eq", first)]
    return [("eq", last)] if name == "finishes" else None
