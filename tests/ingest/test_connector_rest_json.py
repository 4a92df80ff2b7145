import json

import pytest
import shapely

from tests.ingest.asking import records
from tests.replay import HTML, Answer, Replay, as_json
from twin.errors import RecipeError, SourceBroken, SourceChanged
from twin.record import Shape

COLUMNS = [
    "station id",
    "station code",
    "station name",
    "station longitude",
    "station latitude",
    "station setting name",
    "station type name",
]
STATIONS = {
    "indices": COLUMNS,
    "count": 2,
    "data": {
        "471": ["471", "DEBY037", "München/Stachus", "11.5649", "48.1373", "städtisches Gebiet", "Verkehr"],
        "473": [
            "473",
            "DEBY039",
            "München/Lothstraße",
            "11.5547",
            "48.1545",
            "städtisches Gebiet",
            "Hintergrund",
        ],
    },
}
HOUR = ["2026-08-08 24:00:00", 0, 1, [5, 18, 0, "0.9"], [1, None, 0, "0.85"]]
SERIES = {"2026-08-08 23:00:00": HOUR, "2026-08-09 00:00:00": ["2026-08-09 01:00:00", -1, 1]}


def write(folder, name, document):
    (folder / name).write_text(json.dumps(document))
    return folder / name


def test_stations_are_features_by_the_names_of_their_columns(tmp_path):
    stachus, lothstrasse = records("rest_json", write(tmp_path, "s.json", STATIONS))
    assert stachus.shape is Shape.FEATURE
    assert stachus.values["station_id"] == "471"
    assert stachus.values["station_setting_name"] == "städtisches Gebiet"
    assert stachus.crs == "EPSG:4326"
    assert shapely.from_wkb(stachus.geometry).coords[0] == (11.5649, 48.1373)
    assert lothstrasse.values["station_type_name"] == "Hintergrund"


def test_columns_in_another_order_are_read_by_name_and_new_ones_noticed(tmp_path):
    turned = {"indices": COLUMNS[::-1], "data": {k: v[::-1] for k, v in STATIONS["data"].items()}}
    assert records("rest_json", write(tmp_path, "s.json", turned))[0].values["station_code"] == "DEBY037"
    more = {"indices": [*COLUMNS, "contact person"], "data": {"1": [*STATIONS["data"]["471"], "Erika"]}}
    with pytest.raises(SourceChanged, match="unknown: contact person") as caught:
        records("rest_json", write(tmp_path, "s.json", more))
    assert "Erika" not in str(caught.value)
    fewer = {"indices": COLUMNS[:3], "data": {"1": ["1", "2", "3"]}}
    with pytest.raises(SourceChanged, match="missing: station latitude"):
        records("rest_json", write(tmp_path, "s.json", fewer))


def test_air_quality_in_long_form(tmp_path):
    found = records("rest_json", write(tmp_path, "a.json", {"data": {"471": SERIES}}))
    both = {"station": "471", "start": "2026-08-08 23:00:00", "end": "2026-08-08 24:00:00"}
    assert [dict(r.values) for r in found] == [
        both | {"component": "index", "value": 0},
        both | {"component": "5", "value": 18},
        both | {"component": "1", "value": None},
    ]
    assert {r.shape for r in found} == {Shape.OBSERVATION}


@pytest.mark.parametrize("index", ["3", 3, None])
def test_measures_in_both_versions(tmp_path, index):
    rows = {"2024-09-01 11:00:00": [1, 2, 16, "2024-09-01 12:00:00", index]}
    (record,) = records("rest_json", write(tmp_path, "m.json", {"data": {"21": rows}}))
    assert record.values == {
        "station": "21",
        "start": "2024-09-01 11:00:00",
        "end": "2024-09-01 12:00:00",
        "component": "1",
        "value": 16,
        "scope": "2",
    }


