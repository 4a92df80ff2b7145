import numpy as np
import pyarrow as pa
import pytest
import shapely

from tiles.blocks import footprints
from tiles.footprints import laid_out
from tiles.geodesy import Geodesy
from tiles.plans import outlines_of, plans
from tiles.tree import frame_at, to_local
from twin.city import Heights

HOUSE = shapely.box(11.5, 48.1, 11.5001, 48.1002)
COURT = shapely.Polygon(
    HOUSE.exterior.coords, [shapely.box(11.50002, 48.10002, 11.50004, 48.1001).exterior.coords]
)
MANY = [
    HOUSE,
    None,
    shapely.reverse(HOUSE),
    COURT,
    shapely.MultiPolygon([HOUSE, shapely.box(11.6, 48.1, 11.6001, 48.1001)]),
    shapely.Point(11.5, 48.1),
    shapely.Polygon(),
    shapely.Polygon([(11.5, 48.1), (11.5, 48.2), (11.6, 48.15)]),
    shapely.Polygon([(11.5, 48.1, 500.0), (11.6, 48.1, 500.0), (11.6, 48.15, 500.0)]),
]


def column(shapes, **kind):
    found = [None if shape is None else shapely.to_wkb(shape, **kind) for shape in shapes]
    return pa.array([b"cut off", *found, b""], pa.binary())[1:-1]


@pytest.mark.parametrize("kind", [{}, {"byte_order": 0}, {"include_srid": True}, {"output_dimension": 2}])
def test_outlines_are_those_that_shapely_reads(kind):
    given = column(MANY, **kind)
    found, wanted = outlines_of(given), laid_out(footprints(given.to_pylist()))
    for name in ("corners", "rings", "parts", "owners"):
        assert getattr(found, name).tolist() == getattr(wanted, name).tolist()


def test_nothing_and_broken_bytes_are_no_outline():
    for given in (pa.array([], pa.binary()), pa.array([None], pa.binary()), pa.array([b"", b"\1" * 99])):
        assert len(outlines_of(given.cast(pa.binary())).owners) == 0


def test_plans_lie_where_proj_puts_them():
    geodesy = Geodesy("EPSG:25832", Heights(crs="EPSG:7837", undulation_m=45.66))
    bottoms = np.array([515.0, 530.0])
    shapes = [HOUSE, shapely.affinity.translate(HOUSE, 0.004, 0.003)]
    given = column(shapes)
    corners = laid_out(footprints(given.to_pylist())).corners
    east, north = geodesy.from_lonlat(corners).T
    wanted = geodesy.to_ecef(np.column_stack((east, north, np.repeat(bottoms, 4))))
    frame = frame_at(wanted.mean(axis=0))
    anchors = wanted[[1, 5]] + frame[:3, 2] * 7
    found = plans(given, anchors, np.array([7.0, 7.0]), frame)
    assert (
        np.abs(found.corners - to_local(frame, wanted)[:, :2]).max() < 5e-4
    )  # of ellipsoids, WGS84 stands for GRS80
    lost = plans(given, np.array([anchors[0], [np.nan] * 3]), np.zeros(2), frame)
    assert lost.owners.tolist() == [0]
