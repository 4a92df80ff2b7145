"""JSON as gauges (a list in each item), weather (two lists) and car parks (an object of lots) write it."""

import json
from datetime import date

import pytest
import shapely

from ingest.connectors.json_tables import filled
from tests.ingest.asking import records
from tests.replay import HTML, Answer, Replay, as_json
from twin.errors import RecipeError, SourceBroken, SourceChanged
from twin.record import Shape

GAUGES = [
    {
        "uuid": "u-1",
        "shortname": "PASSAU",
        "longitude": 13.46,
        "latitude": 48.57,
        "water": {"shortname": "DONAU"},
        "timeseries": [
            {
                "shortname": "W",
                "unit": "cm",
                "currentMeasurement": {"timestamp": "2026-07-26T19:15:00+02:00", "value": 159},
            },
            {"shortname": "PH", "unit": "--"},
        ],
    },
    {"uuid": "u-2", "shortname": "OHNE ORT", "timeseries": []},
]
GAUGE_TABLES = [
    {"lon": "longitude", "lat": "latitude"},
    {"each": "timeseries", "shape": "observation"},
]


def written(folder, document, name="answer.json"):
    (folder / name).write_text(json.dumps(document), "utf-8")
    return folder / name


def asked(url, tables=None, **options):
    return records("json", url, options=({"tables": tables} if tables else {}) | options)


def test_items_are_features_and_their_inner_lists_observations(tmp_path):
    passau, nowhere, level, acid = asked(written(tmp_path, GAUGES), GAUGE_TABLES)
    assert shapely.get_coordinates(shapely.from_wkb(passau.geometry)).tolist() == [[13.46, 48.57]]
    assert passau.crs == "EPSG:4326"
    assert passau.values["water.shortname"] == "DONAU"
    assert "timeseries" not in passau.values
    assert (nowhere.geometry, nowhere.notes) == (None, ())
    assert level.shape is Shape.OBSERVATION
    assert level.values["uuid"] == "u-1"
    assert level.values["timeseries.shortname"] == "W"
    assert level.values["timeseries.currentMeasurement.value"] == 159
    assert "timeseries.currentMeasurement.value" not in acid.values


def test_several_lists_of_one_document(tmp_path):
    weather = {
        "weather": [{"timestamp": "2026-08-08T00:00:00+00:00", "source_id": 7}],
        "sources": [{"id": 7}],
    }
    tables = [{"items": "sources"}, {"items": "weather", "shape": "observation"}]
    station, value = asked(written(tmp_path, weather), tables)
    assert (station.values, station.shape) == ({"id": 7}, Shape.FEATURE)
    assert value.shape is Shape.OBSERVATION


def test_a_star_takes_all_values_of_an_object(tmp_path):
    lots = {"result": {"lots": {"a": {"free": 1}, "b": {"free": 2}}}}
    assert [r.values["free"] for r in asked(written(tmp_path, lots), [{"items": "result.lots.*"}])] == [1, 2]


def test_a_position_may_lie_in_a_list(tmp_path):
    thing = {"geometry": {"coordinates": [11.5, "48,1"]}, "properties": {"kenn": "01"}}
    table = {"items": "features", "lon": "geometry.coordinates.0", "lat": "geometry.coordinates.1"}
    (one,) = asked(written(tmp_path, {"features": [thing]}), [table])
    assert shapely.get_coordinates(shapely.from_wkb(one.geometry)).tolist() == [[11.5, 48.1]]
    assert one.values["properties.kenn"] == "01"
    del thing["geometry"]["coordinates"][1]
    (one,) = asked(written(tmp_path, {"features": [thing]}), [table])
    assert one.geometry is None


def test_only_what_is_wanted_is_read(tmp_path):
    table = {"each": "timeseries", "shape": "observation", "where": {"timeseries.shortname": ["W", "Q"]}}
    (level,) = asked(written(tmp_path, GAUGES), [table])
    assert level.values["timeseries.unit"] == "cm"
    numbers = [{"indoor": 0}, {"indoor": 1}, {}]
    assert len(asked(written(tmp_path, numbers), [{"where": {"indoor": [0]}}])) == 1


def test_pairs_become_fields(tmp_path):
    pairs = [{"type": "P1", "value": "1"}, {"type": "P1", "value": "2"}, {"type": "P2"}, "x"]
    table = {"pivot": "data.values", "name": "type", "value": "value"}
    (one,) = asked(written(tmp_path, [{"id": 1, "data": {"values": pairs}}]), [table])
    assert one.values == {"id": 1, "data.values.P1": "2", "data.values.P2": None}
    (one,) = asked(written(tmp_path, [{"id": 1, "data": None}]), [table])
    assert one.values == {"id": 1, "data": None}


