from datetime import timedelta

import made
import pytest

from catalog.observations import append
from catalog.partitions import micros
from catalog.spans import Span, Spans
from catalog.values import Values
from twin.record import Observation
from twin.store import FileStore

LAYER = made.COUNTS.id
KEY = ("a", "bicycles")


@pytest.fixture
def store(tmp_path):
    return FileStore(tmp_path)


def add(store, *hours, value=1.0, recorded=made.NOON):
    found = [Observation("a", "bicycles", value, "1/h", made.NOON + timedelta(hours=hour)) for hour in hours]
    append(store, LAYER, found, recorded)


def at(hours):
    return micros(made.NOON + timedelta(hours=hours))


def test_spans_count_each_value_once_and_follow_new_files(store):
    spans = Spans(Values(store, ttl=0))
    assert spans.of(LAYER) == {}
    add(store, 0, 1, 30)
    assert spans.of(LAYER) == {KEY: Span(3, at(0), at(30))}
    add(store, 1, value=2.0, recorded=made.NOON + timedelta(days=9))
    add(store, -48)
    assert spans.of(LAYER) == {KEY: Span(4, at(-48), at(30))}


def test_spans_until_an_instant_do_not_know_what_came_later(store):
    add(store, -48, 0, 1, 30)
    spans = Spans(Values(store, ttl=0))
    assert spans.of(LAYER, at(0)) == {KEY: Span(2, at(-48), at(0))}
    assert spans.of(LAYER, at(0) - 1) == {KEY: Span(1, at(-48), at(-48))}
    assert spans.of(LAYER, at(-49)) == {}
    assert spans.of(LAYER, at(31)) is spans.of(LAYER)


def test_values_that_are_missing_are_not_counted(store):
    add(store, 0, value=None)
    assert Spans(Values(store, ttl=0)).of(LAYER) == {}


def test_many_instants_of_the_past_keep_little(store):
    add(store, *range(40))
    spans = Spans(Values(store, ttl=0))
    assert [spans.of(LAYER, at(hour))[KEY].count for hour in range(39)] == list(range(1, 40))
    assert spans.of(LAYER)[KEY].count == 40
