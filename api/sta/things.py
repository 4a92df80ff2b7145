"""What the store has, seen as SensorThings does: entities of eight kinds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np

from api.sta.streams import Stream
from twin.city import City
from twin.layer import Layer
from twin.schema import Property


@dataclass(frozen=True, slots=True)
class Procedure:
    """How a layer's values come about: a Sensor. One a layer, for sources do not tell of devices."""

    city: City
    layer: Layer

    @property
    def id(self) -> str:
        """The layer's."""
        return self.layer.id


@dataclass(frozen=True, slots=True)
class Observed:
    """An ObservedProperty."""

    observed: Property

    @property
    def id(self) -> str:
        """The property's name, the same in all layers."""
        return self.observed.name


@dataclass(frozen=True, slots=True)
class Reading:
    """One value: an Observation."""

    stream: Stream
    at: int
    """Microseconds since 1970."""
    value: float
    quality: str

    @property
    def id(self) -> str:
        """Unique among all values, and stable."""
        return f"{self.stream.id}:{self.at}"


@dataclass(frozen=True, slots=True)
class Entity:
    """One of ours as an entity of a set."""

    kind: str
    """Name of the set: a station is in four of them."""
    of: Any
    """A `Station`, `Stream`, `Procedure`, `Observed` or `Reading`, such as the kind has."""

    @property
    def id(self) -> str:
        """What stands between the brackets of its address."""
        found: str = self.of.id
        return found


class Members(Sequence[Entity]):
    """The entities of a set, layer after layer; made when they are looked at."""

    def __init__(self, kind: str, parts: Sequence[Sequence[Any]]) -> None:
        """Of one kind."""
        self._kind = kind
        self.parts = parts
        self._ends = np.cumsum([len(part) for part in parts]).tolist()

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    @overload
    def __getitem__(self, place: int) -> Entity: ...
    @overload
    def __getitem__(self, place: slice) -> list[Entity]: ...
    def __getitem__(self, place: int | slice) -> Entity | list[Entity]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        if not 0 <= place < len(self):
            raise IndexError(place)
        which = int(np.searchsorted(self._ends, place, side="right"))
        part = self.parts[which]
        return Entity(self._kind, part[place - self._ends[which] + len(part)])

    def __iter__(self) -> Iterator[Entity]:
        return (Entity(self._kind, of) for part in self.parts for of in part)
