import json
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tiles.quantized_reader import read
from tiles.geodesy import Geodesy
from tiles.geographic import Available, bounds, level_for, name
from tiles.globe import filled
from tiles.quantized_mesh import QUANTA, Piece, encode
from tiles.writers.quantized_mesh import write
from twin.city import Heights
from twin.errors import TilingError
from twin.record import Raster

WEST, NORTH = 690000.5, 5336999.5
N = 45.66
GEODESY = Geodesy("EPSG:25832", Heights(crs="EPSG:5783", undulation_m=N, undulation_error_m=0.1))


def hills(rows=500, columns=420):
    y, x = np.mgrid[:rows, :columns].astype(float)
    rough = np.random.default_rng(0).normal(0, 0.03, x.shape)
    heights = 510 + 6 * np.sin(x / 60) * np.cos(y / 45) + 3 * (x + y > 400) + rough
    raster = Raster(heights.astype(np.float32), WEST, NORTH, 1.0)
    raster.heights[200:230, 150:200] = np.nan
    return raster


class Made:
    def __init__(self, rasters, **more):
        self.files = {}
        self.report = write(rasters, GEODESY, self.files.__setitem__, **more)
        self.layer = json.loads(self.files["layer.json"])
        self.tiles = {}
        for key, data in self.files.items():
            if key != "layer.json":
                z, x, y = (int(part) for part in key.removesuffix(".terrain").split("/"))
                self.tiles[z, x, y] = read(data)


@pytest.fixture(scope="module")
def made():
    return Made([hills()], attribution="© test")


def lonlat(place, tile):
    """By the words of TMS: level 0 has two tiles, y counts from the south pole."""
    z, x, y = place
    size = 180 / 2**z
    return x * size - 180 + tile.u / 32767 * size, y * size - 90 + tile.v / 32767 * size


def to_ecef(lon, lat, height):
    import pyproj

    transformer = pyproj.Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)
    return np.column_stack(transformer.transform(lon, lat, height))


def to_city(lon, lat):
    import pyproj

    transformer = pyproj.Transformer.from_crs("EPSG:4258", "EPSG:25832", always_xy=True)
    return transformer.transform(lon, lat)


