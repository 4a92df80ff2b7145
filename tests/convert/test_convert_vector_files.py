"""Shapefiles and FlatGeobuf as offices hand them out: zipped, in cp1252, without a CRS, cut off."""

import gzip
import shutil
import warnings
import zipfile

import pyogrio
import pytest
import shapely

from tests.convert.inputs_made import EAST, GROUND, NORTH, row, terrain
from tests.convert.test_convert_inputs import proven
from tests.convert.test_convert_overlays import rows_of

HOUSES = row(6, ground=0.0)
DRIVERS = {"shp": "ESRI Shapefile", "fgb": "FlatGeobuf"}


def boxes(houses=HOUSES):
    return [shapely.box(h.east, h.north, h.east + h.width, h.north + h.depth) for h in houses]


def written(path, shapes, crs="EPSG:25832", encoding="utf-8", **columns):
    """A vector file of the kind that its ending names."""
    import pyarrow as pa

    path.parent.mkdir(parents=True, exist_ok=True)
    driver = DRIVERS[path.suffix[1:]]
    more = {"encoding": encoding} if path.suffix == ".shp" else {}
    table = pa.table({**columns, "geometry": shapely.to_wkb(shapes)})
    kind = shapes[0].geom_type + " Z" * shapes[0].has_z
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "'crs' was not provided")
        pyogrio.write_arrow(
            table, path, geometry_name="geometry", crs=crs, driver=driver, geometry_type=kind, **more
        )
    return path


def houses(path, name="height", **more):
    columns = {"gml_id": [h.name for h in HOUSES], name: [h.height for h in HOUSES]}
    return written(path, boxes(), **columns, **more)


