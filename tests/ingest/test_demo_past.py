"""The made-up city's past: published once, day by day, by the way that all data take."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from catalog.history import History
from catalog.revisions import chain, current, numbers, provenance, revisions
from catalog.status import last_status
from catalog.verify import verify
from ingest.demo import past, plan, sites, town, write
from ingest.demo.houses import lowered
from ingest.demo.place import CORE
from ingest.due import is_due
from ingest.job import Asked, Earlier
from ingest.load import load_city
from ingest.schedule import prepared, run_city, run_past
from twin.progress import Silent
from twin.settings import Settings
from twin.store import FileStore
from twin.times import now

NOW = datetime(2026, 11, 21, 14, 7, tzinfo=UTC)
BUILDINGS = 700
CITY = load_city("demo")
SETTINGS = Settings(demo_buildings=BUILDINGS, workers=1)
MOVING = {"buildings", "construction-sites", "bike-counts", "air-quality"}


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[Earlier, ...]]:
    folder = tmp_path_factory.mktemp("demo")
    return folder, write(folder, buildings=BUILDINGS, now=NOW, past=True)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> FileStore:
    """The demo after its first start."""
    store = FileStore(tmp_path_factory.mktemp("store"))
    outcomes = run_city(CITY, CITY.layers, store, SETTINGS, past=True)
    assert [o.words for o in outcomes if not o.ok] == []
    assert {o.layer for o in outcomes} == {layer.id for layer in CITY.layers}
    return store


def test_without_a_wish_there_is_no_past(tmp_path: Path) -> None:
    assert write(tmp_path, buildings=1, now=NOW) == ()
    assert not (tmp_path / "past").exists()


def test_days_lie_in_order_within_a_year_at_noon_in_munich(days: tuple[Path, tuple[Earlier, ...]]) -> None:
    instants = [day.at for day in days[1]]
    assert instants == sorted(instants)
    assert timedelta(days=363) < NOW - instants[0] < timedelta(days=366)
    assert timedelta(days=6) < NOW - instants[-1] < timedelta(days=8)
    assert {at.hour for at in instants} == {10, 11}, "summer and winter time"
    assert {at.tzinfo for at in instants} == {UTC}


def test_sites_are_what_the_publisher_said_that_day_and_works_beside(
    days: tuple[Path, tuple[Earlier, ...]], tmp_path: Path
) -> None:
    streets = plan.draw(CORE).streets
    works: dict[int, set[str]] = {}
    for day in days[1]:
        if "construction-sites" in day.layers and day.folder is not None:
            sites.write_sites(tmp_path / "construction-sites.json", streets, day.at)
            usual, told = (_rows(each / "construction-sites.json") for each in (tmp_path, day.folder))
            assert usual <= told
            works[round((NOW - day.at) / timedelta(weeks=1))] = told - usual
    assert {weeks: len(each) for weeks, each in works.items()} == {
        weeks: 2 if weeks in (17, 12, 8, 6, 4, 3) else 1 if weeks > 20 or weeks == 2 else 0
        for weeks in past.WEEKS
    }
    assert works[52] != works[39] == works[26], "the end was postponed"
    assert "Museum" in works[52].pop()


def _rows(path: Path) -> set[str]:
    found = orjson.loads(path.read_bytes())["features"]
    return {orjson.dumps([each["geometry"], each["properties"]]).decode() for each in found}


def test_a_town_too_small_for_a_museum_has_a_past_all_the_same(tmp_path: Path) -> None:
    told = write(tmp_path, buildings=30, now=NOW, past=True)
    first, *_ = (day.folder for day in told if "buildings" in day.layers)
    assert first is not None
    today = next((tmp_path / "buildings").iterdir())
    assert (first / "buildings" / today.name).read_bytes() == today.read_bytes()


def test_the_house_that_was_raised_is_a_closed_shell_two_storeys_lower() -> None:
    built = town.build(plan.draw(CORE))
    news = past.news_of(built)
    (place,) = news.raised
    house = built[place].house
    before = lowered(house, past.RAISED_BY)
    assert before.storeys == 3
    assert before.bodies[0].height == pytest.approx(house.bodies[0].height - 6.5)
    tops = {z for face in before.bodies[0].faces for ring in face.rings for _, _, z in ring}
    assert min(tops) == 0
    assert max(tops) == pytest.approx(before.bodies[0].height)
    assert before.footprint == house.footprint


def test_every_layer_begins_in_the_past_and_says_when_it_was_really_fetched(store: FileStore) -> None:
    first = {layer.name: revisions(store, layer.id)[0] for layer in CITY.layers}
    still = {
        name: each.holds_from for name, each in first.items() if name not in {"bike-counts", "air-quality"}
    }
    assert len(set(still.values())) == 1
    assert timedelta(days=363) < now() - still["terrain"] < timedelta(days=366)
    assert timedelta(weeks=11) < now() - first["bike-counts"].holds_from < timedelta(weeks=13)
    for each in first.values():
        story = provenance(store, each)
        assert story.observed_at == each.holds_from
        assert now() - story.fetched_at < timedelta(hours=1)
        assert verify(store, each.layer, deep=True) == []


def test_each_layer_has_as_many_revisions_as_it_had_news(store: FileStore) -> None:
    found = {layer.name: revisions(store, layer.id) for layer in CITY.layers}
    assert {name: len(each) for name, each in found.items() if name != "construction-sites"} == {
        name: 2 if name == "buildings" else 1 for name in found if name != "construction-sites"
    }
    assert len(found["construction-sites"]) == len(past.WEEKS) + 1
    for each in found.values():
        assert [r.number for r in chain(each)] == [r.number for r in each], "published in order of time"


def test_the_museum_came_and_the_house_beside_it_grew(store: FileStore) -> None:
    before, after = revisions(store, "demo.buildings")
    step = History(store).steps(revisions(store, "demo.buildings"))[-1]
    assert step.revision == after
    assert (step.appeared, step.changed, step.gone) == (2, 1, 0)
    assert after.features - before.features == 2


def test_values_reach_back_to_when_there_were_counters(store: FileStore) -> None:
    status = last_status(store, "demo.bike-counts")
    assert status is not None
    assert status.last_value_at is not None
    assert now() - status.last_value_at < timedelta(hours=1)


def test_nothing_is_due_and_a_second_start_makes_no_second_past(store: FileStore) -> None:
    assert [layer.id for layer in CITY.layers if is_due(layer, store, now())] == []
    before = {layer.id: numbers(store, layer.id) for layer in CITY.layers}
    small = [
        layer for layer in CITY.layers if layer.name in {"districts", "air-quality", "construction-sites"}
    ]
    run_city(CITY, small, store, SETTINGS, past=True)
    assert {layer.id: numbers(store, layer.id) for layer in CITY.layers} == before


def test_a_store_from_before_gets_no_past(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    layers = [layer for layer in CITY.layers if layer.name in {"districts", "construction-sites"}]
    run_city(CITY, layers, store, SETTINGS)
    run_city(CITY, layers, store, SETTINGS, past=True)
    for layer in layers:
        (only,) = revisions(store, layer.id)
        assert now() - only.holds_from < timedelta(hours=1)


def test_who_is_interrupted_amid_the_past_looks_at_today_at_the_next_start(tmp_path: Path) -> None:
    store, small = FileStore(tmp_path), Settings(demo_buildings=20, workers=1)
    layers = [layer for layer in CITY.layers if layer.name in {"water", "construction-sites"}]
    with prepared(CITY, store, small, Asked(), Silent(), past=True) as asked:
        told = run_past(CITY, layers, store, small, asked, progress=Silent())
    assert [each.layer for each in told] == ["demo.water"]
    assert [layer.name for layer in layers if is_due(layer, store, now())] == ["construction-sites"]
    newest = current(store, "demo.construction-sites")
    assert newest is not None
    assert now() - newest.holds_from > timedelta(days=6)
