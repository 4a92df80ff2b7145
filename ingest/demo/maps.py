"""Districts, streets and water in the dialects of a city's geoportal."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ingest.demo import names
from ingest.demo.place import CRS, NOTICE, ORIGIN, Point, river_half_width, river_middle, to_lonlat
from ingest.demo.plan import Plan
from ingest.demo.relief import POND
from ingest.demo.streets import PARK, Street

_MEADOW = 55.0
"""Metres from the middle of the river to the edge of its meadows."""


def write_streets(path: Path, streets: Iterable[Street]) -> None:
    """Lines in WGS84 with name, width between the houses and class."""
    every = list(streets)
    points = iter(to_lonlat([point for street in every for point in street.line]))
    features = [
        _feature(
            f"strassen.{number}",
            {"type": "LineString", "coordinates": [next(points) for _ in street.line]},
            {
                "id": f"strasse-{number:05d}",
                "name": street.name,
                "breite_m": street.width,
                "klasse": street.kind,
            },
        )
        for number, street in enumerate(every, start=1)
    ]
    write_collection(path, features, "urn:ogc:def:crs:OGC:1.3:CRS84")


def write_water(path: Path, rows: Iterable[int]) -> None:
    """The river, one polygon for each row of quarters, and the pond in the park, in WGS84."""
    import numpy as np
    import shapely
    from shapely.affinity import scale

    features = []
    for row in sorted(rows):
        middle = river_middle(row * 2000.0 - 1000, row * 2000.0 + 1000, 25.0)
        half = river_half_width(np.array([y for _, y in middle]))
        line = np.array(middle)
        along = np.gradient(line, axis=0)
        along /= np.hypot(along[:, 0], along[:, 1])[:, None]
        side = np.stack([-along[:, 1], along[:, 0]], axis=1) * half[:, None]
        ring = [(float(x), float(y)) for x, y in [*(line - side), *(line + side)[::-1]]]
        features.append((names.RIVER, ring))
    pond = scale(shapely.Point(POND[:2]).buffer(1.0, quad_segs=8), POND[2], POND[3])
    features.append((names.POND, [(x, y) for x, y in reversed(pond.exterior.coords[:-1])]))
    collection = [
        _feature(
            f"gewaesser.{number}",
            {"type": "Polygon", "coordinates": [to_lonlat([*ring, ring[0]])]},
            {"id": f"gewaesser-{number:03d}", "name": name},
        )
        for number, (name, ring) in enumerate(features, start=1)
    ]
    write_collection(path, collection, "urn:ogc:def:crs:OGC:1.3:CRS84")


def write_green(path: Path, rows: Iterable[int]) -> None:
    """The park in the core and the meadows along the river, in WGS84."""
    import shapely

    rows = sorted(rows)
    line = shapely.LineString(river_middle(rows[0] * 2000.0 - 1000, rows[-1] * 2000.0 + 1000))
    meadow = line.buffer(_MEADOW, cap_style="flat")
    areas = [(names.PARK, shapely.Polygon(PARK).difference(meadow)), (names.MEADOWS, meadow)]
    features = [
        _feature(
            f"gruenflaechen.{number}",
            {
                "type": "Polygon",
                "coordinates": [to_lonlat(list(shapely.orient_polygons(part).exterior.coords))],
            },
            {"id": f"gruen-{number:03d}", "name": name},
        )
        for number, (name, part) in enumerate(
            ((name, part) for name, area in areas for part in _parts(area)), start=1
        )
    ]
    write_collection(path, features, "urn:ogc:def:crs:OGC:1.3:CRS84")


def write_districts(path: Path, plan: Plan) -> None:
    """Five districts of the core in EPSG:25832; the last one lies on both banks of the river: two rows."""
    import shapely

    town = plan.edge.buffer(25).difference(shapely.LineString(river_middle(-1000, 1000)).buffer(32))
    west, east = sorted(
        sorted(_parts(town), key=lambda part: -part.area)[:2], key=lambda part: part.centroid.x
    )
    park = west.intersection(shapely.Polygon(PARK))
    rest = west.difference(park)
    lines = {street.name: shapely.LineString(street.line) for street in plan.streets}
    axes = [lines[names.BOULEVARD], lines[names.AVENUE]]
    corners: dict[tuple[bool, bool], list[Any]] = {}
    for piece in shapely.polygonize([shapely.union_all([rest.boundary, *axes])]).geoms:
        spot = piece.representative_point()
        if rest.contains(spot):
            corners.setdefault((spot.y < -110, spot.x > -60), []).append(piece)
    shapes = [max(corners[key], key=lambda part: part.area) for key in sorted(corners)]
    rows = [
        *zip(names.DISTRICTS, shapes, strict=False),
        (names.DISTRICTS[4], park),
        (names.DISTRICTS[4], east),
    ]
    features = [_district(place, *name, shape) for place, (name, shape) in enumerate(rows, start=1)]
    write_collection(path, features, f"urn:ogc:def:crs:{CRS.replace(':', '::')}")


def _district(place: int, number: str, name: str, shape: Any) -> dict[str, Any]:
    import shapely

    shape = shapely.orient_polygons(shape.simplify(0.5))
    middle = shape.representative_point()
    return _feature(
        f"vablock_stadtbezirk.{place}",
        {
            "type": "Polygon",
            "coordinates": [_metres(ring.coords) for ring in (shape.exterior, *shape.interiors)],
        },
        {
            "objectid": place,
            "id": place,
            "sb_nummer": number,
            "name": name,
            "flaeche_qm": round(shape.area, 1),
            "x": round(ORIGIN[0] + middle.x, 2),
            "y": round(ORIGIN[1] + middle.y, 2),
        },
    )


def _metres(points: Iterable[Point]) -> list[list[float]]:
    return [[round(ORIGIN[0] + x, 3), round(ORIGIN[1] + y, 3)] for x, y in points]


def _parts(geometry: Any) -> list[Any]:
    return [part for part in getattr(geometry, "geoms", [geometry]) if part.geom_type == "Polygon"]


def _feature(name: str, geometry: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "id": name, "geometry": geometry, "properties": properties}


def write_collection(
    path: Path, features: list[dict[str, Any]], crs: str, more: dict[str, Any] | None = None
) -> None:
    """Write a GeoJSON answer as GeoServer gives it, with our notice beside the features."""
    import orjson

    body = {
        "type": "FeatureCollection",
        "hinweis": NOTICE,
        "features": features,
        "totalFeatures": len(features),
        "numberMatched": len(features),
        "numberReturned": len(features),
        **(more or {}),
        "crs": {"type": "name", "properties": {"name": crs}},
    }
    path.write_bytes(orjson.dumps(body))
