"""Abstract tests of OGC 18-088 on ``$expand`` and on data arrays; and what clients of FROST rely on."""

from urllib.parse import quote

import pytest

ROOT = "/sta/v1.1"
ARNULF, HIRSCH = (f"probe.bike-counts:probe.bike-counts.{name}" for name in ("arnulf", "hirsch"))
LATEST = "Observations($top=1;$orderby=phenomenonTime desc)"


def get(ask, path, **options):
    query = "&".join(f"${name}={quote(text)}" for name, text in options.items())
    return ask.json(f"{ROOT}/{path}?{query}")


def test_the_latest_value_of_every_station_is_one_request(ask):
    found = get(ask, "Datastreams", expand=LATEST)["value"]
    assert {entity["@iot.id"]: entity["Observations"][0]["phenomenonTime"] for entity in found} == {
        f"{ARNULF}:bicycles": "2026-03-01T11:45:00Z",
        f"{HIRSCH}:bicycles": "2026-02-28T11:45:00Z",
    }
    assert all("$skiptoken=" in entity["Observations@iot.nextLink"] for entity in found)
    following = ask.json(found[0]["Observations@iot.nextLink"])
    assert following["value"][0]["phenomenonTime"] == "2026-03-01T11:30:00Z"


def test_request_data_expand_takes_options_at_every_level(ask):
    inner = "Observations($top=2;$select=result;$filter=result eq 2;$count=true)"
    (thing,) = get(
        ask,
        "Things",
        filter="name eq 'Arnulf'",
        expand=f"Datastreams($select=name;$expand={inner}),Locations",
    )["value"]
    assert thing["Locations"][0]["location"] == {"type": "Point", "coordinates": [11.55, 48.15]}
    assert "Locations@iot.navigationLink" not in thing
    (stream,) = thing["Datastreams"]
    assert (stream["name"], stream["Observations"]) == ("Arnulf: Bicycles", [{"result": 2.0}] * 2)
    assert stream["Observations@iot.count"] == 96
    assert "description" not in stream


def test_request_data_expand_paths_and_single_entities(ask):
    thing = get(ask, f"Things('{ARNULF}')", expand="Datastreams/ObservedProperty,Datastreams/Sensor")
    (stream,) = thing["Datastreams"]
    assert (stream["ObservedProperty"]["@iot.id"], stream["Sensor"]["@iot.id"]) == (
        "bicycles",
        "probe.bike-counts",
    )
    reading = get(
        ask, "Observations", top="1", expand="Datastream/Thing/HistoricalLocations,FeatureOfInterest"
    )
    assert reading["value"][0]["Datastream"]["Thing"]["HistoricalLocations"][0]["time"]
    assert reading["value"][0]["FeatureOfInterest"]["@iot.id"] == ARNULF
    sensor = get(ask, "Sensors('probe.bike-counts')", expand="Datastreams($expand=Thing($select=name))")
    assert [s["Thing"] for s in sensor["Datastreams"]] == [{"name": "Arnulf"}, {"name": "Hirsch"}]


@pytest.mark.parametrize(
    ("expand", "words"),
    [
        ("Datastream", "did you mean 'Datastreams'"),
        ("Datastreams(", "not closed"),
        ("Datastreams($top=1", "not closed"),
        ("Datastreams)", "do not match"),
        ("Datastreams($tpo=1)", "unknown option"),
        ("Datastreams($top)", "$name=value"),
        ("Datastreams($top=1;$top=2)", "each once"),
        ("Datastreams($filter=nmae eq 'x')", "did you mean 'name'"),
        ("Datastreams($expand=Thing($expand=" * 6 + "Datastreams" + "))" * 6, "too deep"),
        ("Datastreams/Thing/" * 6 + "Datastreams", "too deep"),
        ("Datastreams($resultFormat=dataArray)", "unknown option"),
        ("Locations('x", "not closed"),
        ("", "it has"),
    ],
)
def test_a_wrong_expand_is_refused_with_a_remedy(ask, expand, words):
    answer = ask(f"{ROOT}/Things?$expand={quote(expand)}")
    assert answer.status_code == 400, answer.text
    assert words in answer.json()["detail"]


def test_an_answer_that_would_have_no_end_is_refused(ask):
    wide = "Observations($top=10000;$expand=Datastream($expand=Thing($expand=Datastreams,Locations),Sensor))"
    assert ask(f"{ROOT}/Datastreams?$expand={quote(wide.replace('10000', '5'))}").status_code == 200
    answer = ask(f"{ROOT}/Datastreams?$expand={quote(wide.replace('Sensor', 'Sensor($expand=Datastreams)'))}")
    assert answer.status_code == 400
    assert "$top" in answer.json()["detail"]


@pytest.mark.parametrize("name", ["resultFormat", "$resultFormat"])
def test_data_array(ask, name):
    page = ask.json(f"{ROOT}/Observations?{name}=dataArray&$top=5&$count=true&$orderby=Datastream/id desc")
    assert page["@iot.count"] == 35 * 96 + 36 * 96
    (table,) = page["value"]
    assert table["Datastream@iot.navigationLink"] == f"{ROOT}/Datastreams('{HIRSCH}:bicycles')"
    assert table["components"] == ["id", "phenomenonTime", "resultTime", "result", "parameters"]
    assert table["dataArray@iot.count"] == len(table["dataArray"]) == 5
    one = ask.json(f"{ROOT}/Observations('{table['dataArray'][0][0]}')")
    assert table["dataArray"][0][1:4] == [one["phenomenonTime"], one["resultTime"], one["result"]]
    following = ask.json(page["@iot.nextLink"])
    assert following["value"][0]["dataArray"][0][0] != table["dataArray"][0][0]


def test_data_array_selects_its_columns_and_is_for_observations_only(ask):
    path = f"{ROOT}/Datastreams('{ARNULF}:bicycles')/Observations?$resultFormat=dataArray&$top=1"
    assert ask.json(f"{path}&$select=result,phenomenonTime")["value"][0]["dataArray"] == [
        ["2026-01-24T12:00:00Z", 1.0]
    ]
    for wrong in (
        f"{path}&$expand=Datastream",
        f"{ROOT}/Things?$resultFormat=dataArray",
        f"{ROOT}/Observations?$resultFormat=csw",
    ):
        assert ask(wrong).status_code == 400


def test_answers_have_manners(ask):
    first = ask(f"{ROOT}/Things")
    assert ask(f"{ROOT}/Things", if_none_match=first.headers["etag"]).status_code == 304
    assert ask(f"{ROOT}/Things", "HEAD").content == b""
    assert ask(f"{ROOT}/Things", "POST").status_code == 405
    assert ask(f"{ROOT}/Things", "DELETE").status_code == 405
    assert first.headers["access-control-allow-origin"] == "*"


def test_openapi_names_every_option_of_the_door(ask):
    paths = ask.json("/openapi.json")["paths"]
    told = {p["name"] for p in paths["/sta/v1.1/{resource}"]["get"]["parameters"]}
    assert told >= {"$filter", "$expand", "$select", "$orderby", "$top", "$skip", "$count", "$resultFormat"}
    assert "$ref" not in str(paths["/sta/v1.1/{resource}"]["get"]["parameters"])
