"""Where geometries come to lie: height models of another CRS, and point clouds."""

import numpy as np
import pytest
import shapely

from ingest.load import load_city
from ingest.place import place
from tiles.geodesy import transform_2d
from twin.layer import Layer
from twin.record import Cloud, Raster, Record

CITY = load_city("muenchen")
TERRAIN = CITY.layer("terrain")
CLOUDS = Layer.model_validate(
    {
        **TERRAIN.model_dump(by_alias=True, exclude={"fields", "tiles"}),
        "id": "muenchen.points",
        "schema": "point-cloud/1",
    }
)


def plane(east, north):
    """A slope over eastings and northings of zone 32, steep enough that a shift of a metre shows."""
    return 500 + (east - 690_000) * 0.1 + (north - 5_336_000) * 0.05


def test_a_height_model_of_the_next_zone_is_warped_into_the_citys():
    corner = transform_2d(np.array([[690_500.0, 5_336_500.0]]), "EPSG:25832", "EPSG:25833")[0]
    west, north = np.round(corner) + 0.5
    columns, rows = np.meshgrid(west + np.arange(60), north - np.arange(60))
    here = transform_2d(np.column_stack((columns.ravel(), rows.ravel())), "EPSG:25833", "EPSG:25832")
    heights = plane(*here.T).reshape(60, 60).astype(np.float32)
    record = Record("a", {}, Raster(heights, west, north, 1.0), "EPSG:25833+7837")
    ((found,), _) = place([record], TERRAIN, CITY)
    assert found.fault is None
    assert found.notes == ("reprojected from EPSG:25833 by bilinear resampling",)
    warped = found.raster
    row, column = (index[len(index) // 2] for index in np.nonzero(np.isfinite(warped.heights)))
    at = warped.west + column * warped.step, warped.north - row * warped.step
    assert warped.heights[row, column] == pytest.approx(plane(*at), abs=0.02)
    assert shapely.from_wkb(found.wkb).centroid.distance(shapely.Point(11.57, 48.15)) < 0.02


def test_a_height_model_of_the_citys_crs_stays_as_it_is():
    raster = Raster(np.full((4, 4), 510, np.float32), 690_000.5, 5_336_000.5, 1.0)
    ((found,), _) = place([Record("a", {}, raster, "EPSG:25832+7837")], TERRAIN, CITY)
    assert (found.raster, found.notes) == (raster, ())


@pytest.mark.parametrize(("east", "fault"), [(690_000, None), (400_000, "it lies outside the city's area")])
def test_a_cloud_lies_where_its_header_says(east, fault):
    low, high = (east, 5_336_000.0, 500.0), (east + 100.0, 5_336_100.0, 530.0)
    cloud = Cloud("a.las", "a.las", 9, low, high, "EPSG:25832+7837", False)
    ((found,), _) = place([Record("a", {}, cloud, cloud.crs)], CLOUDS, CITY)
    assert (found.cloud, found.fault) == (cloud, fault)
    if fault is None:
        middle = transform_2d(np.array([[690_050.0, 5_336_050.0]]), "EPSG:25832")[0]
        assert shapely.from_wkb(found.wkb).centroid.distance(shapely.Point(middle)) < 1e-6
