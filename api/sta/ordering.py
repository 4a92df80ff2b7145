"""What entities are put in order by: places among all, so that any kinds of values can be compared."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from api.sta.columns import Column, Constant, Values, column, of
from api.sta.condition import Condition
from api.sta.groups import Group, Numbers, of_station, one, several
from api.sta.model import KINDS
from api.sta.moment import Moment
from api.sta.names import several as leads_to_several
from api.sta.observed import Observed
from api.sta.streams import Streams
from api.sta.world import World
from twin.errors import RequestError


def order(world: World, groups: list[Group], orderby: Sequence[tuple[tuple[str, ...], bool]]) -> Numbers:
    """(n,) where entities of groups, one after the other, stand in an order; equal ones stay as they are."""
    keys = []
    for names, largest in orderby:
        world.hurry()
        key = ranks(world, groups, names, largest)
        keys.append(-key if largest else key)
    return np.lexsort(keys[::-1]) if keys else np.arange(sum(map(len, groups)))


def ranks(world: World, groups: list[Group], names: tuple[str, ...], largest: bool) -> Numbers:
    """(n,) place of what a path says of each entity: of several values the largest if asked, else the least.

    Nothing comes first.
    """
    kind = KINDS[groups[0].kind] if groups else None
    ways = [] if kind is None else [way for way in leads_to_several(kind, names) if _several(way)]
    if not ways:
        if len(groups) == 1 and of_station(groups[0]) and names in (("name",), ("id",), ("@iot.id",)):
            return _kept(world, groups[0], names)
        return _placed([column(world, group, names) for group in groups], list(map(len, groups)))
    before, after = ways[-1], names[len(ways[-1]) :]
    beneath = [_beneath(world, group, before) for group in groups]
    if before[-1] == "Observations":
        told = _observed(world, after, largest)
        values = [told[streams.part][streams.rows] for found in beneath for streams, _ in found]
        there = [~np.isnan(one) for one in values]
        columns: list[Values] = [Column("number", *pair) for pair in zip(values, there, strict=True)]
        places = _placed(columns, list(map(len, values)))
    else:
        parts = [streams for found in beneath for streams, _ in found]
        places = _placed([column(world, part, after) for part in parts], list(map(len, parts)))
        there = [np.ones(len(part), dtype=bool) for part in parts]
    return _reduced(groups, beneath, places, there, largest)


def _reduced(
    groups: list[Group],
    beneath: list[list[tuple[Group, Numbers]]],
    places: Numbers,
    there: list[NDArray[np.bool_]],
    largest: bool,
) -> Numbers:
    """The place of each entity from those of what is beneath it; 0 where nothing is."""
    most = np.iinfo(np.int64).max
    found = []
    start = number = 0
    for group, parts in zip(groups, beneath, strict=True):
        own = np.full(len(group), 0 if largest else most)
        for streams, which in parts:
            true = there[number]
            some = places[start : start + len(streams)][true]
            (np.maximum if largest else np.minimum).at(own, which[true], some)
            start, number = start + len(streams), number + 1
        found.append(np.where(own == most, 0, own))
    return np.concatenate(found)


def _several(way: tuple[str, ...]) -> bool:
    return way[-1] in ("Datastreams", "Observations")


def _beneath(world: World, group: Group, names: tuple[str, ...]) -> list[tuple[Group, Numbers]]:
    """The Datastreams to which a path leads, or which have the Observations to which it does, and of whom."""
    found = [(group, np.arange(len(group)))]
    for name in names:
        if name == "Observations" and all(isinstance(some.part, Streams) for some, _ in found):
            continue
        if name in ("Datastreams", "Observations"):
            found = [(streams, of[which]) for some, of in found for streams, which in several(world, some)]
        else:
            found = [(one(world, some, name), of) for some, of in found]
    return found


def _observed(world: World, after: tuple[str, ...], largest: bool) -> dict[Streams, NDArray[np.float64]]:
    """The least or largest of the Observations of every stream; NaN where there is none."""
    parts = world.all_streams()
    if after == ("result",):
        told = Observed(world, parts, Condition()).extremes(largest)
    else:
        told = []
        for some in parts:
            table = some.streams.table
            told.append(some.column(table.last if largest else table.first).astype(np.float64))
    return {some.streams: values for some, values in zip(parts, told, strict=True)}


def _kept(world: World, group: Group, names: tuple[str, ...]) -> Numbers:
    """Places among all stations of the layer, kept."""
    key = (group.part, f"place by {names[0].removeprefix('@iot.')}")
    found = world.keeper.column(key)
    if found is None:
        whole = Group(group.kind, group.part, np.arange(len(group.part)))
        found = _placed([column(world, whole, names)], [len(whole)])
        world.keeper.keep_column(key, found, len(whole))
    places: Numbers = found[group.rows]
    return places


def _placed(values: list[Values], numbers: list[int]) -> Numbers:
    """(n,) place of each value among those that differ, from 1 on; 0 for nothing."""
    columns = [
        of([value.value] * number) if isinstance(value, Constant) else value
        for value, number in zip(values, numbers, strict=True)
    ]
    if not sum(numbers):
        return np.empty(0, np.int64)
    there = np.concatenate(
        [np.ones(len(one), dtype=bool) if one.there is None else one.there for one in columns]
    )
    kinds = {"number" if one.kind == "true" else one.kind for one in columns if len(one)}
    found = np.zeros(len(there), np.int64)
    if kinds == {"number"}:
        _, place = np.unique(np.concatenate([one.values for one in columns])[there], return_inverse=True)
        found[there] = place + 1
    elif kinds == {"moment"}:
        spans = np.concatenate([one.values for one in columns])[there]
        by = np.lexsort(spans.T[::-1])
        new = np.r_[1, (np.diff(spans[by], axis=0) != 0).any(axis=1)] if len(by) else np.empty(0)
        place = np.empty(len(by), np.int64)
        place[by] = np.cumsum(new)
        found[there] = place
    elif kinds in ({"text"}, {"shape"}):
        told = [_written(one) if one.kind == "shape" else one.objects() for one in columns]
        words = [word for some in told for word in some]
        place_of = {word: place for place, word in enumerate(sorted(set(words) - {None}), 1)}
        found = np.array([place_of.get(word, 0) for word in words], np.int64)
    else:
        keys: list[Any] = [_sortable(value) for one in columns for value in one.objects()]
        place_of = {key: place for place, key in enumerate(sorted(set(keys) - {_sortable(None)}), 1)}
        found = np.array([place_of.get(key, 0) for key in keys], np.int64)
    return found


def _written(shapes: Column) -> list[Any]:
    """Places as text: an order of them that anyone can check in the answer."""
    found: list[Any] = shapely.to_geojson(shapes.objects()).tolist() if len(shapes) else []
    return found


def _sortable(value: Any) -> tuple[int, Any]:
    """A key that orders whatever a property may be; nothing comes first."""
    if value is None:
        return 0, 0
    if isinstance(value, bool | int | float):
        return 1, value
    if isinstance(value, str):
        return 2, value
    if isinstance(value, Moment):
        return 3, tuple(value)
    raise RequestError("something in $orderby is not a number, a text or a time; order by a part of it")
