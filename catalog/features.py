"""Features of a layer as ready GeoJSON bytes, with what is true of them at the asked instant."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

import numpy as np
import orjson
from numpy.typing import NDArray

from catalog import at_hand, deadline, parts
from catalog.engines.memory import Snapshot
from catalog.engines.places import Box
from catalog.partitions import instant, micros
from catalog.question import ALL, Question, Shown, find
from catalog.values import COUNTS, Values
from twin.layer import Layer
from twin.revision import Revision
from twin.schema import Schema
from twin.store import Store

_KEPT = 2_000_000
"""Features kept in memory over all snapshots; the last used one is always kept."""
_ROWS_KEPT = 8_000_000
"""Rows kept in memory over all answers to questions, four bytes each; the last is always kept."""
_ANSWERS_KEPT = 1000
_NO_TIME = np.iinfo(np.int64).min


def told(schema: Schema) -> tuple[str, ...]:
    """Names of what features of a schema are told to be at an instant, beside their columns."""
    if schema.id.startswith("roadwork/"):
        return ("phase",)
    return ("latest", "last_24h", "usual_24h") if schema.properties else ()


_VALUES = "ask for values at /sta/v1.1/Observations, where $filter compares them"
_OTHERWISE = {
    "phase": "write T_INTERSECTS(INTERVAL(valid_from, valid_to), TIMESTAMP('2026-03-01T12:00:00Z')) for what "
    "runs then",
    "latest": _VALUES,
    "last_24h": _VALUES,
    "usual_24h": _VALUES,
}


def how_asked(schema: Schema) -> dict[str, str]:
    """What features of a schema are `told` to be → how a filter asks for it, as none can name it."""
    return {name: _OTHERWISE[name] for name in told(schema)}


@dataclass(frozen=True, slots=True)
class Page:
    """Some features of a layer, each a GeoJSON object, and how many match in all."""

    features: list[bytes]
    matched: int


class Features:
    """Answers questions about features from the store's snapshots, keeping those last asked for."""

    def __init__(self, store: Store, values: Values, seconds: float = 10.0) -> None:
        """Answer from `store` and `values`; to find what one question asks for may take so many seconds."""
        self._seconds = seconds
        self._store = store
        self._values = values
        self._lock, self._reading = Lock(), Lock()
        self._kept: OrderedDict[tuple[str, str, tuple[str, ...]], Snapshot] = OrderedDict()
        self._answers: OrderedDict[tuple[str, str, str], NDArray[np.int32]] = OrderedDict()
        self._count = 0

    def page(
        self,
        layer: Layer,
        revision: Revision,
        at: datetime,
        limit: int,
        offset: int = 0,
        box: Box | None = None,
        question: Question | None = None,
        shown: Shown = ALL,
    ) -> Page:
        """Features in the order asked for, else in the snapshot's.

        Args:
            layer: Whose features.
            revision: One of its revisions.
            at: Instant for which phases and values are told.
            limit: At most so many.
            offset: So many are passed over.
            box: West, south, east, north in degrees; only features whose geometry meets it.
            question: Which ones, and in which order, in place of `box`.
            shown: What of each.

        Raises:
            Damaged: The features file is missing or not what the revision says.
            TooMuch: To find what is asked for takes too long.
        """
        snapshot = self.snapshot(layer, revision)
        asked = question or Question(key="" if box is None else repr(box), box=box)
        if not asked.key:
            rows = np.arange(min(offset, len(snapshot)), min(offset + limit, len(snapshot)))
            matched = len(snapshot)
        else:
            found = self._found(layer, revision, snapshot, asked)
            rows, matched = found[offset : offset + limit].astype(np.int64), len(found)
        return Page(self._finish(layer, snapshot, rows, at, shown), matched)

    def one(
        self, layer: Layer, revision: Revision, at: datetime, feature_id: str, shown: Shown = ALL
    ) -> bytes | None:
        """One feature by id, None if the snapshot has none of this id; raises as `page` does."""
        snapshot = self.snapshot(layer, revision)
        row = snapshot.row(feature_id)
        return None if row is None else self._finish(layer, snapshot, np.array([row]), at, shown)[0]

    def since(self, layer: Layer, revision: Revision, at: datetime) -> datetime:
        """The instant, not after `at`, since which features of a revision are told as they are at `at`.

        Sums of counts are told to the minute, or to the newest value if that is later; raises as `page` does.
        """
        names = told(layer.schema_)
        if not names:
            return revision.holds_from
        if names == ("phase",):
            turn = self.snapshot(layer, revision).turn(("valid_from", "valid_to"), micros(at))
            return revision.holds_from if turn is None else instant(turn)
        newest = self._values.newest(layer.id, at)
        known = [revision.holds_from] if newest is None else [instant(newest)]
        if any(found.unit in COUNTS for found in layer.schema_.properties):
            known.append(at.replace(second=0, microsecond=0))
        return max(known)

    def _found(
        self, layer: Layer, revision: Revision, snapshot: Snapshot, question: Question
    ) -> NDArray[np.int32]:
        """What a question asks for; known still when the next page is turned to."""
        key = (revision.layer, revision.snapshot, question.key)
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key]
        if question.box is None or question.words or question.order:
            at_hand.leave()
        with deadline.within(self._seconds):
            found = find(question, snapshot, frozenset(layer.schema_.texts))
        with self._lock:
            self._count += len(found) - len(self._answers.pop(key, ()))
            self._answers[key] = found
            while len(self._answers) > 1 and (self._count > _ROWS_KEPT or len(self._answers) > _ANSWERS_KEPT):
                self._count -= len(self._answers.popitem(last=False)[1])
        return found

    def snapshot(self, layer: Layer, revision: Revision) -> Snapshot:
        """The index over a revision's features, with lists where the layer's schema has them now.

        One is read at a time: visitors who come at once to what nobody has asked for since it was published
        would else read it as often as they are, and a large one takes a gigabyte meanwhile.

        Raises:
            Damaged: The file is not what the revision says.
        """
        lists = layer.schema_.lists
        key = (revision.layer, revision.snapshot, lists)
        known = self._known(key)
        if known is not None:
            return known
        at_hand.leave()
        with self._reading:
            known = self._known(key)
            if known is not None:
                return known
            snapshot = Snapshot(parts.load(self._store, revision), lists)
            with self._lock:
                self._kept[key] = snapshot
                while len(self._kept) > 1 and sum(map(len, self._kept.values())) > _KEPT:
                    self._kept.popitem(last=False)
        return snapshot

    def _known(self, key: tuple[str, str, tuple[str, ...]]) -> Snapshot | None:
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key]

    def _finish(
        self, layer: Layer, snapshot: Snapshot, rows: NDArray[np.int64], at: datetime, shown: Shown
    ) -> list[bytes]:
        if shown == ALL:
            heads = snapshot.heads(rows)
        else:
            heads = snapshot.made(rows, shown.names, shown.geometry, shown.crs)
        names = [name for name in told(layer.schema_) if shown.names is None or name in shown.names]
        if not names:
            return [head + b"}}" for head in heads]
        if names == ["phase"]:
            phases = _phases(snapshot, rows, at)
            return [_with(head, b'"phase":"%b"}' % phase) for head, phase in zip(heads, phases, strict=True)]
        at_hand.leave()
        latest = self._values.latest(layer.id, at)
        last, usual = self._values.sums(layer.id, at, layer.schema_.properties)
        stations = [snapshot.ids[row] for row in rows]
        result = []
        for head, station, newest in zip(heads, stations, latest.of(stations), strict=True):
            values = {
                "latest": newest,
                "last_24h": last.get(station, {}),
                "usual_24h": usual.get(station, {}),
            }
            members = orjson.dumps({name: values[name] for name in names})[1:]
            result.append(_with(head, members))
        return result


def _with(head: bytes, members: bytes) -> bytes:
    """A feature whose properties go on, with or without some before."""
    return b"%b%b%b}" % (head, b"" if head.endswith(b"{") else b",", members)


def _phases(snapshot: Snapshot, rows: NDArray[np.int64], at: datetime) -> list[bytes]:
    """``coming``, ``running`` or ``done`` at the instant; what has no times is running."""
    now = micros(at)
    start, end = snapshot.times("valid_from")[rows], snapshot.times("valid_to")[rows]
    done = (end != _NO_TIME) & (end <= now)
    phases: list[bytes] = np.where(done, b"done", np.where(start > now, b"coming", b"running")).tolist()
    return phases
