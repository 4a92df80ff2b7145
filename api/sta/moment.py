"""Times as filters and orders see them: numbers that can be compared."""

from datetime import UTC, datetime
from typing import NamedTuple

from catalog.partitions import micros

EVER = micros(datetime.min.replace(tzinfo=UTC)), micros(datetime.max.replace(tzinfo=UTC))
"""The first and the last instant that can be told, microseconds since 1970."""


class Moment(NamedTuple):
    """An instant or an interval, microseconds since 1970."""

    first: int
    last: int

    def later(self, by: int) -> "Moment":
        """Moved; never out of the years 1 to 9999."""
        return Moment(*(min(max(at + by, EVER[0]), EVER[1]) for at in self))


class Duration(int):
    """A length of time, microseconds."""
