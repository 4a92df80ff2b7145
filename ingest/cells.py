"""Cells: single sensors or things become cells of the European grid, with what several have in common.

The grid is that of the European census (INSPIRE, EPSG:3035, equal area); a cell is called
``CRS3035RES1000mN2801000E4415000`` by its width and its lower left corner in metres.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from ingest.fields.texts import clean
from ingest.local_times import NotObserved, candidates, local_time
from twin.decision import Act
from twin.errors import SourceChanged
from twin.layer import Layer
from twin.record import Record, Shape
from twin.report import Report, Verdict
from twin.rule import Coarsen, Rule
from twin.times import iso

GRID = "EPSG:3035"
CELL, COUNT, START = "cell", "count", "start"
"""Fields of what is published: the cell's name, how many different things, begin of the interval (UTC)."""

_NO_POSITION = "it has no position"
_MOST_THINGS = 1_000_000
"""Values held at a time; a source with more is cut into parts by whoever writes the recipe."""

_Key = tuple[int, int]


@dataclass(slots=True)
class _Slot:
    """What is known of one cell in one interval."""

    places: list[str] = field(default_factory=list)
    """Of its records, for the report."""
    sums: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    """Field → thing → [sum, number]."""
    things: set[str] = field(default_factory=set)

    def means(self, least: int) -> dict[str, float]:
        """Mean of the things' means, so that one that tells a lot counts as much as any other."""
        return {
            name: round(sum(total / number for total, number in each.values()) / len(each), 6)
            for name, each in self.sums.items()
            if len(each) >= least
        }


def cells(records: Iterable[Record], rule: Rule, layer: Layer, report: Report) -> Iterator[Record]:
    """Yield a feature for each cell with enough things, and its means as observations.

    Every record is accounted for: one stands for each cell and each interval that comes out, the others are
    held, with the rule's reason. What comes out carries `CELL`, `COUNT` and `START` and the fields of means,
    and nothing else of any record.

    Args:
        records: One for each thing, or each thing and time.
        rule: With `coarsen`.
        layer: For the CRS and the zone of naive times.
        report: Gets what is held or broken.

    Raises:
        SourceChanged: no record has a field that the rule names.
    """
    coarsen = rule.coarsen
    assert coarsen is not None
    made: dict[_Key, dict[datetime | None, _Slot]] = defaultdict(dict)
    names: set[str] = set()
    stream, values = iter(records), 0
    zone = ZoneInfo(layer.source.timezone)
    while batch := list(islice(stream, 512)):
        for record, key in zip(batch, _keys(batch, coarsen, layer), strict=True):
            names.update(record.values)
            fault = _take(record, key, coarsen, zone, made)
            if fault is not None:
                report.taken += 1
                report.count(Verdict.BROKEN, record.place, fault)
            values += 1
        if values > _MOST_THINGS:
            raise SourceChanged(
                f"{layer.id}: more than {_MOST_THINGS:,} records for cells; ask for a shorter time"
            )
    _all_there(names, coarsen, layer)
    yield from _published(made, rule, coarsen, report)


def _keys(batch: list[Record], coarsen: Coarsen, layer: Layer) -> list[_Key | None]:
    """Column and row of each record's cell; None without a position."""
    from tiles.geodesy import resolve_crs, transform_2d

    points = np.full((len(batch), 2), np.nan)
    of: dict[str, list[int]] = defaultdict(list)
    for at, record in enumerate(batch):
        position = _position(record, coarsen)
        if position is not None:
            points[at] = position
            stated = "OGC:CRS84" if coarsen.position else resolve_crs(record.crs or layer.source.crs)
            of[stated].append(at)
    for crs, rows in of.items():
        points[rows] = transform_2d(points[rows], crs, GRID)
    squares = np.floor(points / coarsen.cell_m)
    return [(int(x), int(y)) if math.isfinite(x + y) else None for x, y in squares.tolist()]


def _position(record: Record, coarsen: Coarsen) -> tuple[float, float] | None:
    if coarsen.position:
        try:
            lon, lat = (float(clean(record.values.get(name)) or "nan") for name in coarsen.position)
        except ValueError:
            return None
        return (lon, lat) if math.isfinite(lon) and abs(lon) <= 180 and abs(lat) <= 90 else None
    import shapely

    geometry = shapely.from_wkb(record.geometry, on_invalid="ignore") if record.geometry else None
    if geometry is None or geometry.is_empty:
        return None
    centre = geometry.centroid
    return centre.x, centre.y


