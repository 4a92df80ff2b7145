import gzip
import json

import pytest
import shapely

from tests.ingest.asking import records, run
from tests.replay import EXCEPTION_REPORT, HTML, SERVICE_EXCEPTION, Answer, Replay, as_json, gzipped
from twin.errors import RecipeError, SourceBroken, SourceChanged, SourceDown, SourceRefused

PATH = "/geoserver/mor_wfs/ows"
TYPE = {"type": "mor_wfs:baustellen_opendata"}


def feature(number, **properties):
    ring = [[11.5, 48.1], [11.6, 48.1], [11.6, 48.2], [11.5, 48.1]]
    return {
        "type": "Feature",
        "id": f"baustellen_opendata.{number}",
        "geometry": {"type": "MultiPolygon", "coordinates": [[ring]]},
        "properties": {"art": "Baumaßnahme", "strasse_hausnr": f"Weg {number}", **properties},
    }


@pytest.fixture
def replay():
    with Replay() as server:
        yield server


def test_all_pages_are_read_and_counted(replay):
    url = replay.wfs(PATH, [feature(n) for n in range(7)])
    options = TYPE | {"count": 3, "filter": "art='Baumaßnahme'", "sort": "objectid"}
    found, origins = run("wfs", url, options=options)
    assert [r.values["strasse_hausnr"] for r in found] == [f"Weg {n}" for n in range(7)]
    assert [r.place for r in found][2:4] == ["page 1, feature 3", "page 2, feature 1"]
    assert found[0].values["@id"] == "baustellen_opendata.0"
    assert found[0].crs == "EPSG:4326"
    assert shapely.from_wkb(found[0].geometry).geom_type == "MultiPolygon"
    assert len(origins) == 3
    assert [query["startIndex"] for _, query in replay.asked] == ["0", "3", "6"]
    query = replay.asked[0][1]
    assert query["CQL_FILTER"] == "art='Baumaßnahme'"
    assert query["typeNames"] == TYPE["type"]
    assert (query["version"], query["srsName"], query["count"]) == ("2.0.0", "EPSG:4326", "3")
    assert query["sortBy"] == "objectid"


def test_servers_with_a_lower_page_limit_are_asked_on(replay):
    url = replay.wfs(PATH, [feature(n) for n in range(7)], most=2)
    assert len(records("wfs", url, options=TYPE)) == 7


def test_without_a_total_a_short_page_is_the_last(replay):
    url = replay.wfs(PATH, [feature(n) for n in range(4)], total="unknown")
    assert len(records("wfs", url, options=TYPE | {"count": 3})) == 4
    assert len(replay.asked) == 2
    assert records("wfs", replay.wfs(PATH, []), options=TYPE) == []


@pytest.mark.parametrize(
    ("quirk", "words"),
    [
        ({"deaf": True}, "startIndex"),
        ({"total": 9}, "7 of 9 features"),
        ({"reshuffled": 1}, r"options\.sort"),
    ],
)
def test_answers_that_lose_features_are_broken(replay, quirk, words):
    url = replay.wfs(PATH, [feature(n) for n in range(7)], **quirk)
    with pytest.raises(SourceBroken, match=words):
        records("wfs", url, options=TYPE | {"count": 3})


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (Answer(SERVICE_EXCEPTION, "application/xml"), SourceBroken, "InvalidParameterValue"),
        (Answer(SERVICE_EXCEPTION, "application/json"), SourceBroken, "InvalidParameterValue"),
        (Answer(EXCEPTION_REPORT, "text/xml"), SourceBroken, "NoApplicableCode"),
        (Answer(HTML, "text/html"), SourceBroken, "web page"),
        (Answer(b"", "application/json"), SourceBroken, "empty"),
        (Answer(b"x", "image/png"), SourceBroken, "image/png"),
        (
            Answer(b'{"type":"FeatureCollection","features":[{"a"', "application/json"),
            SourceBroken,
            "cut off",
        ),
        (Answer(b'{"type":"FeatureCollection","features":[', cut=99), SourceBroken, "connection"),
        (as_json({"error": "Erika"}), SourceBroken, "FeatureCollection"),
        (Answer(b"[" * 100_000, "application/json"), SourceBroken, "nested"),
        (Answer(b'{"a":"\xff"}', "application/json"), SourceBroken, "UTF-8"),
        (Answer(b'{"features":[],"a":%b}' % (b"9" * 4301)), SourceBroken, "a number too long"),
        (Answer(status=503), SourceDown, "503"),
        (Answer(status=400), SourceBroken, "400"),
        (gzipped(Answer(b" " * 3_000_000)), SourceRefused, "inflated"),
    ],
)
def test_errors_in_place_of_data(replay, answer, error, words):
    replay.routes[PATH] = [answer]
    with pytest.raises(error, match=words) as caught:
        records("wfs", replay.url + PATH, options=TYPE)
    assert "Erika" not in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("total", ["9" * 4301, "²", "unknown", "-1"])
