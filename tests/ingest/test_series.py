"""An archive is replayed: the past is right in any order of publishing, a schema change is told once."""

import itertools
import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from catalog.history import History, index
from catalog.revisions import chain, current, revisions
from catalog.status import read_status
from catalog.verify import verify
from ingest.job import Job
from ingest.load import load_city
from ingest.pipeline import run
from ingest.series import dated, replay
from twin import times
from twin.errors import RecipeError
from twin.settings import Settings
from twin.status import State
from twin.store import Store, open_store

FOLDER = Path(__file__).parent / "series"
CITY = load_city(str(FOLDER))
LAYER = CITY.layers[0].model_copy(update={"tiles": None})  # the past needs no tiles
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def day(number: int) -> datetime:
    return datetime(2026, 5, number, 18, tzinfo=UTC)


def job(store: Store, source: Path, observed_at: datetime | None = None) -> Job:
    return Job(CITY, store, Settings(), NOW, {LAYER.id: str(source)}, observed_at)


def published(order: list[int]) -> Store:
    """A store into which the days were put in this order, one run each."""
    store = open_store("memory://")
    files = dict(dated(FOLDER / "days", BERLIN))
    for number in order:
        (outcome,) = run(job(store, files[day(number)], day(number)), [LAYER])
        assert outcome.ok, outcome
    return store


def told(store: Store) -> list[tuple[object, ...]]:
    steps = History(store).steps(revisions(store, LAYER.id))
    return [
        (s.revision.holds_from.day, s.appeared, s.changed, s.gone, [c.column for c in s.columns])
        for s in steps
    ]


RIGHT = [
    (1, 2, 0, 0, []),
    (2, 1, 1, 0, []),
    (4, 0, 0, 1, ["geometry"]),  # two outlines instead of points: told once
    (5, 1, 1, 0, []),
    (6, 0, 1, 1, []),
]


def test_a_replayed_folder_gives_the_right_past() -> None:
    store = open_store("memory://")
    outcomes = replay(job(store, FOLDER / "days"), [LAYER])
    assert all(outcome.ok for outcome in outcomes)
    assert len(outcomes) == 6
    assert told(store) == RIGHT
    assert len(revisions(store, LAYER.id)) == 5  # the third day said nothing new


def test_one_feature_tells_what_happened_to_it() -> None:
    store = published([1, 2, 3, 4, 5, 6])
    story = History(store).story(revisions(store, LAYER.id), "2026V0001")
    assert story is not None
    assert [(e.revision.holds_from.day, e.change.value) for e in story.events] == [
        (1, "appeared"),
        (2, "changed"),
        (5, "changed"),
        (6, "gone"),
    ]
    assert story.gone
    assert story.events[1].before == {"valid_to": "2026-06-30T22:00:00Z"}
    assert story.events[1].after == {"valid_to": "2026-07-31T22:00:00Z"}
    assert story.events[2].after == {"blocked": True, "restriction": "Vollsperrung"}
    ((revision, column),) = story.columns
    assert (revision.holds_from, column.column, column.change) == (day(4), "geometry", "remade")
    assert (column.before, column.after, column.features) == ("geometry", "area", 2)


def test_what_comes_back_returned_and_a_moved_outline_is_a_change() -> None:
    store = published([1, 2, 3, 4, 5, 6])
    found = revisions(store, LAYER.id)
    back = History(store).story(found, "2026V0003")
    assert back is not None
    assert [e.change.value for e in back.events] == ["appeared", "gone", "returned"]
    moved = History(store).story(found, "2026V0002")
    assert moved is not None
    last = moved.events[-1]
    assert list(last.after) == ["geometry"]
    assert last.after["geometry"]["type"] == "MultiLineString"
    assert History(store).story(found, "2026V0002", until=day(5)) != moved
    assert History(store).story(found, "2026V9999") is None
    assert History(store).story(found, "2026V0003", until=day(1)) is None


@pytest.mark.parametrize(
    "order", [[6, 5, 4, 3, 2, 1], [1, 3, 5, 6, 4, 2], [3, 1, 6, 2, 5, 4], [1, 6, 3, 2, 4, 5]]
)
def test_the_order_of_publishing_changes_nothing(order: list[int]) -> None:
    assert told(published(order)) == RIGHT


def test_a_day_put_in_later_does_not_outlast_what_was_seen_after_it(tmp_path: Path) -> None:
    files = dict(dated(FOLDER / "days", BERLIN))
    store = open_store("memory://")
    for number in (2, 4):  # the same state, seen twice
        run(job(store, files[day(2)], day(number)), [LAYER])
    assert len(revisions(store, LAYER.id)) == 1
    run(job(store, files[day(1)], day(3)), [LAYER])  # and another in between
    links = chain(revisions(store, LAYER.id))
    assert [link.holds_from for link in links] == [day(2), day(3), day(4)]
    assert links[0].snapshot == links[2].snapshot
    last = current(store, LAYER.id)
    assert last is not None
    assert last.digest == links[0].digest


def test_what_a_clock_far_ahead_saw_does_not_come_back() -> None:
    files = dict(dated(FOLDER / "days", BERLIN))
    store = open_store("memory://")
    run(job(store, files[day(1)], day(1)), [LAYER])
    ahead = times.now() + timedelta(days=2)
    run(replace(job(store, files[day(1)]), now=ahead), [LAYER])  # unchanged, said a clock that was wrong
    for _ in range(2):
        run(replace(job(store, files[day(2)]), now=times.now()), [LAYER])
    assert [held.number for held in revisions(store, LAYER.id)] == [1, 2]
    assert max(held.holds_from for held in revisions(store, LAYER.id)) < ahead


