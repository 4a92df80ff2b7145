"""Cells: what single sensors measured comes out only as what several have in common."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ingest.cells import cells
from ingest.load import load_city
from twin.errors import SourceChanged
from twin.layer import Layer
from twin.record import Record, Shape
from twin.report import Report
from twin.rule import Rule

REASON = {"de": "Private Sensoren nur als Zellen.", "en": "Private sensors only as cells."}
RULE = {
    "cell_m": 1000,
    "things": "sensor",
    "position": ["longitude", "latitude"],
    "mean": {"P1": [0, 900], "P2": [0, 900]},
    "when": ["timestamp"],
    "period": "5min",
}


def rule(**changes: Any) -> Rule:
    return Rule.model_validate({"coarsen": RULE | changes, "reason": REASON})


def layer(zone: str = "UTC") -> Layer:
    made = load_city("muenchen").layer("air-quality")
    assert made is not None
    return made.model_copy(update={"source": made.source.model_copy(update={"timezone": zone})})


def sensor(number: int, value: object = "10", **more: object) -> Record:
    values = {
        "sensor": f"geheim-{number}",
        "longitude": "11.5701",
        "latitude": "48.1371",
        "timestamp": "2026-11-21 11:47:14",
        "P1": value,
    }
    return Record(f"record {number}", values | more)


def made(records: list[Record], report: Report, **changes: Any) -> list[Record]:
    return list(cells(records, rule(**changes), layer(), report))


def test_three_sensors_become_one_cell_and_its_mean() -> None:
    report = Report()
    cell, mean = made([sensor(1, "10"), sensor(2, 20.0), sensor(3, "60")], report)
    assert cell.shape is Shape.FEATURE
    assert cell.values == {"cell": mean.values["cell"], "count": 3}
    assert mean.shape is Shape.OBSERVATION
    assert (mean.values["P1"], mean.values["start"], mean.values["count"]) == (
        30.0,
        "2026-11-21T11:45:00Z",
        3,
    )
    assert "P2" not in mean.values
    assert (report.taken, report.held) == (1, 1)  # two stand for the cell and the mean
    assert "geheim" not in repr((cell, mean, report))


def test_the_position_is_the_cell_s_centre_whoever_is_in_it() -> None:
    import shapely

    here, there = (
        made([sensor(n, longitude=str(lon)) for n in range(3)], Report())[0] for lon in (11.5701, 11.5702)
    )
    assert here.values["cell"] == there.values["cell"] == "CRS3035RES1000mN2781000E4437000"
    assert here.geometry == there.geometry
    point = shapely.from_wkb(here.geometry)
    assert 0 < abs(point.x - 11.5701) < 0.01
    assert abs(point.y - 48.1371) < 0.01


def test_fewer_sensors_are_held_however_often_one_tells() -> None:
    report = Report()
    assert made([sensor(1), sensor(1), sensor(1), sensor(2)], report) == []
    assert (report.taken, report.held) == (4, 4)
    assert report.reasons == {"held": {"Private sensors only as cells.": 4}}


def test_a_sensor_that_tells_a_lot_counts_as_much_as_another() -> None:
    _, mean = made([*[sensor(1, "90")] * 8, sensor(2, "0"), sensor(3, "0")], Report())
    assert mean.values["P1"] == 30.0


def test_a_mean_needs_enough_sensors_of_its_own_field() -> None:
    records = [sensor(1), sensor(2), sensor(3, "abc", P2="5"), sensor(4, "1999.9", P2="5")]
    assert made(records, Report()) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"P1": "1999.9"}, "none of its values is a number in the range that the recipe states"),
        ({"P1": None}, "none of its values is a number in the range that the recipe states"),
        ({"P1": "nan"}, "none of its values is a number in the range that the recipe states"),
        ({"latitude": None}, "it has no position"),
        ({"latitude": "91"}, "it has no position"),
        ({"longitude": "inf"}, "it has no position"),
        ({"sensor": " "}, "it does not say which thing it is about"),
        ({"timestamp": "gestern"}, "its time cannot be read"),
        ({"timestamp": ""}, "it says no time"),
        ({"timestamp": "9999-12-31 23:59:59+00:00"}, None),
    ],
)
def test_what_cannot_be_used_is_broken_and_named(change: dict[str, Any], words: str | None) -> None:
    report = Report()
    made([sensor(1, **change)], report)
    assert (report.broken, report.held) == ((1, 0) if words else (0, 1))
    assert list(report.reasons.get("broken", {})) == ([words] if words else [])


def test_a_field_that_the_source_no_longer_has_is_noticed() -> None:
    record = sensor(1)
    values = {("id" if name == "sensor" else name): value for name, value in record.values.items()}
    with pytest.raises(SourceChanged, match="'sensor'"):
        made([Record("1", values)], Report())


def test_things_without_values_become_cells_with_a_count() -> None:
    (cell,) = made([sensor(n) for n in range(5)], Report(), mean={}, when=[])
    assert cell.values["count"] == 5


def test_fewer_things_without_values_are_held_too() -> None:
    report = Report()
    assert made([sensor(1), sensor(1), sensor(2)], report, mean={}, when=[]) == []
    assert (report.taken, report.held) == (3, 3)


def test_geometries_in_other_systems_find_the_same_cell() -> None:
    import shapely

    wkb = shapely.to_wkb(shapely.box(691_000, 5_334_100, 691_010, 5_334_110))
    records = [Record("1", {"sensor": n}, wkb, "EPSG:25832") for n in range(3)]
    (cell,) = made(records, Report(), mean={}, when=[], position=None)
    assert cell.values["cell"].startswith("CRS3035RES1000mN278")


@given(st.lists(st.tuples(st.integers(1, 6), st.integers(0, 30), st.integers(0, 3)), max_size=60))
def test_everything_that_came_in_is_somewhere(told: list[tuple[int, int, int]]) -> None:
    report = Report()
    records = [
        sensor(n, value, timestamp=f"2026-11-21 11:{15 * quarter:02}:00", longitude=str(11.5 + n % 2 / 10))
        for n, value, quarter in told
    ]
    out = made(records, report)
    assert report.taken + len(out) == len(records)
    assert report.held == report.taken
    for record in out:
        assert record.values["count"] >= 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"min_count": 1},
        {"cell_m": 10},
        {"period": "5 min"},
        {"period": "0min"},
        {"when": []},
        {"mean": {"P1": [5, 5]}},
    ],
)
def test_a_rule_that_protects_nobody_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        rule(**wrong)
