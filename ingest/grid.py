"""The geoid grid: brought once, where there is a network and it is not here already."""

import hashlib
import logging

from ingest.fetch import Fetch
from ingest.waiting import Waiting
from tiles.grids import GCG2016, find
from twin.errors import SourceError
from twin.settings import Settings

_URL = f"https://cdn.proj.org/{GCG2016.name}"
_SHA256 = "598f18324dea7f8e72421d18add7ac6228259adf91eeb335cc9c27d98484f7ac"
_ONCE = Waiting(attempts=1)

log = logging.getLogger("twin")


def bring_grid(settings: Settings) -> bool:
    """Make sure of the GCG2016 grid (CC BY 4.0, BKG); return whether it is there.

    Without it the city's stated undulation is used, and said so with its error wherever heights are told.
    """
    if find(GCG2016, settings.grids) is not None:
        return True
    if settings.grids is None:
        return False
    try:
        with Fetch(settings, waiting=_ONCE) as fetch:
            data = fetch.get(_URL).data
    except SourceError as error:
        log.info("the geoid grid cannot be fetched: %s", error)
        return False
    if hashlib.sha256(data).hexdigest() != _SHA256:
        log.warning("the geoid grid from %s is not the one we know; it is not used", _URL)
        return False
    settings.grids.mkdir(parents=True, exist_ok=True)
    partial = settings.grids / f"{GCG2016.name}.part"
    partial.write_bytes(data)
    partial.replace(settings.grids / GCG2016.name)
    return find(GCG2016, settings.grids) is not None
