"""Timetables cut down to a few trips of a usual day, and delays to the stops with the most of them."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import chain, islice
from pathlib import Path

from ingest.files import File
from ingest.gtfs.days import Calendar
from ingest.gtfs.feed import Feed
from ingest.gtfs.realtime import Message, delays
from ingest.scaffold.dialect import Dialect
from ingest.scaffold.mask import KEPT, Mask

_MOST = 4_000_000_000
_STOPS = 5
"""Stops of a trip, and bends of its course, that are kept."""
_BENDS = 12
_LOOKED_AT = 20_000
Area = tuple[float, float, float, float]
_COLUMNS = {
    "agency": ("agency_id", "agency_name", "agency_timezone"),
    "routes": ("route_id", "agency_id", "route_short_name", "route_long_name", "route_type"),
    "trips": ("route_id", "service_id", "trip_id", "shape_id"),
    "stop_times": ("trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence", "pickup_type"),
    "stops": ("stop_id", "stop_name", "stop_lat", "stop_lon", "location_type", "parent_station"),
    "calendar": (
        *("service_id", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        *("start_date", "end_date"),
    ),
    "calendar_dates": ("service_id", "date", "exception_type"),
    "shapes": ("shape_id", "shape_pt_lat", "shape_pt_lon", "shape_pt_sequence"),
}
"""Columns that are read; of agencies and stops there are others, about people to talk to."""
Row = dict[str, str | None]


def cut_gtfs(source: Path, dialect: Dialect, mask: Mask, area: Area | None = None) -> dict[str, bytes]:
    """A feed with a few trips, as tables; name → bytes. Trips that stop in the area are taken first."""
    files = [source] if source.is_file() else sorted(source.glob("*.txt"))
    feed = Feed((File(file.name, file, _MOST) for file in files), source.name)
    inside = {r["stop_id"] for r in _rows(feed, "stops", lambda r: _inside(r, area))} if area else set()
    trips, times = _trips(feed, inside) if inside else ({}, [])
    if not times:
        trips, times = _trips(feed, set())
    stops = {row["stop_id"] for row in times}
    routes = {row["route_id"] for row in trips.values()}
    services = {row["service_id"] for row in trips.values()}
    drawn = {row["shape_id"] for row in trips.values()} - {None}
    places = _rows(feed, "stops", lambda r: r["stop_id"] in stops)
    parents = {row["parent_station"] for row in places} - stops - {None}
    tables = {
        "stops": places + _rows(feed, "stops", lambda r: r["stop_id"] in parents),
        "routes": _rows(feed, "routes", lambda r: r["route_id"] in routes),
        "trips": list(trips.values()),
        "stop_times": times,
        "calendar": _rows(feed, "calendar", lambda r: r["service_id"] in services),
        "calendar_dates": _rows(feed, "calendar_dates", lambda r: r["service_id"] in services),
        "shapes": _thin(_rows(feed, "shapes", lambda r: r["shape_id"] in drawn) if drawn else []),
    }
    agencies = {row["agency_id"] for row in tables["routes"]}
    tables["agency"] = _rows(feed, "agency", lambda r: r["agency_id"] in agencies or None in agencies)
    return {f"{name}.txt": _table(name, rows, mask) for name, rows in tables.items() if name in feed}


def cut_realtime(source: Path, dialect: Dialect, mask: Mask) -> dict[str, bytes]:
    """A feed with the delays at two stops with many, and these stops; no vehicle, no trip's own name."""
    from google.transit import gtfs_realtime_pb2 as gtfs

    file = source if source.is_file() else next(iter(sorted(source.glob("*.pb"))))
    message = Message(File(file.name, file, _MOST))
    updates = list(islice(message.trips(), _LOOKED_AT))
    busiest = Counter(stop for update in updates for stop, _, _ in delays(update)).most_common(2)
    kept = {stop for stop, _ in busiest}
    cut = gtfs.FeedMessage()
    cut.header.gtfs_realtime_version = "2.0"
    if message.at is not None:
        cut.header.timestamp = int(message.at.timestamp())
    for number, update in enumerate(u for u in updates if kept & {stop for stop, _, _ in delays(u)}):
        if number >= 2 * KEPT:
            break
        entity = cut.entity.add(id=str(number + 1))
        entity.trip_update.trip.trip_id = f"trip-{number + 1}"
        for stop in update.stop_time_update:
            if stop.stop_id in kept:
                entity.trip_update.stop_time_update.add().CopyFrom(stop)
    told = {"answer.pb": cut.SerializeToString(deterministic=True)}
    tables = source / "stops.txt"
    if tables.is_file():
        feed = Feed([File("stops.txt", tables, _MOST)], "stops.txt")
        rows = _rows(feed, "stops", lambda r: r["stop_id"] in kept)
        parents = {row["parent_station"] for row in rows}
        told["stops.txt"] = _table(
            "stops", rows + _rows(feed, "stops", lambda r: r["stop_id"] in parents), mask
        )
    return told


