"""Every entity there was at an instant, and the way from one to another."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

import numpy as np

from api import params, stale
from api.sta.keeper import Keeper
from api.sta.sources import source
from api.sta.stations import Station, Stations
from api.sta.streams import Some, Stream, Streams
from api.sta.things import Entity, Members, Observed, Procedure, Reading
from catalog.deadline import Deadline
from catalog.partitions import DAY_US, instant, micros
from twin import times
from twin.errors import TooMuch

_STEPS = 300_000
"""Times that a request may look at a stream, or reckon a part of its filter: about a second."""
_ENTITIES = 50_000
"""Entities in one answer, with what is expanded."""
_VALUES = 100_000_000
"""Values that a request may look at, as columns: about a second."""
_COST = 1_500_000
"""Of all parts of a request's filters, over all entities they are asked of, as `api.sta.cost` tells it: about
a second of one processor."""
STATIONS = ("Things", "Locations", "HistoricalLocations", "FeaturesOfInterest")


class World:
    """What one request sees; layers are looked at when something of them is needed."""

    def __init__(self, keeper: Keeper, at: datetime | None, asked: str | None = None) -> None:
        """See the world of `at`, written as `asked`; None: as it is now, with all values there are."""
        self.keeper = keeper
        self.service = keeper.service
        self.at = at
        self.asked = times.iso(at) if at is not None and asked is None else asked
        """As the request wrote it: links say the same."""
        self.until = None if at is None else micros(at)
        self._layers = {
            layer.id: (city, layer) for city, layer in self.service.layers() if layer.schema_.properties
        }
        self._stations: dict[str, Stations | None] = {}
        self._streams: dict[str, Streams | None] = {}
        self._sources: dict[str, dict[str, object]] = {}
        self._pinned: datetime | None = None
        self._left = {"steps": _STEPS, "entities": _ENTITIES, "values": _VALUES}
        self._cost = 0.0
        self._days: dict[str, list[int]] = {}
        self._deadline: Deadline | None = None

    @property
    def kept(self) -> str:
        """The query that keeps the time in links."""
        return "" if self.asked is None else f"?datetime={quote(self.asked, safe=':/')}"

    def stations(self, layer_id: str) -> Stations | None:
        """Those of a layer; None if it was not published then."""
        if layer_id not in self._stations:
            revision = self.service.current(layer_id, self.at)
            self._stations[layer_id] = (
                None if revision is None else self.keeper.stations(*self._layers[layer_id], revision)
            )
        return self._stations[layer_id]

    def streams(self, layer_id: str) -> Streams | None:
        """Those of a layer; None if it was not published then."""
        if layer_id not in self._streams:
            stations = self.stations(layer_id)
            self._streams[layer_id] = (
                None
                if stations is None
                else self.keeper.streams(stations, self.keeper.spans.of(layer_id, self.until))
            )
        return self._streams[layer_id]

    def source(self, layer_id: str) -> dict[str, object]:
        """What documents say of where a layer's values come from, made once."""
        if layer_id not in self._sources:
            self._sources[layer_id] = source(self.service, *self._layers[layer_id], self.at)
        return self._sources[layer_id]

    def all_streams(self) -> list[Some]:
        """All streams of all layers."""
        found = (self.streams(layer_id) for layer_id in self._layers)
        return [Some(streams) for streams in found if streams is not None]

    def members(self, kind: str) -> Sequence[Entity]:
        """All entities of a set other than Observations."""
        if kind in STATIONS or kind == "Datastreams":
            of = self.streams if kind == "Datastreams" else self.stations
            found: list[Any] = [of(layer_id) for layer_id in self._layers]
            return Members(kind, [part for part in found if part is not None])
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

    def pin(self) -> datetime:
        """The instant that keeps what is seen the same from page to page.

        Of the world as it is now that is the one since which it is so, of a forecast's newest value if that
        is later: until something changes the same answer has the same bytes.
        """
        if self.at is not None and not params.open_ended(self.asked):
            return self.at
        if self._pinned is None:
            since: list[datetime | None] = []
            for layer_id, (_, layer) in self._layers.items():
                revision = self.service.listing.current(layer_id, self.at)
                newest = self.service.values.newest(layer_id, self.at)
                since.append(None if revision is None else revision.holds_from)
                since.append(None if newest is None else instant(newest))
                since.append(stale.since(self.service, layer))
            self._pinned = max((one for one in since if one is not None), default=self.service.now())
        return self._pinned

    def spend(self, what: str, number: int) -> None:
        """`TooMuch` if the request asks for more of `what` than one may, or has no time left."""
        self.hurry()
        self._left[what] -= number
        if self._left[what] < 0:
            raise TooMuch(
                f"this asks for too many {what} at once; lower $top, or ask for fewer Datastreams "
                "or a shorter phenomenonTime in the path and the $filter"
            )

    def reckon(self, cost: float) -> None:
        """`TooMuch` if the filters of the request cost more than one may; asked before it is spent."""
        self._cost += cost
        if self._cost > _COST:
            raise TooMuch(
                "$filter reckons too much for so many entities; make it shorter, ask for a shorter "
                "phenomenonTime with it, or begin the path at fewer Datastreams"
            )

    def left(self, what: str) -> int:
        """How much of `what` the request may still ask for."""
        return self._left[what]

    def hurry(self) -> None:
        """`TooMuch` if the request has no time left; it runs from the first look at anything."""
        if self._deadline is None:
            self._deadline = Deadline(self.service.settings.query_s)
        self._deadline.check()

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
        part = (self.streams if kind == "Datastreams" else self.stations)(layer_id)
        found = None if part is None else part.find(name)
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
            return [Entity("Datastreams", stream) for some in self.beneath(entity) for stream in some]
        return [Entity("Things" if link in ("Thing", "Things") else link, of)]

    def beneath(self, entity: Entity) -> list[Some]:
        """The streams that belong to an entity other than an Observation."""
        of = entity.of
        if isinstance(of, Stream):
            return [Some(of.all, range(of.number, of.number + 1))]
        if isinstance(of, Station):
            streams = self.streams(of.layer.id)
            return [] if streams is None else [Some(streams, streams.of_station(of.row))]
        if isinstance(of, Procedure):
            streams = self.streams(of.layer.id)
            return [] if streams is None else [Some(streams)]
        return [Some(some.streams, some.streams.observing(of.id)) for some in self.all_streams()]

    def _place(self, stream: Stream) -> Entity:
        return Entity("FeaturesOfInterest", stream.station)

    def _reading(self, name: str) -> Entity | None:
        stream_id, _, text = name.rpartition(":")
        found = self.one("Datastreams", stream_id)
        if found is None or not text.isascii() or not text.lstrip("-").isdecimal() or len(text) > 18:
            return None
        stream, at = found.of, int(text)
        span = stream.span
        if str(at) != text or not span.first <= at <= span.last:
            return None
        day = self.service.values.day(stream.station.layer.id, at // DAY_US)
        place = day.place(stream.key)
        if place is None:
            return None
        first, end = day.starts[place : place + 2].tolist()
        row = first + int(np.searchsorted(day.observed[first:end], at))
        if row == end or day.observed[row] != at:
            return None
        return Entity("Observations", Reading(stream, at, float(day.value[row]), day.word(row)))
