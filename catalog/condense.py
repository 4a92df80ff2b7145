"""Condense: finer values become those of a longer interval, and say of how many they are made."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from catalog import partitions
from catalog.aggregate import beside, combined
from catalog.partitions import DAY_US, Rows
from twin.layer import Layer
from twin.schema import Combine, Property

_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Step:
    """Values of one interval that are older than it is kept."""

    every: str
    length: int
    """Microseconds."""
    into: str | None
    """Interval of the next tier; None: nothing is kept."""
    into_length: int
    before: int
    """Only what was observed before, microseconds since 1970: the begin of a day in the source's zone."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be condensed in a layer, the finest first."""

    steps: tuple[Step, ...]
    zone: ZoneInfo
    properties: tuple[Property, ...]
    finest: str

    @property
    def last_day(self) -> int:
        """The last UTC day, since 1970, that has something to condense."""
        return max((step.before // DAY_US for step in self.steps), default=-1)

    @property
    def seal(self) -> str:
        """Tells what recipes ask for apart, whatever the day."""
        steps = [(step.every, step.into) for step in self.steps]
        return f"{steps} {self.zone.key} {self.properties!r}"


@dataclass(frozen=True, slots=True)
class Done:
    """What one step did; as `catalog.retention.Tier`."""

    every: str
    into: str | None
    values: int
    made: int
    incomplete: int


@dataclass(frozen=True, slots=True)
class Condensed:
    """Rows as they are to be, and what was done to get there."""

    rows: Rows
    touched: tuple[int, ...]
    """UTC days since 1970 whose rows are others than before."""
    tiers: tuple[Done, ...]
    former: int


def plan_of(layer: Layer, now: datetime) -> Plan:
    """What the layer's retention asks for at an instant."""
    zone = ZoneInfo(layer.source.timezone)
    steps = []
    for place, tier in enumerate(layer.retention):
        if tier.lasts is not None:
            coarser = layer.retention[place + 1] if place + 1 < len(layer.retention) else None
            local = (now - tier.lasts).astimezone(zone)
            midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
            steps.append(
                Step(
                    tier.every,
                    tier.length // _MICROSECOND,
                    None if coarser is None else coarser.every,
                    0 if coarser is None else coarser.length // _MICROSECOND,
                    partitions.micros(midnight),
                )
            )
    finest = layer.retention[0].every if layer.retention else ""
    return Plan(tuple(steps), zone, layer.schema_.properties, finest)


def condense(rows: Rows, codes: dict[str, int], plan: Plan, first: int, last: int, now: int) -> Condensed:
    """Apply a plan to the rows of some days.

    Args:
        rows: All rows, of all versions, of the UTC days from `first` to the one after `last`.
        codes: Word → its number in ``rows.words``.
        plan: What is to be done.
        first: Local days that begin on this UTC day or later are condensed …
        last: … to those that begin on this one.
        now: Microseconds since 1970: when what is made is recorded.
    """
    tiers: list[Done] = []
    touched: set[int] = set()
    former = 0
    for step in plan.steps:
        starts = _starts(plan.zone, first, last, step)
        if len(starts) < 2:
            continue
        effective = rows.newest()
        for one in plan.properties:
            target = _target(one, step, plan)
            if target is None:
                continue
            mine = _mine(effective, codes, one, step, plan, starts)
            if not mine.any():
                continue
            source = effective.take(mine)
            made = _made(source, rows, effective.take(~mine), codes, one, target, step, starts, now)
            gone = _same_keys(rows, source) | (_same_keys(rows, made) & (rows.until > 0))
            touched.update(np.unique(rows.observed[gone] // DAY_US).tolist())
            touched.update(np.unique(made.observed // DAY_US).tolist())
            former += int(_same_keys(rows, source).sum()) - len(source)
            incomplete = codes.get("incomplete", -1)
            short = int((made.quality == incomplete).sum())
            tiers.append(Done(step.every, step.into, len(source), len(made), short))
            rows = partitions.join(rows.words, (rows.take(~gone), made))
            effective = rows.newest()
    return Condensed(rows, tuple(sorted(touched)), tuple(tiers), former)


def _starts(zone: ZoneInfo, first: int, last: int, step: Step) -> NDArray[np.int64]:
    """Begins of the local days that begin on the UTC days from `first` to `last`, and the end of the last."""
    found = []
    day = (partitions.EPOCH + timedelta(days=first - 1)).date()
    while True:
        midnight = partitions.micros(datetime(day.year, day.month, day.day, tzinfo=zone))
        if midnight // DAY_US >= first:
            found.append(midnight)
        if midnight // DAY_US > last or midnight >= step.before:
            break
        day += timedelta(days=1)
    return np.array([start for start in found if start <= step.before], np.int64)


def _target(one: Property, step: Step, plan: Plan) -> str | None:
    """Name under which a property's values go on; None if this step leaves them as they are."""
    own = one.every or plan.finest
    if one.combine is None or (own != step.every and one.every is not None):
        return None
    if step.into is None:
        return one.name
    if one.combine is Combine.SUM:  # a count per hour is not a count per quarter of an hour
        return one.into.get(step.into)
    return one.into.get(step.into, one.name)


def _mine(
    rows: Rows, codes: dict[str, int], one: Property, step: Step, plan: Plan, starts: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """(n,) rows of a property that have the step's interval and are to be condensed."""
    mine: NDArray[np.bool_] = (
        (rows.property == codes.get(one.name, -1))
        & (rows.observed >= starts[0])
        & (rows.observed < starts[-1])
    )
    if one.every is None:  # its unit tells no interval: what is not condensed has the finest
        measured = plan.finest == step.every
        length = rows.until - rows.observed
        mine &= np.where(rows.until > 0, np.abs(length - step.length) <= step.length // 10, measured)
    return mine


def _made(
    source: Rows,
    rows: Rows,
    others: Rows,
    codes: dict[str, int],
    one: Property,
    target: str,
    step: Step,
    days: NDArray[np.int64],
    now: int,
) -> Rows:
    """The values of the longer interval; none if the step removes."""
    words = rows.words
    if step.into is None:
        return source.take(np.zeros(len(source), dtype=bool))
    if step.into_length >= DAY_US:
        place = np.searchsorted(days, source.observed, side="right") - 1
        begins, ends = days[place], days[np.minimum(place + 1, len(days) - 1)]
    else:
        begins = source.observed - source.observed % step.into_length
        ends = begins + step.into_length
    order = np.lexsort((begins, source.station))
    source, begins, ends = source.take(order), begins[order], ends[order]
    new = np.ones(len(source), dtype=bool)
    new[1:] = (source.station[1:] != source.station[:-1]) | (begins[1:] != begins[:-1])
    at = np.flatnonzero(new)
    there = ~np.isnan(source.value)
    number = np.add.reduceat(there.astype(np.int64), at)
    value = combined(one.combine, np.where(there, source.value, np.nan), at, number)
    short = source.quality == codes.get("incomplete", -1)
    expected = (ends[at] - begins[at]) // step.length
    whole = (number == expected) & ~np.logical_or.reduceat(short, at)
    condensed, incomplete, missing = (
        partitions.code(word, codes, words) for word in ("condensed", "incomplete", "missing")
    )
    units = {"1h": "1/h", "1d": "1/d"} if one.combine is Combine.SUM else {}
    unit = partitions.code(units[step.into], codes, words) if step.into in units else None
    name = partitions.code(target, codes, words)
    made = Rows(
        words,
        source.station[at],
        np.full(len(at), name, np.int32),
        source.unit[at] if unit is None else np.full(len(at), unit, np.int32),
        np.where(number == 0, missing, np.where(whole, condensed, incomplete)).astype(np.int32),
        value,
        begins[at],
        np.full(len(at), now, np.int64),
        ends[at],
        number,
    )
    return beside(made, others.take(others.property == name))


def _same_keys(rows: Rows, some: Rows) -> NDArray[np.bool_]:
    """(n,) whether a row has station, property and time of one of `some`."""
    if not len(some):
        return np.zeros(len(rows), dtype=bool)
    times = np.unique(some.observed)
    place = np.minimum(np.searchsorted(times, rows.observed), len(times) - 1)

    def number(of: Rows, at: NDArray[np.int64]) -> NDArray[np.int64]:
        pair = of.station.astype(np.int64) * len(rows.words) + of.property
        return pair * len(times) + at

    same: NDArray[np.bool_] = (times[place] == rows.observed) & np.isin(
        number(rows, place), number(some, np.searchsorted(times, some.observed))
    )
    return same
