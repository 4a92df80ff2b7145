"""Abstract tests of OGC 18-088 on entities, paths, order and pages; named by the requirement's id."""

from datetime import timedelta
from urllib.parse import quote

import made
import pytest

from catalog.observations import append
from tests.sensorthings import PROPERTIES, RELATIONS
from twin.record import Observation

ROOT = "/sta/v1.1"
STREAM = "probe.bike-counts:probe.bike-counts.arnulf:bicycles"
OBSERVATIONS = f"{ROOT}/Datastreams('{STREAM}')/Observations"


def ids(document):
    return [entity["@iot.id"] for entity in document["value"]]


def walk(ask, path):
    pages = []
    while path is not None:
        pages.append(ask.json(path))
        path = pages[-1].get("@iot.nextLink")
    return pages


def test_resource_path_to_entities_root_names_all_sets_and_what_holds(ask):
    root = ask.json(ROOT)
    assert [entry["name"] for entry in root["value"]] == list(PROPERTIES)
    for entry in root["value"]:
        assert ask(entry["url"]).status_code == 200
    claimed = {name.partition("/req/")[2] for name in root["serverSettings"]["conformance"]}
    assert claimed >= {"datamodel", "resource-path/resource-path-to-entities", "request-data/expand"}
    assert claimed >= {"request-data", "request-data/filter"}
    assert "data-array/data-array" not in claimed  # it asks for writing, too
    assert ask.json(f"{ROOT}/") == root


@pytest.mark.parametrize("kind", PROPERTIES)
def test_datamodel_properties_relations_and_control_information(ask, kind):
    page = ask.json(f"{ROOT}/{kind}?$top=2")["value"]
    assert page
    for entity in page:
        assert set(entity) >= PROPERTIES[kind] | {"@iot.id", "@iot.selfLink"}
        links = {name.partition("@")[0] for name in entity if name.endswith("@iot.navigationLink")}
        assert links == RELATIONS[kind]
        assert ask.json(entity["@iot.selfLink"]) == entity
        for link in links:
            beyond = ask.json(entity[f"{link}@iot.navigationLink"])
            assert beyond.get("value") != [] or kind in ("Sensors", "ObservedProperties")


