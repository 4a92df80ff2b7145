"""History: what became of a layer and of each of its features, from the chain of its revisions.

The chain is ordered by the time since when each revision held, not by number: an archive may be published
backwards, or a day put into the middle. Each step lies between two neighbours of the chain.
"""

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from threading import Lock
from typing import TYPE_CHECKING, Any

import orjson

from catalog import changes, keys, parts, revisions
from catalog.changes import Change, ColumnChange
from catalog.past import Past
from twin.errors import Damaged, NotFound
from twin.revision import Revision
from twin.store import Store

if TYPE_CHECKING:
    import pyarrow as pa

_KEPT = 2_000_000
"""Changes of features kept in memory over all layers, once by step and once by feature."""
_CHAINS = 64
"""Chains whose changes are kept by feature."""


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
        self._lock, self._reading = Lock(), Lock()
        self._kept: OrderedDict[tuple[str, str, str], pa.Table] = OrderedDict()
        self._rows = 0
        """Of all tables that are kept."""
        self._pasts: OrderedDict[tuple[str, ...], Past] = OrderedDict()
        """Layer and snapshots of a chain → what happened in it."""
        self._large: OrderedDict[tuple[str, ...], None] = OrderedDict()
        """The chains that are not kept as they are too large."""

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
        for revision, table in self._tables(revisions.chain(found, until)):
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
        links = revisions.chain(found)
        held = len(links) if until is None else sum(link.holds_from <= until for link in links)
        if not held:
            return None
        try:
            past = self._past(links, feature_id)
        except Damaged:  # what came later need not be whole
            if held == len(links):
                raise
            past = self._past(links[:held], feature_id)
        events: list[Event] = []
        steps: list[int] = []
        for step, row in past.of(feature_id):
            if step >= held:
                break
            word, before, after = row["change"], row["before"] or "{}", row["after"] or "{}"
            change = Change.RETURNED if word == Change.APPEARED and events else Change(word)
            events.append(Event(links[step], change, orjson.loads(before), orjson.loads(after)))
            steps.append(step)

        def was(step: int) -> bool:
            """Whether the feature was there after a step."""
            place = bisect_right(steps, step)
            return place > 0 and events[place - 1].change is not Change.GONE

        columns = [
            (links[step], one)
            for step, changed in past.columns.items()
            if step < held and was(step - 1) and was(step)
            for one in changed
        ]
        return Story(tuple(events), tuple(columns)) if events else None

    def _past(self, links: list[Revision], feature_id: str) -> Past:
        """What happened to all features of a chain; to this one alone if that is too much to keep."""
        place = (links[0].layer, *(link.snapshot for link in links))
        with self._lock:
            known = self._pasts.get(place)
            if known is not None:
                self._pasts.move_to_end(place)
                return known
            large = place in self._large
        if not large:
            tables: list[pa.Table] = []
            rows = 0
            for _, table in self._tables(links):
                tables.append(table)
                rows += len(table)
                if rows > _KEPT:
                    break
            else:
                return self._keep(place, Past(tables))
            with self._lock:
                self._large[place] = None
                while len(self._large) > _CHAINS:
                    self._large.popitem(last=False)
        return Past([_only(table, feature_id) for _, table in self._tables(links)])

    def _keep(self, place: tuple[str, ...], past: Past) -> Past:
        with self._lock:
            self._pasts[place] = past
            while len(self._pasts) > 1 and (
                len(self._pasts) > _CHAINS or sum(map(len, self._pasts.values())) > _KEPT
            ):
                self._pasts.popitem(last=False)
        return past

    def _tables(self, links: Iterable[Revision]) -> Iterator[tuple[Revision, "pa.Table"]]:
        before: Revision | None = None
        for revision in links:
            yield revision, self._table(before, revision)
            before = revision

    def _table(self, before: Revision | None, after: Revision) -> "pa.Table":
        place = (after.layer, "" if before is None else before.snapshot, after.snapshot)
        known = self._known(place)
        if known is not None:
            return known
        with self._reading:  # visitors who come at once read it once
            known = self._known(place)
            if known is not None:
                return known
            table = self._read(before, after)
            with self._lock:
                self._rows += len(table)
                self._kept[place] = table
                while len(self._kept) > 1 and self._rows > _KEPT:
                    self._rows -= len(self._kept.popitem(last=False)[1])
        return table

    def _known(self, place: tuple[str, str, str]) -> "pa.Table | None":
        with self._lock:
            if place not in self._kept:
                return None
            self._kept.move_to_end(place)
            return self._kept[place]

    def _read(self, before: Revision | None, after: Revision) -> "pa.Table":
        if before is None:
            return changes.appeared(parts.load(self._store, after))
        key = keys.changes(after.layer, before.snapshot, after.snapshot)
        try:
            return changes.read(self._store.get(key), key)
        except (NotFound, Damaged):  # an index: what is missing is worked out
            return changes.read(_compared(self._store, before, after), key)


def _only(table: "pa.Table", feature_id: str) -> "pa.Table":
    import pyarrow.compute as pc

    return table.filter(pc.equal(table["id"], feature_id))
