"""``/ops/dates``: what the time slider marks."""

from datetime import timedelta

import made
import pytest

from api import dates
from twin import times
from twin.store import open_store


def of(ask, layer, query=""):
    (found,) = [one for one in ask.json(f"/ops/dates{query}")["layers"] if one["layer"] == layer.id]
    return found


def test_days_are_those_with_values_and_revisions_those_that_changed_something(ask):
    counted = of(ask, made.COUNTS)
    first, last = made.NOON - timedelta(days=36), made.NOON
    assert counted["days"] == [
        f"{(first + timedelta(days=i)).date()}" for i in range((last - first).days + 1)
    ]
    assert (counted["revisions"], counted["left_out"]) == (["2026-01-20T12:00:00Z"], 0)
    assert of(ask, made.BUILDINGS)["days"] == []


def test_revisions_come_in_the_order_in_which_they_held(store, client_of):
    ask = client_of(store)
    known = of(ask, made.BUILDINGS)["revisions"]
    later, earlier = made.NOON + timedelta(hours=1), made.NOON - timedelta(days=300)
    for count, at in ((5, later), (7, earlier), (7, earlier + timedelta(days=1))):
        made.publish(store, made.BUILDINGS, made.buildings(count), at)
    told = of(ask, made.BUILDINGS)["revisions"]
    # The second of the two old ones says the same: nothing changed on that day.
    assert told == [times.iso(earlier), *known, times.iso(later)]


def test_the_newest_are_told_and_how_many_more_there_are(ask, monkeypatch):
    known = of(ask, made.BUILDINGS)["revisions"]
    monkeypatch.setattr(dates, "MOST", 1)
    told = of(ask, made.BUILDINGS)
    assert (told["revisions"], told["left_out"]) == (known[-1:], len(known) - 1)
    assert told["left_out"] > 0


def test_only_the_layers_that_are_asked_for(ask):
    found = ask.json(f"/ops/dates?layers={made.AIR.id},%20{made.SITES.id}")["layers"]
    assert {one["layer"] for one in found} == {made.AIR.id, made.SITES.id}


def test_an_empty_store_has_none(client_of):
    assert client_of(open_store("memory://"))("/ops/dates").json() == {"layers": []}


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("layers=", 400),
        ("layers=probe.buildings,", 400),
        ("layers=probe.bildings", 404),
        ("layers=%00", 400),
        ("layers=" + "a" * 5000, 404),
        ("layers=" + ",".join(["probe.buildings"] * 1001), 400),
        ("layers=probe.buildings&layers=probe.air-quality", 400),
        ("datetime=2026-03-01", 400),
    ],
)
def test_what_makes_no_sense_is_a_problem(ask, query, status):
    answer = ask(f"/ops/dates?{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
