import warnings

import numpy as np
import pytest
import rasterio
from rasterio.transform import Affine

from tests.ingest.asking import records
from tests.replay import Answer, Replay
from twin.errors import SourceBroken, SourceRefused

GRID = Affine(2, 0, 691000, 0, -2, 5337000)
HEIGHTS = np.array([[500, 501, 502], [510, -9999, 512]], dtype=np.float32)


def write(path, heights=HEIGHTS, transform=GRID, crs="EPSG:25832", nodata=-9999.0, bands=1, **more):
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=heights.shape[1],
        height=heights.shape[0],
        count=bands,
        dtype=heights.dtype,
        crs=crs,
        transform=transform,
        nodata=nodata,
        **more,
    ) as dataset:
        for band in range(bands):
            dataset.write(heights, band + 1)
    return path


def test_cells_become_centres_and_nodata_becomes_nan(tmp_path):
    (record,) = records("geotiff", write(tmp_path / "691_5336.tif", compress="lzw"))
    raster = record.geometry
    assert record.values == {"name": "691_5336"}
    assert (record.place, record.crs) == ("691_5336.tif", "EPSG:25832")
    assert (raster.west, raster.north, raster.step) == (691001, 5336999, 2)
    assert raster.heights.dtype == np.float32
    np.testing.assert_array_equal(raster.heights, [[500, 501, 502], [510, np.nan, 512]])


def test_scaled_whole_numbers_are_metres(tmp_path):
    path = write(tmp_path / "a.tif", np.array([[50000, 51234]], dtype=np.uint16), nodata=0)
    with rasterio.open(path, "r+") as dataset:
        dataset.scales, dataset.offsets = (0.01,), (10.0,)
    np.testing.assert_allclose(records("geotiff", path)[0].geometry.heights, [[510, 522.34]], atol=1e-3)


def test_the_stated_crs_holds_where_the_file_has_none(tmp_path):
    path = write(tmp_path / "a.tif", crs=None)
    assert records("geotiff", path, crs="EPSG:25832")[0].crs == "EPSG:25832"
    with pytest.raises(SourceBroken, match=r"a\.tif names no CRS"):
        records("geotiff", path)


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"transform": Affine(1, 0.1, 0, 0.1, -1, 0)}, SourceBroken, "rotated"),
        ({"transform": Affine(1, 0, 0, 0, -2, 0)}, SourceBroken, "square"),
        ({"transform": Affine(1, 0, 691000, 0, 1, 5336000)}, SourceBroken, "upside down"),
        ({"bands": 3}, SourceBroken, "3 bands"),
        ({"nodata": None}, SourceRefused, "outside"),
        ({"heights": np.full((2, 2), 9001, np.float32)}, SourceRefused, "outside"),
        ({"heights": np.full((2, 2), -9999, np.float32)}, SourceBroken, "no height"),
    ],
)
def test_what_is_no_height_raster(tmp_path, change, error, words):
    with pytest.raises(error, match=words):
        records("geotiff", write(tmp_path / "a.tif", **change))


def test_other_formats_in_a_tif_are_not_read(tmp_path):
    target = write(tmp_path / "real.tif")
    vrt = (
        '<VRTDataset rasterXSize="3" rasterYSize="2">'
        '<VRTRasterBand dataType="Float32" band="1"><SimpleSource>'
        f"<SourceFilename>{target}</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>"
    )
    (tmp_path / "a.tif").write_text(vrt)
    with pytest.raises(SourceBroken, match=r"a\.tif is no readable GeoTIFF"):
        records("geotiff", tmp_path / "a.tif")


def test_a_picture_without_a_place_is_named(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = write(tmp_path / "a.tif", transform=Affine.identity(), crs=None)
    with pytest.raises(SourceBroken, match=r"a\.tif"):
        records("geotiff", path, crs="EPSG:25832")


def test_a_file_that_is_cut_off(tmp_path):
    heights = np.random.default_rng(1).uniform(400, 600, (200, 200)).astype(np.float32)
    path = write(tmp_path / "a.tif", heights)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(SourceBroken, match="cut off"):
        records("geotiff", path)


def test_tiles_fill_in_an_address(tmp_path):
    with Replay() as replay:
        replay.routes["/dgm1/691_5336.tif"] = [Answer(write(tmp_path / "x.tif").read_bytes(), "image/tiff")]
        (record,) = records("geotiff", replay.url + "/dgm1/{E}_{N}.tif", options={"tiles": ["691_5336"]})
        assert record.values == {"name": "691_5336"}


@pytest.mark.parametrize("kind", ["int16", "int32", "float64"])
def test_other_number_types_and_their_nodata(tmp_path, kind):
    heights = HEIGHTS.astype(kind)
    (record,) = records("geotiff", write(tmp_path / "a.tif", heights))
    np.testing.assert_array_equal(record.geometry.heights, [[500, 501, 502], [510, np.nan, 512]])


def test_where_the_pixel_is_a_point_the_tie_point_is_its_centre(tmp_path):
    path = write(tmp_path / "a.tif")
    with rasterio.open(path, "r+") as dataset:
        dataset.update_tags(AREA_OR_POINT="Point")
    raster = records("geotiff", path)[0].geometry
    # GDAL moved the stored tie point by half a cell when the meaning changed: the place is the same.
    assert (raster.west, raster.north) == (691001, 5336999)


def test_cloud_optimised_files_are_read_at_full_resolution(tmp_path):
    heights = np.tile(np.linspace(500, 520, 512, dtype=np.float32), (512, 1))
    path = write(tmp_path / "a.tif", heights, tiled=True, blockxsize=256, blockysize=256)
    with rasterio.open(path, "r+") as dataset:
        dataset.build_overviews([2, 4])
    np.testing.assert_array_equal(records("geotiff", path)[0].geometry.heights, heights)


@pytest.mark.parametrize(
    ("crs", "expected"),
    [("EPSG:25832+7837", "EPSG:25832+7837"), ("EPSG:4326", "EPSG:4326"), ("EPSG:31468", "EPSG:31468")],
)
def test_the_crs_of_the_file_also_compound(tmp_path, crs, expected):
    assert records("geotiff", write(tmp_path / "a.tif", crs=crs))[0].crs == expected
