"""A collection asked for with `datetime` tells of then: its extent, and how fresh its source was."""

from datetime import timedelta

import pytest
from made import AIR, BUILDINGS, NOON, fill

from api.app import create_app
from catalog.status import read_status, write_status
from tests.api.asgi import Client
from twin import times
from twin.settings import Settings
from twin.store import open_store

HEADER = "stadtzwilling-stale"
OGC, STAC = "/ogc/collections/probe.buildings", "/stac/collections/probe.buildings"
UNKNOWN = ("reason", "reason_words", "last_attempt", "last_success", "last_change", "next_due")
COUNTED = ("failures", "requests", "received")


class World:
    """A service three hours after its sources were last asked with success."""

    def __init__(self, **status):
        store = open_store("memory://")
        fill(store)
        known = read_status(store, BUILDINGS.id)
        write_status(store, known.model_copy(update={"last_value_at": NOON, **status}))
        now = NOON + timedelta(hours=30)
        self.ask = Client(create_app(Settings(viewer="no"), store, ttl=0, now=lambda: now))

    def told(self, **age):
        """What both doors say of the layer at an instant before or after its last success."""
        when = times.iso(NOON + timedelta(**age))
        ogc, stac = (self.ask.json(f"{path}?datetime={when}") for path in (OGC, STAC))
        assert {name: ogc["twin"][name] for name in stac["twin:freshness"]} == stac["twin:freshness"]
        return ogc["twin"]


@pytest.fixture(scope="module")
def world():
    return World()


@pytest.mark.parametrize("path", [OGC, f"{OGC}?datetime=2026-02-20/..", f"{OGC}?datetime=2030-01-01"])
def test_now_is_told_whole(world, path):
    told = world.ask.json(path)["twin"]
    assert (told["state"], told["failures"]) == ("silent", 0)
    assert told["last_success"] == told["last_attempt"] == times.iso(NOON)
    assert told["next_due"] > told["last_attempt"]
    assert told["state_words"]["en"].endswith("Last checked a day ago.")


@pytest.mark.parametrize("days", [-5, -20])
def test_before_the_last_attempt_nothing_of_today_is_told(world, days):
    """What was tried then is not kept; that the source was asked since is known."""
    told = world.told(days=days)
    assert (told["state"], told["stale"], told["as_of"]) == ("fresh", False, None)
    assert told["state_words"]["en"] == "Was checked again after that."
    for name in (*UNKNOWN, *COUNTED, "last_value_at"):
        assert told[name] is None, name


def test_after_the_last_attempt_it_is_as_old_as_it_was(world):
    told = world.told(minutes=30)
    assert (told["state"], told["failures"]) == ("fresh", 0)
    assert told["last_success"] == told["last_value_at"] == times.iso(NOON)
    assert told["state_words"]["en"] == "Checked 30 minutes ago."
    assert world.told(hours=3)["state"] == "late"


def test_of_failures_only_those_by_then_are_told():
    failed = NOON + timedelta(hours=10)
    world = World(last_attempt=failed, failures=7, error="down", reason="no answer")
    told = world.told(hours=4)
    assert (told["state"], told["stale"], told["failures"], told["reason"]) == ("late", True, None, None)
    assert (told["last_attempt"], told["last_success"]) == (None, times.iso(NOON))
    assert told["state_words"]["en"] == "The source is late. Last checked 4 hours ago."
    assert world.told(hours=10)["failures"] == 7
    now = world.ask.json(OGC)["twin"]
    assert (now["reason"], now["reason_words"]["de"]) == (
        "no answer",
        "Die Quelle war nicht zu erreichen.",
    )


@pytest.mark.parametrize(
    ("age", "interval"),
    [
        ({"days": -20}, None),
        ({"days": -5}, ["2026-02-19T12:00:00Z", "2026-02-24T12:00:00Z"]),
        ({"hours": 1}, ["2026-02-19T12:00:00Z", "2026-03-01T12:00:00Z"]),
    ],
)
def test_an_extent_goes_no_further_than_what_is_asked(world, age, interval):
    body = world.ask.json(f"{OGC}?datetime={times.iso(NOON + timedelta(**age))}")
    assert body["extent"].get("temporal") == (interval and {"interval": [interval]})
    assert body["extent"]["spatial"]["bbox"] != [[0, 0, 0, 0]]


def test_stations_say_the_same(world):
    path = "/sta/v1.1/Things?$top=1&datetime="
    for age, last in (({"days": -5}, None), ({"hours": 3}, times.iso(NOON))):
        told = world.ask.json(path + times.iso(NOON + timedelta(**age)))["value"][0]["properties"]
        assert (told["last_success"], told["state"]) == (last, "late" if last else "fresh")


@pytest.mark.parametrize("path", ["/stac/collections", "/stac/children", "/ogc/collections"])
def test_lists_name_only_what_was_stale_then(world, path):
    """Of the source that never answered nothing is known at any time."""
    assert "probe.buildings" in world.ask(path).headers[HEADER]
    then = world.ask(f"{path}?datetime=2026-02-24T12:00:00Z")
    assert "probe.buildings" not in then.headers.get(HEADER, "")
    assert (AIR.id in then.headers.get(HEADER, "")) == path.startswith("/ogc")


def test_a_city_has_tiles_as_soon_as_a_layer_has_them(world):
    (before,) = world.ask.json("/ogc?datetime=2026-01-01T00:00:00Z")["cities"]
    (after,) = world.ask.json("/ogc?datetime=2026-02-24T00:00:00Z")["cities"]
    assert before["tileset"] is None
    assert after["tileset"].endswith("?datetime=2026-02-24T00%3A00%3A00Z")
    assert world.ask("/tiles/probe/tileset.json?datetime=2026-01-01T00:00:00Z").status_code == 404
