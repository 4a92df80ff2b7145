"""Clock: values from the future are no measurements; a source that sends many of them has a wrong clock."""

from datetime import datetime, timedelta

from catalog.partitions import instant, micros
from ingest.measured import Measurements
from twin.errors import SourceAhead
from twin.layer import Layer
from twin.report import Report, Verdict

_TOLERANCE = timedelta(minutes=15)
AHEAD = "its time lies in the future: the source's clock runs ahead"
_SOME_AHEAD = "values left out: their time lies in the future, the source's clock runs ahead"


def on_time(layer: Layer, measured: Measurements, now: datetime, report: Report) -> None:
    """Pass over what was measured after `now`, and count it in `report`.

    How far ahead times may lie is said by the recipe (``source.ahead``, for forecasts); else 15 minutes, for
    clocks that are not quite right.

    Raises:
        SourceAhead: more than half of all records lie in the future.
    """
    measured.latest = micros(now + (layer.source.ahead_by or _TOLERANCE))
    ahead, values, furthest = measured.after(measured.latest)
    if 2 * len(ahead) > len(measured):
        raise SourceAhead(
            f"{layer.id}: the source's clock runs ahead: {len(ahead):,} of {len(measured):,} records speak "
            f"of the future, up to {_in_words(instant(furthest) - now)} from now; nothing of it is used. "
            f"Look at the recipe's timezone and at the source; forecasts need source.ahead."
        )
    if values:
        report.note(_SOME_AHEAD, values)
    if len(ahead):
        places = (measured.place(int(number)) for number in ahead)
        report.tally(Verdict.BROKEN, len(ahead), AHEAD, places)


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