def test_exports_in_long_form(tmp_path):
    header = "city,city_key,datetime,date,hour,station_name,station_id,no2,pm10,o3\n"
    row = "Augsburg,augsburg,2024-01-01 00:00:00,2024-01-01,0,Burg,195,27.0,,21.0\n"
    (tmp_path / "a.csv").write_text(header + row)
    found = records("rest_json", tmp_path / "a.csv")
    start = {"station": "195", "start": "2024-01-01 00:00:00"}
    assert [dict(r.values) for r in found] == [
        start | {"component": "no2", "value": "27.0"},
        start | {"component": "pm10", "value": None},
        start | {"component": "o3", "value": "21.0"},
    ]
    assert records("rest_json", tmp_path / "a.csv", options={"stations": ["1"]}) == []
    (tmp_path / "a.csv").write_text(header.replace("city_key", "operator") + row)
    with pytest.raises(SourceChanged, match="operator"):
        records("rest_json", tmp_path / "a.csv")


@pytest.mark.parametrize("row", [None, 7, [], ["2026-08-08 01:00:00", 0], [1, 2, 3], [[1], 2, 3, "x", None]])
def test_rows_of_another_form_fit_nothing(tmp_path, row):
    found = records("rest_json", write(tmp_path, "a.json", {"data": {"471": {"2026-08-08 00:00:00": row}}}))
    assert [dict(r.values) for r in found] == [{}]
    assert found[0].notes == ("a row of another form than the rest of its document",)


@pytest.mark.parametrize("data", [{}, [], {"471": []}, {"471": {}}])
def test_no_values_yet(tmp_path, data):
    assert records("rest_json", write(tmp_path, "a.json", {"data": data})) == []


@pytest.mark.parametrize("document", [[], {}, {"error": "x"}, {"data": "x"}, {"data": {"471": "x"}}, 7])
def test_other_documents(tmp_path, document):
    with pytest.raises(SourceBroken, match=r"a\.json"):
        records("rest_json", write(tmp_path, "a.json", document))


def test_the_api_is_asked_once_a_station():
    with Replay() as replay:
        url = replay.uba(STATIONS, {"471": SERIES})
        found = records("rest_json", url, options={"stations": ["471", 473], "days": 3})
        assert [r.shape for r in found] == [Shape.FEATURE] * 2 + [Shape.OBSERVATION] * 3
        paths = [path.rpartition("/v3")[2] for path, _ in replay.asked]
        assert paths == ["/stations/json", "/airquality/json", "/airquality/json"]
        query = replay.asked[1][1]
        assert query["station"] == "471"
        assert (query["time_from"], query["time_to"]) == ("1", "24")
        assert query["date_from"] < query["date_to"]


def test_measures_are_asked_by_component():
    with Replay() as replay:
        url = replay.uba(STATIONS, {})
        row = {"data": {"471": {"2026-08-08 00:00:00": [5, 2, 18, "2026-08-08 01:00:00", 0]}}}
        replay.routes["/api/air-data/v3/measures/json"] = [as_json(row)]
        options = {"stations": ["471"], "document": "measures", "components": [5, 1]}
        found = records("rest_json", url, options=options)
        assert len(found) == 3
        assert [(q["component"], q["scope"]) for p, q in replay.asked if "measures" in p] == [
            ("5", "2"),
            ("1", "2"),
        ]
        with pytest.raises(RecipeError, match="components"):
            records("rest_json", url, options={"stations": ["471"], "document": "measures"})


def test_errors_in_place_of_values():
    with Replay() as replay:
        url = replay.uba(STATIONS, {})
        with pytest.raises(RecipeError, match="stations"):
            records("rest_json", url)
        for answer, words in (
            (Answer(HTML, "text/html"), "web page"),
            (as_json({"error": "x"}, status=422), "422"),
            (as_json({"error": "x"}), "no stations"),
            (Answer(b'{"data":{"471":{"x":[%b]}}}' % (b"9" * 4301)), "a number too long"),
        ):
            replay.routes["/api/air-data/v3/airquality/json"] = [answer]
            with pytest.raises(SourceBroken, match=words):
                records("rest_json", url, options={"stations": ["471"]})
