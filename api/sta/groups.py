"""Entities as rows: many of one kind and of one layer at once, and the way from them to others."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.sta.model import OBSERVATIONS
from api.sta.rows import Rows
from api.sta.stations import Station, Stations
from api.sta.streams import Some, Stream, Streams
from api.sta.things import Entity, Members, Observed, Procedure, Reading
from api.sta.world import STATIONS, World

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Readings:
    """Values of the streams of a layer, as columns."""

    streams: Streams
    values: Rows


Part = Stations | Streams | Readings | Sequence[Procedure] | Sequence[Observed]
"""Where the rows of a group lie."""


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Some entities of a kind, (n,), in an order of their own; one may be there more than once."""

    kind: str
    """Name of the set."""
    part: Any
    """A `Part`."""
    rows: Numbers
    """(n,) of `part`."""

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, which: Numbers | NDArray[np.bool_] | slice) -> "Group":
        """Some of them."""
        return Group(self.kind, self.part, self.rows[which])

    def entities(self) -> Iterator[Entity]:
        """One by one."""
        if isinstance(self.part, Readings):
            some = self.part.values.take(self.rows)
            return (Entity(self.kind, of) for of in some.readings([Some(self.part.streams)]))
        return (Entity(self.kind, self.part[row]) for row in self.rows.tolist())


def of_members(kind: str, entities: Sequence[Entity]) -> list[Group]:
    """The entities of a set as groups, in their order."""
    if isinstance(entities, Members):
        return [Group(kind, part, np.arange(len(part))) for part in entities.parts]
    found = []
    for _, some in groupby(entities, key=lambda entity: id(getattr(entity.of, "all", None))):
        found.append(_together(kind, [entity.of for entity in some]))
    return found


def of_entity(entity: Entity) -> Group:
    """The one entity as a group."""
    return _together(entity.kind, [entity.of])


def of_readings(parts: list[Some], values: Rows) -> Iterator[tuple[Group, Numbers]]:
    """Observations as groups, with the places (n,) at which they stand among `values`."""
    for part in np.unique(values.part).tolist():
        places = np.flatnonzero(values.part == part)
        own = values if len(places) == len(values) else values.take(places)
        own = Rows(np.zeros(len(own), np.int64), own.number, own.at, own.value, own.quality)
        yield Group(OBSERVATIONS, Readings(parts[part].streams, own), np.arange(len(own))), places


def of_streams(streams: Streams, numbers: Numbers) -> Group:
    """One Observation of each stream, for where only the stream matters."""
    nothing = np.zeros(len(numbers))
    first = streams.table.first[streams.places[numbers]]
    values = Rows(nothing.astype(np.int64), numbers, first, nothing, nothing.astype(np.int32))
    return Group(OBSERVATIONS, Readings(streams, values), np.arange(len(numbers)))


def _together(kind: str, found: list[Any]) -> Group:
    first = found[0]
    if isinstance(first, Station):
        return Group(kind, first.all, np.array([of.row for of in found], np.int64))
    if isinstance(first, Stream):
        return Group(kind, first.all, np.array([of.number for of in found], np.int64))
    if isinstance(first, Reading):
        streams, quality = first.stream.all, first.stream.all.table.texts.codes
        zero = np.zeros(len(found), np.int64)
        values = Rows(
            zero,
            np.array([of.stream.number for of in found], np.int64),
            np.array([of.at for of in found], np.int64),
            np.array([of.value for of in found]),
            np.array([quality[of.quality] for of in found], np.int32),
        )
        return Group(kind, Readings(streams, values), np.arange(len(found)))
    return Group(kind, found, np.arange(len(found)))


def one(world: World, group: Group, link: str) -> Group:
    """The one entity (n,) to which a link of each leads; also where only the model would have several."""
    part, rows = group.part, group.rows
    if isinstance(part, Readings):
        numbers = part.values.number[rows]
        if link == "Datastream":
            return Group("Datastreams", part.streams, numbers)
        return Group("FeaturesOfInterest", part.streams.stations, part.streams.rows[numbers])
    if isinstance(part, Streams):
        if link == "Thing":
            return Group("Things", part.stations, part.rows[rows])
        if link == "Sensor":
            sensor = Procedure(part.stations.city, part.stations.layer)
            return Group("Sensors", [sensor], np.zeros(len(rows), np.int64))
        return Group("ObservedProperties", [Observed(p) for p in part.observed], part.which[rows])
    return Group("Things" if link in ("Thing", "Things") else link, part, rows)


def several(world: World, group: Group) -> list[tuple[Group, Numbers]]:
    """The Datastreams beneath entities of other kinds, layer by layer, each with the place of whose it is.

    Of one entity they stand in their order.
    """
    part, rows = group.part, group.rows
    if isinstance(part, Stations):
        streams = world.streams(part.layer.id)
        if streams is None:
            return []
        starts = np.searchsorted(streams.rows, rows)
        counts = np.searchsorted(streams.rows, rows, side="right") - starts
        of = np.repeat(np.arange(len(rows)), counts)
        return [(Group("Datastreams", streams, ranges(starts, counts)), of)]
    found = []
    for place, entity in enumerate(group.entities()):
        for some in world.beneath(entity):
            numbers = some.all_numbers()
            found.append((Group("Datastreams", some.streams, numbers), np.full(len(numbers), place)))
    return found


def ranges(starts: Numbers, counts: Numbers) -> Numbers:
    """So many numbers from each start on, one after the other."""
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    found: Numbers = np.arange(total) + np.repeat(starts - (ends - counts), counts)
    return found


def of_station(group: Group) -> bool:
    """Whether the entities are stations."""
    return group.kind in STATIONS
