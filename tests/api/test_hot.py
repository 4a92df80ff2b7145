"""Tiles from memory are the same answers as those that take the long way."""

import hashlib

import pytest
from made import BUILDINGS, CITY, NOON, buildings, glb, publish

from api import responses
from api.app import create_app
from catalog.cities import write_city
from tests.api.asgi import Client
from twin.base import Text
from twin.settings import Settings

TILE = glb(21)
PATH = f"/tiles/{BUILDINGS.id}/content/{hashlib.sha256(TILE).hexdigest()}.glb"


@pytest.fixture
def ask(store):
    publish(store, BUILDINGS, buildings(3), NOON.replace(hour=13), (TILE,))
    return Client(create_app(Settings(viewer="no-viewer"), store, ttl=3600))


@pytest.fixture
def long_way(ask, monkeypatch):
    """How often a request went past the memory."""
    taken = []
    respond = responses.respond
    monkeypatch.setattr(responses, "respond", lambda *a, **k: taken.append(1) or respond(*a, **k))
    return taken


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("accepted", ["identity", "deflate", "*"])
def test_the_second_answer_is_the_first_one(ask, long_way, method, accepted):
    first = ask(PATH, accept_encoding=accepted)
    assert (first.status_code, len(long_way)) == (200, 1)
    again = ask(PATH, method, accept_encoding=accepted)
    assert len(long_way) == 1  # from memory
    assert (again.status_code, dict(again.headers)) == (200, dict(first.headers))
    assert again.content == (TILE if method == "GET" else b"")


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"range": "bytes=0-3"}, 206), ({"if_none_match": "*"}, 304), ({"if_none_match": '"x"'}, 200)],
)
def test_what_is_more_than_plain_takes_the_long_way(ask, long_way, headers, status):
    ask(PATH)
    assert ask(PATH, **headers).status_code == status
    assert len(long_way) == 2


def test_questions_are_refused_as_ever(ask):
    ask(PATH)
    assert ask(f"{PATH}?x=1").status_code == 400
    assert ask(PATH, "POST").status_code == 405
    assert ask(f"{PATH[:-4]}").status_code == 404


def test_what_is_not_shown_any_more_is_not_sent_from_memory(store, ask):
    service = ask.app.state.service
    assert [ask(PATH).status_code for _ in range(2)] == [200, 200]
    unclear = BUILDINGS.source.model_copy(update={"unclear": Text(de="Unklar.", en="Unclear.")})
    closed = BUILDINGS.model_copy(update={"source": unclear})
    layers = tuple(closed if layer.id == BUILDINGS.id else layer for layer in CITY.layers)
    write_city(store, CITY.model_copy(update={"layers": layers}))
    service._kept.clear()  # it is time to look again
    assert ask(PATH).status_code == 404


def test_answers_from_memory_are_counted(ask):
    for _ in range(3):
        ask(PATH)
    assert 'twin_requests_total{door="tiles",status="200"} 3' in ask("/ops/metrics").text
