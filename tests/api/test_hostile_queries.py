"""Questions that take too long are given up in the engine, and meanwhile others are answered."""

from threading import Event, Thread

import pytest

from catalog import deadline
from catalog.cql import spatial

WAVES = "POLYGON((" + ", ".join(f"{11.4 + i / 300} {48.05 + (i % 2) / 4}" for i in range(60))
FILTER = f"S_CROSSES(geometry, {WAVES}, 11.6 48, 11.4 48, 11.4 48.05)))"
ITEMS = "/ogc/collections/probe.buildings/items"
OBSERVED = (
    "/sta/v1.1/Observations?$filter=result%20mul%202%20gt%20100"  # looks through all days and finds nothing
)
STATIONS = "/sta/v1.1/Things?$filter=geo.distance(Locations/location,geography'POINT(11.5%2048)')%20gt%200"


class Clock:
    """Each look at it takes a second."""

    def __init__(self, monkeypatch, most):
        self.looks = 0
        self.most = most
        monkeypatch.setattr(deadline, "time", self)

    def monotonic(self):
        return 0.0

    def thread_time(self):
        self.looks += 1
        assert self.looks < self.most, "it goes on though the time is over"
        return float(self.looks)


def refused(answer):
    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (400, "/docs#problem-too-much")
    assert answer.headers["content-type"] == "application/problem+json"
    assert "takes longer than 3 s; ask for less" in problem["detail"]
    return problem


@pytest.mark.parametrize(
    "query",
    [
        {"filter": FILTER},
        {"filter": "S_EQUALS(geometry, geometry)"},
        {"filter": " OR ".join(["height_m * 2 > 1000"] * 20)},
        {"q": ",".join("abcdefgh")},
    ],
)
def test_a_filter_ends_at_its_limit(client_of, filled, monkeypatch, query):
    monkeypatch.setattr(deadline, "AT_ONCE", 4)  # thirty buildings in eight parts
    ask = client_of(filled, query_s=3)
    Clock(monkeypatch, 8)
    refused(ask(f"{ITEMS}?{'&'.join(f'{k}={v}' for k, v in query.items())}"))


def test_what_was_given_up_is_not_kept(client_of, filled, monkeypatch):
    monkeypatch.setattr(deadline, "AT_ONCE", 4)
    ask = client_of(filled, query_s=3)
    with monkeypatch.context() as patch:
        Clock(patch, 8)
        refused(ask(f"{ITEMS}?filter={FILTER}"))
    assert ask(f"{ITEMS}?filter={FILTER}").status_code == 200


@pytest.mark.parametrize("path", [OBSERVED, STATIONS])
def test_so_does_one_of_sensorthings(client_of, filled, monkeypatch, path):
    ask = client_of(filled, query_s=3)
    Clock(monkeypatch, 12)
    refused(ask(path))


@pytest.mark.parametrize("search", ['query={"attribution":{"neq":""}}', "q=a", "filter=table:row_count > 0"])
def test_so_does_a_search(client_of, filled, monkeypatch, search):
    ask = client_of(filled, query_s=0.5)
    Clock(monkeypatch, 5)
    answer = ask(f"/stac/search?{search}")
    assert (answer.status_code, answer.json()["type"]) == (400, "/docs#problem-too-much")


def test_others_are_answered_meanwhile(client_of, filled, monkeypatch):
    begun, go_on, found = Event(), Event(), []
    safely = spatial._safely

    def slowly(*given):
        begun.set()
        assert go_on.wait(60)
        return safely(*given)

    ask = client_of(filled)
    monkeypatch.setattr(spatial, "_safely", slowly)
    one = Thread(target=lambda: found.append(ask(f"{ITEMS}?filter={FILTER}")))
    one.start()
    try:
        assert begun.wait(60)
        assert ask(f"{ITEMS}?filter=height_m > 20").status_code == 200
        assert ask("/ogc").status_code == 200
        assert not found
    finally:
        go_on.set()
        one.join()
    assert found[0].status_code == 200


def test_the_limit_is_the_operators(client_of, filled):
    assert client_of(filled, query_s=1e-9)(f"{ITEMS}?filter={FILTER}").status_code == 400
    assert client_of(filled)(f"{ITEMS}?filter={FILTER}").status_code == 200
