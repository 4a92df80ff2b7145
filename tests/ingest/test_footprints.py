import gzip
import json
import math
import sqlite3
import struct
from contextlib import closing

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from ingest.extrusion.wkb import NoArea, from_wkb, from_wkt
from tests.ingest.asking import records
from tests.ingest.shells import check, plan
from twin.errors import RecipeError, SourceBroken, SourceChanged, SourceRefused, UnknownCRS
from twin.record import Face

X, Y = 691_000.0, 5_336_000.0
HOUSE = shapely.box(X, Y, X + 12, Y + 8)
YARD = shapely.box(X + 50, Y, X + 80, Y + 30).difference(shapely.box(X + 60, Y + 10, X + 70, Y + 20))
PAIR = shapely.union_all([shapely.box(X, Y + 50, X + 5, Y + 55), shapely.box(X + 9, Y + 50, X + 14, Y + 55)])
ASSUMED = "a building without height or storeys: 6 m assumed"
NO_BASE = "a base that nobody states: the building stands at 0 m"
ROWS = [
    {"gml_id": "DEBY_1", "HOEHE": 9.5, "AOG": 3, "Dachform": "3100", "owner": "Erika Mustermann", "rooms": 7},
    {"gml_id": "DEBY_2", "HOEHE": None, "AOG": 2, "Dachform": None, "owner": None, "rooms": None},
    {"gml_id": "DEBY_3", "HOEHE": None, "AOG": None, "Dachform": None, "owner": None, "rooms": None},
]
SHAPES = [HOUSE, YARD, PAIR]


def gpkg(path, rows=ROWS, shapes=SHAPES, srs=25832, table="buildings", kind="GEOMETRY", header=None):
    """A GeoPackage, as small as the standard lets it be."""
    with closing(sqlite3.connect(path)) as base, base:
        base.executescript(
            "CREATE TABLE gpkg_spatial_ref_sys (srs_id, organization, organization_coordsys_id);"
            "CREATE TABLE gpkg_contents (table_name, data_type, srs_id);"
            "CREATE TABLE gpkg_geometry_columns (table_name, column_name, geometry_type_name, srs_id, z, m);"
            "INSERT INTO gpkg_spatial_ref_sys VALUES (25832, 'EPSG', 25832), (-1, 'NONE', -1);"
        )
        base.execute("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, 0, 0)", (table, kind, srs))
        columns = ", ".join(f'"{name}"' for name in rows[0])
        quoted = table.replace('"', '""')
        base.execute(f'CREATE TABLE "{quoted}" (fid INTEGER PRIMARY KEY, geom BLOB, {columns})')
        for row, shape in zip(rows, shapes, strict=True):
            envelope = struct.pack("<4d", *np.array(shape.bounds)[[0, 2, 1, 3]]) if shape else b""
            blob = (
                (header or b"GP\0\x03") + struct.pack("<i", srs) + envelope + shapely.to_wkb(shape)
                if shape
                else None
            )
            marks = ", ".join("?" * len(row))
            base.execute(
                f'INSERT INTO "{quoted}" (geom, {columns}) VALUES (?, {marks})', (blob, *row.values())
            )
    base.close()
    return path


def parquet(path, crs="EPSG:25832", encode=shapely.to_wkb, rows=ROWS, shapes=SHAPES, **more):
    table = pa.Table.from_pylist(rows).append_column(
        "geometry", [[shape and encode(shape) for shape in shapes]]
    )
    if crs != "plain":
        column = {"encoding": "WKB", "geometry_types": []} | more.pop("column", {})
        if crs is not None:
            authority, code = crs.split(":")
            column["crs"] = {"type": "ProjectedCRS", "id": {"authority": authority, "code": int(code)}}
        geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
        table = table.replace_schema_metadata({"geo": json.dumps(geo)})
    pq.write_table(table, path, **more)
    return path


def extended(shape):
    return shapely.to_wkb(shapely.set_srid(shape, 25832), include_srid=True)


def collection(rows=ROWS, shapes=SHAPES, crs="urn:ogc:def:crs:EPSG::25832", **more):
    features = [
        {"type": "Feature", "properties": row, "geometry": shape and json.loads(shapely.to_geojson(shape))}
        for row, shape in zip(rows, shapes, strict=True)
    ]
    named = {"crs": {"type": "name", "properties": {"name": crs}}} if crs else {}
    return {"type": "FeatureCollection", **named, "features": features, **more}


