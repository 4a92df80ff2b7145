"""Layers whose licence is unclear: complete, but neither pulled nor shown until an operator says so."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from api.app import create_app
from api.progress import Shown
from api.serving import hide
from api.show import show_layers
from catalog.cities import write_city
from catalog.revisions import current
from catalog.status import read_status
from ingest.apart import Apart
from ingest.due import is_due
from ingest.job import Asked, Job
from ingest.load import load_city
from ingest.nursery import nursery
from ingest.pipeline import run
from tests.ingest.town_made import CITY, districts, recipe
from twin.errors import RecipeError
from twin.settings import Settings
from twin.status import State
from twin.store import FileStore

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
RECIPE = recipe(
    "file:jams.geojson",
    'licence = "NOASSERTION"',
    'unclear = { de = "Der Lieferant nennt keine Lizenz.", en = "The supplier states no licence." }',
    title="Staus",
)


@pytest.fixture
def town(tmp_path: Path) -> Path:
    folder = tmp_path / "town"
    folder.mkdir()
    (folder / "city.toml").write_text(CITY)
    (folder / "jams.toml").write_text(RECIPE)
    (folder / "jams.geojson").write_bytes(districts("A8"))
    return folder


def ran(town: Path, store: FileStore, **settings: str):
    city = load_city(str(town))
    write_city(store, city)
    (outcome,) = run(Job(city, store, Settings(**settings), NOW), city.layers)
    return outcome


def answers(store: FileStore, path: str, **settings: str) -> httpx.Response:
    app = create_app(Settings(store=store.url, **settings))

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://x.example") as client:
            return await client.get(path)

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(ask())).result()


def test_nothing_is_pulled_and_the_reason_is_said(town: Path, tmp_path: Path) -> None:
    store = FileStore(tmp_path / "store")
    outcome = ran(town, store)
    assert (outcome.ok, outcome.skipped) == (True, True)
    assert "states no licence. Nothing was asked" in outcome.words
    assert "TWIN_PUBLISH_UNCLEAR=town.jams" in outcome.words
    assert current(store, "town.jams") is None
    status = read_status(store, "town.jams")
    assert status is not None
    assert (status.state(NOW), status.last_success, status.failures) == (State.NOT_CLEARED, None, 0)


def test_it_is_due_until_its_status_says_why_not_and_again_when_that_has_changed(
    town: Path, tmp_path: Path
) -> None:
    store, cleared = FileStore(tmp_path / "store"), Settings(publish_unclear="all")
    (layer,) = load_city(str(town)).layers
    assert is_due(layer, store, NOW, Settings())
    ran(town, store)
    assert not is_due(layer, store, NOW, Settings())
    assert is_due(layer, store, NOW, cleared)
    ran(town, store, publish_unclear="all")
    assert not is_due(layer, store, NOW, cleared)
    assert is_due(layer, store, NOW, Settings())


@pytest.mark.parametrize("named", ["all", "town.other, town.jams"])
def test_an_operator_clears_it(town: Path, tmp_path: Path, named: str) -> None:
    store = FileStore(tmp_path / "store")
    ran(town, store)
    outcome = ran(town, store, publish_unclear=named)
    assert (outcome.ok, outcome.skipped, outcome.revision) == (True, False, 1)
    status = read_status(store, "town.jams")
    assert status is not None
    assert status.state(NOW) is State.FRESH
    assert answers(store, "/tiles/town.jams/tileset.json").status_code == 404
    shown = answers(store, "/ogc/collections/town.jams", publish_unclear=named)
    assert shown.status_code == 200


def test_what_is_not_cleared_is_shown_as_a_gap_even_if_it_once_was_published(
    town: Path, tmp_path: Path
) -> None:
    store = FileStore(tmp_path / "store")
    ran(town, store, publish_unclear="all")
    for path in ("/ogc/collections/town.jams", "/stac/collections/town.jams"):
        assert answers(store, path).status_code == 404
    page = answers(store, "/?city=town&lang=de").text
    assert "<b>Staus</b>: Der Lieferant nennt keine Lizenz." in page
    assert 'id="jams"' not in page
    (told,) = answers(store, "/ops/freshness").json()["layers"]
    assert (told["layer"], told["state"], told["next_due"]) == ("town.jams", "not-cleared", None)
    assert told["state_title"]["en"] == "not cleared"
    assert told["reason"] == "The supplier states no licence."


def test_a_terminal_marks_it_as_not_cleared_even_if_it_once_was_published(
    town: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = FileStore(tmp_path / "store")
    ran(town, store, publish_unclear="all")
    show_layers(store, None, Settings(publish_unclear="all"))
    assert " town.jams  revision 000001" in capsys.readouterr().out
    show_layers(store, None, Settings())
    told = capsys.readouterr().out
    assert told.startswith("– town.jams"), told
    assert "not cleared: It is not clear whether these data may be published." in told
    city = load_city(str(town))
    with Shown() as progress:
        (outcome,) = run(Job(city, store, Settings(), NOW, progress=progress), city.layers)
        assert outcome.ok
        with nursery() as nest:
            (apart,) = Apart(city, store, Settings(store=store.url), progress, nest).run(city.layers, Asked())
    assert apart.ok
    lines = capsys.readouterr().out.splitlines()
    assert [line[:40] for line in lines] == ["– town.jams: not cleared for publication"] * 2


def test_a_source_without_any_licence_must_say_that_it_is_unclear(town: Path) -> None:
    (town / "jams.toml").write_text("\n".join(x for x in RECIPE.splitlines() if "unclear" not in x))
    with pytest.raises(RecipeError, match="needs a reason"):
        load_city(str(town))


@pytest.mark.parametrize("by", ["run", "serve"])
def test_a_clearing_that_was_taken_back_takes_the_layer_out_of_the_static_catalog(
    town: Path, tmp_path: Path, by: str
) -> None:
    (town / "districts.toml").write_text(recipe("file:jams.geojson"))
    store = FileStore(tmp_path / "store")
    city = load_city(str(town))
    write_city(store, city)
    run(Job(city, store, Settings(publish_unclear="all"), NOW), city.layers)
    assert b"town.jams" in store.get("stac/catalog.json")
    settings = Settings(store=store.url)
    if by == "run":
        run(Job(city, store, settings, NOW), [city.layer("jams")])
    else:
        hide(settings)
    assert not list(store.list("stac/town.jams"))
    assert b"town.jams" not in store.get("stac/catalog.json")
    run(Job(city, store, settings, NOW), city.layers)
    assert b"town.jams" not in store.get("stac/catalog.json")
    assert b"town.districts" in store.get("stac/catalog.json")
    run(Job(city, store, Settings(publish_unclear="all"), NOW), city.layers)
    assert b"town.jams" in store.get("stac/catalog.json"), "cleared again"
    assert store.size("stac/town.jams/000001.json")
