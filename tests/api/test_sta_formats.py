"""``$resultFormat=CSV`` and ``GeoJSON``, as FROST has them."""

import csv
import io
import json
from datetime import timedelta
from urllib.parse import quote

import made
import pytest

from api.app import create_app
from catalog.cities import write_city
from catalog.observations import append
from tests.api.asgi import Client
from twin.record import Feature, Observation
from twin.settings import Settings
from twin.store import FileStore

ROOT = "/sta/v1.1"
NAMES = {"a": '=HYPERLINK("x")', "b": "Am;=1+1", "c": 'Say "yes", twice', "d": None}


@pytest.fixture(scope="module")
def ask(tmp_path_factory):
    """Four counters, one of which has no place and one no value, with names that harm spreadsheets."""
    store = FileStore(tmp_path_factory.mktemp("formats"))
    write_city(store, made.CITY)
    features = [
        Feature(
            f"{made.COUNTS.id}.{name}",
            name,
            {"name": told, "station": name, "observed_at": made.NOON},
            None if name == "c" else made.point(11.5, 48.1),
        )
        for name, told in NAMES.items()
    ]
    made.publish(store, made.COUNTS, features, made.NOON - timedelta(days=1))
    values = [
        Observation(feature.id, "bicycles", float(hour), "1/15min", made.NOON - timedelta(hours=hour))
        for feature in features[:3]
        for hour in (1, 2, 3)
    ]
    append(store, made.COUNTS.id, values, made.NOON)
    return Client(create_app(Settings(viewer="no-viewer"), store, ttl=60, now=lambda: made.NOON))


def asked(path, **options):
    return f"{ROOT}/{path}?" + "&".join(f"${name}={quote(text)}" for name, text in options.items())


def lines(answer):
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    return list(csv.DictReader(io.StringIO(answer.content.decode(), newline="")))


def test_csv_has_a_line_for_each_entity_and_no_links(ask):
    path = asked("Datastreams", resultFormat="CSV")
    rows = lines(ask(path))
    assert list(rows[0])[:7] == [
        *("id", "name", "description", "observationType"),
        *("unitOfMeasurement/name", "unitOfMeasurement/symbol", "unitOfMeasurement/definition"),
    ]
    plain = ask.json(asked("Datastreams"))["value"]
    assert [row["id"] for row in rows] == [stream["@iot.id"] for stream in plain]
    assert [row["phenomenonTime"] for row in rows] == [stream["phenomenonTime"] for stream in plain]
    assert json.loads(rows[0]["properties"]) == plain[0]["properties"]
    assert not any("Link" in name for name in rows[0])
    assert "attachment" in ask(path).headers["content-disposition"]


def test_csv_has_the_columns_that_were_chosen_and_at_least_one(ask):
    rows = lines(ask(asked("Datastreams", resultFormat="CSV", select="unitOfMeasurement/symbol,name")))
    assert list(rows[0]) == ["name", "unitOfMeasurement/symbol"]
    assert {row["unitOfMeasurement/symbol"] for row in rows} == {"1/15min"}
    for kind, select in (("Things", "Datastreams"), ("Datastreams", "unitOfMeasurement/none")):
        refused = ask(asked(kind, resultFormat="CSV", select=select))
        assert (refused.status_code, "$select" in refused.json()["detail"]) == (400, True)
    found = lines(ask(asked("Datastreams", resultFormat="CSV", select="Thing", expand="Thing($select=name)")))
    assert list(found[0]) == ["Thing/name"]
    found = lines(ask(asked("Things", resultFormat="CSV", select="selfLink,name")))
    assert list(found[0]) == ["selfLink", "name"]
    assert f"{ROOT}/Things('" in found[0]["selfLink"]


def test_csv_is_harmless_in_spreadsheets(ask):
    rows = lines(ask(asked("Things", resultFormat="csv", select="name", orderby="id")))
    assert [row["name"] for row in rows] == [
        '\'=HYPERLINK("x")',
        "Am;'=1+1",
        'Say "yes", twice',
        "probe.bike-counts.d",
    ]


