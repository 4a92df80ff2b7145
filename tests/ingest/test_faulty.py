"""A layer whose recipe became faulty: what was published stays, and everybody is told what they need."""

import asyncio
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from api.app import create_app
from catalog.cities import read_cities
from catalog.status import read_status
from ingest.load import load_city, load_sound
from ingest.schedule import run_city
from tests.ingest.town_made import CITY, two_layers
from twin.errors import RecipeError
from twin.settings import Settings
from twin.store import FileStore


@pytest.fixture
def town(tmp_path: Path) -> Path:
    return two_layers(tmp_path / "town")


def ran(town: Path, tmp_path: Path) -> FileStore:
    store = FileStore(tmp_path / "store")
    city, _ = load_sound(str(town))
    assert all(x.ok for x in run_city(city, city.layers, store, Settings(grids=None, workers=1)))
    return store


def answers(store: FileStore, path: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(create_app(Settings(store=store.url)))
        async with httpx.AsyncClient(transport=transport, base_url="http://x.example") as client:
            return await client.get(path)

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(ask())).result()


def test_it_is_served_as_it_was_until_its_recipe_is_mended(town, tmp_path):
    ran(town, tmp_path)
    sound = (town / "a.toml").read_text()
    (town / "a.toml").write_text(sound.replace('interval = "1h"', 'intervall = "1h"'))
    store = ran(town, tmp_path)
    (city,) = read_cities(store)
    assert [layer.name for layer in city.layers] == ["a", "b"]
    told = {layer["layer"]: layer for layer in answers(store, "/ops/freshness").json()["layers"]}
    assert told["town.a"]["state"] == "refused"
    assert "a.toml, line " in told["town.a"]["reason"]
    assert "intervall is not a key we know" in told["town.a"]["reason"]
    assert (told["town.a"]["next_due"], told["town.b"]["state"]) == (None, "fresh")
    assert answers(store, "/ogc/collections/town.a/items").json()["numberReturned"] == 1
    assert "Kann zurzeit nicht aktualisiert werden." in answers(store, "/?lang=de").text
    assert "Cannot be updated at the moment." in answers(store, "/?lang=en").text
    assert "a.toml" not in answers(store, "/?lang=en").text
    shown = [sys.executable, "-m", "api.cli", "show", "a", "--store", str(store.root)]
    assert "a.toml, line " in subprocess.run(shown, capture_output=True, text=True, check=True).stdout
    (town / "a.toml").write_text(sound)
    ran(town, tmp_path)
    assert answers(store, "/ops/freshness").json()["layers"][0]["state"] == "fresh"
    assert read_cities(store)[0].faulty == {}


def test_a_layer_whose_recipe_was_removed_goes_and_one_never_published_does_not_come(town, tmp_path):
    ran(town, tmp_path)
    (town / "a.toml").unlink()
    (town / "c.toml").write_text("nonsense")
    store = ran(town, tmp_path)
    assert [layer.name for layer in read_cities(store)[0].layers] == ["b"]
    assert list(read_cities(store)[0].faulty) == ["c"]
    assert read_status(store, "town.c") is None


def test_a_city_file_cannot_state_faults(town):
    (town / "city.toml").write_text(CITY + 'faulty = { a = "x" }\n')
    with pytest.raises(RecipeError, match="remove 'faulty'"):
        load_city(str(town))
