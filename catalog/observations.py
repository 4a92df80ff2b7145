"""Observations: append-only, de-duplicated by (station, property, time) against what is stored."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from catalog import partitions
from catalog.partitions import DAY_US, Rows
from twin.record import Observation
from twin.store import Store


def append(
    store: Store, layer_id: str, observations: Sequence[Observation], recorded_at: datetime
) -> NDArray[np.bool_]:
    """Append what is new: values not yet stored, and stored ones that the source has changed.

    A changed value does not replace the old one but is recorded later; readers take the last. Of several
    for the same (station, property, time) in `observations` the last counts, the others are duplicates.

    Returns:
        (n,) for each of `observations`, whether its value was new; of several for the same key all are.
    """
    if not observations:
        return np.zeros(0, dtype=bool)
    codes: dict[str, int] = {}
    words: list[str] = []
    given = _rows(observations, recorded_at, codes, words)
    fresh = given.newest()
    days = np.unique(fresh.observed // DAY_US)
    listed = partitions.files(store, layer_id)
    read = (partitions.read(store, key, codes, words) for day in days for key in listed.get(int(day), ()))
    stored = partitions.join(words, read).newest()
    fresh = _changed(stored, fresh)
    if not len(fresh):
        return np.zeros(len(observations), dtype=bool)
    day_of = fresh.observed // DAY_US
    fresh = fresh.take(np.argsort(day_of, kind="stable"))
    day_of = np.sort(day_of)
    starts = np.flatnonzero(np.diff(day_of, prepend=day_of[:1] - 1))
    for start, end in zip(starts, [*starts[1:], len(fresh)], strict=True):
        name, data = partitions.write(fresh.take(np.arange(start, end)))
        store.put(f"{partitions.folder(layer_id, int(day_of[start]))}/{name}", data)
    store.sync()
    times = np.unique(given.observed)
    return np.isin(_keys(given, times), _keys(fresh, times))


def _keys(rows: Rows, times: NDArray[np.int64]) -> NDArray[np.int64]:
    """(station, property, time) as one number a row; `times` are all that occur, sorted."""
    pair = rows.station.astype(np.int64) * len(rows.words) + rows.property
    return pair * len(times) + np.searchsorted(times, rows.observed)


def _rows(
    observations: Sequence[Observation], recorded_at: datetime, codes: dict[str, int], words: list[str]
) -> Rows:
    def texts(column: list[str]) -> NDArray[np.int32]:
        own = {word: partitions.code(word, codes, words) for word in dict.fromkeys(column)}
        return np.array([own[word] for word in column], np.int32)

    return Rows(
        words,
        texts([o.station for o in observations]),
        texts([o.property for o in observations]),
        texts([o.unit for o in observations]),
        texts([o.quality for o in observations]),
        np.array([np.nan if o.value is None else o.value for o in observations], np.float64),
        np.array([partitions.micros(o.observed_at) for o in observations], np.int64),
        np.full(len(observations), partitions.micros(recorded_at), np.int64),
    )


def _changed(stored: Rows, fresh: Rows) -> Rows:
    """The rows of `fresh` that `stored` does not have or has otherwise; both hold each key once."""
    both = partitions.join(fresh.words, (stored, fresh))
    is_fresh = np.arange(len(both)) >= len(stored)
    order = np.lexsort((is_fresh, both.observed, both.property, both.station))
    both, is_fresh = both.take(order), is_fresh[order]
    before = slice(None, -1)
    after = slice(1, None)
    same_key = np.zeros(len(both), dtype=bool)
    same_key[after] = (
        (both.station[after] == both.station[before])
        & (both.property[after] == both.property[before])
        & (both.observed[after] == both.observed[before])
    )
    previous = np.maximum(np.arange(len(both)) - 1, 0)
    old = both.take(previous)
    equal = ((both.value == old.value) | (np.isnan(both.value) & np.isnan(old.value))) & (
        (both.unit == old.unit) & (both.quality == old.quality)
    )
    # A correction must be recorded after what it corrects, whatever the clock says.
    both.recorded = np.where(same_key, np.maximum(both.recorded, old.recorded + 1), both.recorded)
    return both.take(is_fresh & ~(same_key & equal))