def _take(
    record: Record,
    key: _Key | None,
    coarsen: Coarsen,
    zone: ZoneInfo,
    made: dict[_Key, dict[datetime | None, _Slot]],
) -> str | None:
    """Add one record to its cell, or say what is wrong with it."""
    thing = clean(record.values.get(coarsen.things))
    if key is None:
        return _NO_POSITION
    if thing is None:
        return "it does not say which thing it is about"
    values: dict[str, float] = {}
    start = None
    if coarsen.mean:
        values = _values(record, coarsen)
        if not values:
            return "none of its values is a number in the range that the recipe states"
        try:
            start = _start(record, coarsen, zone)
        except NotObserved as error:
            return str(error)
    slot = made[key].setdefault(start, _Slot())
    slot.places.append(record.place)
    slot.things.add(thing)
    for name, value in values.items():
        total = slot.sums.setdefault(name, {}).setdefault(thing, [0.0, 0])
        total[0] += value
        total[1] += 1
    return None


def _values(record: Record, coarsen: Coarsen) -> dict[str, float]:
    found = {}
    for name, (low, high) in coarsen.mean.items():
        try:
            value = float(clean(record.values.get(name)) or "nan")
        except ValueError:
            continue
        if low <= value <= high:
            found[name] = value
    return found


def _start(record: Record, coarsen: Coarsen, zone: ZoneInfo) -> datetime:
    parts = [clean(record.values.get(name)) for name in coarsen.when]
    if None in parts:
        raise NotObserved("it says no time")
    try:
        naive, _ = local_time(" ".join(part for part in parts if part))
        instants = candidates(naive, zone)
        if not instants:
            raise NotObserved("its time does not exist: the clock was put forward")
        seconds = math.floor(instants[0].timestamp() / coarsen.seconds) * coarsen.seconds
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError):
        raise NotObserved("its time cannot be read") from None


def _all_there(names: set[str], coarsen: Coarsen, layer: Layer) -> None:
    wanted = {coarsen.things, *(coarsen.position or ()), *coarsen.when}
    missing = sorted(wanted - names) if names else []
    if missing:
        raise SourceChanged(
            f"{layer.id}: no record has the field {missing[0]!r} that the gate makes cells with; compare the "
            "source with the recipe"
        )


def _published(
    made: dict[_Key, dict[datetime | None, _Slot]], rule: Rule, coarsen: Coarsen, report: Report
) -> Iterator[Record]:
    import shapely

    from tiles.geodesy import transform_2d

    size = coarsen.cell_m
    place = f"a cell of {size:,} m"
    for (x, y), slots in sorted(made.items()):
        enough = {
            start: means
            for start, slot in slots.items()
            if len(slot.things) >= coarsen.min_count
            and ((means := slot.means(coarsen.min_count)) or not coarsen.mean)
        }
        outputs = 1 + (len(enough) if coarsen.mean else 0) if enough else 0
        # `min_count` things have as many records at least, so there is one for each thing that comes out.
        for where in islice((p for slot in slots.values() for p in slot.places), outputs, None):
            report.taken += 1
            report.count(Verdict.HELD, where, rule.reason.en)
            report.decide(Act.COARSEN if enough else Act.HOLD, f"cell of {size:,} m", "", rule.reason)
        if not enough:
            continue
        name = f"CRS3035RES{size}mN{y * size}E{x * size}"
        centre = transform_2d(np.array([[x + 0.5, y + 0.5]]) * size, GRID)[0]
        things = set[str]().union(*(slots[start].things for start in enough))
        told: dict[str, Any] = {CELL: name, COUNT: len(things)}
        yield Record(place, told, shapely.to_wkb(shapely.Point(np.round(centre, 6))), "OGC:CRS84")
        for start in sorted(each for each in enough if each is not None):
            counted = {CELL: name, COUNT: len(slots[start].things), START: iso(start)}
            yield Record(place, counted | enough[start], shape=Shape.OBSERVATION)
