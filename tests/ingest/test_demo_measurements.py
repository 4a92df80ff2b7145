"""The made-up counts and air values: rhythms, gaps and the dialects' traps."""

import csv
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from ingest.demo import air, bikes

NOW = datetime(2026, 11, 21, 14, 7, tzinfo=UTC)  # 15:07 in Munich
HEADER = ["datum", "uhrzeit_start", "uhrzeit_ende", "zaehlstelle", "richtung_1", "richtung_2", "gesamt"]


@pytest.fixture(scope="module")
def counts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bikes")
    bikes.write_counts(folder, NOW)
    return folder


@pytest.fixture(scope="module")
def quality(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("air")
    air.write_air(folder, NOW)
    return folder


def _rows(folder: Path) -> list[list[str]]:
    rows = []
    for path in sorted(folder.glob("rad_*_15min.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            header, *own = csv.reader(file)
        assert header == HEADER
        rows += own
    return rows


def _date(text: str) -> date:
    turned = text.split(".")
    year, month, day = turned if len(turned[0]) == 4 else reversed(turned)
    return date(int(year), int(month), int(day))


def test_counts_are_monthly_files_of_ninety_days(counts: Path) -> None:
    names = sorted(path.name for path in counts.glob("rad_*"))
    days = {_date(row[0]) for row in _rows(counts)}

    assert names == [f"rad_2026_{month:02d}_15min.csv" for month in (8, 9, 10, 11)]
    assert min(days) == date(2026, 8, 23)
    assert max(days) == date(2026, 11, 21)


def test_counts_end_with_the_last_full_quarter_hour_of_munich(counts: Path) -> None:
    last = [
        row for row in _rows(counts) if _date(row[0]) == date(2026, 11, 21) and row[3].strip() == "Spiegel"
    ]

    assert last[-1][1].strip().replace(".", ":") == "14:45"


def test_a_later_run_adds_and_changes_nothing(counts: Path, tmp_path: Path) -> None:
    bikes.write_counts(tmp_path, NOW + timedelta(hours=1))
    before = {tuple(row) for row in _rows(counts)}
    after = {tuple(row) for row in _rows(tmp_path)}

    assert before < after
    assert len(after - before) <= 4 * len(bikes.STATIONS)


def test_the_dialect_has_its_traps(counts: Path) -> None:
    rows = _rows(counts)

    assert any(row[3] != row[3].strip() for row in rows)
    assert any("." in row[1] for row in rows)
    assert any(":" in row[1] for row in rows)
    assert any(row[2].strip() == "23.59" for row in rows)
    assert any(row[6].strip() == "NA" for row in rows)
    assert any(len(row[0].split(".")[0]) == 2 for row in rows)


def test_one_counter_is_dead_and_the_others_are_not(counts: Path) -> None:
    recent: dict[str, int] = defaultdict(int)
    for row in _rows(counts):
        if _date(row[0]) >= date(2026, 11, 14) and row[6].strip() != "NA":
            recent[row[3].strip()] += int(row[6])

    assert {name for name, total in recent.items() if total == 0} == {bikes.DEAD}
    assert len(recent) == 6
    earlier = sum(
        int(row[6]) for row in _rows(counts) if row[3].strip() == bikes.DEAD and row[6].strip() != "NA"
    )
    assert earlier > 1000


def test_directions_add_up_and_working_days_have_more(counts: Path) -> None:
    days: dict[date, int] = defaultdict(int)
    for row in _rows(counts):
        one, two, both = (value.strip() for value in row[4:])
        if both != "NA":
            assert int(one) + int(two) == int(both)
            if row[3].strip() == "Spiegel":
                days[_date(row[0])] += int(both)
    working = [total for day, total in days.items() if day.weekday() < 5]
    free = [total for day, total in days.items() if day.weekday() >= 5]

    assert 1000 < sum(free) / len(free) < sum(working) / len(working) < 6000


def test_the_day_the_clocks_change_has_a_hundred_quarter_hours() -> None:
    assert len(list(bikes._quarters(date(2026, 10, 25)))) == 100
    assert len(list(bikes._quarters(date(2026, 3, 29)))) == 92


def test_stations_have_places_and_directions(counts: Path) -> None:
    with (counts / "stations.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    assert len(rows) == 6
    assert all(48.1 < float(row["latitude"]) < 48.2 and 11.5 < float(row["longitude"]) < 11.6 for row in rows)
    assert all(row["richtung_1"] and row["richtung_2"] and row["zaehlstelle_lang"] for row in rows)


def test_air_stations_are_columns_by_position(quality: Path) -> None:
    stations = orjson.loads((quality / "stations.json").read_bytes())

    assert len(stations["indices"]) == 20
    assert len(stations["data"]) == stations["count"] == 4
    assert all(len(row) == 20 for row in stations["data"].values())
    kind = stations["indices"].index("station type name")
    assert {row[kind] for row in stations["data"].values()} == {"Verkehr", "Hintergrund"}


def test_air_values_reach_ten_days_up_to_the_last_full_hour(quality: Path) -> None:
    data = orjson.loads((quality / "airquality.json").read_bytes())["data"]

    for hours in data.values():
        keys = sorted(hours)
        assert keys[0] == "2026-11-11 00:00:00"
        assert keys[-1] == "2026-11-21 14:00:00"  # CET: the hour that ended at 15:00
        assert hours[keys[-1]][0] == "2026-11-21 15:00:00"
        assert sum(entry[0].endswith("24:00:00") for entry in hours.values()) == 1


def test_only_stations_away_from_traffic_measure_ozone(quality: Path) -> None:
    data = orjson.loads((quality / "airquality.json").read_bytes())["data"]
    components = {
        number: {part[0] for entry in hours.values() for part in entry[3:]} for number, hours in data.items()
    }

    assert components["9001"] == components["9002"] == {1, 5, 9}
    assert components["9003"] == components["9004"] == {1, 3, 5, 9}


def test_air_values_are_missing_now_and_then_and_else_plausible(quality: Path) -> None:
    data = orjson.loads((quality / "measures.json").read_bytes())["data"]
    values = [entry[2] for hours in data.values() for entry in hours.values()]

    assert 0 < values.count(None) < len(values) / 20
    assert all(0.1 <= value < 2 for value in values if value is not None)


def test_no_value_is_told_twice(quality: Path) -> None:
    measures = orjson.loads((quality / "measures.json").read_bytes())["data"]
    together = orjson.loads((quality / "airquality.json").read_bytes())["data"]

    assert {entry[0] for hours in measures.values() for entry in hours.values()} == {2}
    assert all(part[0] != 2 for hours in together.values() for entry in hours.values() for part in entry[3:])