def _rows(feed: Feed, table: str, wanted: Callable[[Row], bool]) -> list[Row]:
    columns = _COLUMNS[table]
    if table not in feed:
        return []
    rows = (dict(zip(columns, row, strict=True)) for row in feed.rows(table, (), columns))
    return [row for row in rows if wanted(row)]


def _inside(row: Row, area: Area) -> bool:
    try:
        lon, lat = float(row["stop_lon"] or "nan"), float(row["stop_lat"] or "nan")
    except ValueError:
        return False
    return area[0] <= lon <= area[2] and area[1] <= lat <= area[3]


def _trips(feed: Feed, inside: set[str | None]) -> tuple[dict[str | None, Row], list[Row]]:
    """A few trips of a usual day, of different lines, and some stops (where given: from inside on)."""
    calendar = Calendar(feed)
    weight = Counter(service or "" for (service,) in feed.rows("trips", ("service_id",)))
    running = calendar.running(calendar.typical(weight))
    todays = {service for service, number in calendar.services.items() if running[number]}
    columns = _COLUMNS["trips"]
    all_of_it = (dict(zip(columns, row, strict=True)) for row in feed.rows("trips", (), columns))
    running_trips = {row["trip_id"]: row for row in all_of_it if row["service_id"] in todays}
    chosen: dict[str | None, Row] = {}
    times: dict[str | None, list[Row]] = {}
    lines: Counter[str | None] = Counter()
    names = _COLUMNS["stop_times"]
    for batch in feed.batches("stop_times", names[:5], names[5:]):
        for row in (dict(zip(names, values, strict=True)) for values in _transposed(batch)):
            trip = row["trip_id"]
            if trip in chosen:
                if len(times[trip]) < _STOPS:
                    times[trip].append(row)
            elif (
                len(chosen) < 2 * KEPT and trip in running_trips and (not inside or row["stop_id"] in inside)
            ):
                line = running_trips[trip]["route_id"]
                if lines[line] < 2:
                    lines[line] += 1
                    chosen[trip], times[trip] = running_trips[trip], [row]
    return chosen, list(chain.from_iterable(times.values()))


def _transposed(batch: object) -> Iterable[tuple[str | None, ...]]:
    columns = [column.to_pylist() for column in batch.columns]  # type: ignore[attr-defined]
    return zip(*columns, strict=True)


def _thin(rows: list[Row]) -> list[Row]:
    """Some bends of every course."""
    by: dict[str | None, list[Row]] = {}
    for row in rows:
        by.setdefault(row["shape_id"], []).append(row)
    return [row for each in by.values() for row in each[:: max(1, len(each) // _BENDS)]]


def _table(name: str, rows: list[Row], mask: Mask) -> bytes:
    columns = [
        column for column in _COLUMNS[name] if not rows or any(row[column] is not None for row in rows)
    ]
    told = io.StringIO()
    writer = csv.writer(told, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        cells = (row[column] or "" for column in columns)
        writer.writerow(
            [
                mask.value(cell) if column.endswith("_name") else cell
                for column, cell in zip(columns, cells, strict=True)
            ]
        )
    return told.getvalue().encode()
