"""A second run of an unchanged world: next to nothing sent, nothing read or published; freshness moves."""

from datetime import UTC, datetime, timedelta

import pytest

from catalog.revisions import revisions
from catalog.status import read_status
from ingest import take
from ingest.job import Job
from ingest.load import load_city
from ingest.pipeline import run
from ingest.waiting import NEVER
from tests.ingest.town_made import CITY, districts, recipe
from tests.replay import Answer, Replay
from twin.settings import Settings
from twin.status import State
from twin.store import FileStore

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
RECIPE = recipe("https://geo.town.example/districts.geojson")


class World:
    """One layer, its source on loopback, and what was asked of it."""

    def __init__(self, replay, tmp_path):
        self.replay, self.tag, self.body = replay, '"1"', districts("Au", "Giesing", "Haidhausen")
        self.folder = tmp_path / "town"
        self.folder.mkdir()
        (self.folder / "city.toml").write_text(CITY)
        self.recipe()
        self.store = FileStore(tmp_path / "store")
        replay.routes["/d.geojson"] = self._answer

    def recipe(self, more: str = "") -> None:
        (self.folder / "districts.toml").write_text(RECIPE + more)

    def _answer(self, query):
        if self.tag and self.replay.headers[-1].get("if-none-match") == self.tag:
            return Answer(status=304)
        return Answer(self.body, headers={"ETag": self.tag} if self.tag else {})

    def run(self, hours: float, **settings):
        self.replay.asked.clear()
        city = load_city(str(self.folder))
        at = NOW + timedelta(hours=hours)
        typed = {"town.districts": self.replay.url + "/d.geojson"}
        given = Settings(**settings)
        (outcome,) = run(Job(city, self.store, given, at, typed, waiting=NEVER), city.layers)
        return outcome

    @property
    def status(self):
        return read_status(self.store, "town.districts")

    @property
    def count(self):
        return len(revisions(self.store, "town.districts"))


@pytest.fixture
def world(tmp_path):
    with Replay() as replay:
        yield World(replay, tmp_path)


@pytest.fixture
def normalised(monkeypatch):
    """How often something was normalised."""
    seen = []
    real = take.normalise
    monkeypatch.setattr(take, "normalise", lambda *a: seen.append(1) or real(*a))
    return seen


def test_an_unchanged_world_is_asked_and_not_read(world, normalised):
    first = world.run(0)
    assert (first.ok, world.status.requests, world.status.received) == (True, 1, len(world.body))
    again = world.run(1)
    assert again.ok
    assert again.words == "unchanged since revision 000001: the source says what it said (1 request, 0 bytes)"
    status = world.status
    assert (status.requests, status.received) == (1, 0)
    assert status.last_success == status.last_attempt == NOW + timedelta(hours=1)
    assert status.last_change == NOW
    assert status.counts["published"] == 3
    assert (world.count, len(normalised)) == (1, 1)


def test_another_address_is_another_source(world):
    world.run(0)
    asked = []
    world.replay.routes["/other.geojson"] = lambda query: (
        asked.append(1) or Answer(districts("Au", "Giesing"))
    )
    city = load_city(str(world.folder))
    typed = {"town.districts": world.replay.url + "/other.geojson"}
    at = NOW + timedelta(hours=1)
    (outcome,) = run(Job(city, world.store, Settings(), at, typed, waiting=NEVER), city.layers)
    assert (outcome.ok, asked) == (True, [1])
    assert world.status.counts["published"] == 2


def test_without_validators_equal_bytes_are_not_read_either(world, normalised):
    world.tag = ""
    world.run(0)
    assert "1 request" in world.run(1).words
    assert world.status.received == len(world.body)
    assert len(normalised) == 1


def test_a_changed_world_is_sent_once(world, normalised):
    world.run(0)
    world.tag, world.body = '"2"', districts("Au", "Giesing", "Haidhausen", "Sendling")
    assert world.run(1).revision == 2
    assert len(world.replay.asked) == 1
    world.run(2)
    assert world.status.received == 0
    assert len(normalised) == 2


