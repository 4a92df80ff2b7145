"""Recorded: which values came into the store since, whatever day they are of."""

from threading import Lock
from typing import Any

import numpy as np

from api.live.events import MOST_VALUES
from catalog import partitions
from catalog.partitions import Rows
from twin import times
from twin.errors import NotFound
from twin.store import Store

_SECOND = 1_000_000
_RECENT = 3
"""Days with values into which a run writes, as a rule."""

Told = tuple[list[dict[str, Any]], int]
"""Values as events tell them, the newest first; how many more there were."""


class Recorded:
    """Knows the files of observations; reads new ones, and old ones only if somebody missed them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = Lock()
        self._spans: dict[str, dict[str, int | None]] = {}
        """Layer → file → second of its last record; None for one that was there and was not read."""
        self._doubtful: dict[str, set[str]] = {}
        """Layer → files that a run may have been about to tell of when they were listed."""

    def begin(self, layer_id: str) -> None:
        """Take the files that are there as told, but for what a run is at just now."""
        with self._lock:
            listed = partitions.files(self._store, layer_id)
            self._spans[layer_id] = {key: None for keys in listed.values() for key in keys}
            self._doubtful[layer_id] = {key for day in list(listed)[-_RECENT:] for key in listed[day]}

    def fresh(self, layer_id: str, after: int) -> Told:
        """The values of files that were not there before; they count as told.

        Of the others those that were recorded after the second `after`: a run was just at them.
        """
        with self._lock:
            known = self._spans.get(layer_id, {})
            doubtful = self._doubtful.pop(layer_id, set())
            codes: dict[str, int] = {}
            words: list[str] = []
            parts, spans = [], {}
            for key in self._files(layer_id):
                spans[key] = known.get(key)
                if key not in known or (key in doubtful and known[key] is None):
                    rows = self._read(key, codes, words)
                    spans[key] = _last(rows)
                    parts.append(rows if key not in known else rows.take(rows.recorded // _SECOND > after))
            self._spans[layer_id] = spans
        return _told(words, parts)

    def between(self, layer_id: str, after: int, until: int) -> Told:
        """The values that were recorded after the second `after`, and not after `until`."""
        codes: dict[str, int] = {}
        words: list[str] = []
        parts = []
        with self._lock:
            spans = self._spans.setdefault(layer_id, {})
            for key in self._files(layer_id):
                span = spans.get(key)
                if span is not None and span <= after:
                    continue
                rows = self._read(key, codes, words)
                if key in spans:
                    spans[key] = _last(rows)
                second = rows.recorded // _SECOND
                parts.append(rows.take((second > after) & (second <= until)))
        return _told(words, parts)

    def _files(self, layer_id: str) -> list[str]:
        return [key for keys in partitions.files(self._store, layer_id).values() for key in keys]

    def _read(self, key: str, codes: dict[str, int], words: list[str]) -> Rows:
        """The rows of a file that are as they were measured; none if retention has taken it away."""
        try:
            rows = partitions.read(self._store, (key,), codes, words)
        except NotFound:
            return partitions.join(words, [])
        return rows.take(rows.until == 0)


def _last(rows: Rows) -> int:
    return int(rows.recorded.max()) // _SECOND if len(rows) else 0


def _told(words: list[str], parts: list[Rows]) -> Told:
    rows = partitions.join(words, parts).newest()
    order = np.argsort(-rows.observed, kind="stable")[:MOST_VALUES]
    values = [
        {
            "station": rows.words[rows.station[i]],
            "property": rows.words[rows.property[i]],
            "value": None if np.isnan(rows.value[i]) else float(rows.value[i]),
            "unit": rows.words[rows.unit[i]],
            "observed_at": times.iso(partitions.instant(rows.observed[i])),
            "quality": rows.words[rows.quality[i]],
        }
        for i in order
    ]
    return values, len(rows) - len(values)
