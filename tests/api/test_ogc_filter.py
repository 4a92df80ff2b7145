"""OGC API Features beyond Core over HTTP: filter, sortby, properties, q, CRS, pages of one revision."""

import base64
from datetime import timedelta
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import made
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer

ITEMS = "/ogc/collections/probe.buildings/items"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"


def link(document, rel):
    return next((link["href"] for link in document["links"] if link["rel"] == rel), None)


def asking(**query):
    return f"{ITEMS}?{urlencode({name.replace('_', '-'): value for name, value in query.items()})}"


def heights(page):
    return [feature["properties"]["height_m"] for feature in page["features"]]


def through(ask, path):
    """All features of all pages."""
    found = []
    while path is not None:
        page = ask.json(path)
        assert page["numberReturned"] == len(page["features"])
        found += page["features"]
        path = link(page, "next")
    assert page["numberMatched"] == len(found)
    return found


def test_a_filter_in_text_and_in_json_finds_the_same(ask):
    text = ask.json(asking(filter="height_m > 30 AND roof_type = 'gabled'", limit=100))
    told = (
        '{"op":"and","args":[{"op":">","args":[{"property":"height_m"},30]},'
        '{"op":"=","args":[{"property":"roof_type"},"gabled"]}]}'
    )
    json = ask.json(asking(filter=told, filter_lang="cql2-json", limit=100))
    assert text["numberMatched"] == json["numberMatched"] == 11
    assert text["features"] == json["features"]
    assert min(heights(text)) > 30


def test_bbox_and_filter_hold_together(ask):
    both = ask.json(asking(bbox="11.4,48,11.5105,48.2", filter="storeys >= 20", limit=100))
    assert both["numberMatched"] == 6
    assert ask.json(asking(filter="storeys >= 20 AND S_INTERSECTS(geometry,BBOX(11.4,48,11.5105,48.2))"))[
        "features"
    ] == sorted(both["features"], key=lambda feature: both["features"].index(feature))


@pytest.mark.parametrize("code", ["25832", "4258", "3857"])
def test_questions_and_answers_in_other_crs_keep_to_their_axes(ask, code):
    move = Transformer.from_crs("OGC:CRS84", f"EPSG:{code}")
    corners = move.transform([11.5079, 11.5105], [48.0999, 48.1061])
    low, high = zip(*corners, strict=True)
    box = ",".join(map(repr, (*low, *high)))
    plain = ask.json(asking(bbox="11.5079,48.0999,11.5105,48.1061", limit=100))
    there = ask(asking(bbox=box, bbox_crs=EPSG + code, crs=EPSG + code, limit=100))
    assert there.status_code == 200, there.text
    assert there.headers["content-crs"] == f"<{EPSG}{code}>"
    assert [f["id"] for f in there.json()["features"]] == [f["id"] for f in plain["features"]]
    first, same = plain["features"][0], there.json()["features"][0]
    wanted = np.column_stack(move.transform(*np.array(first["geometry"]["coordinates"][0]).T))
    np.testing.assert_allclose(same["geometry"]["coordinates"][0], wanted, rtol=0, atol=1e-4)
    one = ask(f"{ITEMS}/{first['id']}?crs={EPSG}{code}")
    assert one.headers["content-crs"] == f"<{EPSG}{code}>"
    assert one.json()["geometry"] == same["geometry"]
    assert ask.json(link(one.json(), "self"))["geometry"] == same["geometry"]
    x, y = move.transform(11.5085, 48.1005)
    spot = asking(filter=f"S_CONTAINS(geometry, POINT({x} {y}))", filter_crs=EPSG + code)
    assert ask.json(spot)["numberMatched"] == 1


def test_latitude_comes_first_where_the_authority_says_so(ask):
    page = ask.json(asking(crs=f"{EPSG}4258", limit=1))
    first, second = page["features"][0]["geometry"]["coordinates"][0][0]
    assert 48 < first < 49
    assert 11 < second < 12


def test_collections_list_the_crs_that_work(ask):
    collection = ask.json("/ogc/collections/probe.buildings")
    assert collection["storageCrs"] == CRS84
    assert collection["crs"][0] == CRS84
    for uri in collection["crs"]:
        assert ask(asking(crs=uri)).headers["content-crs"] == f"<{uri}>"
    assert ask(ITEMS).headers["content-crs"] == f"<{CRS84}>"


