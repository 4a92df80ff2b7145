"""Features of a layer as ready GeoJSON bytes, with what is true of them at the asked instant."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any

import numpy as np
import orjson

from catalog import parts
from catalog.engines.memory import Box, Snapshot
from catalog.partitions import micros
from catalog.values import Values
from twin.layer import Layer
from twin.revision import Revision
from twin.schema import Schema
from twin.store import Store

_KEPT = 2_000_000
"""Features kept in memory over all snapshots; the last used one is always kept."""
_NO_TIME = np.iinfo(np.int64).min


def told(schema: Schema) -> tuple[str, ...]:
    """Names of what features of a schema are told to be at an instant, beside their columns."""
    if schema.id.startswith("roadwork/"):
        return ("phase",)
    return ("latest", "last_24h", "usual_24h") if schema.properties else ()


@dataclass(frozen=True, slots=True)
class Page:
    """Some features of a layer, each a GeoJSON object, and how many match in all."""

    features: list[bytes]
    matched: int


class Features:
    """Answers questions about features from the store's snapshots, keeping those last asked for."""

    def __init__(self, store: Store, values: Values) -> None:
        self._store = store
        self._values = values
        self._lock = Lock()
        self._kept: OrderedDict[tuple[str, str], Snapshot] = OrderedDict()

    def page(
        self,
        layer: Layer,
        revision: Revision,
        at: datetime,
        limit: int,
        offset: int = 0,
        box: Box | None = None,
    ) -> Page:
        """Features in the snapshot's order.

        Args:
            layer: Whose features.
            revision: One of its revisions.
            at: Instant for which phases and values are told.
            limit: At most so many.
            offset: So many are passed over.
            box: West, south, east, north in degrees; only features whose geometry meets it.

        Raises:
            Damaged: The features file is missing or not what the revision says.
        """
        snapshot = self.snapshot(revision)
        if box is None:
            rows = np.arange(min(offset, len(snapshot)), min(offset + limit, len(snapshot)))
            matched = len(snapshot)
        else:
            found = snapshot.within(box)
            rows, matched = found[offset : offset + limit], len(found)
        return Page(self._finish(layer, snapshot, rows, at), matched)

    def one(self, layer: Layer, revision: Revision, at: datetime, feature_id: str) -> bytes | None:
        """One feature by id, None if the snapshot has none of this id; raises as `page` does."""
        snapshot = self.snapshot(revision)
        row = snapshot.row(feature_id)
        return None if row is None else self._finish(layer, snapshot, np.array([row]), at)[0]

    def snapshot(self, revision: Revision) -> Snapshot:
        """The index over a revision's features; `Damaged` if the file is not what the revision says."""
        key = (revision.layer, revision.snapshot)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        snapshot = Snapshot(parts.load(self._store, revision))
        with self._lock:
            self._kept[key] = snapshot
            while len(self._kept) > 1 and sum(map(len, self._kept.values())) > _KEPT:
                self._kept.popitem(last=False)
        return snapshot

    def _finish(self, layer: Layer, snapshot: Snapshot, rows: Any, at: datetime) -> list[bytes]:
        heads = snapshot.heads(rows)
        names = told(layer.schema_)
        if names == ("phase",):
            return [
                b'%b,"phase":"%b"}}' % pair for pair in zip(heads, _phases(snapshot, rows, at), strict=True)
            ]
        if not names:
            return [head + b"}}" for head in heads]
        properties = layer.schema_.properties
        latest = self._values.latest(layer.id, at)
        last, usual = self._values.sums(layer.id, at, properties)
        result = []
        for head, row in zip(heads, rows, strict=True):
            station = snapshot.ids[row]
            values = {
                "latest": latest.get(station, {}),
                "last_24h": last.get(station, {}),
                "usual_24h": usual.get(station, {}),
            }
            result.append(b"%b,%b}" % (head, orjson.dumps(values)[1:]))
        return result


def _phases(snapshot: Snapshot, rows: Any, at: datetime) -> list[bytes]:
    """``coming``, ``running`` or ``done`` at the instant; what has no times is running."""
    now = micros(at)
    start, end = snapshot.times("valid_from")[rows], snapshot.times("valid_to")[rows]
    done = (end != _NO_TIME) & (end <= now)
    phases: list[bytes] = np.where(done, b"done", np.where(start > now, b"coming", b"running")).tolist()
    return phases
