"""Queryables by their own names, and the API definition that tells of them."""

from urllib.parse import quote, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api import asking, named
from twin.base import Text
from twin.schema import Choice, Column, Kind, Schema
from twin.schemas import SCHEMAS

ITEMS = "/ogc/collections/probe.buildings/items"
SITES = "/ogc/collections/probe.construction-sites/items"


def asked(path=ITEMS, **query):
    return f"{path}?{urlencode(query)}"


@pytest.mark.parametrize(
    ("query", "matched"),
    [
        ({"source_id": "DEBY_7"}, 1),
        ({"source_id": "deby_7"}, 0),
        ({"source_id": ""}, 0),
        ({"id": "probe.buildings.b7"}, 1),
        ({"height_m": "19"}, 1),
        ({"height_m": "1.9e1"}, 1),
        ({"storeys": "7"}, 1),
        ({"storeys": "-7"}, 0),
        ({"roof_type": "gabled"}, 30),
        ({"roof_type": "flat"}, 0),
        ({"roof_type": "gabled", "storeys": "7"}, 1),
        ({"roof_type": "gabled", "filter": "storeys < 3"}, 3),
        ({"roof_type": "gabled", "bbox": "11.4,48,11.5105,48.2", "filter": "storeys >= 20"}, 6),
        ({"observed_at": "2026-03-01T12:00:00Z"}, 30),
        ({"observed_at": "2026-03-01T13:00:00+01:00"}, 30),
        ({"observed_at": "2026-03-01T12:00:01Z"}, 0),
    ],
)
def test_only_features_with_just_this_value_are_there(ask, query, matched):
    page = ask.json(asked(**query, limit=100))
    assert (page["numberMatched"], len(page["features"])) == (matched, matched)


def test_links_and_pages_keep_them(ask):
    whole = ask.json(asked(roof_type="gabled", limit=100, sortby="-storeys"))["features"]
    page = ask.json(asked(roof_type="gabled", limit=20, sortby="-storeys"))
    (following,) = [link["href"] for link in page["links"] if link["rel"] == "next"]
    assert "roof_type=gabled" in following
    assert page["features"] + ask.json(following)["features"] == whole
    for wrong in (following.replace("gabled", "flat"), following.replace("&roof_type=gabled", "")):
        assert ask(wrong).status_code == 400
    (readable,) = [link["href"] for link in page["links"] if link.get("title") == "CSV"]
    assert "roof_type=gabled" in readable


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("hieght_m=1", "did you mean 'height_m'"),
        ("roof_typ=flat", "did you mean 'roof_type'"),
        ("title=x", "'title'"),
        ("geometry=x", "'geometry'"),
        ("queryables=x", "'queryables'"),
        ("storeys=1&storeys=1", "twice"),
        ("storeys=1.5", "storeys is no whole number"),
        ("storeys=" + "9" * 19, "18 digits"),
        ("storeys=", "storeys is no whole number"),
        ("storeys=٣", "storeys is no whole number"),
        ("height_m=high", "height_m is no number"),
        ("height_m=1e999", "height_m is no number"),
        ("height_m=nan", "height_m is no number"),
        ("height_m=", "height_m is no number"),
        ("roof_type=", "roof_type has no such choice; there are: flat"),
        ("roof_type=flat,gabled", "roof_type has no such choice"),
        ("observed_at=yesterday", "is not a time"),
        ("observed_at=2026-03-01T12:00:00", "no zone"),
        ("source_id=" + "x" * 501, "longer than 500"),
        ("source_id=%00", "NUL"),
    ],
)
def test_what_is_no_value_is_a_problem_with_a_remedy(ask, query, words):
    answer = ask(f"{ITEMS}?{quote(query, safe='=&%')}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert words in answer.json()["detail"]


def test_each_layer_has_its_own(ask):
    assert ask.json(asked(SITES, source_id="done"))["numberMatched"] == 1
    assert ask.json(asked(SITES, title="Straße <done>"))["numberMatched"] == 1
    assert ask(asked(SITES, height_m="1")).status_code == 400
    assert ask(asked("/ogc/collections/probe.nothing/items", height_m="1")).status_code == 404


def test_truth_values_are_true_or_false():
    title = Text(de="x", en="x")
    schema = Schema(
        id="x/1",
        title=title,
        geometry="any",
        columns=(
            Column(name="open", title=title, kind=Kind.BOOLEAN),
            Column(name="kind", title=title, kind=Kind.ENUM, choices=(Choice(value="a", title=title),)),
        ),
    )
    (yes,), (no,) = (named.conditions({"open": text}, schema) for text in ("true", "false"))
    assert (yes.args[1].value, no.args[1].value) == (True, False)
    with pytest.raises(named.RequestError, match="neither true nor false"):
        named.conditions({"open": "1"}, schema)


@pytest.mark.parametrize("schema", SCHEMAS.values(), ids=lambda schema: schema.id)
def test_no_column_is_called_like_a_parameter(schema):
    assert not set(schema.names) & set(asking.OWN)


def test_the_definition_has_every_queryable_of_every_layer_with_its_type(ask):
    api = ask.json("/ogc/api")
    for layer in ("buildings", "construction-sites", "bike-counts", "air-quality"):
        path = f"/collections/probe.{layer}/items"
        told = [one["$ref"].split("/") for one in api["paths"][path]["get"]["parameters"]]
        parameters = {}
        for *start, key in told:
            assert start == ["#", "components", "parameters"]
            parameters[api["components"]["parameters"][key]["name"]] = api["components"]["parameters"][key]
        assert set(parameters) >= set(asking.OWN)
        for name, queryable in ask.json(f"/ogc/collections/probe.{layer}/queryables")["properties"].items():
            if name != "geometry":
                assert parameters[name]["schema"]["type"] == queryable["type"]
                assert parameters[name]["schema"].get("enum") == queryable.get("enum")
    ids = [
        path[method]["operationId"] for path in api["paths"].values() for method in path.keys() - {"servers"}
    ]
    assert len(set(ids)) == len(ids)


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["height_m", "storeys", "roof_type", "observed_at", "source_id", "use"])
        | st.text(max_size=9),
        st.text(max_size=20) | st.sampled_from(["1", "-1.5", "2026-03-01", "0001-01-01T00:00:00+14:00"]),
        min_size=1,
    )
)
def test_no_name_and_no_value_breaks_the_service(ask, query):
    assert ask(f"{ITEMS}?{urlencode(query, errors='replace')}").status_code in (200, 400)
