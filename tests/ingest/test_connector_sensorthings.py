"""SensorThings as a FROST server answers, and as files hold it."""

import json

import pytest
import shapely

from tests.ingest.asking import records
from tests.replay import Replay, as_json
from twin.errors import RecipeError, SourceBroken
from twin.record import Shape

PLACE = {
    "@iot.id": 1,
    "name": "Ort",
    "location": {"type": "Feature", "geometry": {"type": "Point", "coordinates": [11.5, 48.1]}},
}
THING = {
    "@iot.id": 7,
    "name": "Zählstelle",
    "description": "x",
    "properties": {"richtung": "Nord", "keywords": ["a"]},
    "Locations": [PLACE],
}


def stream(number, *results, thing=THING, **more):
    return {
        "@iot.id": number,
        "name": "Fahrradaufkommen im 15-Min-Intervall",
        "unitOfMeasurement": {"name": "Anzahl", "symbol": None, "definition": None},
        "properties": {"layerName": "Anzahl_Fahrraeder_Zaehlstelle_15-Min"},
        "Thing": thing,
        "ObservedProperty": {"name": "Anzahl", "definition": "http://x"},
        "Observations": [
            {
                "@iot.id": n,
                "phenomenonTime": f"2026-11-20T20:{15 * n:02}:00Z/2026-11-20T20:{15 * n + 14}:59Z",
                "result": r,
            }
            for n, r in enumerate(results)
        ],
    } | more


@pytest.fixture
def server():
    with Replay() as replay:
        yield replay


def test_pages_of_a_server_are_followed_and_a_thing_comes_once(server):
    pages = {
        None: {"value": [stream(1, 4, 5)], "@iot.nextLink": f"{server.url}/v1.1/Datastreams?$skip=1"},
        "1": {"value": [stream(2, 6)]},
    }
    server.routes["/v1.1/Datastreams"] = lambda query: as_json(pages[query.get("$skip")])
    found = records(
        "sensorthings", f"{server.url}/v1.1/", options={"filter": "name eq 'x'", "observations": 10}
    )
    thing, *values = found
    assert [r.shape for r in found].count(Shape.FEATURE) == 1
    assert shapely.from_wkb(thing.geometry).coords[0] == (11.5, 48.1)
    assert thing.values == {
        "thing": "7",
        "name": "Zählstelle",
        "description": "x",
        "properties.richtung": "Nord",
    }
    assert [v.values["result"] for v in values] == [4, 5, 6]
    assert values[1].values["start"] == "2026-11-20T20:15:00Z"
    assert values[1].values["end"] == "2026-11-20T20:29:59Z"
    assert values[0].values["properties.layerName"] == "Anzahl_Fahrraeder_Zaehlstelle_15-Min"
    asked = server.asked[0][1]
    assert asked["$filter"] == "name eq 'x'"
    assert asked["$expand"].endswith("Observations($top=10;$orderby=phenomenonTime desc)")


def test_things_with_their_datastreams_inside(tmp_path):
    thing = THING | {"Datastreams": [{k: v for k, v in stream(1, 3).items() if k != "Thing"}]}
    (tmp_path / "a.json").write_text(json.dumps({"value": [thing, THING | {"@iot.id": 8}]}))
    first, value, second = records("sensorthings", tmp_path / "a.json")
    assert (first.values["thing"], second.values["thing"]) == ("7", "8")
    assert (value.values["thing"], value.values["result"]) == ("7", 3)
    (tmp_path / "a.json").write_text(json.dumps(thing))
    assert len(records("sensorthings", tmp_path / "a.json")) == 2


def test_entities_in_lists_of_their_own_are_joined(tmp_path):
    document = {
        "Things": [{"@iot.id": "a", "name": "A"}, {"@iot.id": "b", "name": "B"}],
        "Locations": [{"@iot.id": "a", "location": {"type": "Point", "coordinates": [7.4, 46.9]}}],
        "Datastreams": [
            {
                "@iot.id": "a-t",
                "unitOfMeasurement": {"symbol": "°C"},
                "Thing": {"@iot.id": "a"},
                "ObservedProperty": {"name": "T"},
            }
        ],
        "Observations": [
            {"Datastream": {"@iot.id": "a-t"}, "phenomenonTime": "2025-06-05T18:39:52Z", "result": 19.9},
            {"Datastream": {"@iot.id": "gone"}, "phenomenonTime": "2025-06-05T18:39:52Z", "result": 1},
        ],
    }
    (tmp_path / "a.json").write_text(json.dumps(document))
    a, value, b = records("sensorthings", tmp_path / "a.json")
    assert (a.values["name"], a.crs) == ("A", "EPSG:4326")
    assert (value.values["unit"], value.values["result"], value.values["end"]) == (
        "°C",
        19.9,
        "2025-06-05T18:39:52Z",
    )
    assert (b.values["name"], b.geometry) == ("B", None)


def test_what_is_odd_is_a_broken_record(tmp_path):
    odd = [
        stream(1, 1, thing=None),
        stream(
            2,
            thing=THING | {"Locations": [{"location": {"type": "Point", "coordinates": ["x"]}}]},
            Observations=[{"result": 1}, "x"],
        ),
    ]
    (tmp_path / "a.json").write_text(json.dumps({"value": odd}))
    nowhere, _, lost, untimed, none = records("sensorthings", tmp_path / "a.json")
    assert nowhere.notes == ("a datastream that names no thing",)
    assert "cannot be read" in lost.notes[0]
    assert (untimed.values, none.values) == ({}, {})


@pytest.mark.parametrize("document", [{"value": [{"id": 1}]}, {"value": 5}, [1], {"message": "Not found"}])
def test_other_documents_are_named(tmp_path, document):
    (tmp_path / "a.json").write_text(json.dumps(document))
    with pytest.raises(SourceBroken, match="no answer of a SensorThings server"):
        records("sensorthings", tmp_path / "a.json")


def test_a_circle_of_pages_ends(server):
    server.routes["/Datastreams"] = lambda query: as_json(
        {"value": [], "@iot.nextLink": f"{server.url}/Datastreams?$skip=1"}
    )
    with pytest.raises(SourceBroken, match="circle"):
        records("sensorthings", server.url)


@pytest.mark.parametrize("options", [{"page": 0}, {"observations": "all"}, {"page": True}])
def test_wrong_options_are_named(server, options):
    with pytest.raises(RecipeError, match="is a number from 1 to"):
        records("sensorthings", server.url, options=options)
