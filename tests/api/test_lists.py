"""A column of lists at every door, and revisions of before, when it was one text."""

import csv
import io
import shutil
import subprocess
import sys
from datetime import timedelta
from urllib.parse import quote, urlencode

import made
import orjson
import pytest
from made import CITY, NOON, point

from api.conformance import filters
from api.conformance.asking import Asker, Missed, Untested
from api.formats import words
from catalog.cities import write_city
from catalog.observations import append
from tests.api import mvt
from twin.layer import Theme
from twin.record import Feature, Observation
from twin.schema import Kind
from twin.store import FileStore

BEFORE = made.layer("stops", "stop/1", Theme.TRAFFIC)
STOPS = made.layer("stops", "stop/2", Theme.TRAFFIC)
ITEMS = "/ogc/collections/probe.stops/items"
THEN = "2026-02-20T00:00:00Z"
NOW = {
    "markt": ["16", "17", "N19"],
    "dom": ["U3", "Übermut, Linie"],
    "tor": ["=1+1", "-5"],
    "wald": None,
}
WAS = {"markt": "16, 17", "dom": "Übermut, Linie, U3", "wald": None, "alt": "7"}


def stops(lines):
    return [
        Feature(
            id=f"probe.stops.{name}",
            source_id=name,
            values={"name": name.title(), "station": name, "lines": told, "observed_at": NOON},
            geometry=point(11.55, 48.15 + place / 100),
        )
        for place, (name, told) in enumerate(lines.items())
    ]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    store = FileStore(tmp_path_factory.mktemp("lists"))
    write_city(store, CITY.model_copy(update={"layers": (STOPS,)}))
    made.publish(store, BEFORE, stops(WAS), NOON - timedelta(days=20))
    made.publish(store, STOPS, stops(NOW), NOON)
    append(store, STOPS.id, [Observation("probe.stops.markt", "delay", 30.0, "s", NOON)], NOON)
    return store


@pytest.fixture(scope="module")
def ask(store, client_of):
    return client_of(store)


def found(ask, **query):
    document = ask.json(f"{ITEMS}?{urlencode({'limit': 10, **query})}")
    assert document["numberMatched"] == document["numberReturned"]
    return {f["id"].rpartition(".")[2]: f["properties"].get("lines") for f in document["features"]}


def test_lists_are_json_arrays(ask):
    assert found(ask) == NOW
    assert found(ask, f="jsonfg") == NOW
    assert found(ask, properties="lines", skipGeometry="true") == NOW
    one = ask.json(f"{ITEMS}/probe.stops.markt")
    assert one["properties"]["lines"] == NOW["markt"]


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("A_CONTAINS(lines, ('16'))", {"markt"}),
        ("A_CONTAINS(lines, ('16','N19'))", {"markt"}),
        ("A_CONTAINEDBY(lines, ('U3','Übermut, Linie','x'))", {"dom"}),
        ("A_EQUALS(lines, ('N19','17','16'))", {"markt"}),
        ("A_OVERLAPS(lines, ('U3','17'))", {"markt", "dom"}),
        ("lines IS NULL", {"wald"}),
        ("NOT A_CONTAINS(lines, ('16'))", {"dom", "tor"}),
        ("A_CONTAINS(lines, ('=1+1')) AND S_INTERSECTS(geometry, BBOX(11,48,12,49))", {"tor"}),
    ],
)
def test_array_functions_ask_a_real_column(ask, condition, names):
    assert set(found(ask, filter=condition)) == names


def test_the_page_of_the_layer_says_what_kind_it_is(ask):
    page = ask("/ogc/collections/probe.stops", accept="text/html", accept_language="de")
    assert page.status_code == 200
    assert "mehrere Texte" in page.text
    assert set(words.KINDS) == set(Kind)


