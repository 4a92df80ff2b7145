import json

import pytest
import shapely

from ingest.connectors.wkb import CLOSED, NoGeometry, wkb_of
from tests.ingest.asking import records
from tests.replay import HTML, Answer, Replay
from twin.errors import SourceBroken

SQUARE = [[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]
HOLE = [[1, 1], [2, 1], [2, 2], [1, 1]]


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Point", "coordinates": [11, 48, 500]},
        {"type": "LineString", "coordinates": [[0, 0], [1, 1, 5]]},
        {"type": "Polygon", "coordinates": [SQUARE, HOLE]},
        {"type": "MultiPoint", "coordinates": [[0, 0], [1, 1]]},
        {"type": "MultiLineString", "coordinates": [[[0, 0], [1, 1]]]},
        {"type": "MultiPolygon", "coordinates": [[SQUARE, HOLE], [[[9, 9], [8, 9], [8, 8], [9, 9]]]]},
        {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [1, 2]}]},
    ],
)
def test_geometry_says_the_same_as_wkb(geometry):
    encoded, notes = wkb_of(geometry)
    expected = shapely.force_2d(shapely.from_geojson(json.dumps(geometry)))
    assert shapely.from_wkb(encoded).equals_exact(expected)
    assert notes == ()


@pytest.mark.parametrize(
    "geometry",
    [
        "POINT (1 2)",
        7,
        {},
        {"type": "Circle", "coordinates": [1, 2]},
        {"type": ["Point"], "coordinates": [1, 2]},
        {"type": "Point", "coordinates": []},
        {"type": "Point", "coordinates": [1]},
        {"type": "Point", "coordinates": ["1", "2"]},
        {"type": "Point", "coordinates": [float("nan"), 2]},
        {"type": "Point", "coordinates": [10**400, 2]},
        {"type": "Point", "coordinates": {"lon": 1, "lat": 2}},
        {"type": "LineString", "coordinates": [[1, 2]]},
        {"type": "Polygon", "coordinates": [[]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 0]]]},
        {"type": "Polygon", "coordinates": [1, 2]},
        {"type": "MultiPolygon", "coordinates": [[]]},
    ],
)
def test_what_is_no_geometry(geometry):
    with pytest.raises(NoGeometry):
        wkb_of(geometry)


def test_collections_are_not_followed_into_the_depth():
    geometry = {"type": "Point", "coordinates": [1, 2]}
    for _ in range(500):
        geometry = {"type": "GeometryCollection", "geometries": [geometry]}
    with pytest.raises(NoGeometry, match="nested"):
        wkb_of(geometry)


def test_open_outlines_are_closed_and_swapped_axes_put_right():
    encoded, notes = wkb_of({"type": "Polygon", "coordinates": [SQUARE[:4]]})
    assert shapely.from_wkb(encoded).area == 16
    assert notes == (CLOSED,)
    encoded, _ = wkb_of({"type": "Point", "coordinates": [48, 11]}, swap=True)
    assert shapely.from_wkb(encoded).coords[0] == (11, 48)


def document(**more):
    features = [
        {"type": "Feature", "properties": {"n": 1}, "geometry": {"type": "Point", "coordinates": [1, 2]}}
    ]
    return {"type": "FeatureCollection", "features": features, **more}


@pytest.mark.parametrize(
    ("member", "stated", "expected"),
    [
        (
            {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}},
            "EPSG:4326",
            "urn:ogc:def:crs:EPSG::25832",
        ),
        (None, "EPSG:25832", "EPSG:25832"),
        (None, None, "OGC:CRS84"),
        ({"type": "link"}, None, "OGC:CRS84"),
    ],
)
def test_crs_of_the_document_then_of_the_recipe_then_of_the_standard(tmp_path, member, stated, expected):
    path = tmp_path / "a.geojson"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(document(crs=member)).encode())
    assert records("geojson", path, crs=stated)[0].crs == expected


def test_an_address_is_downloaded_and_a_web_page_is_no_data():
    with Replay() as replay:
        replay.routes["/a.geojson"] = [Answer(json.dumps(document()).encode(), "text/plain")]
        replay.routes["/b.geojson"] = [Answer(HTML, "application/json")]
        assert [r.place for r in records("geojson", replay.url + "/a.geojson")] == ["a.geojson, feature 1"]
        with pytest.raises(SourceBroken, match="web page"):
            records("geojson", replay.url + "/b.geojson")
