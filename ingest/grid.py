"""The grids of geoid and datum: brought once, where there is a network and they are not here already."""

import hashlib
import logging
import time
from pathlib import Path

from ingest.fetch import Fetch
from ingest.waiting import Waiting
from tiles.grids import BETA2007, GCG2016, Grid, find
from twin.errors import SourceError
from twin.settings import Settings

_SHA256 = {
    GCG2016.name: "598f18324dea7f8e72421d18add7ac6228259adf91eeb335cc9c27d98484f7ac",
    BETA2007.name: "46e681fcc7d022dde1db1f9d0a3426a9bfb1d4a151af69a81b3c30104c9388e2",
}
_ONCE = Waiting(attempts=1)
_LOOKED = "looked"
_AGAIN_S = 3600
"""Who was not there is not asked before every run."""

log = logging.getLogger("twin")


def bring_grids(settings: Settings) -> None:
    """See that the grids GCG2016 (BKG) and BETA2007 (AdV) are at hand if they can be; at most once an hour.

    Without the first the city's stated undulation is used, and said so with its error wherever heights are
    told; without the second what comes in DHDN (Gauß-Krüger) is refused.
    """
    folder = settings.grids
    if folder is None or all((folder / name).is_file() for name in _SHA256) or _has_looked(folder):
        return
    try:
        for grid in (GCG2016, BETA2007):
            if not (folder / grid.name).is_file() and find(grid, folder) is None:
                data = _fetched(grid, settings)
                if not data:
                    break  # who cannot be reached is not asked twice
                _keep(folder / grid.name, data)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _LOOKED).touch()
    except OSError as error:
        log.warning("the grids of geoid and datum cannot be kept in %s: %s", folder, error.strerror)


def _keep(file: Path, data: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(f"{file.name}.part")
    partial.write_bytes(data)
    partial.replace(file)


def _has_looked(folder: Path) -> bool:
    try:
        return time.time() - (folder / _LOOKED).stat().st_mtime < _AGAIN_S
    except OSError:
        return False


def _fetched(grid: Grid, settings: Settings) -> bytes:
    """The grid's bytes; none if they cannot be had."""
    try:
        with Fetch(settings, waiting=_ONCE) as fetch:
            data = fetch.get(grid.url).data
    except SourceError as error:
        log.info("the grid %s cannot be fetched: %s", grid.name, error)
        return b""
    if hashlib.sha256(data).hexdigest() != _SHA256[grid.name]:
        log.warning("the grid from %s is not the one we know; it is not used", grid.url)
        return b""
    return data
