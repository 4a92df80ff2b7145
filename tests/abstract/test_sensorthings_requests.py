"""SensorThings 1.1 (18-088): what can be asked of the entities."""

from urllib.parse import unquote

import pytest

from tests.abstract import named
from tests.abstract.test_sensorthings_model import PROPERTIES, RELATIONS, ROOT, SETS, first

abstract = named.of("iot_sensing/1.1/req/request-data")
arrays = named.of("iot_sensing/1.1/req/data-array")
OBSERVATIONS = f"{ROOT}/Observations"
AT = "2026-02-28T12:00:00Z"
UNORDERED = ("properties", "parameters", "unitOfMeasurement")
"""Documents, of which an order asks for a part."""


def values(ask, kind, **options):
    return ask.json(f"{ROOT}/{kind}", {f"${name}": value for name, value in options.items()})["value"]


def ids(entities):
    return [one["@iot.id"] for one in entities]


@pytest.fixture(scope="module")
def results(ask):
    """All observations of the first day of the first stream: id → (time, result)."""
    found = values(ask, "Observations", top=1000, orderby="phenomenonTime asc")
    return {one["@iot.id"]: (one["phenomenonTime"], one["result"]) for one in found}


@abstract("status-code", "query-status-code")
def test_status_code_query_status_code(ask):
    """What is there is 200, what is not 404, what cannot be asked so 400, and what cannot be changed 405."""
    for kind in PROPERTIES:
        assert ask(f"{ROOT}/{kind}").status_code == 200
        assert ask(f"{ROOT}/{kind}('{2**63 - 1}')").status_code == 404
        assert ask(f"{ROOT}/{kind}({2**63 - 1})").status_code == 404
        wrong = ({"$top": "x"}, {"$top": "-1"}, {"$skip": "-1"}, {"$count": "perhaps"}, {"$nonsense": "1"})
        for query in (
            *wrong,
            {"$orderby": "nonsense"},
            {"$filter": "nonsense eq 1"},
            {"$expand": "Nonsense"},
        ):
            assert ask(f"{ROOT}/{kind}", query).status_code == 400, query
        assert ask(f"{ROOT}/{kind}", method="POST").status_code == 405
        assert ask(f"{ROOT}/{kind}", method="DELETE").status_code == 405
    assert ask(f"{ROOT}/Nonsense").status_code == 404


@abstract("order")
def test_order(ask):
    """First filtered, then counted, ordered, passed over and cut; expanded and selected last."""
    plain = [one["name"] for one in values(ask, "Datastreams")]
    page = ask.json(
        f"{ROOT}/Datastreams",
        {
            **{"$filter": "name ne ''", "$orderby": "name desc", "$skip": 1, "$top": 1, "$count": "true"},
            **{"$select": "name", "$expand": "Thing($select=name)"},
        },
    )
    assert page["@iot.count"] == len(plain)
    assert [one["name"] for one in page["value"]] == sorted(plain, reverse=True)[1:2]
    assert set(page["value"][0]) - {"@iot.id", "@iot.selfLink"} == {"name", "Thing"}


@abstract("expand")
@pytest.mark.parametrize("kind", RELATIONS)
def test_expand(ask, kind):
    """Every relation can be shown in place, alone, together, and one further."""
    entity = first(ask, kind)[0]
    this = "id eq '{}'".format(entity["@iot.id"].replace("'", "''"))
    for relation in RELATIONS[kind]:
        (one,) = values(ask, kind, expand=relation, filter=this)
        beyond = ask.json(entity[f"{relation}@iot.navigationLink"])
        assert one[relation] == beyond.get("value", beyond)
        for further in RELATIONS[SETS[relation]]:
            (deep,) = values(ask, kind, expand=f"{relation}/{further}", filter=this)
            inner = deep[relation][0] if isinstance(deep[relation], list) else deep[relation]
            assert further in inner
            (same,) = values(ask, kind, expand=f"{relation}($expand={further})", filter=this)
            assert same == deep
    (all_of,) = values(ask, kind, expand=",".join(sorted(RELATIONS[kind])), filter=this)
    assert RELATIONS[kind] <= set(all_of)


@abstract("select")
@pytest.mark.parametrize("kind", PROPERTIES)
def test_select(ask, kind):
    """Only the properties that are named, one or several."""
    for names in (*[(name,) for name in sorted(PROPERTIES[kind])], tuple(sorted(PROPERTIES[kind]))):
        for one in values(ask, kind, select=",".join(names), top=2):
            assert {key for key in one if "@" not in key} == set(names)
    assert ask(f"{ROOT}/{kind}", {"$select": "nonsense"}).status_code == 400


