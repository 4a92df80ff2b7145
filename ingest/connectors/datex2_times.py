"""Validity in DATEX II: an overall time, valid periods that may recur by hour and weekday, and exceptions."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ingest.connectors.xml_stream import Element, at, below, children, words
from ingest.german_times import Window, merged
from twin.times import iso

UNREAD = "a time of its validity could not be read"
BEYOND = "its valid periods reach beyond its overall time, which was widened"
MANY = "its validity recurs too often to be written down as intervals"
_MOST = 2_000
_DAY = timedelta(days=1)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Validity:
    """When a record holds, UTC."""

    begin: str | None
    end: str | None
    windows: str | None
    """ISO 8601 intervals, with a comma and a blank between; None where an end is open."""
    notes: tuple[str, ...] = ()


class _Unreadable(ValueError):
    pass


def validity(record: Element, zone: ZoneInfo) -> Validity:
    """Read the ``validity`` of a situation record, of either version.

    Args:
        record: Has ``validity/validityTimeSpecification``.
        zone: Of times without an offset.
    """
    stated = at(record, "validity", "validityTimeSpecification")
    if stated is None:
        return Validity(None, None, None)
    try:
        begin = _instant(words(stated, "overallStartTime"), zone)
        end = _instant(words(stated, "overallEndTime"), zone)
    except _Unreadable:
        return Validity(None, None, None, (UNREAD,))
    notes: tuple[str, ...] = ()
    try:
        windows = _windows(stated, begin, end, zone)
    except _Unreadable:
        windows, notes = (), (UNREAD,)
    if windows is None:
        windows, notes = (), (MANY,)
    if windows and begin and end and (windows[0][0] < begin or windows[-1][1] > end):
        begin, end, notes = min(begin, windows[0][0]), max(end, windows[-1][1]), (BEYOND,)
    intervals = ", ".join(f"{iso(a)}/{iso(b)}" for a, b in windows) or None
    return Validity(iso(begin) if begin else None, iso(end) if end else None, intervals, notes)


def moment(written: str | None, zone: ZoneInfo) -> str | None:
    """A time as RFC 3339 with ``Z``, to the second; None if there is none, or it cannot be read."""
    try:
        found = _instant(written, zone)
    except _Unreadable:
        return None
    return iso(found) if found else None


def _windows(
    stated: Element, begin: datetime | None, end: datetime | None, zone: ZoneInfo
) -> tuple[Window, ...] | None:
    """What holds: none where an end is open, None where there are too many."""
    periods = children(stated, "validPeriod")
    holds: list[Window] = []
    for period in periods:
        found = _of_period(period, begin, end, zone)
        if found is None:
            return ()
        holds += found
        if len(holds) > _MOST:
            return None
    if not periods:
        if begin is None or end is None:
            return ()
        holds = [(begin, end)]
    holds = list(merged(holds))
    for period in children(stated, "exceptionPeriod"):
        found = _of_period(period, begin, end, zone)
        if found is None:
            return ()
        if len(found) * len(holds) > _MOST * 100:
            return None
        holds = list(without(holds, found))
    return merged(holds)


def without(holds: Iterable[Window], exceptions: Iterable[Window]) -> Iterator[Window]:
    """What is left of some windows outside of others."""
    left = list(holds)
    for begin, end in merged(list(exceptions)):
        left = [
            piece for a, b in left for piece in ((a, min(b, begin)), (max(a, end), b)) if piece[0] < piece[1]
        ]
    yield from left


def _of_period(
    period: Element, begin: datetime | None, end: datetime | None, zone: ZoneInfo
) -> list[Window] | None:
    """The windows of one period within the overall time; None if it is open."""
    first = _instant(words(period, "startOfPeriod"), zone) or begin
    last = _instant(words(period, "endOfPeriod"), zone) or end
    if first is None or last is None:
        return None
    hours = [
        (_clock(words(h, "startTimeOfPeriod")), _clock(words(h, "endTimeOfPeriod")))
        for h in children(period, "recurringTimePeriodOfDay")
    ]
    days = _weekdays(period)
    if not hours and days is None:
        return [(first, last)] if first < last else []
    return list(_recurring(first, last, hours or [(timedelta(), _DAY)], days or frozenset(range(7)), zone))


def _recurring(
    first: datetime,
    last: datetime,
    hours: list[tuple[timedelta, timedelta]],
    days: frozenset[int],
    zone: ZoneInfo,
) -> Iterator[Window]:
    day, until = first.astimezone(zone).date() - _DAY, last.astimezone(zone).date()
    if (until - day).days > _MOST:
        raise _Unreadable
    while day <= until:
        if day.weekday() in days:
            for start, stop in hours:
                a, b = _at(day, start, zone), _at(day, stop if stop > start else stop + _DAY, zone)
                if max(a, first) < min(b, last):
                    yield max(a, first), min(b, last)
        day += _DAY


def _at(day: date, clock: timedelta, zone: ZoneInfo) -> datetime:
    return (datetime.combine(day, time()) + clock).replace(tzinfo=zone).astimezone(UTC)


def _weekdays(period: Element) -> frozenset[int] | None:
    names = [(word.text or "").strip().lower() for word in below(period, "applicableDay")]
    if not names:
        return None
    if not set(names) <= set(_DAYS):
        raise _Unreadable
    return frozenset(_DAYS.index(name) for name in names)


def _clock(written: str | None) -> timedelta:
    """A time of day; its offset is left aside, because such times are meant by the clock on the wall."""
    text = (written or "").strip()
    if text[:2] == "24" and text[2:8] in (":00:00", ":00"):
        return _DAY
    try:
        found = time.fromisoformat(text)
    except ValueError:
        raise _Unreadable from None
    return timedelta(hours=found.hour, minutes=found.minute, seconds=found.second)


def _instant(written: str | None, zone: ZoneInfo) -> datetime | None:
    if written is None:
        return None
    try:
        found = datetime.fromisoformat(written)
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError):
        raise _Unreadable from None
