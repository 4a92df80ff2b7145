"""Publish a small demo city as it was at one instant: the same sites, values and shadows on whatever day."""

import sys
import tempfile
from datetime import datetime
from pathlib import Path

from catalog.cities import write_city
from ingest.demo import write
from ingest.job import Asked
from ingest.load import load_city
from ingest.schedule import run_layers
from twin.progress import Silent
from twin.settings import Settings
from twin.store import FileStore

THEN = "2026-06-17T10:00:00Z"
"""Noon in June."""
BUILDINGS = 400


def publish(folder: Path) -> None:
    """Publish the whole demo into a store at `folder`; AssertionError with the reasons if a layer fails."""
    at, city, store = datetime.fromisoformat(THEN), load_city("demo"), FileStore(folder)
    with tempfile.TemporaryDirectory() as sources:
        write(Path(sources), buildings=BUILDINGS, now=at)
        write_city(store, city)
        asked = Asked(observed_at=at, demo=Path(sources))
        outcomes = run_layers(city, city.layers, store, Settings(workers=1), asked, progress=Silent())
    failed = [outcome.words for outcome in outcomes if not outcome.ok]
    assert not failed, failed


if __name__ == "__main__":
    publish(Path(sys.argv[1]))
