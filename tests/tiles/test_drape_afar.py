"""Streets and areas lie above the terrain from wherever one looks, whatever level of either is shown."""

import hashlib

import numpy as np
import pytest
import shapely
from glbread import Glb
from orders import GEODESY, NORTH, WEST, Tiled, feature, layer, to_city

from ingest.standing import lift_over
from tiles.ground import Ground
from tiles.tree import tileset
from tiles.writers.terrain import Style, make_terrain
from twin.record import Raster

SCREEN = 1080 / (2 * np.tan(np.radians(60) / 2)) / 16
"""A tile is shown from its error times this on: 16 pixels of 1,080, which show 60°."""
BETWEEN_M = 0.05
"""Between cells triangles and streets part by so much on ground as rough as this."""


def ground(step):
    """Hills, waves, a ditch and a dam, 600 cells a side."""
    y, x = np.mgrid[:600, :600].astype(float)
    heights = 510 + step**0.5 * (9 * np.sin(x / 40) * np.cos(y / 33) + 2 * np.sin(x / 12) * np.sin(y / 14))
    heights += step**0.5 * (4 * np.exp(-(((x - 250) / 9) ** 2)) - 3 * np.exp(-(((y - 300) / 9) ** 2)))
    return Raster(heights.astype(np.float32), WEST, NORTH, step)


def tiles(tileset, contents):
    """Yield (error, error of the tile above, points in the city's CRS, corners) of all that is drawn."""

    def walk(tile, matrix, above):
        if "transform" in tile:
            matrix = matrix @ np.array(tile["transform"]).reshape(4, 4).T
        if "content" in tile:
            glb = Glb(contents[tile["content"]["uri"].removeprefix("../../")])
            for _, positions, indices, _, _, mode in glb.primitives():
                points = to_city(positions @ matrix[:3, :3].T + matrix[:3, 3])
                yield tile["geometricError"], above, points, indices.reshape(-1, 3 if mode == 4 else 2)
        for child in tile.get("children", []):
            yield from walk(child, matrix, tile["geometricError"])

    yield from walk(tileset["root"], np.eye(4), np.inf)


def heights_of(points, triangles, spots):
    """Height of a triangulation at some places; NaN beside it."""
    a, b, c = (points[triangles[:, i]] for i in range(3))
    doubled = (b[:, 1] - c[:, 1]) * (a[:, 0] - c[:, 0]) + (c[:, 0] - b[:, 0]) * (a[:, 1] - c[:, 1])
    lying = np.abs(doubled) > 0.3  # skirts stand upright
    a, b, c, doubled = a[lying], b[lying], c[lying], doubled[lying]
    found = np.full(len(spots), np.nan)
    for number, (x, y) in enumerate(spots):
        u = ((b[:, 1] - c[:, 1]) * (x - c[:, 0]) + (c[:, 0] - b[:, 0]) * (y - c[:, 1])) / doubled
        v = ((c[:, 1] - a[:, 1]) * (x - c[:, 0]) + (a[:, 0] - c[:, 0]) * (y - c[:, 1])) / doubled
        inside = np.flatnonzero((u > -1e-6) & (v > -1e-6) & (u + v < 1 + 1e-6))
        if len(inside):
            i = inside[0]
            found[number] = u[i] * a[i, 2] + v[i] * b[i, 2] + (1 - u[i] - v[i]) * c[i, 2]
    return found


def contents_of(raster):
    """The tiles of a terrain, and what they hold."""
    contents = {}

    def put(data, suffix, packed=None):
        key = f"content/{hashlib.sha256(data).hexdigest()}.{suffix}"
        contents[key] = data
        return key

    root, _ = make_terrain([raster], Style(GEODESY, "© test", encoding="plain"), put)
    return tileset(root, copyright="© test"), contents


@pytest.mark.parametrize("step", [1.0, 30.0])
@pytest.mark.parametrize("kind", ["lines", "ribbons", "areas"])
def test_no_level_of_the_terrain_buries_what_lies_on_it(step, kind):
    raster = ground(step)
    rng = np.random.default_rng(3)
    streets = [shapely.LineString(rng.uniform(20, 580, (3, 2)) * step) for _ in range(4)]
    values = {"width_m": 6.0} if kind == "ribbons" else {}
    shapes = [street.buffer(25) for street in streets] if kind == "areas" else streets
    schema, writer = ("overlay/1", "areas") if kind == "areas" else ("street/1", "lines")
    height = Ground([raster], None)
    made = Tiled(
        [feature(number, shape, **values) for number, shape in enumerate(shapes)],
        layer(schema, writer, lift_m=lift_over(height), encoding="plain"),
        height,
    )
    terrain = list(tiles(*contents_of(raster)))
    assert len({round(np.log(error)) for error, *_ in terrain}) >= 2
    seen = set()
    for error, above, points, corners in tiles(made.built.tileset, made.contents):
        mix = rng.dirichlet(np.ones(corners.shape[1]), 60)
        spots = np.einsum("tk,tkd->td", mix, points[corners[rng.integers(0, len(corners), 60)]])
        for ground_error, ground_above, surface, triangles in terrain:
            here = heights_of(surface, triangles, spots[:, :2])
            # Their tiles are of different size: the far end of one is seen with any coarser one of the other.
            if ground_above * SCREEN <= error * SCREEN or np.isnan(here).all():
                continue
            lowest = np.nanmin(spots[:, 2] - here)
            assert lowest > -BETWEEN_M, (error, above, ground_error)
            seen.add((error > 0, ground_error))
    assert len(seen) >= 2
