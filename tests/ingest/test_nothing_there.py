"""A layer that may be empty is published empty: no warning is good news, and the last one is over."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from catalog.revisions import current
from catalog.verify import verify
from ingest.job import Job
from ingest.load import load_city
from ingest.pipeline import run
from tests.ingest.town_made import CITY, districts, recipe
from twin.settings import Settings
from twin.store import FileStore

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
NONE = json.dumps({"type": "FeatureCollection", "features": []}).encode()


@pytest.fixture
def town(tmp_path):
    folder = tmp_path / "town"
    folder.mkdir()
    (folder / "city.toml").write_text(CITY + "\n[heights]\nground_m = 515.0\nundulation_m = 45.7\n")
    written = recipe("file:areas.geojson").replace(
        "[source]", 'min_features = 0\n\n[tiles]\nwriter = "areas"\n\n[source]'
    )
    (folder / "areas.toml").write_text(written)
    return folder


def ran(town, store, body, hour):
    (town / "areas.geojson").write_bytes(body)
    city = load_city(str(town))
    (outcome,) = run(
        Job(city, store, Settings(grids=None, workers=1), NOW + timedelta(hours=hour)), city.layers
    )
    assert outcome.ok, outcome.words
    assert verify(store, "town.areas") == []
    return current(store, "town.areas")


def test_nothing_is_published_and_ends_what_was_there(town, tmp_path):
    store = FileStore(tmp_path / "store")
    tiled = [
        any(name.endswith("tileset.json") for name in ran(town, store, body, hour).objects)
        for hour, body in enumerate((NONE, districts("Au"), NONE))
    ]
    assert tiled == [False, True, False]
    newest = current(store, "town.areas")
    assert (newest.number, newest.bbox) == (3, None)
