"""The store on S3: a real server on this machine, spoken to as any other."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from catalog.leases import take
from catalog.status import read_status
from ingest.job import Job
from ingest.load import load_city
from ingest.pipeline import run
from ingest.waiting import NEVER
from tests.ingest.town_made import CITY, districts, recipe
from tests.replay import Answer, Replay
from tests.s3 import KEYS, s3_server
from twin.errors import AlreadyExists, NotFound, StoreError
from twin.settings import Settings
from twin.store import Store, open_store


@pytest.fixture(scope="module")
def told() -> Iterator[dict[str, str]]:
    """What the environment says of an S3 server."""
    with s3_server() as told:
        yield told


@pytest.fixture
def s3(told: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name, value in told.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def store(s3: None, request: pytest.FixtureRequest) -> Store:
    return open_store(f"s3://twin/{request.node.name}")


def test_it_is_a_store_like_the_others(store: Store) -> None:
    store.put("a/b", b"1")
    store.put("a/b", b"22")
    assert (store.get("a/b"), store.size("a/b"), store.size("a/x")) == (b"22", 2, None)
    assert list(store.list("a")) == ["a/b"]
    with pytest.raises(NotFound, match="a/x"):
        store.get("a/x")


def test_a_claim_is_made_once_and_our_own_is_recognised(store: Store) -> None:
    store.create("revisions/000001.json", b"ours")
    store.create("revisions/000001.json", b"ours")  # a retry after a lost answer
    with pytest.raises(AlreadyExists):
        store.create("revisions/000001.json", b"theirs")
    assert store.get("revisions/000001.json") == b"ours"


def test_what_is_removed_is_gone_and_may_be_gone_already(store: Store) -> None:
    store.put("a/b", b"1")
    store.remove("a/b")
    store.remove("a/b")
    assert list(store.list("a")) == []


def test_a_lease_has_one_owner_at_a_time(store: Store) -> None:
    at = [datetime(2026, 11, 22, 12, tzinfo=UTC)]
    first = take(store, "town.a", lambda: at[0])
    assert first is not None
    assert take(store, "town.a", lambda: at[0]) is None
    at[0] += timedelta(minutes=1)
    assert first.beat()
    at[0] += timedelta(minutes=3)
    second = take(store, "town.a", lambda: at[0])
    assert second is not None
    assert not first.beat()
    second.give_back()
    assert take(store, "town.a", lambda: at[0]) is not None
    assert len(list(store.list("leases"))) == 1


def test_a_wrong_bucket_is_told_with_the_remedy(s3: None) -> None:
    with pytest.raises(StoreError, match=r"no bucket for s3://nobody/x"):
        open_store("s3://nobody/x").put("a", b"1")


def test_what_does_not_answer_as_an_object_store_is_told_with_the_remedy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with Replay() as replay:
        for name, value in {**KEYS, "AWS_ENDPOINT_URL": replay.url, "AWS_ALLOW_HTTP": "true"}.items():
            monkeypatch.setenv(name, value)
        replay.routes["/nobody/x/a"] = [Answer(b"moved", status=301)]
        with pytest.raises(
            StoreError, match=r"^a: the object store does not answer as one; check bucket, end"
        ):
            open_store("s3://nobody/x").get("a")


def test_a_second_run_of_an_unchanged_world_downloads_nothing_here_too(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "town"
    folder.mkdir()
    (folder / "city.toml").write_text(CITY)
    (folder / "districts.toml").write_text(recipe("https://geo.town.example/d.geojson"))
    city, received = load_city(str(folder)), []
    with Replay() as replay:
        replay.routes["/d"] = [Answer(districts("Au"), headers={"ETag": '"1"'})]
        typed = {"town.districts": f"{replay.url}/d"}
        for hours in range(2):
            at = datetime(2026, 11, 22, 12 + hours, tzinfo=UTC)
            (outcome,) = run(Job(city, store, Settings(), at, typed, waiting=NEVER), city.layers)
            assert outcome.ok, outcome.words
            status = read_status(store, "town.districts")
            assert status is not None
            received.append(status.received)
            replay.routes["/d"] = [Answer(status=304)]
    assert received[0] > 0
    assert received[1] == 0
    assert list(tmp_path.glob("cache/stadtzwilling/*/fetch/town.districts/answers.json"))
    assert not list(store.list("kept")), "what is remembered is no part of the store"