def test_sorting(ask):
    assert heights(ask.json(asking(sortby="-height_m", limit=3))) == [41.0, 40.0, 39.0]
    assert heights(ask.json(asking(sortby="height_m", limit=3))) == [12.0, 13.0, 14.0]
    assert heights(ask.json(f"{ITEMS}?sortby=+height_m&limit=3")) == [12.0, 13.0, 14.0]
    two = ask.json(asking(sortby="roof_type,-storeys", limit=2))
    assert [f["properties"]["storeys"] for f in two["features"]] == [29, 28]
    sites = ask.json("/ogc/collections/probe.construction-sites/items?sortby=-valid_from")
    assert [f["properties"]["source_id"] for f in sites["features"]] == ["coming", "running", "done", "open"]


def test_only_what_is_asked_for_is_told(ask):
    page = ask.json(asking(properties="height_m,storeys", skipGeometry="true", limit=1))
    (feature,) = page["features"]
    assert (set(feature["properties"]), feature["geometry"]) == ({"height_m", "storeys"}, None)
    assert ask.json(asking(properties="storeys", limit=1))["features"][0]["geometry"] is not None
    assert (
        ask.json(asking(skipGeometry="false", limit=1))["features"] == ask.json(asking(limit=1))["features"]
    )
    sites = "/ogc/collections/probe.construction-sites/items?properties"
    for feature in ask.json(f"{sites}=phase")["features"]:
        assert set(feature["properties"]) == {"phase"}
    assert "phase" not in ask.json(f"{sites}=title")["features"][0]["properties"]
    stations = "/ogc/collections/probe.bike-counts/items?properties=latest,name"
    assert set(ask.json(stations)["features"][0]["properties"]) == {"latest", "name"}


@pytest.mark.parametrize(
    ("q", "matched"),
    [("strasse", 4), ("STRASSE", 4), ("straße <done>", 1), ("done,coming", 2), ("nowhere", 0), ("%", 0)],
)
def test_words_are_found_in_any_case(ask, q, matched):
    found = ask.json(f"/ogc/collections/probe.construction-sites/items?q={quote(q)}")
    assert found["numberMatched"] == matched


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"sortby": "-storeys"},
        {"filter": "storeys > 3 AND S_INTERSECTS(geometry, BBOX(11.4,48,11.5155,48.2))"},
        {"bbox": "11.4,48,11.5155,48.2", "sortby": "height_m", "crs": f"{EPSG}25832"},
        {"q": "deby", "properties": "storeys", "skipGeometry": "true"},
    ],
)
def test_pages_lead_through_everything_once_in_order(ask, query):
    whole = ask.json(asking(**query, limit=100))["features"]
    assert through(ask, asking(**query, limit=4)) == whole
    assert len(whole) > 12


def test_pages_stay_with_their_revision_while_the_layer_is_published_again(store, client_of):
    ask = client_of(store)
    before = ask.json(asking(limit=100, sortby="-height_m", datetime="2026-03-01T12:03:00Z"))["features"]
    first = ask.json(asking(limit=7, sortby="-height_m"))
    # which the source said was so before the instant of the first page
    made.publish(store, made.BUILDINGS, made.buildings(40, 50.0), made.NOON + timedelta(minutes=1))
    assert ask.json(ITEMS)["numberMatched"] == 40
    rest = through_rest(ask, link(first, "next"))
    assert [f["id"] for f in first["features"] + rest] == [f["id"] for f in before]


def through_rest(ask, path):
    found = []
    while path is not None:
        page = ask.json(path)
        assert page["numberMatched"] == 30
        found += page["features"]
        path = link(page, "next")
    return found