def test_resource_path_values_refs_and_properties(ask):
    thing = f"{ROOT}/Things('probe.bike-counts:probe.bike-counts.arnulf')"
    assert ask.json(f"{thing}/name") == {"name": "Arnulf"}
    assert ask(f"{thing}/name/$value").text == "Arnulf"
    assert ask(f"{thing}/name/$value").headers["content-type"] == "text/plain; charset=utf-8"
    assert ask.json(f"{thing}/properties/station") == {"station": "arnulf"}
    assert ask.json(f"{thing}/Locations/$ref") == {
        "value": [{"@iot.selfLink": f"{ROOT}/Locations('probe.bike-counts:probe.bike-counts.arnulf')"}]
    }
    assert ask.json(
        f"{thing}/Locations('probe.bike-counts:probe.bike-counts.arnulf')/location/coordinates"
    ) == {"coordinates": [11.55, 48.15]}
    first = ask.json(f"{thing}/Datastreams('{STREAM}')/Observations")["value"][0]
    assert ask(f"{first['@iot.selfLink']}/resultTime").status_code == 204
    assert ask.json(f"{OBSERVATIONS}('{first['@iot.id']}')") == first
    assert ask.json(f"{first['@iot.selfLink']}/Datastream/Thing/name") == {"name": "Arnulf"}


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("Thing", 404, "did you mean 'Things'"),
        ("Things('nobody')", 404, "ask for Things"),
        ("Things('probe.bike-counts:probe.bike-counts.nobody')", 404, "ask for Things"),
        (
            "Things('probe.bike-counts:probe.bike-counts.arnulf')/Datastream",
            404,
            "did you mean 'Datastreams'",
        ),
        (
            "Things('probe.bike-counts:probe.bike-counts.arnulf')/Datastreams('probe.bike-counts:probe.bike-counts.hirsch:bicycles')",
            404,
            "",
        ),
        (
            f"Datastreams('{STREAM}')/Observations('probe.bike-counts:probe.bike-counts.hirsch:bicycles:1')",
            404,
            "",
        ),
        (f"Observations('{STREAM}:99999999999999999999999')", 404, ""),
        (f"Observations('{STREAM}:-1')", 404, ""),
        (f"Observations('{STREAM}:\u0661')", 404, ""),
        ("Things('it''s')", 404, ""),
        ("Things(1)/Datastreams(2)/Observations", 404, "ask for Things"),
        ("MultiDatastreams", 404, "did you mean 'Datastreams'"),
        ("Things('probe.bike-counts:probe.bike-counts.arnulf')/MultiDatastreams", 404, "'Datastreams'"),
        ("Things('a", 400, "cannot be read"),
        ("Things(a)", 400, "cannot be read"),
        ("Things/name", 404, "one entity"),
        ("Things('probe.bike-counts:probe.bike-counts.arnulf')/$value", 400, "$value follows"),
        ("Things('probe.bike-counts:probe.bike-counts.arnulf')/properties/nope", 404, ""),
        ("Things" + "/Things" * 500, 400, "too long"),
        ("%00", 400, "cannot be read"),
        ("Things?$top=-1", 400, "$top"),
        ("Things?$top=1e3", 400, "$top"),
        ("Things?$top=\u0661", 400, "$top"),
        ("Things?$skip=" + "9" * 99, 400, "$skip"),
        ("Things?$count=maybe", 400, "$count"),
        ("Things?$select=nam", 400, "did you mean 'name'"),
        ("Things?$select=", 400, "it has"),
        ("Things?$select=properties/", 400, "names with /"),
        ("Things?$select=properties/" + "a/" * 10 + "b", 400, "names with /"),
        ("Things?$select=name/x", 400, "did you mean 'name'"),
        ("Things?$orderby=Datastreams/Observations/id", 400, "result or phenomenonTime"),
        ("Things?$skiptoken=x", 400, "unknown option"),
        ("Observations?$skiptoken=x", 400, "begin again"),
        (f"Observations?$skiptoken={STREAM}:١", 400, "begin again"),
        ("Observations?$skiptoken=7", 400, "begin again"),
        ("Observations?$skiptoken=probe.bike-counts:nobody:bicycles:1", 404, "begin again"),
        ("Things?$orderby=name sideways", 400, "$orderby"),
        ("Things?$orderby=properties", 400, "order by a part"),
        ("Observations?$orderby=parameters", 400, "phenomenonTime"),
        ("Things?$tpo=1", 400, "did you mean"),
        ("Things?$top=1&$top=2", 400, "twice"),
        ("Things('probe.bike-counts:probe.bike-counts.arnulf')?$top=1", 400, "sets"),
        ("Things('probe.bike-counts:probe.bike-counts.arnulf')/name?$select=name", 400, "leave it out"),
    ],
)
def test_request_data_query_status_code(ask, path, status, words):
    answer = ask(f"{ROOT}/{quote(path, safe='/%?&=$()')}")
    assert answer.status_code == status, answer.text
    assert words in answer.json()["detail"]


def test_request_data_top_skip_count_and_pagination(ask):
    pages = walk(ask, f"{OBSERVATIONS}?$top=1000&$count=true")
    assert [len(page["value"]) for page in pages] == [1000, 1000, 1000, 456]
    assert {page["@iot.count"] for page in pages} == {36 * 96}
    times = [entity["phenomenonTime"] for page in pages for entity in page["value"]]
    assert times == sorted(set(times))
    newest = walk(ask, f"{OBSERVATIONS}?$top=2000&$orderby=phenomenonTime desc")
    assert [e["phenomenonTime"] for page in newest for e in page["value"]] == times[::-1]
    assert len(ask.json(OBSERVATIONS)["value"]) == 100
    nothing = ask.json(f"{OBSERVATIONS}?$top=0&$count=true")
    assert nothing == {"@iot.count": 36 * 96, "value": []}
    beyond = ask.json(f"{OBSERVATIONS}?$skip=100000")
    assert beyond == {"value": []}


def test_request_data_pagination_over_all_streams_neither_loses_nor_repeats(ask):
    pages = walk(ask, f"{ROOT}/Observations?$top=3000&$count=true")
    found = [name for page in pages for name in ids(page)]
    assert len(found) == len(set(found)) == pages[0]["@iot.count"] == 36 * 96 + 35 * 96


@pytest.mark.parametrize(
    ("order", "where"), [("asc", "&$filter=result gt 0 and hour(phenomenonTime) ne 5"), ("desc", "")]
)
def test_pages_of_values_at_the_same_time_neither_lose_nor_repeat(ask, order, where):
    path = f"{ROOT}/Observations?$orderby=phenomenonTime {order}{where}"
    whole = ids(ask.json(f"{path}&$top=10000"))
    found = [name for page in walk(ask, f"{path}&$top=997") for name in ids(page)]
    assert found == whole
    assert len(found) == len(set(found)) > 6000
    skipped = ids(ask.json(f"{path}&$top=7&$skip=3001"))
    assert skipped == whole[3001:3008]