@abstract("orderby")
def test_orderby(ask):
    """Upwards without a word, and by asc and desc; by several properties."""
    for kind in ("Things", "Datastreams", "Locations", "Sensors", "ObservedProperties", "FeaturesOfInterest"):
        names = [one["name"] for one in values(ask, kind)]
        for word, back in (("", False), (" asc", False), (" desc", True)):
            assert [one["name"] for one in values(ask, kind, orderby=f"name{word}")] == sorted(
                names, reverse=back
            )
    found = values(ask, "Observations", orderby="result desc,phenomenonTime asc", top=200)
    keys = [(-one["result"], one["phenomenonTime"]) for one in found]
    assert keys == sorted(keys)


@abstract("orderby")
@pytest.mark.parametrize(
    ("kind", "name"),
    [(kind, name) for kind, names in PROPERTIES.items() for name in sorted(names) if name not in UNORDERED],
)
def test_orderby_every_property(ask, kind, name):
    """By each property that is a value or a place, of a set itself and of those beneath an entity."""
    owners = [other for other, links in RELATIONS.items() if kind in links]
    for path in (kind, *(f"{owner}('{first(ask, owner)[0]['@iot.id']}')/{kind}" for owner in owners)):
        for word, back in ((name, False), (f"{name} asc", False), (f"{name} desc", True)):
            found = values(ask, path, orderby=word, top=200)
            keys = [_key(one[name]) for one in found if one[name] is not None]
            assert found
            assert keys == sorted(keys, reverse=back)


def _key(value):
    return value if isinstance(value, int | float | str) else str(value["coordinates"])


@abstract("orderby")
def test_orderby_what_none_has(ask):
    """The time of a result, which no source tells, leaves the order to what is named beside it."""
    newest = values(ask, "Observations", orderby="phenomenonTime desc", top=5)
    assert values(ask, "Observations", orderby="resultTime desc,phenomenonTime desc", top=5) == newest
    pages = []
    link = f"{OBSERVATIONS}?$orderby=resultTime&$top=7"
    while link and len(pages) < 3:
        page = ask.json(unquote(link))
        pages += ids(page["value"])
        link = page.get("@iot.nextLink")
    assert pages == ids(values(ask, "Observations", top=len(pages)))


@abstract("top", "skip", "pagination")
@pytest.mark.parametrize("kind", PROPERTIES)
def test_top_skip_pagination(ask, kind):
    """Pages of the size asked for, none twice and none left out; the next link says more is there."""
    whole = ids(values(ask, kind, top=20))
    assert ids(values(ask, kind, top=1)) == whole[:1]
    assert ids(values(ask, kind, top=1, skip=1)) == whole[1:2]
    assert ids(values(ask, kind, top=0)) == []
    page, seen = ask.json(f"{ROOT}/{kind}", {"$top": 1}), []
    while len(seen) < len(whole):
        seen += ids(page["value"])
        if "@iot.nextLink" not in page:
            break
        assert page["@iot.nextLink"].startswith(ask.BASE)
        assert "$top=1" in unquote(page["@iot.nextLink"])
        page = ask.json(page["@iot.nextLink"])
    assert seen == whole


@abstract("count")
@pytest.mark.parametrize("kind", PROPERTIES)
def test_count(ask, kind):
    """The number of all, whatever the page; and only if it is asked for."""
    page = ask.json(f"{ROOT}/{kind}", {"$count": "true", "$top": 1})
    assert page["@iot.count"] == ask.json(f"{ROOT}/{kind}", {"$count": "true"})["@iot.count"] > 0
    assert "@iot.count" not in ask.json(f"{ROOT}/{kind}", {"$count": "false"})
    assert "@iot.count" not in ask.json(f"{ROOT}/{kind}")


@abstract("filter", "built-in-filter-operations")
@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (f"phenomenonTime lt {AT}", lambda at, value: at < AT),
        (f"phenomenonTime ge {AT}", lambda at, value: at >= AT),
        (f"phenomenonTime eq {AT}", lambda at, value: at == AT),
        (f"phenomenonTime ne {AT} and result gt 1", lambda at, value: at != AT and value > 1),
        ("result eq 1", lambda at, value: value == 1),
        ("result le 1 or result gt 1.5", lambda at, value: True),
        ("not (result eq 2)", lambda at, value: value != 2),
        ("result add 1 eq 3", lambda at, value: value == 2),
        ("result sub 1 eq 0", lambda at, value: value == 1),
        ("result mul 2 gt 3", lambda at, value: value == 2),
        ("result div 2 lt 1", lambda at, value: value == 1),
        ("result mod 2 eq 0", lambda at, value: value == 2),
        ("(result add 1) mul 2 eq 6", lambda at, value: value == 2),
    ],
)
def test_filter_built_in_filter_operations(ask, results, condition, holds):
    """Comparisons, logic, arithmetic and brackets find what plain Python finds."""
    found = values(ask, "Observations", filter=condition, top=1000)
    assert set(ids(found)) == {key for key, told in results.items() if holds(*told)}


