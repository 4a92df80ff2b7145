"""GeoJSON footprints: a FeatureCollection, or one feature a line (GeoJSON Text Sequences)."""

from collections.abc import Iterator
from typing import Any

from ingest.bodies import parse_json
from ingest.connectors.split import collections_of
from ingest.connectors.wkb import NoGeometry, wkb_of
from ingest.extrusion.table import Row, Table, flattened
from ingest.extrusion.wkb import NoArea, Polygons, from_geojson
from ingest.files import File
from twin.errors import SourceBroken, SourceRefused

SEQUENCES = (".geojsonl", ".geojsons", ".geojsonseq", ".jsonl", ".ndjson")
_RFC_7946 = "OGC:CRS84"
_LONGEST_LINE = 50_000_000
_OSM = ("way/", "relation/", "node/")
"""How ids of exports of OpenStreetMap begin."""
_FAR = 1e12
"""No coordinate is as large."""


def tables(file: File, stated: str | None, batch: int) -> Iterator[Table]:
    """Yield the features of a file, some at a time.

    RFC 7946's CRS holds where neither file nor recipe names one. A collection is cut
    into batches on the disk; a sequence is read line by line.

    Raises:
        SourceBroken: no GeoJSON, or cut off.
    """
    if file.has_suffix(SEQUENCES):
        yield from _sequence(file, stated, batch)
        return
    for before, _, part in collections_of(file):
        crs = part.crs or stated or _RFC_7946
        for start in range(0, max(len(part.features), 1), batch):
            yield _table(part.features[start : start + batch], before + start, crs)


def _sequence(file: File, stated: str | None, batch: int) -> Iterator[Table]:
    features: list[Any] = []
    done = 0
    with file.open() as stream:
        while line := stream.readline(_LONGEST_LINE):
            if len(line) == _LONGEST_LINE:
                raise SourceRefused(f"{file.name}: one feature of more than {_LONGEST_LINE / 1e6:g} MB")
            text = line.strip(b"\x1e \t\r\n")
            if not text:
                continue
            feature = parse_json(text, f"{file.name}, feature {done + len(features) + 1}")
            if not isinstance(feature, dict) or feature.get("type") != "Feature":
                raise SourceBroken(f"{file.name}: line {done + len(features) + 1} is no GeoJSON feature")
            features.append(feature)
            if len(features) == batch:
                yield _table(features, done, stated or _RFC_7946)
                done, features = done + batch, []
    if done == 0 and not features:
        raise SourceBroken(f"{file.name} is empty; ask its publisher")
    yield _table(features, done, stated or _RFC_7946)


def _table(features: list[Any], before: int, crs: str) -> Table:
    rows = [_row(feature, number) for number, feature in enumerate(features, before + 1)]
    return Table(crs, {name for row in rows for name in row.values}, rows)


def _row(feature: Any, number: int) -> Row:
    if not isinstance(feature, dict):
        return Row(number, None, "it is no feature", {})
    properties = feature.get("properties")
    values = dict(properties) if isinstance(properties, dict) else {}
    if "id" in feature:
        values["@id"] = feature["id"]
    geometry = feature.get("geometry")
    area, fault = _area(geometry)
    of_osm = isinstance(values.get("tags"), dict) or "osm_id" in values
    of_osm |= str(values.get("@id", "")).startswith(_OSM)
    if area is not None:
        return Row(number, area, fault, flattened(values), of_osm=of_osm)
    shape, fault = _shape(geometry, fault)
    return Row(number, None, fault, flattened(values), _point(geometry), shape, of_osm)


def _shape(geometry: Any, fault: str | None) -> tuple[bytes | None, str | None]:
    """WKB of points and lines; or what is wrong with them, or with an area."""
    if not isinstance(geometry, dict) or "Polygon" in str(geometry.get("type")):
        return None, fault
    try:
        return wkb_of(geometry)[0], fault
    except NoGeometry as error:
        return None, str(error)


def _point(geometry: Any) -> tuple[float, ...] | None:
    """A point's two or three finite numbers; None for anything else."""
    if not isinstance(geometry, dict) or geometry.get("type") != "Point":
        return None
    numbers = geometry.get("coordinates")
    if not isinstance(numbers, list) or len(numbers) < 2:
        return None
    if not all(type(number) in (int, float) and abs(number) < _FAR for number in numbers[:3]):
        return None
    return tuple(float(number) for number in numbers[:3])


def _area(geometry: Any) -> tuple[Polygons | None, str | None]:
    if geometry is None:
        return None, "it has none"
    try:
        return from_geojson(geometry), None
    except NoArea as error:
        return None, str(error)
