import os
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pyproj
import pytest
import rasterio
from hypothesis import given
from hypothesis import strategies as st
from rasterio.transform import Affine

from tiles import grids
from tiles.geodesy import Geodesy, resolve_crs, split_crs, to_city_3d, transform_2d
from tiles.proj_data import KEPT
from twin.city import Heights
from twin.errors import GeodesyError, MissingGeoid, UnknownCRS

MARIENPLATZ = np.array([[691603.0, 5334760.0, 515.0]])
STATED = Heights(undulation_m=45.66, undulation_error_m=0.3)


@pytest.fixture(autouse=True)
def _no_grids_of_this_machine(monkeypatch, tmp_path):
    for variable in ("PROJ_DATA", "PROJ_LIB", KEPT):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(pyproj.datadir, "get_user_data_dir", lambda: str(tmp_path / "none"))
    monkeypatch.setenv("PROJ_USER_WRITABLE_DIRECTORY", str(tmp_path / "none"))


def geoid(folder: Path, undulation: float) -> Path:
    """A grid of one value around Munich in the form that PROJ reads (GTG)."""
    folder.mkdir(parents=True, exist_ok=True)
    with rasterio.open(
        folder / "de_bkg_gcg2016.tif",
        "w",
        driver="GTiff",
        width=20,
        height=20,
        count=1,
        dtype="float32",
        crs="EPSG:4258",
        transform=Affine(0.05, 0, 11.0, 0, -0.05, 48.6),
    ) as file:
        file.write(np.full((20, 20), undulation, dtype=np.float32), 1)
        file.set_band_description(1, "geoid_undulation")
        file.update_tags(TYPE="VERTICAL_OFFSET_GEOGRAPHIC_TO_VERTICAL", AREA_OR_POINT="Point")
    return folder


@pytest.mark.parametrize(
    ("name", "canonical"),
    [
        ("urn:adv:crs:ETRS89_UTM32*DE_DHHN2016_NH*GCG2016", "EPSG:25832+7837"),
        ("urn:adv:crs:ETRS89_UTM32*DE_DHHN2016_NH", "EPSG:25832+7837"),
        ("urn:adv:crs:ETRS89_UTM33*DE_DHHN92_NH", "EPSG:25833+5783"),
        ("urn:adv:crs:DE_DHDN_3GK4", "EPSG:31468"),
        ("urn:ogc:def:crs,crs:EPSG::25832,crs:EPSG::7837", "EPSG:25832+7837"),
        ("urn:ogc:def:crs,crs:EPSG:6.12:25832,crs:EPSG:6.12:7837", "EPSG:25832+7837"),
        ("urn:ogc:def:crs:EPSG::25832", "EPSG:25832"),
        ("urn:ogc:def:crs:EPSG:9.9.1:25832", "EPSG:25832"),
        ("http://www.opengis.net/def/crs/EPSG/0/25832", "EPSG:25832"),
        ("https://www.opengis.net/def/crs/EPSG/0/7415", "EPSG:28992+5709"),
        ("http://www.opengis.net/gml/srs/epsg.xml#4326", "EPSG:4326"),
        (
            "http://www.opengis.net/def/crs-compound?1=http://www.opengis.net/def/crs/EPSG/0/25832"
            "&2=http://www.opengis.net/def/crs/EPSG/0/7837",
            "EPSG:25832+7837",
        ),
        ("EPSG:25832+7837", "EPSG:25832+7837"),
        ("EPSG:25832+EPSG:7837", "EPSG:25832+7837"),
        ("  epsg:25832 ", "EPSG:25832"),
        ("EPSG:25832, EPSG:7837", "EPSG:25832+7837"),
        ("urn:ogc:def:crs:EPSG::25832+7837", "EPSG:25832+7837"),
        ("urn:ogc:def:crs:EPSG:9.9:25832,EPSG:9.9:5783", "EPSG:25832+5783"),
        ("http://www.opengis.net/def/crs/EPSG/0/25832+7837", "EPSG:25832+7837"),
        ("CH1903", "EPSG:21781"),
        ("CH1903+ / LV95", "EPSG:2056"),
        ("ETRS89_UTM32", "EPSG:25832"),
        ("EPSG:5555", "EPSG:25832+7837"),
        ("urn:ogc:def:crs:EPSG::5555", "EPSG:25832+7837"),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "OGC:CRS84"),
        ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", "OGC:CRS84"),
        (pyproj.CRS(25832).to_wkt(), "EPSG:25832"),
        (pyproj.CRS("EPSG:25832+7837").to_wkt(), "EPSG:25832+7837"),
    ],
)
def test_crs_names_become_canonical(name, canonical):
    assert resolve_crs(name) == canonical
    assert resolve_crs(canonical) == canonical