@abstract("filter")
def test_filter_over_relations(ask):
    """Conditions on what an entity leads to."""
    (thing, *_) = first(ask, "Things")
    name = thing["name"]
    assert all(
        one["Thing"]["name"] == name
        for one in values(ask, "Datastreams", filter=f"Thing/name eq '{name}'", expand="Thing")
    )
    assert ids(values(ask, "Things", filter=f"Datastreams/Thing/name eq '{name}'")) == [thing["@iot.id"]]
    assert ids(values(ask, "Things", filter=f"id eq '{thing['@iot.id']}'")) == [thing["@iot.id"]]


@abstract("built-in-query-functions")
@pytest.mark.parametrize(
    ("kind", "condition", "number"),
    [
        ("Things", "substringof('rnu',name)", 1),
        ("Things", "startswith(name,'Arn')", 1),
        ("Things", "endswith(name,'ulf')", 1),
        ("Things", "length(name) eq 6", 2),
        ("Things", "indexof(name,'n') eq 2", 1),
        ("Things", "substring(name,1) eq 'rnulf'", 1),
        ("Things", "substring(name,1,2) eq 'rn'", 1),
        ("Things", "tolower(name) eq 'arnulf'", 1),
        ("Things", "toupper(name) eq 'ARNULF'", 1),
        ("Things", "trim(name) eq 'Arnulf'", 1),
        ("Things", "concat(name,'!') eq 'Arnulf!'", 1),
        ("Observations", "year(phenomenonTime) eq 2026", None),
        ("Observations", "month(phenomenonTime) eq 2 and day(phenomenonTime) eq 28", None),
        ("Observations", "hour(phenomenonTime) lt 24 and minute(phenomenonTime) ge 0", None),
        ("Observations", "second(phenomenonTime) eq 0 and fractionalseconds(phenomenonTime) eq 0", None),
        ("Observations", "date(phenomenonTime) eq date(2026-02-28T00:00:00Z)", None),
        ("Observations", "time(phenomenonTime) lt time(2026-02-28T23:59:00Z)", None),
        ("Observations", "totaloffsetminutes(phenomenonTime) eq 0", None),
        ("Observations", "phenomenonTime lt now() and phenomenonTime gt mindatetime()", None),
        ("Observations", "phenomenonTime lt maxdatetime()", None),
        ("Observations", "round(result) ge 1 and floor(result) ge 1 and ceiling(result) ge 1", None),
        ("Locations", "geo.distance(location,geography'POINT(11.55 48.15)') lt 0.001", 1),
        ("Locations", "geo.intersects(location,geography'POINT(11.55 48.15)')", 1),
        ("Locations", "geo.length(location) eq 0", 2),
        *(
            ("Locations", f"st_{name}(location,geography'POLYGON((11 48,12 48,12 49,11 49,11 48))')", number)
            for name, number in (
                ("within", 2),
                ("intersects", 2),
                ("disjoint", 0),
                ("equals", 0),
                ("touches", 0),
            )
        ),
        *(
            ("Locations", f"st_{name}(location,geography'POLYGON((11 48,12 48,12 49,11 49,11 48))')", 0)
            for name in ("contains", "overlaps", "crosses")
        ),
        ("Locations", "st_relate(location,geography'POINT(11.55 48.15)','0FFFFFFF2')", 1),
    ],
)
def test_built_in_query_functions(ask, kind, condition, number):
    """Every function of the standard: texts, times, numbers, places."""
    found = values(ask, kind, filter=condition)
    assert found if number is None else len(found) == number


@arrays("data-array")
def test_data_array(ask):
    """Observations as a table for each stream, as OGC's suite reads it."""
    query = {"$count": "true", "$top": 3, "$resultFormat": "dataArray"}
    page = ask.json(OBSERVATIONS, query)
    assert page["@iot.count"] > 3
    assert page["@iot.nextLink"]
    plain = {one["@iot.id"]: one for one in values(ask, "Observations", top=3)}
    for table in page["value"]:
        assert table["Datastream@iot.navigationLink"].startswith(ask.BASE)
        components = table["components"]
        assert len(set(components)) == len(components)
        assert {"phenomenonTime", "result", "resultTime"} <= set(components)
        assert set(components) & {"id", "@iot.id"}
        assert table["dataArray@iot.count"] == len(table["dataArray"])
        for row in table["dataArray"]:
            told = dict(zip(components, row, strict=True))
            same = plain[told.get("@iot.id", told.get("id"))]
            assert (told["phenomenonTime"], told["result"]) == (same["phenomenonTime"], same["result"])
