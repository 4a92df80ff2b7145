"""OGC API Features 1 (17-069r4), Core: features and what is asked of them."""

from datetime import datetime, timedelta

import pytest
import shapely

from tests.abstract import named
from tests.abstract.client import link, media
from tests.abstract.made_place import AREA, NOW

abstract = named.of("ogcapi-features-1/1.0/conf/core")
ITEMS = "/ogc/collections/{}/items"
BOXES = {
    "greenwich": (-1.5, 50.0, 1.5, 53.0),
    "equator": (-80.0, -5.0, -70.0, 5.0),
    "antimeridian": (177.0, 65.0, -177.0, 70.0),
    "over Munich the long way": (11.545, 48.0, 11.505, 49.0),
    "north pole": (-180.0, 85.0, 180.0, 90.0),
    "south pole": (-180.0, -90.0, 180.0, -85.0),
    "whole world": (-180.0, -90.0, 180.0, 90.0),
    "part": (11.505, 48.105, 11.53, 48.14),
    "corner": (11.5, 48.1, 11.5, 48.1),
}


def text(box) -> str:
    return ",".join(f"{number:.7f}" for number in box)


def shapes(page) -> dict:
    return {
        one["id"]: None if one["geometry"] is None else shapely.geometry.shape(one["geometry"])
        for one in page["features"]
    }


def meets(shape, box) -> bool:
    west, south, east, north = box
    halves = [box] if west <= east else [(west, south, 180, north), (-180, south, east, north)]
    return shape is None or any(shape.intersects(shapely.box(*half)) for half in halves)


@abstract("fc-op", "fc-response")
def test_fc_op_fc_response(ask, collections):
    """Features of every collection are there, in a FeatureCollection."""
    for name in collections:
        page = ask.items(name)
        assert page["type"] == "FeatureCollection"
        assert isinstance(page["features"], list)
        assert all(one["type"] == "Feature" for one in page["features"])


@abstract("crs84")
def test_crs84(ask, filled):
    """Who asks for no CRS gets longitudes and latitudes."""
    for name in filled:
        answer = ask(ITEMS.format(name), {"limit": 100}, "application/geo+json")
        assert answer.headers["content-crs"] == "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"
        for shape in shapes(answer.json()).values():
            assert shape is None or shapely.box(*AREA).buffer(0.1).contains(shape)


@abstract("fc-bbox-response")
@pytest.mark.parametrize("box", BOXES.values(), ids=BOXES)
def test_fc_bbox_response(ask, filled, box):
    """Exactly the features that meet the box, and those that lie nowhere; across the antimeridian, too."""
    for name in filled:
        known = shapes(ask.items(name, limit=1000))
        assert ask.ids(name, bbox=text(box)) == {key for key, shape in known.items() if meets(shape, box)}
        west, south, east, north = text(box).split(",")
        assert ask.ids(name, bbox=f"{west},{south},-100,{east},{north},9000") == ask.ids(name, bbox=text(box))


@abstract("fc-bbox-response")
@pytest.mark.parametrize(
    "box", ["1,2,3", "1,2,3,4,5", "1,2,3,4,5,6,7", "a,b,c,d", "", "11,49,12,48", "nan,1,2,3"]
)
def test_fc_bbox_response_refused(ask, box):
    """What is no box is refused."""
    ask.refused("probe.buildings", bbox=box)


@abstract("fc-limit-response")
def test_fc_limit_response(ask, filled):
    """No more features than asked for; a limit over the maximum is brought down to it, not refused."""
    for name in filled:
        for limit in (1, 2, 10, 100, 10_000):
            assert len(ask.items(name, limit=limit)["features"]) <= limit
        assert ask.items(name, limit=10_001)["features"] == ask.items(name, limit=10_000)["features"]
        assert len(ask.items(name)["features"]) <= 10
    for limit in (0, -1, "unlimited", "1.5", ""):
        ask.refused("probe.buildings", limit=limit)


@abstract("fc-time-response")
def test_fc_time_response(ask, filled):
    """An instant, intervals, half-bounded at either side by dots or nothing: the layer as it was then."""
    for name, one in filled.items():
        ((first, last),) = one["extent"]["temporal"]["interval"]
        begin, end = (datetime.fromisoformat(each) for each in (first, last))
        middle = (begin + (end - begin) / 4).isoformat().replace("+00:00", "Z")
        for asked in (
            first,
            middle,
            f"{first}/{last}",
            f"{middle}/..",
            f"{middle}/",
            f"../{last}",
            f"/{last}",
        ):
            assert ask.items(name, datetime=asked)["numberMatched"] > 0
        assert (
            ask.items(name, datetime=f"{first[:10]}/P2D")["type"] == "FeatureCollection"
        )  # OGC's suite does so
        before = begin - timedelta(days=1)
        for asked in (before.isoformat(), f"../{before.isoformat()}", f"2001-01-01/{before.date()}"):
            assert ask.items(name, datetime=asked)["numberMatched"] == 0
    old, new = (
        ask.items("probe.buildings", datetime=at)["numberMatched"] for at in ("2026-02-25", NOW.isoformat())
    )
    assert (old, new) == (25, 30)
    for asked in ("yesterday", "../..", "2026-03-02/2026-03-01", "2026-13-01", "", "2026-03-01/P", "P2D/P2D"):
        ask.refused("probe.buildings", datetime=asked)


