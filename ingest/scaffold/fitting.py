"""Fitting: which shared recipe knows a source already, and how a city's recipe lies over it."""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from ingest.check import ANYWHERE, prove
from ingest.connectors.options import names
from ingest.load import RECIPES, overlay, shared_layer
from ingest.scaffold.dialect import Dialect
from ingest.scaffold.look import Looked
from ingest.scaffold.mask import KEPT
from ingest.scaffold.sample import Area, cut_down
from twin.city import City
from twin.errors import TwinError

GENERAL = frozenset({"arcgis", "geojson", "wfs", "ogc_features", "json", "csv", "vector"})
"""Connectors that say nothing about what is in the answer."""
_TRIED = GENERAL | {"datex2", "dwd", "rest_json", "sensorthings"}
"""Connectors whose shared recipes are for different things: only those that find something are named."""
_ALSO = {
    "csv": ("ckan_csv", "dwd", "rest_json"),
    "arcgis": ("geojson", "wfs", "ogc_features"),
    "geojson": ("json", "wfs", "ogc_features"),
    "wfs": ("geojson", "json"),
    "ogc_features": ("geojson", "wfs"),
    "json": ("rest_json", "parkapi", "departures"),
    "cityjson": ("citygml",),
    "hgt": ("geotiff",),
    "xyz": ("geotiff",),
}
"""Connector → others whose recipes may know the source: they read the same files, or give the same."""
_SAME_THINGS = ("cityjson", "hgt", "xyz")
"""Connectors whose things are those of another one: a recipe over it names its own connector."""
_NAMED = 20
"""Stations that a recipe names to begin with."""
_BUILDINGS = "de/by/buildings"


def shared_for(looked: Looked) -> list[str]:
    """Shared recipes that know the source: then only what is the city's own has to be written down."""
    dialect = looked.dialect
    if dialect.like is not None:
        return [dialect.like]
    family = (dialect.connector, *_ALSO.get(dialect.connector, ()))
    found = []
    for file in sorted(RECIPES.glob("de/**/*.toml")):
        if "samples" in file.parts or (file.parent / "city.toml").is_file():
            continue
        name = file.relative_to(RECIPES).with_suffix("").as_posix()
        _, data = overlay(file)
        if data.get("source", {}).get("connector") not in family:
            continue
        if dialect.connector == "citygml" and dialect.options.get("classes"):
            continue  # streets, not buildings
        if dialect.connector not in _TRIED or _gives(looked, name):
            found.append(name)
    if dialect.connector == "osm" and dialect.options.get("things") == "buildings":
        found.append(_BUILDINGS)
    return found


def _gives(looked: Looked, like: str) -> bool:
    """Whether a shared recipe makes something of the source, and more than it finds broken."""
    layer = shared_layer(like)
    with tempfile.TemporaryDirectory(prefix="twin-") as folder:
        try:
            write_sample(Path(folder), cut_for(looked, dialect_over(looked.dialect, like), None) or {})
            features, values, counts = prove(ANYWHERE, layer, Path(folder))
        except (TwinError, KeyError, TypeError, ValueError, AttributeError):
            return False  # it is of another kind
    return len(features) + len(values) >= max(1, counts["broken"])


def dialect_over(dialect: Dialect, like: str) -> Dialect:
    """How the answer is read by a recipe over a shared one."""
    source = shared_layer(like).source
    if dialect.connector in _SAME_THINGS or (dialect.connector == "osm" and source.connector != "osm"):
        return dialect
    plain = dialect.suffix == ".geojson" and "geojson" not in source.connector
    suffix = ".json" if plain else dialect.suffix
    return replace(dialect, connector=source.connector, options=dict(source.options), suffix=suffix)


def cut_for(looked: Looked, dialect: Dialect, area: Area | None) -> dict[str, bytes] | None:
    """The sample; None where the dialect cannot be cut."""
    personal = [field.name for field in looked.fields if field.personal]
    ids = tuple(_ids(looked, dialect)) if dialect.connector == "osm" else ()
    return cut_down(looked.file, dialect, personal, area, ids)


def _ids(looked: Looked, dialect: Dialect) -> Iterator[str]:
    """Which things of OpenStreetMap the recipe would read first."""
    from ingest.scaffold.cut_osm import small

    found = [
        record.values.get("gml_id") or record.values.get("id") for record in looked.again(dialect.options)
    ]
    yield from small(looked.file, [str(each) for each in found if each], KEPT)


def write_sample(folder: Path, cut: dict[str, bytes]) -> None:
    """Lay the files of a sample down."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in cut.items():
        (folder / name).write_bytes(data)


def over(looked: Looked, like: str, city: City) -> dict[str, Any]:
    """What a recipe over a shared one has to say of its source, beside who publishes it where."""
    dialect = looked.dialect
    shared = shared_layer(like).source
    own: dict[str, Any] = {}
    options: dict[str, Any] = {}
    if shared.connector != dialect_over(dialect, like).connector:
        own["connector"] = dialect.connector
    reads = own.get("connector", shared.connector)
    if "box" in names(reads) and not (reads == "osm" and own):
        options["box"] = list(city.area)
    if reads == "autobahn":
        options["roads"] = sorted({str(r.values["road"]) for r in looked.records if r.values.get("road")})
    if reads == "gbfs":
        options |= dialect.options
    stations = {str(r.values.get("station") or r.values.get("station_id") or "") for r in looked.records} - {
        ""
    }
    if reads == "gtfs_rt":
        options["prefix"] = sorted({"".join(stop.rpartition(":")[:2]) or stop for stop in stations})[:_NAMED]
    if reads == "rest_json":
        options["stations"] = sorted(stations)[:_NAMED]
    if looked.crs is not None and shared.crs is None and dialect.connector not in GENERAL:
        own["crs"] = looked.crs
    return own | {"options": options} if options else own
