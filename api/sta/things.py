"""What the store has, seen as SensorThings does: stations, their streams of values, and the values."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from catalog.spans import Span
from twin.city import City
from twin.layer import Layer
from twin.schema import Property


@dataclass(frozen=True, slots=True)
class Station:
    """A feature of a layer with observed properties: a Thing, its Location and its FeatureOfInterest."""

    city: City
    layer: Layer
    feature: str
    """Id of the feature within its layer."""
    since: datetime
    """From when the revision holds that has it so."""
    geometry: dict[str, Any] | None
    """GeoJSON, OGC:CRS84."""
    values: dict[str, Any]
    """Column → value."""

    @property
    def id(self) -> str:
        """Unique among all stations, and stable."""
        return f"{self.layer.id}:{self.feature}"

    @property
    def name(self) -> str:
        """The station's own name, else its id."""
        return str(self.values.get("name") or self.feature)


@dataclass(frozen=True, slots=True)
class Stream:
    """The values of one property of one station: a Datastream."""

    station: Station
    observed: Property
    span: Span

    @property
    def id(self) -> str:
        """Unique among all streams, and stable."""
        return f"{self.station.id}:{self.observed.name}"


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


Of = Station | Stream | Procedure | Observed | Reading


@dataclass(frozen=True, slots=True)
class Entity:
    """One of ours as an entity of a set."""

    kind: str
    """Name of the set: a station is in four of them."""
    of: Any
    """One of `Of`, such as the kind has."""

    @property
    def id(self) -> str:
        """What stands between the brackets of its address."""
        found: str = self.of.id
        return found