def test_a_value_that_comes_late_neither_hides_nor_repeats_others(store, client_of):
    ask = client_of(store)
    page = ask.json(f"{ROOT}/Observations?$top=3000")
    early = made.NOON - timedelta(days=36, minutes=1)
    late = Observation("probe.bike-counts.arnulf", "bicycles", 7.0, "1/15min", early, "")
    append(store, made.COUNTS.id, [late], made.NOON)
    rest = [name for page in walk(ask, page["@iot.nextLink"]) for name in ids(page)]
    assert len(set(rest) | set(ids(page))) == len(rest) + 3000 == (36 + 35) * 96
    again = ids(ask.json(f"{ROOT}/Observations?$top=1"))
    assert again == [f"{STREAM}:{int(early.timestamp() * 1e6)}"]


def test_request_data_orderby(ask):
    path = f"{ROOT}/Observations?$top=10000&$orderby=result desc,Datastream/Thing/name,phenomenonTime desc"
    found = ask.json(path)["value"]
    keys = [(-e["result"], ".hirsch:" in e["@iot.id"]) for e in found]
    assert keys == sorted(keys)
    same = [e["phenomenonTime"] for e in found if e["result"] == 1 and ".hirsch:" in e["@iot.id"]]
    assert same == sorted(same, reverse=True)
    assert (
        ids(ask.json(f"{ROOT}/Things?$orderby=name desc"))[0] == "probe.bike-counts:probe.bike-counts.hirsch"
    )
    for kind, path in (("Things", "Datastreams/Observations/"), ("Datastreams", "Observations/")):
        for order in ("result desc", "phenomenonTime desc", "result,name desc"):
            found = ids(ask.json(f"{ROOT}/{kind}?$orderby={path}{order}"))
            assert [".arnulf" in name for name in found] == ["name" not in order, "name" in order]
    assert ids(ask.json(f"{ROOT}/Things?$orderby=Datastreams/name desc"))[0].endswith("hirsch")
    assert ids(ask.json(f"{ROOT}/Sensors?$orderby=Datastreams/Thing/name desc"))[0] == "probe.bike-counts"
    names = ids(ask.json(f"{ROOT}/Observations?$top=10000&$orderby=id desc"))
    assert names == sorted(names, reverse=True)


def test_request_data_select_shows_only_what_is_asked_for(ask):
    assert ask.json(f"{ROOT}/Things?$select=name,id&$top=1&$orderby=name")["value"] == [
        {"@iot.id": "probe.bike-counts:probe.bike-counts.arnulf", "name": "Arnulf"}
    ]
    (one,) = ask.json(f"{ROOT}/Things?$select=Datastreams&$top=1")["value"]
    assert set(one) == {"Datastreams@iot.navigationLink"}


def test_datetime_gives_what_was_observed_by_then_and_stays_in_every_link(ask):
    at = "2026-02-01T00:07:00Z"
    page = ask.json(f"{OBSERVATIONS}?datetime={at}&$orderby=phenomenonTime desc&$top=1&$count=true")
    assert page["value"][0]["phenomenonTime"] == "2026-02-01T00:00:00Z"
    assert page["@iot.count"] == (7 * 24 + 12) * 4 + 1
    assert all(at in value for name, value in page["value"][0].items() if name.endswith("Link"))
    stream = ask.json(page["value"][0]["Datastream@iot.navigationLink"])
    assert stream["phenomenonTime"] == "2026-01-24T12:00:00Z/2026-02-01T00:00:00Z"
    later = f"{STREAM}:1772362800000000"
    assert ask(f"{ROOT}/Observations('{later}')").status_code == 200
    assert ask(f"{ROOT}/Observations('{later}')?datetime={at}").status_code == 404
    assert ask.json(f"{ROOT}/Things?datetime=2020-01-01") == {"value": []}


def test_things_tell_where_they_come_from_and_whether_the_source_answers(ask):
    told = ask.json(f"{ROOT}/Things('probe.bike-counts:probe.bike-counts.arnulf')")["properties"]
    assert (told["attribution"], told["licence"]) == ("Probestadt, dl-de/by-2-0", "DL-DE-BY-2.0")
    assert (told["state"], told["last_success"]) == ("fresh", "2026-03-01T12:00:00Z")


def test_links_have_the_public_address(client_of, filled):
    client = client_of(filled, public_url="https://twin.example/")
    thing = client.json(f"{ROOT}/Things?$top=1")
    assert thing["@iot.nextLink"].startswith(f"https://twin.example{ROOT}/Things?$top=1&$skip=1&datetime=")
    assert thing["value"][0]["@iot.selfLink"].startswith(f"https://twin.example{ROOT}/Things('")
