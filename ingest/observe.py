"""Observe: append what stations measured, and settle what became of every record."""

from collections.abc import Sequence
from datetime import datetime

from catalog.observations import append
from ingest.normalise import Measured
from twin.layer import Layer
from twin.record import Report, Verdict
from twin.store import Store


def observe(
    store: Store, layer: Layer, measured: Sequence[Measured], recorded_at: datetime, report: Report
) -> datetime | None:
    """Append the values of `measured`; return the time of the newest one that is not missing.

    A record of which every value is known already counts as a duplicate. Values stand for themselves,
    so a crash in here loses nothing: the next run appends what is missing.
    """
    observations = [observation for record in measured for observation in record.observations]
    fresh = append(store, layer.id, observations, recorded_at)
    at = 0
    for record in measured:
        until = at + len(record.observations)
        if fresh[at:until].any():
            report.count(Verdict.PUBLISHED)
        else:
            report.count(Verdict.DUPLICATE, record.place, "known already from an earlier run")
        at = until
    report.observations = int(fresh.sum())
    return max((o.observed_at for o in observations if o.value is not None), default=None)
