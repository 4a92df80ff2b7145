"""Trees as a city's register lists them (the columns of Berlin's): avenues, the park, the meadows.

As in every register not all is known: of some trees the height, the crown or the species is missing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from ingest.demo.maps import write_collection
from ingest.demo.place import ORIGIN, Point, river_half_width, river_middle, river_offset, to_lonlat
from ingest.demo.plan import Block
from ingest.demo.relief import POND
from ingest.demo.streets import PARK, Street

_AVENUES = {"Hauptstraße": 13.0, "Ringstraße": 12.0, "Sammelstraße": 15.0}
"""Kind of street → metres between its trees."""
_KERB = 3.4
"""Metres from the houses' line to the trunks."""
_MEADOW = 55.0


@dataclass(frozen=True)
class _Species:
    botanical: str
    german: str
    genus: str
    height: float
    """Metres when grown."""
    crown: float
    """Diameter in metres when grown."""


_LIME = _Species("Tilia cordata 'Greenspire'", "Stadt-Linde", "TILIA", 18, 9)
_MAPLE = _Species("Acer platanoides", "Spitz-Ahorn", "ACER", 19, 11)
_PLANE = _Species("Platanus acerifolia", "Ahornblättrige Platane", "PLATANUS", 24, 15)
_CHESTNUT = _Species("Aesculus hippocastanum", "Gemeine Rosskastanie", "AESCULUS", 20, 13)
_HORNBEAM = _Species("Carpinus betulus 'Fastigiata'", "Säulen-Hainbuche", "CARPINUS", 13, 4)
_OAK = _Species("Quercus robur", "Stiel-Eiche", "QUERCUS", 22, 14)
_BEECH = _Species("Fagus sylvatica", "Rot-Buche", "FAGUS", 24, 14)
_BIRCH = _Species("Betula pendula", "Sand-Birke", "BETULA", 17, 7)
_WILLOW = _Species("Salix alba", "Silber-Weide", "SALIX", 16, 10)
_POPLAR = _Species("Populus nigra 'Italica'", "Pyramiden-Pappel", "POPULUS", 26, 5)
_PINE = _Species("Pinus sylvestris", "Gemeine Kiefer", "PINUS", 19, 7)
_SPRUCE = _Species("Picea abies", "Gemeine Fichte", "PICEA", 22, 7)
_HAZEL = _Species("Sambucus nigra", "Schwarzer Holunder", "SAMBUCUS", 4, 4)

_STREETS = (_LIME, _MAPLE, _PLANE, _CHESTNUT, _HORNBEAM, _BIRCH)
_PARK = (_BEECH, _OAK, _MAPLE, _BIRCH, _PINE, _SPRUCE, _LIME, _CHESTNUT, _HAZEL, _HAZEL)
_BANKS = (_WILLOW, _WILLOW, _POPLAR, _BIRCH, _OAK, _HAZEL)


def write_trees(path: Path, streets: Sequence[Street], rows: Iterable[int], blocks: Sequence[Block]) -> None:
    """Write the register of the streets' trees, the park's, and the meadows' of the river's rows."""
    found = _free([*_avenues(streets), *_park(), *_banks(rows)], blocks, streets)
    points = to_lonlat([place for place, _, _ in found])
    features = [
        {
            "type": "Feature",
            "id": f"baumbestand.{number:06d}",
            "geometry": {"type": "Point", "coordinates": point},
            "geometry_name": "geom",
            "properties": _properties(number, place, kind, street),
        }
        for number, (point, (place, kind, street)) in enumerate(zip(points, found, strict=True), start=1)
    ]
    write_collection(path, features, "urn:ogc:def:crs:OGC:1.3:CRS84")


_Tree = tuple[Point, _Species, str | None]


def _free(trees: list[_Tree], blocks: Sequence[Block], streets: Sequence[Street]) -> list[_Tree]:
    """The trees that stand neither on a block, where houses are, nor on a path."""
    import shapely

    taken = [shapely.Polygon(block.ring) for block in blocks]
    taken += [shapely.LineString(street.line).buffer(2.5) for street in streets if street.kind == "Weg"]
    inside, _ = shapely.STRtree(taken).query(
        shapely.points([place for place, _, _ in trees]), predicate="within"
    )
    lost = set(inside.tolist())
    return [each for number, each in enumerate(trees) if number not in lost]


