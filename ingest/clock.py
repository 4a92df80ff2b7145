"""Clock: values from the future are no measurements; a source that sends many of them has a wrong clock."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from ingest.normalise import Measured
from twin.errors import SourceAhead
from twin.layer import Layer
from twin.record import Report, Verdict

_TOLERANCE = timedelta(minutes=15)
AHEAD = "its time lies in the future: the source's clock runs ahead"
_SOME_AHEAD = "values left out: their time lies in the future, the source's clock runs ahead"


def on_time(layer: Layer, measured: Sequence[Measured], now: datetime, report: Report) -> list[Measured]:
    """Return what was measured by `now`; the rest is counted in `report`.

    How far ahead times may lie is said by the recipe (``source.ahead``, for forecasts); else 15 minutes, for
    clocks that are not quite right.

    Raises:
        SourceAhead: more than half of all records lie in the future.
    """
    latest = now + (layer.source.ahead_by or _TOLERANCE)
    kept, ahead = [], []
    for record in measured:
        fine = tuple(o for o in record.observations if o.observed_at <= latest)
        if len(fine) == len(record.observations):
            kept.append(record)
        elif fine:
            report.note(_SOME_AHEAD, len(record.observations) - len(fine))
            kept.append(Measured(record.place, fine))
        else:
            ahead.append(record)
    if 2 * len(ahead) > len(measured):
        furthest = max(o.observed_at for record in ahead for o in record.observations)
        raise SourceAhead(
            f"{layer.id}: the source's clock runs ahead: {len(ahead):,} of {len(measured):,} records speak "
            f"of the future, up to {_in_words(furthest - now)} from now; nothing of it is used. Look at the "
            f"recipe's timezone and at the source; forecasts need source.ahead."
        )
    for record in ahead:
        report.count(Verdict.BROKEN, record.place, AHEAD)
    return kept


def runs_ahead(report: Report) -> bool:
    """Whether some values were left out that will be taken once their time has come."""
    return AHEAD in report.reasons.get(Verdict.BROKEN.value, {}) or _SOME_AHEAD in report.notes


def _in_words(span: timedelta) -> str:
    hours = span.total_seconds() / 3600
    return (
        f"{hours * 60:.0f} minutes"
        if hours < 2
        else f"{hours:.0f} hours"
        if hours < 48
        else f"{span.days} days"
    )
