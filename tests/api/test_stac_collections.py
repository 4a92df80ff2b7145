"""STAC collection search: place, time, words, filters, order, parts and pages of collections."""

from urllib.parse import quote, urlencode

import orjson
import pytest
from pystac.validation import validate_dict

PATH = "/stac/collections"
B, S, C = "buildings", "construction-sites", "bike-counts"
REL = "http://www.opengis.net/def/rel/ogc/1.0/"


def names(page):
    return [found["id"].removeprefix("probe.") for found in page["collections"]]


def search(ask, **given):
    return ask.json(f"{PATH}?" + urlencode({name.replace("_", "-"): text for name, text in given.items()}))


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"filter": "twin:theme = 'traffic'"}, [C]),
        ({"filter": "NOT twin:theme = 'traffic' AND table:row_count >= 4"}, [B, S]),
        ({"filter": "CASEI(title) LIKE CASEI('%BIKE%')"}, [C]),
        ({"filter": "S_INTERSECTS(geometry, POINT(11.5005 48.1005))"}, [B]),
        ({"filter": "S_WITHIN(geometry, BBOX(11.505,48.105,11.515,48.115))"}, [S]),
        ({"filter": "extent.temporal < TIMESTAMP('2026-02-20T00:00:00Z')"}, [B, C]),
        ({"filter": "T_AFTER(extent.temporal, DATE('2026-02-25'))"}, [S]),
        ({"filter": "created < updated"}, [B]),
        ({"filter": "A_CONTAINS(keywords, ('traffic', 'Probe City'))"}, [C]),
        ({"filter": "A_CONTAINS(table:columns, ('height_m'))"}, [B]),
        ({"filter": "A_OVERLAPS(table:columns, ('height_m', 'direction_1'))"}, [B, C]),
        ({"filter": "NOT A_OVERLAPS(keywords, ('traffic', 'construction'))"}, [B]),
        (
            {"filter": "license IN ('DL-DE-BY-2.0') AND twin:city = 'probe' AND keywords IS NOT NULL"},
            [B, S, C],
        ),
        ({"filter": "table:row_count / 2 > 10"}, [B]),
        (
            {"filter": '{"op":"=","args":[{"property":"id"},"probe.buildings"]}', "filter_lang": "cql2-json"},
            [B],
        ),
        ({"filter": "id LIKE '%s'", "filter_crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}, [B, S, C]),
        ({"sortby": "id"}, [C, B, S]),
        ({"sortby": "-id"}, [S, B, C]),
        ({"sortby": "+table:row_count"}, [C, S, B]),
        ({"sortby": "-extent.temporal,-title"}, [S, B, C]),
        ({"sortby": "twin:city,-table:row_count"}, [B, S, C]),
        ({"q": "trees,english", "sortby": "id", "limit": "1", "offset": "1"}, [B]),
        ({"q": "bike-counts OR buildings"}, [B, C]),
        ({"q": "+english -traffic"}, [B, S]),
        ({"q": '"one sentence" AND (traffic OR construction)'}, [S, C]),
        ({"q": "baustelle"}, [S]),
        ({"bbox": "11.5,48.1,11.505,48.101", "filter": "twin:theme <> 'traffic'"}, [B]),
        ({"bbox": "11.5,48.1,-170,48.101"}, [B]),
        ({"bbox": "170,48,-170,49"}, []),
        ({"bbox": "11.5,48.1,0,11.505,48.101,900"}, [B]),
        ({"datetime": "../2026-02-20T00:00:00Z", "sortby": "id"}, [C, B]),
        ({"datetime": "2026-02-25T00:00:00Z", "filter": "table:row_count < 30"}, [B, C]),
    ],
)
def test_what_is_found(ask, given, found):
    page = search(ask, **given)
    assert names(page) == found
    assert page["numberReturned"] == len(found)


def test_a_collection_is_filtered_as_it_was_then(ask):
    assert names(search(ask, filter="table:row_count = 30")) == [B]
    then = search(ask, filter="table:row_count = 25", datetime="2026-02-25T00:00:00Z")
    assert names(then) == [B]
    assert then["collections"][0]["table:row_count"] == 25
    validate_dict(then["collections"][0], extensions=[])


@pytest.mark.parametrize(
    ("fields", "members"),
    [
        ("", "description extent id license links stac_version type"),
        ("title,keywords", "id keywords stac_version title type"),
        ("+id,+extent.temporal", "extent id stac_version type"),
        ("title,-title", "id stac_version title type"),
        ("extent,-extent.spatial", "extent id stac_version type"),
        ("nothing", "id stac_version type"),
    ],
)
def test_only_the_parts_asked_for_are_sent(ask, fields, members):
    for found in search(ask, fields=fields)["collections"]:
        assert sorted(found) == members.split()
        if "temporal" in fields:
            assert sorted(found["extent"]) == ["temporal"]
        if "spatial" in fields:
            assert sorted(found["extent"]) == ["temporal"]


def test_parts_are_left_out(ask):
    whole = ask.json(PATH)["collections"]
    less = search(ask, fields="-links,-table:columns,-providers")["collections"]
    for one, other in zip(whole, less, strict=True):
        assert other == {k: v for k, v in one.items() if k not in ("links", "table:columns", "providers")}


