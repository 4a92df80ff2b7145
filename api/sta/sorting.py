"""Observations in an order that is not that of time."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from api.sta import groups, ordering, rows
from api.sta.query import Options, Order
from api.sta.rows import Rows
from api.sta.streams import Some
from api.sta.world import World
from twin.errors import RequestError

_SORTED = 1_000_000
"""Most values that are kept at once to put them in order."""


def page(world: World, parts: list[Some], days: Iterator[Rows], order: Order, options: Options) -> Rows:
    """A page of all values and, if there are more, one of the next; memory holds a million of them.

    Raises:
        RequestError: the page lies too deep.
    """
    end = options.skip + options.top + 1
    if end > _SORTED:
        raise RequestError(
            f"more than {_SORTED:,} values cannot be put in this order; order by phenomenonTime, "
            "or filter by it"
        )
    found: list[Rows] = []
    for values in days:
        found.append(values)
        if sum(map(len, found)) > _SORTED:
            found = [_first(world, parts, rows.join(found), order, end)]
    best = _first(world, parts, rows.join(found), order, end)
    return best.take(np.arange(options.skip, max(len(best), options.skip)))


def _first(world: World, parts: list[Some], values: Rows, order: Order, end: int) -> Rows:
    return values.take(order_of(world, parts, values, order)[:end])


def order_of(world: World, parts: list[Some], values: Rows, order: Order) -> NDArray[np.int64]:
    """(n,) where values stand in an order."""
    keys: list[NDArray[np.float64] | NDArray[np.int64]] = []
    for names, largest_first in order:
        key: NDArray[np.float64] | NDArray[np.int64]
        if names == ("phenomenonTime",):
            key = values.at
        elif names == ("result",):
            key = values.value
        elif names in (("id",), ("@iot.id",)):
            ranks = _ranks(world, parts, values, ("id",), largest_first)
            keys.append(-ranks if largest_first else ranks)
            key = values.at
        elif names[0] == "Datastream" or names[0] == "FeatureOfInterest":
            key = _ranks(world, parts, values, names, largest_first)
        else:
            raise RequestError(f"Observations cannot be ordered by {names[0]}; order by phenomenonTime")
        keys.append(-key if largest_first else key)
    keys += [values.part, values.number]
    found: NDArray[np.int64] = np.lexsort(keys[::-1])
    return found


def _ranks(
    world: World, parts: list[Some], values: Rows, names: tuple[str, ...], largest: bool
) -> NDArray[np.int64]:
    """(n,) place of each value's stream among all, by something of the stream; of several see `ordering`."""
    pairs, place = np.unique(values.part << 32 | values.number, return_inverse=True)
    members = []
    for part in np.unique(pairs >> 32).tolist():
        numbers = pairs[pairs >> 32 == part] & 0xFFFFFFFF
        members.append(groups.of_streams(parts[part].streams, numbers))
    path = ("Datastream", *names) if names == ("id",) else names
    return ordering.ranks(world, members, path, largest)[place]
