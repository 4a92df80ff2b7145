"""Values on their way to the store: settled among themselves, counted, in bounded pieces, safe at a crash."""

import math
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog import retention
from catalog.observations import read, versions
from catalog.partitions import micros
from ingest import measured as module
from ingest.clock import AHEAD, on_time
from ingest.load import load_city
from ingest.measured import Measured, Measurements
from ingest.normalise import normalise
from ingest.observe import CONDENSED, CORRECTED, KNOWN, TWICE, observe
from twin.errors import SourceAhead, StoreError
from twin.record import Record, Shape
from twin.report import Report
from twin.store import Store, open_store

CITY = load_city("muenchen")
FOUND = CITY.layer("bike-counts")
assert FOUND is not None
BIKES = FOUND
NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
START = datetime(2026, 7, 1, tzinfo=UTC)

Row = tuple[str, int, float]
"""Station, quarters of an hour since the start, value."""


def measurements(folder: Path, rows: list[Row], start: datetime = START) -> Measurements:
    found = Measurements(folder)
    for first in range(0, len(rows), 10):
        some = rows[first : first + 10]
        found.add(
            Measured(
                [f"line {first + i + 2}" for i in range(len(some))],
                range(len(some)),
                [station for station, _, _ in some],
                ["bicycles"] * len(some),
                [value for _, _, value in some],
                [micros(start + timedelta(minutes=15 * quarter)) for _, quarter, _ in some],
            )
        )
    return found


def appended(store: Store, found: Measurements, at: datetime = NOW) -> Report:
    report = Report(taken=found.records)
    observe(store, BIKES, found, at, report)
    assert report.adds_up
    return report


def told(store: Store, as_of: datetime | None = None) -> dict[tuple[str, datetime], float | None]:
    return {
        (r["station"], r["observed_at"]): r["value"] for r in read(store, BIKES.id, as_of=as_of).to_pylist()
    }


def test_every_record_is_something(tmp_path: Path) -> None:
    rows = [("a", 0, 1.0), ("a", 0, 1.0), ("b", 0, 2.0), ("b", 0, 3.0), ("c", 0, 4.0), ("c", 0, math.nan)]
    store = open_store("memory://")
    report = appended(store, measurements(tmp_path, rows))
    assert report.counts() == {"in": 6, "published": 3, "held": 0, "broken": 0, "duplicate": 3}
    assert report.reasons["duplicate"] == {TWICE: 2, CORRECTED: 1}
    assert report.notes == {CORRECTED: 1}
    assert report.observations == 3
    assert sorted(told(store).values()) == [1.0, 3.0, 4.0]
    again = appended(store, measurements(tmp_path, rows))
    assert (again.published, again.observations) == (0, 0)
    assert again.reasons["duplicate"] == {KNOWN: 3, TWICE: 2, CORRECTED: 1}
    assert [e.place for e in again.examples if e.reason == CORRECTED] == ["line 4"]


def test_late_and_corrected_values_count_and_what_was_known_before_is_found(tmp_path: Path) -> None:
    store = open_store("memory://")
    later = NOW + timedelta(hours=2)
    appended(store, measurements(tmp_path, [("a", 0, 1.0), ("a", 2, 3.0)]))
    report = appended(store, measurements(tmp_path, [("a", 0, 10.0), ("a", 1, 2.0), ("a", 2, 3.0)]), later)
    assert (report.published, report.duplicate, report.observations) == (2, 1, 2)
    assert list(told(store).values()) == [10.0, 2.0, 3.0]
    assert list(told(store, as_of=NOW).values()) == [1.0, 3.0]
    assert [(v.recorded_at, v.value) for v in versions(store, BIKES.id, "a", "bicycles", START)] == [
        (NOW, 1.0),
        (later, 10.0),
    ]


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.integers(0, 400), st.sampled_from([1.0, 2.0, math.nan])),
        max_size=60,
    ),
    st.integers(1, 20),
)
def test_pieces_come_out_as_the_whole(tmp_path_factory: Any, rows: list[Row], at_once: int) -> None:
    """However little memory there is, the same values are stored and the same records counted."""
    whole, pieces = open_store("memory://"), open_store("memory://")
    first = appended(whole, measurements(tmp_path_factory.mktemp("whole"), rows))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_AT_ONCE", at_once)
        second = appended(pieces, measurements(tmp_path_factory.mktemp("pieces"), rows))
    assert first.counts() == second.counts()
    assert first.reasons == second.reasons
    assert read(whole, BIKES.id).equals(read(pieces, BIKES.id))
    expected: dict[tuple[str, int], float] = {}
    for station, quarter, value in rows:
        if (station, quarter) not in expected or not math.isnan(value):
            expected[station, quarter] = value
    assert len(told(whole)) == len(expected)
    assert sorted(v for v in told(whole).values() if v is not None) == sorted(
        v for v in expected.values() if not math.isnan(v)
    )


