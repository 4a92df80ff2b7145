"""The schedule: what is due when, and a loop that outlives its troubles."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from catalog.status import write_status
from ingest import schedule
from ingest.load import load_city
from twin.errors import RecipeError, StoreError
from twin.progress import Silent
from twin.settings import Settings
from twin.status import Status
from twin.store import FileStore, open_store

CITY = load_city("muenchen")
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def due_after(age: timedelta, error: str | None = None, every_s: int = 3600) -> bool:
    """Whether air quality (hourly) is due, `age` after its last attempt."""
    store = open_store("memory://")
    layer = CITY.layer("air-quality")
    assert layer is not None
    status = Status(layer=layer.id, interval_s=every_s, last_attempt=NOW - age, error=error)
    write_status(store, status)
    return layer in schedule.due(CITY, store, NOW)


def test_everything_is_due_at_first() -> None:
    assert schedule.due(CITY, open_store("memory://"), NOW) == list(CITY.layers)


@pytest.mark.parametrize(
    ("minutes", "error", "due"),
    [(59, None, False), (60, None, True), (5, "down", False), (6, "down", True), (59, "changed", True)],
)
def test_due_by_interval_and_sooner_after_a_failure(minutes: int, error: str | None, due: bool) -> None:
    assert due_after(timedelta(minutes=minutes), error) is due


def test_layers_by_short_name_and_full_id_in_publishing_order() -> None:
    found = schedule.chosen(CITY, ["muenchen.districts", "terrain"])
    assert [x.name for x in found] == ["terrain", "districts"]
    with pytest.raises(RecipeError, match="did you mean 'districts'"):
        schedule.chosen(CITY, ["distrikts"])


def test_a_store_in_trouble_does_not_end_the_loop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stop = threading.Event()
    said: list[str] = []

    class Heard(Silent):
        def finish(self, layer: str, words: str, ok: bool) -> None:
            said.append(words)
            if len(said) == 2:
                stop.set()

    def full(*_: object, **__: object) -> None:
        raise StoreError("status.json cannot be written to the store: No space left on device")

    monkeypatch.setattr(schedule, "run_city", full)
    monkeypatch.setattr(schedule, "_LOOK_EVERY_S", 0)
    schedule.work([CITY], FileStore(tmp_path), Settings(), stop, Heard())
    assert len(said) == 2
    assert "No space left" in said[0]


def test_a_stopped_loop_starts_nothing(tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    schedule.work([CITY], FileStore(tmp_path), Settings(), stop, Silent())
    assert list(tmp_path.iterdir()) == []
