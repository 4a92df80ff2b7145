"""Observe: append what stations measured, and settle what became of every record."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from catalog.observations import append
from ingest.normalise import Measured
from ingest.readings import CORRECTED
from twin.layer import Layer
from twin.record import Observation, Report, Verdict
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
    lasting = _last_words(observations)
    at = 0
    for record in measured:
        until = at + len(record.observations)
        if (fresh[at:until] & lasting[at:until]).any():
            report.count(Verdict.PUBLISHED)
        elif lasting[at:until].any():
            report.count(Verdict.DUPLICATE, record.place, "known already from an earlier run")
        else:
            report.count(Verdict.DUPLICATE, record.place, CORRECTED)
        at = until
    report.observations = int((fresh & lasting).sum())
    return max((o.observed_at for o in observations if o.value is not None), default=None)


def _last_words(observations: Sequence[Observation]) -> NDArray[np.bool_]:
    """(n,) whether an observation is the last of its station, property and time."""
    last = {(o.station, o.property, o.observed_at): index for index, o in enumerate(observations)}
    lasting = np.zeros(len(observations), dtype=bool)
    lasting[list(last.values())] = True
    return lasting
