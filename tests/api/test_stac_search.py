"""STAC item search: what it finds, what it refuses, and pages while others publish."""

import string
from datetime import timedelta
from urllib.parse import quote

import made
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.api.posted import post
from twin.store import FileStore

SEARCH = "/stac/search"
B1, B2, S1, C1 = "buildings 000001", "buildings 000002", "construction-sites 000001", "bike-counts 000001"
TRIANGLE = {"type": "Polygon", "coordinates": [[[11.5, 48.1], [11.504, 48.1], [11.5, 48.104], [11.5, 48.1]]]}


def names(page):
    return [f"{f['collection'].removeprefix('probe.')} {f['id']}" for f in page["features"]]


def both(ask, body):
    """The same question asked in both ways."""
    words = {"filter-lang": "cql2-text"} if "filter" in body else {}
    answer = post(ask, body | words)
    assert answer.status_code == 200, answer.text
    query = {}
    for name, value in body.items():
        if name in ("query", "intersects"):
            query[name] = orjson.dumps(value).decode()
        elif name == "sortby":
            query[name] = ",".join(("-" if s["direction"] == "desc" else "+") + s["field"] for s in value)
        elif name == "fields":
            query[name] = ",".join([*value.get("include", []), *(f"-{n}" for n in value.get("exclude", []))])
        else:
            query[name] = ",".join(map(str, value)) if isinstance(value, list) else value
    page = ask.json(f"{SEARCH}?" + "&".join(f"{k}={quote(str(v))}" for k, v in query.items()))
    assert page["features"] == answer.json()["features"]
    return page


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({}, [B2, S1, B1, C1]),
        ({"limit": 2}, [B2, S1]),
        ({"ids": ["000002"]}, [B2]),
        ({"ids": ["nothing"]}, []),
        ({"collections": ["probe.buildings"]}, [B2, B1]),
        ({"collections": ["probe.nothing", "probe.bike-counts"]}, [C1]),
        ({"ids": ["000001"], "collections": ["probe.buildings"]}, [B1]),
        ({"datetime": "2026-02-25T00:00:00Z"}, [B1, C1]),
        ({"datetime": "2026-02-25T00:00:00Z/2026-03-02T00:00:00Z"}, [B2, S1, B1, C1]),
        ({"datetime": "2026-03-01T12:00:00Z/.."}, [B2, S1, C1]),
        ({"datetime": "../2026-01-25T00:00:00Z"}, [C1]),
        ({"bbox": [11.5, 48.1, 11.505, 48.101]}, [B2, B1]),
        ({"bbox": [11.5, 48.1, -5, 11.505, 48.101, 900]}, [B2, B1]),
        ({"bbox": [0, 0, 1, 1]}, []),
        ({"bbox": [11.505, 48.1, -170, 48.101]}, [B2, B1]),
        ({"bbox": [170, 48, -170, 49]}, []),
        ({"bbox": [170, 48, 0, 11.4, 49, 900]}, []),
        ({"bbox": [170, 48, 0, 11.5, 49, 900]}, [B2, B1]),
        ({"intersects": {"type": "Point", "coordinates": [11.5, 48.1]}}, [B2, B1]),
        ({"intersects": TRIANGLE}, [B2, B1]),
        ({"intersects": {"type": "GeometryCollection", "geometries": [TRIANGLE]}}, [B2, B1]),
        ({"intersects": {"type": "LineString", "coordinates": [[11.55, 48.1], [11.55, 48.2]]}}, [C1]),
        ({"intersects": {"type": "MultiPoint", "coordinates": [[1, 2], [11.55, 48.155]]}}, [C1]),
        ({"query": {"table:row_count": {"gte": 25}}}, [B2, B1]),
        ({"query": {"table:row_count": {"gt": 25, "lte": 30}}}, [B2]),
        ({"query": {"properties.license": {"eq": "DL-DE-BY-2.0"}, "version": {"neq": "1"}}}, [B2]),
        ({"query": {"twin:schema": {"startsWith": "build"}}}, [B2, B1]),
        ({"query": {"twin:schema": {"endsWith": "work/1"}}}, [S1]),
        ({"query": {"twin:theme": {"in": ["traffic", "construction"]}}}, [S1, C1]),
        ({"query": {"collection": {"contains": "-"}}}, [S1, C1]),
        ({"query": {"datetime": {"lt": "2026-02-20T00:00:00+01:00"}}}, [B1, C1]),
        ({"filter": "\"table:row_count\" >= 25 AND version <> '1'"}, [B2]),
        ({"filter": "collection LIKE '%-%' AND NOT twin:theme = 'traffic'"}, [S1]),
        ({"filter": "S_INTERSECTS(geometry, POINT(11.5 48.1))"}, [B2, B1]),
        ({"filter": "S_WITHIN(geometry, BBOX(11.505,48.105,11.515,48.115))"}, [S1]),
        ({"filter": "datetime < TIMESTAMP('2026-02-20T00:00:00Z') OR id IN ('000002')"}, [B2, B1, C1]),
        ({"filter": "T_DURING(datetime, INTERVAL('2026-02-01','2026-02-27'))"}, [B1]),
        ({"filter": "CASEI(license) = CASEI('dl-de-by-2.0') AND published = datetime"}, [B2, S1, B1, C1]),
        ({"filter": "twin:fetched_at IS NULL"}, []),
        ({"filter": "properties.version = '2' AND properties.twin:revision IN (2)"}, [B2]),
        ({"filter": "A_CONTAINS(keywords, ('traffic', 'Probe City'))"}, [C1]),
        ({"filter": "A_CONTAINS(table:columns, ('height_m')) AND version = '1'"}, [B1]),
        ({"filter": "A_OVERLAPS(properties.keywords, ('Baustelle', 'nothing'))"}, [S1]),
        ({"filter": "twin:revision * 2 = 4", "collections": ["probe.buildings"]}, [B2]),
        ({"q": ["BIKE-COUNTS in   english"]}, [C1]),
        ({"q": ["construction-sites auf", "nothing"]}, [S1]),
        ({"q": ["demo – MADE-UP"]}, [B2, S1, B1, C1]),
        ({"q": "bike-counts OR construction-sites"}, [S1, C1]),
        ({"q": "probestadt -construction-sites +traffic"}, [C1]),
        ({"q": '("in english" AND model) -bike'}, [B2, B1]),
        ({"sortby": [{"field": "datetime", "direction": "asc"}]}, [C1, B1, S1, B2]),
        (
            {
                "sortby": [
                    {"field": "properties.twin:theme", "direction": "desc"},
                    {"field": "id", "direction": "asc"},
                ]
            },
            [C1, B1, B2, S1],
        ),
    ],
)
def test_what_is_found(ask, body, found):
    assert names(both(ask, body)) == found


