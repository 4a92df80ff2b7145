"""Visitors who come at once to what nobody has asked for yet: it is read once, and all get the same."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock

import pytest
from made import BUILDINGS, COUNTS, NOON, buildings, counts, publish

from catalog import changes, days, parts, revisions
from catalog.features import Features
from catalog.history import History
from catalog.observations import append
from catalog.values import Values

VISITORS = 6


def of_features(store):
    revision = publish(store, BUILDINGS, buildings(5))
    features = Features(store, Values(store))
    return features, (parts, "load"), lambda: features.snapshot(BUILDINGS, revision)


def of_values(store):
    append(store, COUNTS.id, counts(2), NOON)
    values = Values(store)
    newest = max(values.files(COUNTS.id))
    return values, (days, "read"), lambda: len(values.day(COUNTS.id, newest))


def of_history(store):
    publish(store, BUILDINGS, buildings(5))
    history, found = History(store), revisions.revisions(store, BUILDINGS.id)
    return history, (changes, "appeared"), lambda: history.story(found, "probe.buildings.b1")


@pytest.mark.parametrize("made", [of_features, of_values, of_history])
def test_who_come_at_once_wait_for_the_first(store, monkeypatch, made):
    keeper, (module, name), ask = made(store)
    known, read = keeper._known, getattr(module, name)
    looked, all_looked, counted = [], Event(), Lock()
    reads = []

    def looking(key):
        found = known(key)
        with counted:
            looked.append(found)
            if len(looked) >= VISITORS:
                all_looked.set()
        return found

    def reading(*given):
        assert all_looked.wait(60)  # nobody is late: each has looked, and found nothing
        reads.append(given)
        return read(*given)

    monkeypatch.setattr(keeper, "_known", looking)
    monkeypatch.setattr(module, name, reading)
    with ThreadPoolExecutor(VISITORS) as visitors:
        answers = [visitor.result() for visitor in [visitors.submit(ask) for _ in range(VISITORS)]]
    assert looked[0] is None
    assert len(reads) == 1
    assert answers[0]
    assert answers == [answers[0]] * VISITORS
