"""Small CityJSON files in the standard's own dialect: a box with a pointed roof, as document and sequence."""

import json

SCALE = {"scale": [0.001, 0.001, 0.001], "translate": [690000.0, 5335000.0, 500.0]}
CRS = "https://www.opengis.net/def/crs/EPSG/0/7415"
VERTICES = [
    [0, 0, 0], [10000, 0, 0], [10000, 8000, 0], [0, 8000, 0],
    [0, 0, 6000], [10000, 0, 6000], [10000, 8000, 6000], [0, 8000, 6000],
]  # fmt: skip
GROUND, ROOF = [[3, 2, 1, 0]], [[4, 5, 6, 7]]
WALLS = [[[0, 1, 5, 4]], [[1, 2, 6, 5]], [[2, 3, 7, 6]], [[3, 0, 4, 7]]]
SHELL = [GROUND, ROOF, *WALLS]
SURFACES = [{"type": "GroundSurface"}, {"type": "RoofSurface"}, {"type": "WallSurface"}]
KINDS = [0, 1, 2, 2, 2, 2]


def solid(lod="2", shells=None, **more):
    semantics = {"surfaces": SURFACES, "values": [KINDS]}
    own = {"semantics": semantics} if shells is None else {}
    return {"type": "Solid", "lod": lod, "boundaries": shells or [SHELL]} | own | more


def surfaces(lod="2", faces=None, **more):
    return {"type": "MultiSurface", "lod": lod, "boundaries": SHELL if faces is None else faces} | more


def thing(kind="Building", *geometry, **more):
    return {"type": kind, "geometry": list(geometry)} | more


def document(objects, version="2.0", vertices=VERTICES, **more):
    fixed = {"type": "CityJSON", "version": version, "transform": SCALE, "CityObjects": objects}
    fixed |= {"vertices": vertices, "metadata": {"referenceSystem": CRS}}
    return {name: value for name, value in (fixed | more).items() if value is not None}


def feature(objects, vertices=VERTICES, **more):
    fixed = {"type": "CityJSONFeature", "id": next(iter(objects), ""), "CityObjects": objects}
    return fixed | {"vertices": vertices} | more


def sequence(*features, version="2.0", **more):
    head = document({}, version, [], **more)
    return "".join(
        json.dumps(line) + "\n" if not isinstance(line, str) else line for line in (head, *features)
    )
