import pytest
import shapely

from ingest.connectors import ogc_features
from tests.ingest.asking import quick, records
from tests.replay import HTML, Answer, Replay, as_json
from twin.errors import RecipeError, SourceBroken, SourceChanged, SourceDown, SourceRefused

ITEMS = "/api/collections/sites/items"


def feature(number, **properties):
    here = {"type": "Point", "coordinates": [11.5, 48.1 + number / 1000]}
    return {
        "type": "Feature",
        "id": f"s.{number}",
        "geometry": here,
        "properties": {"name": f"N{number}"} | properties,
    }


def serve(replay, features, *, most=3, total=True, path=ITEMS):
    """A server that pages by an opaque token, as some do, and by no startIndex at all."""

    def answer(query):
        limit = min(int(query.get("limit", 10)), most)
        start = int(query.get("token", "t0")[1:])
        page = features[start : start + limit]
        links = [
            {"rel": "self", "href": "x"},
            {"rel": "next", "type": "text/html", "href": "https://evil.example.net/"},
        ]
        if start + limit < len(features):
            links.append(
                {
                    "rel": "next",
                    "type": "application/geo+json",
                    "href": f"items?token=t{start + limit}&limit={limit}",
                }
            )
        else:
            links = links[:1]
        document = {
            "type": "FeatureCollection",
            "features": page,
            "links": links,
            "numberReturned": len(page),
        }
        if total:
            document["numberMatched"] = total if total is not True else len(features)
        return as_json(document, content_type="application/geo+json")

    replay.routes[path] = answer
    return replay.url + "/api"


@pytest.fixture
def replay():
    with Replay() as server:
        yield server


@pytest.mark.parametrize("total", [True, False])
def test_pages_are_followed_by_their_links(replay, total):
    url = serve(replay, [feature(n) for n in range(7)], total=total)
    found = records("ogc_features", url, options={"collection": "sites"})
    assert [r.values["name"] for r in found] == [f"N{n}" for n in range(7)]
    assert found[0].values["@id"] == "s.0"
    assert found[0].crs == "OGC:CRS84"
    assert shapely.from_wkb(found[0].geometry) == shapely.Point(11.5, 48.1)
    assert [r.place for r in found][3] == "page 2, feature 1"
    assert len(replay.asked) == 3
    assert records("ogc_features", replay.url + ITEMS) == records(
        "ogc_features", url, options={"collection": "sites"}
    )


def test_what_is_asked_for(replay):
    url = serve(replay, [feature(1)])
    options = {
        "collection": "sites",
        "limit": 2,
        "bbox": [11.36, 48.0612345, 11.73, 48.25],
        "filter": "name='a'",
    }
    options |= {"datetime": "2026-01-01T00:00:00Z/.."}
    records("ogc_features", url, options=options)
    assert replay.asked[0][1] == {
        "f": "json",
        "limit": "2",
        "bbox": "11.36,48.0612345,11.73,48.25",
        "datetime": "2026-01-01T00:00:00Z/..",
        "filter": "name='a'",
        "filter-lang": "cql2-text",
    }


@pytest.mark.parametrize(
    ("crs", "axes", "xy"),
    [
        ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", None, (11.5, 48.1)),
        ("http://www.opengis.net/def/crs/EPSG/0/4326", None, (48.1, 11.5)),
        ("http://www.opengis.net/def/crs/EPSG/0/25832", None, (11.5, 48.1)),
        ("http://www.opengis.net/def/crs/EPSG/0/4326", "xy", (11.5, 48.1)),
        ("http://www.opengis.net/def/crs/EPSG/0/25832", "yx", (48.1, 11.5)),
    ],
)
def test_the_order_of_axes_follows_the_crs_unless_stated(replay, crs, axes, xy):
    options = {"collection": "sites", "crs": crs} | ({"axes": axes} if axes else {})
    (record,) = records("ogc_features", serve(replay, [feature(0)]), options=options)
    assert shapely.from_wkb(record.geometry).coords[0] == xy
    assert record.crs == crs


URI = "http://www.opengis.net/def/crs/"
PLACE = (11.5, 48.1)
AXES = {  # the same place as each CRS has it: easting and northing; latitude and longitude; northing, easting
    "OGC/1.3/CRS84": [11.5, 48.1],
    "EPSG/0/25832": [686121.7558, 5330438.1301],
    "EPSG/0/4258": [48.1, 11.5],
    "EPSG/0/3035": [2777405.5078, 4432769.1830],
}


def serve_in_crs(replay, *, header="<{}>", forgets=False, deaf=False, default="OGC/1.3/CRS84"):
    """A server of two pages with part 2 of the standard: it answers in the CRS asked for, and says so."""

    def answer(query):
        asked = query.get("crs", URI + default).removeprefix(URI)
        if asked not in AXES:
            return as_json({"code": "InvalidParameterValue"}, status=400)
        crs = default if deaf else asked
        start = int(query.get("offset", 0))
        here = {"type": "Point", "coordinates": AXES[crs]}
        found = [{"type": "Feature", "id": start, "geometry": here, "properties": {"name": f"N{start}"}}]
        more = "" if forgets else f"&crs={URI}{crs}"
        links = [] if start else [{"rel": "next", "href": f"items?offset=1{more}"}]
        headers = {"Content-Crs": header.format(URI + crs)} if header else {}
        document = {"type": "FeatureCollection", "features": found, "links": links}
        return as_json(document, content_type="application/geo+json", headers=headers)

    replay.routes[ITEMS] = answer
    return replay.url + "/api"


