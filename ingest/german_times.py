"""German texts that say when roadworks hold become intervals: the dialect of the motorway company's messages.

Forms that occur (days ``05.10.26`` or ``05.10.2026``, times ``08:30``, ``8.30`` and ``24:00``, local)::

    Beginn: 05.10.26 um 08:30 Uhr              Ende: 07.10.2026 17:00
    05.10.26 20:00 bis zum 06.10.26 05:00 Uhr.
    05.10.26 von 09:00 bis 15:00 Uhr           (an end before the start is on the next day)
    02.10.26 bis 17.10.26                      (the last day included)
    Jeden Montag und Mittwoch zwischen dem 05.10.26 und dem 18.10.26 von 09:00 bis 15:00 Uhr.
    Die Baustelle gilt nicht an folgenden Tagen:   followed by days with commas
    (Ende der Gesamtmaßnahme: 09.11.26)

A wall-clock time that spring leaves out is read as if the clock had not been put forward; of the two that
autumn gives, a start means the first and an end the last.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ingest.german_lines import Found, said
from twin.times import iso

Window = tuple[datetime, datetime]

UNREAD = "a text on when it holds could not be read"
WHOLE = "its end is that of the whole measure, because the text states no other"
GAP = "a time that the clock skips in spring was read as before it was put forward"
TWICE = "a time that autumn has twice was read as the longer span"


@dataclass(slots=True)
class Validity:
    """When something holds, as far as a text says so."""

    begin: datetime | None = None
    """UTC."""
    end: datetime | None = None
    """UTC; None where the text states none, or could not be read in full."""
    windows: tuple[Window, ...] = ()
    """UTC, in order, apart from each other; empty unless the text states all of them with both ends."""
    notes: tuple[str, ...] = ()
    """What had to be assumed, without values."""

    @property
    def intervals(self) -> str | None:
        """The windows as ISO 8601 intervals, with a comma and a blank between; None without any."""
        return ", ".join(f"{iso(a)}/{iso(b)}" for a, b in self.windows) or None


def validity(lines: Iterable[str], zone: ZoneInfo) -> Validity:
    """Read the lines of a description; those that do not speak of time are passed over.

    Args:
        lines: in the source's order; a line may hold several, separated by line breaks.
        zone: of the wall-clock times.
    """
    return _told(said(lines), zone)


def _told(found: Found, zone: ZoneInfo) -> Validity:
    notes: list[str] = []
    begin, end = found.phase
    if begin is not None and end is not None and end <= begin:
        found.unread = True
    # Windows stated one by one say when it holds within its phase.
    local = found.windows + [(a, b) for day, a, b in found.recurring if day not in found.without]
    if not local and begin is not None and end is not None:
        local = _without(begin, end, found.without)
    open_end = not local and begin is not None and end is None
    if found.unread:
        first = min((a for a in (begin, *(a for a, _ in local)) if a is not None), default=None)
        return Validity(
            _utc(first, zone, 0, notes) if first else None, None, (), (UNREAD, *dict.fromkeys(notes))
        )
    windows = merged([(_utc(a, zone, 0, notes), _utc(b, zone, 1, notes)) for a, b in local])
    starts_utc = [a for a, _ in windows]
    if open_end and begin is not None:
        starts_utc.append(_utc(begin, zone, 0, notes))
    ends = [] if open_end else [b for _, b in windows]
    last = max(ends, default=None)
    if last is None and end is not None:
        last = _utc(end, zone, 1, notes)
    if last is None and found.overall is not None and (begin is None or begin < found.overall):
        last = _utc(found.overall, zone, 1, notes)
        notes.append(WHOLE)
    start = min(starts_utc, default=None)
    return Validity(start, last, () if open_end else windows, tuple(dict.fromkeys(notes)))


def merged(windows: Sequence[Window]) -> tuple[Window, ...]:
    """The same times in order, as few windows as possible; empty ones are left out."""
    result: list[Window] = []
    for begin, end in sorted(windows):
        if begin >= end:
            continue
        if result and begin <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((begin, end))
    return tuple(result)


def _without(begin: datetime, end: datetime, days: set[date]) -> list[tuple[datetime, datetime]]:
    """A long window without some days."""
    pieces = []
    for day in sorted(days):
        midnight = datetime.combine(day, time())
        if begin < midnight + timedelta(days=1) and midnight < end:
            if begin < midnight:
                pieces.append((begin, midnight))
            begin = midnight + timedelta(days=1)
    if begin < end:
        pieces.append((begin, end))
    return pieces


def _utc(local: datetime, zone: ZoneInfo, fold: int, notes: list[str]) -> datetime:
    early = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    late = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if early == late:
        return early
    if early.astimezone(zone).replace(tzinfo=None) != local:
        notes.append(GAP)
        return early
    notes.append(TWICE)
    return late if fold else early
