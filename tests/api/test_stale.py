"""Whoever gets an old value hears that it is old: in a field and in a header, at every door."""

import json
from datetime import timedelta

import pytest
from made import BUILDINGS, COUNTS, NOON, SITES, fill

from api import show
from api.app import create_app
from api.live import events
from api.live.watch import Watch
from api.service import Service
from catalog.status import read_status, write_status
from tests.api.asgi import Client
from twin import times
from twin.settings import Settings
from twin.store import open_store

HEADER = "stadtzwilling-stale"
HEAD = '?1;state="late";as-of="2026-03-01T12:00:00Z";due-since="2026-03-01T13:00:00Z"'
TOLD = {
    "stale": True,
    "state": "late",
    "as_of": "2026-03-01T12:00:00Z",
    "due_since": "2026-03-01T13:00:00Z",
}
B, S = "/ogc/collections/probe.buildings", "/ogc/collections/probe.construction-sites"
TILES = f"{B}/tiles/WebMercatorQuad"
STREAM = "/sta/v1.1/Datastreams('probe.bike-counts:probe.bike-counts.arnulf:bicycles')"
FIELDS = [
    (B, lambda body: body["twin"]),
    ("/ogc/collections", lambda body: body["collections"][0]["twin"]),
    (f"{B}/items", lambda body: body),
    (f"{B}/items?f=jsonfg", lambda body: body),
    (f"{B}/items/probe.buildings.b1", lambda body: body),
    (f"{B}/items/probe.buildings.b1?f=jsonfg", lambda body: body),
    (f"{B}/items/probe.buildings.b1/history", lambda body: body),
    (TILES, lambda body: body),
    (f"{TILES}/tilejson.json", lambda body: body),
    (f"{TILES}/style.json", lambda body: body["metadata"]),
    ("/ogc/tiles/WebMercatorQuad", lambda body: body["layers"][0]),
    ("/tiles/probe.buildings/tileset.json", lambda body: body["extras"]),
    ("/tiles/probe/tileset.json", lambda body: body["asset"]["extras"]["layers"][0]),
    ("/stac/collections/probe.buildings", lambda body: body["twin:freshness"]),
    ("/stac/collections", lambda body: body["collections"][0]["twin:freshness"]),
    (
        "/stac/collections/probe.buildings/items/000002",
        lambda body: {k.removeprefix("twin:"): v for k, v in body["properties"].items()},
    ),
    (
        "/stac/search?collections=probe.buildings&limit=1",
        lambda body: {k.removeprefix("twin:"): v for k, v in body["features"][0]["properties"].items()},
    ),
    ("/sta/v1.1/Things", lambda body: body["value"][0]["properties"]),
    (STREAM, lambda body: body["properties"]),
    ("/ops/freshness", lambda body: body["layers"][0]),
]
"""Address, and where in its answer the fields stand."""
HEADED = [
    f"{B}/items?f=csv",
    f"{B}/items?f=html",
    f"{TILES}/14/5688/8715",
    "/ogc/tiles/WebMercatorQuad/14/5688/8715",
    f"{STREAM}/Observations",
    f"{S}/items/probe.construction-sites.open",
    "/",
]
"""Addresses without a field for machines: the header says it."""


class World:
    """A service whose clock the test moves."""

    def __init__(self):
        self.store = open_store("memory://")
        fill(self.store)
        self.now = NOON + timedelta(minutes=4)
        self.ask = Client(create_app(Settings(viewer="no"), self.store, ttl=0, now=lambda: self.now))

    def later(self, **time):
        self.now = NOON + timedelta(**time)

    def checked(self):
        """The sources answered just now, and nothing is new."""
        for layer in (BUILDINGS, SITES, COUNTS):
            status = read_status(self.store, layer.id)
            checked = {"last_attempt": self.now, "last_success": self.now}
            write_status(self.store, status.model_copy(update=checked))


@pytest.fixture(scope="module")
def world():
    return World()


@pytest.mark.parametrize(("path", "fields"), FIELDS)
def test_a_field_and_a_header_say_that_an_answer_is_old(world, path, fields):
    world.later(minutes=4)
    fresh = world.ask(path)
    assert fields(json.loads(fresh.content))["stale"] is False
    if "/ops/" not in path:
        header = fresh.headers.get(HEADER, "")  # air quality was never asked, in the lists it is
        assert "probe.buildings" not in header
        assert "state=" not in header
    world.later(hours=3)
    old = world.ask(path)
    told = fields(json.loads(old.content))
    assert {name: told[name] for name in TOLD} == TOLD
    if "/ops/" not in path:
        header = old.headers[HEADER]
        assert header == HEAD or (header.startswith('?1;layers="') and "probe.b" in header)
        assert HEADER in old.headers["access-control-expose-headers"].lower()
    assert old.headers["etag"] != fresh.headers["etag"]
    if "/ops/" not in path:
        assert world.ask(path, if_none_match=fresh.headers["etag"]).status_code == 200
        known = world.ask(path, if_none_match=old.headers["etag"])
        assert (known.status_code, known.headers[HEADER]) == (304, header)


