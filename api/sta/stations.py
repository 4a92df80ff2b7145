"""Things: the stations of a layer, made when they are looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, overload

import numpy as np
import orjson

from catalog.engines.memory import Snapshot
from twin.city import City
from twin.layer import Layer


class Stations(Sequence["Station"]):
    """The stations of a layer, as one of its revisions has them; made when they are looked at."""

    def __init__(self, city: City, layer: Layer, since: datetime, snapshot: Snapshot) -> None:
        """Nothing is read yet."""
        self.city = city
        self.layer = layer
        self.since = since
        """From when the revision holds that has them so."""
        self.snapshot = snapshot
        self._names: list[Any] | None = None

    def __len__(self) -> int:
        return len(self.snapshot)

    @overload
    def __getitem__(self, row: int) -> "Station": ...
    @overload
    def __getitem__(self, row: slice) -> list["Station"]: ...
    def __getitem__(self, row: int | slice) -> "Station | list[Station]":
        if isinstance(row, slice):
            return [Station(self, place) for place in range(*row.indices(len(self)))]
        if not 0 <= row < len(self):
            raise IndexError(row)
        return Station(self, row)

    def find(self, station_id: str) -> "Station | None":
        """That of an id."""
        layer_id, _, feature = station_id.partition(":")
        row = self.snapshot.row(feature) if layer_id == self.layer.id else None
        return None if row is None else Station(self, row)

    def name(self, row: int) -> str:
        """The station's own name, else its id."""
        if self._names is None:
            self._names = self.snapshot.column("name").to_pylist()
        return str(self._names[row] or self.snapshot.ids[row])


@dataclass(frozen=True, slots=True)
class Station:
    """A feature of a layer with observed properties: a Thing, its Location and its FeatureOfInterest."""

    all: Stations
    row: int
    """Of the snapshot."""

    @property
    def city(self) -> City:
        """Whose it is."""
        return self.all.city

    @property
    def layer(self) -> Layer:
        """Its layer."""
        return self.all.layer

    @property
    def feature(self) -> str:
        """Id of the feature within its layer."""
        return self.all.snapshot.ids[self.row]

    @property
    def id(self) -> str:
        """Unique among all stations, and stable."""
        return f"{self.layer.id}:{self.feature}"

    @property
    def name(self) -> str:
        """The station's own name, else its id."""
        return self.all.name(self.row)

    @property
    def told(self) -> dict[str, Any]:
        """The feature as GeoJSON, OGC:CRS84: ``geometry`` and ``properties``."""
        (head,) = self.all.snapshot.heads(np.array([self.row]))
        found: dict[str, Any] = orjson.loads(head + b"}}")
        return found
