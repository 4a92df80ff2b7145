"""A made-up city as a CityJSON sequence: as many LoD2 buildings as wanted, quickly and always the same."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

_CRS = "https://www.opengis.net/def/crs-compound?1=http://www.opengis.net/def/crs/EPSG/0/25832&2=http://www.opengis.net/def/crs/EPSG/0/7837"
_ORIGIN = (688_000.0, 5_331_000.0, 500.0)
_SCALE = 0.001
_CHUNK = 1000
_PLOT = 26.0
"""Metres between the middles of neighbouring buildings; no two of them touch."""

_Shell = list[list[list[int]]]


def write(path: Path, buildings: int, seed: int = 1) -> None:
    """Write a CityJSON 2.0 sequence of `buildings` around Munich, EPSG:25832+7837 in millimetres.

    Two in three are houses with gabled roof and one or two flat parts beside (13 or 19 faces), the others
    have a tent roof over 6 to 14 corners (13 to 29 faces). The first n buildings of a larger city are those
    of a smaller one only if both are as wide.
    """
    with path.open("wb") as file:
        for line in lines(buildings, seed):
            file.write(line)


def lines(buildings: int, seed: int = 1) -> Iterator[bytes]:
    """Yield the file in pieces of many lines."""
    header = {
        "type": "CityJSON",
        "version": "2.0",
        "transform": {"scale": [_SCALE] * 3, "translate": list(_ORIGIN)},
        "metadata": {"referenceSystem": _CRS},
        "CityObjects": {},
        "vertices": [],
    }
    yield orjson.dumps(header) + b"\n"
    wide = math.ceil(math.sqrt(buildings))
    random = np.random.default_rng(seed)
    for begin in range(0, buildings, _CHUNK):
        numbers = range(begin, min(begin + _CHUNK, buildings))
        yield b"".join(
            [
                _building(n, wide, row)
                for n, row in zip(numbers, random.random((len(numbers), 8)).tolist(), strict=True)
            ]
        )


def _building(number: int, wide: int, dice: list[float]) -> bytes:
    kind = int(dice[0] * 27)
    points, height = _house(dice, 1 + kind % 2) if kind < 18 else _tent(dice, kind - 12)
    turned = math.tau * dice[1]
    cos, sin = math.cos(turned), math.sin(turned)
    row, column = divmod(number, wide)
    ground = 15 + 8 * math.sin(column / 90) + 5 * math.cos(row / 70) + dice[7]
    moved = points @ np.array([[cos, sin, 0], [-sin, cos, 0], [0, 0, 1]])
    moved += (column * _PLOT, row * _PLOT, ground)
    values = (moved / _SCALE).round().astype(np.int64)
    vertices = orjson.dumps(values, option=orjson.OPT_SERIALIZE_NUMPY)
    name = f"DEBY_LOD2_{number:08d}"
    return (_SHAPES[kind] % {
        b"id": name.encode(),
        b"height": b"%.3f" % height,
        b"low": b"%.3f" % (height * 0.4),
        b"storeys": b"%d" % max(1, height // 3.2),
        b"year": b"%d" % (2008 + int(dice[6] * 18)),
        b"function": (b"31001_1010", b"31001_2020", b"31001_3020")[int(dice[5] * 3)],
    }) + vertices + b"}\n"  # fmt: skip


def _box(
    west: float, east: float, south: float, north: float, top: float
) -> list[tuple[float, float, float]]:
    ring = ((west, south), (east, south), (east, north), (west, north))
    return [(x, y, z) for z in (0.0, top) for x, y in ring]


def _house(dice: list[float], boxes: int) -> tuple[NDArray[np.float64], float]:
    length, depth = 7 + 4 * dice[2], 6 + 3 * dice[3]
    eaves, height = 3 + 9 * dice[4], 0.0
    height = eaves + depth * 0.4
    points = _box(-length / 2, length / 2, -depth / 2, depth / 2, eaves)
    points += [(-length / 2, 0.0, height), (length / 2, 0.0, height)]
    for side in range(boxes):  # garages: one at each gable
        at = (length / 2 + 0.2) * (1 if side else -1)
        west, east = (at, at + 4) if side else (at - 4, at)
        points += _box(west, east, -depth / 3, depth / 3, height * 0.4)
    return np.array(points), height


def _tent(dice: list[float], corners: int) -> tuple[NDArray[np.float64], float]:
    east, north, eaves = 5 + 4 * dice[2], 5 + 4 * dice[3], 4 + 14 * dice[4]
    angle = np.arange(corners) * (math.tau / corners)
    ring = np.column_stack((east * np.cos(angle), north * np.sin(angle)))
    points = np.zeros((2 * corners + 1, 3))
    points[:corners, :2] = points[corners:-1, :2] = ring
    points[corners:-1, 2] = eaves
    points[-1, 2] = height = eaves + 0.5 * min(east, north)
    return points, height


def _walls(base: int, corners: int) -> _Shell:
    ring = range(corners)
    return [
        [[base + i, base + (i + 1) % corners, base + corners + (i + 1) % corners, base + corners + i]]
        for i in ring
    ]


def _ground(base: int, corners: int) -> _Shell:
    return [[list(range(base + corners - 1, base - 1, -1))]]


def _solid(shell: _Shell, walls: int) -> dict[str, Any]:
    kinds = [0] + [1] * walls + [2] * (len(shell) - 1 - walls)
    types = ("GroundSurface", "WallSurface", "RoofSurface")
    semantics = {"surfaces": [{"type": kind} for kind in types], "values": [kinds]}
    return {"type": "Solid", "lod": "2", "boundaries": [shell], "semantics": semantics}


def _gabled() -> dict[str, Any]:
    south, east, north, west = _walls(0, 4)
    gables = [[[*east[0][:3], 9, east[0][3]]], [[*west[0][:3], 8, west[0][3]]]]
    roofs = [[[4, 5, 9, 8]], [[6, 7, 8, 9]]]
    return _solid([*_ground(0, 4), south, north, *gables, *roofs], 4)


def _flat(base: int) -> dict[str, Any]:
    return _solid([*_ground(base, 4), *_walls(base, 4), [[base + 4, base + 5, base + 6, base + 7]]], 4)


def _pointed(corners: int) -> dict[str, Any]:
    roofs = [[[corners + i, corners + (i + 1) % corners, 2 * corners]] for i in range(corners)]
    return _solid([*_ground(0, corners), *_walls(0, corners), *roofs], corners)


def _line(geometry: dict[str, Any], roof: str, boxes: int) -> bytes:
    """A line with gaps for the values, up to the vertices."""
    attributes = {
        "measuredHeight": "%(height)s",
        "roofType": roof,
        "function": "%(function)s",
        "storeysAboveGround": "%(storeys)s",
        "creationDate": "%(year)s-09-01",
        "Gemeindeschluessel": "09162000",
    }
    parts = [f"%(id)s-{n}" for n in range(1, boxes + 1)]
    objects: dict[str, Any] = {
        "%(id)s": {"type": "Building", "attributes": attributes, "geometry": [geometry]}
    }
    if parts:
        objects["%(id)s"]["children"] = parts
    for n, name in enumerate(parts):
        objects[name] = {
            "type": "BuildingPart",
            "parents": ["%(id)s"],
            "attributes": {"measuredHeight": "%(low)s", "roofType": "1000"},
            "geometry": [_flat(10 + 8 * n)],
        }
    feature = {"type": "CityJSONFeature", "id": "%(id)s", "CityObjects": objects, "vertices": 0}
    line = orjson.dumps(feature).removesuffix(b"0}")
    for number in (b"height", b"low", b"storeys"):
        line = line.replace(b'"%%(%s)s"' % number, b"%%(%s)s" % number)
    return line


_SHAPES = [_line(_gabled(), "3100", 1 + kind % 2) for kind in range(18)]
_SHAPES += [_line(_pointed(corners), "3500", 0) for corners in range(6, 15)]