@abstract("query-param-invalid")
def test_query_param_invalid(ask, collections):
    """A parameter with a wrong value is refused."""
    for name in collections:
        for parameter in ("limit", "bbox", "datetime", "crs", "bbox-crs", "filter", "f", "sortby", "offset"):
            ask.refused(name, **{parameter: "unlimited"})


@abstract("query-param-unknown")
def test_query_param_unknown(ask, collections):
    """A parameter that the interface does not have is refused."""
    for name in collections:
        ask.refused(name, unknownQueryParameter12345=1)
        assert ask(f"/ogc/collections/{name}", {"unknownQueryParameter12345": 1}).status_code == 400


@abstract("fc-links")
def test_fc_links(ask, filled):
    """A page links to itself and to itself in each other encoding, with rel and type."""
    for name in filled:
        for query in ({}, {"limit": 1}, {"bbox": text(AREA)}, {"datetime": NOW.isoformat()}):
            page = ask.items(name, **query)
            assert link(page, "self")["type"] == "application/geo+json"
            assert all({"rel", "type", "href"} <= set(one) for one in page["links"])
            assert (
                ask.json(link(page, "self")["href"], accept="application/geo+json")["features"]
                == page["features"]
            )
            for other in (one for one in page["links"] if one["rel"] == "alternate"):
                answer = ask(other["href"], accept=other["type"])
                assert (answer.status_code, media(answer)) == (200, other["type"].partition(";")[0])
            assert link(page, "alternate", "text/html")  # just so, says OGC's suite


@abstract("fc-timeStamp")
def test_fc_timestamp(ask, filled):
    """timeStamp, if there is one, is when the answer was made. There is none: the header Date says it,
    and the same answer has the same bytes."""
    for name in filled:
        for query in ({}, {"datetime": "2026-02-25T00:00:00Z"}):
            assert "timeStamp" not in ask.items(name, **query)


@abstract("fc-numberMatched")
@pytest.mark.parametrize(
    "change", [lambda query: query, lambda query: {**query, "limit": "3"}], ids=["kept", "limit"]
)
def test_fc_numbermatched(ask, filled, change):
    """numberMatched is what all pages together have; OGC's suite puts a limit of its own into next links."""
    for name in filled:
        page = ask.items(name, limit=2)
        matched, seen = page["numberMatched"], [one["id"] for one in page["features"]]
        while (following := link(page, "next")) is not None:
            path, _, asked = following["href"].partition("?")
            assert following["type"] == "application/geo+json"
            query = change(dict(pair.split("=", 1) for pair in asked.split("&")))
            page = ask.json(
                path + "?" + "&".join(f"{key}={value}" for key, value in query.items()), accept="*/*"
            )
            seen += [one["id"] for one in page["features"]]
            assert page["numberMatched"] == matched
        assert len(seen) == len(set(seen)) == matched


@abstract("fc-numberReturned")
def test_fc_numberreturned(ask, collections):
    """numberReturned is the number of features in the answer."""
    for name in collections:
        for query in ({}, {"limit": 1}, {"limit": 100}, {"bbox": text(BOXES["part"])}):
            page = ask.items(name, **query)
            assert page["numberReturned"] == len(page["features"])


@abstract("f-op", "f-success", "f-links")
def test_f_op_f_success_f_links(ask, filled):
    """A feature can be had by its id; it links to itself, its other encodings and its collection."""
    for name in filled:
        for one in ask.items(name, limit=3)["features"]:
            path = f"{ITEMS.format(name)}/{one['id']}"
            answer = ask(path, accept="application/geo+json")
            assert (answer.status_code, media(answer)) == (200, "application/geo+json")
            alone = answer.json()
            assert {key: alone[key] for key in one} == one
            assert link(alone, "self") == {
                "rel": "self",
                "href": ask.BASE + path,
                "type": "application/geo+json",
            }
            assert ask.json(link(alone, "collection", "application/json")["href"])["id"] == name
            assert media(ask(link(alone, "alternate", "text/html")["href"])) == "text/html"
            assert all({"rel", "type", "href"} <= set(each) for each in alone["links"])
        assert ask(f"{ITEMS.format(name)}/there-is-none").status_code == 404
