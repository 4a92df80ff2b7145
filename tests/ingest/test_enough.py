"""Whether what came is enough: sources of the whole country, swapped axes among measurements, too few."""

import pytest

from ingest.enough import enough
from ingest.load import load_city
from ingest.measured import Measured, Measurements
from ingest.place import OUTSIDE, SWAPPED
from twin.errors import SourceChanged, SourceShrunk
from twin.record import Feature
from twin.report import Report, Verdict

WARNINGS = load_city("muenchen").layer("weather-warnings")
AIR = load_city("muenchen").layer("air-quality")


def told(*reasons, published=0, measured=0):
    report = Report()
    report.taken = len(reasons) + published + measured
    for reason in reasons:
        report.count(Verdict.BROKEN, "x", reason)
    for _ in range(published + measured):
        report.count(Verdict.PUBLISHED)
    return report


def features(count):
    return [Feature(f"f{n}", f"f{n}", {}, b"a place") for n in range(count)]


@pytest.fixture
def none(tmp_path):
    return Measurements(tmp_path)


def test_a_warning_elsewhere_means_that_there_is_none_here(none):
    enough(WARNINGS, [], none, told(OUTSIDE, OUTSIDE))
    enough(WARNINGS, [], none, Report())


def test_what_cannot_be_read_is_still_a_change(none):
    with pytest.raises(SourceChanged, match="none of 2 records can be used"):
        enough(WARNINGS, [], none, told(OUTSIDE, "its geometry cannot be read"))
    with pytest.raises(SourceChanged, match="none of 1 records"):
        enough(AIR, [], none, told(OUTSIDE))


def test_swapped_positions_are_named_among_measurements_too(none):
    with pytest.raises(SourceChanged, match="swapped in 3 of 4 positions"):
        enough(AIR, features(1), none, told(SWAPPED, SWAPPED, SWAPPED, published=1, measured=50))
    enough(AIR, features(5), none, told(SWAPPED, SWAPPED, published=5))


def test_too_few_say_what_became_of_the_others(none):
    layer = AIR.model_copy(update={"min_features": 3})
    with pytest.raises(SourceShrunk, match=rf"at least 3 \(2 of 3 records: {OUTSIDE}\); the last"):
        enough(layer, features(1), none, told(OUTSIDE, OUTSIDE, published=1))
    with pytest.raises(SourceShrunk, match="at least 3; the last"):
        enough(layer, features(1), none, told(published=1))


def test_without_any_feature_nobody_is_told_to_expect_fewer(none, tmp_path):
    layer = AIR.model_copy(update={"stations": {}})
    with pytest.raises(SourceShrunk, match=r"gave 0 .* stays. Look at the source, and compare it") as error:
        enough(layer, [], none, Report())
    assert "min_features" not in str(error.value)
    values = Measurements(tmp_path / "values")
    values.add(Measured(["x"], [0], ["s"], ["no2"], [1.0], [9]))
    with pytest.raises(SourceShrunk, match=r"Values came and no station: .* under \[stations\]\.$"):
        enough(layer, [], values, told(measured=1))
    with pytest.raises(SourceShrunk, match="or lower min_features"):
        enough(layer.model_copy(update={"min_features": 2}), features(1), none, told(published=1))


def test_measurements_that_were_all_held_are_none(tmp_path):
    measured = Measurements(tmp_path)
    measured.add(Measured([], [], [], [], [], []))
    records, rows, last = measured.after(5)
    assert (records.tolist(), rows, last, len(measured)) == ([], 0, 5, 0)
    assert list(measured.by_days()) == []
    measured.add(Measured(["x"], [0], ["s"], ["no2"], [1.0], [9]))
    assert measured.after(5)[0].tolist() == [0]
