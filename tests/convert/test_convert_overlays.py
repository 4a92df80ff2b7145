"""Lines, places and areas among the inputs of a conversion: on the terrain, and told from buildings."""

import json
import sqlite3
import struct

import numpy as np
import pyproj
import pytest

from tests.convert.inputs_made import EAST, GROUND, NORTH, citygml, row, terrain
from tests.convert.test_convert_inputs import to_ecef, write


def square(east, north, side):
    x, y = EAST + east, NORTH + north
    return [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]


def area(name, east, side, north=10, **values):
    return feature(name, {"type": "Polygon", "coordinates": [square(east, north, side)]}, values)


def line(name, /, *points, **values):
    there = [[EAST + x, NORTH + y] for x, y in points]
    return feature(name, {"type": "LineString", "coordinates": there}, values)


def feature(name, geometry, values=None):
    return {"type": "Feature", "id": name, "properties": values or {}, "geometry": geometry}


def collection(path, *features):
    crs = {"type": "name", "properties": {"name": "EPSG:25832"}}
    return write(path, json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}))


def streets(folder):
    wide = line("wide", (10, 10), (90, 10), width="6,5 m", highway="residential", name="Lindenweg")
    return collection(folder / "streets.geojson", wide, line("thin", (10, 20), (90, 60)))


def districts(folder):
    return collection(folder / "districts.geojson", area("A", 0, 60), area("B", 60, 60))


def geopackage(path, **layers):
    """Layers of (kind of geometry, columns, [(WKB, values…)]) in EPSG:25832."""
    with sqlite3.connect(path) as base:
        base.execute("CREATE TABLE gpkg_spatial_ref_sys (srs_id, organization, organization_coordsys_id)")
        base.execute("INSERT INTO gpkg_spatial_ref_sys VALUES (25832, 'EPSG', 25832)")
        base.execute(
            "CREATE TABLE gpkg_geometry_columns (table_name, column_name, geometry_type_name, srs_id)"
        )
        for name, (kind, columns, rows) in layers.items():
            base.execute(f"CREATE TABLE {name} (fid INTEGER PRIMARY KEY, geom BLOB, {', '.join(columns)})")
            base.execute("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, 25832)", (name, kind))
            marks = ", ".join("?" * (1 + len(columns)))
            for wkb, *values in rows:
                blob = b"GP\0\1" + struct.pack("<i", 25832) + wkb
                base.execute(
                    f"INSERT INTO {name} (geom, {', '.join(columns)}) VALUES ({marks})", (blob, *values)
                )
    return path


def wkb_line(*points):
    there = np.array([[EAST + x, NORTH + y] for x, y in points])
    return struct.pack("<BII", 1, 2, len(points)) + there.tobytes()


def wkb_area(*corners):
    return struct.pack("<BIII", 1, 3, 1, len(corners)) + np.array(corners, np.float64).tobytes()


def rows_of(ran, name):
    return {
        row["id"]: row
        for tile in ran.tiles(f"{name}.json")
        if not tile.children
        for row in tile.content.table()
    }


def points_of(ran, name):
    """Everything drawn by the leaves, in EPSG:4978."""
    return np.concatenate(
        [
            tile.ecef(primitive.positions)
            for tile in ran.tiles(name)
            if not tile.children
            for primitive in tile.content.primitives
        ]
    )


def test_streets_and_districts_lie_on_the_terrain_beside_the_buildings(convert, tmp_path):
    model = write(tmp_path / "town.gml", citygml(row(3)))
    ground = terrain(tmp_path / "dgm.tif")
    ran = convert(model, ground, streets(tmp_path), districts(tmp_path))
    assert ran.code == 0
    assert {name: facts["features"] for name, facts in ran.report["layers"].items()} == {
        "terrain": 1, "buildings": 3, "lines": 2, "areas": 2
    }  # fmt: skip
    children = json.loads((ran.folder / "tileset.json").read_bytes())["root"]["children"]
    assert [child["content"]["uri"] for child in children] == [
        "terrain.json", "buildings.json", "lines.json", "areas.json"
    ]  # fmt: skip
    wide = rows_of(ran, "lines")["wide"]
    assert wide["kind"] == "highway=residential"
    assert wide["name"] == "Lindenweg"
    assert wide["width_m"] == 6.5
    for name in ("lines.json", "areas.json"):
        points = points_of(ran, name)
        low, high = (to_ecef([(EAST + 50, NORTH + 40, GROUND - 1 + lift)] * 2)[0] for lift in (0, 1))
        up = (high - low) / np.linalg.norm(high - low)
        heights = (points - low) @ up  # the terrain falls by 1 cm in 2 m
        assert heights.min() > 0.3 - 1.2
        assert heights.max() < 0.3
    assert not any("beyond" in remark for remark in ran.report["remarks"])


