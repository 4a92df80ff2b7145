"""Mapping functions for heights: of buildings, and of rasters of the terrain."""

import math
from collections.abc import Sequence
from typing import Any

from ingest.fields.context import Context
from ingest.fields.numbers import number
from twin.record import Solid

_PLAINLY = Context()
"""To read what comes without options."""


def _derived_height(geometry: Any) -> float | None:
    if not isinstance(geometry, Solid) or len(geometry.points) == 0:
        return None
    heights = geometry.points[:, 2]
    return round(float(heights.max() - heights.min()), 3)


def _height(values: Sequence[Any], context: Context) -> tuple[float | None, str | None]:
    measured = number(values[:1], _PLAINLY)
    if measured is not None and measured > 0:
        return measured, "measured"
    if len(values) > 2 and values[2]:
        return _derived_height(context.geometry), "assumed"
    parts = [float(part) for part in (values[1] if len(values) > 1 else None) or () if part]
    if parts:
        return max(parts), "part"
    derived = _derived_height(context.geometry)
    return (derived, "derived") if derived else (None, None)


def building_height(values: Sequence[Any], context: Context) -> float | None:
    """Height of a building: measured; else its highest part's; else from its geometry."""
    return _height(values, context)[0]


def building_height_source(values: Sequence[Any], context: Context) -> str | None:
    """Where `building_height` has its value from: ``measured``, ``part``, ``derived`` or ``assumed``."""
    return _height(values, context)[1]


def raster_lowest(values: Sequence[Any], context: Context) -> float:
    """Lowest height of a raster, in metres."""
    import numpy as np

    return round(float(np.nanmin(context.geometry.heights)), 3)


def raster_highest(values: Sequence[Any], context: Context) -> float:
    """Highest height of a raster, in metres."""
    import numpy as np

    return round(float(np.nanmax(context.geometry.heights)), 3)


def raster_step(values: Sequence[Any], context: Context) -> float:
    """Distance of neighbouring heights of a raster, in metres."""
    return float(context.geometry.step)


def measured_alone(value: Any) -> float | None:
    """A measured height that says all; None if the function has to be asked."""
    return value if type(value) is float and 0 < value < math.inf else None