def packed(folder, path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in sorted(folder.iterdir()):
            archive.write(part, f"deeper/{part.name}")
    return path


@pytest.mark.parametrize("ending", DRIVERS)
def test_footprints_stand_as_high_as_they_say(convert, tmp_path, ending):
    proven(convert(houses(tmp_path / "in" / f"plan.{ending}")), HOUSES)


def test_packed_or_in_a_folder_they_are_the_same(convert, tmp_path):
    houses(tmp_path / "in" / "plan.shp")
    proven(convert(tmp_path / "in", out="a"), HOUSES)
    proven(convert(packed(tmp_path / "in", tmp_path / "plan.zip"), out="b"), HOUSES)
    path = houses(tmp_path / "plan.fgb")
    zipped = tmp_path / "plan.fgb.gz"
    zipped.write_bytes(gzip.compress(path.read_bytes()))
    proven(convert(zipped, out="c"), HOUSES)
    for part in sorted((tmp_path / "in").iterdir()):
        part.rename(part.with_name(part.name.upper()))
    proven(convert(tmp_path / "in" / "PLAN.SHP", out="d"), HOUSES)
    proven(convert(packed(tmp_path / "in", tmp_path / "upper.zip"), out="e"), HOUSES)


def test_streets_districts_and_houses_of_one_archive_lie_on_the_terrain(convert, tmp_path):
    houses(tmp_path / "in" / "houses.shp")
    way = shapely.LineString([(EAST, NORTH + 40), (EAST + 90, NORTH + 40)])
    written(tmp_path / "in" / "streets.shp", [way], name=["Gehölzstraße"], breite=[6.5], encoding="cp1252")
    (tmp_path / "in" / "streets.cpg").unlink()
    written(tmp_path / "in" / "districts.shp", [shapely.box(EAST, NORTH, EAST + 90, NORTH + 90)], id=["A"])
    ran = convert(packed(tmp_path / "in", tmp_path / "town.zip"), terrain(tmp_path / "dgm.tif"))
    assert ran.code == 0, ran.err
    assert len(rows_of(ran, "buildings")) == 6
    (street,) = rows_of(ran, "lines").values()
    assert (street["name"], street["width_m"]) == ("Gehölzstraße", 6.5)
    assert list(rows_of(ran, "areas")) == ["A"]
    assert not any("beyond" in remark for remark in ran.report["remarks"])


def test_lines_of_flatgeobuf_keep_their_attributes(convert, tmp_path):
    ways = [shapely.LineString([(EAST, NORTH + y), (EAST + 90, NORTH + y)]) for y in (40, 50)]
    path = written(tmp_path / "ways.fgb", ways, id=["a", "b"], lanes=[2, 3])
    ran = convert(path, "--attributes", "all")
    assert [(line["id"], line["lanes"]) for line in sorted(ran.rows().values(), key=str)] == [
        ("a", 2), ("b", 3)
    ]  # fmt: skip


@pytest.mark.parametrize("ending", DRIVERS)
def test_without_a_crs_it_is_asked_for(convert, tmp_path, ending):
    path = houses(tmp_path / "in" / f"plan.{ending}", crs=None)
    refused = convert(path)
    assert refused.code == 1
    assert f"plan.{ending} does not say in which CRS its coordinates are; say it with --crs" in refused.err
    proven(convert(path, "--crs", "EPSG:25832"), HOUSES)


@pytest.mark.parametrize("missing", [".dbf", ".shx"])
@pytest.mark.parametrize("in_zip", [False, True])
def test_a_missing_sibling_is_named(convert, tmp_path, missing, in_zip):
    path = houses(tmp_path / "in" / "plan.shp")
    path.with_suffix(missing).unlink()
    ran = convert(packed(path.parent, tmp_path / "plan.zip") if in_zip else path)
    assert ran.code == 1
    assert f"plan.shp: {missing} of the Shapefile is missing; fetch all of it" in ran.err


@pytest.mark.parametrize("ending", [".shp", ".shx", ".dbf", ".fgb"])
@pytest.mark.parametrize("left", [20, 0.5, 0.97])
def test_what_is_cut_off_is_an_error_and_not_fewer_houses(convert, tmp_path, ending, left):
    path = houses(tmp_path / "in" / ("plan.fgb" if ending == ".fgb" else "plan.shp"))
    part = path.with_suffix(ending)
    whole = part.read_bytes()
    part.write_bytes(whole[: left if left > 1 else int(len(whole) * left)])
    ran = convert(path)
    assert ran.code == 1
    assert f"{path.name}: the " in ran.err
    assert "is damaged or cut off; fetch it again" in ran.err


def test_a_flatgeobuf_is_never_handed_to_another_driver(convert, tmp_path):
    houses(tmp_path / "secret.fgb")
    text = b"<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>secret.fgb</SrcDataSource></OGRVRTLayer>"
    path = tmp_path / "plan.fgb"
    path.write_bytes(b"fgb\x03fgb\x01" + text + b"</OGRVRTDataSource>")
    ran = convert(path)
    assert (ran.code, "plan.fgb: the FlatGeobuf is damaged" in ran.err) == (1, True)


def test_columns_whose_names_a_shapefile_cuts_are_known(convert, tmp_path):
    path = written(
        tmp_path / "plan.shp",
        boxes(),
        gebaeude_i=[h.name for h in HOUSES],
        building_l=["3"] * 6,
        height=[None, 4.0, None, None, None, None],
    )
    rows = convert(path).rows()
    assert set(rows) == {h.name for h in HOUSES}
    assert sorted(line["height_m"] for line in rows.values()) == [4.0, *[9.0] * 5]


@pytest.mark.parametrize("ending", DRIVERS)
def test_points_with_a_tag_become_trees(convert, tmp_path, ending):
    points = [shapely.Point(EAST + 20 * n, NORTH, GROUND + n) for n in range(2)]
    path = written(tmp_path / f"trees.{ending}", points, osm_id=["1", "2"], natural=["tree", "tree"])
    ran = convert(path)
    assert ran.layer("trees")["features"] == 2
    rows = ran.rows()
    assert [rows[name]["ground_m"] for name in ("1", "2")] == [GROUND, GROUND + 1]


def test_a_disk_that_fills_while_it_is_laid_out(convert, tmp_path, monkeypatch):
    import errno
    import os

    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    path = houses(tmp_path / "plan.fgb")
    monkeypatch.setattr(shutil, "copyfileobj", full)
    ran = convert(path)
    assert ran.code == 1
    assert "make room" in ran.err