@pytest.mark.parametrize(
    "time", ["2026-02-25t00:00:00.5z", "2026-02-25T01:00:00%2B01:00", "2026-02-25T01:00:00+01:00"]
)
def test_times_as_rfc_3339_writes_them(ask, time):
    assert names(ask.json(f"{SEARCH}?datetime={time}")) == [B1, C1]


BIG = {"op": ">", "args": [{"property": "table:row_count"}, 25]}


def test_filters_as_objects(ask):
    assert names(post(ask, {"filter": BIG}).json()) == [B2]
    assert names(post(ask, {"filter": BIG, "filter-lang": "cql2-json"}).json()) == [B2]
    query = f"filter-lang=cql2-json&filter={quote(orjson.dumps(BIG).decode())}"
    assert names(ask.json(f"{SEARCH}?{query}")) == [B2]
    assert names(ask.json(f"/stac/collections/probe.buildings/items?{query}")) == [B2]
    page = post(ask, {"filter": {"op": "not", "args": [BIG]}, "limit": 1}).json()
    (link,) = [link for link in page["links"] if link["rel"] == "next"]
    assert names(post(ask, link["body"]).json()) == [B1]


def test_what_can_be_asked_is_described(ask):
    for path in ("/stac", "/stac/collections/probe.buildings"):
        (link,) = [link for link in ask.json(path)["links"] if link["rel"].endswith("/queryables")]
        answer = ask(link["href"])
        assert answer.headers["content-type"] == "application/schema+json"
        known = answer.json()["properties"]
        assert {"id", "collection", "geometry", "datetime", "license"} <= known.keys()
        for name in known:  # what is told can be asked
            assert ask(f'{SEARCH}?filter="{name}" IS NULL').status_code == 200, name
    assert ask("/stac/collections/probe.nothing/queryables").status_code == 404


