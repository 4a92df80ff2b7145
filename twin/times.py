"""Instants: always UTC inside, always with an offset outside."""

import re
from datetime import UTC, datetime, timedelta

from twin.errors import RequestError

_DURATION = re.compile(
    r"P(?=.)(?:([0-9]{1,4})W)?(?:([0-9]{1,4})D)?(?:T(?=.)(?:([0-9]{1,4})H)?(?:([0-9]{1,4})M)?)?"
)
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[Tt][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:[Zz]|[+-][0-9]{2}:[0-9]{2})?)?"
)
"""RFC 3339, and as OData has it without seconds; what else ISO 8601 allows (weeks, no hyphens) is refused."""


def now() -> datetime:
    """The present instant, UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def iso(instant: datetime) -> str:
    """RFC 3339 with ``Z``. A naive time is a programming error."""
    if instant.tzinfo is None:
        raise ValueError("a time without a zone cannot be written down")
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def parse(text: str) -> datetime:
    """Read an RFC 3339 instant (or a date, meaning its first moment in UTC)."""
    cleaned = text.strip().replace(" ", "+")  # a plus that travelled unescaped in a URL
    try:
        if _INSTANT.fullmatch(cleaned) is None:
            raise ValueError(cleaned)
        instant = datetime.fromisoformat(cleaned.upper())
        if instant.tzinfo is None and len(cleaned) <= 10:
            instant = instant.replace(tzinfo=UTC)
        if instant.tzinfo is not None:
            return instant.astimezone(UTC)
    except (ValueError, OverflowError):  # an offset may lead out of the years 1 to 9999
        raise RequestError(f"{text[:40]!r} is not a time; write for example 2026-03-01T12:00:00Z") from None
    raise RequestError(f"{text[:40]!r} has no zone; add Z for UTC or an offset such as +01:00")


def interval(text: str) -> tuple[datetime | None, datetime | None]:
    """Read OGC's ``datetime`` parameter: an instant, ``a/b``, ``a/..``, ``../b``. An instant gives (t, t).

    ``a/P2D`` is understood, too: OGC's own test suite asks so, though its standard has no durations. Weeks,
    days, hours and minutes; months and years have no length of their own.
    """
    start, slash, end = text.partition("/")
    if not slash:
        instant = parse(start)
        return instant, instant
    lasting = _DURATION.fullmatch(end)
    if lasting is not None and start not in ("", ".."):
        begin = parse(start)
        weeks, days, hours, minutes = (int(found or 0) for found in lasting.groups())
        try:
            return begin, begin + timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes)
        except OverflowError:
            raise RequestError("datetime ends after the year 9999; write an earlier end") from None
    first = None if start in ("", "..") else parse(start)
    last = None if end in ("", "..") else parse(end)
    if first is None and last is None:
        raise RequestError("datetime=../.. is open at both ends; leave it out")
    if first is not None and last is not None and first > last:
        raise RequestError("datetime ends before it begins; swap the two")
    return first, last


def in_words(age: timedelta) -> tuple[str, str]:
    """An age in German and English, as people say it: ("vor 4 Minuten", "4 minutes ago")."""
    seconds = int(age.total_seconds())
    if seconds < 60:
        return "gerade eben", "just now"
    for size, one_de, many_de, one_en, many_en in (
        (86400, "einem Tag", "{} Tagen", "a day", "{} days"),
        (3600, "einer Stunde", "{} Stunden", "an hour", "{} hours"),
        (60, "einer Minute", "{} Minuten", "a minute", "{} minutes"),
    ):
        count = seconds // size
        if count:
            de = one_de if count == 1 else many_de.format(count)
            en = one_en if count == 1 else many_en.format(count)
            return f"vor {de}", f"{en} ago"
    raise AssertionError("unreachable: at least one minute")
