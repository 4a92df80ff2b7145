"""Times as filters and orders see them: numbers that can be compared."""

from datetime import UTC, datetime
from typing import NamedTuple

from catalog.partitions import micros

_FIRST, _LAST = (micros(end.replace(tzinfo=UTC)) for end in (datetime.min, datetime.max))


class Moment(NamedTuple):
    """An instant or an interval, microseconds since 1970."""

    first: int
    last: int

    def later(self, by: int) -> "Moment":
        """Moved; never out of the years 1 to 9999."""
        return Moment(*(min(max(at + by, _FIRST), _LAST) for at in self))


class Duration(int):
    """A length of time, microseconds."""
