import numpy as np
import pytest

from tiles import warp as warp_module
from tiles.grids import Grid
from tiles.ground import Ground
from tiles.lattice import join
from tiles.warp import warp
from twin.errors import GeodesyError, MissingGeoid, TilingError, UnknownCRS
from twin.record import Raster


def wave(x, y):
    return 500 + 10 * np.sin(x / 90) * np.cos(y / 70)


def degrees(west=11.5, north=48.2, rows=241, columns=361, step=1 / 3600):
    import pyproj

    lon, lat = np.meshgrid(west + np.arange(columns) * step, north - np.arange(rows) * step)
    to = pyproj.Transformer.from_crs("EPSG:4258", "EPSG:25832", always_xy=True)
    return Raster(wave(*to.transform(lon, lat)).astype(np.float32), west, north, step)


def test_degrees_become_metres_where_they_stood():
    warped = warp(degrees(), "EPSG:4326", "EPSG:25832+7837")
    assert warped.step == 20.0
    assert warped.west % 20 == warped.north % 20 == 10
    rows, columns = np.nonzero(np.isfinite(warped.heights))
    x, y = warped.west + columns * 20, warped.north - rows * 20
    off = np.abs(warped.heights[rows, columns] - wave(x, y))
    # What bilinear interpolation between cells of 31 x 21 m misses of the wave; half a cell at the border.
    assert np.percentile(off, 98) < 0.3
    assert off.max() < 15 * 10 / 70
    assert len(rows) > 0.85 * warped.heights.size  # the frame stands askew: its corners are holes


def test_there_and_back_again():
    y, x = np.mgrid[:300, :300]
    raster = Raster(wave(x, y).astype(np.float32), 690000.5, 5336999.5, 1.0)
    there = warp(raster, "EPSG:25832", "EPSG:25833")
    back = Ground([warp(there, "EPSG:25833", "EPSG:25832")], None)
    i = np.arange(5, 295)
    xy = np.column_stack([raster.west + i, raster.north - i])
    np.testing.assert_allclose(back.measured(xy), raster.heights[i, i], atol=0.01)


def test_neighbouring_pieces_continue_one_another():
    whole = degrees()
    parts = [
        Raster(whole.heights[:, :200], whole.west, whole.north, whole.step),
        Raster(whole.heights[:, 199:], whole.west + 199 * whole.step, whole.north, whole.step),
    ]
    warped = [warp(part, "EPSG:4326", "EPSG:25832") for part in parts]
    (lattice,) = join(warped)
    (expected,) = join([warp(whole, "EPSG:4326", "EPSG:25832")])
    window = lattice.bounds[0], lattice.bounds[1], 300, 300
    got, want = lattice.window(*window), expected.window(*window)
    assert (np.isfinite(got) == np.isfinite(want)).all()
    off = np.abs(got - want)[np.isfinite(got)]
    assert (off > 0.01).mean() < 0.01  # half a cell along the seam
    assert off.max() < 15 * 10 / 70


def test_holes_stay_holes_and_are_not_filled_with_zero():
    raster = degrees()
    raster.heights[100:120, 100:120] = np.nan
    warped = warp(raster, "EPSG:4326", "EPSG:25832")
    lost = np.isnan(warped.heights).sum() - np.isnan(warp(degrees(), "EPSG:4326", "EPSG:25832").heights).sum()
    assert lost == pytest.approx(20 * 20 * 30.9 * 20.6 / 400, rel=0.1)
    assert np.nanmin(warped.heights) > 480


def test_nothing_happens_where_nothing_differs():
    raster = degrees()
    assert warp(raster, "EPSG:25832", "EPSG:25832+7837") is raster
    assert warp(raster, "urn:adv:crs:ETRS89_UTM32*DE_DHHN2016_NH", "EPSG:25832+7837") is raster


def test_other_heights_need_a_grid_or_a_word(tmp_path, monkeypatch):
    monkeypatch.setattr(warp_module, "find", lambda grid, configured: None)
    with pytest.raises(MissingGeoid, match=r"us_nga_egm96_15\.tif.*PROJ_DATA.*shift_m.*--undulation"):
        warp(degrees(), "EPSG:4326+5773", "EPSG:25832+7837")
    with pytest.raises(MissingGeoid, match="no grid of EPSG:5783"):
        warp(degrees(), "EPSG:4326+5783", "EPSG:25832+7837")
    assert warp(degrees(), "EPSG:4326+5773", "EPSG:25832+5773").step == 20.0


def made_grid(path, name, metres):
    """A geoid grid of one height over southern Germany, in PROJ's GTX format."""
    head = np.array([47.0, 10.0, 1.0, 1.0], ">f8").tobytes() + np.array([4, 4], ">i4").tobytes()
    (path / name).write_bytes(head + np.full(16, metres, ">f4").tobytes())
    return Grid(
        name=name,
        step="+proj=vgridshift +grids={path} +multiplier=1",
        point=(11.0, 48.0, 0.0),
        expected=(11.0, 48.0, metres),
        tolerance=(1e-9, 0.01),
        error_m=0.1,
        title=name,
    )


def test_heights_above_one_geoid_become_those_above_another(tmp_path, monkeypatch):
    grids = {
        "EPSG:5773": made_grid(tmp_path, "one.gtx", 46.0),
        "EPSG:7837": made_grid(tmp_path, "two.gtx", 45.6),
    }
    monkeypatch.setattr(warp_module, "GEOIDS", grids)
    plain = warp(degrees(), "EPSG:4326", "EPSG:25832")
    moved = warp(degrees(), "EPSG:4326+5773", "EPSG:25832+7837", grids=tmp_path)
    np.testing.assert_allclose(moved.heights, plain.heights + 0.4, atol=1e-3)
    here = Raster(plain.heights, plain.west, plain.north, plain.step)
    stayed = warp(here, "EPSG:25832+5773", "EPSG:25832+7837", grids=tmp_path)
    assert (stayed.west, stayed.north, stayed.step) == (here.west, here.north, here.step)
    np.testing.assert_allclose(stayed.heights, here.heights + 0.4, atol=1e-3)


def test_what_cannot_be_warped():
    with pytest.raises(GeodesyError, match="not in metres"):
        warp(degrees(), "EPSG:4326", "EPSG:4258")
    with pytest.raises(UnknownCRS):
        warp(degrees(), "EPSG:99999", "EPSG:25832")
    far = Raster(np.ones((5, 5), np.float32), 6e8, 5e8, 1.0)
    with pytest.raises(TilingError, match="does not lie where EPSG:25832 says"):
        warp(far, "EPSG:25832", "EPSG:25833")


@pytest.mark.parametrize("together", [1, 997])
def test_how_many_cells_are_resampled_at_a_time_changes_nothing(together, monkeypatch):
    heights = np.random.default_rng(3).uniform(300, 600, (90, 70)).astype(np.float32)
    raster = Raster(heights, 11.0, 49.0, 1 / 1200)
    whole = warp(raster, "EPSG:4326", "EPSG:25832")
    monkeypatch.setattr(warp_module, "_TOGETHER", together)
    assert warp(raster, "EPSG:4326", "EPSG:25832").heights.tobytes() == whole.heights.tobytes()