def forged(token):
    data = bytearray(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    for place in range(len(data)):
        changed = data.copy()
        changed[place] ^= 1
        yield base64.urlsafe_b64encode(changed).rstrip(b"=").decode()


def test_tokens_that_nobody_gave_are_refused(ask):
    path = link(ask.json(asking(limit=4, sortby="-height_m")), "next")
    query = dict(parse_qsl(urlsplit(path).query))
    assert ask(f"{ITEMS}?{urlencode(query)}").status_code == 200
    token = query["token"]
    for wrong in (*forged(token), "", "x", "ä", token + "A", token[:-3], "=" * 50, "A" * 300, "\0"):
        answer = ask(f"{ITEMS}?{urlencode({**query, 'token': wrong})}")
        assert answer.status_code == 400, wrong
        assert answer.headers["content-type"] == "application/problem+json"
    for change in ({"sortby": "height_m"}, {"datetime": "2026-03-01"}, {"offset": "3"}, {"filter": "TRUE"}):
        assert ask(f"{ITEMS}?{urlencode({**query, **change})}").status_code == 400, change
    other = "/ogc/collections/probe.construction-sites/items"
    assert ask(f"{other}?{urlencode({**query, 'sortby': '-id'})}").status_code == 400


def test_a_token_holds_on_every_worker(filled, ask, client_of):
    path = link(ask.json(asking(limit=4, filter="storeys > 2")), "next")
    assert client_of(filled)(path).json()["features"] == ask.json(path)["features"]


def test_offset_still_leads_into_the_middle(ask):
    whole = ask.json(asking(limit=100, sortby="id"))["features"]
    page = ask.json(asking(limit=5, offset=10, sortby="id"))
    assert page["features"] == whole[10:15]
    assert ask.json(link(page, "next"))["features"] == whole[15:20]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"filter": "hieght_m > 1"}, "did you mean 'height_m'"),
        ({"filter": "height_m > 'x'"}, "takes a number"),
        ({"filter": ""}, "empty"),
        ({"filter": "x" * 5000}, "4096"),
        ({"filter": "(" * 4000}, "nested"),
        ({"filter": "TRUE", "filter-lang": "cql-text"}, "filter-lang"),
        ({"filter": "TRUE", "filter-lang": "cql2-json"}, "no JSON"),
        (
            {"filter": '{"op":"=","args":[{"property":"id"},"x"],"op":"<>"}', "filter-lang": "cql2-json"},
            "filter has 'op' twice",
        ),
        ({"filter": "TRUE", "filter-crs": "EPSG:99999"}, "filter-crs is no CRS"),
        ({"filter": "S_INTERSECTS(geometry, POINT(500 1))"}, "leaves the Earth"),
        ({"filter": "S_INTERSECTS(geometry, POINT(1e300 1e300))", "filter-crs": f"{EPSG}25832"}, "Earth"),
        ({"sortby": "hieght_m"}, "did you mean 'height_m'"),
        ({"sortby": "--height_m"}, "did you mean 'height_m'"),
        ({"sortby": "+-height_m"}, "did you mean 'height_m'"),
        ({"sortby": ""}, "sortby is no list"),
        ({"sortby": "id,-id"}, "twice"),
        ({"sortby": "geometry"}, "sortby names"),
        ({"sortby": "id,,"}, "sortby is no list"),
        ({"sortby": "-" * 9000}, "sortby is no list"),
        ({"sortby": "id,source_id,valid_from,valid_to,observed_at,height_m"}, "more than 5"),
        ({"properties": "hight_m"}, "did you mean 'height_m'"),
        ({"properties": ""}, "properties is no list"),
        ({"skipGeometry": "yes"}, "skipGeometry"),
        ({"q": ""}, "q is empty"),
        ({"q": " , "}, "q is empty"),
        ({"q": "x" * 501}, "q is longer"),
        ({"q": "a\0b"}, "a NUL character"),
        ({"crs": "EPSG:31468"}, "crs is no CRS"),
        ({"crs": ""}, "crs is no CRS"),
        ({"bbox": "1,2,3,4", "bbox-crs": "x"}, "bbox-crs is no CRS"),
        ({"bbox": "1,2,3", "bbox-crs": f"{EPSG}25832"}, "four or six"),
        ({"bbox": "1e300,1e300,1e301,1e301", "bbox-crs": f"{EPSG}25832"}, "leaves the Earth"),
        ({"bbox": "5,5,1,1", "bbox-crs": f"{EPSG}3857"}, "bbox has its lower corner"),
        ({"filterlang": "cql2-text"}, "did you mean 'filter-lang'"),
    ],
)
def test_what_cannot_be_answered_is_a_problem_with_a_remedy(ask, query, words):
    answer = ask(f"{ITEMS}?{urlencode(query)}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert words in answer.json()["detail"]


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(
            [
                "filter",
                "filter-lang",
                "filter-crs",
                "sortby",
                "properties",
                "q",
                "crs",
                "bbox",
                "bbox-crs",
                "token",
            ]
        ),
        st.text(max_size=20)
        | st.sampled_from([f"{EPSG}25832", "cql2-json", "1,2,3,4", "id", "-id", "TRUE", "{}"]),
        min_size=1,
    )
)
def test_no_parameter_breaks_the_service(ask, query):
    answer = ask(f"{ITEMS}?{urlencode(query, errors='replace')}")
    assert answer.status_code in (200, 400)


def test_conformance_is_claimed(ask):
    claimed = ask.json("/ogc/conformance")["conformsTo"]
    for name in ("features-2/1.0/conf/crs", "features-3/1.0/conf/features-filter"):
        assert f"http://www.opengis.net/spec/ogcapi-{name}" in claimed
    assert "http://www.opengis.net/spec/cql2/1.0/conf/cql2-text" in claimed
