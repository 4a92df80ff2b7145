"""Look: fetch an answer once, find out what it is, and read some hundred records of it."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from ingest.connectors import connector
from ingest.fetch import Fetch
from ingest.scaffold.answer import MOST, answer_of
from ingest.scaffold.dialect import Dialect
from ingest.scaffold.profile import Field, profiled
from ingest.scaffold.service import asked
from twin.errors import RecipeError, SourceBroken, SourceRefused
from twin.record import Cloud, Raster, Record, Shape
from twin.settings import Settings
from twin.source import Source

_AREAS = ("leisure", "landuse", "natural", "waterway")
_TRIED: dict[str, tuple[dict[str, Any], ...]] = {
    "gbfs": ({}, {"licensed": True}),
    "gtfs_rt": ({}, {"prefix": [""]}),
    "osm": ({"things": "buildings"}, {"things": "roads"}, {"things": "areas", "tags": [*_AREAS]}),
    "citygml": ({}, {"classes": ["Road", "Railway", "Square", "Track", "Bridge", "Tunnel", "WaterBody"]}),
}
"""Options with which a connector is asked, one after the other, until something comes."""
_STANDS_IN = {"xyz": "EPSG:25832"}
"""CRS without which a connector reads nothing; the recipe's is asked for, or guessed from the numbers."""
_DEGREES = ("OGC:CRS84", "EPSG:4326")
_HEAD = 65_536
_COLUMNS = ("arcgis", "geojson", "wfs", "ogc_features", "csv", "json", "vector")
"""Connectors whose columns a recipe states."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What was seen of a source."""

    dialect: Dialect
    url: str
    """The address, as the recipe has to have it."""
    file: Path
    """The answer, as long as `looked_at` lasts."""
    fields: list[Field]
    count: int
    """Records looked at, at most some hundred."""
    geometry: str | None
    """GeoJSON type of the first geometry."""
    crs: str | None
    crs_guessed: bool
    observations: int
    """Records that are measurements."""
    records: list[Record]
    """Those looked at."""
    again: Callable[[dict[str, Any]], list[Record]]
    """Look once more, with other options of the connector."""

    @property
    def has_columns(self) -> bool:
        """Whether the recipe states the source's columns."""
        return self.dialect.connector in _COLUMNS


@contextmanager
def looked_at(address: str, settings: Settings, crs: str | None = None) -> Iterator[Looked]:
    """Look at a file or an address.

    Args:
        address: path or http address, typed by the operator.
        settings: caps and contact.
        crs: CRS of positions where the answer says none.

    Raises:
        SourceError: it cannot be had or read.
    """
    with tempfile.TemporaryDirectory(prefix="twin-") as folder, Fetch(settings, trusted=True) as fetch:
        path, dialect = answer_of(address, fetch, Path(folder))
        url, dialect = asked(address, dialect, _head(path))
        dialect, records = _records(dialect, path, fetch, crs)
        if not records:
            raise SourceBroken(f"{address} has no records; look at it when there is something in it")
        things = [record for record in records if record.shape is Shape.FEATURE]
        own = next((record.crs for record in things if record.crs), None)
        own = None if crs is None and dialect.connector in _STANDS_IN else own
        kind, guess = _placed(things)
        if crs is None and own in _DEGREES and guess not in (None, "EPSG:4326"):
            own = None  # it has the CRS of its standard only because it says none
        yield Looked(
            dialect,
            url,
            path,
            profiled(records),
            len(records),
            kind,
            crs or (guess if own is None else _stated(own, dialect)),
            crs is None and own is None and guess is not None,
            len(records) - len(things),
            records,
            lambda options: _asked(replace(dialect, options=options), path, fetch, crs),
        )


def _head(path: Path) -> bytes:
    if path.is_dir():
        return b""
    with path.open("rb") as stream:
        return stream.read(_HEAD)


def _stated(own: str, dialect: Dialect) -> str | None:
    """GeoJSON says its CRS itself, or has the one of its standard."""
    says = dialect.connector in ("geojson", "vector", "cityjson", "citygml") or dialect.suffix == ".gml"
    return None if says else own


def _records(dialect: Dialect, path: Path, fetch: Fetch, crs: str | None) -> tuple[Dialect, list[Record]]:
    """Some hundred records; where the connector's usual things are not in it, the next ones it knows."""
    *first, last = (
        replace(dialect, options=dialect.options | options)
        for options in _TRIED.get(dialect.connector, ({},))
    )
    for each in first:
        try:
            if records := _asked(each, path, fetch, crs):
                return each, records
        except (RecipeError, SourceRefused):
            continue  # it wants to be told more
    return last, _asked(last, path, fetch, crs)


def _asked(dialect: Dialect, path: Path, fetch: Fetch, crs: str | None) -> list[Record]:
    source = Source(
        connector=dialect.connector,
        url=str(path),
        interval="1d",
        licence="CC0-1.0",
        attribution="-",
        publisher="-",
        options=dialect.options,
        crs=crs or _STANDS_IN.get(dialect.connector),
        timezone="Europe/Berlin",
    )
    return list(islice(connector(dialect.connector)(source, fetch), MOST))


def _placed(things: list[Record]) -> tuple[str | None, str | None]:
    """Type of the first geometry, and the CRS that its numbers look like."""
    import shapely

    for record in things:
        if isinstance(record.geometry, bytes):
            shape = shapely.from_wkb(record.geometry)
            east, north = shape.bounds[:2]
            if abs(east) <= 180 and abs(north) <= 90:
                return shape.geom_type, "EPSG:4326"
            return shape.geom_type, _metric(east, north)
        if isinstance(record.geometry, Raster):
            east, north = record.geometry.west, record.geometry.north
            return "terrain", _metric(east, north)
        if record.geometry is not None:
            return ("cloud" if isinstance(record.geometry, Cloud) else "building"), None
    return None, None


def _metric(east: float, north: float) -> str | None:
    """CRS in metres that is usual in Germany for numbers of such a size; None if none is."""
    if not 5_200_000 < north < 6_200_000:
        return None
    if 200_000 < east < 900_000:
        return "EPSG:25832"
    zone = int(east // 1_000_000)  # the easting of Gauss-Krueger begins with the zone's number
    return f"EPSG:{31464 + zone}" if zone in (2, 3, 4, 5) and 300_000 < east % 1_000_000 < 700_000 else None
