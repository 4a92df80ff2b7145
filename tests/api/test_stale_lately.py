"""How stale a layer is is worked out once a second, and never told longer than that."""

from datetime import timedelta

import pytest
from made import BUILDINGS, NOON, fill

from api import stale
from api.app import create_app
from catalog.status import write_status
from tests.api.asgi import Client
from twin.settings import Settings
from twin.status import Status
from twin.store import open_store

EVERY = BUILDINGS.source.every


class Clock:
    now = NOON

    def __call__(self):
        return self.now


def status(at):
    return Status(layer=BUILDINGS.id, interval_s=EVERY.total_seconds(), last_attempt=at, last_success=at)


@pytest.fixture
def made():
    store, clock = open_store("memory://"), Clock()
    fill(store)
    write_status(store, status(NOON))
    app = create_app(Settings(viewer="no"), store, ttl=3600, now=clock)
    return store, clock, app.state.service, Client(app)


def test_it_is_told_as_soon_as_a_second_has_passed(made):
    _, clock, service, ask = made
    path = f"/ogc/collections/{BUILDINGS.id}"
    assert stale.HEADER not in ask(path).headers
    state = service.status(BUILDINGS.id).state
    late = next(n for n in range(1, 100_000_000, 600) if state(NOON + timedelta(seconds=n)) != state(NOON))
    clock.now = NOON + timedelta(seconds=late)
    assert ask(path).headers[stale.HEADER].startswith("?1;")
    assert ask.json(path)["twin"]["stale"] is True


def test_a_new_look_at_the_store_counts_at_once(made):
    store, clock, service, _ = made
    clock.now = NOON + 1000 * EVERY
    layer = service.layer(BUILDINGS.id)[1]
    assert stale.of(service, layer)
    write_status(store, status(clock.now))
    assert stale.of(service, layer)  # not looked at yet
    service._kept.clear()  # as if the time until the next look had passed
    assert not stale.of(service, layer)


def test_it_is_worked_out_once_a_second(made, monkeypatch):
    _, clock, service, _ = made
    layer = service.layer(BUILDINGS.id)[1]
    seen = []
    real = stale._found
    monkeypatch.setattr(stale, "_found", lambda *given: seen.append(given) or real(*given))
    for _ in range(3):
        stale.of(service, layer)
    clock.now += timedelta(seconds=1)
    stale.of(service, layer)
    stale.of(service, layer, NOON)  # another instant is another question
    assert len(seen) == 3