def geojson(path, **more):
    path.write_text(json.dumps(collection(**more)))
    return path


def gzipped(path):
    packed = path.with_name(path.name + ".gz")
    packed.write_bytes(gzip.compress(path.read_bytes()))
    path.unlink()
    return packed


def sequence(path):
    features = collection(crs=None)["features"]
    path.write_text("".join("\x1e" + json.dumps(feature) + "\n" for feature in features))
    return path


@pytest.mark.parametrize(
    "make",
    [
        lambda d: gpkg(d / "a.gpkg"),
        lambda d: gzipped(gpkg(d / "a.gpkg")),
        lambda d: gpkg(d / "misnamed.json"),
        lambda d: parquet(d / "a.parquet"),
        lambda d: gzipped(parquet(d / "a.parquet")),
        lambda d: parquet(d / "a.parquet", compression="zstd", use_dictionary=False, row_group_size=2),
        lambda d: parquet(d / "a.parquet", crs="plain"),
        lambda d: parquet(d / "a.parquet", crs="plain", encode=shapely.to_wkt),
        lambda d: parquet(d / "a.parquet", encode=extended),
        lambda d: geojson(d / "a.geojson"),
        lambda d: gzipped(geojson(d / "a.geojson")),
        lambda d: sequence(d / "a.geojsonl"),
    ],
)  # fmt: skip
def test_the_same_houses_from_every_format(tmp_path, make):
    path = make(tmp_path)
    found = records("footprints", path, crs="EPSG:25832")
    assert [r.place for r in found] == [f"{path.name}, footprint {n}" for n in (1, 2, 3)]
    assert {r.crs for r in found} == {"EPSG:25832"}
    for record, shape in zip(found, SHAPES, strict=True):
        check(record.geometry)
        assert plan(record.geometry, Face.GROUND)[0].symmetric_difference(shape).area < 1e-3
        assert record.values["generic"] == {}
    assert [r.values["gml_id"] for r in found] == ["DEBY_1", "DEBY_2", "DEBY_3"]
    assert [r.values["measured_height"] for r in found] == [9.5, None, None]
    assert [r.values["height_assumed"] for r in found] == [False, False, True]
    assert [r.values["lod"] for r in found] == [2, 1, 1]
    assert [r.values["storeys"] for r in found] == ["3", "2", None]
    assert [r.values["roof_type"] for r in found] == ["3100", None, None]
    assert [r.geometry.points[:, 2].max() for r in found] == [9.5, 6, 6]
    assert [ASSUMED in r.notes for r in found] == [False, False, True]
    assert all(NO_BASE in r.notes and r.values["base_unknown"] for r in found)


def test_generic_attributes_on_request_and_none_that_speak_of_people(tmp_path):
    for path in (gpkg(tmp_path / "a.gpkg"), parquet(tmp_path / "a.parquet"), geojson(tmp_path / "a.json")):
        first, second, _ = records("footprints", path, options={"attributes": "all"})
        assert first.values["generic"].items() >= {"rooms": 7, "HOEHE": 9.5, "gml_id": "DEBY_1"}.items()
        assert "owner" not in first.values["generic"]
        assert "rooms" not in second.values["generic"]
        assert "Mustermann" not in repr(first)


def test_options_name_columns_and_state_what_files_leave_out(tmp_path):
    rows = [
        {"a": "39'", "b": "2", "z": 512.5, "nr": 7, "form": "hipped"},
        {"a": "", "b": "x", "z": None, "nr": 8, "form": ""},
    ]
    path = parquet(tmp_path / "a.parquet", rows=rows, shapes=[HOUSE, YARD])
    options = {
        "height_field": "A",
        "storeys_field": "b",
        "base_field": "z",
        "id_field": "nr",
        "roof_field": "form",
    }
    first, second = records("footprints", path, options=options | {"assumed_height": 4, "base": 500})
    assert first.geometry.points[:, 2].min() == 512.5
    assert first.geometry.points[:, 2].max() == pytest.approx(512.5 + 39 * 0.3048)
    assert (first.values["gml_id"], first.values["lod"]) == ("7", 2)
    assert not first.values["base_unknown"]
    assert sorted(set(second.geometry.points[:, 2])) == [500, 504]
    assert "a building without height or storeys: 4 m assumed" in second.notes
    flat, _ = records("footprints", path, options=options | {"lod": 1})
    assert flat.values["lod"] == 1
    assert records("footprints", path, options={"classes": ["Road"]}) == []
    for wrong in (
        {"assumed_height": "4"},
        {"assumed_height": 0},
        {"base": True},
        {"axes": "zy"},
        {"hight_field": "a"},
    ):
        with pytest.raises(RecipeError):
            records("footprints", path, options=wrong)


