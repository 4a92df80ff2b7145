"""What is in a tile: everything that meets it, where it belongs, valid."""

import math
from datetime import UTC, datetime

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from api.vector import grid, wire
from api.vector.grid import Tile
from api.vector.sheet import Sheet, cut
from catalog import parquet
from tests.api import mvt
from twin.record import Feature
from twin.schemas import schema

TREE, ROAD, LAND = schema("tree/1"), schema("roadwork/2"), schema("building/1")
HOME = Tile(14, 5685, 8719)
WEST, SOUTH, EAST, NORTH = HOME.box(0)


class Alone(Sheet):
    """A sheet that is all of a layer."""

    def tile(self, name, tile):
        return cut(name, [self], tile)


def sheet(shapes, of=ROAD, **values):
    features = [
        Feature(
            id=f"probe.x.{i}",
            source_id=str(i),
            values=dict(values),
            geometry=None if shape is None else shapely.to_wkb(shape),
        )
        for i, shape in enumerate(shapes)
    ]
    return Alone(parquet.write_features(features, of), of.names)


def named(features):
    return {feature.properties["source_id"]: feature for feature in features}


def lon_lat(tile, steps):
    """Steps of a tile → degrees, by the textbook's inverse."""
    scale = 2**tile.z
    east, south = tile.x + steps[0] / 4096, tile.y + steps[1] / 4096
    latitude = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * south / scale))))
    return east / scale * 360 - 180, latitude


def shape_at(tile, points, kind):
    places = [lon_lat(tile, point) for point in points]
    return {"point": shapely.points, "line": shapely.linestrings, "area": shapely.polygons}[kind](places)


steps = st.floats(-6000, 10000, allow_nan=False).map(lambda x: round(x, 3))
places = st.tuples(steps, steps)


@st.composite
def stars(draw):
    """Valid polygons of any size, with spikes, about a centre."""
    x, y = draw(places)
    radii = draw(st.lists(st.floats(0.01, 3000), min_size=3, max_size=12))
    size = draw(st.sampled_from([0.0005, 0.01, 1]))
    return [
        (
            x + size * r * math.cos(2 * math.pi * i / len(radii)),
            y + size * r * math.sin(2 * math.pi * i / len(radii)),
        )
        for i, r in enumerate(radii)
    ]


def drawn_area(feature):
    return shapely.MultiPolygon(mvt.polygons(feature))


inner = shapely.box(0, 0, 4096, 4096)


@pytest.mark.parametrize("z", [9, 14, 16])
@given(shapes=st.lists(stars(), min_size=1, max_size=5))
def test_polygons_are_valid_and_where_they_belong(z, shapes):
    tile = Tile(
        z, HOME.y >> 14 - z if z < 14 else HOME.y << z - 14, HOME.x >> 14 - z if z < 14 else HOME.x << z - 14
    )
    outlines = [shapely.polygons(points) for points in shapes]
    shown = sheet([shape_at(tile, points, "area") for points in shapes]).tile("x", tile)
    found = named(mvt.read(shown)) if shown else {}
    for i, outline in enumerate(outlines):
        if z >= 14 and shapely.intersects(outline, inner):
            assert str(i) in found
        if str(i) not in found:
            continue
        feature = found[str(i)]
        assert feature.kind == 3
        whole = drawn_area(feature)
        assert shapely.is_valid(whole), shapely.is_valid_reason(whole)
        assert shapely.within(whole, shapely.box(-65, -65, 4161, 4161))
        off = 0.75 if z == 16 else 3  # half a step each way, and what simplifying may leave out
        reach = shapely.buffer(shapely.intersection(outline, shapely.box(-64, -64, 4160, 4160)), off + 1)
        assert shapely.within(whole, reach) or whole.area <= 1
        if z == 16:
            missed = shapely.difference(shapely.intersection(outline, inner), shapely.buffer(whole, 1.5))
            assert shapely.is_empty(shapely.buffer(missed, -0.75))  # but for what is thinner than a step


@given(points=st.lists(places, min_size=1, max_size=30, unique=True))
def test_each_point_of_a_tile_is_on_the_nearest_step(points):
    shapes = [shape_at(HOME, [point], "point")[0] for point in [*points, (5, 5)]]
    found = named(mvt.read(sheet(shapes).tile("x", HOME)))
    for i, (x, y) in enumerate(points):
        if -64 <= x <= 4160 and -64 <= y <= 4160:
            ((place,),) = found[str(i)].paths
            assert max(abs(place[0] - x), abs(place[1] - y)) <= 0.5 + 1e-3
        elif max(-64.001 - x, x - 4160.001, -64.001 - y, y - 4160.001) > 0:
            assert str(i) not in found