@pytest.mark.parametrize(
    "name",
    [
        None,
        " ",
        "25832",
        "EPSG:999999",
        "EPSG:7837+25832",
        "EPSG:25832+4326",
        "urn:adv:crs:ETRS89_UTM39*DE_DHHN2016_NH",
        "urn:adv:crs:ETRS89_UTM32*DE_SOMETHING",
        "+proj=pipeline +step +proj=vgridshift +grids=/etc/passwd",
        "/etc/passwd",
        'PROJCS["nonsense',
    ],
)
def test_other_names_are_refused_with_the_remedy(name):
    with pytest.raises(UnknownCRS, match=r"EPSG:25832\+7837"):
        resolve_crs(name)


def test_the_parts_of_a_crs():
    assert split_crs("EPSG:25832+7837") == ("EPSG:25832", "EPSG:7837")
    assert split_crs("OGC:CRS84") == ("OGC:CRS84", None)


def test_a_grid_that_proves_itself_is_used_wherever_proj_looks(tmp_path, monkeypatch):
    here = geoid(tmp_path / "a folder", 45.659)
    with pytest.raises(MissingGeoid, match=r"de_bkg_gcg2016\.tif.*PROJ_DATA.*undulation"):
        Geodesy("EPSG:25832", Heights())
    assert Geodesy("EPSG:25832", Heights(), here).statement.method == "grid"
    for variable in ("PROJ_DATA", "PROJ_LIB", "PROJ_USER_WRITABLE_DIRECTORY"):
        with monkeypatch.context() as patch:
            patch.setenv(variable, str(here))
            geodesy = Geodesy("EPSG:25832", STATED)
        assert geodesy.statement.method == "grid"
        # The grid goes with the geodesy, wherever the worker's environment points.
        again = pickle.loads(pickle.dumps(geodesy))
        assert again.to_geographic(MARIENPLATZ)[0, 2] == pytest.approx(560.659, abs=1e-3)


def test_a_grid_with_wrong_numbers_is_never_believed(tmp_path):
    wrong = geoid(tmp_path / "wrong", 0.0)
    with pytest.raises(MissingGeoid, match="does not give the height it should"):
        Geodesy("EPSG:25832", Heights(), wrong)
    assert Geodesy("EPSG:25832", STATED, wrong).statement.method == "stated"
    (wrong / "de_bkg_gcg2016.tif").write_bytes(b"no grid at all")
    with pytest.raises(MissingGeoid):
        Geodesy("EPSG:25832", Heights(), wrong)


def test_points_outside_the_grid_have_no_place_on_earth(tmp_path):
    geodesy = Geodesy("EPSG:25832", Heights(), geoid(tmp_path, 45.659))
    points = np.vstack((MARIENPLATZ, [[300000.0, 5600000.0, 50.0]]))
    assert np.isfinite(geodesy.to_ecef(points)).all(axis=1).tolist() == [True, False]


def test_a_stated_undulation_is_stated_with_its_error():
    geodesy = Geodesy("EPSG:25832", STATED)
    assert (geodesy.statement.method, geodesy.statement.error_m) == ("stated", 0.3)
    assert "45.66" in geodesy.statement.detail
    assert geodesy.to_geographic(MARIENPLATZ)[0, 2] == pytest.approx(560.66, abs=1e-4)
    assert Geodesy("EPSG:25832", Heights(undulation_m=45.66)).statement.error_m == 0.5


def test_heights_of_another_kind_need_a_stated_undulation():
    with pytest.raises(MissingGeoid, match="EPSG:5783"):
        Geodesy("EPSG:25832", Heights(crs="EPSG:5783"))
    assert Geodesy("EPSG:28992", Heights(crs="EPSG:5709", undulation_m=43.0)).statement.method == "stated"