def test_one_text_is_as_good_as_a_list_of_one(ask):
    assert names(post(ask, {"collections": "probe.bike-counts", "ids": "000001"}).json()) == [C1]
    assert names(post(ask, {"q": "bike-counts"}).json()) == [C1]


ALL = "assets bbox collection geometry id links properties stac_extensions stac_version type"


@pytest.mark.parametrize(
    ("fields", "top", "properties"),
    [
        ({}, "assets bbox collection geometry id links properties stac_version type", ["datetime"]),
        (
            {"include": ["properties.title", "version", "geometry"]},
            "collection geometry id properties stac_version type",
            ["title", "version"],
        ),
        (
            {"exclude": ["geometry", "assets", "nothing.at.all"]},
            ALL.replace("assets ", "").replace("geometry ", ""),
            None,
        ),
        (
            {"include": ["properties"], "exclude": ["bbox"]},
            "collection id properties stac_version type",
            None,
        ),
        (
            {"include": ["properties.title"], "exclude": ["properties"]},
            "collection id properties stac_version type",
            ["title"],
        ),
        (
            {"include": ["geometry"], "exclude": ["geometry"]},
            "collection geometry id stac_version type",
            None,
        ),
    ],
)
def test_fields_are_chosen(ask, fields, top, properties):
    (item,) = post(ask, {"fields": fields, "ids": ["000002"]}).json()["features"]
    assert sorted(item) == top.split()
    assert properties is None or sorted(item["properties"]) == properties
    assert "bbox" in ask.json(f"{SEARCH}?ids=000002&fields=-geometry")["features"][0]
    everything = ask.json(f"{SEARCH}?ids=000002&fields=properties,-properties.title")["features"][0]
    whole = ask.json("/stac/collections/probe.buildings/items/000002")
    assert everything["properties"].keys() == whole["properties"].keys() - {"title"}
    short = ask.json(f"{SEARCH}?ids=000002&fields=-assets.features.href")["features"][0]
    assert "href" not in short["assets"]["features"]
    assert ask.json("/stac/collections/probe.buildings/items/000002") == whole


def pages(ask, first, by_post):
    """All items, page by page; between pages comes whoever iterates."""
    page = post(ask, first).json() if by_post else ask.json(first)
    while True:
        yield names(page)
        link = next((link for link in page["links"] if link["rel"] == "next"), None)
        if link is None:
            return
        page = post(ask, link["body"]).json() if by_post else ask.json(link["href"])


@pytest.mark.parametrize("sortby", [None, "datetime", "-twin:theme,id", "table:row_count"])
@pytest.mark.parametrize("by_post", [True, False])
def test_pages_lose_and_repeat_nothing_while_others_publish(store, client_of, sortby, by_post):
    ask = client_of(store)
    if by_post:
        signs = {"-": "desc"}
        order = [
            {"field": s.lstrip("-"), "direction": signs.get(s[0], "asc")}
            for s in (sortby or "").split(",")
            if s
        ]
        first = {"limit": 1, **({"sortby": order} if order else {})}
    else:
        first = f"{SEARCH}?limit=1" + (f"&sortby={sortby}" if sortby else "")
    whole = post(ask, {**first, "limit": 10}).json() if by_post else ask.json(first.replace("=1", "=10", 1))
    seen = []
    for number, found in enumerate(pages(ask, first, by_post)):
        seen += found
        later = made.NOON + timedelta(hours=1 + number)
        made.publish(store, made.SITES, made.sites()[: 1 + number % 3], later)  # the newest of all
        story = made.NOON - timedelta(days=30 - number)  # an old state that an archive tells now
        publication = made.Publication(store, made.BUILDINGS, made.CITY)
        features = made.buildings(3 + number)
        told = made.provenance(made.BUILDINGS, story, len(features))
        publication.publish(features, told, None, (), publication.digest(features, "basis"), now=later)
    assert seen == names(whole)
    assert len(ask.json(f"{SEARCH}?limit=100")["features"]) == len(seen) * 3