def on_earth(record):
    """Longitude and latitude of a record's point, as everything behind the connector works them out."""
    from pyproj import Transformer

    from tiles.crs import resolve_crs

    to = Transformer.from_crs(resolve_crs(record.crs), "OGC:CRS84", always_xy=True)
    return to.transform(*shapely.from_wkb(record.geometry).coords[0])


@pytest.mark.parametrize("crs", [None, *(f"{URI}{name}" for name in AXES), "EPSG:25832", "epsg:4258"])
def test_what_comes_is_read_in_the_crs_that_the_answer_names(replay, crs):
    options = {"collection": "sites"} | ({"crs": crs} if crs else {})
    found = records("ogc_features", serve_in_crs(replay), options=options)
    assert len(found) == 2
    for record in found:
        assert on_earth(record) == pytest.approx(PLACE, abs=1e-8)


@pytest.mark.parametrize("asked", ["EPSG:25832", "EPSG:4258"])
@pytest.mark.parametrize(
    "quirk", [{"forgets": True}, {"deaf": True}, {"deaf": True, "default": "EPSG/0/25832"}]
)
def test_a_server_that_answers_in_another_crs_than_asked_says_so(replay, asked, quirk):
    """Whole, or from the second page on, as its links have lost what was asked for."""
    found = records(
        "ogc_features", serve_in_crs(replay, **quirk), options={"collection": "sites", "crs": asked}
    )
    assert [on_earth(record) for record in found] == [pytest.approx(PLACE, abs=1e-8)] * 2


def test_a_server_that_says_no_crs_is_believed_to_answer_as_asked(replay):
    options = {"collection": "sites", "crs": "EPSG:4258"}
    found = records("ogc_features", serve_in_crs(replay, header=""), options=options)
    assert [on_earth(record) for record in found] == [pytest.approx(PLACE)] * 2
    assert replay.asked[0][1]["crs"] == URI + "EPSG/0/4258"


def test_a_header_without_brackets_counts_and_stated_axes_overrule_it(replay):
    options = {"collection": "sites", "crs": "EPSG:4258"}
    url = serve_in_crs(replay, header="{}")
    assert on_earth(records("ogc_features", url, options=options)[0]) == pytest.approx(PLACE)
    turned = records("ogc_features", url, options=options | {"axes": "xy"})[0]
    assert shapely.from_wkb(turned.geometry).coords[0] == (48.1, 11.5)


def test_a_crs_that_the_server_or_nobody_knows(replay):
    url = serve_in_crs(replay)
    with pytest.raises(SourceBroken, match="400"):
        records("ogc_features", url, options={"collection": "sites", "crs": "EPSG:31468"})
    serve_in_crs(replay, header="<http://www.opengis.net/def/crs/EPSG/0/999999>")
    with pytest.raises(SourceBroken, match="page 1 is in a CRS that nobody knows"):
        records("ogc_features", url, options={"collection": "sites"})


def test_features_that_are_missing_or_repeat(replay):
    url = serve(replay, [feature(n) for n in range(4)], total=9)
    with pytest.raises(SourceBroken, match="4 of 9 features"):
        records("ogc_features", url, options={"collection": "sites"})
    url = serve(replay, [feature(n % 3) for n in range(6)])
    with pytest.raises(SourceBroken, match="page 2 repeats"):
        records("ogc_features", url, options={"collection": "sites"})
    links = [{"rel": "next", "href": "items?token=t0"}]
    replay.routes[ITEMS] = [
        as_json({"type": "FeatureCollection", "features": [feature(n)], "links": links}) for n in (1, 2)
    ]
    with pytest.raises(SourceBroken, match="circle"):
        records("ogc_features", url, options={"collection": "sites"})


def test_a_next_link_to_another_host_is_refused():
    link = ogc_features._next(
        [{"rel": "self", "href": "x"}, {"rel": "next", "href": "https://evil.example.net/x"}]
    )
    with quick(trusted=False) as fetch, pytest.raises(SourceRefused, match="another host"):
        fetch.follow("https://example.org/items", link)


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (as_json({"code": "NotFound", "description": "Erika"}), SourceBroken, "FeatureCollection"),
        (as_json({"type": "FeatureCollection", "features": [], "numberReturned": 3}), SourceBroken, "cut"),
        (Answer(HTML, "text/html"), SourceBroken, "web page"),
        (Answer(status=400), SourceBroken, "400"),
        (Answer(status=503), SourceDown, "503"),
    ],
)
def test_errors_in_place_of_items(replay, answer, error, words):
    replay.routes[ITEMS] = [answer]
    with pytest.raises(error, match=words) as caught:
        records("ogc_features", replay.url + "/api", options={"collection": "sites"})
    assert "Erika" not in str(caught.value)


def test_other_columns_are_a_changed_source(replay):
    url = serve(replay, [feature(1), feature(2, person="Erika")])
    with pytest.raises(SourceChanged, match="unknown: person"):
        records("ogc_features", url, options={"collection": "sites"}, columns={"required": ["name"]})


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, r"options\.collection"),
        ({"collection": "a", "limit": 0}, "limit"),
        ({"collection": "a", "bbox": [1]}, r"options\.bbox"),
        ({"collection": "a", "axes": "zz"}, "axes"),
    ],
)
def test_options_that_do_not_fit(replay, options, words):
    with pytest.raises(RecipeError, match=words):
        records("ogc_features", serve(replay, []), options=options)