def test_degrees_become_metres_and_outlines_in_space_stand_where_they_are(tmp_path):
    ring = [
        [11.57, 48.14, 515],
        [11.5702, 48.14, 515],
        [11.5702, 48.1401, 515],
        [11.57, 48.1401, 515],
        [11.57, 48.14, 515],
    ]
    feature = {"type": "Feature", "id": "way/1", "properties": {"tags": {"building:levels": "2"}}}
    path = tmp_path / "a.geojson"
    features = [feature | {"geometry": {"type": "Polygon", "coordinates": [ring]}}]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    [record] = records("footprints", path)
    check(record.geometry)
    assert record.crs == "EPSG:25832"
    assert sorted(set(record.geometry.points[:, 2])) == [515, 521]
    assert plan(record.geometry, Face.GROUND)[1] == pytest.approx(14.88 * 11.12, rel=1e-2)
    assert record.values["gml_id"] == "way/1"
    assert not record.values["base_unknown"]
    [turned] = records("footprints", path, options={"axes": "yx"})
    assert turned.crs != record.crs
    [stated] = records("footprints", path, options={"crs": "EPSG:25833"})
    assert stated.crs == "EPSG:25833"
    assert 200_000 < stated.geometry.points[0, 0] < 300_000


BAD = [
    ({"type": "Point", "coordinates": [X, Y]}, "it is no area"),
    ({"type": "LineString", "coordinates": [[X, Y], [X, Y + 1]]}, "it is no area"),
    (None, "it has none"),
    ({"type": "Polygon", "coordinates": []}, "it is empty"),
    ({"type": "Polygon", "coordinates": [[[X, Y], [X + 5, Y], [X, Y]]]}, "its outline encloses no area"),
    ({"type": "Polygon", "coordinates": [[[X, Y], [X + 5, Y], [math.nan, Y + 5], [X, Y]]]}, "not finite"),
    ({"type": "Polygon", "coordinates": [[[X, Y], [X + 5, Y], [1e300, Y + 5], [X, Y]]]}, "outside its CRS"),
    ({"type": "Polygon", "coordinates": [[["X", "Y"]]]}, "it is not GeoJSON"),
    ({"type": "Polygon", "coordinates": [[[10**400, 1], [1, 2], [3, 4]]]}, "it is not GeoJSON"),
    ("POLYGON", "it is not GeoJSON"),
]


def test_one_bad_footprint_never_stops_a_file(tmp_path):
    document = collection()
    document["features"][1:1] = [
        {"type": "Feature", "properties": ROWS[0], "geometry": g} for g, _ in BAD
    ] + [7]
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps(document))
    found = records("footprints", path)
    assert len(found) == len(BAD) + 4
    assert [r.geometry is not None for r in found] == [True] + [False] * (len(BAD) + 1) + [True, True]
    for record, (_, fault) in zip(found[1:], BAD, strict=False):
        assert len(record.notes) == 1
        assert record.notes[0].startswith("its geometry cannot be read: ")
        assert fault in record.notes[0]
        assert not record.values["height_assumed"]