def test_a_page_asked_again_is_not_sent_again(ask):
    first = ask(f"{SEARCH}?limit=2")
    assert ask(f"{SEARCH}?limit=2", if_none_match=first.headers["etag"]).status_code == 304
    assert ask(f"{SEARCH}?limit=3", if_none_match=first.headers["etag"]).status_code == 200


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("bbox=1,2,3", "not four or six"),
        ("datetime=2026-03-02T00:00:00Z/2026-03-01T00:00:00Z", "before it begins"),
        ("datetime=2026-03-01", "is not a time"),
        ("datetime=2026-03-01T12:00:00", "is not a time"),
        ("datetime=2026-03-01T12:00:00.Z", "is not a time"),
        ("datetime=2026-03-01T12:00:00,5Z", "is not a time"),
        ("datetime=2026-03-01T12:00:00%2B0100", "is not a time"),
        ("datetime=2026-03-01T25:00:00Z", "is not a time"),
        ("datetime=" + "9" * 5000, "is not a time"),
        ("datetime=../..", "open at both ends"),
        ("limit=0", "limit: "),
        ("ids=", "ids is no list"),
        ("collections=,", "collections is no list"),
        ("token=x", "not one of this service"),
        ("token=1~probe.buildings~9", "begin again"),
        ("token=1~nowhere~1", "begin again"),
        ("token=9999999999999999~probe.buildings~1", ""),
        ("token=" + "9" * 5000, "not one of this service"),
        ("token=%00~%00~%00", "has a NUL character"),
        ("sortby=", "unknown field"),
        ("sortby=-datetim", "did you mean 'datetime'"),
        ("sortby=" + "id," * 5000, "sortby is not understood"),
        ("query=1", "query is not understood"),
        ("query={", "query is no JSON"),
        ('query={"licence":{"eq":"x"}}', "did you mean 'license'"),
        ('query={"license":{"like":"x"}}', "unknown operator"),
        ('query={"license":{"eq":1}}', "compared with a text"),
        ('query={"license":{}}', "query is not understood"),
        ('query={"license":{"in":[]}}', "a list of 1 to"),
        ('query={"license":{"in":[[]]}}', "compared with a text"),
        ('query={"created":{"lt":"yesterday"}}', "is not a time"),
        ('query={"created":{"contains":"2026"}}', "use lt, lte"),
        ('query={"table:row_count":{"gt":"1e5"}}', "is a number"),
        ('query={"table:row_count":{"gt":true}}', "is a number"),
        ("q=", "q has an empty word"),
        ("q=%20%20,a", "empty word"),
        ("q=" + "a," * 60, "more than 50"),
        ("intersects=x", "intersects is no JSON"),
        ("intersects=[]", "no GeoJSON geometry"),
        ("fields=" + "a," * 2000, "include is no list"),
        ("filter=licence='x'", "did you mean 'license'"),
        ("filter=license=1", "takes a text"),
        ("filter=", "filter"),
        ("filter=" + "(" * 50, "filter"),
        ("filter=" + "a" * 5000, "filter"),
        ("filter=id='x'&filter-lang=sql", "filter-lang"),
        ("filter=id='x'&filter-lang=cql2-json", "no JSON"),
        ("filter=id='x'&filter-crs=EPSG:25832", "filter-crs is not known"),
        ("filter-crs=nonsense", "filter-crs is not known"),
        ("limit=1&limit=2", "there twice"),
        ("sortby=keywords", "keywords is a list"),
        ('query={"keywords":{"eq":"x"}}', "A_CONTAINS(keywords"),
        ("filter=keywords = 'x'", "A_CONTAINS(keywords"),
        ("q=(tree", "does not close"),
        ("bbox=170,49,-170,48", "south above its north"),
        ("bbox=190,48,-170,49", "leaves the Earth"),
    ],
)
def test_wrong_questions_are_told_so(ask, query, words):
    answer = ask(f"{SEARCH}?{query.replace('{', '%7B')}")
    if query.startswith("token=9999999999999999~"):  # far in the future is as good as now
        assert answer.status_code == 200
        return
    assert answer.status_code == 400, answer.text
    assert words in answer.json()["detail"]
    assert len(answer.content) < 2000