@pytest.mark.parametrize("at", [0, 1, 4, 9])
def test_a_crash_in_the_middle_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    monkeypatch.setattr(module, "_AT_ONCE", 100)
    rows = [("a", i, float(i)) for i in range(960)]
    store, left, put = open_store("memory://"), [at], open_store("memory://").put
    put = store.put

    def failing(key: str, data: bytes) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise StoreError("no more")
        put(key, data)

    monkeypatch.setattr(store, "put", failing)
    with pytest.raises(StoreError):
        appended(store, measurements(tmp_path, rows))
    monkeypatch.setattr(store, "put", put)
    report = appended(store, measurements(tmp_path, rows))
    assert report.published == 960 - 96 * at
    assert report.duplicate == 96 * at
    assert len(told(store)) == 960


def test_a_further_month_adds_only_itself(tmp_path: Path) -> None:
    store = open_store("memory://")
    appended(store, measurements(tmp_path, [("a", i, 1.0) for i in range(96 * 40)]))
    before = {key: store.get(key) for key in store.list("observations")}
    month = [("a", i, 1.0) for i in range(96 * 50)]
    report = appended(store, measurements(tmp_path, month), NOW + timedelta(days=1))
    assert report.observations == 96 * 10
    after = {key: store.get(key) for key in store.list("observations")}
    assert {key: after[key] for key in before} == before
    assert len(after) == 50
    assert appended(store, measurements(tmp_path, month), NOW + timedelta(days=2)).observations == 0
    assert {key: store.get(key) for key in store.list("observations")} == after


def test_what_is_condensed_is_not_taken_again(tmp_path: Path) -> None:
    """A file of the whole year is read every day: its old values must neither come back nor go unsaid."""
    store = open_store("memory://")
    old = START - timedelta(days=30)
    rows = [("a", i, 1.0) for i in range(96)]
    appended(store, measurements(tmp_path, rows, old))
    retention.keep(store, BIKES, NOW)
    condensed = read(store, BIKES.id)
    assert set(condensed["property"].to_pylist()) == {"bicycles_hour"}
    late = [*rows, ("b", 0, 5.0)]
    report = appended(store, measurements(tmp_path, late, old), NOW + timedelta(hours=1))
    assert report.reasons["duplicate"] == {CONDENSED: 96}
    assert report.published == 1
    assert read(store, BIKES.id).num_rows == 25


def test_values_of_the_future_are_passed_over_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_AT_ONCE", 3)
    rows = [("a", i, 1.0) for i in range(10)]
    found = measurements(tmp_path, rows)
    report = Report(taken=10)
    on_time(BIKES, found, START + timedelta(minutes=15 * 6 - 15), report)
    assert report.reasons["broken"] == {AHEAD: 3}
    assert [e.place for e in report.examples] == ["line 9", "line 10", "line 11"]
    store = open_store("memory://")
    observe(store, BIKES, found, NOW, report)
    assert report.adds_up
    assert len(told(store)) == 7
    with pytest.raises(SourceAhead, match=r"6 of 10 records"):
        on_time(BIKES, measurements(tmp_path, rows), START + timedelta(minutes=30), Report())


def test_memory_does_not_grow_with_the_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten times the rows through normalise and the pile: the peak stays."""
    monkeypatch.setattr(module, "_AT_ONCE", 500)

    def peak(number: int) -> int:
        folder = tmp_path / str(number)
        folder.mkdir(exist_ok=True)

        def records() -> Any:
            for i in range(number):
                at = START + timedelta(minutes=15 * (i // 4))
                day, clock = f"{at:%Y.%m.%d}", f"{at:%H:%M}"
                values = {
                    "datum": day,
                    "uhrzeit_start": clock,
                    "uhrzeit_ende": f"{at + timedelta(minutes=14):%H:%M}",
                }
                yield Record(
                    f"line {i}",
                    {**values, "zaehlstelle": "abcd"[i % 4], "gesamt": str(i % 9)},
                    shape=Shape.OBSERVATION,
                )

        tracemalloc.start()
        found = Measurements(folder)
        for thing in normalise(records(), BIKES, CITY, NOW, Report()):
            assert isinstance(thing, Measured)
            found.add(thing)
        total = sum(len(rows) for rows in found.by_days())
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert total == number
        return top

    monkeypatch.setattr("ingest.readings._REMEMBERED", 500)
    peak(8_000)  # imports, tables of time zones
    small, large = peak(1_000), peak(8_000)
    assert large < 2 * small, (small, large)