def test_every_level_down_to_the_rasters_has_tiles(made):
    assert made.layer["maxzoom"] == level_for(1.0) == 17
    assert {z for z, _, _ in made.tiles} == set(range(18))
    for z, x, y in made.tiles:
        assert z == 0 or (z - 1, x // 2, y // 2) in made.tiles
    assert {(0, 0, 0), (0, 1, 0)} <= set(made.tiles)
    west, south, east, north = made.layer["bounds"]
    for z, x, y in made.tiles:
        size = 180 / 2**z
        if z:
            assert x * size - 180 <= east
            assert (x + 1) * size - 180 >= west
            assert y * size - 90 <= north
            assert (y + 1) * size - 90 >= south


def test_the_layer_says_what_there_is(made):
    layer = made.layer
    assert (layer["tilejson"], layer["format"], layer["scheme"]) == ("2.1.0", "quantized-mesh-1.0", "tms")
    assert (layer["projection"], layer["attribution"]) == ("EPSG:4326", "© test")
    assert layer["tiles"] == ["{z}/{x}/{y}.terrain?v={version}"]
    listed = set()
    for z, ranges in enumerate(layer["available"]):
        for r in ranges:
            listed |= {
                (z, x, y)
                for x in range(r["startX"], r["endX"] + 1)
                for y in range(r["startY"], r["endY"] + 1)
            }
    assert listed == set(made.tiles)
    # Those that ask tile by tile find the same.
    told = {(0, 0, 0), (0, 1, 0)}
    for (z, _, _), tile in made.tiles.items():
        assert (tile.metadata is not None) == (z % layer["metadataAvailability"] == 0)
        for deeper, ranges in enumerate(tile.metadata["available"] if tile.metadata else []):
            for r in ranges:
                told |= {
                    (z + 1 + deeper, x, y)
                    for x in range(r["startX"], r["endX"] + 1)
                    for y in range(r["startY"], r["endY"] + 1)
                }
    assert told == set(made.tiles)


def test_heights_are_those_of_the_raster_above_the_ellipsoid(made):
    raster = hills()
    checked = 0
    for place, tile in made.tiles.items():
        if place[0] < 15:
            continue
        x, y = to_city(*lonlat(place, tile))
        column, row = x - WEST, NORTH - y
        inside = (column > 2) & (column < 417) & (row > 2) & (row < 497)
        column, row, height = column[inside], row[inside], tile.metres[inside]
        i, j = row.astype(int), column.astype(int)
        around = np.stack([raster.heights[i + a, j + b] for a in (0, 1) for b in (0, 1)])
        known = np.isfinite(around).all(axis=0)
        # Vertices stand on the bilinear surface; their place is rounded to 32767th parts of a tile.
        room = 0.2 + (tile.high - tile.low) / 32767
        assert (height[known] - N >= around.min(axis=0)[known] - room).all()
        assert (height[known] - N <= around.max(axis=0)[known] + room).all()
        checked += known.sum()
    assert checked > 5000


def test_neighbours_share_the_vertices_of_their_border(made):
    shared = 0
    for (z, x, y), tile in made.tiles.items():
        for other, side, facing, along in (
            ((z, x + 1, y), "east", "west", "v"),
            ((z, x, y + 1), "north", "south", "u"),
        ):
            if other not in made.tiles:
                continue
            beside = made.tiles[other]
            here, there = tile.edges[side], beside.edges[facing]
            np.testing.assert_array_equal(getattr(tile, along)[here], getattr(beside, along)[there])
            step = max(tile.high - tile.low, beside.high - beside.low) / 32767
            np.testing.assert_allclose(tile.metres[here], beside.metres[there], atol=step + 1e-4)
            shared += len(here)
    assert shared > 500


def test_a_tile_covers_its_square_once_and_its_edges_are_listed(made):
    for tile in made.tiles.values():
        corners = np.stack([tile.u[tile.triangles], tile.v[tile.triangles]], axis=-1).astype(float)
        a, b = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
        doubled = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
        assert (doubled > 0).all()  # counter-clockwise from above
        assert doubled.sum() == 2 * QUANTA**2
        for side, line, border in (("west", tile.u, 0), ("east", tile.u, QUANTA)):
            np.testing.assert_array_equal(np.sort(tile.edges[side]), np.flatnonzero(line == border))
        for side, line, border in (("south", tile.v, 0), ("north", tile.v, QUANTA)):
            np.testing.assert_array_equal(np.sort(tile.edges[side]), np.flatnonzero(line == border))


def test_spheres_contain_their_tile_and_the_horizon_hides_nothing_that_is_seen(made):
    rng = np.random.default_rng(0)
    radii = np.array([6378137.0, 6378137.0, 6356752.3142451793])
    for place, tile in made.tiles.items():
        points = to_ecef(*lonlat(place, tile), tile.metres)
        distance = np.linalg.norm(points - tile.sphere, axis=1)
        assert distance.max() <= tile.radius + 0.01
        # Cameras all around; in units of the radii the earth is a ball of size 1.
        cameras = rng.normal(size=(60, 3))
        cameras *= (1 + rng.uniform(1e-4, 3, (60, 1))) / np.linalg.norm(cameras, axis=1, keepdims=True)
        cameras[:30] += points[rng.integers(len(points), size=30)] / radii
        cameras[np.linalg.norm(cameras, axis=1) < 1.0001] *= 2.5
        seen = np.array([visible(camera, points / radii).any() for camera in cameras])
        shown = np.array([visible(camera, np.array([tile.occlusion]))[0] for camera in cameras])
        assert shown[seen].all(), place


def visible(camera, points):
    """Whether a unit ball leaves the straight line from the camera to each point free."""
    way = points - camera
    along = np.clip(-(way @ camera) / (way**2).sum(axis=1), 0, 1)
    nearest = np.linalg.norm(camera + along[:, None] * way, axis=1)
    return nearest > 1 - 1e-9


def test_outside_the_ground_is_level_and_holes_are_filled_from_around(made):
    base = made.report["outside_m"]
    assert abs(base - (511.5 + N)) < 3
    far = made.tiles[0, 0, 0]
    assert (far.low, far.high) == (base, base)
    raster = hills()
    around = raster.heights[190:240, 140:210]
    found = 0
    for place, tile in made.tiles.items():
        x, y = to_city(*lonlat(place, tile))
        column, row = x - WEST, NORTH - y
        inside = (column > 152) & (column < 197) & (row > 202) & (row < 227)
        heights = tile.metres[inside] - N
        if place[0] >= 16 and len(heights):
            assert heights.min() > np.nanmin(around) - 0.5
            assert heights.max() < np.nanmax(around) + 0.5
            found += len(heights)
    assert found


def test_normals_follow_the_slope():
    x = np.arange(400.0) + np.zeros((400, 1))
    made = Made([Raster((500 + 0.2 * x).astype(np.float32), WEST, NORTH, 1.0)])
    checked = 0
    for place, tile in made.tiles.items():
        if place[0] != 17:
            continue
        lon, lat = lonlat(place, tile)
        east, north = to_city(lon, lat)
        inside = (east > WEST + 3) & (east < WEST + 396) & (north < NORTH - 3) & (north > NORTH - 396)
        lam, phi = np.radians(lon[inside]), np.radians(lat[inside])
        eastward = np.column_stack([-np.sin(lam), np.cos(lam), 0 * lam])
        up = np.column_stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)])
        normals = tile.normals[inside]
        expected = 1 / np.hypot(0.2, 1)
        np.testing.assert_allclose((normals * up).sum(axis=1), expected, atol=0.01)
        np.testing.assert_allclose((normals * eastward).sum(axis=1), -0.2 * expected, atol=0.02)
        checked += inside.sum()
    assert checked > 20


