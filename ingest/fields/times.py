"""Mapping functions for days and times."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ingest.fields.context import Context
from ingest.fields.texts import clean

_DATE_DE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


def _day(values: Sequence[Any]) -> date | None:
    raw = clean(values[0])
    if raw is None:
        return None
    match = _DATE_DE.fullmatch(raw)
    try:
        return date(int(match[3]), int(match[2]), int(match[1])) if match else date.fromisoformat(raw[:10])
    except ValueError:
        raise ValueError("is not a date") from None


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def day_start(values: Sequence[Any], context: Context) -> datetime | None:
    """A day (``dd.mm.yyyy`` or ``yyyy-mm-dd``): its first moment in the source's zone."""
    day = _day(values)
    return None if day is None else _midnight(day, context.zone)


def day_end(values: Sequence[Any], context: Context) -> datetime | None:
    """A last day, itself included: the first moment of the next day in the source's zone."""
    day = _day(values)
    return None if day is None else _midnight(day + timedelta(days=1), context.zone)


def instant(values: Sequence[Any], context: Context) -> datetime | None:
    """A time; one without an offset is read in the source's zone."""
    raw = clean(values[0])
    if raw is None:
        return None
    try:
        result = datetime.fromisoformat(raw)
    except ValueError:
        raise ValueError("is not a time") from None
    return (result if result.tzinfo else result.replace(tzinfo=context.zone)).astimezone(UTC)