def test_areas_that_say_nothing_are_told_by_their_size_and_may_be_told_otherwise(convert, tmp_path):
    small = collection(tmp_path / "plots.geojson", area("s", 0, 12), area("t", 20, 12))
    large = districts(tmp_path)
    ran = convert(small, large)
    assert ran.layer("buildings")["features"] == 2
    assert ran.layer("areas")["features"] == 2
    (note,) = ran.layer("areas")["repaired"]
    assert "nothing says that it is a building" in note
    assert ran.layer("areas")["repaired_ids"][note] == ["A", "B"]
    assert convert(large, "--areas", "buildings", out="b").layer("buildings")["features"] == 2
    assert convert(small, "--areas", "ground", out="g").layer("areas")["features"] == 2
    wrong = convert(small, "--areas", "roofs", out="w")
    assert wrong.code == 1
    assert "--areas roofs: write one of auto, buildings, ground" in wrong.err


def test_large_areas_with_a_height_a_tag_or_a_name_of_buildings_are_buildings(convert, tmp_path):
    hall = collection(tmp_path / "halls.geojson", area("h", 0, 100, height=9), area("i", 0, 100, 120))
    assert convert(hall).layer("buildings")["features"] == 2
    bare = collection(tmp_path / "gebaeude.geojson", area("h", 0, 100))
    assert convert(bare, out="n").layer("buildings")["features"] == 1
    tags = (area("way/1", 0, 100, building="yes"), area("way/2", 100, 100, landuse="meadow"))
    ran = convert(collection(tmp_path / "osm.geojson", *tags), out="t")
    assert ran.layer("buildings")["features"] == 1
    assert rows_of(ran, "areas")["way/2"]["kind"] == "landuse=meadow"


def test_every_layer_of_a_geopackage_is_read(convert, tmp_path):
    path = geopackage(
        tmp_path / "town.gpkg",
        streets=("LINESTRING", ["id", "width"], [(wkb_line((0, 0), (90, 0)), "s1", 4.0)]),
        houses=("POLYGON", ["id", "height"], [(wkb_area(*square(0, 5, 10)), "h1", 8.0)]),
        districts=("MULTIPOLYGON", ["id"], [(wkb_area(*square(0, 0, 500)), "d1")]),
    )
    ran = convert(path, terrain(tmp_path / "dgm.tif"))
    assert ran.code == 0
    assert rows_of(ran, "lines")["s1"]["width_m"] == 4
    assert list(rows_of(ran, "buildings")) == ["h1"]
    assert list(rows_of(ran, "areas")) == ["d1"]


@pytest.mark.parametrize("with_buildings", [False, True])
def test_without_a_terrain_they_lie_at_a_height_that_is_told(convert, tmp_path, with_buildings):
    models = [write(tmp_path / "town.gml", citygml(row(3)))] if with_buildings else []
    ran = convert(*models, streets(tmp_path))
    at = GROUND if with_buildings else 0
    words = f"the middle height of the buildings' ground, {at:.1f} m" if at else "0 m"
    assert (
        f"lines: without a terrain they lie at {words}; give a height model as well" in ran.report["remarks"]
    )
    points = points_of(ran, "lines.json" if with_buildings else "tileset.json")
    low = to_ecef([(EAST + 50, NORTH + 40, at)] * 2)[0]
    assert np.abs(np.linalg.norm(points, axis=1) - np.linalg.norm(low)).max() < 2


def test_what_lies_beyond_the_terrain_goes_on_at_its_edge_and_is_told(convert, tmp_path):
    far = collection(
        tmp_path / "far.geojson", line("far", (5000, 0), (5100, 0)), line("near", (0, 0), (9, 0))
    )
    ran = convert(far, terrain(tmp_path / "dgm.tif"))
    assert ran.layer("lines")["features"] == 2
    told = [remark for remark in ran.report["remarks"] if "beyond the terrain" in remark]
    assert len(told) == 1
    assert told[0].startswith(
        "lines: 1 features lie beyond the terrain in part or whole (100 m of lines, 0 m²"
    )
    assert ran.layer("lines")["beyond_terrain"] == {"features": 1, "lines_m": 100, "areas_m2": 0}


def test_generic_attributes_of_lines_come_typed_with_all(convert, tmp_path):
    path = collection(tmp_path / "s.geojson", line("a", (0, 0), (50, 0), lanes=2, surface="asphalt"))
    (one,) = convert(path, "--attributes", "all").rows().values()
    assert one["lanes"] == 2
    assert one["surface"] == "asphalt"


