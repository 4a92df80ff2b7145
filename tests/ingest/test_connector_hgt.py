import gzip
import zipfile

import numpy as np
import pytest

from ingest.connectors import connector
from tests.ingest.asking import quick, source
from twin.errors import RecipeError, SourceBroken, SourceRefused


def tile(side=1201, void=True):
    y, x = np.mgrid[:side, :side]
    heights = (300 + x // 10 + y // 5).astype(">i2")
    if void:
        heights[100, 200] = -32768
    return heights


def records(path, **more):
    with quick(max_body_mb=30) as fetch:
        return list(connector("hgt")(source("hgt", path, **more), fetch))


def test_a_tile_has_its_corner_from_its_name(tmp_path):
    heights = tile()
    with zipfile.ZipFile(tmp_path / "N49E011.hgt.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("N49E011.hgt", heights.tobytes())
    (tmp_path / "s01w002.hgt.gz").write_bytes(gzip.compress(tile(void=False).tobytes()))
    north, south = records(tmp_path)
    raster = north.geometry
    assert (raster.west, raster.north, raster.step) == (11.0, 50.0, 1 / 1200)
    assert north.crs == "EPSG:4326+5773"
    assert north.values == {"name": "N49E011"}
    assert "holes" in north.notes[0]
    assert np.isnan(raster.heights[100, 200])
    assert np.isnan(raster.heights).sum() == 1
    assert raster.heights[1200, 0] == 300 + 240
    assert (south.geometry.west, south.geometry.north, south.notes) == (-2.0, 0.0, ())


def test_a_stated_shift_makes_them_the_citys_heights(tmp_path):
    (tmp_path / "N49E011.hgt").write_bytes(tile().tobytes())
    (record,) = records(tmp_path, options={"shift_m": 0.5})
    assert record.crs == "EPSG:4326"
    assert record.geometry.heights[0, 0] == 300.5
    with pytest.raises(RecipeError, match="shift_m is a number"):
        records(tmp_path, options={"shift_m": "0,5"})


@pytest.mark.parametrize(
    ("name", "data", "error", "words"),
    [
        ("heights.hgt", tile().tobytes(), SourceBroken, r"tells no corner.*N49E011\.hgt"),
        ("N49E011.hgt", tile().tobytes()[:-2], SourceBroken, "neither"),
        ("N49E011.hgt", b"", SourceBroken, "neither"),
        ("N49E011.hgt", np.full(1201**2, -32768, ">i2").tobytes(), SourceBroken, "no height at all"),
        ("N49E011.hgt", tile().astype("<i2").tobytes(), SourceRefused, "outside"),
    ],
)
def test_what_is_no_tile(tmp_path, name, data, error, words):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(error, match=words):
        records(tmp_path / name)
