"""Observations: the sources' times, spans and gaps as they really are."""

import math
from datetime import UTC, datetime
from typing import Any

import pytest

from catalog.partitions import instant
from ingest.load import load_city
from ingest.local_times import NotObserved
from ingest.readings import MIDNIGHT, Reader
from twin.record import Record, Shape

CITY = load_city("muenchen")


def reader(name: str) -> Reader:
    layer = CITY.layer(name)
    assert layer is not None
    return Reader(layer)


def row(day: str, start: str, end: str, total: str = "7", station: str = "Muster") -> Record:
    values = {
        "datum": day,
        "uhrzeit_start": start,
        "uhrzeit_ende": end,
        "zaehlstelle": station,
        "richtung_1": "3",
        "richtung_2": "4",
        "gesamt": total,
    }
    return Record("line 2", values, shape=Shape.OBSERVATION)


def told(found: Any) -> dict[str, tuple[datetime, float | None]]:
    rows, _ = found
    return {name: (instant(at), None if math.isnan(value) else value) for _, name, value, at in rows}


def test_the_span_tells_the_property() -> None:
    r = reader("bike-counts")
    assert set(told(r.read(row("2026.07.01", "00:00", "23.59")))) == {
        "bicycles_day",
        "bicycles_day_direction_1",
        "bicycles_day_direction_2",
    }
    assert "bicycles" in told(r.read(row("2026.07.01", "00:00", "00:14")))
    assert "bicycles" in told(r.read(row("2026.07.01", "23:45", "00:00")))
    assert "bicycles_hour" in told(r.read(row("2026.07.01", "05:00", "05.59")))
    with pytest.raises(NotObserved, match="15 minutes, an hour or a day"):
        r.read(row("2026.07.01", "05:00", "05:07"))


def test_both_spellings_of_dates_and_clocks_are_the_same_time() -> None:
    first = told(reader("bike-counts").read(row("2026.07.01", "00.15", "00.29")))
    other = told(reader("bike-counts").read(row("01.07.2026", "  00:15 ", "00:29")))
    assert first == other
    assert first["bicycles"] == (datetime(2026, 6, 30, 22, 15, tzinfo=UTC), 7.0)


def test_the_hour_that_occurs_twice_is_told_twice() -> None:
    r = reader("bike-counts")
    first = told(r.read(row("2026.10.25", "02:00", "02:14")))["bicycles"][0]
    second = told(r.read(row("2026.10.25", "02:00", "02:14")))["bicycles"][0]
    third = told(r.read(row("2026.10.25", "02:00", "02:14")))["bicycles"][0]
    assert first == datetime(2026, 10, 25, 0, tzinfo=UTC)
    assert second == datetime(2026, 10, 25, 1, tzinfo=UTC)
    assert third == second  # a repetition, which is settled when all is known


def test_the_hour_that_does_not_occur_is_refused() -> None:
    with pytest.raises(NotObserved, match="put forward"):
        reader("bike-counts").read(row("2026.03.29", "02:30", "02:44"))


def test_missing_is_none_and_not_zero() -> None:
    found = told(reader("bike-counts").read(row("2026.07.01", "00:00", "00:14", "NA")))
    assert found["bicycles"][1] is None


def hour(start: str, component: str = "5", value: object = 18) -> Record:
    values = {"station": "471", "start": start, "component": component, "value": value, "scope": "2"}
    return Record("471", values, shape=Shape.OBSERVATION)


def test_the_agency_writes_cet_all_year_and_hour_24() -> None:
    r = reader("air-quality")
    assert told(r.read(hour("2026-08-08 00:00:00")))["no2"][0] == datetime(2026, 8, 7, 23, tzinfo=UTC)
    found, remark = r.read(hour("2026-08-08 24:00:00"))
    assert told((found, remark))["no2"][0] == datetime(2026, 8, 8, 23, tzinfo=UTC)
    assert remark == MIDNIGHT


@pytest.mark.parametrize(
    ("record", "why"),
    [
        (hour("2026-08-08 25:00:00"), "time cannot be read"),
        (hour("gestern"), "time cannot be read"),
        (hour("2026-08-08 01:00:00", "77"), "does not name"),
        (hour("2026-08-08 01:00:00", value="viel"), "not a number"),
        (hour("2026-08-08 01:00:00", value="1e999"), "finite"),
        (Record("x", {"zaehlstelle": "A"}, shape=Shape.OBSERVATION), "none of the recipe's readings"),
    ],
)
def test_what_cannot_be_read_says_why(record: Record, why: str) -> None:
    with pytest.raises(NotObserved, match=why):
        reader("air-quality").read(record)


@pytest.mark.parametrize("start", ["0001-01-01 00:00:00", "9999-12-31 24:00:00"])
def test_a_time_at_the_end_of_the_calendar_is_a_broken_record(start: str) -> None:
    with pytest.raises(NotObserved, match="time cannot be read"):
        reader("air-quality").read(hour(start))
