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


def told(table):
    """What a table says, by key: its columns fit together, and each key is found by its name, too."""
    assert len(table.keys_) == len(table.count) == len(table.first) == len(table.last)
    assert list(table.keys_) == sorted(set(table.keys_.tolist()))
    found = {table.texts.key(int(number)): table.span(place) for place, number in enumerate(table.keys_)}
    assert {key: table.of(key) for key in found} == found
    return found


def test_spans_count_each_value_once_and_follow_new_files(store):
    spans = Spans(Values(store, ttl=0))
    assert told(spans.of(LAYER)) == {}
    add(store, 0, 1, 30)
    assert told(spans.of(LAYER)) == {KEY: Span(3, at(0), at(30))}
    add(store, 1, value=2.0, recorded=made.NOON + timedelta(days=9))
    add(store, -48)
    assert told(spans.of(LAYER)) == {KEY: Span(4, at(-48), at(30))}


def test_spans_until_an_instant_do_not_know_what_came_later(store):
    add(store, -48, 0, 1, 30)
    spans = Spans(Values(store, ttl=0))
    assert told(spans.of(LAYER, at(0))) == {KEY: Span(2, at(-48), at(0))}
    assert told(spans.of(LAYER, at(0) - 1)) == {KEY: Span(1, at(-48), at(-48))}
    assert told(spans.of(LAYER, at(-49))) == {}
    assert spans.of(LAYER, at(31)) is spans.of(LAYER)


def test_values_that_are_missing_are_not_counted(store):
    add(store, 0, value=None)
    table = Spans(Values(store, ttl=0)).of(LAYER)
    assert (told(table), table.of(KEY)) == ({}, None)
    add(store, 1)
    add(store, 2, value=None)
    assert told(Spans(Values(store, ttl=0)).of(LAYER)) == {KEY: Span(1, at(1), at(1))}


def test_many_instants_of_the_past_keep_little(store):
    add(store, *range(40))
    spans = Spans(Values(store, ttl=0))
    assert [spans.of(LAYER, at(hour)).of(KEY).count for hour in range(39)] == list(range(1, 40))
    assert spans.of(LAYER).of(KEY).count == 40


def test_each_station_and_property_has_a_row_of_its_own_however_they_come(store):
    """Texts get their numbers in the order in which files name them, which differs from day to day."""
    names = [("b", "cars"), ("a", "bicycles"), ("b", "bicycles"), ("a", "cars"), ("c", "cars")]
    expected = {}
    spans = Spans(Values(store, ttl=0))
    for day in range(6):
        for number, (station, name) in enumerate(names[: day + 1]):
            hours = [24 * day + hour for hour in range(number + 1)]
            found = [
                Observation(station, name, 1.0, "1/h", made.NOON + timedelta(hours=hour)) for hour in hours
            ]
            append(store, LAYER, found, made.NOON)
            before = expected.get((station, name), Span(0, at(hours[0]), 0))
            expected[station, name] = Span(before.count + len(hours), before.first, at(hours[-1]))
        assert told(spans.of(LAYER)) == expected
    assert told(Spans(Values(store, ttl=0)).of(LAYER)) == expected
    assert spans.of(LAYER).of(("a", "nothing")) is None
    assert spans.of(LAYER, at(0)).of(("c", "cars")) is None