BOW = [[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]


@pytest.mark.parametrize(
    ("geometry", "words"),
    [
        ({"type": "Polygon", "coordinates": [BOW]}, "crosses"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0]]]}, "not closed"),
        ({"type": "Polygon", "coordinates": []}, "do not fit"),
        ({"type": "LineString", "coordinates": [[0, 0]]}, "less than two"),
        ({"type": "LineString", "coordinates": [[0, 0], [0, 0]]}, "crosses"),
        ({"type": "Point", "coordinates": [200, 0]}, "leaves the Earth"),
        ({"type": "Point", "coordinates": [11.5]}, "two or three numbers"),
        ({"type": "Point", "coordinates": [True, 1]}, "two or three numbers"),
        ({"type": "Point", "coordinates": "11,48"}, "do not fit"),
        ({"type": "MultiPoint", "coordinates": [[0, 0]] * 10_001}, "more than 10000"),
        ({"type": "MultiPoint", "coordinates": [[[[[[0]]]]]]}, "two or three numbers"),
        ({"type": "Feature", "geometry": TRIANGLE}, "none of Point"),
        ({"type": ["Point"], "coordinates": [0, 0]}, "none of Point"),
        ({"type": "GeometryCollection", "geometries": []}, "no list of"),
        (
            {"type": "GeometryCollection", "geometries": [{"type": "GeometryCollection", "geometries": []}]},
            "none of Point",
        ),
        ("POINT(0 0)", "no GeoJSON geometry"),
    ],
)
def test_geometries_that_are_none_are_refused(ask, geometry, words):
    answer = post(ask, {"intersects": geometry})
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert words in answer.json()["detail"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "no JSON"),
        (b"{", "no JSON"),
        (b"\xff\x00", "no JSON"),
        (b'{"limit": NaN}', "no JSON"),
        (b"[" * 5000, "no JSON"),
        (b"[]", "no JSON object"),
        (b'{"q": ["\\ud800"]}', "no JSON"),
        (
            b'{"datetime": "2026-03-01T00:00:00Z", "limit": 1, "datetime": ".."}',
            "'datetime' twice in one object",
        ),
        (b'{"fields": {"include": ["id"], "include": ["bbox"]}}', "the body has 'include' twice"),
        (b"[" * 1000 + b"]" * 1000, "the body"),
        ({"limit": "1"}, "limit is no"),
        ({"limit": True}, "limit is no"),
        ({"limit": 0}, "limit is no"),
        ({"bbox": "1,2,3,4"}, "four or six"),
        ({"bbox": [1, 2, 3, "4"]}, "four or six"),
        ({"bbox": [1, 2, 1e300, 4]}, "leaves the Earth"),
        ({"datetime": 5}, "datetime is no text"),
        ({"datetime": None, "token": 5}, "token is no text"),
        ({"ids": {}}, "ids is no list"),
        ({"ids": [1]}, "ids is no list"),
        ({"collections": []}, "collections is no list"),
        ({"collections": ["x"] * 1001}, "collections is no list"),
        ({"sortby": "datetime"}, "sortby is not understood"),
        ({"sortby": [{"field": {}}]}, "named by a text"),
        ({"sortby": [{"field": "id", "direction": []}]}, "asc or desc"),
        ({"fields": None}, "fields is not understood"),
        ({"fields": []}, "fields is not understood"),
        ({"fields": {"include": "id"}}, "include is no list"),
        ({"fields": {"include": {}}}, "include is no list"),
        ({"fields": {"exclude": 0}}, "exclude is no list"),
        ({"filter": "id = 'x'"}, "filter is no object"),
        ({"filter": {}, "filter-lang": "cql2-text"}, "filter-lang is cql2-text"),
        ({"filter": {"op": "drop", "args": []}}, "filter"),
        ({"filter": {}, "filter-lang": []}, "filter-lang"),
        ({"filter": {"op": "=", "args": [{"property": "x"}, 1]}}, "does not have"),
        ({"query": {"license": []}}, "query is not understood"),
        ({"query": {"license": {"eq": "x" * 1001}}}, "compared with a text"),
        ({"bbox": [0, 0, 1, 1], "intersects": TRIANGLE}, "exclude each other"),
        ({"box": [0, 0, 1, 1]}, "did you mean 'bbox'"),
    ],
)
def test_wrong_bodies_are_told_so(ask, body, words):
    answer = post(ask, body)
    assert answer.status_code == 400, answer.text
    assert words in answer.json()["detail"]
    assert post(ask, {}, f"{SEARCH}?limit=1").status_code == 400  # a body and an address that say two things


