"""OpenStreetMap files (``.osm``, ``.osm.gz``, ``.osm.bz2``, ``.osm.pbf``): buildings, roads and paths, areas.

Form follows OSM's Simple 3D Buildings: a building with parts is its parts, and what they leave of its
outline where that is much. Only tags of form and use are read: no mapper, no address, no contact, no
operator; names of public buildings only.

Options:
    things: ``buildings`` (default), ``roads`` or ``areas``.
    only: of roads, ``cycling``: those that have something for bicycles.
    tags: of areas, list of ``key=value`` or ``key``: what is wanted, such as ``leisure=park``.
    box: of roads and areas, west, south, east, north in degrees: what touches it.
    areas: of buildings, what a map shows beside them is read as well, as lines and areas
        (`ingest.osm.beside`, `ingest.connectors.overlays`).
    assumed_height, storey_height, base, crs, lod, attributes, classes, trees: as for the connector
        ``footprints``.
"""

import struct
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from ingest.connectors.features import UNREADABLE
from ingest.connectors.footprints import COMMON, common
from ingest.connectors.options import box_of, listed, options
from ingest.connectors.overlays import AREA, LINE, of_map
from ingest.extrusion.buildings import BATCH, Building, Piece, records
from ingest.extrusion.form import Rules
from ingest.extrusion.plane import Plane
from ingest.fetch import Fetch
from ingest.files import File
from ingest.osm.areas import Area, areas
from ingest.osm.beside import beside
from ingest.osm.form import readable
from ingest.osm.parts import ORPHAN, Parts
from ingest.osm.reading import Extract
from ingest.osm.roads import Road, roads
from ingest.osm.survey import Outline, Survey
from ingest.osm.tags import said_of, told_of
from ingest.osm.trees import tree_of
from twin.errors import RecipeError
from twin.record import Record
from twin.source import Source

SUFFIXES = (".osm", ".pbf", ".osm.bz2")
_CRS = "OGC:CRS84"
_OPTIONS = ("things", "areas", *COMMON)
_FLAT_OPTIONS = {"roads": ("things", "box", "only"), "areas": ("things", "box", "tags")}
_LINE = struct.pack("<BI", 1, 2)
_INCOMPLETE = "its course or outline is not whole in the file"


def read(source: Source, fetch: Fetch) -> Iterator[Record]:
    """Yield one record per building, with a `Solid` in metres (the UTM zone, unless ``crs`` says otherwise).

    Values as for ``footprints``; ``gml_id`` is ``way/7`` or ``relation/7``. A building that is only a point,
    or whose outline is incomplete, gives a record without geometry. Memory grows by some 30 bytes for each
    corner of a building; the file itself is read four times.

    Roads have ``id`` and the tags of `ingest.osm.roads.TAGS`, areas ``id``, ``name`` and ``kind``
    (``leisure=park``); both their geometry as 2D WKB. Memory does not grow with the file.

    Raises:
        SourceBroken: no OSM file, damaged or cut off.
        SourceRefused: a DOCTYPE.
    """
    things = source.options.get("things", "buildings")
    if things in _FLAT_OPTIONS:
        yield from _flat(source, fetch, things)
        return
    told = options(source, _OPTIONS)
    if things != "buildings":
        raise RecipeError("options.things is buildings, roads or areas")
    rules, everything, wanted = common(told)
    if not wanted:
        return
    for file in fetch.files(source.url, SUFFIXES):
        with readable(file) as (path, kind):
            survey = Survey(path, kind, file.name)
            yield from _buildings(survey, file, Plane(_CRS, None, told.get("crs")), rules, everything)
            for name, tags, at in survey.trees() if told.get("trees", False) else ():
                there = None if at is None else (*at, None)
                place = f"{file.name}, {name.replace('/', ' ')}"
                yield tree_of(place, name, there, _CRS, tags, everything=everything)
        if "areas" in told:
            yield from _beside(file, everything)


