"""Kept: what a run leaves for the next one, beside the store and never part of it; may go at any time."""

import hashlib
import os
import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson

from ingest.account import basis
from ingest.connectors import place_of
from ingest.ledger import Entry, Ledger, write
from ingest.prepared import INDEX, Known, by_itself
from tiles.reuse import Objects, Reuse
from twin.city import City
from twin.layer import Layer
from twin.settings import ROOT, Settings
from twin.store import FileStore, Store

_ROOMS = ("twin", "ingest", "tiles")
_MARKS = "places.json"
"""All places in one file: a city has hundreds of parts, and all are others when its file was written anew."""
_LEDGER = "ledger"
_LOOSE = 1 / 16
"""So large a share of the parts may stand by themselves before all are written into one ledger."""


@dataclass(slots=True)
class Kept:
    """What is kept of one layer."""

    folder: Path
    basis: str
    """Recipe, city and code: with any other nothing is taken over."""
    _since: float = field(default_factory=time.time)
    _before: dict[str, str] | None = None
    _now: dict[str, str] = field(default_factory=dict)
    _ledger: Ledger | None = None

    def part(self, connector: str, part: Any) -> Known | None:
        """How a part may be known again; None if it cannot be."""
        # Pictures may change beside a model that does not, and they go with the run.
        told = None if getattr(part, "file", None) else place_of(connector, part)
        if told is None:
            return None
        name = hashlib.sha256(f"{self.basis}\0{told}".encode()).hexdigest()
        if self._before is None:
            self._before = self._marks()
            self._ledger = Ledger(self.folder / _LEDGER)
        return Known(str(self.folder), name, self.basis, self._before.get(name), self._ledger)

    def note(self, place: str, content: str) -> None:
        """Remember what a part at a place was this time, as `Known` names both."""
        self._now[place] = content

    def settle(self) -> None:
        """Write down what was noted, for the next run."""
        if not self._now:
            return
        if self._now != self._before:
            partial = self.folder / f"{_MARKS}.{os.getpid()}.part"
            partial.write_bytes(orjson.dumps(self._now))
            partial.replace(self.folder / _MARKS)
        names = list(dict.fromkeys(self._now.values()))
        ledger = self._ledger
        loose = names if ledger is None else [name for name in names if name not in ledger]
        if len(loose) > len(names) * _LOOSE:
            entries = ((name, self._entry(name)) for name in names)
            if write(self.folder / _LEDGER, [(name, entry) for name, entry in entries if entry is not None]):
                for name in loose:
                    (self.folder / name).with_suffix(INDEX).unlink(missing_ok=True)
        for name in (_MARKS, _LEDGER):
            with suppress(FileNotFoundError):
                os.utime(self.folder / name)  # used: not to be swept away

    def _entry(self, name: str) -> Entry | None:
        found = None if self._ledger is None else self._ledger.get(name)
        return by_itself(self.folder / name) if found is None else found

    def _marks(self) -> dict[str, str]:
        try:
            told = orjson.loads((self.folder / _MARKS).read_bytes())
        except (OSError, ValueError):
            return {}
        return told if isinstance(told, dict) and all(isinstance(each, str) for each in told.values()) else {}

    def reuse(self, known: Any) -> Reuse:
        """Where branches of the tile tree are kept; `known` says which contents the store still has."""

        def told(objects: Objects) -> bool:
            return bool(known(objects))

        return Reuse(self.folder, self.basis, told)

    def sweep(self) -> None:
        """Remove what this run neither made nor used."""
        for path in self.folder.glob("*") if self.folder.is_dir() else ():
            if path.stat().st_mtime < self._since - 1:
                path.unlink(missing_ok=True)


def folder_of(settings: Settings, store: Store) -> Path | None:
    """The folder in which this installation keeps what it can take up again; None if nowhere."""
    if settings.kept is not None:
        return settings.kept
    if isinstance(store, FileStore):
        return store.root / "kept"
    return _cache(store.url) if store.url.startswith("s3:") else None


def _cache(url: str) -> Path | None:
    """A folder for a store elsewhere, in the user's cache; None for a user without a home."""
    named = os.environ.get("XDG_CACHE_HOME", "")
    try:
        # By the XDG Base Directory Specification a relative path is none.
        top = Path(named) if os.path.isabs(named) else Path.home() / ".cache"
    except RuntimeError:
        return None
    # Two servers may have a bucket of one name.
    place = f"{os.environ.get('AWS_ENDPOINT_URL', '')} {url.rstrip('/')}"
    return top / "stadtzwilling" / hashlib.sha256(place.encode()).hexdigest()[:16]


def kept_of(settings: Settings, store: Store, city: City, layer: Layer) -> Kept | None:
    """What is kept of a layer; None if nothing ever is."""
    folder = folder_of(settings, store)
    if folder is None:
        return None
    return Kept(folder / layer.id, basis_of(settings, city, layer))


def basis_of(settings: Settings, city: City, layer: Layer) -> str:
    """Recipe, city and code: what, beside the source, makes a result what it is."""
    frame = city.model_dump_json(include={"id", "area", "crs", "heights", "notice"})
    return f"{basis(layer)} {frame} {settings.grids} {_code()}"


@lru_cache(maxsize=1)
def _code() -> str:
    """Stands for the code that makes features and tiles: other code may make others."""
    digest = hashlib.sha256(os.environ.get("PROJ_DATA", "").encode())
    for room in _ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            stat = path.stat()
            digest.update(f"{path.name} {stat.st_size} {stat.st_mtime_ns}".encode())
    return digest.hexdigest()[:16]
