"""Leases: one owner at a time, on disk and in an object store alike."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from catalog import keys, leases
from catalog.leases import LASTS, SKEW, take
from twin.store import FileStore, open_store

T = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Clock:
    def __init__(self):
        self.now = T

    def __call__(self):
        return self.now

    def pass_(self, span):
        self.now += span


@pytest.fixture(params=["file", "memory"])
def store(request, tmp_path):
    return FileStore(tmp_path) if request.param == "file" else open_store("memory://")


def test_one_at_a_time_and_the_next_after_it_is_given_back(store):
    clock = Clock()
    first = take(store, "town.a", clock)
    assert first is not None
    assert take(store, "town.a", clock) is None
    assert take(store, "town.b", clock) is not None
    first.give_back()
    assert take(store, "town.a", clock) is not None


def test_a_beaten_lease_holds_and_an_abandoned_one_is_taken_over(store):
    clock = Clock()
    first = take(store, "town.a", clock)
    for _ in range(5):
        clock.pass_(LASTS - timedelta(seconds=1))
        assert first.beat()
        assert take(store, "town.a", clock) is None
    clock.pass_(LASTS)
    assert take(store, "town.a", clock) is None, "the other's clock may be a little behind"
    clock.pass_(SKEW + timedelta(seconds=1))
    second = take(store, "town.a", clock)
    assert second is not None
    assert not first.beat()
    first.give_back()
    assert second.beat()
    assert take(store, "town.a", clock) is None


def test_who_slept_through_its_lease_has_lost_it_even_if_nobody_came(store):
    clock = Clock()
    lease = take(store, "town.a", clock)
    clock.pass_(LASTS + timedelta(seconds=1))
    assert not lease.beat()


def test_leases_leave_one_object_however_often_they_are_taken(store):
    clock = Clock()
    for _ in range(4):
        take(store, "town.a", clock).give_back()
    assert list(store.list("leases")) == [keys.lease("town.a", 4)]


def test_of_many_who_want_it_at_the_same_moment_one_gets_it(tmp_path):
    start, got = threading.Barrier(8), []

    def want():
        store = FileStore(tmp_path)
        start.wait()
        got.append(take(store, "town.a"))

    for _ in range(5):
        got.clear()
        threads = [threading.Thread(target=want) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sum(lease is not None for lease in got) == 1
        next(lease for lease in got if lease is not None).give_back()


def test_a_slow_one_that_finds_a_swept_number_free_does_not_get_it(store, monkeypatch):
    clock = Clock()
    take(store, "town.a", clock).give_back()
    seen = leases._numbers(store, "town.a")
    second = take(store, "town.a", clock)
    second.give_back()
    third = take(store, "town.a", clock)
    asked = iter([seen])
    real = leases._numbers
    monkeypatch.setattr(leases, "_numbers", lambda *a: next(asked, None) or real(*a))
    monkeypatch.setattr(leases, "_has_run_out", lambda *a: True)
    assert take(store, "town.a", clock) is None
    monkeypatch.setattr(leases, "_numbers", real)
    assert third.beat()


def test_a_damaged_lease_and_one_from_the_far_future_stop_nothing(store):
    clock = Clock()
    store.put(keys.lease("town.a", 7), b"{")
    assert take(store, "town.a", clock) is not None
    ahead = take(store, "town.b", lambda: T + timedelta(days=400))
    assert ahead is not None
    assert take(store, "town.b", clock) is not None


def test_two_copies_take_turns_round_after_round(tmp_path):
    """A lease that one gave back and the other swept must not stop the first for ever."""
    clock, copies = Clock(), [FileStore(tmp_path), FileStore(tmp_path)]
    for _ in range(3):
        for copy in copies:
            lease = take(copy, "town.a", clock)
            assert lease is not None
            lease.give_back()