def test_csv_has_columns_of_what_is_expanded_and_empty_cells_where_nothing_is(ask):
    newest = "Datastreams($top=1;$select=name;$expand=Observations($top=1;$orderby=result;$select=result))"
    rows = lines(ask(asked("Things", resultFormat="CSV", select="id", expand=newest, orderby="id")))
    assert list(rows[0]) == ["id", "Datastreams/name", "Datastreams/Observations/result"]
    assert [row["Datastreams/Observations/result"] for row in rows] == ["1.0", "1.0", "1.0", ""]
    (one,) = lines(ask(asked(f"Datastreams('{made.COUNTS.id}:{made.COUNTS.id}.c:bicycles')", resultFormat="CSV", expand="Thing($expand=Locations($top=1))")))  # fmt: skip # noqa: E501
    assert (one["Thing/name"], one["observedArea"], one["Thing/Locations/location"]) == (
        'Say "yes", twice',
        "",
        "",
    )


def test_csv_goes_on_by_its_header_and_refuses_several_in_a_line(ask):
    first = ask(asked("Observations", resultFormat="CSV", select="id", top="5"))
    address = first.headers["link"].partition(">")[0].removeprefix("<")
    second = ask(address)
    ids = [row["id"] for answer in (first, second) for row in lines(answer)]
    assert len(ids) == len(set(ids)) == 9
    assert "link" not in second.headers
    for expand in ("Datastreams", "Datastreams($top=2)", "Datastreams($top=1;$expand=Observations)"):
        refused = ask(asked("Things", resultFormat="CSV", expand=expand))
        assert refused.status_code == 400
        assert "$top=1" in refused.json()["detail"]
    header = ask(asked("Things", resultFormat="CSV", filter="name eq 'none'", select="name"))
    assert header.content == b"name\r\n"


def test_geojson_tells_all_by_path_and_the_first_place(ask):
    latest = (
        "Datastreams($select=name;$expand=Observations($top=1;$orderby=phenomenonTime desc;$select=result))"
    )
    answer = ask(
        asked("Things", resultFormat="GeoJSON", count="true", orderby="id", expand=f"{latest},Locations")
    )
    assert answer.headers["content-type"] == "application/geo+json"
    found = answer.json()
    assert (found["type"], found["@iot.count"], len(found["features"])) == ("FeatureCollection", 4, 4)
    first = found["features"][0]
    assert first["geometry"] == {"type": "Point", "coordinates": [11.5, 48.1]}
    assert first["properties"]["Datastreams/0/Observations/0/result"] == 1.0
    assert first["properties"]["properties/station"] == "a"
    assert first["properties"]["Locations/0/encodingType"] == "application/geo+json"
    assert not any("Link" in name or "location" in name for name in first["properties"])
    assert [feature["geometry"] is None for feature in found["features"]] == [False, False, True, False]
    (one,) = ask.json(asked(f"Locations('{made.COUNTS.id}:{made.COUNTS.id}.a')", resultFormat="geojson"))["features"]  # fmt: skip # noqa: E501
    assert one["properties"]["name"] == NAMES["a"]
    assert "@iot.nextLink" in ask.json(asked("Things", resultFormat="GeoJSON", top="2"))


def test_formats_have_manners(ask):
    for name in ("CSV", "GeoJSON"):
        path = asked("Observations", resultFormat=name, top="5")
        first = ask(path)
        assert ask(path, if_none_match=first.headers["etag"]).status_code == 304
        assert ask(path, "HEAD").content == b""
    for wrong in ("csw", "", "CSV,GeoJSON", "\u00e4", "dataarray"):
        assert ask(asked("Things", resultFormat=wrong)).status_code == 400
    assert ask(asked("Things", resultFormat="default")).json() == ask(asked("Things")).json()
    assert ask(asked("Observations", resultFormat="dataarray")).json()["value"][0]["components"]
    assert ask(asked(f"Things('{made.COUNTS.id}:{made.COUNTS.id}.a')/name", resultFormat="CSV")).status_code == 400  # fmt: skip # noqa: E501
