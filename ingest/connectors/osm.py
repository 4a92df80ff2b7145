"""OpenStreetMap files (``.osm``, ``.osm.gz``, ``.osm.bz2``, ``.osm.pbf``): buildings and their parts.

Form follows OSM's Simple 3D Buildings: a building with parts is its parts, and what they leave of its
outline where that is much. Only tags of form and use are read: no mapper, no address, no contact, no
operator; names of public buildings only.

Options:
    assumed_height, storey_height, base, crs, lod, attributes, classes: as for the connector ``footprints``.
"""

from collections.abc import Iterator
from pathlib import Path

from ingest.connectors.footprints import common
from ingest.connectors.options import options
from ingest.extrusion.buildings import BATCH, Building, Piece, records
from ingest.extrusion.form import Rules
from ingest.extrusion.plane import Plane
from ingest.fetch import Fetch
from ingest.files import File
from ingest.osm.parts import ORPHAN, Parts
from ingest.osm.survey import Outline, Survey, readable
from ingest.osm.tags import said_of, told_of
from twin.record import Record
from twin.source import Source

SUFFIXES = (".osm", ".pbf", ".osm.bz2")
_CRS = "OGC:CRS84"
_OPTIONS = ("assumed_height", "storey_height", "base", "crs", "lod", "attributes", "classes")


def read(source: Source, fetch: Fetch) -> Iterator[Record]:
    """Yield one record per building, with a `Solid` in metres (the UTM zone, unless ``crs`` says otherwise).

    Values as for ``footprints``; ``gml_id`` is ``way/7`` or ``relation/7``. A building that is only a point,
    or whose outline is incomplete, gives a record without geometry. Memory grows by some 30 bytes for each
    corner of a building; the file itself is read four times.

    Raises:
        SourceBroken: no OSM file, damaged or cut off.
        SourceRefused: a DOCTYPE.
    """
    told = options(source, _OPTIONS)
    rules, everything, wanted = common(told)
    if not wanted:
        return
    for file in fetch.files(source.url, SUFFIXES):
        with readable(file) as (path, kind):
            yield from _buildings(file, path, kind, Plane(_CRS, None, told.get("crs")), rules, everything)


def _buildings(
    file: File, path: Path, kind: str, plane: Plane, rules: Rules, everything: bool
) -> Iterator[Record]:
    survey = Survey(path, kind, file.name)
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
