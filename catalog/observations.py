"""Observations: append-only, de-duplicated by (station, property, time) against what is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from catalog import partitions
from catalog.partitions import DAY_US, Rows
from twin.record import Observation
from twin.store import Store

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Version:
    """What was known of one value since an instant."""

    recorded_at: datetime
    value: float | None
    unit: str
    quality: str


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
    once = given.newest()
    fresh = once.take(append_rows(store, layer_id, once, codes) == NEW)
    times = np.unique(given.observed)
    return np.isin(_keys(given, times), _keys(fresh, times))


KNOWN, NEW, COVERED = 0, 1, 2
"""What became of a row: it was stored already; it is stored now; a condensed value stands for it."""


def append_rows(
    store: Store,
    layer_id: str,
    rows: Rows,
    codes: dict[str, int],
    listed: partitions.Days | None = None,
    condensed: Mapping[str, Sequence[str]] | None = None,
) -> NDArray[np.uint8]:
    """Append what is new of `rows`, which hold each (station, property, time) once.

    Args:
        store: Where the layer lies.
        layer_id: Its full id.
        rows: Best of some days that follow each other: the stored rows of these days are read.
        codes: Word → its number in ``rows.words``.
        listed: The layer's files, if the caller knows them.
        condensed: Property → properties under which its condensed values lie (`catalog.retention`).

    Returns:
        (n,) `KNOWN`, `NEW` or `COVERED` for each of `rows`. What is new is durable.
    """
    became = np.full(len(rows), KNOWN, np.uint8)
    if not len(rows):
        return became
    listed = partitions.files(store, layer_id) if listed is None else listed
    days = np.unique(rows.observed // DAY_US)
    read = (
        partitions.read(store, (key,), codes, rows.words) for day in days for key in listed.get(int(day), ())
    )
    stored = partitions.join(rows.words, read).newest()
    fresh = _changed(stored, rows)
    times = np.unique(rows.observed)
    became[np.isin(_keys(rows, times), _keys(fresh, times))] = NEW
    if condensed:
        covered = _covered(store, rows, days, codes, listed, condensed)
        became[(became == NEW) & covered] = COVERED
        fresh = fresh.take(~np.isin(_keys(fresh, times), _keys(rows.take(covered), times)))
    for day, part in partitions.by_day(fresh):
        name, data = partitions.write(part)
        store.put(f"{partitions.folder(layer_id, day)}/{name}", data)
    store.sync()
    return became


def read(
    store: Store,
    layer_id: str,
    start: datetime | None = None,
    end: datetime | None = None,
    as_of: datetime | None = None,
) -> "pa.Table":
    """The observations of a layer, of each (station, property, time) the one that counts.

    Args:
        store: Where the layer lies.
        layer_id: Its full id.
        start: Only what was observed from then on.
        end: Only what was observed before.
        as_of: As it was known then: later corrections and late values are not seen.

    Returns:
        Columns as in the files, sorted by station, property and time.
    """
    rows = _between(store, layer_id, start, end)
    if as_of is not None:
        rows = rows.take(rows.recorded <= partitions.micros(as_of))
    return partitions.table(rows.newest().sorted())


def versions(store: Store, layer_id: str, station: str, name: str, observed_at: datetime) -> list[Version]:
    """All that was ever known of one value, the oldest first; empty if nothing was."""
    end = partitions.instant(partitions.micros(observed_at) + 1)
    rows = _between(store, layer_id, observed_at, end)
    found = [
        i
        for i in np.argsort(rows.recorded, kind="stable")
        if (rows.words[rows.station[i]], rows.words[rows.property[i]]) == (station, name)
    ]
    return [
        Version(
            partitions.instant(rows.recorded[i]),
            None if np.isnan(rows.value[i]) else float(rows.value[i]),
            rows.words[rows.unit[i]],
            rows.words[rows.quality[i]],
        )
        for i in found
    ]


def _between(store: Store, layer_id: str, start: datetime | None, end: datetime | None) -> Rows:
    low = np.iinfo(np.int64).min if start is None else partitions.micros(start)
    high = np.iinfo(np.int64).max if end is None else partitions.micros(end)
    codes: dict[str, int] = {}
    words: list[str] = []
    listed = partitions.files(store, layer_id)
    wanted = (
        key for day in listed if day * DAY_US < high and (day + 1) * DAY_US > low for key in listed[day]
    )
    rows = partitions.join(words, (partitions.read(store, (key,), codes, words) for key in wanted))
    return rows.take((rows.observed >= low) & (rows.observed < high))


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

    nothing = np.zeros(len(observations), np.int64)
    return Rows(
        words,
        texts([o.station for o in observations]),
        texts([o.property for o in observations]),
        texts([o.unit for o in observations]),
        texts([o.quality for o in observations]),
        np.array([np.nan if o.value is None else o.value for o in observations], np.float64),
        np.array([partitions.micros(o.observed_at) for o in observations], np.int64),
        np.full(len(observations), partitions.micros(recorded_at), np.int64),
        nothing,
        nothing,
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


def _covered(
    store: Store,
    rows: Rows,
    days: NDArray[np.int64],
    codes: dict[str, int],
    listed: partitions.Days,
    condensed: Mapping[str, Sequence[str]],
) -> NDArray[np.bool_]:
    """(n,) whether a condensed value that is stored stands for a row."""
    near = np.unique(np.concatenate([days - 1, days]))  # a local day begins on the UTC day before
    keys = [key for day in near for key in listed.get(int(day), ()) if partitions.CONDENSED in key]
    covered = np.zeros(len(rows), dtype=bool)
    if not keys:
        return covered
    stored = partitions.join(rows.words, (partitions.read(store, (key,), codes, rows.words) for key in keys))
    stored = stored.take(stored.until > 0)
    for name, others in condensed.items():
        mine = np.flatnonzero(rows.property == codes.get(name, -1))
        for other in others:
            theirs = stored.take(stored.property == codes.get(other, -1))
            covered[mine] |= _inside(rows.take(mine), theirs)
    return covered


def _inside(rows: Rows, stored: Rows) -> NDArray[np.bool_]:
    """(n,) whether the station's last interval of `stored` that began by then has not ended."""
    if not len(rows) or not len(stored):
        return np.zeros(len(rows), dtype=bool)
    times = np.unique(np.concatenate([rows.observed, stored.observed]))
    theirs = stored.station.astype(np.int64) * len(times) + np.searchsorted(times, stored.observed)
    order = np.argsort(theirs, kind="stable")
    mine = rows.station.astype(np.int64) * len(times) + np.searchsorted(times, rows.observed)
    place = np.searchsorted(theirs[order], mine, side="right") - 1
    last = order[np.maximum(place, 0)]
    inside: NDArray[np.bool_] = (
        (place >= 0)
        & (stored.station[last] == rows.station)
        & (stored.observed[last] <= rows.observed)
        & (rows.observed < stored.until[last])
    )
    return inside