@pytest.mark.parametrize("path", HEADED)
def test_where_there_is_no_field_the_header_says_it(world, path):
    world.later(minutes=4)
    assert "state=" not in world.ask(path).headers.get(HEADER, "")
    world.later(hours=3)
    old = world.ask(path)
    assert old.headers[HEADER].startswith("?1;")
    known = world.ask(path, if_none_match=old.headers["etag"])
    assert (known.status_code, known.headers[HEADER]) == (304, old.headers[HEADER])


def test_people_read_it(world):
    world.later(hours=3)
    german, english = (
        world.ask(f"{B}/items/probe.buildings.b1?f=html", accept_language=language).text
        for language in ("de", "en")
    )
    assert "Diese Angaben können veraltet sein" in german
    assert "1. März" in german or "01.03.2026" in german
    assert "This may be out of date" in english
    world.later(minutes=4)
    assert "may be out of date" not in world.ask(f"{B}/items/probe.buildings.b1?f=html&").text


def test_the_past_is_as_good_as_it_was(world):
    """What was confirmed later is not stale, however silent the source has been since; what came after is."""
    world.later(days=30)
    assert world.ask.json(f"{B}/items")["state"] == "silent"
    for at, stale in (
        ("2026-02-20T12:00:00Z", False),
        ("2026-03-01T12:00:00Z", False),
        ("2026-03-01T13:30:00Z", False),
        ("2026-03-01T15:00:00Z", True),
        ("2026-02-01/2026-02-25", False),
        ("2026-02-20/..", True),
        ("2030-01-01", True),
    ):
        answer = world.ask(f"{B}/items?datetime={at}")
        assert json.loads(answer.content)["stale"] is stale, at
        assert (HEADER in answer.headers) is stale, at


def test_what_never_changes_carries_no_state_of_today(world):
    world.later(days=30)
    for path in (
        f"{TILES}/14/5688/8715?revision=000002",
        "/tiles/probe.buildings/r/000002/tileset.json",
        "/stac/collections/probe.buildings/items/000002/provenance.json",
    ):
        answer = world.ask(path)
        assert (answer.status_code, HEADER in answer.headers) == (200, False)
        assert "immutable" in answer.headers["cache-control"]
    assert "twin:stale" not in world.ask.json("/stac/collections/probe.buildings/items/000001")["properties"]


def test_an_answer_of_the_source_makes_it_fresh_again():
    world = World()
    world.later(hours=3)
    assert world.ask.json(f"{B}/items")["stale"]
    world.checked()
    answer = world.ask(f"{B}/items")
    assert HEADER not in answer.headers
    assert json.loads(answer.content)["stale"] is False
    world.later(hours=3, minutes=30)
    assert world.ask(f"{B}/items", if_none_match=answer.headers["etag"]).status_code == 304


def test_what_a_clock_far_ahead_wrote_down_is_not_fresh():
    world = World()
    world.later(days=-2)
    at = f"{world.now:%Y-%m-%dT%H:%M:%SZ}"
    for path in (f"{B}/items", f"{B}/items?datetime={at}"):
        answer = world.ask(path)
        assert answer.headers[HEADER] == '?1;state="late"'
        told = {"stale": True, "state": "late", "as_of": None, "due_since": None}
        body = json.loads(answer.content)
        assert {name: body[name] for name in told} == told
    told = world.ask.json(B)["twin"]
    assert (told["last_attempt"], told["last_success"], told["next_due"]) == (None, None, None)
    assert told["state_words"]["en"] == "When this was last checked is not known: a clock was ahead."
    assert world.ask.json(STREAM)["properties"]["last_success"] is None
    world.checked()
    assert HEADER not in world.ask(f"{B}/items").headers


def test_the_operator_reads_that_a_clock_was_ahead_and_that_it_is_due(world):
    ahead = times.now() + timedelta(days=2)
    status = read_status(world.store, BUILDINGS.id)
    wrong = status.model_copy(update={"last_attempt": ahead, "last_success": ahead})
    (line,) = show._times(BUILDINGS, wrong)
    assert "next due now" in line
    assert "a clock was ahead" in show._headline(BUILDINGS, None, wrong)
    (line,) = show._times(BUILDINGS, status)
    assert "next due 2026-03-01T" in line


def test_those_who_listen_hear_since_when(world):
    world.later(hours=3)
    service = Service(Settings(), world.store, 0, lambda: world.now)
    watch = Watch(service)
    watch.begin()
    service.now = lambda: NOON + timedelta(hours=13)
    told = {event.layer: event for event in watch.look() if event.kind == "freshness"}
    assert isinstance(told[BUILDINGS.id], events.Event)
    data = told[BUILDINGS.id].document["data"]
    assert {name: data[name] for name in TOLD} == {**TOLD, "state": "silent"}
