"""OGC API Features 2 (18-058r1): CRSs by reference."""

import re

import pyproj
import pytest
import shapely

from tests.abstract import named

CLASS = "ogcapi-features-2/1.0/conf/crs"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
CRS84H = "http://www.opengis.net/def/crs/OGC/0/CRS84h"
UNKNOWN = (
    "http://www.opengis.net/def/crs/0/unsupported",
    "http://www.opengis.net/def/crs/EPSG/0/31468",
    "",
    "EPSG",
)
DEFAULT = (f"<{CRS84}>", f"<{CRS84H}>")
abstract = named.of(CLASS)


def projection(uri: str) -> pyproj.CRS:
    """The CRS with its axes in the order that its authority states."""
    authority, _, code = uri.removeprefix("http://www.opengis.net/def/crs/").split("/")
    return pyproj.CRS.from_user_input("OGC:CRS84" if authority == "OGC" else f"{authority}:{code}")


def moved(shape, source: str, target: str):
    """A geometry in another CRS, by PROJ and not by us."""
    move = pyproj.Transformer.from_crs(projection(source), projection(target))
    return shapely.transform(
        shapely.force_2d(shape), lambda points: [move.transform(*map(float, point)) for point in points]
    )


def geometry(feature):
    return None if feature["geometry"] is None else shapely.geometry.shape(feature["geometry"])


@abstract("crs-uri")
def test_crs_uri(ask, collections):
    """Every CRS is told by the URI of its definition."""
    for name, listed in collections.items():
        for told in (listed, ask.json(f"/ogc/collections/{name}")):
            for uri in (*told["crs"], told["storageCrs"]):
                assert re.fullmatch(r"http://www\.opengis\.net/def/crs/(OGC|EPSG)/[0-9.]+/\w+", uri)


@abstract("default-crs")
def test_default_crs(ask, collections):
    """CRS84 is among them, and the first; the German and the web's CRS are there."""
    for name, listed in collections.items():
        for told in (listed, ask.json(f"/ogc/collections/{name}")):
            assert told["crs"][0] == CRS84
            assert {f"http://www.opengis.net/def/crs/EPSG/0/{code}" for code in (25832, 4258, 3857)} <= set(
                told["crs"]
            )


@abstract("storageCrs")
def test_storagecrs(ask, collections):
    """What lies in the store lies in one of them."""
    for name, listed in collections.items():
        for told in (listed, ask.json(f"/ogc/collections/{name}")):
            assert told["storageCrs"] in told["crs"]


@abstract("crs-parameter")
def test_crs_parameter(ask, filled):
    """Each CRS can be asked for, of a page and of a feature, and the header says it."""
    for name, listed in filled.items():
        first = ask.items(name)["features"][0]["id"]
        for uri in listed["crs"]:
            for path in ("", f"/{first}"):
                answer = ask(f"/ogc/collections/{name}/items{path}", {"crs": uri}, "application/geo+json")
                assert (answer.status_code, answer.headers["content-crs"]) == (200, f"<{uri}>")


@abstract("crs-parameter-invalid")
def test_crs_parameter_invalid(ask, filled):
    """A CRS that is not listed is refused."""
    for name, listed in filled.items():
        first = ask.items(name)["features"][0]["id"]
        for uri in {*UNKNOWN, CRS84H} - set(listed["crs"]):
            ask.refused(name, crs=uri)
            assert ask(f"/ogc/collections/{name}/items/{first}", {"crs": uri}).status_code == 400


@abstract("crs-parameter-default")
def test_crs_parameter_default(ask, filled):
    """Who asks for none gets the default one."""
    for name in filled:
        first = ask.items(name)["features"][0]["id"]
        for path in ("", f"/{first}"):
            answer = ask(f"/ogc/collections/{name}/items{path}", accept="application/geo+json")
            assert answer.headers["content-crs"] in DEFAULT


@abstract("crs-parameter-transform")
def test_crs_parameter_transform(ask, filled):
    """Coordinates are those of the CRS, axes in its order; transformed back they are the default's."""
    for name, listed in filled.items():
        plain = {one["id"]: geometry(one) for one in ask.items(name, limit=100)["features"]}
        for uri in listed["crs"]:
            page = ask.items(name, limit=100, crs=uri)
            assert {one["id"] for one in page["features"]} == set(plain)
            for one in page["features"]:
                if one["geometry"] is None:  # with heights only what has a known one
                    assert plain[one["id"]] is None or uri == CRS84H
                else:
                    back = moved(geometry(one), uri, CRS84)
                    assert shapely.hausdorff_distance(back, shapely.force_2d(plain[one["id"]])) < 1e-7
            one = page["features"][0]
            alone = ask.json(
                f"/ogc/collections/{name}/items/{one['id']}", {"crs": uri}, "application/geo+json"
            )
            assert alone["geometry"] == one["geometry"]


@abstract("bbox-crs-parameter")
def test_bbox_crs_parameter(ask, filled):
    """A box in any CRS finds what the same box in the default CRS finds."""
    for name, listed in filled.items():
        west, south, east, north = listed["extent"]["spatial"]["bbox"][0]
        half = (west - 0.001, south - 0.001, (west + east) / 2 + 0.0003, (south + north) / 2 + 0.0003)
        nowhere = {one["id"] for one in ask.items(name, limit=100)["features"] if one["geometry"] is None}
        for uri in listed["crs"]:
            corner = [moved(shapely.Point(*place), CRS84, uri).coords[0] for place in (half[:2], half[2:])]
            box = [*corner[0], *corner[1]]
            found = ask.ids(name, bbox=",".join(map(str, box)), bbox_crs=uri)
            (left, low), (right, high) = corner
            shown = CRS84 if uri == CRS84H else uri
            own = {one["id"]: geometry(one) for one in ask.items(name, limit=100, crs=shown)["features"]}
            inside = shapely.box(left, low, right, high)
            assert found == nowhere | {
                key for key, shape in own.items() if shape is not None and shape.intersects(inside)
            }
            assert ask.ids(name, bbox=",".join(map(str, box)), bbox_crs=uri, crs=uri) == found


@abstract("bbox-crs-parameter-invalid")
def test_bbox_crs_parameter_invalid(ask, filled):
    """A box in a CRS that is not listed is refused."""
    for name, listed in filled.items():
        for uri in {*UNKNOWN, CRS84H} - set(listed["crs"]):
            ask.refused(name, bbox="5,49,6,50", bbox_crs=uri)
            ask.refused(name, filter="S_INTERSECTS(geometry,BBOX(5,49,6,50))", filter_crs=uri)


@abstract("bbox-crs-parameter-default")
@pytest.mark.parametrize("uri", [CRS84])
def test_bbox_crs_parameter_default(ask, filled, uri):
    """A box without a CRS is one in CRS84."""
    for name, listed in filled.items():
        box = ",".join(map(str, listed["extent"]["spatial"]["bbox"][0]))
        assert ask.ids(name, bbox=box, bbox_crs=uri) == ask.ids(name, bbox=box)