@given(points=st.lists(places, min_size=2, max_size=20, unique=True))
def test_lines_follow_their_way_and_have_a_length(points):
    tile = Tile(16, HOME.y << 2, HOME.x << 2)
    way = shapely.linestrings(points)
    shown = sheet([shape_at(tile, points, "line")]).tile("x", tile)
    found = mvt.read(shown) if shown else []
    if shapely.intersects(way, inner):
        assert len(found) == 1
    for feature in found:
        assert feature.kind == 2
        drawn = shapely.multilinestrings([shapely.linestrings(path) for path in feature.paths])
        assert shapely.within(drawn, shapely.buffer(way, 0.75)) or drawn.length <= 1
        missed = shapely.difference(shapely.intersection(way, inner), shapely.buffer(drawn, 1.5))
        assert missed.length == 0


def test_holes_follow_their_outline_and_wind_the_other_way():
    outer, hole = (
        [(0, 0), (1000, 0), (1000, 1000), (0, 1000)],
        [(200, 200), (200, 400), (400, 400), (400, 200)],
    )
    for ring in (outer, outer[::-1]):
        shape = shapely.polygons([lon_lat(HOME, p) for p in ring], [[lon_lat(HOME, p) for p in hole]])
        (feature,) = mvt.read(sheet([shape, None]).tile("x", HOME))
        ((drawn, (inside,)),) = mvt.polygons(feature)
        assert set(drawn) == set(outer)
        assert set(inside) == set(hole)


def test_what_is_smaller_than_a_step_keeps_one():
    dot = shape_at(HOME, [(100, 100), (100.2, 100), (100.1, 100.2)], "area")
    dash = shape_at(HOME, [(300, 300), (300.1, 300.1)], "line")
    far = named(mvt.read(sheet([dot, dash]).tile("x", HOME)))
    assert mvt.area(far["0"].paths[0]) == 1
    assert len(far["1"].paths[0]) == 2


def test_small_things_and_points_of_one_pixel_are_left_out_far_away():
    near = [shapely.points(lon_lat(Tile(10, 355, 544), (100.2 + i / 100, 100))) for i in range(3)]
    house = shapely.buffer(near[0], 1e-5)
    far = mvt.read(sheet([*near, house]).tile("x", Tile(10, 355, 544)))
    assert [feature.kind for feature in far] == [1]
    deep = Tile(14, 355 << 4, 544 << 4)
    assert len(mvt.read(sheet([*near, house]).tile("x", Tile(14, deep.y, deep.x)))) == 4


def test_very_many_features_of_a_far_tile_are_thinned_to_ten_thousand():
    rng = np.random.default_rng(3)
    spread = shapely.points(rng.uniform((WEST, SOUTH), (EAST, NORTH), (12_000, 2)))
    tile = Tile(13, HOME.y >> 1, HOME.x >> 1)
    many = sheet(spread, TREE)
    assert 1_000 < len(mvt.read(many.tile("x", tile))) <= 10_000
    assert len(mvt.read(many.tile("x", HOME))) == 12_000


def test_features_across_the_tile_with_no_corner_in_it_fill_it():
    (feature,) = mvt.read(sheet([shapely.box(WEST - 1, SOUTH - 1, EAST + 1, NORTH + 1)]).tile("x", HOME))
    assert set(feature.paths[0]) == {(-64, -64), (4160, -64), (4160, 4160), (-64, 4160)}


def test_crossing_outlines_and_mixed_shapes_are_drawn_all_the_same():
    bow = shape_at(HOME, [(-500, 0), (500, 500), (500, 0), (-500, 500)], "area")
    mixed = shapely.geometrycollections(
        [shapely.points(WEST, SOUTH), shapely.box(WEST - 1, SOUTH, (WEST + EAST) / 2, NORTH)]
    )
    found = named(mvt.read(sheet([bow, mixed]).tile("x", HOME)))
    assert [found["0"].kind, found["1"].kind] == [3, 3]
    assert all(mvt.polygons(feature) for feature in found.values())


def test_the_edges_of_the_world():
    world = sheet([shapely.box(-180, -90, 180, 90), shapely.points(180, 0), shapely.points(0, 90)])
    assert set(named(mvt.read(world.tile("x", Tile(0, 0, 0))))) == {"0", "1", "2"}
    for z in (1, 16):
        last = 2**z - 1
        for y, x in ((0, 0), (last, last), (0, last), (last, 0)):
            assert "0" in named(mvt.read(world.tile("x", Tile(z, y, x))))


