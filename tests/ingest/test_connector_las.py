import gzip
import zipfile

import laspy
import numpy as np
import pyproj
import pytest

from tests.ingest.asking import records
from twin.errors import RecipeError, SourceBroken, SourceRefused, UnknownCRS
from twin.record import Cloud


def write(path, *, east=690000.0, north=5334000.0, crs="EPSG:25832"):
    header = laspy.LasHeader(point_format=3, version="1.2")
    header.scales, header.offsets = [0.01] * 3, [east, north, 0]
    if crs:
        header.add_crs(pyproj.CRS(crs))
    las = laspy.LasData(header)
    las.x, las.y = east + np.arange(5.0), north + np.arange(5.0)
    las.z = np.array([510.0, 511, 512.25, 513, 514])
    las.write(path)
    return path


def test_a_file_becomes_a_cloud_and_only_its_header_is_read(tmp_path):
    (record,) = records("las", write(tmp_path / "690_5334.laz"))
    assert record.values == {"name": "690_5334", "points": 5, "min_height_m": 510.0, "max_height_m": 514.0}
    assert (record.place, record.crs) == ("690_5334.laz", "EPSG:25832")
    cloud = record.geometry
    assert isinstance(cloud, Cloud)
    assert (cloud.name, cloud.points, cloud.crs, cloud.coloured) == ("690_5334.laz", 5, "EPSG:25832", True)
    assert cloud.low == pytest.approx((690000, 5334000, 510))
    assert str(tmp_path) not in record.place


def test_a_folder_gives_its_files_in_order(tmp_path):
    for name in ("b.las", "a.laz", "c.txt"):
        if name.endswith("txt"):
            (tmp_path / name).write_text("no cloud")
        else:
            write(tmp_path / name)
    assert [record.place for record in records("las", tmp_path)] == ["a.laz", "b.las"]


def test_coordinates_that_do_not_fit_the_crs_are_refused_unless_it_is_stated(tmp_path):
    path = write(tmp_path / "a.las", east=-5_512_000.0, north=12_595_000.0, crs="EPSG:3950")
    with pytest.raises(UnknownCRS, match=r"a\.las names EPSG:3950.*far outside.*--crs"):
        records("las", path)
    assert records("las", path, crs="EPSG:25832")[0].crs == "EPSG:25832"


def test_without_crs_the_message_says_what_to_type(tmp_path):
    with pytest.raises(UnknownCRS, match="--crs EPSG:25832"):
        records("las", write(tmp_path / "a.las", crs=None))


def test_feet_are_not_taken_for_metres(tmp_path):
    with pytest.raises(SourceRefused, match=r"a\.las is in EPSG:2263, which is not in metres"):
        records("las", write(tmp_path / "a.las", east=980_000.0, north=200_000.0, crs="EPSG:2263"))


def test_another_format_is_named(tmp_path):
    (tmp_path / "a.laz").write_bytes(b"GIF89a" + bytes(400))
    with pytest.raises(SourceBroken, match=r"a\.laz is no readable LAS or LAZ"):
        records("las", tmp_path / "a.laz")


def test_an_option_it_does_not_know_is_refused(tmp_path):
    with pytest.raises(RecipeError, match="no option 'classe'"):
        records("las", write(tmp_path / "a.las"), options={"classe": [2]})


def test_a_packed_file_is_refused_and_never_read_as_a_cloud(tmp_path):
    plain = write(tmp_path / "a.las")
    with zipfile.ZipFile(tmp_path / "many.zip", "w") as archive:
        archive.write(plain, "a.las")
    (tmp_path / "b.las.gz").write_bytes(gzip.compress(plain.read_bytes()))
    for name in ("many.zip", "b.las.gz"):
        with pytest.raises(SourceRefused, match=r"\.las.* is packed once more; unpack it"):
            records("las", tmp_path / name)
