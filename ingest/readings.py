"""Records of measuring stations become observations: which station, when, which property, what value."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

from catalog.partitions import micros
from ingest.fields.texts import clean
from ingest.local_times import NotObserved, candidates, local_time, steady
from ingest.measured import Measured
from twin.layer import Layer, Reading
from twin.record import Record
from twin.report import Report, Verdict

_SPANS = {15: "15min", 60: "1h", 1440: "1d"}
_REMEMBERED = 10_000
"""Different times, and different words, that are remembered: rows one after the other repeat them."""
_SHAPES = 1000
_NEVER: Any = object()
T = TypeVar("T")
MIDNIGHT = "hour 24 read as midnight of the next day"


@dataclass(frozen=True, slots=True)
class _When:
    """What the time fields of a record say; worked out once for the same words."""

    instants: tuple[int, ...] = ()
    """Microseconds since 1970, UTC; several in the hour that occurs twice."""
    midnight: bool = False
    plan: tuple[tuple[str, str], ...] = ()
    """Wide rows: property and its field."""
    fault: str | None = None


@dataclass(slots=True)
class _Shape:
    """Records with the same fields: how they are read, and what was read of such before."""

    reading: Reading
    times: tuple[str, ...]
    """Fields that say when."""
    stations: dict[str, str | None] = field(default_factory=dict)
    whens: dict[tuple[Any, ...], _When] = field(default_factory=dict)
    kinds: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    numbers: dict[str, float | str] = field(default_factory=dict)
    """A word → its number, or why it is none."""


class Reader:
    """Reads the observation records of one layer; remembers little, however many there are."""

    def __init__(self, layer: Layer) -> None:
        self.layer = layer
        self.zone = ZoneInfo(layer.source.timezone)
        self._shapes: dict[tuple[str, ...], _Shape] = {}
        self._twice: set[tuple[str, str, int]] = set()
        """What was told of the hours that occur twice: who tells it again means the second one."""

    def read_all(self, records: Iterable[Record], report: Report) -> Measured:
        """What records measured; those that cannot be read are counted as broken.

        Most say what others said before in other combinations: their words are looked up here, and all
        the rest is left to `read`.
        """
        places: list[str] = []
        rows: list[tuple[str, str, float, int]] = []
        numbers: list[int] = []
        names: tuple[str, ...] = ()
        shape: _Shape | None = None
        for record in records:
            values = record.values
            known = len(rows)
            try:
                own = tuple(values)
                if own != names:
                    names, shape = own, self._shapes[own]
                assert shape is not None
                station = shape.stations[values[shape.reading.station]]
                when = shape.whens[tuple(map(values.get, shape.times))]
                (instant,) = when.instants
                for name, source in when.plan or shape.kinds[values[shape.reading.kind or ""]]:
                    value = shape.numbers[values[source]]
                    if station is None or isinstance(value, str):
                        raise KeyError
                    rows.append((station, name, value, instant))
                if when.midnight:
                    raise KeyError
            except (KeyError, TypeError, ValueError):
                del rows[known:]
                names = ()
                try:
                    found, remark = self.read(record)
                except NotObserved as error:
                    report.count(Verdict.BROKEN, record.place, str(error))
                    continue
                if remark is not None:
                    report.note(remark)
                rows += found
            numbers += [len(places)] * (len(rows) - known)
            places.append(record.place)
        columns = zip(*rows, strict=True) if rows else ((), (), (), ())
        return Measured(places, numbers, *columns)

    def read(self, record: Record) -> tuple[list[tuple[str, str, float, int]], str | None]:
        """What one record tells.

        Returns:
            (station, property, value, instant) of each observation: NaN where the source says that it has no
            value, the instant in microseconds since 1970; and a remark or None.

        Raises:
            NotObserved: the record fits no reading, or its station, time or value cannot be read.
        """
        values = record.values
        names = tuple(values)
        shape = self._shapes.get(names) or self._shape(names)
        reading, get = shape.reading, values.get
        raw = get(reading.station)
        station = _remembered(shape.stations, raw, clean)
        if station is None:
            raise NotObserved("it names no station")
        when = self._when(shape, tuple(map(get, shape.times)), values)
        if when.fault is not None:
            raise NotObserved(when.fault)
        wanted = when.plan
        if reading.kind is not None:
            wanted = _remembered(shape.kinds, get(reading.kind), lambda raw: _kind(reading, raw))
            if not wanted:
                raise NotObserved("it measures something that the recipe does not name")
        found = []
        instant = when.instants[0]
        for name, source in wanted:
            value = _remembered(shape.numbers, get(source), lambda raw: _number(raw, reading.missing))
            if isinstance(value, str):
                raise NotObserved(value)
            if len(when.instants) > 1:
                free = (t for t in when.instants if (station, name, t) not in self._twice)
                instant = next(free, when.instants[-1])
                self._twice.add((station, name, instant))
            found.append((station, name, value, instant))
        return found, MIDNIGHT if when.midnight else None

    def _shape(self, names: tuple[str, ...]) -> _Shape:
        reading = next((r for r in self.layer.readings if set(r.when) <= set(names)), None)
        if reading is None:
            raise NotObserved("its fields fit none of the recipe's readings")
        shape = _Shape(reading, (*reading.start, *reading.end))
        if len(self._shapes) < _SHAPES:
            self._shapes[names] = shape
        return shape

    def _when(self, shape: _Shape, raw: tuple[Any, ...], values: Mapping[str, Any]) -> _When:
        try:
            when = shape.whens.get(raw)
        except TypeError:  # a list or an object
            return self._timed(shape.reading, values)
        if when is None:
            when = self._timed(shape.reading, values)
            if len(shape.whens) >= _REMEMBERED:
                shape.whens.clear()
            if all(type(each) is str for each in raw):
                shape.whens[raw] = when
        return when

    def _timed(self, reading: Reading, values: Mapping[str, Any]) -> _When:
        try:
            naive, midnight = local_time(_joined(values, reading.start))
            offset = None if naive.tzinfo else steady(naive.date(), self.zone)
            found = candidates(naive, self.zone) if offset is None else (naive.replace(tzinfo=UTC) - offset,)
            instants = tuple(micros(instant) for instant in found)
            if not instants:
                return _When(fault="its time does not exist: the clock was put forward")
            plan = () if reading.kind is not None else _plan(reading, values, naive)
        except OverflowError:  # the year 1 or 9999
            return _When(fault="its time cannot be read")
        except NotObserved as error:
            return _When(fault=str(error))
        return _When(instants, midnight, plan)


def _plan(reading: Reading, values: Mapping[str, Any], naive: datetime) -> tuple[tuple[str, str], ...]:
    """The properties that such a record tells, each with its field."""
    span = reading.span or _span(reading, values, naive)
    if span not in reading.values:
        raise NotObserved(f"the recipe names no property for a span of {span}")
    plan = tuple((name, source) for name, source in reading.values[span].items() if source in values)
    if not plan:
        raise NotObserved("it has none of the fields with values")
    return plan


def _kind(reading: Reading, raw: Any) -> tuple[tuple[str, str], ...]:
    """The one property that a long row tells, with its field; empty if the recipe does not name it."""
    name = reading.kinds.get(clean(raw) or "")
    return () if name is None or reading.value is None else ((name, reading.value),)


def _remembered(known: dict[str, T], raw: Any, work_out: Callable[[Any], T]) -> T:
    """What a word means, worked out once; other values than words each time."""
    if type(raw) is not str:
        return work_out(raw)
    found = known.get(raw, _NEVER)
    if found is _NEVER:
        if len(known) >= _REMEMBERED:
            known.clear()
        found = known[raw] = work_out(raw)
    return cast(T, found)


def _joined(values: Mapping[str, Any], names: tuple[str, ...]) -> str:
    parts = [clean(values.get(name)) for name in names]
    if None in parts:
        raise NotObserved("it says no time")
    return " ".join(part for part in parts if part)


def _span(reading: Reading, values: Mapping[str, Any], naive: datetime) -> str:
    end, _ = local_time(_joined(values, reading.end))
    minutes = int((end - naive).total_seconds() // 60) % 1440
    # "23.59" means: to the end of that minute; "00:00" as an end means midnight.
    span = _SPANS.get(minutes + 1) or _SPANS.get(minutes or 1440)
    if span is None:
        raise NotObserved("its interval is none of 15 minutes, an hour or a day")
    return span


def _number(raw: Any, missing: tuple[str, ...]) -> float | str:
    """The number, NaN where there is none, or why it is none."""
    written = clean(raw)
    if written is None or written in missing:
        return math.nan
    try:
        value = float(written)
    except ValueError:
        return "its value is not a number"
    return value if math.isfinite(value) else "its value is not a finite number"
