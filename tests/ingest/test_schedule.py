"""The schedule: what is due when, and what may run beside what."""

from datetime import UTC, datetime, timedelta

import pytest

from catalog.status import write_status
from ingest import schedule
from ingest.due import beside, due
from ingest.load import load_city
from twin.errors import RecipeError
from twin.settings import Settings
from twin.status import Status
from twin.store import open_store

CITY = load_city("muenchen")
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
AIR = CITY.layer("air-quality")
assert AIR is not None


def due_after(age: timedelta, failures: int = 0, not_before: datetime | None = None) -> bool:
    """Whether air quality (hourly) is due, `age` after its last attempt."""
    assert AIR is not None
    store = open_store("memory://")
    status = Status(
        layer=AIR.id,
        interval_s=3600,
        last_attempt=NOW - age,
        error="down" if failures else None,
        failures=failures,
        not_before=not_before,
    )
    write_status(store, status)
    return AIR in due(CITY, store, NOW)


def test_everything_is_due_at_first() -> None:
    assert due(CITY, open_store("memory://"), NOW, Settings(publish_unclear="all")) == list(CITY.layers)


@pytest.mark.parametrize(
    ("minutes", "failures", "is_due"),
    [
        *[(59, 0, False), (66, 0, True), (60 * 24 * 30, 0, True)],
        *[(5, 1, False), (6, 1, True), (11, 2, False), (12, 2, True), (23, 3, False), (24, 3, True)],
        *[(59, 5, False), (60, 5, True), (60, 500, True)],
    ],
)
def test_due_by_interval_and_after_failures_ever_later(minutes: int, failures: int, is_due: bool) -> None:
    assert due_after(timedelta(minutes=minutes), failures) is is_due


def test_a_source_that_asks_to_be_left_alone_is_but_not_for_more_than_the_interval() -> None:
    ten = timedelta(minutes=10)
    assert not due_after(ten, 1, NOW + ten)
    assert due_after(ten, 1, NOW - timedelta(minutes=1))
    assert due_after(timedelta(minutes=60), 1, NOW + timedelta(days=300))


def test_what_a_clock_far_ahead_wrote_down_stops_no_layer() -> None:
    assert not due_after(timedelta(minutes=-10))  # machines' clocks differ a little
    assert due_after(timedelta(days=-2))
    assert due_after(timedelta(days=-2), 1)


@pytest.mark.parametrize(
    ("attempt", "success", "ahead"),
    [(0, None, False), (0, 0, False), (2, None, True), (2, 0, True), (0, 2, True)],
)
def test_an_attempt_or_a_success_may_have_been_written_by_a_clock_ahead(attempt, success, ahead) -> None:
    status = Status(
        layer="town.a",
        interval_s=3600,
        last_attempt=NOW + timedelta(days=attempt),
        last_success=None if success is None else NOW + timedelta(days=success),
    )
    assert status.was_ahead(NOW) is ahead


def test_layers_do_not_all_knock_at_once_and_each_has_its_own_moment() -> None:
    at = {
        name: Status(layer=f"town.{name}", interval_s=3600, last_attempt=NOW).next_due()
        for name in "abcdefgh"
    }
    assert len(set(at.values())) == 8
    assert all(timedelta(hours=1) <= t - NOW < timedelta(minutes=65) for t in at.values())
    again = Status(layer="town.a", interval_s=3600, last_attempt=NOW).next_due()
    assert again == at["a"]


def test_layers_by_short_name_and_full_id_in_publishing_order() -> None:
    found = schedule.chosen(CITY, ["muenchen.districts", "terrain"])
    assert [x.name for x in found] == ["terrain", "districts"]
    with pytest.raises(RecipeError, match="did you mean 'districts'"):
        schedule.chosen(CITY, ["distrikts"])


def named(*names: str):
    return [(CITY, layer) for layer in CITY.layers if layer.name in names]


def names_of(found) -> list[str]:
    return [layer.name for _, layer in found]


def test_what_lies_on_the_terrain_waits_for_it_and_what_has_no_tiles_does_not() -> None:
    assert AIR is not None
    flat = (CITY, AIR.model_copy(update={"tiles": None}))
    assert names_of(beside([*named("terrain", "buildings"), flat], [])) == ["terrain", "air-quality"]
    assert names_of(beside(named("buildings"), named("terrain"))) == []
    assert "buildings" in names_of(beside(named("buildings"), [flat]))


def test_a_host_is_asked_for_one_layer_at_a_time_and_a_layer_never_runs_twice() -> None:
    sites = named("construction-sites")
    assert names_of(beside(named("districts"), sites)) == []  # the city's one WFS
    assert names_of(beside(named("air-quality"), sites)) == ["air-quality"]
    assert names_of(beside(named("buildings"), named("buildings"))) == []
    assert AIR is not None
    own = AIR.source.model_copy(update={"url": "file:air.csv"})
    file = (CITY, AIR.model_copy(update={"source": own, "tiles": None}))  # it has no host to be known by
    assert names_of(beside([file], sites)) == ["air-quality"]
    assert names_of(beside([file], [file])) == []
