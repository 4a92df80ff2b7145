"""Quantized-mesh: height rasters become a terrain for CesiumJS and others, ``layer.json`` and its tiles.

Cesium draws the whole globe from one terrain, from two tiles for all the earth down to the city. Holes do
not exist in it: outside the rasters the ground is level at their mean height, and holes inside are filled.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from typing import Any

import numpy as np

from tiles.geodesy import Geodesy
from tiles.geographic import Available, Place, bounds, covering, level_for, name
from tiles.globe import Cut, Part, cut
from tiles.ground import Ground
from tiles.lattice import BLOCK, Lattice, join
from tiles.quantized_mesh import Bounds
from tiles.work import run
from twin.errors import TilingError
from twin.record import Raster

PutNamed = Callable[[str, bytes], object]
"""``put("14/17000/12000.terrain", data)`` keeps a file."""

ERROR_M = 0.25
"""In the finest level a vertex is left out while its error is below this."""
_ROOT_ERROR_M = 6378137.0 * 2 * np.pi * 0.25 / (65 * 2)
"""What Cesium takes for the error of level 0 (half of it for each level further)."""
_TRUE = 4
"""Our tiles are so many times better than that."""
_TOGETHER = 8
"""Tiles along the side of what is worked on at a time."""
_METADATA = 10
"""Every so many levels tiles say which tiles lie below them."""


def write(
    rasters: Sequence[Raster],
    geodesy: Geodesy,
    put: PutNamed,
    *,
    attribution: str = "",
    error_m: float = ERROR_M,
    gzipped: bool = True,
    executor: Executor | None = None,
    step: Callable[[int], None] = lambda done: None,
) -> dict[str, Any]:
    """Write a terrain.

    Args:
        rasters: In the city's 3D CRS.
        geodesy: From there to degrees and ellipsoidal heights.
        put: Takes name and bytes of each file; ``layer.json`` comes last, so a torn write is none.
        attribution: Shown by Cesium.
        error_m: Metres; see `ERROR_M`.
        gzipped: Tiles are compressed, and must be served with ``Content-Encoding: gzip``.
        executor: Runs parts of the terrain elsewhere.
        step: Told how many tiles are done.

    Returns:
        The account: levels, tiles, triangles, bytes, bounds, errors by level.

    Raises:
        TilingError: if there is no height at all, or `error_m` is not above 0.
    """
    if not error_m > 0:
        raise TilingError(f"error_m must be above 0; write for example {ERROR_M}")
    lattices = join(rasters)
    ground = Ground(rasters, None)
    seeds = [(level_for(lattice.step), _corners(lattice, geodesy)) for lattice in lattices]
    base, extent = _base(lattices, geodesy), _around(seeds)
    deepest = max(level for level, _ in seeds)
    made: dict[int, set[Place]] = {deepest + 1: set()}
    account: dict[str, Any] = {"tiles": 0, "triangles": 0, "bytes": 0, "error_m": {}}
    digest = hashlib.sha256()
    for level in range(deepest, -1, -1):
        parents = {(row // 2, column // 2) for row, column in made[level + 1]}
        if level == 0:
            parents |= {(0, 0), (0, 1)}  # Cesium wants both halves of the globe
        wanted = parents.union(*(covering(level, corners) for at, corners in seeds if at == level))
        common = Part(
            level=level,
            wanted=(),
            needed=frozenset(),
            ground=ground,
            geodesy=geodesy,
            base=base,
            threshold=max(error_m, _ROOT_ERROR_M / (1 << level) / _TRUE),
            extent=extent,
            below={},
            gzipped=gzipped,
        )
        deeper = _available(made, deepest)
        made[level] = set()
        few = len(wanted) <= _TOGETHER**2  # not worth sending the ground elsewhere
        for cuts in run(cut, _parts(common, wanted, parents, deeper), None if few else executor):
            for tile in cuts:
                made[level].add(tile.place)
                put(name(level, tile.place), tile.data)
                digest.update(tile.data)
                _enter(account, level, tile)
                step(account["tiles"])
        if not made[level]:
            raise TilingError("the terrain has no height at all; check the rasters' nodata value and extent")
    available = _available(made, deepest)
    layer = _layer(available, extent, attribution, digest.hexdigest()[:16])
    put("layer.json", layer)
    return {
        "format": "quantized-mesh-1.0",
        "levels": deepest + 1,
        **account,
        "error_m": dict(sorted(account["error_m"].items())),
        "bounds": list(extent),
        "outside_m": round(base, 2),
    }


def _parts(common: Part, wanted: set[Place], needed: set[Place], deeper: Available) -> Iterator[Part]:
    together: dict[Place, list[Place]] = {}
    for row, column in wanted:
        together.setdefault((row // _TOGETHER, column // _TOGETHER), []).append((row, column))
    level, ground = common.level, common.ground
    telling = level % _METADATA == 0
    for _, places in sorted(together.items()):
        yield replace(
            common,
            wanted=tuple(sorted(places)),
            needed=frozenset(needed.intersection(places)),
            ground=_near(ground, common.geodesy, level, places) if len(together) > 1 else ground,
            below={place: deeper.below(level, place, _METADATA) for place in places if telling},
        )


def _near(ground: Ground, geodesy: Geodesy, level: int, places: Sequence[Place]) -> Ground:
    """The ground under some tiles and the next ones around them."""
    west, south, east, north = np.array([bounds(level, place) for place in places]).T
    size = float((east - west)[0])
    lon = np.linspace(west.min() - size, east.max() + 2 * size, 9)
    lat = np.linspace(south.min() - 2 * size, north.max() + size, 9)
    xy = geodesy.from_lonlat(np.stack(np.meshgrid(lon, np.clip(lat, -90, 90)), axis=-1).reshape(-1, 2))
    return ground.around(xy) if np.isfinite(xy).all() else ground


def _corners(lattice: Lattice, geodesy: Geodesy) -> Any:
    """(k, 4, 2) degrees of the corners of a lattice's blocks."""
    down, right = lattice.numbers()
    rows = down[:, None] * BLOCK + np.array([-0.5, -0.5, BLOCK - 0.5, BLOCK - 0.5])
    columns = right[:, None] * BLOCK + np.array([-0.5, BLOCK - 0.5, -0.5, BLOCK - 0.5])
    first_row, first_column, last_row, last_column = lattice.bounds
    rows = np.clip(rows, first_row - 0.5, last_row - 0.5)
    columns = np.clip(columns, first_column - 0.5, last_column - 0.5)
    xy = np.column_stack(
        [(lattice.east + columns * lattice.step).ravel(), (lattice.north - rows * lattice.step).ravel()]
    )
    return geodesy.to_lonlat(xy).reshape(-1, 4, 2)