def test_what_openstreetmap_tags_as_something_else_is_no_building(tmp_path):
    ring = [[11.5, 48.1], [11.5001, 48.1], [11.5001, 48.1001], [11.5, 48.1001], [11.5, 48.1]]

    def feature(number, properties, **more):
        shape = {"type": "Polygon", "coordinates": [ring]}
        return {"type": "Feature", "geometry": shape, "properties": properties} | more

    features = [
        feature(1, {"type": "way", "id": 1, "tags": {"natural": "water"}}),
        feature(2, {"landuse": "meadow"}, id="way/2"),
        feature(
            3, {"type": "way", "id": 3, "tags": {"building": "yes", "amenity": "school", "leisure": "x"}}
        ),
        feature(4, {"gml_id": "cadastre", "landuse": "residential"}),  # whatever that is, it is not OSM
    ]
    (tmp_path / "a.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    found = records("footprints", tmp_path / "a.geojson")
    assert [record.geometry is None for record in found] == [True, True, False, False]
    assert found[0].notes == ("it is no building but something else (natural)",)
    assert found[1].notes == ("it is no building but something else (landuse)",)


def test_without_a_crs_nothing_is_guessed(tmp_path):
    for path in (gpkg(tmp_path / "a.gpkg", srs=-1), parquet(tmp_path / "a.parquet", crs="plain")):
        assert {r.crs for r in records("footprints", path)} == {None}
        assert {r.crs for r in records("footprints", path, crs="EPSG:25833")} == {"EPSG:25833"}
    assert {r.crs for r in records("footprints", geojson(tmp_path / "b.json", crs="EPSG:31468"))} == {
        "EPSG:31468"
    }
    degrees = parquet(tmp_path / "c.parquet", crs=None, shapes=[shapely.box(11, 48, 11.001, 48.001)] * 3)
    assert {r.crs for r in records("footprints", degrees)} == {"EPSG:25832"}
    with pytest.raises(UnknownCRS):
        records("footprints", geojson(tmp_path / "d.json", crs="Soldner"))


LAYER = b'<OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>'
VRT = b"<OGRVRTDataSource>" + LAYER + b"</OGRVRTDataSource>"


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.parquet"])
@pytest.mark.parametrize(
    "data",
    [b"", b"\0" * 99, b"PK\x03\x04" + b"\0" * 99, VRT, b"PAR1" + b"\0" * 50,
     b"SQLite format 3\0" + b"\1" * 300, b"{}",
     b'{"type": "FeatureCollection", "features": [{"type"', b"   "],
)  # fmt: skip
def test_another_format_whatever_its_name(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(SourceBroken) as caught:
        records("footprints", path)
    assert name in str(caught.value)


@pytest.mark.parametrize("make", [gpkg, parquet])
def test_a_file_cut_off(tmp_path, make):
    path = make(tmp_path / "a", rows=ROWS * 200, shapes=SHAPES * 200)
    path.write_bytes(path.read_bytes()[:-3000])
    with pytest.raises(SourceBroken, match="cut off"):
        records("footprints", path)


def test_geopackages_are_tables_with_one_layer_of_areas(tmp_path):
    path = gpkg(tmp_path / "a.gpkg", table='odd "name"')
    assert len(records("footprints", path)) == 3
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("INSERT INTO gpkg_geometry_columns VALUES ('roads', 'geom', 'LINESTRING', 25832, 0, 0)")
    assert len(records("footprints", path)) == 3
    with closing(sqlite3.connect(path)) as base, base:
        base.execute(
            "CREATE VIEW endless AS "
            "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x FROM n) SELECT x geom FROM n"
        )
        base.execute("INSERT INTO gpkg_geometry_columns VALUES ('endless', 'geom', 'POLYGON', 25832, 0, 0)")
    base.close()
    with pytest.raises(
        RecipeError, match=r"2 layers of areas; name the one with buildings in options\.layer"
    ):
        records("footprints", path)
    assert len(records("footprints", path, options={"layer": 'odd "name"'})) == 3
    with pytest.raises(SourceRefused, match="view"):
        records("footprints", path, options={"layer": "endless"})
    with pytest.raises(RecipeError, match="no layer"):
        records("footprints", path, options={"layer": "houses"})


def test_a_value_repeated_by_reference_is_counted_before_it_is_spread_out(tmp_path):
    ring = np.column_stack([np.cos(np.linspace(0, 6, 30_000)), np.sin(np.linspace(0, 6, 30_000))]) * 50 + [
        X,
        Y,
    ]
    bomb = shapely.to_wkb(shapely.Polygon(ring))
    table = pa.table({"geometry": pa.DictionaryArray.from_arrays(pa.array([0] * 2000), pa.array([bomb]))})
    pq.write_table(table, tmp_path / "a.parquet")
    assert (tmp_path / "a.parquet").stat().st_size < 1_500_000
    with pytest.raises(SourceRefused, match="repeated by reference"):
        records("footprints", tmp_path / "a.parquet", crs="EPSG:25832")


def test_text_that_is_none_spoils_no_file(tmp_path):
    broken = pa.array([b"Caf\xe9", b"\xed\xa0\x80", None]).view(pa.string())
    table = pa.table({"name": broken, "geometry": [shapely.to_wkb(shape) for shape in SHAPES]})
    pq.write_table(table, tmp_path / "a.parquet")
    found = records("footprints", tmp_path / "a.parquet", crs="EPSG:25832")
    assert [r.values["name"] for r in found] == ["Caf�", "���", None]
    odd = gpkg(tmp_path / "a.gpkg")
    with closing(sqlite3.connect(odd)) as base, base:
        base.execute("UPDATE buildings SET gml_id = CAST(x'436166e9' AS TEXT)")
    base.close()
    assert records("footprints", odd)[0].values["gml_id"] == "Caf�"
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps(collection()).replace("DEBY_1", "\\ud800"))
    [first, *_] = records("footprints", path, options={"attributes": "all"})
    for text in (first.values["gml_id"], first.values["generic"]["gml_id"]):
        assert text.encode() == b"?"


def test_changed_columns_are_named(tmp_path):
    known = {"required": ["gml_id", "HOEHE"], "optional": ["AOG", "Dachform", "owner", "rooms", "fid"]}
    for path in (gpkg(tmp_path / "a.gpkg"), parquet(tmp_path / "a.parquet"), geojson(tmp_path / "a.json")):
        assert len(records("footprints", path, columns=known)) == 3
        with pytest.raises(SourceChanged, match="unknown: owner"):
            records("footprints", path, columns=known | {"optional": ["AOG", "Dachform", "rooms", "fid"]})
        with pytest.raises(SourceChanged, match="missing: height_m"):
            records(
                "footprints", path, columns=known | {"required": ["height_m"], "optional": [*ROWS[0], "fid"]}
            )


def nested(depth, kind=7):
    return struct.pack("<BII", 1, kind, 1) * depth + shapely.to_wkb(HOUSE)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\1", b"\1\3\0\0\0", nested(100_000), nested(100_000, 6), shapely.to_wkb(HOUSE)[:-1],
        struct.pack("<BII", 1, 3, 0xFFFFFFFF), struct.pack("<BIII", 1, 3, 1, 0xFFFFFFFF),
        struct.pack("<BII", 1, 6, 0),
        shapely.to_wkb(shapely.Point(1, 2)), b"\1" + b"\xff" * 99,
    ],
)  # fmt: skip
def test_wkb_that_is_none_or_kills(data):
    with pytest.raises(NoArea):
        from_wkb(data)