def test_without_words_all_are_listed_whole(ask):
    page = ask.json(PATH)
    assert names(page) == [B, S, C]
    for found in page["collections"]:
        validate_dict(found, extensions=[])
        assert found == ask.json(f"{PATH}/{found['id']}")


def test_pages_keep_the_question_and_lead_both_ways(ask):
    given = {"q": "english,nothing", "filter": "twin:city = 'probe'", "sortby": "-id", "fields": "title"}
    page, seen, back = search(ask, **given, limit=1), [], []
    while True:
        seen += names(page)
        links = {link["rel"]: link["href"] for link in page["links"]}
        assert ask.json(links["self"])["collections"] == page["collections"]
        if "next" not in links:
            break
        page = ask.json(links["next"])
    while True:
        back += names(page)
        links = {link["rel"]: link["href"] for link in page["links"]}
        if "prev" not in links:
            break
        page = ask.json(links["prev"])
    assert seen == back[::-1] == [S, B, C]
    assert ask.json(f"{PATH}?offset=99")["collections"] == []


@pytest.mark.parametrize(
    ("rel", "sorts"),
    [("queryables", False), ("sortables", True)],
)
def test_what_can_be_asked_is_described(ask, rel, sorts):
    (link,) = [link for link in ask.json(PATH)["links"] if link["rel"] == REL + rel]
    answer = ask(link["href"])
    assert answer.headers["content-type"] == "application/schema+json"
    known = answer.json()["properties"]
    assert {"id", "title", "extent.temporal", "created", "license"} <= known.keys()
    assert ("keywords" in known) is not sorts
    document = ask.json(PATH)["collections"][0]
    for name, told in known.items():
        query = f"sortby=-{name}" if sorts else f'filter="{name}" IS NOT NULL'
        assert names(ask.json(f"{PATH}?{query}")), name
        assert name == "geometry" or name.split(".")[0] in document
        assert told["x-titles"]["de"]
    if not sorts:
        assert known["keywords"]["type"] == "array"


@pytest.mark.parametrize("path", ["/stac", f"{PATH}/probe.buildings"])
def test_what_items_can_be_sorted_by_is_described(ask, path):
    (link,) = [link for link in ask.json(path)["links"] if link["rel"] == REL + "sortables"]
    known = ask.json(link["href"])["properties"]
    assert {"id", "collection", "datetime", "table:row_count"} <= known.keys()
    assert not {"geometry", "keywords", "table:columns"} & known.keys()
    for name in known:
        assert ask(f"/stac/search?sortby=-{name}").status_code == 200, name


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("filter=titel='x'", "did you mean 'title'"),
        ("filter=title=1", "takes a text"),
        ("filter=keywords='x'", "A_CONTAINS(keywords"),
        ("filter=", "filter"),
        ("filter=" + "(" * 50, "filter"),
        ("filter=" + "a" * 5000, "filter"),
        ("filter=id='x'&filter-lang=sql", "filter-lang"),
        ("filter=id='x'&filter-lang=cql2-json", "no JSON"),
        ("filter=id='x'&filter-crs=EPSG:25832", "filter-crs is not known"),
        ("filter-crs=nonsense", "filter-crs is not known"),
        ("filter=\0", "filter"),
        ("sortby=titel", "did you mean 'title'"),
        ("sortby=", "unknown field"),
        ("sortby=keywords", "no order"),
        ("sortby=" + "id," * 20, "sortby is not understood"),
        ("fields=" + "a," * 2000, "include is no list"),
        ("q=", "empty word"),
        ("q=" + "a," * 60, "more than 50"),
        ("q=" + "ä" * 1001, "longer than 1000"),
        ('q="a', "does not close"),
        ("bbox=1,2,3", "four or six"),
        ("bbox=170,49,-170,48", "south above its north"),
        ("datetime=2026-03-01", "is not a time"),
        ("datetime=2026-03-02T00:00:00Z/2026-03-01T00:00:00Z", "ends before it begins"),
        ("limit=0", "limit"),
        ("limit=x", "limit"),
        ("offset=-1", "offset"),
        ("ids=a", "unknown query parameter"),
        ("query={}", "unknown query parameter"),
        ("q=a&q=b", "there twice"),
    ],
)
def test_wrong_questions_are_told_so(ask, query, words):
    answer = ask(f"{PATH}?{quote(query, safe='=&+/:,')}")
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert words in answer.json()["detail"]


def test_what_does_not_change_is_not_sent_again(ask):
    query = f"{PATH}?" + urlencode({"filter": "twin:theme = 'traffic'", "fields": "title"})
    first = ask(query)
    assert ask(query, **{"If-None-Match": first.headers["etag"]}).status_code == 304
    assert orjson.loads(first.content)["collections"][0]["title"].endswith(
        "bike-counts in English (Demo – made-up data)"
    )


@pytest.mark.parametrize("time", ["", "?datetime=2026-02-25T00:00:00Z"])
def test_children_are_what_the_root_links_to(ask, time):
    root = ask.json(f"/stac{time}")
    (link,) = [link["href"] for link in root["links"] if link["rel"] == "children"]
    children = ask.json(link)["children"]
    assert children
    there = [ask(link["href"]) for link in root["links"] if link["rel"] == "child"]
    assert children == [answer.json() for answer in there if answer.status_code == 200]
