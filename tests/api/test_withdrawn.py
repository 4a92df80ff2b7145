"""A layer that is not cleared any more is gone from every door at once, whatever is kept in memory."""

import asyncio
from datetime import timedelta

import pytest
from made import BUILDINGS, CITY, COUNTS, NOON, SITES, buildings, fill, publish

from api import service as service_module
from api.app import create_app
from api.live.hub import Hub
from api.live.positions import encode
from api.live.stream import Stream
from api.live.watch import Watch
from api.service import Service
from catalog.cities import write_city
from catalog.stac import withdraw, write_stac
from tests.api.asgi import Client
from tests.api.crawl import crawl
from twin.base import Text
from twin.settings import Settings
from twin.store import open_store

STARTS = ["/", "/ogc", "/stac", "/sta/v1.1", "/tiles/probe/tileset.json"]
TILE = "/ogc/collections/probe.buildings/tiles/WebMercatorQuad/14/5688/8715?revision=000002"


class Clock:
    """The process's own clock, which only the test moves."""

    def __init__(self):
        self.now = 0.0

    def monotonic(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    made = Clock()
    monkeypatch.setattr(service_module, "time", made)
    return made


@pytest.fixture
def store():
    made = open_store("memory://")
    fill(made)
    write_stac(made)
    return made


def take_back(store, gone):
    """The recipe says now that the licence is unclear, as `twin run` writes it down."""
    unclear = {"licence": "NOASSERTION", "unclear": Text(de="Unklar.", en="Unclear.")}
    hidden = [
        layer.model_copy(update={"source": layer.source.model_copy(update=unclear)})
        if layer in gone
        else layer
        for layer in CITY.layers
    ]
    write_city(store, CITY.model_copy(update={"layers": tuple(hidden)}))


def test_what_was_kept_in_memory_is_not_served_any_more(store, clock):
    ask = Client(create_app(Settings(viewer="no-viewer"), store, ttl=1.0, now=lambda: NOON))
    seen = [path for path, answer, _ in crawl(ask, STARTS, most=4) if answer.status_code == 200]
    seen += [TILE, "/ogc/collections/probe.buildings/items?limit=3"]
    next_page = ask.json(seen[-1])["links"]
    seen += [link["href"] for link in next_page if link["rel"] == "next"]
    about = {layer.id: [path for path in seen if layer.id in path] for layer in (BUILDINGS, SITES, COUNTS)}
    assert all(about.values())
    assert any("token=" in path for path in about[BUILDINGS.id])
    assert any(".glb" in path for path in about[BUILDINGS.id])
    again = {path: ask(path).status_code for path in seen}  # now all of it is in memory
    assert set(again.values()) == {200}, [path for path, status in again.items() if status != 200]
    take_back(store, (BUILDINGS, SITES, COUNTS))
    clock.now += 1.0
    asked = {path for paths in about.values() for path in paths if not path.startswith("/?")}
    assert [path for path in asked if ask(path).status_code != 404] == []
    bare = open_store("memory://")  # never had any feature, and nobody saw these layers there
    take_back(bare, (BUILDINGS, SITES, COUNTS))
    never = Client(create_app(Settings(viewer="no-viewer"), bare, now=lambda: NOON))
    marks = (b"DEBY_", "Straße <".encode(), b"Arnulf", b"probe.buildings.b1", b"0000000000000000")
    for path in seen:
        answer = ask(path)
        assert answer.status_code in (200, 404), path
        if answer.status_code == 404:
            continue
        if path.startswith(("/ogc/api", "/openapi", "/docs")):  # their examples are made up
            assert answer.content == never(path).content, path
            continue
        assert not any(mark in answer.content for mark in marks), path
        if not path.startswith("/ops"):
            names = [layer.id for layer in (BUILDINGS, SITES, COUNTS) if layer.id in answer.text]
            assert names == [], path  # but for /ops, which says that it is not cleared


def test_a_tile_is_kept_in_memory_as_long_as_its_layer_is_shown(store, clock):
    app = create_app(Settings(viewer="no-viewer"), store, ttl=1.0, now=lambda: NOON)
    ask = Client(app)
    assert ask(TILE).status_code == 200
    revisions = [key for key in store.list("layers/probe.buildings/revisions")]
    for key in revisions:  # whoever looks now finds nothing: what is answered comes from memory
        store.remove(key)
    assert ask(TILE).status_code == 200
    take_back(store, (BUILDINGS,))
    assert ask(TILE).status_code == 200  # not looked at yet
    clock.now += 1.0
    assert ask(TILE).status_code == 404


def test_it_is_gone_from_the_static_catalog(store):
    take_back(store, (BUILDINGS,))
    withdraw(store, [BUILDINGS.id])
    assert [key for key in store.list("stac") if BUILDINGS.id in key] == []
    assert BUILDINGS.id.encode() not in store.get("stac/catalog.json")


def test_those_who_listen_hear_nothing_more_of_it(store):
    now = NOON + timedelta(minutes=1)
    watch = Watch(Service(Settings(), store, 0, lambda: now))
    watch.begin()
    since = watch.positions
    publish(store, BUILDINGS, buildings(3), NOON + timedelta(seconds=30))
    (kept,) = watch.look()
    hub = Hub(watch, 0.01, 1000)
    listener = Stream(hub, encode(since), None, ())
    assert b"probe.buildings" in asyncio.run(listener._wanted(kept))
    take_back(store, (BUILDINGS,))
    assert watch.look() == []
    assert asyncio.run(listener._wanted(kept)) == b""
    layers = {event.layer for event in watch.missed({}, 0, watch.positions, None)}
    assert layers == {layer.id for layer in CITY.layers} - {BUILDINGS.id}