def _beside(file: File, everything: bool) -> Iterator[Record]:
    with Extract(file) as extract:
        for kind, thing in beside(extract):
            place = f"{file.name}, {thing.id.replace('/', ' ')}"
            tags: dict[str, Any] = {"name": thing.name} if isinstance(thing, Area) else thing.tags
            told = {name: value for name, value in tags.items() if value is not None}
            notes = thing.notes if isinstance(thing, Road) else ()
            if thing.wkb is None:
                notes = (f"{UNREADABLE}: {_INCOMPLETE}",)
            class_ = LINE if isinstance(thing, Road) else AREA
            yield of_map(class_, place, thing.id, kind, told, thing.wkb, _CRS, notes, everything=everything)


def _flat(source: Source, fetch: Fetch, things: str) -> Iterator[Record]:
    told, box = options(source, _FLAT_OPTIONS[things]), box_of(source)
    if told.get("only", "cycling") != "cycling":
        raise RecipeError("options.only is cycling; leave it out for all roads")
    wanted = _tags(told) if things == "areas" else {}
    for file in fetch.files(source.url, SUFFIXES):
        with Extract(file) as extract:
            inside = partial(_touches, box=box)
            found: Iterator[Road | Area]
            if things == "roads":
                found = roads(extract, for_bicycles="only" in told, touches=inside)
            else:
                found = areas(extract, wanted, touches=inside)
            for thing in found:
                place = f"{file.name}, {thing.id.replace('/', ' ')}"
                if isinstance(thing, Road):
                    yield Record(place, {"id": thing.id, **thing.tags}, thing.wkb, _CRS, notes=thing.notes)
                else:
                    values = {"id": thing.id, "kind": thing.kind, "name": thing.name}
                    notes = () if thing.wkb else (f"{UNREADABLE}: {_INCOMPLETE}",)
                    yield Record(place, values, thing.wkb, _CRS, notes=notes)


def _tags(told: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    wanted: dict[str, set[str]] = {}
    for word in listed(told.get("tags", []), "tags"):
        key, _, value = word.partition("=")
        wanted.setdefault(key, set()).add(value)
    if not wanted:
        raise RecipeError("options.tags lists what areas are wanted, such as leisure=park; it is missing")
    return {key: frozenset() if "" in values else frozenset(values) for key, values in wanted.items()}


def _touches(wkb: bytes | None, box: tuple[float, float, float, float] | None) -> bool:
    """Whether a geometry touches the box, or may: of one that is not known nobody can say."""
    if box is None or wkb is None:
        return True
    if wkb[:5] == _LINE:  # most things are lines of a few places: no geometry library is asked for each
        (count,) = struct.unpack_from("<I", wkb, 5)
        numbers = struct.unpack_from(f"<{2 * count}d", wkb, 9)
        lons, lats = numbers[::2], numbers[1::2]
        west, south, east, north = min(lons), min(lats), max(lons), max(lats)
    else:
        import shapely

        west, south, east, north = shapely.from_wkb(wkb).bounds
    return bool(west <= box[2] and east >= box[0] and south <= box[3] and north >= box[1])


def _buildings(survey: Survey, file: File, plane: Plane, rules: Rules, everything: bool) -> Iterator[Record]:
    parts = Parts(survey.parts())
    batch: list[Building] = []
    for outline in survey.outlines():
        batch.append(_building(outline, parts, file.name, everything))
        if len(batch) == BATCH:
            yield from records(batch, plane, rules)
            batch = []
    for part in parts.left():
        building = _building(part, None, file.name, everything)
        building.notes += (ORPHAN,)
        batch.append(building)
    yield from records(batch, plane, rules)


def _building(outline: Outline, parts: Parts | None, name: str, everything: bool) -> Building:
    said = said_of(outline.tags)
    said["id"] = outline.id
    building = Building(
        f"{name}, {outline.id.replace('/', ' ')}",
        said,
        [Piece(outline.area, said)],
        outline.fault,
        outline.notes,
        told_of(outline.tags) if everything else {},
    )
    if parts is not None and outline.area:
        parts.give(building, outline)
    return building