def test_a_body_without_end_is_not_read(ask):
    answer = post(ask, b" " * (1024 * 1024 + 1))
    assert answer.status_code in (400, 413)  # whoever counts first
    assert "1048576" in answer.json()["detail"]


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.floats(allow_nan=False)
    | st.integers(-(2**60), 2**60)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
MEMBERS = (
    "filter",
    "filter-lang",
    "bbox",
    "collections",
    "datetime",
    "fields",
    "ids",
    "intersects",
    "limit",
    "q",
    "query",
    "sortby",
    "token",
)


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(MEMBERS), JUNK, max_size=3))
def test_nothing_that_is_asked_is_a_fault_of_ours(ask, body):
    try:
        data = orjson.dumps(body)
    except TypeError:  # a lone surrogate, which is no JSON
        return
    assert post(ask, data).status_code in (200, 400)


@settings(max_examples=40)
@given(st.sampled_from(MEMBERS), st.text(string.printable, max_size=30) | st.text(max_size=10))
def test_nor_is_what_stands_in_an_address(ask, name, value):
    try:
        query = quote(value)
    except UnicodeEncodeError:
        return
    assert ask(f"{SEARCH}?{name}={query}").status_code in (200, 400)


def test_a_damaged_layer_is_no_empty_answer_and_stops_no_other(store, client_of):
    for key in list(store.list(f"layers/{made.SITES.id}/revisions")):
        FileStore(store.root).put(key, b"junk")
    ask = client_of(store)
    assert names(ask.json(SEARCH)) == [B2, B1, C1]
    assert ask(f"{SEARCH}?collections={made.SITES.id}").status_code == 500
    assert post(ask, {"collections": [made.SITES.id]}).status_code == 500


def test_what_is_not_cleared_is_not_found(filled, client_of, monkeypatch):
    ask = client_of(filled)
    monkeypatch.setattr("twin.settings.Settings.shows", lambda self, layer: layer.name != "buildings")
    assert names(ask.json(SEARCH)) == [S1, C1]
    assert ask.json(f"{SEARCH}?collections={made.BUILDINGS.id}")["features"] == []
    assert ask(f"{SEARCH}?token=1~{made.BUILDINGS.id}~1").status_code == 400


def test_browsers_may_post(ask):
    assert "POST" in ask(SEARCH, "OPTIONS").headers["access-control-allow-methods"]
    assert "POST" not in ask("/stac", "OPTIONS").headers["access-control-allow-methods"]


AT = "2026-02-25T12:00:00Z"


def test_links_to_the_search_keep_the_time(ask):
    found = [link for link in ask.json(f"/stac?datetime={AT}")["links"] if link["rel"] == "search"]
    assert [link["method"] for link in found] == ["GET", "POST"]
    assert {link["href"] for link in found} == {f"/stac/search?datetime={AT.replace(':', '%3A')}"}


def posting(ask, path, body):
    answer = post(ask, body, path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_body_without_a_time_has_that_of_its_address(ask):
    path = f"/stac/search?datetime={AT}"
    then = posting(ask, path, {"limit": 1})
    assert then["numberMatched"] == 2
    links = {link["rel"]: link for link in then["links"]}
    assert links["root"]["href"] == f"/stac?datetime={AT.replace(':', '%3A')}"
    assert links["next"]["body"]["datetime"] == AT
    rest = posting(ask, links["next"]["href"], links["next"]["body"])
    assert rest["numberMatched"] == 2
    assert rest["features"] != then["features"]
    assert (
        posting(ask, path, {"datetime": "2026-01-01T00:00:00Z/.."})["numberMatched"] == 4
    )  # the body's own counts
