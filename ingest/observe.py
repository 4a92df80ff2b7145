"""Observe: append what stations measured, and settle what became of every record."""

from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog import partitions
from catalog.observations import COVERED, NEW, append_rows
from catalog.partitions import Rows
from ingest.measured import Measurements
from twin.layer import Layer
from twin.report import Report, Verdict
from twin.store import Store

TWICE = "the source tells the same value twice"
CORRECTED = "a value that the source itself corrects further down"
KNOWN = "known already from an earlier run"
CONDENSED = "older than the layer keeps in this detail; a condensed value stands for it"


def observe(
    store: Store, layer: Layer, measured: Measurements, recorded_at: datetime, report: Report
) -> datetime | None:
    """Append what was measured; return the time of the newest value that is not missing.

    It goes to the store some days at a time. Values stand for themselves, so a crash in here loses nothing:
    the next run appends what is missing. Every record is counted: published if any of its values is new.
    """
    listed = partitions.files(store, layer.id)
    newest: int | None = None
    for rows in measured.by_days():
        kept, last = _settled(rows, report)
        appended = _appended(rows[last], layer, measured, recorded_at)
        condensed = {p.name: p.condensed for p in layer.schema_.properties} if layer.retention else None
        became = append_rows(store, layer.id, appended, measured.codes, listed, condensed)
        _count(rows, kept, last, became, measured, report)
        report.observations += int((became == NEW).sum())
        there = rows["observed"][~np.isnan(rows["value"])]
        if len(there):
            newest = max(int(there.max()), newest or 0)
    return None if newest is None else partitions.instant(newest)


def _settled(rows: NDArray[Any], report: Report) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """What counts where the source tells a value more than once: the last that says something else.

    Returns:
        (n,) whether a row says something new; and the rows that count, one for each station, property, time.
    """
    order = np.lexsort((rows["observed"], rows["property"], rows["station"]))  # stable: the source's order
    first = _begins(rows[order])
    order = order[first | ~np.isnan(rows["value"][order])]  # "no value" takes nothing back
    first = _begins(rows[order])
    value = rows["value"][order]
    order = order[first | (value != np.roll(value, 1))]
    first = _begins(rows[order])
    corrections = len(np.unique(rows["record"][order[~first]]))
    if corrections:
        report.note(CORRECTED, corrections)
    kept = np.zeros(len(rows), dtype=bool)
    kept[order] = True
    return kept, order[np.append(first[1:], True)] if len(order) else order


def _begins(rows: NDArray[Any]) -> NDArray[np.bool_]:
    """(n,) whether a row is the first of its station, property and time; they stand together."""
    begins = np.ones(len(rows), dtype=bool)
    begins[1:] = (
        (rows["station"][1:] != rows["station"][:-1])
        | (rows["property"][1:] != rows["property"][:-1])
        | (rows["observed"][1:] != rows["observed"][:-1])
    )
    return begins


def _appended(rows: NDArray[Any], layer: Layer, measured: Measurements, recorded_at: datetime) -> Rows:
    """The rows as the store has them."""
    codes, words = measured.codes, measured.words
    quality = [partitions.code(word, codes, words) for word in ("provisional", "missing")]
    units = {p.name: partitions.code(p.unit, codes, words) for p in layer.schema_.properties}
    unit_of = np.zeros(len(words), np.int32)
    for name, unit in units.items():
        if name in codes:
            unit_of[codes[name]] = unit
    nothing = np.zeros(len(rows), np.int64)
    return Rows(
        words,
        rows["station"].astype(np.int32),
        rows["property"].astype(np.int32),
        unit_of[rows["property"]],
        np.array(quality, np.int32)[np.isnan(rows["value"]).astype(np.intp)],
        rows["value"].astype(np.float64),
        rows["observed"].astype(np.int64),
        np.full(len(rows), partitions.micros(recorded_at), np.int64),
        nothing,
        nothing,
    )


def _count(
    rows: NDArray[Any],
    kept: NDArray[np.bool_],
    last: NDArray[np.int64],
    became: NDArray[np.uint8],
    measured: Measurements,
    report: Report,
) -> None:
    """Account for the records of these rows."""
    numbers, own = np.unique(rows["record"], return_inverse=True)

    def any_of(index: NDArray[Any]) -> NDArray[np.bool_]:
        found = np.zeros(len(numbers), dtype=bool)
        found[own[index]] = True
        return found

    new, covered = any_of(last[became == NEW]), any_of(last[became == COVERED])
    report.tally(Verdict.PUBLISHED, int(new.sum()))
    told = new
    for reason, which in (
        (CONDENSED, covered),
        (KNOWN, any_of(last)),
        (CORRECTED, any_of(kept)),
        (TWICE, np.ones(len(numbers), dtype=bool)),
    ):
        here = numbers[which & ~told]
        told = told | which
        if len(here):
            places = (measured.place(int(number)) for number in here)
            report.tally(Verdict.DUPLICATE, len(here), reason, places)