def test_what_is_no_object_is_a_broken_record_with_its_place(tmp_path):
    good, bad = asked(written(tmp_path, [{"a": 1}, "b"]))
    assert good.values == {"a": 1}
    assert (bad.values, bad.place) == ({}, "answer.json, item 2")


def test_lists_of_words_are_kept_and_lists_of_objects_are_not(tmp_path):
    (one,) = asked(written(tmp_path, [{"tags": ["x", "y"], "people": [{"name": "z"}], "deep": [[1]]}]))
    assert one.values == {"tags": ["x", "y"]}


def test_depth_and_breadth_are_bounded(tmp_path):
    deep = value = {}
    for _ in range(50):
        value["a"] = value = {}
    value["secret"] = 1
    (one,) = asked(written(tmp_path, [deep | {str(i): i for i in range(2_000)}]))
    assert len(one.values) <= 501
    assert not any("secret" in name for name in one.values)


@pytest.mark.parametrize("document", [{"lots": None}, {"lots": {"a": 1}}, {}, [], 5, "lots"])
def test_a_list_that_is_not_there_means_that_the_source_changed(tmp_path, document):
    with pytest.raises(SourceChanged, match="no list at lots"):
        asked(written(tmp_path, document), [{"items": "lots"}])


def test_other_fields_than_the_recipe_knows_are_noticed(tmp_path):
    file = written(tmp_path, [{"uuid": 1, "phone": 2}])
    with pytest.raises(SourceChanged, match="unknown: phone"):
        records("json", file, columns={"required": ["uuid"]})


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"tables": []}, "list of tables"),
        ({"tables": [{"item": "x"}]}, "and no others"),
        ({"tables": [{"items": 3}]}, "are texts"),
        ({"tables": [{"pivot": "x"}]}, "belong together"),
        ({"tables": [{"where": "x"}]}, "where is {field"),
        ({"tables": [{"where": {"x": "y"}}]}, "list of texts"),
        ({"tables": [{"shape": "line"}]}, "feature or observation"),
        ({"tables": [{"lon": "x"}]}, "both lon and lat"),
        ({"table": []}, "did you mean 'tables'"),
    ],
)
def test_a_wrong_option_is_named(tmp_path, options, words):
    with pytest.raises(RecipeError, match=words):
        records("json", written(tmp_path, []), options=options)


@pytest.fixture
def server():
    with Replay() as replay:
        yield replay


def test_pages_and_ids_are_asked_in_turn(server):
    def a(query):
        more = {"next": "?page=2"} if query["page"] == "1" else {"next": None}
        return as_json({"value": [{"n": int(query["page"])}], "links": more})

    server.routes = {"/a": a, "/b%2Fc": lambda query: as_json({"value": [{"n": 3}]})}
    found = asked(f"{server.url}/{{id}}?page=1", [{"items": "value"}], ids=["a", "b/c"], next="links.next")
    assert [(r.values["@asked"], r.values["n"]) for r in found] == [("a", 1), ("a", 2), ("b/c", 3)]


def test_pages_in_a_circle_end(server):
    server.routes["/again"] = lambda query: as_json({"value": [], "next": "/again"})
    with pytest.raises(SourceBroken, match="circle"):
        asked(f"{server.url}/again", [{"items": "value"}], next="next")


def test_the_next_page_is_not_asked_elsewhere(server):
    link = "https://elsewhere.example/again"
    server.routes["/again"] = lambda query: as_json({"value": [], "next": link})
    with pytest.raises(SourceBroken, match="circle"):  # a private host's links are looked for on itself
        asked(f"{server.url}/again", [{"items": "value"}], next="next")
    assert {path for path, _ in server.asked} == {"/again"}


def test_a_web_page_with_status_200_is_an_error(server):
    server.routes["/x"] = lambda query: Answer(HTML, "text/html")
    with pytest.raises(SourceBroken, match="web page"):
        asked(f"{server.url}/x")


@pytest.mark.parametrize(("url", "ids"), [("/x", ["a"]), ("/{id}", [])])
def test_ids_and_their_place_in_the_address_belong_together(server, url, ids):
    with pytest.raises(RecipeError, match="both or none"):
        asked(server.url + url, ids=ids)


def test_dates_in_an_address_are_days_from_today():
    at = date(2026, 3, 1)
    assert filled("x?a={date-1}&b={date+10}&c={date}&d={year}", "Europe/Berlin", at) == (
        "x?a=2026-02-28&b=2026-03-11&c=2026-03-01&d=2026"
    )