def test_a_count_that_is_none_is_left_aside(replay, total):
    url = replay.wfs(PATH, [feature(n) for n in range(3)], total=total)
    assert len(records("wfs", url, options=TYPE)) == 3


def test_other_columns_are_a_changed_source_named_without_values(replay):
    columns = {"required": ["art", "strasse_hausnr"], "optional": ["fachliche_id"]}
    url = replay.wfs(PATH, [feature(n) for n in range(3)])
    assert len(records("wfs", url, options=TYPE, columns=columns)) == 3
    url = replay.wfs(PATH, [feature(1), feature(2, ansprechpartner="Erika")])
    with pytest.raises(SourceChanged, match="unknown: ansprechpartner") as caught:
        records("wfs", url, options=TYPE, columns=columns)
    assert "Erika" not in str(caught.value)
    with pytest.raises(SourceChanged, match="missing: beginn"):
        records(
            "wfs", url, options=TYPE, columns={"required": ["art", "beginn"], "optional": ["strasse_hausnr"]}
        )


def test_a_column_that_only_some_features_carry_is_there(replay):
    url = replay.wfs(PATH, [feature(1), feature(2, ende="x")])
    columns = {"required": ["art", "strasse_hausnr", "ende"]}
    assert len(records("wfs", url, options=TYPE | {"count": 1}, columns=columns)) == 2


def test_the_answers_own_crs_comes_before_the_one_asked_for(replay):
    url = replay.wfs(PATH, [feature(1)], crs="urn:ogc:def:crs:EPSG::25832")
    assert records("wfs", url, options=TYPE)[0].crs == "urn:ogc:def:crs:EPSG::25832"


def test_bad_records_come_through_without_killing_the_page(replay):
    body = (
        b'{"type":"FeatureCollection","features":['
        b'{"type":"Feature","properties":{"a":"\\ud800"},"geometry":null},'
        b'{"type":"Feature","properties":{"a":NaN},"geometry":{"type":"Point","coordinates":[1e999,48]}},'
        b'{"type":"Feature","properties":{"a":1},"geometry":{"type":"Point","coordinates":[11,48]}},null]}'
    )
    replay.routes[PATH] = [Answer(body)]
    lone, odd, good, nothing = records("wfs", replay.url + PATH, options=TYPE)
    assert lone.geometry is None
    assert lone.notes == ()
    assert odd.geometry is None
    assert odd.notes == ("its geometry cannot be read: its coordinates are no finite numbers",)
    assert shapely.from_wkb(good.geometry).equals(shapely.Point(11, 48))
    assert dict(nothing.values) == {}


def test_files_in_the_same_dialect(tmp_path):
    document = {"type": "FeatureCollection", "totalFeatures": 210, "features": [feature(1), feature(2)]}
    (tmp_path / "a.geojson").write_text(json.dumps(document))
    (tmp_path / "b.json.gz").write_bytes(gzip.compress(json.dumps(document).encode()))
    found = records("wfs", tmp_path)
    assert [r.place for r in found] == [
        f"{f}, feature {n}" for f in ("a.geojson", "b.json.gz") for n in (1, 2)
    ]
    assert found[0].notes == ("a.geojson has 2 of the 210 features that it speaks of",)
    assert found[1].notes == ()
    (tmp_path / "c.json").write_bytes(SERVICE_EXCEPTION)
    with pytest.raises(SourceBroken, match=r"c\.json"):
        records("wfs", tmp_path)


def test_slips_in_the_options_are_named(replay):
    with pytest.raises(RecipeError, match="did you mean 'filter'"):
        records("wfs", replay.url, options=TYPE | {"filtr": "x"})
    with pytest.raises(RecipeError, match="type"):
        records("wfs", replay.url)
    with pytest.raises(RecipeError, match="axes"):
        records("wfs", replay.url, options=TYPE | {"axes": "yz"})
