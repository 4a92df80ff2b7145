"""Enough: what came is what the recipe expects, or the last revision stays."""

from collections.abc import Sequence

from ingest.measured import Measurements
from ingest.place import OUTSIDE, SWAPPED
from twin.errors import SourceChanged, SourceShrunk
from twin.layer import Layer
from twin.record import Feature
from twin.report import Report


def enough(layer: Layer, features: Sequence[Feature], measured: Measurements, report: Report) -> None:
    """Make sure of it. A source of which nothing can be used has changed, whatever the recipe states.

    Raises:
        SourceChanged: nothing can be used, nothing that is to be drawn has a place, or most positions have
            latitude and longitude swapped.
        SourceShrunk: fewer features than ``min_features``.
    """
    broken = report.reasons.get("broken", {})
    swapped, placed = (
        broken.get(SWAPPED, 0),
        len(features) + sum(broken.get(each, 0) for each in (SWAPPED, OUTSIDE)),
    )
    if 2 * swapped > placed:
        raise SourceChanged(
            f"{layer.id}: latitude and longitude are swapped in {swapped:,} of {placed:,} positions; the "
            f"last revision stays. Look at the source; if it means to say so, write options.axes = 'yx'."
        )
    # A source of the whole country may have nothing here today (a warning elsewhere), if the recipe says so.
    elsewhere = layer.min_features == 0 and set(broken) <= {OUTSIDE}
    if report.broken and not measured and not report.published and not elsewhere:
        reason = max(broken.items(), key=lambda item: item[1])[0]
        raise SourceChanged(
            f"{layer.id}: none of {report.taken:,} records can be used ({reason}); the last revision stays. "
            f"Compare the source with the recipe."
        )
    if len(features) < layer.min_features:
        remedy = "Look at the source, or lower min_features." if features else _instead(layer, measured)
        raise SourceShrunk(
            f"{layer.id}: the source gave {len(features)} usable features, the recipe expects at least "
            f"{layer.min_features}{_why(report)}; the last revision stays. {remedy}"
        )
    if words := placeless(layer, features):
        raise SourceChanged(f"{layer.id}: {words}; the last revision stays.")


def placeless(layer: Layer, features: Sequence[Feature]) -> str | None:
    """Why single things cannot be drawn: none of them has a place. None if one has.

    Some things without a place are usual; a layer of nothing else is a fault, unless it has no ``[tiles]``.
    """
    if layer.tiles is None or layer.schema_.geometry != "point" or not features:
        return None
    if any(feature.geometry is not None for feature in features):
        return None
    name = next((name for name in ("lon", "wkt") if layer.source.options.get(name)), None)
    remedy = (
        f"look at source.options.{name} and at the numbers"
        if name
        else "name the columns of positions in source.options (lon, lat), or state places under [stations]"
    )
    return (
        f"none of {len(features):,} features has a place; {remedy}; where there are to be none, "
        "remove [tiles]"
    )


def _instead(layer: Layer, measured: Measurements) -> str:
    """What to do where there is no feature at all: a lower ``min_features`` would only hide it."""
    if measured and not layer.stations:
        return (
            "Values came and no station: the source says nothing of where they were measured. State the "
            "stations under [stations]."
        )
    return "Look at the source, and compare it with the recipe."


def _why(report: Report) -> str:
    """What became of the others, if there were any."""
    told = [
        (times, reason)
        for verdict in ("held", "broken")
        for reason, times in report.reasons.get(verdict, {}).items()
    ]
    if not told:
        return ""
    times, reason = max(told)
    return f" ({times:,} of {report.taken:,} records: {reason})"
