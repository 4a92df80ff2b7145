import json
import re

import pytest
import shapely

from ingest.connectors import arcgis
from ingest.scaffold.answer import answer_of
from ingest.scaffold.dialect import Dialect
from ingest.scaffold.service import asked
from tests.ingest.asking import quick, records
from tests.replay import HTML, Answer, Replay, as_json
from twin.errors import RecipeError, SourceBroken, SourceChanged

LAYER = "/arcgis/rest/services/Baustellen/FeatureServer/0"
SPAN = re.compile(r"(?:\((?P<where>.*)\) AND )?FID >= (?P<first>\d+) AND FID <= (?P<last>\d+)")


def feature(number, **properties):
    here = {"type": "Point", "coordinates": [11.5, 48 + number / 10_000]}
    own = {"FID": number, "name": f"N{number}"}
    return {"type": "Feature", "id": number, "geometry": here, "properties": own | properties}


def serve(replay, features, *, most=2000, says="top", gone=(), nothing=False):
    """A layer that sends `most` features at a time and says so in one of the ways in which servers do."""

    def answer(query):
        if query.get("returnIdsOnly") == "true":
            ids = [one["properties"]["FID"] for one in features]
            return as_json({"objectIdFieldName": "FID", "objectIds": None if nothing else ids[::-1]})
        span = SPAN.fullmatch(query["where"])
        first, last = int(span["first"]), int(span["last"])
        found = [one for one in features if first <= one["properties"]["FID"] <= last]
        found = [one for one in found if one["properties"]["FID"] not in gone]
        document = {"type": "FeatureCollection", "features": found[:most]}
        if len(found) > most and says == "top":
            document["exceededTransferLimit"] = True
        if len(found) > most and says == "properties":
            document["properties"] = {"exceededTransferLimit": True}
        return as_json(document, content_type="application/geo+json")

    replay.routes[f"{LAYER}/query"] = answer
    return replay.url + LAYER


@pytest.fixture
def replay():
    with Replay() as server:
        yield server


def names(found):
    return [record.values["name"] for record in found]


SOME = [feature(number) for number in (1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144)]


@pytest.mark.parametrize("says", ["top", "properties", "nothing"])
@pytest.mark.parametrize("most", [1, 3, 11])
@pytest.mark.parametrize("count", [4, 1000])
def test_all_come_however_few_the_server_sends_at_a_time_and_however_it_says_so(replay, says, most, count):
    url = serve(replay, SOME, most=most, says=says)
    found = records("arcgis", url, options={"count": count})
    assert names(found) == names(records("arcgis", serve(replay, SOME)))
    assert [record.values["@id"] for record in found] == [one["id"] for one in SOME]


def test_what_is_asked_and_what_comes(replay):
    (found, *_) = records("arcgis", serve(replay, SOME))
    assert found.values == {"FID": 1, "name": "N1", "@id": 1}
    assert shapely.from_wkb(found.geometry) == shapely.Point(11.5, 48.0001)
    assert (found.crs, found.place) == ("OGC:CRS84", "page 1, feature 1")
    assert [query for _, query in replay.asked] == [
        {"where": "1=1", "returnIdsOnly": "true", "f": "json"},
        {
            "where": "FID >= 1 AND FID <= 144",
            "outFields": "*",
            "outSR": "4326",
            "returnGeometry": "true",
            "f": "geojson",
        },
    ]


@pytest.mark.parametrize(
    "tail", ["?token=x1&where=art%3D7&outFields=name&f=json", "/query?where=art%3D7&token=x1"]
)
def test_a_copied_address_keeps_its_condition_and_its_token(replay, tail):
    records("arcgis", serve(replay, SOME) + tail)
    assert [query["where"] for _, query in replay.asked] == ["art=7", "(art=7) AND FID >= 1 AND FID <= 144"]
    assert {query["token"] for _, query in replay.asked} == {"x1"}
    replay.asked.clear()
    records("arcgis", serve(replay, SOME) + tail, options={"where": "art=8 OR art=9"})
    assert replay.asked[1][1]["where"] == "(art=8 OR art=9) AND FID >= 1 AND FID <= 144"


