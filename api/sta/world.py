"""Every entity there was at an instant, and the way from one to another."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from datetime import datetime
from threading import Lock

import numpy as np
import orjson

from api.service import Service
from api.sta.things import Entity, Observed, Procedure, Reading, Station, Stream
from catalog.partitions import DAY_US, instant, micros
from catalog.spans import Span, Spans
from catalog.values import Key, Series
from twin.city import City
from twin.errors import RequestError
from twin.layer import Layer
from twin.revision import Revision

_KEPT = 64
"""Layers of a revision kept in memory."""
_STEPS = 300_000
"""Times that a request may look at a day of a stream, or reckon a part of its filter: about a second."""
_ENTITIES = 50_000
"""Entities in one answer, with what is expanded."""
_STATIONS = ("Things", "Locations", "HistoricalLocations", "FeaturesOfInterest")


class Keeper:
    """Stations and streams of the service, kept as long as nothing changes."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.spans = Spans(service.values)
        self._lock = Lock()
        self._stations: OrderedDict[tuple[str, str], tuple[City, Layer, dict[str, Station]]] = OrderedDict()
        self._streams: OrderedDict[str, tuple[object, object, dict[str, Stream]]] = OrderedDict()
        self._entities: dict[tuple[str, str], tuple[object, list[Entity]]] = {}

    def stations(self, city: City, layer: Layer, revision: Revision) -> dict[str, Station]:
        """Id → station; `Damaged` if the features file is not what the revision says."""
        key = (layer.id, revision.name)
        with self._lock:
            known = self._stations.get(key)
            if known is not None and known[1] == layer and _told(known[0]) == _told(city):
                self._stations.move_to_end(key)
                return known[2]
        snapshot = self.service.features.snapshot(revision)
        found = {}
        for head in snapshot.heads(range(len(snapshot))):
            row = orjson.loads(head + b"}}")
            station = Station(city, layer, row["id"], revision.holds_from, row["geometry"], row["properties"])
            found[station.id] = station
        with self._lock:
            self._stations[key] = (city, layer, found)
            while len(self._stations) > _KEPT:
                self._stations.popitem(last=False)
        return found

    def streams(
        self, layer: Layer, stations: dict[str, Station], spans: Mapping[Key, Span]
    ) -> dict[str, Stream]:
        """Id → stream, of all stations that there are; in the order of their ids."""
        with self._lock:
            known = self._streams.get(layer.id)
            if known is not None and known[0] is stations and known[1] is spans:
                return known[2]
        properties = {p.name: p for p in layer.schema_.properties}
        found = {}
        for (feature, name), span in spans.items():
            station = stations.get(f"{layer.id}:{feature}")
            if station is not None and name in properties:
                stream = Stream(station, properties[name], span)
                found[stream.id] = stream
        with self._lock:
            self._streams[layer.id] = (stations, spans, found)
        return found

    def entities(self, kind: str, layer_id: str, of: Mapping[str, Station | Stream]) -> list[Entity]:
        """The stations or streams of a layer as entities of a set; not to be changed."""
        with self._lock:
            known = self._entities.get((kind, layer_id))
            if known is None or known[0] is not of:
                known = self._entities[kind, layer_id] = (of, [Entity(kind, each) for each in of.values()])
            return known[1]