def _avenues(streets: Sequence[Street]) -> list[_Tree]:
    """Rows on both sides of the wider streets, not on crossings and bridges."""
    import numpy as np
    import shapely

    lines = [shapely.LineString(street.line) for street in streets]
    found: list[_Tree] = []
    for number, (street, line) in enumerate(zip(streets, lines, strict=True)):
        step = _AVENUES.get(street.kind)
        if step is None:
            continue
        rng = Random(f"avenue {street.name} {line.length:.1f}")
        kind = rng.choice(_STREETS)
        at = np.arange(step / 2, line.length, step)
        here, ahead = shapely.line_interpolate_point(line, at), shapely.line_interpolate_point(line, at + 0.5)
        start, end = shapely.get_coordinates(here), shapely.get_coordinates(ahead)
        along = end - start
        along /= np.maximum(np.hypot(*along.T), 1e-9)[:, None]
        aside = np.column_stack([-along[:, 1], along[:, 0]]) * (street.width / 2 - _KERB)
        places = np.concatenate([start + aside, start - aside])
        near = shapely.box(*line.bounds).buffer(street.width)
        others = [
            other.buffer(streets[place].width / 2 + 1.0)
            for place, other in enumerate(lines)
            if place != number and other.intersects(near)
        ]
        crossing = shapely.union_all(others)
        shapely.prepare(crossing)
        free = ~shapely.contains_xy(crossing, places) if others else np.ones(len(places), bool)
        x, y = places.T
        free &= np.abs(river_offset(x, y)) > river_half_width(y) + 8  # bridges carry none
        for x, y in places[free].tolist():
            found.append(((x, y), kind if rng.random() < 0.86 else rng.choice(_STREETS), street.name))
    return found


def _park() -> list[_Tree]:
    """Groups of trees, with meadows between them, out of the pond."""
    import shapely
    from shapely.affinity import scale

    rng = Random("park")
    pond = scale(shapely.Point(POND[:2]).buffer(1.0), POND[2] + 4, POND[3] + 4)
    bed = shapely.LineString(river_middle(-1000, 1000)).buffer(_MEADOW)
    land = shapely.Polygon(PARK).buffer(-4).difference(shapely.union_all([pond, bed]))
    west, south, east, north = land.bounds
    shapely.prepare(land)
    found: list[_Tree] = []
    for _ in range(95):
        x, y = rng.uniform(west, east), rng.uniform(south, north)
        kinds = rng.sample(_PARK, 2)
        for _ in range(rng.randint(3, 15)):
            place = (x + rng.gauss(0, 16), y + rng.gauss(0, 16))
            if shapely.contains_xy(land, *place):
                found.append((place, rng.choice(kinds), None))
    return found


def _banks(rows: Iterable[int]) -> list[_Tree]:
    """Willows and poplars along the river."""
    import numpy as np

    found: list[_Tree] = []
    for row in sorted(rows):
        rng = Random(f"banks {row}")
        for x, y in river_middle(row * 2000.0 - 1000, row * 2000.0 + 1000, 9.0):
            half = float(river_half_width(np.array([y]))[0])
            for side in (-1, 1):
                if rng.random() < 0.55:
                    away = side * rng.uniform(half + 9, _MEADOW + 14)
                    found.append(((x + away, y + rng.uniform(-4, 4)), rng.choice(_BANKS), None))
    return found


def _properties(number: int, place: Point, kind: _Species, street: str | None) -> dict[str, Any]:
    rng = Random(f"tree {place[0]:.1f} {place[1]:.1f}")
    age = min(rng.randint(4, 70) for _ in range(1 + rng.randint(0, 1)))
    grown = (min(age, 45) / 45) ** 0.6 * rng.uniform(0.85, 1.12)
    known = rng.random()
    height, crown = round(kind.height * grown, 1), round(kind.crown * grown, 1)
    return {
        "gisid": f"{10 * (ORIGIN[0] + place[0]):.0f}_{10 * (ORIGIN[1] + place[1]):.0f}",
        "standortnr": str(number % 400),
        "kennzeich": f"{ORIGIN[0] + place[0]:.0f}",
        "art_bot": None if known > 0.97 else kind.botanical,
        "art_dtsch": None if known > 0.97 else kind.german,
        "gattung": None if known > 0.97 else kind.genus,
        "strname": street,
        "pflanzjahr": 2026 - age,
        "stammumfg": round(crown * 12 + age),
        "kronedurch": None if known < 0.07 else crown,
        "baumhoehe": None if 0.04 < known < 0.10 else height,
        "eigentuemer": "Stadt (erfunden)",
    }