def test_another_recipe_reads_all_again(world, normalised):
    world.run(0)
    world.recipe('timezone = "UTC"\n')
    world.run(1)
    assert world.status.received == len(world.body)
    assert len(normalised) == 2


def test_after_a_failure_the_source_is_read_even_if_it_says_unchanged(world, normalised):
    world.run(0)
    good, world.body, world.tag = world.body, b"<html>Wartung</html>", '"x"'
    assert not world.run(1).ok
    assert (world.status.failures, world.status.state(NOW + timedelta(hours=1))) == (1, State.REFUSED)
    assert not world.run(1.1).ok
    assert world.status.failures == 2
    world.body, world.tag = good, '"1"'
    assert world.run(2).ok
    assert (world.status.failures, world.status.error) == (0, None)
    assert len(world.replay.asked) == 1
    assert world.status.received == len(good)


def test_where_nothing_is_personal_even_a_failure_costs_no_second_download(world):
    world.recipe("nothing_personal = true\n")
    world.run(0)
    world.replay.routes["/d.geojson"] = [Answer(status=503)]
    assert not world.run(1).ok
    world.replay.routes["/d.geojson"] = world._answer
    assert world.run(2).ok
    assert (world.status.requests, world.status.received) == (1, 0)


def test_a_damaged_revision_is_mended_although_the_source_is_unchanged(world, normalised):
    world.run(0)
    (table,) = (world.store.root / "layers/town.districts/snapshots").glob("*/features.parquet")
    table.write_bytes(b"damaged")
    assert world.run(1).revision == 2
    assert len(normalised) == 2


def test_a_source_that_asks_for_patience_gets_it(world):
    world.run(0)
    world.replay.routes["/d.geojson"] = [Answer(status=503, headers={"Retry-After": "1800"})]
    assert not world.run(1).ok
    assert world.status.not_before == NOW + timedelta(hours=1.5)
    assert world.status.next_due() == NOW + timedelta(hours=1.5)


def test_swapped_coordinates_are_named_and_the_revision_stays(world):
    world.run(0)
    world.tag, world.body = '"2"', districts("Au", "Giesing", "Haidhausen", swapped=2)
    outcome = world.run(1)
    assert not outcome.ok
    assert "latitude and longitude are swapped in 2 of 3 positions" in world.status.reason
    assert world.status.state(NOW + timedelta(hours=1)) is State.CHANGED
    assert world.count == 1


def test_fewer_features_than_agreed_are_named_and_the_revision_stays(world):
    (world.folder / "districts.toml").write_text("min_features = 3\n" + RECIPE)
    world.run(0)
    world.tag, world.body = '"2"', districts("Au")
    assert not world.run(1).ok
    assert "gave 1 usable features" in world.status.reason
    assert (world.status.state(NOW), world.count) == (State.CHANGED, 1)


def test_a_store_that_is_no_folder_remembers_nothing_and_works(world, tmp_path):
    from twin.store import open_store

    world.store = open_store("memory://")
    world.run(0)
    assert world.run(1).ok
    assert world.status.received == len(world.body)
    world.run(2, kept=tmp_path / "elsewhere")
    world.run(3, kept=tmp_path / "elsewhere")
    assert world.status.received == 0


def test_a_source_that_has_no_packet_yet_is_as_fresh_as_if_it_had_said_unchanged(world):
    path = "/mobilithek/api/v1.0/subscription/7/clientPullService"
    answers = iter([Answer(status=422), Answer(world.body), Answer(status=422)])
    world.replay.routes["/d.geojson"] = world.replay.routes[path] = lambda query: next(answers)
    typed = {"town.districts": world.replay.url + path}
    city = load_city(str(world.folder))
    for hours in range(3):
        at = NOW + timedelta(hours=hours)
        (outcome,) = run(Job(city, world.store, Settings(timeout_s=5), at, typed, waiting=NEVER), city.layers)
        assert outcome.ok, outcome.words
        assert (world.status.error, world.status.failures) == (None, 0)
        assert (world.status.last_success is None) == (hours == 0)
    assert world.status.last_success == NOW + timedelta(hours=2)
    assert world.status.last_change == NOW + timedelta(hours=1)
    assert world.count == 1
