"""Shared by the connectors' tests: a source, a client that never waits, and all records of a run."""

from pathlib import Path
from typing import Any

from ingest.connectors import connector
from ingest.fetch import Fetch
from ingest.load import RECIPES
from ingest.waiting import NEVER
from twin.provenance import Origin
from twin.record import Record
from twin.settings import Settings
from twin.source import Source


def source(name: str, url: Any, **more: Any) -> Source:
    fixed = {"interval": "1d", "licence": "DL-DE-BY-2.0", "attribution": "Stadt", "publisher": "Stadt"}
    return Source(connector=name, url=str(url), **(fixed | more))


def quick(*, trusted: bool = True, timeout_s: float = 60, max_body_mb: int = 2, **more: Any) -> Fetch:
    settings = Settings(timeout_s=timeout_s, max_body_mb=max_body_mb)
    return Fetch(settings, trusted=trusted, **({"waiting": NEVER} | more))


def records(name: str, url: Any, **more: Any) -> list[Record]:
    return run(name, url, **more)[0]


def run(name: str, url: Any, **more: Any) -> tuple[list[Record], list[Origin]]:
    with quick() as fetch:
        return list(connector(name)(source(name, url, **more), fetch)), fetch.origins


def sample_named(name: str) -> Path:
    """The sample of a layer of Munich, which may lie beside the shared recipe."""
    folders = (RECIPES / "de/by/muenchen", RECIPES / "de/by", RECIPES / "de")
    return next(path for folder in folders if (path := folder / "samples" / name).is_dir())