def test_properties_keep_their_type_and_what_is_missing_is_left_out():
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    town = sheet([shapely.points(lon_lat(HOME, (5, 5)))], ROAD, title="Straße „A“ \U0001f6a7" + "x" * 200,
                 blocked=True, valid_from=at, kind="closure")  # fmt: skip
    (feature,) = mvt.read(town.tile("x", HOME))
    assert feature.properties == {
        "id": "probe.x.0",
        "source_id": "0",
        "title": "Straße „A“ \U0001f6a7" + "x" * 200,
        "blocked": True,
        "valid_from": "2026-03-01T12:00:00Z",
        "kind": "closure",
    }
    house = sheet([shapely.points(lon_lat(HOME, (5, 5)))], LAND, height_m=12.5, storeys=-3)
    (feature,) = mvt.read(house.tile("x", HOME))
    assert (feature.properties["height_m"], feature.properties["storeys"]) == (12.5, -3)
    assert 0 < feature.id < 2**53


numbers = st.integers(0, 2**64 - 1)


words = st.lists(st.integers(0, 2**32 - 1), max_size=9)


@given(st.lists(st.tuples(numbers, words, st.integers(1, 3), words), min_size=1, max_size=8))
def test_the_wire_is_read_as_it_was_written(features):
    def runs(column):
        lists = [feature[column] for feature in features]
        flat = np.array([number for each in lists for number in each], np.uint64)
        return wire.Runs(flat, np.array([len(each) for each in lists]))

    data = wire.layer(
        "x" * 200,
        np.array([feature[0] for feature in features], np.uint64),
        runs(1),
        np.array([feature[2] for feature in features]),
        runs(3),
        ["a", "é" * 100],
        [
            wire.text("ß" * 64),
            wire.whole(-1),
            wire.whole(2**62),
            wire.whole(True),
            *wire.doubles(np.array([0.1])),
        ],
    )
    (layer,) = mvt.layers(data)
    assert [(f.id, list(f.tags), f.type, list(f.geometry)) for f in layer.features] == [
        (number, tags, kind, drawn) for number, tags, kind, drawn in features
    ]
    assert list(layer.keys) == ["a", "é" * 100]
    values = [value.ListFields()[0][1] for value in layer.values]
    assert values == ["ß" * 64, -1, 2**62, True, 0.1]


def test_limits_hold_the_tiles_that_meet_the_box():
    width, height = (
        EAST - WEST,
        NORTH - SOUTH,
    )  # 1/64 around a tile is drawn with it, so that neighbours count
    inner = (WEST + width / 50, SOUTH + height / 50, EAST - width / 50, NORTH - height / 50)
    assert grid.limits(inner, 14) == (5685, 5685, 8719, 8719)
    assert grid.limits((WEST + 1e-6, *inner[1:]), 14) == (5685, 5685, 8718, 8719)
    assert grid.limits((*inner[:3], NORTH - 1e-6), 14) == (5684, 5685, 8719, 8719)
    assert grid.limits((-180, -90, 180, 90), 3) == (0, 7, 0, 7)
    assert grid.definition()["tileMatrices"][0]["scaleDenominator"] == pytest.approx(559082264.028717)


@pytest.mark.parametrize("tile", [HOME, Tile(10, 355, 544), Tile(0, 0, 0)])
def test_in_how_many_files_a_layer_lies_makes_no_difference(tile):
    random = np.random.default_rng(4)
    places = np.column_stack(
        (random.uniform(WEST - 0.02, EAST + 0.02, 400), random.uniform(SOUTH, NORTH, 400))
    )
    shapes = [
        shapely.Point(x, y) if i % 3 else shapely.box(x, y, x + 0.001, y + 0.001)
        for i, (x, y) in enumerate(places.tolist())
    ]
    features = [
        Feature(id=f"probe.x.{i}", source_id=str(i), values={}, geometry=shapely.to_wkb(shape))
        for i, shape in enumerate(shapes)
    ]
    at = datetime(2026, 3, 1, tzinfo=UTC)
    files = [parquet.write_features(some, ROAD) for some in (features[:50], features[50:51], features[51:])]
    one = Sheet(parquet.Pieces(tuple(files), at), ROAD.names)
    several = [Sheet(parquet.Pieces((file,), at), ROAD.names) for file in files]
    assert cut("x", several, tile) == cut("x", [one], tile) != b""
