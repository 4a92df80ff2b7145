"""Times as measuring networks write them: naive, in local time, with hour 24 and hours that occur twice."""

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_ISO = re.compile(r"(\d{4})[-.](\d{1,2})[-.](\d{1,2})")
_GERMAN = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:\.0+)?)?")  # "23.59" and "00:00" in one file
_WHOLE_DAY = timedelta(days=1)


class NotObserved(ValueError):
    """The record cannot be read as an observation; the message says why, without values."""


@lru_cache(maxsize=8192)
def _day(written: str) -> datetime:
    year_first, day_first = _ISO.fullmatch(written), _GERMAN.fullmatch(written)
    try:
        if year_first:
            return datetime(int(year_first[1]), int(year_first[2]), int(year_first[3]))
        if day_first:
            return datetime(int(day_first[3]), int(day_first[2]), int(day_first[1]))
        raise ValueError
    except ValueError:
        raise NotObserved("its day cannot be read") from None


@lru_cache(maxsize=8192)
def _clock(written: str) -> timedelta:
    match = _CLOCK.fullmatch(written)
    if match is None:
        raise NotObserved("its time cannot be read")
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    if minute > 59 or second > 59 or hour > 24 or (hour == 24 and minute + second):
        raise NotObserved("its time cannot be read")
    return timedelta(hours=hour, minutes=minute, seconds=second)


def local_time(written: str) -> tuple[datetime, bool]:
    """Read a time as sources write it; True if it was hour 24 (midnight of the next day).

    A day is ``2026-08-08``, ``2026.08.08`` or ``08.08.2026``; a text with an offset keeps it.

    Raises:
        NotObserved: the text is no time.
    """
    parts = written.replace("T", " ").split()
    if len(parts) != 2:
        raise NotObserved("its time cannot be read")
    clock = parts[1]
    if clock[-1] == "Z" or "+" in clock or "-" in clock:
        try:
            return datetime.fromisoformat("T".join(parts)), False
        except ValueError:
            raise NotObserved("its time cannot be read") from None
    since = _clock(clock)
    return _day(parts[0]) + since, since == _WHOLE_DAY


@lru_cache(maxsize=8192)
def candidates(naive: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """The instants that a naive time can mean: none in the gap of spring, two in the hour of autumn."""
    if naive.tzinfo is not None:
        return (naive.astimezone(UTC),)
    found = []
    for fold in (0, 1):
        instant = naive.replace(tzinfo=zone, fold=fold).astimezone(UTC)
        if instant.astimezone(zone).replace(tzinfo=None, fold=0) == naive and instant not in found:
            found.append(instant)
    return tuple(found)


@lru_cache(maxsize=8192)
def steady(day: date, zone: ZoneInfo) -> timedelta | None:
    """The zone's offset on a day if it is the same from the day before to the day after; else None."""
    noons = [datetime(day.year, day.month, day.day, 12, tzinfo=zone) + timedelta(days=n) for n in (-1, 0, 1)]
    offsets = {noon.utcoffset() for noon in noons}
    return offsets.pop() if len(offsets) == 1 else None