@pytest.mark.parametrize("flavor", ["iso", "extended"])
@pytest.mark.parametrize("order", [0, 1])
@pytest.mark.parametrize(
    "shape", [HOUSE, YARD, PAIR, shapely.force_3d(PAIR, 7), shapely.GeometryCollection([HOUSE])]
)
def test_wkb_and_wkt_say_the_same_as_geos(shape, flavor, order):
    parts = [p for p in shapely.get_parts(shape)]
    expected = [
        [shapely.get_coordinates(r, include_z=shape.has_z) for r in (p.exterior, *p.interiors)] for p in parts
    ]
    found = [from_wkb(shapely.to_wkb(shape, flavor=flavor, byte_order=order))]
    if shape.geom_type != "GeometryCollection":
        found += [from_wkt(shapely.to_wkt(shape, rounding_precision=17)), from_wkt(shape.wkt.lower())]
    for polygons in found:
        assert [[ring.tolist() for ring in rings] for rings in polygons] == [
            [ring.tolist() for ring in rings] for rings in expected
        ]


@pytest.mark.parametrize(
    "text", ["", "POINT (1 2)", "POLYGON EMPTY", "POLYGON ((1 2, 3", "POLYGON ((a b))", "POLYGON ((1, 2))"]
)
def test_wkt_that_is_no_area(text):
    with pytest.raises(NoArea):
        from_wkt(text)
