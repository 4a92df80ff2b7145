"""The past of a feature over HTTP and on the command line, from a replayed archive."""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from api.app import create_app
from api.cli import app
from api.formats import html_history
from catalog.cities import write_city
from ingest.job import Job
from ingest.load import load_city
from ingest.series import replay
from tests.api.asgi import Client
from twin.base import Text
from twin.schema import Column, Kind
from twin.settings import Settings
from twin.store import FileStore

FOLDER = Path(__file__).parents[1] / "ingest" / "series"
ITEMS = "/ogc/collections/probestadt.construction-sites/items"


@pytest.fixture(scope="module")
def past(tmp_path_factory):
    store = FileStore(tmp_path_factory.mktemp("past"))
    city = load_city(str(FOLDER))
    layer = city.layers[0].model_copy(update={"tiles": None})
    city = city.model_copy(update={"layers": (layer,)})
    write_city(store, city)
    at = datetime(2026, 11, 21, 12, tzinfo=UTC)
    assert all(
        o.ok for o in replay(Job(city, store, Settings(), at, {layer.id: str(FOLDER / "days")}), [layer])
    )
    return store


@pytest.fixture
def ask(past):
    return Client(create_app(Settings(store=past.url)))


def test_one_feature_tells_its_past(ask):
    told = ask.json(f"{ITEMS}/2026V0001/history")
    assert (told["id"], told["appeared"], told["gone"]) == (
        "2026V0001",
        "2026-05-01T18:00:00Z",
        "2026-05-06T18:00:00Z",
    )
    assert [c["change"] for c in told["changes"]] == ["appeared", "changed", "changed", "gone"]
    assert told["changes"][1]["columns"] == {
        "valid_to": {"before": "2026-06-30T22:00:00Z", "after": "2026-07-31T22:00:00Z"}
    }
    ((change),) = told["schema_changes"]
    assert (change["at"], change["column"], change["features"]) == ("2026-05-04T18:00:00Z", "geometry", 2)
    assert {link["rel"] for link in told["links"]} == {
        "self",
        "alternate",
        "collection",
        "license",
    }  # it is gone


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", ("geändert, Gültig bis", "30.06.2026", "31.07.2026", "erschienen")),
        ("en", ("changed, Valid to", "30 June 2026", "31 July 2026", "appeared")),
    ],
)
def test_people_read_what_changed_in_their_words(ask, past, language, said):
    page = ask(f"{ITEMS}/2026V0001/history", accept="text/html", accept_language=language).text
    title = load_city(str(FOLDER)).layers[0].title.get(language)
    for words in (*said, title):
        assert words in page
    for raw in ("valid_to", "T22:00:00Z</td>", "&#x27;type&#x27;"):
        assert raw not in page


def test_a_change_smaller_than_what_is_shown_is_told_in_full():
    height = Column(name="height_m", kind=Kind.NUMBER, title=Text(de="Höhe", en="Height"), unit="m")
    layer = SimpleNamespace(schema_=SimpleNamespace(columns=(height,)))
    told = html_history._sides("height_m", {"before": 9.81, "after": 9.84}, layer, "de")
    assert told == ("9.81", "9.84")
    assert html_history._sides("height_m", {"before": 9.8, "after": 12.0}, layer, "de") == ("9,8 m", "12 m")


def test_one_time_for_everything(ask):
    then = ask.json(f"{ITEMS}/2026V0001/history?datetime=2026-05-02T18:00:00Z")
    assert then["gone"] is None
    assert len(then["changes"]) == 2
    assert then["schema_changes"] == []
    (item,) = [link["href"] for link in then["links"] if link["rel"] == "item"]
    feature = ask.json(item)
    assert feature["properties"]["valid_to"] == then["changes"][1]["columns"]["valid_to"]["after"]
    assert f"{ITEMS}/2026V0001/history?datetime=2026-05-02T18%3A00%3A00Z" in [
        link["href"] for link in feature["links"] if link["rel"] == "version-history"
    ]


@pytest.mark.parametrize(
    "path",
    [
        f"{ITEMS}/2026V9999/history",
        f"{ITEMS}/2026V0001/history?datetime=2026-04-01",
        "/ogc/collections/probestadt.nothing/items/2026V0001/history",
    ],
)
def test_what_never_was_is_a_problem_in_json(ask, path):
    answer = ask(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert ask(f"{ITEMS}/2026V0001/history?when=now").status_code == 400


def test_the_command_line_tells_the_same(past):
    listed = CliRunner().invoke(app, ["show", "construction-sites", "--history", "--store", past.url])
    assert listed.exit_code == 0
    assert "2026-05-02T18:00:00Z  revision 000002: 1 appeared, 1 changed" in listed.output
    assert "the column geometry comes from area instead of geometry; in 2 features" in listed.output
    one = CliRunner().invoke(
        app, ["show", "construction-sites", "2026V0003", "--history", "--store", past.url]
    )
    assert [line.split("  ")[1] for line in one.output.splitlines()] == ["appeared", "gone", "returned"]
    for words in (["2026V9999", "--history"], ["2026V0001"]):
        wrong = CliRunner().invoke(app, ["show", "construction-sites", *words, "--store", past.url])
        assert wrong.exit_code != 0
