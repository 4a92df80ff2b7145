"""The geoid grid: brought once, where there is a network and it is not here already."""

import hashlib
import logging
import time
from pathlib import Path

from ingest.fetch import Fetch
from ingest.waiting import Waiting
from tiles.grids import GCG2016, find
from twin.errors import SourceError
from twin.settings import Settings

_URL = f"https://cdn.proj.org/{GCG2016.name}"
_SHA256 = "598f18324dea7f8e72421d18add7ac6228259adf91eeb335cc9c27d98484f7ac"
_ONCE = Waiting(attempts=1)
_LOOKED = "looked"
_AGAIN_S = 3600
"""Who was not there is not asked before every run."""

log = logging.getLogger("twin")


def bring_grid(settings: Settings) -> None:
    """See that the GCG2016 grid (CC BY 4.0, BKG) is at hand if it can be; at most once an hour.

    Without it the city's stated undulation is used, and said so with its error wherever heights are told.
    """
    folder = settings.grids
    if folder is None or (folder / GCG2016.name).is_file() or _has_looked(folder):
        return
    data = b"" if find(GCG2016, folder) is not None else _fetched(settings)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if data:
            partial = folder / f"{GCG2016.name}.part"
            partial.write_bytes(data)
            partial.replace(folder / GCG2016.name)
        else:
            (folder / _LOOKED).touch()
    except OSError as error:
        log.warning("the geoid grid cannot be kept: %s", error.strerror)


def _has_looked(folder: Path) -> bool:
    try:
        return time.time() - (folder / _LOOKED).stat().st_mtime < _AGAIN_S
    except OSError:
        return False


def _fetched(settings: Settings) -> bytes:
    """The grid's bytes; none if they cannot be had."""
    try:
        with Fetch(settings, waiting=_ONCE) as fetch:
            data = fetch.get(_URL).data
    except SourceError as error:
        log.info("the geoid grid cannot be fetched: %s", error)
        return b""
    if hashlib.sha256(data).hexdigest() != _SHA256:
        log.warning("the geoid grid from %s is not the one we know; it is not used", _URL)
        return b""
    return data