def _base(lattices: Sequence[Lattice], geodesy: Geodesy) -> float:
    """Mean ellipsoidal height of what is known, in whole metres: it need not change with every cell."""
    lattice = next((one for one in lattices if np.isfinite(one.blocks).any()), None)
    if lattice is None:
        raise TilingError("the terrain has no height at all; check the rasters' nodata value and extent")
    top, left, bottom, right = lattice.bounds
    east = lattice.east + (left + right) / 2 * lattice.step
    north = lattice.north - (top + bottom) / 2 * lattice.step
    height = geodesy.to_geographic(np.array([[east, north, np.nanmean(lattice.blocks)]]))[0, 2]
    if not np.isfinite(height):
        raise TilingError("the terrain lies outside the geoid grid; check its CRS")
    return float(np.rint(height))


def _enter(account: dict[str, Any], level: int, tile: Cut) -> None:
    account["tiles"] += 1
    account["triangles"] += tile.triangles
    account["bytes"] += len(tile.data)
    account["error_m"][level] = round(max(account["error_m"].get(level, 0.0), tile.error), 3)


def _available(made: dict[int, set[Place]], deepest: int) -> Available:
    return Available(tuple(frozenset(made.get(level, ())) for level in range(deepest + 1)))


def _around(seeds: Sequence[tuple[int, Any]]) -> Bounds:
    """West, south, east, north of all corners, rounded outwards (1e-7 degrees are a centimetre)."""
    points = np.concatenate([corners.reshape(-1, 2) for _, corners in seeds])
    west, south = np.floor(points.min(axis=0) * 1e7) / 1e7
    east, north = np.ceil(points.max(axis=0) * 1e7) / 1e7
    return float(west), float(south), float(east), float(north)


def _layer(available: Available, extent: Bounds, attribution: str, version: str) -> bytes:
    import orjson

    return orjson.dumps(
        {
            "tilejson": "2.1.0",
            "name": "terrain",
            "version": version,
            "format": "quantized-mesh-1.0",
            "scheme": "tms",
            "tiles": ["{z}/{x}/{y}.terrain?v={version}"],
            "projection": "EPSG:4326",
            "bounds": extent,
            "minzoom": 0,
            "maxzoom": len(available.levels) - 1,
            "attribution": attribution,
            "extensions": ["octvertexnormals", "metadata"],
            "metadataAvailability": _METADATA,
            "available": [available.ranges(level) for level in range(len(available.levels))],
        }
    )