def test_earth_centred_coordinates_against_the_closed_formula():
    geodesy = Geodesy("EPSG:25832", STATED)
    lon, lat, height = geodesy.to_geographic(MARIENPLATZ)[0]
    lam, phi = np.radians(lon), np.radians(lat)
    n = 6378137.0 / np.sqrt(1 - 0.00669438002290 * np.sin(phi) ** 2)
    expected = [
        (n + height) * np.cos(phi) * np.cos(lam),
        (n + height) * np.cos(phi) * np.sin(lam),
        (n * (1 - 0.00669438002290) + height) * np.sin(phi),
    ]
    assert geodesy.to_ecef(MARIENPLATZ)[0] == pytest.approx(expected, abs=1e-4)
    assert (lon, lat) == pytest.approx((11.5754906, 48.1372200), abs=1e-7)


@given(st.floats(11.36, 11.73), st.floats(48.06, 48.25))
def test_there_and_back(lon, lat):
    geodesy = Geodesy("EPSG:25832", STATED)
    there = geodesy.from_lonlat(np.array([[lon, lat]]))
    assert geodesy.to_lonlat(there)[0] == pytest.approx((lon, lat), abs=1e-9)
    assert 670_000 < there[0, 0] < 710_000


def test_geodesy_works_in_threads():
    geodesy = Geodesy("EPSG:25832", STATED)
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: geodesy.to_ecef(MARIENPLATZ), range(16)))
    assert all(np.array_equal(results[0], result) for result in results)


def test_a_city_s_crs_is_horizontal_and_known():
    with pytest.raises(UnknownCRS, match="EPSG:25832"):
        Geodesy("EPSG:25832+7837", STATED)
    with pytest.raises(UnknownCRS):
        Geodesy("EPSG:1", STATED)


def test_positions_are_x_before_y_whatever_the_crs_says():
    lonlat = transform_2d(MARIENPLATZ[:, :2], "EPSG:25832")
    assert lonlat[0] == pytest.approx((11.57549, 48.13722), abs=1e-5)
    assert transform_2d(lonlat, "EPSG:4326", "EPSG:25832")[0] == pytest.approx(MARIENPLATZ[0, :2], abs=1e-3)
    assert transform_2d(lonlat, "OGC:CRS84") == pytest.approx(lonlat)
    assert np.isnan(transform_2d(np.array([[1e12, 1e12]]), "EPSG:25832")).all()


def test_old_coordinates_are_refused_without_their_grid():
    for crs in ("EPSG:31468", "EPSG:31467", "EPSG:5678", "urn:adv:crs:DE_DHDN_3GK4"):
        with pytest.raises(GeodesyError, match=r"de_adv_BETA2007\.tif"):
            transform_2d(np.array([[4468500.0, 5333600.0]]), crs)


def test_a_datum_grid_with_wrong_numbers_is_never_believed(tmp_path):
    (tmp_path / grids.BETA2007.name).write_bytes(b"no grid at all")
    with pytest.raises(GeodesyError, match="BETA2007"):
        transform_2d(np.array([[4468500.0, 5333600.0]]), "EPSG:31468", grids=tmp_path)


def test_solids_keep_their_heights_on_the_way_into_the_city():
    lonlat = transform_2d(MARIENPLATZ[:, :2], "EPSG:25832")
    for crs in ("EPSG:4326", "EPSG:4326+7837"):
        found = to_city_3d(np.column_stack((lonlat, [515.0])), crs, "EPSG:25832+7837")
        assert found[0] == pytest.approx(MARIENPLATZ[0], abs=1e-3)


def test_heights_of_another_kind_are_not_mixed_in():
    with pytest.raises(GeodesyError, match=r"EPSG:5783.*EPSG:7837"):
        to_city_3d(MARIENPLATZ, "EPSG:25832+5783", "EPSG:25832+7837")


def test_a_folder_with_nothing_but_a_grid_takes_no_crs_from_rasterio(tmp_path):
    program = """
import numpy as np
from tiles.geodesy import Geodesy
from tiles.ground import decode_raster, encode_raster
from twin.city import Heights
from twin.record import Raster
print(decode_raster(encode_raster(Raster(np.ones((2, 2), "f4"), 5.0, 9.0, 1.0), "EPSG:25832")).west)
print(Geodesy("EPSG:25832", Heights()).statement.method)
"""
    environment = os.environ | {"PROJ_DATA": str(geoid(tmp_path / "grids", 45.659))}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env=environment,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("5.0\ngrid\n", "")
