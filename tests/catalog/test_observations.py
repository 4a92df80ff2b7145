import io
from datetime import UTC, datetime, timedelta

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import COUNTS, NOON, counts

from catalog.observations import append
from catalog.values import Values
from twin.record import Observation
from twin.schemas.traffic import COUNTER
from twin.store import open_store


def added(store, layer, given, at):
    new = append(store, layer, given, at)
    return int(new.sum()), int((~new).sum())


def value(v, at=NOON, station="s", quality="provisional"):
    return Observation(station, "bicycles", v, "1/15min", at, quality)


def newest(store, at=NOON + timedelta(days=90)):
    return Values(store, ttl=0).latest("l", at)


def test_a_second_delivery_of_the_same_appends_nothing(store):
    given = counts(3)
    assert added(store, "l", given, NOON) == (len(given), 0)
    before = list(store.list("observations"))
    assert added(store, "l", given[::-1], NOON + timedelta(hours=1)) == (0, len(given))
    assert list(store.list("observations")) == before


def test_a_corrected_value_is_kept_beside_the_old_one_and_wins(store):
    added(store, "l", [value(1.0)], NOON)
    assert added(store, "l", [value(2.0)], NOON - timedelta(hours=5)) == (1, 0)
    assert newest(store)["s"]["bicycles"]["value"] == 2.0
    assert added(store, "l", [value(2.0)], NOON) == (0, 1)
    assert added(store, "l", [value(2.0, quality="checked")], NOON) == (1, 0)
    assert newest(store)["s"]["bicycles"]["quality"] == "checked"
    assert added(store, "l", [value(None, quality="missing")], NOON) == (1, 0)
    assert newest(store) == {}
    assert len(list(store.list("observations"))) == 4


def test_late_values_land_on_their_own_day(store):
    added(store, "l", [value(1.0)], NOON)
    added(store, "l", [value(3.0, NOON - timedelta(days=400))], NOON)
    days = [key.split("date=")[1][:10] for key in store.list("observations/l")]
    assert days == ["2025-01-25", "2026-03-01"]
    assert Values(store).latest("l", NOON - timedelta(days=1))["s"]["bicycles"]["value"] == 3.0


def test_files_have_the_agreed_columns_and_utc(store):
    added(store, "l", [value(1.0), value(None, NOON + timedelta(minutes=15))], NOON)
    (key,) = store.list("observations/l/date=2026-03-01")
    rows = pq.read_table(io.BytesIO(store.get(key))).to_pylist()
    first = dict.fromkeys(rows[0])
    assert list(first) == ["station", "property", "value", "unit", "observed_at", "quality", "recorded_at"]
    assert [row["value"] for row in rows] == [1.0, None]
    assert rows[0]["observed_at"] == NOON
    assert rows[0]["recorded_at"].utcoffset() == timedelta()


observation = st.builds(
    Observation,
    station=st.sampled_from("ab"),
    property=st.sampled_from(["x", "y"]),
    value=st.none() | st.sampled_from([0.0, 1.0, -2.5]),
    unit=st.just("1"),
    observed_at=st.integers(0, 5).map(lambda h: datetime(2026, 1, 1, 20, tzinfo=UTC) + timedelta(hours=h)),
    quality=st.sampled_from(["provisional", "checked"]),
)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(observation, max_size=12), max_size=4))
def test_the_last_word_on_every_key_wins_and_what_was_new_is_told(deliveries):
    store = open_store("memory://")
    model = {}
    for delivery in deliveries:
        new = append(store, "l", delivery, NOON)
        last = {(o.station, o.property, o.observed_at): o for o in delivery}
        fresh = {key for key, o in last.items() if model.get(key) != o}
        assert new.tolist() == [(o.station, o.property, o.observed_at) in fresh for o in delivery]
        model |= last
    want = {}
    for (station, name, at), o in sorted(model.items(), key=lambda item: item[0][2]):
        if o.value is not None:
            want.setdefault(station, {})[name] = (o.value, o.quality, at)
    got = {
        station: {
            n: (v["value"], v["quality"], datetime.fromisoformat(v["observed_at"])) for n, v in own.items()
        }
        for station, own in newest(store).items()
    }
    assert got == want


asked = st.integers(-2, 12).map(
    lambda h: datetime(2026, 1, 1, 20, 30, tzinfo=UTC) + timedelta(minutes=30 * h)
)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(observation, max_size=6) | st.lists(asked, max_size=4), max_size=6))
def test_who_keeps_an_answer_says_what_one_says_who_reads_anew(steps):
    store = open_store("memory://")
    keeping = Values(store, ttl=0)
    for step in steps:
        if step and isinstance(step[0], Observation):
            append(store, "l", step, NOON)
        for at in [*(each for each in step if isinstance(each, datetime)), NOON]:
            fresh = newest(store, at)
            assert dict(keeping.latest("l", at)) == dict(fresh)
            assert keeping.latest("l", at).of(["b", "z", "a"]) == [fresh.get(each, {}) for each in "bza"]


def test_the_last_values_are_found_once_until_there_are_newer_ones(store):
    added(store, "l", [value(1.0), value(2.0, NOON + timedelta(hours=2))], NOON)
    values = Values(store, ttl=0)
    first = values.latest("l", NOON)
    assert values.latest("l", NOON + timedelta(hours=1)) is first
    assert values.latest("l", NOON + timedelta(hours=2))["s"]["bicycles"]["value"] == 2.0
    assert values.latest("l", NOON)["s"]["bicycles"]["value"] == 1.0
    added(store, "l", [value(3.0)], NOON)
    assert values.latest("l", NOON)["s"]["bicycles"]["value"] == 3.0


def test_the_last_day_against_the_usual_day(store):
    added(store, COUNTS.id, counts(), NOON)
    last, usual = Values(store).sums(COUNTS.id, NOON, COUNTER.properties)
    busy, silent = (f"{COUNTS.id}.{name}" for name in ("arnulf", "hirsch"))
    assert last == {busy: {"bicycles": 192.0}}
    assert usual == {busy: {"bicycles": 96.0}}
    last, usual = Values(store).sums(COUNTS.id, NOON - timedelta(days=1), COUNTER.properties)
    assert last[silent] == usual[silent] == {"bicycles": 96.0}


def test_a_late_source_is_not_read_as_a_quiet_day(store):
    late = [o for o in counts() if o.observed_at < NOON - timedelta(hours=6)]
    added(store, COUNTS.id, late, NOON)
    last, usual = Values(store).sums(COUNTS.id, NOON, COUNTER.properties)
    assert last[f"{COUNTS.id}.arnulf"]["bicycles"] == 144.0
    assert usual[f"{COUNTS.id}.arnulf"]["bicycles"] == 72.0


def test_weeks_without_values_do_not_count_as_usual(store):
    added(store, COUNTS.id, counts(5), NOON)
    last, usual = Values(store).sums(COUNTS.id, NOON, COUNTER.properties)
    assert last
    assert usual == {}


def test_only_the_days_needed_are_read(store, monkeypatch):
    added(store, COUNTS.id, counts(), NOON)
    read = []
    original = type(store).get
    monkeypatch.setattr(type(store), "get", lambda self, key: read.append(key) or original(self, key))
    values = Values(store)
    values.sums(COUNTS.id, NOON, COUNTER.properties)
    assert len(read) == 10
    values.sums(COUNTS.id, NOON, COUNTER.properties)
    assert len(read) == 10


@pytest.mark.parametrize("count", [0, 1])
def test_small_deliveries(store, count):
    assert added(store, "l", [value(1.0)] * count, NOON) == (count, 0)