def test_an_archive_tells_nothing_of_how_its_source_is_doing_today() -> None:
    store = published([2, 1])
    status = read_status(store, LAYER.id)
    assert status is not None
    assert (status.last_attempt, status.last_success, status.last_change) == (NOW, day(2), day(2))
    assert status.state(NOW) is State.SILENT
    files = dict(dated(FOLDER / "days", BERLIN))
    run(job(store, files[day(4)]), [LAYER])  # asked, not replayed
    run(job(store, files[day(5)], day(5)), [LAYER])
    status = read_status(store, LAYER.id)
    assert status is not None
    assert (status.last_success, status.state(NOW)) == (NOW, State.FRESH)


def test_sightings_that_cannot_be_read_are_named_and_stop_nothing() -> None:
    store = published([1, 2, 3])
    (seen,) = [key for key in store.list("layers") if "/seen/" in key]
    assert verify(store, LAYER.id, deep=True) == []
    store.put(seen, b"{")
    assert [seen in words for words in verify(store, LAYER.id, deep=True)] == [True]
    files = dict(dated(FOLDER / "days", BERLIN))
    outcomes = [run(job(store, files[day(n)], day(n)), [LAYER])[0] for n in (3, 1, 4)]
    assert all(outcome.ok for outcome in outcomes)


def test_the_index_can_be_lost_and_is_made_again() -> None:
    store = published([1, 2, 3, 4, 5, 6])
    kept = [key for key in store.list("layers") if "/changes/" in key]
    assert len(kept) == 4
    store.put(kept[0], b"no parquet")
    assert told(store) == RIGHT
    fresh = open_store("memory://")
    for key in store.list(""):
        if "/changes/" not in key:
            fresh.put(key, store.get(key))
    assert told(fresh) == RIGHT
    index(fresh, LAYER.id)
    assert [key for key in fresh.list("layers") if "/changes/" in key] == kept


def test_a_recipe_that_fills_another_column_is_told_once() -> None:
    store = open_store("memory://")
    files = dict(dated(FOLDER / "days", BERLIN))
    fields = {name: how for name, how in LAYER.fields.items() if name != "affects"}
    poorer = LAYER.model_copy(update={"fields": fields})
    run(job(store, files[day(2)], day(2)), [poorer])
    run(job(store, files[day(3)], day(3)), [LAYER])
    _, step = History(store).steps(revisions(store, LAYER.id))
    assert (step.appeared, step.changed, step.gone) == (0, 0, 0)
    assert [(c.column, c.change, c.features) for c in step.columns] == [("affects", "added", 2)]


def test_files_without_a_time_and_times_told_twice_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="LAYER=FOLDER"):
        dated(tmp_path / "nothing", BERLIN)
    with pytest.raises(RecipeError, match="has no files"):
        dated(tmp_path, BERLIN)
    (tmp_path / "2026-05-01.json").write_text("{}")
    (tmp_path / "20260501_0930.json").write_text("{}")
    assert [at for at, _ in dated(tmp_path, BERLIN)] == [
        datetime(2026, 4, 30, 22, tzinfo=UTC),
        datetime(2026, 5, 1, 7, 30, tzinfo=UTC),
    ]
    (tmp_path / "sites_2026-05-01.json").write_text("{}")
    with pytest.raises(RecipeError, match="the same time"):
        dated(tmp_path, BERLIN)
    (tmp_path / "sites_2026-05-01.json").rename(tmp_path / "sites_2026-13-01.json")
    with pytest.raises(RecipeError, match="no time in its name"):
        dated(tmp_path, BERLIN)


def test_a_day_that_cannot_be_read_stops_no_other(tmp_path: Path) -> None:
    shutil.copytree(FOLDER / "days", tmp_path / "days")
    spoiled = sorted((tmp_path / "days").iterdir())[3]
    page = json.loads(spoiled.read_text("utf-8"))
    page["features"][0]["properties"]["bauherr_name"] = "secret"
    spoiled.write_text(json.dumps(page), "utf-8")
    store = open_store("memory://")
    outcomes = replay(job(store, tmp_path / "days"), [LAYER])
    assert [outcome.ok for outcome in outcomes] == [True, True, True, False, True, True]
    assert [at for at, *_ in told(store)] == [1, 2, 5, 6]


def test_hundreds_of_revisions_are_told_quickly() -> None:
    """Each step is worked out once; telling one feature's past costs no more than looking at small tables."""
    store = published([1])
    (first,) = revisions(store, LAYER.id)
    from catalog.publish import claim

    for number in itertools.count(2):
        if number > 300:
            break
        at = datetime.fromtimestamp(first.holds_from.timestamp() + number, UTC)
        claim(store, first.model_copy(update={"claim": str(number), "digest": str(number), "holds_from": at}))
    reads: list[str] = []
    get = store.get
    store.get = lambda key: reads.append(key) or get(key)  # type: ignore[method-assign,func-returns-value]
    history, found = History(store), revisions(store, LAYER.id)
    assert len(history.steps(found)) == 300
    reads.clear()
    story = history.story(found, "2026V0001")
    assert story is not None
    assert len(story.events) == 1
    assert reads == []
