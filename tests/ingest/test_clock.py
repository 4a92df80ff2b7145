"""Values from the future: single ones are left out, a source full of them has a wrong clock."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from catalog.partitions import micros
from catalog.revisions import revisions
from catalog.status import read_status
from ingest.clock import AHEAD, on_time, runs_ahead
from ingest.job import Job
from ingest.load import load_city
from ingest.measured import Measured, Measurements
from ingest.pipeline import run
from tests.ingest.asking import sample_named
from twin.errors import SourceAhead
from twin.report import Report
from twin.settings import Settings
from twin.status import State
from twin.store import FileStore

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CITY = load_city("muenchen")
AIR = CITY.layer("air-quality")


def measurements(tmp_path, *ahead_min: float, each: int = 1) -> Measurements:
    """A record for each number, `each` values a record, the first so many minutes from now."""
    found = Measurements(tmp_path)
    rows = [(i, m + 60 * k) for i, m in enumerate(ahead_min) for k in range(each)]
    at = [micros(NOW + timedelta(minutes=m)) for _, m in rows]
    names = ["s"] * len(rows)
    places = [f"row {i}" for i in range(len(ahead_min))]
    found.add(Measured(places, [i for i, _ in rows], names, ["no2_ug_m3"] * len(rows), [1.0] * len(rows), at))
    return found


def left(found: Measurements) -> int:
    return sum(len(np.asarray(rows)) for rows in found.by_days())


def test_a_clock_a_little_ahead_is_no_fault(tmp_path):
    report, found = Report(), measurements(tmp_path, -60, 5, 15)
    on_time(AIR, found, NOW, report)
    assert (left(found), report.broken, runs_ahead(report)) == (3, 0, False)


def test_single_values_from_the_future_are_left_out_and_counted(tmp_path):
    report, found = Report(), measurements(tmp_path, -90, -90, 120)
    on_time(AIR, found, NOW, report)
    assert left(found) == 2
    assert report.reasons["broken"] == {AHEAD: 1}
    assert [error.place for error in report.examples] == ["row 2"]
    assert runs_ahead(report)


def test_a_record_that_is_half_in_the_future_keeps_its_other_half(tmp_path):
    report, found = Report(), measurements(tmp_path, -30, -30, each=2)
    on_time(AIR, found, NOW, report)
    assert (left(found), report.broken) == (2, 0)
    assert sum(report.notes.values()) == 2
    assert runs_ahead(report)


def test_a_source_mostly_from_the_future_is_refused_in_these_words(tmp_path):
    with pytest.raises(SourceAhead, match=r"clock runs ahead: 2 of 3 records .* up to 3 hours from now"):
        on_time(AIR, measurements(tmp_path, -10, 60, 180), NOW, Report())


def test_forecasts_may_lie_as_far_ahead_as_the_recipe_says(tmp_path):
    forecast = AIR.model_copy(update={"source": AIR.source.model_copy(update={"ahead": "10d"})})
    report, found = Report(), measurements(tmp_path, 60, 60 * 24 * 9, 60 * 24 * 11)
    on_time(forecast, found, NOW, report)
    assert (left(found), report.broken) == (2, 1)


def test_a_whole_run_says_so_and_keeps_what_it_had(tmp_path):
    store = FileStore(tmp_path / "store")
    typed = {AIR.id: str(sample_named("air-quality") / "source")}

    def ran(at):
        (outcome,) = run(Job(CITY, store, Settings(), at, typed), [AIR])
        return outcome

    assert ran(NOW).ok
    early = datetime(2026, 1, 1, tzinfo=UTC)
    assert not ran(early).ok
    status = read_status(store, AIR.id)
    assert (status.error, status.state(early)) == ("ahead", State.REFUSED)
    assert "clock runs ahead" in status.reason
    assert len(revisions(store, AIR.id)) == 1
