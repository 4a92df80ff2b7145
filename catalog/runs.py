"""Runs: from which bytes values came. One small file for each run that brought some, named by its instant.

A value says when it was recorded (`catalog.observations.versions`); that instant names the run.
"""

from datetime import UTC, datetime

from catalog import documents, keys
from twin.base import Noun
from twin.errors import NotFound
from twin.provenance import Origin
from twin.store import Store


class Run(Noun):
    """Where the values of one run of a layer come from."""

    recorded_at: datetime
    origins: tuple[Origin, ...]
    recipe_sha256: str
    software: str
    observations: int
    """Values that were new."""


def _key(layer_id: str, at: datetime) -> str:
    return f"{keys.observations(layer_id)}/runs/{at.astimezone(UTC):%Y-%m-%d/%H%M%S%f}.json"


def note(store: Store, layer_id: str, run: Run) -> None:
    """Write down where a run's values come from."""
    store.put(_key(layer_id, run.recorded_at), documents.encode(run))


def read(store: Store, layer_id: str, recorded_at: datetime) -> Run | None:
    """The run of an instant; None if nobody wrote it down. `Damaged` if it cannot be read."""
    try:
        return documents.read(Run, store, _key(layer_id, recorded_at))
    except NotFound:
        return None
