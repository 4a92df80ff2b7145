"""Tables of whole sets are written column by column; they are the tables that the JSON would give."""

import csv
import io
import itertools
from datetime import timedelta

import pytest

from api.app import create_app
from api.sta import formats, query, table
from catalog.cities import write_city
from catalog.observations import append
from tests.api.asgi import Client
from twin.record import Feature, Observation
from twin.settings import Settings
from twin.store import FileStore

import made  # isort: skip

MORE = made.COUNTS.model_copy(update={"id": "probe.more-counts"})
NAMES = ("=1+1", "Am;=1", 'Say "yes", twice', None, "Ärger", "Allee", "Zoo")
ROOT = "/sta/v1.1"
NEWEST = "$expand=Observations($top=1;$orderby=phenomenonTime desc"


@pytest.fixture(scope="module")
def ask(tmp_path_factory):
    """Two layers of counters whose names harm spreadsheets, and follow each other from layer to layer."""
    store = FileStore(tmp_path_factory.mktemp("tables"))
    write_city(store, made.CITY.model_copy(update={"layers": (made.COUNTS, MORE)}))
    for number, layer in enumerate((made.COUNTS, MORE)):
        features = [
            Feature(
                f"{layer.id}.{place}",
                str(place),
                {"name": name, "station": f"s{place}", "observed_at": made.NOON},
                made.point(11.5 + place / 100, 48.1),
            )
            for place, name in enumerate(NAMES[number:])
        ]
        made.publish(store, layer, features, made.NOON - timedelta(days=1))
        values = [
            Observation(one.id, "bicycles", hour + 0.25 * place, "1/15min", made.NOON - timedelta(hours=hour))
            for place, one in enumerate(features)
            for hour in range(1, 40, 2 + place)
        ]
        append(store, layer.id, values, made.NOON)
    return Client(create_app(Settings(viewer="no-viewer"), store, ttl=60, now=lambda: made.NOON))


def lines(answer):
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.text)))


@pytest.mark.parametrize(
    "path",
    [
        *("Things?", "Locations?", "Sensors?", "ObservedProperties?", "Datastreams?", "FeaturesOfInterest?"),
        f"Datastreams?{NEWEST}),Thing,ObservedProperty($select=name)",
        f"Datastreams?{NEWEST};$select=phenomenonTime,result)&$select=id",
        f"Datastreams?{NEWEST};$expand=FeatureOfInterest($select=name))&$select=id,selfLink,unitOfMeasurement",
        f"Datastreams?{NEWEST})&datetime=2026-03-01T03:00:00Z&$top=2",
        "Datastreams?$orderby=Thing/name desc&$skip=1&$top=3&$expand=Thing($select=name,properties)",
        "Things?$filter=startswith(name,'A')&$select=name,properties/station",
        "Things?$filter=name eq 'nobody'",
        "Things?$top=0",
        f"Things('{made.COUNTS.id}:{made.COUNTS.id}.1')/Datastreams?{NEWEST})",
    ],
)
def test_columns_make_the_same_table_as_the_answer_in_json(ask, monkeypatch, path):
    asked = f"{ROOT}/{path}&$resultFormat=CSV"
    found = ask(asked)
    monkeypatch.setattr(table, "fits", lambda *_: False)
    other = ask(asked)
    assert lines(found) == lines(other)
    assert found.headers.get("link") == other.headers.get("link")
    assert found.headers["content-disposition"] == other.headers["content-disposition"]
    assert found.headers["etag"] == other.headers["etag"]


def test_rows_of_several_layers_stand_in_their_order_whatever_is_done_at_once(ask, monkeypatch):
    asked = f"{ROOT}/Datastreams?$orderby=name desc&$resultFormat=CSV&$select=name,id"
    whole = lines(ask(asked))
    for some in (1, 2, 3):
        monkeypatch.setattr(table, "_AT_ONCE", some)
        assert lines(ask(asked)) == whole
    assert len(whole) == 1 + 2 * len(NAMES) - 1
    layers = [line[0].partition(":")[0] for line in whole[1:]]
    assert sum(one != other for one, other in itertools.pairwise(layers)) > 3


def test_a_table_may_be_long_but_not_of_observations_nor_in_json(ask, monkeypatch):
    monkeypatch.setattr(query, "MOST", 2)
    monkeypatch.setattr(query, "LINES", 3)
    assert len(lines(ask(f"{ROOT}/Datastreams?$top=1000&$resultFormat=CSV"))) == 1 + 3
    assert len(lines(ask(f"{ROOT}/Observations?$top=1000&$resultFormat=CSV"))) == 1 + 2
    assert len(ask.json(f"{ROOT}/Datastreams?$top=1000")["value"]) == 2
    several = f"{ROOT}/Datastreams?$top=1000&$resultFormat=CSV&$expand=Observations($top=1)"
    assert len(lines(ask(several))) == 1 + 2


def test_a_table_too_large_is_refused_and_says_how_to_ask_for_less(ask, monkeypatch):
    monkeypatch.setattr(table, "BYTES", 100)
    answer = ask(f"{ROOT}/Things?$resultFormat=CSV")
    assert (answer.status_code, "$select" in answer.json()["detail"]) == (400, True)


@pytest.mark.parametrize("top", ["-1", "x", "1e3", "", "9" * 400])
def test_wrong_numbers_are_refused_as_elsewhere(ask, top):
    assert ask(f"{ROOT}/Things?$resultFormat=CSV&$top={top}").status_code in (200, 400)
    plain = ask(f"{ROOT}/Things?$top={top}").status_code
    assert ask(f"{ROOT}/Things?$resultFormat=CSV&$top={top}").status_code == plain


def test_cells_are_guarded_as_everywhere():
    assert table._texts([b'"=1+1"', b'"a\\tb"', b"null", b"1.5", b'{"a":1}', b'"=1+1"'], 6) == [
        *("'=1+1", formats.cell("a\tb"), "", "1.5", '{"a":1}', "'=1+1"),
    ]


@pytest.mark.parametrize("kind", ["Things", "Datastreams", "Observations", "ObservedProperties"])
@pytest.mark.parametrize("chosen", ["", "name eq 'Zoo'", "result gt 5"])
def test_a_count_is_that_of_the_set(ask, kind, chosen):
    if (kind == "Observations") is not (chosen == "result gt 5") and chosen:
        return
    query = f"$filter={chosen}" if chosen else ""
    answer = ask(f"{ROOT}/{kind}/$count?{query}")
    assert answer.headers["content-type"].startswith("text/plain")
    assert int(answer.text) == ask.json(f"{ROOT}/{kind}?$top=0&$count=true&{query}")["@iot.count"]
    assert ask(f"{ROOT}/{kind}/$count?{query}", if_none_match=answer.headers["etag"]).status_code == 304


def test_a_count_is_of_a_set_and_nothing_follows_it(ask):
    thing = f"{ROOT}/Things('{made.COUNTS.id}:{made.COUNTS.id}.1')"
    assert ask(f"{thing}/Datastreams/$count").text == "1"
    for path, status in (
        (f"{ROOT}/Things/$count/name", 404),
        (f"{ROOT}/Things/$count/$count", 404),
        (f"{thing}/$count", 404),
        (f"{ROOT}/$count", 404),
        (f"{ROOT}/Things/$count?$top=1", 400),
        (f"{ROOT}/Things/$count?$resultFormat=CSV", 400),
        (f"{ROOT}/Things/$count?$filter=nonsense eq 1", 400),
    ):
        assert ask(path).status_code == status, path
