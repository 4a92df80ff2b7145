"""What is at hand is answered at once; whatever would take longer is answered in a thread, and the same."""

import threading

import made
import pytest

from api.app import create_app
from catalog import at_hand
from tests.api.asgi import Client
from twin.settings import Settings
from twin.store import FileStore

A_LONG_TIME = 3600.0
ITEMS = "/ogc/collections/probe.buildings/items"
NAME = f"{ITEMS}/probe.buildings.b3"
QUICK = [NAME, f"{ITEMS}?limit=5", f"{ITEMS}?bbox=11.5,48.1,11.51,48.11&limit=5", f"{ITEMS}?offset=3"]
LONGER = [
    f"{NAME}?f=html",
    f"{NAME}?f=jsonfg",
    f"{ITEMS}?limit=1000",
    "/ogc/collections/probe.bike-counts/items",
]
QUESTIONS = [f"{ITEMS}?filter=storeys%3E3", f"{ITEMS}?sortby=-storeys", f"{ITEMS}?q=deby_3"]


@pytest.fixture
def ask(filled):
    """A service that looked at its store a moment ago, whatever else this machine does."""
    return Client(create_app(Settings(viewer="no-viewer"), filled, ttl=A_LONG_TIME, now=lambda: made.NOON))


@pytest.fixture
def workers(monkeypatch) -> list[bool]:
    """Whether the threads in which answers are finished are workers', not where the event loop runs."""
    from api import routing

    found: list[bool] = []
    mark = routing.stale.mark

    def noted(request, response):
        found.append(threading.current_thread().name.startswith("AnyIO"))
        mark(request, response)

    monkeypatch.setattr(routing.stale, "mark", noted)
    return found


@pytest.mark.parametrize("address", QUICK)
def test_what_lies_in_memory_is_answered_where_it_is_asked(ask, workers, address):
    first = ask(address)
    second = ask(address)
    assert (first.status_code, second.status_code) == (200, 200)
    assert not workers[1]
    assert second.json()["links"] == first.json()["links"]


@pytest.mark.parametrize("address", LONGER)
def test_what_takes_longer_is_answered_in_a_thread(ask, workers, address):
    assert {ask(address).status_code for _ in range(2)} == {200}
    assert workers == [True, True]


@pytest.mark.parametrize("address", QUESTIONS)
def test_what_was_found_before_is_at_hand(ask, workers, address):
    ask(NAME)  # so that the features lie in memory
    assert ask(address).json()["features"] == ask(address).json()["features"]
    assert workers[1:] == [True, False]


def test_large_boxes_are_looked_through_in_a_thread(ask, workers, monkeypatch):
    monkeypatch.setattr("catalog.engines.memory._AT_ONCE", 1)
    ask(NAME)
    assert ask(f"{ITEMS}?bbox=11,48,12,49").status_code == 200
    assert workers[1:] == [True]


@pytest.mark.parametrize("address", QUICK)
@pytest.mark.parametrize("patience", [0.0, A_LONG_TIME], ids=["looks again", "has looked"])
def test_the_store_is_never_read_where_others_wait(filled, address, patience):
    readers: set[str] = set()

    class Watched(FileStore):
        def get(self, key):
            readers.add(threading.current_thread().name)
            return super().get(key)

        def list(self, prefix):
            readers.add(threading.current_thread().name)
            return super().list(prefix)

    settings = Settings(viewer="no-viewer")
    ask = Client(create_app(settings, Watched(filled.root), ttl=patience, now=lambda: made.NOON))
    readers.clear()
    assert [ask(address).status_code for _ in range(3)] == [200] * 3
    assert readers
    assert all(name.startswith("AnyIO") for name in readers)


def test_features_are_read_in_a_thread_when_all_else_is_known(ask, workers):
    """Everything but the features themselves was looked at: they alone send the question away."""
    ask("/ogc/collections/probe.buildings")
    ask("/ogc/collections/probe.construction-sites/items")
    workers.clear()
    assert [ask(NAME).status_code for _ in range(2)] == [200, 200]
    assert workers == [True, False]


def test_large_answers_are_compressed_in_a_thread(ask, workers):
    for _ in range(2):
        assert ask(f"{ITEMS}?limit=30", accept_encoding="br").headers["content-encoding"] == "br"
    assert workers == [True, True]


def test_the_store_is_looked_at_in_a_thread(ask, workers, monkeypatch):
    ask(NAME)
    monkeypatch.setattr("catalog.revisions.Listing._due", lambda *_: True)
    assert ask(NAME).status_code == 200
    assert workers == [True, True]


def test_nothing_is_left_outside():
    at_hand.leave()
    with at_hand.only(), pytest.raises(at_hand.Elsewhere):
        at_hand.leave()
    at_hand.leave()
