"""Revisions of a layer: what is public, and which one held at an instant."""

import time
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import lru_cache
from threading import Lock
from typing import Protocol

from catalog import at_hand, documents, keys
from twin.errors import Damaged, NotFound
from twin.provenance import Provenance
from twin.revision import Revision
from twin.store import Store


def revisions(store: Store, layer_id: str) -> list[Revision]:
    """All revisions of a layer by number; `Damaged` if one cannot be read."""
    return [_decoded(store.get(key), key) for key in _listed(store, layer_id)]


@lru_cache(maxsize=64)
def _decoded(data: bytes, key: str) -> Revision:
    """A run asks a dozen times, and each of a large layer has thousands of objects."""
    return documents.decode(Revision, data, key)


def numbers(store: Store, layer_id: str) -> list[int]:
    """The numbers taken, readable or not, in order."""
    return [int(key[-11:-5]) for key in _listed(store, layer_id)]


def read(store: Store, layer_id: str, number: int) -> Revision:
    """One revision; `NotFound` or `Damaged`."""
    key = keys.revision(layer_id, number)
    return _decoded(store.get(key), key)


def pick(found: Iterable[Revision], at: datetime | None = None) -> Revision | None:
    """The revision that held at the instant `at` (None: the newest), or None if there was none yet.

    Of several that hold from the same instant the higher number counts: it corrects the other.
    """
    held = [revision for revision in found if at is None or revision.holds_from <= at]
    return max(held, key=lambda revision: (revision.holds_from, revision.number), default=None)


def chain(found: Iterable[Revision], until: datetime | None = None) -> list[Revision]:
    """The revisions as they held one after the other, whenever each was published.

    Args:
        found: All of a layer.
        until: Only those that held by then.

    Returns:
        In order of `holds_from`. Of several that hold from the same instant only the one with the highest
        number; one that says the same as the one before it is left out: nothing changed then.
    """
    held = {r.holds_from: r for r in sorted(found, key=lambda r: r.number)}
    links: list[Revision] = []
    for at in sorted(held):
        if (until is None or at <= until) and (not links or links[-1].digest != held[at].digest):
            links.append(held[at])
    return links


def current(store: Store, layer_id: str, at: datetime | None = None) -> Revision | None:
    """The revision of a layer that held at `at`; see `pick`."""
    return pick(revisions(store, layer_id), at)


def provenance(store: Store, revision: Revision) -> Provenance:
    """The provenance of a revision's snapshot; `NotFound` or `Damaged`."""
    key = keys.inside(revision.layer, f"{revision.snapshot}/{keys.PROVENANCE}")
    return documents.read(Provenance, store, key)


def _listed(store: Store, layer_id: str) -> list[str]:
    folder = f"{keys.layer(layer_id)}/{keys.REVISIONS}"
    names = (key for key in store.list(folder) if key.endswith(".json") and key[-11:-5].isdecimal())
    return sorted(names)


class Others(Protocol):
    """Other servers that look at the same store and must not tell older news than we did."""

    @property
    def since(self) -> float:
        """Time (`time.monotonic`) before which nobody's look at the store counts."""

    def changed(self) -> None:
        """We have seen something new."""


class Listing:
    """Revisions for a server: looked for at most every `ttl` seconds, each read once in its life.

    A revision that cannot be read is passed over, so that the last whole one goes on being served; it is
    named in `damages` until it can be read again or is given up.
    """

    def __init__(
        self,
        store: Store,
        ttl: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
        others: "Others | None" = None,
    ) -> None:
        self.store = store
        self._others = others
        self.damages: dict[str, str] = {}
        self._ttl = ttl
        self._clock = clock
        self._lock = Lock()
        self._looked: dict[str, float] = {}
        self._found: dict[str, dict[str, Revision]] = {}
        self._provenances: dict[tuple[str, str], Provenance] = {}

    def revisions(self, layer_id: str) -> list[Revision]:
        """All readable revisions of a layer, by number."""
        if not self._due(layer_id):
            return list(self._found[layer_id].values())
        at_hand.leave()
        with self._lock:
            now = self._clock()
            if self._due(layer_id):
                known = self._found.get(layer_id)
                self._found[layer_id] = self._look(layer_id)
                self._looked[layer_id] = now
                if self._others is not None and known is not None and known != self._found[layer_id]:
                    self._others.changed()
                    self._looked[layer_id] = self._others.since
            return list(self._found[layer_id].values())

    def _due(self, layer_id: str) -> bool:
        """Whether it is time to look."""
        looked = self._looked.get(layer_id)
        since = float("-inf") if self._others is None else self._others.since
        return looked is None or self._clock() - looked >= self._ttl or looked < since

    def lost(self, layer_id: str) -> list[str]:
        """What is wrong with the layer's revisions that were passed over, in words; empty if none was."""
        self.revisions(layer_id)
        folder = keys.inside(layer_id, "")
        return [words for key, words in list(self.damages.items()) if key.startswith(folder)]

    def current(self, layer_id: str, at: datetime | None = None) -> Revision | None:
        """The revision that held at `at`; see `pick`."""
        return pick(self.revisions(layer_id), at)

    def revision(self, layer_id: str, number: int) -> Revision | None:
        """One revision by number, None if there is none."""
        return next((r for r in self.revisions(layer_id) if r.number == number), None)

    def _look(self, layer_id: str) -> dict[str, Revision]:
        known, found = self._found.get(layer_id, {}), {}
        damages: dict[str, str] = {}
        for key in _listed(self.store, layer_id):
            try:
                found[key] = known[key] if key in known else documents.read(Revision, self.store, key)
            except NotFound:  # given up since it was listed
                continue
            except Damaged as error:
                damages[key] = str(error)
        folder = keys.inside(layer_id, "")
        others = {key: words for key, words in self.damages.items() if not key.startswith(folder)}
        self.damages = others | damages
        return found

    def provenance(self, revision: Revision) -> Provenance:
        """The provenance of a revision's snapshot, read once."""
        key = (revision.layer, revision.snapshot)
        if key not in self._provenances:
            at_hand.leave()
            if len(self._provenances) > 2000:
                self._provenances.clear()
            self._provenances[key] = provenance(self.store, revision)
        return self._provenances[key]
