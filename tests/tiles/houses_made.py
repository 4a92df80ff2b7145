"""Made-up buildings in the CRS of Munich, and all a writer needs around them."""

import hashlib

import numpy as np
import shapely

from tiles.build import build
from tiles.geodesy import Geodesy
from twin.base import Text
from twin.city import City, Heights
from twin.layer import Layer
from twin.record import Face, Feature, Solid

EAST, NORTH, GROUND = 691_000.0, 5_335_000.0, 515.0
UNDULATION = 45.66
HEIGHTS = Heights(undulation_m=UNDULATION, undulation_error_m=0.3)
TEXT = Text(de="Gebäude", en="Buildings")


def geodesy():
    return Geodesy("EPSG:25832", HEIGHTS)


def solid(polygons):
    """`polygons`: (face, rings) with rings as lists of (x, y, z) around (EAST, NORTH, GROUND)."""
    points, rings, offsets, faces = [], [0], [0], []
    for face, outlines in polygons:
        for outline in outlines:
            points += [(EAST + x, NORTH + y, GROUND + z) for x, y, z in outline]
            rings.append(len(points))
        offsets.append(len(rings) - 1)
        faces.append(face)
    return Solid(
        np.array(points, dtype=np.float64).reshape(-1, 3),
        np.array(rings, dtype=np.int32),
        np.array(offsets, dtype=np.int32),
        np.array(faces, dtype=np.uint8),
    )


def prism(outline, height, holes=(), *, x=0.0, y=0.0, z=0.0):
    """Polygons of an extruded outline; `outline` counter-clockwise, `holes` clockwise."""
    rings = [[(x + a, y + b) for a, b in ring] for ring in (outline, *holes)]
    polygons = [
        (Face.GROUND, [[(*p, z) for p in reversed(ring)] for ring in rings]),
        (Face.ROOF, [[(*p, z + height) for p in ring] for ring in rings]),
    ]
    for ring in rings:
        for a, b in zip(ring, [*ring[1:], ring[0]], strict=True):
            polygons.append((Face.WALL, [[(*a, z), (*b, z), (*b, z + height), (*a, z + height)]]))
    return polygons


def rectangle(width, depth):
    return [(0, 0), (width, 0), (width, depth), (0, depth)]


def gabled(width, depth, eaves, ridge, *, x=0.0, y=0.0, z=0.0):
    """Polygons of a house whose ridge runs along x."""
    a, b, c, d = [(x + u, y + v) for u, v in rectangle(width, depth)]
    top = [(x, y + depth / 2, z + ridge), (x + width, y + depth / 2, z + ridge)]
    low, high = z, z + eaves
    return [
        (Face.GROUND, [[(*p, low) for p in (d, c, b, a)]]),
        (Face.WALL, [[(*a, low), (*b, low), (*b, high), (*a, high)]]),
        (Face.WALL, [[(*c, low), (*d, low), (*d, high), (*c, high)]]),
        (Face.WALL, [[(*b, low), (*c, low), (*c, high), top[1], (*b, high)]]),
        (Face.WALL, [[(*d, low), (*a, low), (*a, high), top[0], (*d, high)]]),
        (Face.ROOF, [[(*a, high), (*b, high), top[1], top[0]]]),
        (Face.ROOF, [[(*c, high), (*d, high), top[0], top[1]]]),
    ]


def feature(name, polygons, **values):
    made = solid(polygons)
    outlines = [
        shapely.Polygon(made.points[made.rings[r] : made.rings[r + 1], :2])
        for p, r in enumerate(made.polygons[:-1])
        if made.faces[p] == Face.GROUND and made.rings[r + 1] - made.rings[r] >= 3
    ]
    footprint = shapely.union_all(outlines) if outlines else None
    wkb = None
    if footprint is not None and not footprint.is_empty:
        wkb = shapely.to_wkb(shapely.transform(footprint, geodesy().to_lonlat))
    heights = made.points[:, 2]
    known = {"height_m": float(np.ptp(heights)) if len(heights) else None, "height_source": "derived"}
    return Feature(name, f"source {name}", {**known, "use": "unknown", **values}, wkb, made)


def town(rows, columns, *, step=30.0, seed=0):
    """Houses on a grid, each a little different; every seventh a tower."""
    rng = np.random.default_rng(seed)
    found = []
    for row in range(rows):
        for column in range(columns):
            width, depth, eaves = rng.uniform(8, 18), rng.uniform(8, 14), rng.uniform(3, 12)
            rise = 30 if (row * columns + column) % 7 == 3 else rng.uniform(1, 5)
            made = gabled(
                width, depth, eaves, eaves + rise, x=column * step, y=row * step, z=rng.uniform(0, 3)
            )
            found.append(feature(f"B{row:03d}{column:03d}", made, roof_type="gabled"))
    return found


class Kept(dict):
    """Contents by key, as the store keeps them."""

    def __call__(self, data, suffix, packed=None):
        key = f"content/{hashlib.sha256(data).hexdigest()}.{suffix}"
        self[key] = data
        return key


def layer(**options):
    return Layer.model_validate(
        {
            "id": "test.buildings",
            "title": TEXT,
            "summary": TEXT,
            "theme": "model",
            "schema": "building/1",
            "source": {
                "connector": "citygml",
                "url": "https://example.org/",
                "interval": "7d",
                "licence": "CC-BY-4.0",
                "attribution": "© Vermessung",
                "publisher": "Vermessung",
            },
            "tiles": {"writer": "buildings", "options": options},
        }
    )


CITY = City(
    id="test",
    title=TEXT,
    area=(11.0, 48.0, 12.0, 49.0),
    centre=(11.57, 48.14),
    contact="post@example.org",
    heights=HEIGHTS,
    notice=Text(de="Demo – erfundene Daten", en="Demo – made-up data"),
)


def built(features, *, executor=None, **options):
    """(Built, contents)."""
    kept = Kept()
    result = build(
        layer(**options), CITY, features, geodesy=geodesy(), ground=None, put=kept, executor=executor
    )
    return result, kept
