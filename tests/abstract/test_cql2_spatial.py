"""CQL2 (21-065r2): spatial functions, with all literals."""

import pytest
import shapely

from tests.abstract import made_place, named
from tests.abstract.cql2 import BUILDINGS, COUNTS, ROADS, SITES, logical, same

LAYERS = (BUILDINGS, COUNTS, ROADS, SITES)
basic = named.of("cql2/1.0/conf/basic-spatial-functions")
plus = named.of("cql2/1.0/conf/basic-spatial-functions-plus")
whole = named.of("cql2/1.0/conf/spatial-functions")
own = named.of("cql2/1.0/conf/functions")
WORLD, WORLD_AREA = "BBOX(-180,-90,180,90)", "POLYGON((-180 -90,180 -90,180 90,-180 90,-180 -90))"
LINE, POINT, POINTS = "LINESTRING(7 50,10 51)", "POINT(7.02 49.92)", "MULTIPOINT(7 50,10 51)"
WEST = "(-180 -90, -90 -90, -90 90, -180 90, -180 -90), (-120 -50, -100 -50, -100 -40, -120 -40, -120 -50)"
CITY = "(11.5 48.1, 11.52 48.1, 11.52 48.13, 11.5 48.13, 11.5 48.1)"
HOLE = "(11.505 48.105, 11.515 48.105, 11.515 48.115, 11.505 48.115, 11.505 48.105)"
LITERALS = {
    "BBOX(11.501,48.101,11.52,48.13)": shapely.box(11.501, 48.101, 11.52, 48.13),
    "BBOX(11.511,48.0,11.509,49.0)": shapely.union(
        shapely.box(11.511, 48, 180, 49), shapely.box(-180, 48, 11.509, 49)
    ),
    "POINT(11.5 48.1)": shapely.Point(11.5, 48.1),
    "POINT(11.55 48.15)": shapely.Point(11.55, 48.15),
    **{
        word: shapely.from_wkt(word)
        for word in (
            "MULTIPOINT(11.5 48.1, 11.55 48.15, 11.51 48.12)",
            "LINESTRING(11.5 48.1, 11.51 48.12)",
            "LINESTRING(11.49 48.11, 11.6 48.11)",
            "MULTILINESTRING((11.49 48.11, 11.6 48.11), (11.55 48, 11.55 49))",
            f"POLYGON({CITY})",
            f"POLYGON({CITY}, {HOLE})",
            f"MULTIPOLYGON(({CITY}, {HOLE}), ((11.54 48.14, 11.56 48.14, 11.56 48.17, 11.54 48.14)))",
            f"GEOMETRYCOLLECTION(POINT(11.55 48.15), POLYGON({CITY}))",
            "POLYGON((11.502 48.1, 11.503 48.1, 11.503 48.101, 11.502 48.101, 11.502 48.1))",
            *("POLYGON((11.5 48.1, 11.502 48.1, 11.502 48.102, 11.5 48.102, 11.5 48.1))", WORLD_AREA),
        )
    },
}
FUNCTIONS = {
    name: getattr(shapely, name) for name in ("intersects", "disjoint", "equals", "touches", "crosses")
}
FUNCTIONS |= {name: getattr(shapely, name) for name in ("within", "contains", "overlaps")}


@pytest.fixture(scope="module")
def shapes(ask):
    """Layer → id → geometry, of those that have one."""
    return {
        layer: {
            one["id"]: shapely.force_2d(shapely.geometry.shape(one["geometry"]))
            for one in ask.items(layer, limit=1000)["features"]
            if one["geometry"]
        }
        for layer in LAYERS
    }


def agrees(ask, shapes, function, literals=LITERALS):
    """A function against every literal finds what GEOS finds, in every layer and both encodings."""
    for layer, known in shapes.items():
        for word in literals:
            found = same(ask, f"S_{function.upper()}(geometry,{word})", layer)
            with_geos = {key for key, shape in known.items() if FUNCTIONS[function](shape, LITERALS[word])}
            assert found == with_geos, (layer, function, word)


@basic("s_intersects")
def test_basic_s_intersects(ask, shapes):
    """Boxes and points; a point beyond the Earth is refused."""
    for layer, known in shapes.items():
        assert same(ask, f"S_INTERSECTS(geometry,{WORLD})", layer) == set(known)
        assert same(ask, f"S_INTERSECTS(geometry,{POINT})", layer) == set()
        ask.refused(layer, filter="S_INTERSECTS(geometry,POINT(90 180))")
        halves = "S_INTERSECTS(geometry,BBOX(-180,-90,-90,90)) AND S_INTERSECTS(geometry,BBOX(90,-90,180,90))"
        assert same(ask, halves, layer) == set()


