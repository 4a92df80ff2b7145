"""Option ``box``: what lies outside is not read; for sources of a country that can only be asked whole."""

import math
from collections.abc import Iterable, Iterator
from typing import Any

from twin.errors import RecipeError
from twin.record import Record

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""


def box_of(asked: dict[str, Any], name: str = "box") -> Box | None:
    """The option's value; None without one.

    Raises:
        RecipeError: not four numbers in that order.
    """
    value = asked.get(name)
    if value is None:
        return None
    if not (
        isinstance(value, list | tuple)
        and len(value) == 4
        and all(isinstance(n, int | float) and math.isfinite(n) for n in value)
        and value[0] < value[2]
        and value[1] < value[3]
    ):
        raise RecipeError(f"options.{name} is [west, south, east, north] in degrees")
    return (float(value[0]), float(value[1]), float(value[2]), float(value[3]))


def within(records: Iterable[Record], box: Box | None) -> Iterator[Record]:
    """Pass on what touches the box; and what has no geometry or swapped axes, so that faults are counted."""
    if box is None:
        yield from records
        return
    import shapely

    west, south, east, north = box
    for record in records:
        if isinstance(record.geometry, bytes):
            w, s, e, n = shapely.from_wkb(record.geometry).bounds
            swapped = not (n < west or s > east or e < south or w > north)
            if (e < west or w > east or n < south or s > north) and not swapped:
                continue
        yield record
