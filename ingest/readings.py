"""Records of measuring stations become observations: which station, when, which property, what value."""

import math
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from ingest.fields import clean
from twin.layer import Layer, Reading
from twin.record import Observation, Record

_ISO = re.compile(r"(\d{4})[-.](\d{1,2})[-.](\d{1,2})")
_GERMAN = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:\.0+)?)?")  # "23.59" and "00:00" in one file
_WHOLE_DAY = timedelta(days=1)
_SPANS = {15: "15min", 60: "1h", 1440: "1d"}


CORRECTED = "a value that the source itself corrects further down"


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


class Reader:
    """Reads the observation records of one layer; remembers what it has seen, to notice repetitions."""

    def __init__(self, layer: Layer) -> None:
        self.layer = layer
        self.zone = ZoneInfo(layer.source.timezone)
        self.units = {p.name: p.unit for p in layer.schema_.properties}
        self._told: dict[tuple[str, str, datetime], float | None] = {}

    def read(self, record: Record) -> Iterator[tuple[Observation, str | None]]:
        """Yield the observations of one record, each with a remark or None.

        Raises:
            NotObserved: the record fits no reading, or its station, time or value cannot be read.
        """
        reading = self._fitting(record)
        station = clean(record.values.get(reading.station))
        if station is None:
            raise NotObserved("it names no station")
        try:
            naive, midnight = local_time(self._joined(record, reading.start))
            instants = candidates(naive, self.zone)
        except OverflowError:  # the year 1 or 9999
            raise NotObserved("its time cannot be read") from None
        remark = "hour 24 read as midnight of the next day" if midnight else None
        if not instants:
            raise NotObserved("its time does not exist: the clock was put forward")
        wanted = self._wanted(reading, record, naive)
        for name, raw in wanted:
            value = self._value(raw, reading.missing)
            instant = next((t for t in instants if (station, name, t) not in self._told), instants[-1])
            key = (station, name, instant)
            if key in self._told:
                if value is None or self._told[key] == value:
                    continue  # nothing new: the caller counts a record without observations as a duplicate
                remark = CORRECTED  # files named "korr" come after those they correct
            self._told[key] = value
            quality = "missing" if value is None else "provisional"
            yield Observation(station, name, value, self.units[name], instant, quality), remark

    def _fitting(self, record: Record) -> Reading:
        for reading in self.layer.readings:
            if all(name in record.values for name in reading.when):
                return reading
        raise NotObserved("its fields fit none of the recipe's readings")

    def _joined(self, record: Record, names: tuple[str, ...]) -> str:
        parts = [clean(record.values.get(name)) for name in names]
        if None in parts:
            raise NotObserved("it says no time")
        return " ".join(part for part in parts if part)

    def _wanted(self, reading: Reading, record: Record, naive: datetime) -> list[tuple[str, Any]]:
        """The properties that this record tells, each with the source's value."""
        if reading.kind is not None:
            name = reading.kinds.get(clean(record.values.get(reading.kind)) or "")
            if name is None or reading.value is None:
                raise NotObserved("it measures something that the recipe does not name")
            return [(name, record.values.get(reading.value))]
        span = reading.span or self._span(reading, record, naive)
        if span not in reading.values:
            raise NotObserved(f"the recipe names no property for a span of {span}")
        found = [
            (name, record.values.get(f)) for name, f in reading.values[span].items() if f in record.values
        ]
        if not found:
            raise NotObserved("it has none of the fields with values")
        return found

    def _span(self, reading: Reading, record: Record, naive: datetime) -> str:
        end, _ = local_time(self._joined(record, reading.end))
        minutes = int((end - naive).total_seconds() // 60) % 1440
        # "23.59" means: to the end of that minute; "00:00" as an end means midnight.
        span = _SPANS.get(minutes + 1) or _SPANS.get(minutes or 1440)
        if span is None:
            raise NotObserved("its interval is none of 15 minutes, an hour or a day")
        return span

    def _value(self, raw: Any, missing: tuple[str, ...]) -> float | None:
        written = clean(raw)
        if written is None or written in missing:
            return None
        try:
            value = float(written)
        except ValueError:
            raise NotObserved("its value is not a number") from None
        if not math.isfinite(value):
            raise NotObserved("its value is not a finite number")
        return value