@plus("s_intersects")
@pytest.mark.parametrize(
    "literal",
    [
        "LINESTRING(-180 -45, 0 -45)",
        "MULTILINESTRING((-180 -45, 0 -45), (0 45, 180 45))",
        f"POLYGON({WEST})",
        f"MULTIPOLYGON(({WEST}),((0 0, 10 0, 10 10, 0 10, 0 0)))",
        "GEOMETRYCOLLECTION(POINT(7.02 49.92), POLYGON((0 0, 10 0, 10 10, 0 10, 0 0)))",
    ],
)
def test_plus_s_intersects(ask, literal):
    """All kinds of geometries as literals; a place beyond the Earth is refused."""
    for layer in LAYERS:
        assert same(ask, f"S_INTERSECTS(geometry,{literal})", layer) == set()
        ask.refused(layer, filter="S_INTERSECTS(geometry,MULTIPOINT(7.02 49.92, 90 180))")


@whole("s_intersects", "s_disjoint")
def test_s_intersects_s_disjoint(ask, shapes):
    """Either meets or does not; a box is the same as its polygon."""
    for layer, known in shapes.items():
        for function, all_of in (("S_INTERSECTS", set(known)), ("S_DISJOINT", set())):
            for literal in (WORLD, WORLD_AREA):
                assert same(ask, f"{function}(geometry,{literal})", layer) == all_of
            ask.refused(layer, filter=f"{function}(geometry,POINT(90 180))")
        for literal in (LINE, POINT):
            meeting, apart = (
                same(ask, f"S_{f}(geometry,{literal})", layer) for f in ("INTERSECTS", "DISJOINT")
            )
            assert not meeting & apart
            assert meeting | apart == set(known)


@whole("s_equals", "s_touches", "s_crosses")
@pytest.mark.parametrize("function", ["EQUALS", "TOUCHES", "CROSSES"])
def test_s_equals_s_touches_s_crosses(ask, function):
    """They answer for each literal of the annex, and find nothing so far away."""
    for layer in LAYERS:
        for literal in (WORLD, WORLD_AREA, LINE, POINT):
            assert same(ask, f"S_{function}(geometry,{literal})", layer) == set()


@whole("s_within", "s_contains")
def test_s_within_s_contains(ask, shapes):
    """Everything is within the world, and nothing contains it."""
    for layer, known in shapes.items():
        for literal in (WORLD, WORLD_AREA):
            assert same(ask, f"S_WITHIN(geometry,{literal})", layer) == set(known)
            assert same(ask, f"S_CONTAINS(geometry,{literal})", layer) == set()
        for literal in (LINE, POINTS):
            within, contains = (
                same(ask, f"S_{f}(geometry,{literal})", layer) for f in ("WITHIN", "CONTAINS")
            )
            assert not within & contains


@whole("s_overlaps")
def test_s_overlaps(ask):
    """Geometries of one dimension may overlap."""
    for layer, literal in ((COUNTS, POINTS), (ROADS, LINE), (BUILDINGS, WORLD_AREA), (SITES, WORLD_AREA)):
        assert same(ask, f"S_OVERLAPS(geometry,{literal})", layer) == set()


@basic("test-data")
@plus("test-data")
@whole("test-data")
@pytest.mark.parametrize("function", FUNCTIONS)
def test_test_data(ask, shapes, function):
    """Each function with each kind of literal, on made-up data, finds what GEOS finds."""
    agrees(ask, shapes, function)


@basic("logical")
@whole("logical")
def test_logical(ask):
    """AND, OR, NOT and brackets, as sets have them."""
    literals = list(LITERALS)
    logical(ask, [f"S_INTERSECTS(geometry,{word})" for word in literals[:4]])
    logical(ask, [f"S_{name.upper()}(geometry,{literals[-3]})" for name in FUNCTIONS], BUILDINGS)
    assert len(made_place.NAMES) == len(ask.ids(ROADS))


@own("functions")
@pytest.mark.parametrize("function", FUNCTIONS)
def test_own_functions(ask, shapes, function):
    """FEATURE, the one function told at /ogc/functions: with all operators that take a geometry."""
    for area in (BUILDINGS, SITES):
        name = sorted(shapes[area])[0]
        for layer, known in shapes.items():
            found = same(ask, f"S_{function.upper()}(geometry,FEATURE('{area}','{name}'))", layer)
            with_geos = {
                key for key, shape in known.items() if FUNCTIONS[function](shape, shapes[area][name])
            }
            assert found == with_geos, (layer, function, name)
    shape = f"FEATURE('{BUILDINGS}','{sorted(shapes[BUILDINGS])[0]}')"
    assert same(ask, f"{shape} IS NULL") == set()
    assert same(ask, f"{shape} IS NOT NULL") == same(ask, "TRUE")
    ask.refused(ROADS, filter=f"{shape} > 1")
