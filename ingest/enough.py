"""Enough: what came is what the recipe expects, or the last revision stays."""

from collections.abc import Sequence

from ingest.measured import Measurements
from ingest.place import SWAPPED
from twin.errors import SourceChanged, SourceShrunk
from twin.layer import Layer
from twin.record import Feature, Report


def enough(layer: Layer, features: Sequence[Feature], measured: Measurements, report: Report) -> None:
    """Make sure of it. A source of which nothing can be used has changed, whatever the recipe states.

    Raises:
        SourceChanged: nothing can be used, or most positions have latitude and longitude swapped.
        SourceShrunk: fewer features than ``min_features``.
    """
    swapped = report.reasons.get("broken", {}).get(SWAPPED, 0)
    if 2 * swapped > report.taken:
        raise SourceChanged(
            f"{layer.id}: latitude and longitude are swapped in {swapped:,} of {report.taken:,} records; the "
            f"last revision stays. Look at the source; if it means to say so, write options.axes = 'yx'."
        )
    if report.broken and not measured and not report.published:
        reason = max(report.reasons["broken"].items(), key=lambda item: item[1])[0]
        raise SourceChanged(
            f"{layer.id}: none of {report.taken:,} records can be used ({reason}); the last revision stays. "
            f"Compare the source with the recipe."
        )
    if len(features) < layer.min_features:
        raise SourceShrunk(
            f"{layer.id}: the source gave {len(features)} usable features, the recipe expects at least "
            f"{layer.min_features}; the last revision stays. Look at the source, or lower min_features."
        )