def test_a_line_that_cannot_be_read_is_named_with_its_reason(convert, tmp_path):
    broken = feature("x", {"type": "LineString", "coordinates": [[EAST, NORTH]]})
    ran = convert(collection(tmp_path / "s.geojson", line("a", (0, 0), (50, 0)), broken))
    (lost,) = ran.layer("buildings")["left_out"]
    assert lost["id"] == "x"
    assert "its line has fewer than two points" in lost["reason"]


def test_two_workers_make_the_same_tiles(convert, tmp_path):
    paths = [streets(tmp_path), districts(tmp_path), terrain(tmp_path / "dgm.tif")]
    one, two = convert(*paths, out="one"), convert(*paths, out="two", workers=2)
    contents = [sorted(p.name for p in ran.folder.rglob("*.glb")) for ran in (one, two)]
    assert contents[0] == contents[1]


def test_layers_of_one_geopackage_may_have_different_crs(convert, tmp_path):
    corners = np.array(square(0, 5, 500))
    degrees = np.column_stack(pyproj.Transformer.from_crs(25832, 4326, always_xy=True).transform(*corners.T))
    path = geopackage(
        tmp_path / "town.gpkg",
        houses=("POLYGON", ["id", "height"], [(wkb_area(*square(0, 5, 10)), "h1", 8.0)]),
        districts=("POLYGON", ["id"], [(wkb_area(*degrees), "d1")]),
    )
    with sqlite3.connect(path) as base:
        base.execute("INSERT INTO gpkg_spatial_ref_sys VALUES (4326, 'EPSG', 4326)")
        base.execute("UPDATE gpkg_geometry_columns SET srs_id = 4326 WHERE table_name = 'districts'")
    ran = convert(path, terrain(tmp_path / "dgm.tif"))
    assert ran.layer("buildings")["features"] == 1
    assert ran.layer("areas")["features"] == 1
    drawn = points_of(ran, "areas.json")  # their middle and not their mean: some parts are finer than others
    middle = (drawn.min(axis=0) + drawn.max(axis=0)) / 2
    assert np.linalg.norm(middle - to_ecef([(EAST + 250, NORTH + 255, GROUND - 1)] * 2)[0]) < 120


def test_streets_lie_above_the_tiles_of_a_terrain_with_large_cells_and_above_parks(convert, tmp_path):
    import rasterio

    y, x = np.mgrid[:40, :40]
    heights = (GROUND + 2.2 * np.sin(1.3 * x) * np.sin(1.7 * y)).astype(np.float32)
    place = rasterio.Affine(60, 0, EAST, 0, -60, NORTH + 2400)
    dgm = tmp_path / "dgm.tif"
    with rasterio.open(dgm, "w", "GTiff", 40, 40, 1, "EPSG:25832", place, "float32", nodata=-9999) as file:
        file.write(heights, 1)
    street = line("street", (200, 1300), (2200, 1300), highway="residential")
    park = area("way/3", 600, 600, north=1000, leisure="park")
    ran = convert(collection(tmp_path / "map.geojson", street, park), dgm, "--encoding", "plain")
    terrain_tiles = [tile for tile in ran.tiles("terrain.json") if not tile.children]
    drawn = np.concatenate(
        [t.ecef(p.triangles.reshape(-1, 3)) for t in terrain_tiles for p in t.content.primitives]
    )
    triangles = local(drawn).reshape(-1, 3, 3)
    on = {name: local(points_of(ran, f"{name}.json")) for name in ("lines", "areas")}
    for points in on.values():
        assert (points[:, 2] - surface(triangles, points)).min() > 0
    assert np.median(on["lines"][:, 2] - surface(triangles, on["lines"])) > 0.1 + np.median(
        on["areas"][:, 2] - surface(triangles, on["areas"])
    )


def local(ecef):
    """Metres east, north and up of (EAST, NORTH, 0)."""
    back = pyproj.Transformer.from_pipeline(
        "+proj=pipeline +step +inv +proj=cart +ellps=GRS80 +step +proj=utm +zone=32 +ellps=GRS80"
    )
    return np.column_stack(back.transform(*ecef.T)) - (EAST, NORTH, 45.66)


def surface(triangles, points):
    """(n,) height of the triangles above or below points, seen from above."""
    found = np.full(len(points), -np.inf)
    for a, b, c in triangles:
        (e, f), (g, h) = b[:2] - a[:2], c[:2] - a[:2]
        whole = e * h - f * g
        if abs(whole) < 1e-6:
            continue  # a skirt
        x, y = (points[:, :2] - a[:2]).T
        u, v = (x * h - y * g) / whole, (y * e - x * f) / whole
        within = (u >= -1e-9) & (v >= -1e-9) & (u + v <= 1 + 1e-9)
        found[within] = np.maximum(found, a[2] + u * (b[2] - a[2]) + v * (c[2] - a[2]))[within]
    return found