def test_the_same_rasters_give_the_same_bytes_whoever_works():
    whole = hills(240, 260)
    pieces = [
        Raster(whole.heights[:100], WEST, NORTH, 1.0),
        Raster(whole.heights[100:], WEST, NORTH - 100, 1.0),
    ]
    here = Made(pieces)
    with ThreadPoolExecutor(3) as pool:
        there = Made(pieces[::-1], executor=pool)
    assert here.files == there.files


def test_parts_of_a_level_agree_on_their_seam(monkeypatch):
    together = Made([hills(240, 260)]).files
    monkeypatch.setattr("tiles.writers.quantized_mesh._TOGETHER", 1)
    apart = Made([hills(240, 260)]).files
    assert apart.keys() == together.keys()
    differing = {key for key in apart if apart[key] != together[key]}
    assert differing <= {"layer.json"}  # whose version tells of the order too


def test_a_coarse_terrain_around_a_fine_one_is_no_deeper_than_it_is():
    x = np.arange(80.0) + np.zeros((80, 1))
    coarse = Raster((505 + x / 10).astype(np.float32), WEST - 1000, NORTH + 700, 25.0)
    fine = hills(240, 260)
    made = Made([fine, coarse])
    deep = [place for place in made.tiles if place[0] == 17]
    assert len(deep) == len([place for place in Made([fine]).tiles if place[0] == 17])
    assert len([place for place in made.tiles if place[0] == level_for(25.0)]) >= 4


def test_tiles_may_stay_uncompressed():
    files = {}
    write([hills(100, 100)], GEODESY, files.__setitem__, gzipped=False)
    assert all(data[:2] != b"\x1f\x8b" for data in files.values())
    assert all(read(data).u.size for key, data in files.items() if key != "layer.json")


def test_nothing_to_draw_is_said():
    for rasters in ([], [Raster(np.full((50, 50), np.nan, np.float32), WEST, NORTH, 1.0)]):
        with pytest.raises(TilingError, match="no height at all"):
            write(rasters, GEODESY, lambda *_: pytest.fail("wrote something"))
    with pytest.raises(TilingError, match="error_m"):
        write([hills(20, 20)], GEODESY, lambda *_: None, error_m=0)


