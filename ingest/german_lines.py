"""What single lines of German texts say about times, in local time (see `ingest.german_times`)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from ingest.german_days import weekdays

MOST = 2_000
"""Windows of one text; more of them are nobody's roadworks."""

_D = r"(\d{1,2}\.\d{1,2}\.(?:\d{4}|\d{2}))"
_T = r"(\d{1,2}[:.]\d{2})(?:\s*Uhr)?"
_AT = rf"{_D}(?:,?\s+(?:um\s+)?{_T})?"
_TO = r"\s*(?:bis(?:\s+zum)?|[-–])\s*"
_BEGIN = re.compile(rf"Beginn\s*:\s*{_AT}", re.I)
_END = re.compile(rf"Ende\s*:\s*{_AT}", re.I)
_BOTH = re.compile(rf"(?:vo[mn]\s+)?{_AT}{_TO}{_AT}", re.I)
_HOURS = re.compile(rf"(?:am\s+)?{_D},?\s+(?:von\s+)?{_T}{_TO}{_T}", re.I)
_EVERY = re.compile(
    rf"Jeden\s+(.{{2,120}}?)\s+zwischen\s+dem\s+{_D}\s+und\s+dem\s+{_D}\s+von\s+{_T}{_TO}{_T}", re.I
)
_OVERALL = re.compile(rf"\(?Ende der Gesamtmaßnahme\s*:\s*{_AT}\)?", re.I)
_HEAD = re.compile(
    r"(?:Die Baustelle ist zu folgenden Zeiträumen )?gültig\s*:\s*|Zeitraum dieser Bauphase\s*:\s*", re.I
)
_NOT = re.compile(r"Die Baustelle gilt nicht an folgenden Tagen\s*:\s*", re.I)
_DAYS = re.compile(rf"{_D}(?:{_TO}{_D})?", re.I)
_DAY_LIST = re.compile(rf"{_D}(?:{_TO}{_D})?(?:\s*[,;]\s*{_D}(?:{_TO}{_D})?)*\s*[,;.]?", re.I)
_ABOUT_TIME = re.compile(
    rf"(?:Beginn|Ende)\s*:|Jeden\s|(?:vo[mn]\s+|am\s+)?{_D}\s*(?:\d|vo[nm]\b|bis\b|um\b|[-–])", re.I
)
_DAY = timedelta(days=1)
_LONGEST_LINE = 500


@dataclass(slots=True)
class Found:
    """What the lines say, in local time."""

    windows: list[tuple[datetime, datetime]] = field(default_factory=list)
    phase: tuple[datetime | None, datetime | None] = (None, None)
    """``Beginn`` and ``Ende``."""
    recurring: list[tuple[date, datetime, datetime]] = field(default_factory=list)
    """Each with the day to which an exception would apply."""
    without: set[date] = field(default_factory=set)
    overall: datetime | None = None
    unread: bool = False


class _Unreadable(ValueError):
    """A line that speaks of time and cannot be understood."""


def said(lines: Iterable[str]) -> Found:
    """Read the lines of a description; those that do not speak of time are passed over."""
    found = Found()
    excluding = promised = False
    for line in _lines(lines):
        if (not_on := _NOT.match(line)) is not None:
            excluding, line = True, line[not_on.end() :]
            promised = True
            if not line:
                continue
        excluding = excluding and _DAY_LIST.fullmatch(line) is not None
        found.unread |= promised and not excluding  # days are left out, and nobody knows which
        promised = False
        try:
            if excluding:
                found.without |= _days(line)
            else:
                _read(line, found)
        except _Unreadable:
            found.unread = True
        if len(found.windows) + len(found.recurring) > MOST:
            found.unread = True
            break
    found.unread |= promised
    return found


def _lines(lines: Iterable[str]) -> Iterator[str]:
    for text in lines:
        for line in text.splitlines():
            line = " ".join(line[:_LONGEST_LINE].split())
            if line:
                yield line


def _read(line: str, found: Found) -> None:
    head = _HEAD.match(line)
    line = line[head.end() :] if head else line
    line = line.rstrip(". ")
    if whole := _OVERALL.fullmatch(line):
        found.overall = _last(whole[1], whole[2])
    elif begin := _BEGIN.fullmatch(line):
        found.phase = (_at(begin[1], begin[2]), found.phase[1])
    elif end := _END.fullmatch(line):
        found.phase = (found.phase[0], _last(end[1], end[2]))
    elif every := _EVERY.fullmatch(line):
        found.recurring += _recurring(every[1], every[2], every[3], every[4], every[5])
    elif hours := _HOURS.fullmatch(line):
        found.windows.append(_hours(_day(hours[1]), hours[2], hours[3]))
    elif both := _BOTH.fullmatch(line):
        found.windows.append(_span(_at(both[1], both[2]), _last(both[3], both[4])))
    elif _ABOUT_TIME.match(line):
        raise _Unreadable


def _recurring(
    names: str, first: str, last: str, begin: str, end: str
) -> list[tuple[date, datetime, datetime]]:
    wanted = weekdays(names)
    day, until = _day(first), _day(last)
    if wanted is None or until < day or (until - day).days > MOST:
        raise _Unreadable
    found = []
    while day <= until:
        if day.weekday() in wanted:
            found.append((day, *_hours(day, begin, end)))
        day += _DAY
    return found


def _hours(day: date, begin: str, end: str) -> tuple[datetime, datetime]:
    """From one time of a day to another; one that is not later is the next day's."""
    start = datetime.combine(day, time()) + _clock(begin)
    stop = datetime.combine(day, time()) + _clock(end)
    return start, stop if stop > start else stop + _DAY


def _span(begin: datetime, end: datetime) -> tuple[datetime, datetime]:
    if end <= begin:
        raise _Unreadable
    return begin, end


def _days(line: str) -> set[date]:
    days: set[date] = set()
    for match in _DAYS.finditer(line):
        first = _day(match[1])
        last = _day(match[2]) if match[2] else first
        if not 0 <= (last - first).days <= MOST:
            raise _Unreadable
        days.update(first + n * _DAY for n in range((last - first).days + 1))
    return days


def _at(day: str, clock: str | None) -> datetime:
    return datetime.combine(_day(day), time()) + (_clock(clock) if clock else timedelta())


def _last(day: str, clock: str | None) -> datetime:
    """An end; a day without a time is meant to its last moment."""
    return _at(day, clock or "24:00")


def _day(written: str) -> date:
    day, month, year = written.split(".")
    try:
        found = date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    except ValueError:
        raise _Unreadable from None
    if not 1990 <= found.year <= 2100:
        raise _Unreadable
    return found


def _clock(written: str) -> timedelta:
    hour, minute = (int(part) for part in re.split("[:.]", written))
    if minute > 59 or hour > 24 or (hour == 24 and minute):
        raise _Unreadable
    return timedelta(hours=hour, minutes=minute)