def test_a_thing_that_is_gone_since_the_ids_were_told_takes_no_other_with_it(replay):
    found = records("arcgis", serve(replay, SOME, gone=(8, 144)))
    assert names(found) == [f"N{number}" for number in (1, 2, 3, 5, 13, 21, 34, 55, 89)]


@pytest.mark.parametrize("nothing", [True, False])
def test_a_layer_without_features_has_none(replay, nothing):
    assert records("arcgis", serve(replay, [], nothing=nothing)) == []
    assert len(replay.asked) == 1


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (
            as_json({"error": {"code": 499, "message": "Token Required: Erika", "details": []}}),
            r"error \(499\)",
        ),
        (as_json({"error": "Erika"}), "an error;"),
        (Answer(HTML, "text/html"), "a web page"),
        (as_json([1]), "something else"),
        (as_json({"objectIdFieldName": "FID", "objectIds": ["a"]}), "names no ids"),
        (as_json({"features": []}), "names no ids"),
    ],
)
def test_an_error_in_place_of_ids_is_one(replay, answer, words):
    url = serve(replay, SOME)
    replay.routes[f"{LAYER}/query"] = [answer]
    with pytest.raises(SourceBroken, match=words) as error:
        records("arcgis", url)
    assert "Erika" not in str(error.value)


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"error": {"code": 400}}, r"error \(400\)"),
        ({"features": "x"}, "older than GeoJSON"),
        ({"features": [feature(7)]}, "other features"),
        ({"features": [feature(3), feature(3)]}, "other features"),
        ({"features": [{"type": "Feature", "properties": {"name": "a"}}]}, r"without their ids \(FID\)"),
        ({"features": [], "exceededTransferLimit": True}, r"a single feature \(3\)"),
    ],
)
def test_an_error_in_place_of_features_is_one(replay, document, words):
    url = serve(replay, SOME)
    ids = as_json({"objectIdFieldName": "FID", "objectIds": [3]})
    replay.routes[f"{LAYER}/query"] = [ids, as_json(document)]
    with pytest.raises(SourceBroken, match=words):
        records("arcgis", url)


@pytest.mark.parametrize(
    "address", ["https://h/arcgis/FeatureServer", "https://h/FeatureServer/x", "https://h/0"]
)
def test_an_address_that_is_no_layer_is_refused(address):
    with pytest.raises(RecipeError, match="FeatureServer/0"):
        records("arcgis", address)
    assert not arcgis.is_layer(address)


@pytest.mark.parametrize("count", [0, "9", True])
def test_a_number_of_features_that_is_none_is_refused(count):
    with pytest.raises(RecipeError, match=r"options\.count"):
        records("arcgis", "https://h/FeatureServer/0", options={"count": count})


def test_other_columns_than_the_recipe_knows_are_told(replay):
    url = serve(replay, [feature(1, new="x")])
    with pytest.raises(SourceChanged, match="unknown: new"):
        records("arcgis", url, columns={"required": ["FID", "name"]})


def test_a_saved_answer_is_read_and_one_that_was_cut_is_refused(tmp_path):
    path = tmp_path / "sites.json"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": SOME}))
    assert len(records("arcgis", path)) == len(SOME)
    path.write_text(json.dumps({"features": SOME, "exceededTransferLimit": True}))
    with pytest.raises(SourceBroken, match='connector = "arcgis"'):
        records("arcgis", path)


@pytest.mark.parametrize("says", ["top", "properties"])
def test_a_new_recipe_asks_for_all_that_the_address_shows_some_of(replay, tmp_path, says):
    document = {"type": "FeatureCollection", "features": SOME}
    flag = {"exceededTransferLimit": True}
    replay.routes[f"{LAYER}/query"] = [as_json(document | (flag if says == "top" else {"properties": flag}))]
    with quick() as fetch:
        address = f"{replay.url}{LAYER}/query?where=1%3D1&outFields=*&f=geojson"
        path, dialect = answer_of(address, fetch, tmp_path)
    assert dialect.connector == "arcgis"
    assert len(records("arcgis", path)) == len(SOME)  # a sample, which nobody takes for all
    assert asked(address, dialect, b"") == (replay.url + LAYER, dialect)
    (url, told) = asked("https://h/MapServer/3/query?where=a%3D1&f=geojson&token=t", Dialect("arcgis"), b"")
    assert (url, told.options) == ("https://h/MapServer/3?token=t", {"where": "a=1"})
