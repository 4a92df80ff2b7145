"""Retention: coarser with age, counted, marked where something is missing, and whole after a crash."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from made import AIR, COUNTS

from catalog import partitions, retention
from catalog.observations import append, read, versions
from catalog.values import Values
from catalog.verify import verify
from twin.errors import StoreError
from twin.layer import Layer, Retention
from twin.record import Observation
from twin.store import open_store

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
QUARTER, HOUR = timedelta(minutes=15), timedelta(hours=1)
TIERS = (
    Retention(every="15min", keep="90d"),
    Retention(every="1h", keep="2y"),
    Retention(every="1d"),
)
BIKES = COUNTS.model_copy(update={"retention": TIERS})
HOURLY = AIR.model_copy(update={"retention": (Retention(every="1h", keep="2y"), Retention(every="1d"))})


def midnight(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=BERLIN).astimezone(UTC)


def quarters(
    start: datetime, number: int, station="s", name="bicycles", step=QUARTER, unit="1/15min", value=1.0
):
    return [Observation(station, name, value, unit, start + i * step) for i in range(number)]


def rows(store, layer: Layer, name: str):
    table = read(store, layer.id).to_pylist()
    return [
        (r["observed_at"], r["value"], r["quality"], r.get("made_of")) for r in table if r["property"] == name
    ]


def test_quarters_become_hours_and_young_ones_stay(store):
    old, young = midnight(2026, 7, 1), midnight(2026, 11, 1)
    append(store, BIKES.id, quarters(old, 96) + quarters(young, 96), NOW - HOUR)
    run = retention.keep(store, BIKES, NOW)
    hours = rows(store, BIKES, "bicycles_hour")
    assert hours == [(old + i * HOUR, 4.0, "condensed", 4) for i in range(24)]
    assert {at for at, *_ in rows(store, BIKES, "bicycles")} == {young + i * QUARTER for i in range(96)}
    ((tier),) = run.tiers
    assert (tier.every, tier.into, tier.values, tier.made, tier.incomplete) == ("15min", "1h", 96, 24, 0)
    assert run.words == (
        f"96 15min values became 24 hourly; the days rewritten are now {run.files_after:,} files with "
        f"{run.bytes_after:,} bytes"
    )
    log = retention.read_log(store, BIKES.id)
    assert log is not None
    assert log.runs == (run,)
    assert log.condensed == 96
    assert verify(store, BIKES.id, deep=True) == []


def test_what_is_not_whole_says_so(store):
    old = midnight(2026, 7, 1)
    given = [*quarters(old, 3), Observation("s", "bicycles", None, "1/15min", old + HOUR, "missing")]
    append(store, BIKES.id, given, NOW - HOUR)
    retention.keep(store, BIKES, NOW)
    assert rows(store, BIKES, "bicycles_hour") == [
        (old, 3.0, "incomplete", 3),
        (old + HOUR, None, "missing", 0),
    ]


def test_a_day_is_a_day_where_people_live_even_when_clocks_change(store):
    spring, autumn = midnight(2024, 3, 31), midnight(2024, 10, 27)
    given = [
        *quarters(spring, 23, name="bicycles_hour", step=HOUR, unit="1/h"),
        *quarters(autumn, 25, name="bicycles_hour", step=HOUR, unit="1/h"),
        *quarters(midnight(2024, 7, 1), 23, name="bicycles_hour", step=HOUR, unit="1/h"),
    ]
    append(store, BIKES.id, given, NOW - HOUR)
    run = retention.keep(store, BIKES, NOW)
    assert rows(store, BIKES, "bicycles_day") == [
        (spring, 23.0, "condensed", 23),
        (midnight(2024, 7, 1), 23.0, "incomplete", 23),
        (autumn, 25.0, "condensed", 25),
    ]
    assert sum(t.incomplete for t in run.tiers) == 1
    assert rows(store, BIKES, "bicycles_hour") == []


def test_quarters_of_long_ago_go_all_the_way_in_one_run(store):
    old = midnight(2020, 5, 4)
    given = quarters(old, 96) + quarters(old, 96, name="bicycles_direction_1", value=0.5)
    append(store, BIKES.id, given, NOW - HOUR)
    retention.keep(store, BIKES, NOW)
    assert rows(store, BIKES, "bicycles_day") == [(old, 96.0, "condensed", 24)]
    assert rows(store, BIKES, "bicycles_day_direction_1") == [(old, 48.0, "condensed", 24)]
    assert read(store, BIKES.id).num_rows == 2


def test_the_sources_own_value_stays_and_its_former_one_is_found(store):
    old = midnight(2020, 5, 4)
    own = Observation("s", "bicycles_day", 90.0, "1/d", old, "checked")
    first = Observation("s", "bicycles_day", 80.0, "1/d", old)
    append(store, BIKES.id, [first], NOW - 3 * HOUR)
    append(store, BIKES.id, [own, *quarters(old, 96)], NOW - HOUR)
    retention.keep(store, BIKES, NOW)
    assert rows(store, BIKES, "bicycles_day") == [(old, 90.0, "checked", 24)]
    told = [v.value for v in versions(store, BIKES.id, "s", "bicycles_day", old)]
    assert told == [80.0, 90.0, 90.0]


def test_concentrations_become_the_mean_of_the_day_under_their_own_name(store):
    old = midnight(2023, 5, 4)
    given = [
        Observation("s", "no2", float(i), "ug/m3", old + i * HOUR) for i in range(24) if i not in (3, 5)
    ] + [Observation("s", "air_quality_index", float(i % 5), "1", old + i * HOUR) for i in range(24)]
    append(store, HOURLY.id, given, NOW - HOUR)
    retention.keep(store, HOURLY, NOW)
    mean = sum(i for i in range(24) if i not in (3, 5)) / 22
    assert rows(store, HOURLY, "no2") == [(old, pytest.approx(mean), "incomplete", 22)]
    assert rows(store, HOURLY, "air_quality_index") == [(old, 4.0, "condensed", 24)]
    again = retention.keep(store, HOURLY, NOW + timedelta(days=1))
    assert not again.did
    assert rows(store, HOURLY, "no2") == [(old, pytest.approx(mean), "incomplete", 22)]


def test_a_second_run_does_nothing_and_writes_no_values(store):
    append(
        store, BIKES.id, quarters(midnight(2026, 7, 1), 96) + quarters(midnight(2020, 7, 1), 96), NOW - HOUR
    )
    retention.keep(store, BIKES, NOW)
    before = {key: store.get(key) for key in store.list("observations") if key.endswith(".parquet")}
    for days in (0, 1, 2):
        assert not retention.keep(store, BIKES, NOW + timedelta(days=days)).did
    assert {key: store.get(key) for key in store.list("observations") if key.endswith(".parquet")} == before
    log = retention.read_log(store, BIKES.id)
    assert log is not None
    assert len(log.runs) == 1


def test_time_goes_on_and_what_comes_late_is_condensed_as_well(store):
    start = midnight(2026, 7, 1)
    append(store, BIKES.id, quarters(start, 96 * 20), NOW)
    for day in range(88, 115):
        retention.keep(store, BIKES, start + timedelta(days=day))
    assert len(rows(store, BIKES, "bicycles_hour")) == 24 * 20
    append(store, BIKES.id, quarters(start, 8, station="late"), start + timedelta(days=115))
    retention.keep(store, BIKES, start + timedelta(days=116))
    assert rows(store, BIKES, "bicycles") == []
    hours = [r for r in read(store, BIKES.id).to_pylist() if r["station"] == "late"]
    assert [(r["property"], r["value"]) for r in hours] == [("bicycles_hour", 4.0)] * 2


def test_small_files_of_a_day_become_one_and_corrections_stay_findable(store):
    at = datetime(2026, 11, 15, 12, tzinfo=UTC)
    for i in range(5):
        append(store, BIKES.id, [Observation("s", "bicycles", float(i), "1/15min", at)], at + i * HOUR)
    run = retention.keep(store, BIKES, NOW)
    assert (run.files_before, run.files_after, run.tiers) == (5, 1, ())
    assert [v.value for v in versions(store, BIKES.id, "s", "bicycles", at)] == [0.0, 1.0, 2.0, 3.0, 4.0]
    assert read(store, BIKES.id, as_of=at + 2 * HOUR).to_pylist()[0]["value"] == 2.0
    assert read(store, BIKES.id).to_pylist()[0]["value"] == 4.0
    without = COUNTS.model_copy(update={"retention": ()})
    append(store, without.id, [Observation("s", "bicycles", 9.0, "1/15min", at)], at + 9 * HOUR)
    assert retention.keep(store, without, NOW).files_after == 1


@pytest.mark.parametrize("at", range(0, 60, 3))
def test_a_crash_at_any_point_leaves_all_values_and_the_next_run_finishes(at):
    """Every day says the same hours in the end, as if nothing had happened."""
    store = open_store("memory://")
    start = midnight(2026, 6, 1)
    append(store, BIKES.id, quarters(start, 96 * 12), NOW - HOUR)
    calls = 0

    def failing(method):
        def call(*args):
            nonlocal calls
            calls += 1
            if calls > at:
                raise StoreError("no more")
            return method(*args)

        return call

    put, remove = store.put, store.remove
    store.put, store.remove = failing(put), failing(remove)
    with suppress(StoreError):
        retention.keep(store, BIKES, NOW)
    store.put, store.remove = put, remove
    sums = {(r["property"], r["observed_at"]): r for r in read(store, BIKES.id).to_pylist()}
    for day in range(12):
        for hour in range(24):
            when = start + timedelta(days=day, hours=hour)
            fine = [sums.get(("bicycles", when + i * QUARTER)) for i in range(4)]
            coarse = sums.get(("bicycles_hour", when))
            assert coarse is not None or all(fine)
            assert coarse is None or coarse["value"] == 4.0
    for _ in range(2):  # it goes on at once where it was stopped, and not again when it is done
        retention.keep_due(store, [BIKES], NOW + HOUR)
    assert rows(store, BIKES, "bicycles") == []
    assert [(v, q, n) for _, v, q, n in rows(store, BIKES, "bicycles_hour")] == [(4.0, "condensed", 4)] * 288
    assert all(len(found) == 1 for found in partitions.files(store, BIKES.id).values())


def test_the_last_tier_may_end_and_removal_is_counted(store):
    tiers = (Retention(every="15min", keep="90d"),)
    layer = COUNTS.model_copy(update={"retention": tiers})
    append(store, layer.id, quarters(midnight(2026, 7, 1), 96), NOW - HOUR)
    run = retention.keep(store, layer, NOW)
    assert read(store, layer.id).num_rows == 0
    assert [(t.every, t.into, t.values, t.made) for t in run.tiers] == [("15min", None, 96, 0)]


def test_a_server_that_listed_the_files_before_goes_on(store):
    old = midnight(2026, 7, 1)
    append(store, BIKES.id, quarters(old, 96), NOW - HOUR)
    values = Values(store, ttl=1000)
    assert values.files(BIKES.id)
    retention.keep(store, BIKES, NOW)
    assert values.latest(BIKES.id, NOW)["s"]["bicycles_hour"]["quality"] == "condensed"


def test_once_a_day_and_only_stations(store):
    append(store, BIKES.id, quarters(midnight(2026, 7, 1), 96), NOW - HOUR)
    sites = COUNTS.model_copy(update={"id": "probe.sites", "schema_id": "roadwork/1"})
    done = retention.keep_due(store, [BIKES, sites], NOW)
    assert [layer for layer, _ in done] == [BIKES.id]
    assert retention.keep_due(store, [BIKES, sites], NOW + 23 * HOUR) == []
    assert len(retention.keep_due(store, [BIKES, sites], NOW + 24 * HOUR)) == 1


@pytest.mark.parametrize(
    ("tiers", "why"),
    [
        ([{"every": "1h", "keep": "90d"}, {"every": "15min"}], "shortest interval first"),
        ([{"every": "15min"}, {"every": "1h"}], "how long each but the last"),
        ([{"every": "15min", "keep": "90d"}, {"every": "1h", "keep": "30d"}], "kept longer"),
        ([{"every": "7min", "keep": "90d"}], "does not fill a day"),
        ([{"every": "15min", "keep": "lange"}], "no length of time"),
    ],
)
def test_tiers_that_make_no_sense_are_refused(tiers, why):
    with pytest.raises(ValueError, match=why):
        Layer.model_validate({**COUNTS.model_dump(by_alias=True), "retention": tiers})
