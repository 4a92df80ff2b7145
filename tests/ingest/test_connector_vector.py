"""GeoPackages and Shapefiles as surveying authorities hand them out: zipped, in cp1252, of any name."""

import shutil
import sqlite3
import struct
import zipfile
from contextlib import closing

import pyarrow as pa
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from test_footprints import gpkg

from ingest.extrusion.wkb import NoArea, plain
from tests.ingest.asking import records
from twin.errors import RecipeError, SourceBroken, SourceChanged, SourceRefused

POINTS = [shapely.Point(691600, 5334760), shapely.Point(691610, 5334770, 519.5)]


def shapes(folder, geometries=POINTS, names=("Gehölz", "Straßenverkehr"), name="Nutzung", **more):
    import pyarrow as pa

    folder.mkdir(exist_ok=True)
    table = pa.table({"oid": ["a", "b"], "nutzart": list(names), "geometry": shapely.to_wkb(geometries)})
    kind = "Point" if geometries[0].geom_type == "Point" else "Polygon"
    options = {"crs": "EPSG:25832", "driver": "ESRI Shapefile", "geometry_type": kind} | more
    pyogrio.write_arrow(table, folder / f"{name}.shp", geometry_name="geometry", **options)
    return folder / f"{name}.shp"


def zipped(folder, file):
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in sorted(folder.iterdir()):
            archive.write(part, f"tn/{part.name}")
    return file


def test_a_zipped_shapefile_in_cp1252(tmp_path):
    folder = tmp_path / "in"
    shapes(folder, [shapely.Point(1, 2), shapely.Point(3, 4)], encoding="cp1252")
    (folder / "Nutzung.cpg").unlink()
    a, b = records("vector", zipped(folder, tmp_path / "tn.zip"))
    assert (a.values, b.values["nutzart"]) == ({"oid": "a", "nutzart": "Gehölz"}, "Straßenverkehr")
    assert shapely.from_wkb(a.geometry).wkt == "POINT (1 2)"
    assert a.crs is not None
    assert "25832" in a.crs or "UTM zone 32N" in a.crs


def test_a_shapefile_in_utf8_without_a_cpg(tmp_path):
    shapes(tmp_path / "in", [shapely.Point(1, 2), shapely.Point(3, 4)], encoding="utf-8")
    (tmp_path / "in" / "Nutzung.cpg").unlink()
    assert records("vector", tmp_path / "in" / "Nutzung.shp")[0].values["nutzart"] == "Gehölz"


def test_several_shapefiles_in_one_folder(tmp_path):
    shapes(tmp_path / "in", [shapely.Point(1, 2), shapely.Point(3, 4)])
    shapes(tmp_path / "in", [shapely.Point(5, 6), shapely.Point(7, 8)], name="More")
    assert len(records("vector", tmp_path / "in")) == 4
    assert len(records("vector", zipped(tmp_path / "in", tmp_path / "both.zip"))) == 4


@pytest.mark.parametrize("missing", [".dbf", ".shx"])
def test_a_missing_sibling_is_named(tmp_path, missing):
    file = shapes(tmp_path / "in", [shapely.Point(1, 2), shapely.Point(3, 4)])
    file.with_suffix(missing).unlink()
    with pytest.raises(SourceBroken, match=f"{missing} of the Shapefile is missing"):
        records("vector", file)


def test_a_virtual_file_named_shp_is_never_opened(tmp_path):
    file = shapes(tmp_path / "in", [shapely.Point(1, 2), shapely.Point(3, 4)])
    (tmp_path / "secret.geojson").write_text('{"type":"FeatureCollection","features":[]}')
    file.write_text(
        "<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>../secret.geojson</SrcDataSource>"
        "</OGRVRTLayer></OGRVRTDataSource>"
    )
    with pytest.raises(SourceBroken, match="neither GeoPackage, Shapefile nor FlatGeobuf"):
        records("vector", file)
    with pytest.raises(SourceBroken, match="no Shapefile"):
        records("vector", zipped(tmp_path / "in", tmp_path / "x.zip"))


@pytest.mark.parametrize("suffix", [".shp", ".shx", ".dbf"])
@pytest.mark.parametrize("left", [0, 20, 110])
def test_a_cut_shapefile_is_an_error_and_not_fewer_rows(tmp_path, suffix, left):
    file = shapes(tmp_path / "in", [shapely.Point(1, 2), shapely.Point(3, 4)])
    part = file.with_suffix(suffix)
    part.write_bytes(part.read_bytes()[:left])
    with pytest.raises(SourceBroken, match=r"damaged|neither"):
        records("vector", file)