class World:
    """What one request sees; layers are looked at when something of them is needed."""

    def __init__(self, keeper: Keeper, at: datetime | None) -> None:
        """See the world of `at`; None: as it is now, with all values there are."""
        self.keeper = keeper
        self.service = keeper.service
        self.at = at
        self.until = None if at is None else micros(at)
        self._layers = {
            layer.id: (city, layer) for city, layer in self.service.layers() if layer.schema_.properties
        }
        self._stations: dict[str, dict[str, Station]] = {}
        self._streams: dict[str, dict[str, dict[str, Stream]]] = {}
        self.sources: dict[str, dict[str, object]] = {}
        """Layer → what documents say of its source, written once."""
        self.pinned: datetime | None = None
        """What links to next pages got as their instant, if they needed one."""
        self._left = {"steps": _STEPS, "entities": _ENTITIES}
        self._days: dict[str, list[int]] = {}

    def stations(self, layer_id: str) -> dict[str, Station]:
        """Id → station of a layer; empty if it was not published then."""
        if layer_id not in self._stations:
            revision = self.service.current(layer_id, self.at)
            self._stations[layer_id] = (
                {} if revision is None else self.keeper.stations(*self._layers[layer_id], revision)
            )
        return self._stations[layer_id]

    def streams(self, layer_id: str) -> dict[str, Stream]:
        """Id → stream of a layer."""
        _, layer = self._layers[layer_id]
        spans = self.keeper.spans.of(layer_id, self.until)
        return self.keeper.streams(layer, self.stations(layer_id), spans)

    def of_station(self, station: Station) -> Iterable[Stream]:
        """The streams of a station."""
        layer_id = station.layer.id
        if layer_id not in self._streams:
            found: dict[str, dict[str, Stream]] = {}
            for stream in self.streams(layer_id).values():
                found.setdefault(stream.station.id, {})[stream.id] = stream
            self._streams[layer_id] = found
        return self._streams[layer_id].get(station.id, {}).values()

    def all_streams(self) -> list[Stream]:
        """All streams of all layers."""
        return [stream for layer_id in self._layers for stream in self.streams(layer_id).values()]

    def members(self, kind: str) -> list[Entity]:
        """All entities of a set other than Observations."""
        if kind in _STATIONS:
            return [e for name in self._layers for e in self.keeper.entities(kind, name, self.stations(name))]
        if kind == "Datastreams":
            return [e for name in self._layers for e in self.keeper.entities(kind, name, self.streams(name))]
        if kind == "Sensors":
            return [Entity(kind, Procedure(city, layer)) for city, layer in self._layers.values()]
        properties = {
            p.name: p for _, layer in reversed(self._layers.values()) for p in layer.schema_.properties
        }
        return [Entity(kind, Observed(properties[name])) for name in sorted(properties)]

    def days(self, layer_id: str) -> list[int]:
        """Days (since 1970) for which a layer has values, in order."""
        if layer_id not in self._days:
            self._days[layer_id] = list(self.service.values.files(layer_id))
        return self._days[layer_id]

    def pin(self, values: bool) -> datetime:
        """The instant that keeps what is seen the same from page to page, forecasts with it if wanted."""
        if self.at is not None:
            return self.at
        if self.pinned is not None:
            return self.pinned
        newest = max((stream.span.last for stream in self.all_streams()), default=0) if values else 0
        self.pinned = max(self.service.now(), instant(newest))
        return self.pinned

    def spend(self, what: str, number: int) -> None:
        """`RequestError` if the request asks for more of `what` than one may."""
        self._left[what] -= number
        if self._left[what] < 0:
            raise RequestError(
                f"this asks for too many {what} at once; lower $top, or ask for fewer Datastreams "
                "or a shorter phenomenonTime in the path and the $filter"
            )

    def one(self, kind: str, name: str) -> Entity | None:
        """The entity of a set with this id."""
        if kind == "Observations":
            return self._reading(name)
        if kind == "ObservedProperties":
            return next((entity for entity in self.members(kind) if entity.id == name), None)
        layer_id = name.partition(":")[0]
        if layer_id not in self._layers:
            return None
        if kind == "Sensors":
            city, layer = self._layers[layer_id]
            return Entity(kind, Procedure(city, layer)) if name == layer_id else None
        found = (self.streams if kind == "Datastreams" else self.stations)(layer_id).get(name)
        return None if found is None else Entity(kind, found)

    def follow(self, entity: Entity, link: str) -> list[Entity]:
        """What a navigation link of an entity leads to, other than to Observations."""
        of = entity.of
        if isinstance(of, Reading):
            return [Entity("Datastreams", of.stream) if link == "Datastream" else self._place(of.stream)]
        if isinstance(of, Stream):
            if link == "Thing":
                return [Entity("Things", of.station)]
            if link == "Sensor":
                return [Entity("Sensors", Procedure(of.station.city, of.station.layer))]
            return [Entity("ObservedProperties", Observed(of.observed))]
        if link == "Datastreams":
            return [Entity("Datastreams", stream) for stream in self.beneath(entity)]
        return [Entity("Things" if link in ("Thing", "Things") else link, of)]

    def beneath(self, entity: Entity) -> Iterable[Stream]:
        """The streams that belong to an entity."""
        of = entity.of
        if isinstance(of, Station):
            return self.of_station(of)
        if isinstance(of, Stream):
            return [of]
        if isinstance(of, Procedure):
            return self.streams(of.layer.id).values()
        return [stream for stream in self.all_streams() if stream.observed.name == of.id]

    def _place(self, stream: Stream) -> Entity:
        return Entity("FeaturesOfInterest", stream.station)

    def _reading(self, name: str) -> Entity | None:
        stream_id, _, text = name.rpartition(":")
        found = self.one("Datastreams", stream_id)
        if found is None or not text.isascii() or not text.lstrip("-").isdecimal() or len(text) > 18:
            return None
        stream, at = found.of, int(text)
        if str(at) != text or not stream.span.first <= at <= stream.span.last:
            return None
        series = series_of(self.service, stream, at // DAY_US)
        if series is None:
            return None
        place = int(np.searchsorted(series.observed, at))
        if place == len(series.observed) or series.observed[place] != at:
            return None
        reading = Reading(stream, at, float(series.value[place]), series.quality[place])
        return Entity("Observations", reading)


def _told(city: City) -> tuple[object, ...]:
    """What documents say of a city."""
    return city.title, city.notice


def series_of(service: Service, stream: Stream, day: int) -> Series | None:
    """A stream's values within a day (days since 1970)."""
    key = (stream.station.feature, stream.observed.name)
    return service.values.day(stream.station.layer.id, day).get(key)