def grid(n, rng):
    """A piece of (n + 1)² vertices with random heights, its faces shuffled."""
    v, u = (np.rint(line.ravel() * (QUANTA / n)).astype(np.int64) for line in np.mgrid[: n + 1, : n + 1])
    corner = (np.arange(n)[:, None] * (n + 1) + np.arange(n)).ravel()
    low = np.column_stack([corner, corner + 1, corner + n + 2])
    faces = np.concatenate([low, np.column_stack([corner, corner + n + 2, corner + n + 1])])
    normals = rng.normal(size=(len(u), 3))
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    heights = rng.uniform(-400, 9000, len(u))
    return Piece((11.0, 48.0, 11.01, 48.01), u, v, heights, rng.permutation(faces), normals)


@given(seed=st.integers(0, 2**32 - 1), n=st.integers(1, 12))
@settings(max_examples=25, deadline=None)
def test_what_is_written_is_read(seed, n):
    piece = grid(n, np.random.default_rng(seed))
    tile = read(encode(piece))
    order = np.lexsort([tile.u, tile.v])
    assert tile.low <= float(piece.heights.min())
    assert tile.high >= float(piece.heights.max())
    np.testing.assert_array_equal(tile.u[order], piece.u)
    np.testing.assert_array_equal(tile.v[order], piece.v)
    np.testing.assert_allclose(tile.metres[order], piece.heights, atol=(tile.high - tile.low) / 60000)
    np.testing.assert_allclose(tile.normals[order], piece.normals, atol=0.02)
    back = np.argsort(order)

    def same(faces):
        return sorted(tuple(np.roll(face, -int(np.argmin(face)))) for face in faces)

    assert same(back[tile.triangles]) == same(piece.faces)


def test_large_tiles_have_wide_indices():
    piece = grid(256, np.random.default_rng(0))
    tile = read(encode(piece))
    assert len(tile.u) == 257**2
    assert tile.index_bytes == 4
    assert len(tile.triangles) == len(piece.faces)


def test_level_ground_has_one_height():
    piece = grid(2, np.random.default_rng(0))
    flat = Piece(piece.bounds, piece.u, piece.v, np.full(9, 565.659), piece.faces, piece.normals)
    tile = read(encode(flat))
    np.testing.assert_allclose(tile.metres, 565.659, atol=1e-4)


@given(places=st.sets(st.tuples(st.integers(0, 15), st.integers(0, 31)), max_size=60))
@settings(max_examples=50, deadline=None)
def test_rectangles_hold_exactly_the_tiles(places):
    ranges = Available((frozenset(),) * 4 + (frozenset(places),)).ranges(4)
    found = [
        (15 - y, x)
        for r in ranges
        for y in range(r["startY"], r["endY"] + 1)
        for x in range(r["startX"], r["endX"] + 1)
    ]
    assert len(found) == len(set(found))
    assert set(found) == places


def test_names_count_rows_from_the_south():
    assert name(0, (0, 1)) == "0/1/0.terrain"
    assert name(2, (0, 5)) == "2/5/3.terrain"
    assert bounds(1, (0, 2)) == (0.0, 0.0, 90.0, 90.0)


def test_holes_take_the_heights_beside_them():
    rng = np.random.default_rng(0)
    block = rng.uniform(500, 510, (128, 128)).astype(np.float32)
    block[:, 64:] += 100
    holed = block.copy()
    holed[40:60, 5:20] = np.nan
    got = filled(holed, 0.0)
    assert np.isfinite(got).all()
    assert ((got[40:60, 5:20] > 500) & (got[40:60, 5:20] < 530)).all()
    known = np.isfinite(holed)
    np.testing.assert_array_equal(got[known], holed[known])
    assert (filled(np.full((128, 128), np.nan, np.float32), 7.0) == 7.0).all()