def test_words_are_looked_for_in_each(ask):
    assert set(found(ask, q="ubermut")) == {"dom"}
    assert set(found(ask, q="n19")) == {"markt"}
    assert set(found(ask, q="16, 17")) == {"markt"}


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("sortby=lines", "is a list and has no order"),
        ("sortby=name,-lines", "is a list and has no order"),
        ("lines=16", "A_CONTAINS(lines, ('…'))"),
        ("filter=" + quote("lines = '16'"), "A_CONTAINS(lines, ('…'))"),
        ("filter=" + quote("lines LIKE '1%'"), "A_CONTAINS(lines, ('…'))"),
    ],
)
def test_what_no_list_can_answer_is_refused_with_a_remedy(ask, query, words):
    answer = ask(f"{ITEMS}?{query}")
    assert answer.status_code == 400
    assert words in answer.json()["detail"]


def test_schemas_say_that_it_is_an_array(ask):
    base = "/ogc/collections/probe.stops"
    for kind in ("schema", "queryables"):
        told = ask.json(f"{base}/{kind}")["properties"]["lines"]
        assert (told["type"], told["items"]) == ("array", {"type": "string"})
    assert "lines" not in ask.json(f"{base}/sortables")["properties"]
    columns = {c["name"]: c["type"] for c in ask.json("/stac/collections/probe.stops")["table:columns"]}
    assert columns["lines"] == "list<string>"
    items = ask.json("/stac/collections/probe.stops/items")["features"]
    kinds = {next(c["type"] for c in i["properties"]["table:columns"] if c["name"] == "lines") for i in items}
    assert kinds == {"string", "list<string>"}  # each revision says what its own file has


def test_revisions_of_before_are_read_as_lists(ask):
    told = {name: None if text is None else text.split(", ") for name, text in WAS.items()}
    assert found(ask, datetime=THEN) == told
    assert set(found(ask, datetime=THEN, filter="A_CONTAINS(lines, ('17'))")) == {"markt"}
    assert set(found(ask, datetime=THEN, q="16")) == {"markt"}
    for kind in ("csv", "html", "jsonfg", "parquet", "fgb", "gpkg"):
        assert ask(f"{ITEMS}?{urlencode({'datetime': THEN, 'f': kind})}").status_code == 200


def test_who_still_has_the_old_schema_is_answered_in_texts(store, client_of, tmp_path):
    shutil.copytree(store.root, tmp_path / "store")
    old = FileStore(tmp_path / "store")
    write_city(old, CITY.model_copy(update={"layers": (BEFORE,)}))
    ask = client_of(old)
    assert found(ask)["markt"] == "16, 17, N19"
    assert found(ask, datetime=THEN)["markt"] == "16, 17"
    assert set(found(ask, filter="lines LIKE '16%'")) == {"markt"}


def test_history_says_which_came_and_which_went(ask):
    path = f"{ITEMS}/probe.stops.markt/history"
    (changed,) = (c for c in ask.json(path)["changes"] if c["change"] == "changed")
    assert changed["columns"]["lines"] == {
        "before": ["16", "17"],
        "after": ["16", "17", "N19"],
        "added": ["N19"],
        "removed": [],
    }
    assert "+ N19" in ask(f"{path}?f=html").text
    changes = ask.json(f"{ITEMS}/probe.stops.wald/history")["changes"]
    assert [c["change"] for c in changes] == ["appeared", "changed"]  # it moved, and has no lines still
    assert "lines" not in changes[1]["columns"]


def test_csv_guards_each_and_all_together(ask):
    rows = {r["source_id"]: r for r in csv.DictReader(io.StringIO(ask(f"{ITEMS}?f=csv").text))}
    assert rows["markt"]["lines"] == "16, 17, N19"
    assert rows["tor"]["lines"] == "'=1+1, -5"
    assert rows["wald"]["lines"] == ""


def test_html_joins_them(ask):
    page = ask(f"{ITEMS}?f=html&properties=name,lines").text
    assert "16, 17, N19" in page
    assert "[&#x27;" not in page
    assert "=1+1, -5" in ask(f"{ITEMS}/probe.stops.tor?f=html").text


