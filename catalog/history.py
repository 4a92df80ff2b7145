"""History: what became of a layer and of each of its features, from the chain of its revisions.

The chain is ordered by the time since when each revision held, not by number: an archive may be published
backwards, or a day put into the middle. Each step lies between two neighbours of the chain.
"""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from threading import Lock
from typing import TYPE_CHECKING, Any

import orjson

from catalog import changes, keys, parts, revisions
from catalog.changes import Change, ColumnChange
from twin.errors import Damaged, NotFound
from twin.revision import Revision
from twin.store import Store

if TYPE_CHECKING:
    import pyarrow as pa

_KEPT = 2_000_000
"""Changes of features kept in memory over all layers."""


@dataclass(frozen=True, slots=True)
class Step:
    """One revision in the chain, and what it changed."""

    revision: Revision
    appeared: int
    changed: int
    gone: int
    columns: tuple[ColumnChange, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a feature."""

    revision: Revision
    change: Change
    before: dict[str, Any]
    """Column → its value before; empty unless it changed. Geometry as GeoJSON, times as RFC 3339."""
    after: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Story:
    """All that happened to a feature, and to its layer's columns while it was there."""

    events: tuple[Event, ...]
    """At least one, in order of time."""
    columns: tuple[tuple[Revision, ColumnChange], ...]

    @property
    def gone(self) -> bool:
        """Whether the last that happened is that it went."""
        return self.events[-1].change is Change.GONE


def index(store: Store, layer_id: str) -> None:
    """Write down the changes between neighbours of the chain that are not written down yet.

    Snapshots that are damaged are passed over: `catalog.verify` tells of them.
    """
    links = revisions.chain(revisions.revisions(store, layer_id))
    there = set(store.list(f"{keys.layer(layer_id)}/{keys.CHANGES}"))
    for before, after in pairwise(links):
        key = keys.changes(layer_id, before.snapshot, after.snapshot)
        if key not in there:
            try:
                store.put(key, _compared(store, before, after))
            except (Damaged, NotFound):
                continue
    store.sync()


def _compared(store: Store, before: Revision, after: Revision) -> bytes:
    was, now = (revisions.provenance(store, revision) for revision in (before, after))
    old, new, shared = parts.apart(store, before, after)
    recipe = (was.recipe_sha256, was.schema_id) != (now.recipe_sha256, now.schema_id)
    return changes.compare(old, new, was.columns, now.columns, recipe, shared)


class History:
    """Answers questions about the past of features; keeps the changes it needed. Safe in several threads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = Lock()
        self._kept: OrderedDict[tuple[str, str, str], pa.Table] = OrderedDict()

    def steps(self, found: Iterable[Revision], until: datetime | None = None) -> list[Step]:
        """What each revision of a layer changed, in order of time.

        Args:
            found: All revisions of the layer.
            until: Only what happened by then.

        Raises:
            Damaged: A features file that is needed is missing or unreadable.
        """
        import pyarrow.compute as pc

        steps = []
        for revision, table in self._tables(found, until):
            counted = {one["values"]: one["counts"] for one in pc.value_counts(table["change"]).to_pylist()}
            appeared, changed, gone = (
                counted.get(word.value, 0) for word in (Change.APPEARED, Change.CHANGED, Change.GONE)
            )
            steps.append(Step(revision, appeared, changed, gone, tuple(changes.columns(table))))
        return steps

    def story(
        self, found: Iterable[Revision], feature_id: str, until: datetime | None = None
    ) -> Story | None:
        """What happened to one feature; None if there never was one of this id. Otherwise as `steps`."""
        import pyarrow as pa
        import pyarrow.compute as pc

        events: list[Event] = []
        columns: list[tuple[Revision, ColumnChange]] = []
        wanted = pa.scalar(feature_id, pa.string())
        for revision, table in self._tables(found, until):
            there = bool(events) and events[-1].change is not Change.GONE
            row = pc.index(table["id"], wanted).as_py()
            if row >= 0:
                word, before, after = (table[name][row].as_py() for name in ("change", "before", "after"))
                change = Change.RETURNED if word == Change.APPEARED and events else Change(word)
                events.append(
                    Event(revision, change, orjson.loads(before or "{}"), orjson.loads(after or "{}"))
                )
            if there and events[-1].change is not Change.GONE:
                columns += [(revision, one) for one in changes.columns(table)]
        return Story(tuple(events), tuple(columns)) if events else None

    def _tables(
        self, found: Iterable[Revision], until: datetime | None
    ) -> Iterable[tuple[Revision, "pa.Table"]]:
        before: Revision | None = None
        for revision in revisions.chain(found, until):
            yield revision, self._table(before, revision)
            before = revision

    def _table(self, before: Revision | None, after: Revision) -> "pa.Table":
        place = (after.layer, "" if before is None else before.snapshot, after.snapshot)
        with self._lock:
            if place in self._kept:
                self._kept.move_to_end(place)
                return self._kept[place]
        table = self._read(before, after)
        with self._lock:
            self._kept[place] = table
            while len(self._kept) > 1 and sum(len(one) for one in self._kept.values()) > _KEPT:
                self._kept.popitem(last=False)
        return table

    def _read(self, before: Revision | None, after: Revision) -> "pa.Table":
        if before is None:
            return changes.appeared(parts.load(self._store, after))
        key = keys.changes(after.layer, before.snapshot, after.snapshot)
        try:
            return changes.read(self._store.get(key), key)
        except (NotFound, Damaged):  # an index: what is missing is worked out
            return changes.read(_compared(self._store, before, after), key)