def flatgeobuf(folder):
    file = folder / "in.fgb"
    lines = [shapely.LineString([(n, 0), (n, 9)]) for n in range(6)]
    table = pa.table({"name": ["Gehölz"] * 6, "geometry": shapely.to_wkb(lines)})
    more = {"crs": "EPSG:25832", "driver": "FlatGeobuf", "geometry_type": "LineString"}
    pyogrio.write_arrow(table, file, geometry_name="geometry", **more)
    return file


def test_flatgeobuf(tmp_path):
    found = records("vector", flatgeobuf(tmp_path))
    assert [(r.values, r.crs) for r in found] == [({"name": "Gehölz"}, "EPSG:25832")] * 6
    assert {shapely.from_wkb(r.geometry).length for r in found} == {9}


def test_a_flatgeobuf_is_an_error_wherever_it_is_cut(tmp_path):
    file = flatgeobuf(tmp_path)
    whole = file.read_bytes()
    for left in range(20, len(whole), 61):
        file.write_bytes(whole[:left])
        with pytest.raises(SourceBroken, match=r"in\.fgb: the FlatGeobuf is damaged or cut off"):
            records("vector", file)


def test_an_archive_that_climbs_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("../x.shp", b"")
    with pytest.raises((SourceRefused, SourceBroken)):
        records("vector", tmp_path / "x.zip")


def trees(path):
    rows = [{"id": n, "baumhoehe": 12.5, "dgmhoehe": 519.0} for n in range(4)]
    gpkg(path, rows=rows, shapes=[*POINTS, None, POINTS[0]], kind="POINT")
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("UPDATE buildings SET geom = ? WHERE id = 3", (b"GP\0\1" + bytes(4) + b"nonsense",))
    base.close()
    return path


def test_points_of_a_geopackage(tmp_path):
    one, two, none, broken = records("vector", trees(tmp_path / "124028_baeume.gpkg"))
    assert shapely.from_wkb(two.geometry).equals(POINTS[1])
    assert (one.values["baumhoehe"], one.crs) == (12.5, "EPSG:25832")
    assert (none.geometry, none.notes) == (None, ())
    assert broken.geometry is None
    assert "cannot be read" in broken.notes[0]


def test_only_the_columns_named_are_read(tmp_path):
    (one, *_) = records("vector", trees(tmp_path / "t.gpkg"), options={"columns_read": ["id"]})
    assert set(one.values) == {"id"}


def test_columns_that_changed_are_named(tmp_path):
    with pytest.raises(SourceChanged, match="missing: oid; unknown"):
        records("vector", trees(tmp_path / "t.gpkg"), columns={"required": ["oid"], "optional": ["id"]})


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"layer": 3}, "layer is a text"),
        ({"columns_read": "id"}, "list of texts"),
        ({"encoding": "klingon"}, "no encoding"),
    ],
)
def test_wrong_options_are_named(tmp_path, options, words):
    file = shapes(tmp_path / "in", [shapely.Point(1, 2), shapely.Point(3, 4)])
    (tmp_path / "in" / "Nutzung.cpg").unlink()
    with pytest.raises(RecipeError, match=words):
        records("vector", file, options=options)


def test_another_format_is_named(tmp_path):
    (tmp_path / "x.gpkg").write_text("{}")
    with pytest.raises(SourceBroken, match="neither GeoPackage, Shapefile nor FlatGeobuf"):
        records("vector", tmp_path / "x.gpkg")
    with closing(sqlite3.connect(tmp_path / "y.gpkg")) as base, base:
        base.execute("create table t(a)")
    base.close()
    with pytest.raises(SourceBroken, match="no GeoPackage"):
        records("vector", tmp_path / "y.gpkg")


def nested(depth):
    head = struct.pack("<BII", 1, 7, 1)
    return head * depth + struct.pack("<BIdd", 1, 1, 0.0, 0.0)


def test_geometries_nested_without_end_never_reach_the_library():
    assert plain(nested(2))
    with pytest.raises(NoArea, match="nested"):
        plain(nested(100_000))


@given(st.binary(max_size=200))
def test_foreign_bytes_are_wkb_or_refused(data):
    try:
        plain(data)
    except NoArea:
        return
    shapely.from_wkb(data, on_invalid="ignore")


@given(st.integers(0, 400))
def test_a_cut_geometry_is_refused(cut):
    whole = shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(2, 2, 3, 3)]).wkb
    if cut >= len(whole):
        assert plain(whole) == whole
    else:
        with pytest.raises(NoArea):
            plain(whole[:cut])


def test_the_copy_goes_when_it_has_been_read(tmp_path, monkeypatch):
    own = tmp_path / "scratch"
    own.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(own))
    shapes(tmp_path / "in", [shapely.Point(1, 2), shapely.Point(3, 4)])
    assert records("vector", zipped(tmp_path / "in", tmp_path / "tn.zip"))
    assert list(own.iterdir()) == []
    shutil.rmtree(own)