_READ = """
import sys, json, pyogrio, pyarrow.parquet as pq
told = {}
for name in ("fgb", "gpkg"):
    path = f"{sys.argv[1]}/stops.{name}"
    info = pyogrio.read_info(path)
    subtypes = dict(zip(info["fields"].tolist(), info.get("ogr_subtypes", [])))
    table = pyogrio.read_arrow(path)[1]
    rows = zip(table["source_id"].to_pylist(), table["lines"].to_pylist())
    told[name] = [subtypes.get("lines"), {one: text and json.loads(text) for one, text in rows}]
table = pq.read_table(f"{sys.argv[1]}/stops.parquet")
rows = zip(table["source_id"].to_pylist(), table["lines"].to_pylist())
told["parquet"] = [str(table["lines"].type), dict(rows)]
print(json.dumps(told))
"""


def test_files_have_lists_or_json(ask, tmp_path):
    for kind in ("fgb", "gpkg", "parquet"):
        (tmp_path / f"stops.{kind}").write_bytes(ask(f"{ITEMS}?f={kind}").content)
    done = subprocess.run(
        [sys.executable, "-c", _READ, str(tmp_path)], capture_output=True, check=True, timeout=120
    )
    told = orjson.loads(done.stdout)
    assert {kind: rows for kind, (_, rows) in told.items()} == dict.fromkeys(told, NOW)
    assert told["gpkg"][0] == "OFSTJSON"
    assert told["parquet"][0].startswith("list<")


def test_sensorthings_has_arrays_in_properties(ask):
    thing = "/sta/v1.1/Things('probe.stops:probe.stops.markt')"
    assert ask.json(thing)["properties"]["lines"] == NOW["markt"]
    things = ask.json("/sta/v1.1/Things?$select=name,properties/lines")["value"]
    assert {one["properties"].get("lines") and tuple(one["properties"]["lines"]) for one in things} >= {
        ("16", "17", "N19")
    }
    for query in (
        "$filter=properties/lines eq '16'",
        "$filter=substringof('16',properties/lines)",
        "$orderby=properties/lines",
        "$resultFormat=CSV",
    ):
        assert ask(f"/sta/v1.1/Things?{quote(query, safe='=$,/()')}").status_code < 500, query
    then = ask.json(f"{thing}?datetime={THEN}")
    assert then["properties"]["lines"] == ["16", "17"]
    table = ask("/sta/v1.1/Things?$resultFormat=CSV").text
    rows = {row["name"]: orjson.loads(row["properties"]) for row in csv.DictReader(io.StringIO(table))}
    assert rows["Tor"]["lines"] == NOW["tor"]


def test_tiles_have_them_as_people_read_them(ask):
    base = "/ogc/collections/probe.stops/tiles/WebMercatorQuad"
    z, x, y = _tile(11.55, 48.15)
    found = {
        f.properties["source_id"]: f.properties.get("lines")
        for f in mvt.read(ask(f"{base}/{z}/{y}/{x}").content)
    }
    assert found["markt"] == "16, 17, N19"
    assert found.get("wald") is None
    (layer,) = ask.json(base)["layers"]
    assert layer["propertiesSchema"]["properties"]["lines"]["type"] == "string"


def _tile(lon, lat, z=12):
    from math import asinh, pi, radians, tan

    return z, int((lon + 180) / 360 * 2**z), int((1 - asinh(tan(radians(lat))) / pi) / 2 * 2**z)


def test_the_servers_own_check_asks_a_real_list(ask):
    with Asker(ask.app) as asker:
        assert asker.with_value("list")[1] == "lines"
        filters._arrays(asker)


def test_a_wrong_answer_about_a_list_is_found_out(store, client_of, monkeypatch):
    ask = client_of(store)  # which remembers no answer yet
    with Asker(ask.app) as asker, monkeypatch.context() as patch:
        patch.setattr("catalog.cql.lists._TURNED", {})
        with pytest.raises(Missed, match="other way"):
            filters._arrays(asker)
    with Asker(ask.app) as asker, pytest.raises(Untested):
        asker.with_value("colour")
