"""Roads: ways of OpenStreetMap along which people move, with the tags that say how."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ingest.fields.roads import CYCLING, cycling
from ingest.osm.reading import Extract
from ingest.osm.shown import CLASSES

TAGS = (
    *CYCLING,
    *("name", "ref", "surface", "maxspeed", "source:maxspeed", "maxspeed:type", "zone:maxspeed", "lanes"),
    *("oneway", "junction", "width"),
)
"""The tags that are read; all others stay in the file."""
INCOMPLETE = "places of a way are not in the file: what is there was drawn"
PRIVATE = ("private", "no")
"""Values of ``access`` of what is nobody else's business."""


@dataclass(slots=True)
class Road:
    """One way."""

    id: str
    """``way/7``."""
    tags: dict[str, str | None]
    """All `TAGS`; None where the way has none."""
    wkb: bytes | None
    """2D, OGC:CRS84; None where fewer than two places of it are in the file."""
    notes: tuple[str, ...] = ()


def roads(
    extract: Extract, *, for_bicycles: bool = False, touches: Callable[[bytes | None], bool] = lambda _: True
) -> Iterator[Road]:
    """Yield the ways of a file.

    Drives to a house and what is private are left out: they tell of households, and nobody else moves there.

    Args:
        extract: The file.
        for_bicycles: Only ways that have something for bicycles.
        touches: Whether a geometry lies where ways are wanted; asked first, because most lie elsewhere.
    """
    import osmium

    factory = osmium.geom.WKBFactory()
    for way in extract.ways("highway"):
        wkb, notes = shape_of(way, factory)
        if not touches(wkb):
            continue
        told = extract.tags(way.tags)
        if told.get("highway") not in CLASSES or told.get("area") == "yes":
            continue
        if told.get("access") in PRIVATE or told.get("service") == "driveway":
            continue
        if for_bicycles and cycling(told) not in ("track", "lane", "street", "shared"):
            continue
        yield Road(f"way/{way.id}", {name: told.get(name) for name in TAGS}, wkb, notes)


def shape_of(way: Any, factory: Any) -> tuple[bytes | None, tuple[str, ...]]:
    """WKB of a way, as far as the file says where it lies, and a note if that is not all of it."""
    import osmium

    try:
        return bytes.fromhex(factory.create_linestring(way)), ()
    except (RuntimeError, osmium.InvalidLocationError):
        return _pieces(way), (INCOMPLETE,)


def _pieces(way: Any) -> bytes | None:
    """The stretches of a way whose places are known, as WKB; None if there is none."""
    import shapely

    runs: list[list[tuple[float, float]]] = [[]]
    for node in way.nodes:
        if not node.location.valid():
            runs.append([])
            continue
        place = (node.location.lon, node.location.lat)
        if not runs[-1] or runs[-1][-1] != place:
            runs[-1].append(place)
    lines = [shapely.linestrings(np.array(run)) for run in runs if len(run) > 1]
    if not lines:
        return None
    return bytes(shapely.to_wkb(lines[0] if len(lines) == 1 else shapely.multilinestrings(lines)))
