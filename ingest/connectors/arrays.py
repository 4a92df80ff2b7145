"""Documents of the German environment agency's air API: JSON arrays whose positions mean something.

``stations``    ``indices`` names the columns; ``data[id]`` is one row.
``airquality``  ``data[station][start] = [end, index, incomplete, [component, value, index, share], …]``
``measures``    ``data[station][start] = [component, scope, value, end, index]``
"""

from collections.abc import Iterator
from typing import Any

from ingest.connectors.features import refuse_columns
from ingest.connectors.rows import Table, position
from ingest.files import File
from twin.errors import SourceBroken
from twin.record import Record, Shape
from twin.source import Columns

STATION = Columns(
    required=("station id", "station code", "station name", "station longitude", "station latitude"),
    optional=(
        "station city",
        "station synonym",
        "station active from",
        "station active to",
        "network id",
        "station setting id",
        "station type id",
        "network code",
        "network name",
        "station setting name",
        "station setting short name",
        "station type name",
        "station street",
        "station street nr",
        "station zip code",
    ),
)
"""Columns of the stations document; any other means that it changed."""
EXPORT = Columns(
    required=("datetime", "station_id"),
    optional=("city", "city_key", "date", "hour", "station_name"),
)
"""Columns of a CSV export beside the components."""
_COMPONENTS = ("no2", "pm10", "pm2_5", "pm25", "o3", "so2", "co")
UNREADABLE_ROW = "a row of another form than the rest of its document"


def records_of(document: Any, place: str, wanted: frozenset[str]) -> Iterator[Record]:
    """Recognise a document by its shape and yield its records.

    Args:
        document: parsed JSON.
        place: where it comes from, for messages.
        wanted: station ids; empty for all.

    Raises:
        SourceBroken: no such document; names the error member if there is one.
        SourceChanged: the stations have other columns.
    """
    data = document.get("data") if isinstance(document, dict) else None
    if not data and isinstance(data, list | dict):  # PHP writes an empty object as an empty list
        return
    if not isinstance(data, dict):
        raise SourceBroken(f"{place} is no stations, airquality or measures document; check the address")
    indices = document.get("indices")
    if isinstance(indices, list) and "station code" in indices:
        yield from _stations(indices, data, place, wanted)
        return
    for station, series in data.items():
        if isinstance(series, list) and not series:
            continue
        if not isinstance(series, dict):
            raise SourceBroken(f"{place} is no stations, airquality or measures document; check the address")
        if not wanted or str(station) in wanted:
            for number, (start, row) in enumerate(series.items(), 1):
                yield from _row(str(station), str(start), row, f"{place}, station {station}, row {number}")


def _stations(
    indices: list[Any], data: dict[str, Any], place: str, wanted: frozenset[str]
) -> Iterator[Record]:
    columns = [str(name) for name in indices]
    missing, unknown = STATION.difference(set(columns))
    if missing or unknown:
        refuse_columns(place, missing, unknown)
    names = [name.replace(" ", "_") for name in columns]
    for number, row in enumerate(data.values(), 1):
        where = f"{place}, station {number}"
        if not isinstance(row, list) or len(row) != len(names):
            yield Record(where, {}, notes=(UNREADABLE_ROW,))
            continue
        values = dict(zip(names, row, strict=True))
        if wanted and str(values["station_id"]) not in wanted:
            continue
        geometry, notes = position(values["station_longitude"], values["station_latitude"])
        yield Record(where, values, geometry, "EPSG:4326", notes=notes)


def _row(station: str, start: str, row: Any, place: str) -> Iterator[Record]:
    if isinstance(row, list) and len(row) >= 4 and not isinstance(row[3], list):
        if isinstance(row[0], int | str) and isinstance(row[3], str):  # measures
            yield _observation(
                place,
                station=station,
                start=start,
                end=row[3],
                component=str(row[0]),
                value=row[2],
                scope=str(row[1]),
            )
            return
    elif isinstance(row, list) and len(row) >= 3 and isinstance(row[0], str):  # airquality
        if isinstance(row[1], int) and row[1] >= 0:
            yield _observation(
                place, station=station, start=start, end=row[0], component="index", value=row[1]
            )
        for part in row[3:]:
            if isinstance(part, list) and len(part) >= 2:
                yield _observation(
                    place, station=station, start=start, end=row[0], component=str(part[0]), value=part[1]
                )
            else:
                yield Record(place, {}, shape=Shape.OBSERVATION, notes=(UNREADABLE_ROW,))
        return
    yield Record(place, {}, shape=Shape.OBSERVATION, notes=(UNREADABLE_ROW,))


def _observation(place: str, **values: Any) -> Record:
    return Record(place, values, shape=Shape.OBSERVATION)


def records_of_export(file: File, wanted: frozenset[str]) -> Iterator[Record]:
    """Yield a CSV export in long form: each measured column of each row is one record.

    Raises:
        SourceChanged: columns that are no export's.
    """
    with Table(file) as table:
        yield from _long(table, wanted)


def _long(table: Table, wanted: frozenset[str]) -> Iterator[Record]:
    components = [name for name in _COMPONENTS if name in table.columns]
    missing, unknown = EXPORT.difference(table.columns - set(components))
    if missing or unknown or not components:
        refuse_columns(table.name, missing or list(_COMPONENTS[:3]), unknown)
    for record in table.records(Shape.OBSERVATION):
        row = record.values
        if not row:
            yield record
        elif not wanted or row["station_id"] in wanted:
            for component in components:
                yield _observation(
                    record.place,
                    station=row["station_id"],
                    start=row["datetime"],
                    component=component,
                    value=row[component] or None,
                )
