"""Stations and streams of a service, and what filters need of them, kept in memory while there is room."""

from collections import OrderedDict
from threading import Lock
from typing import Any

from api.service import Service
from api.sta.stations import Stations
from api.sta.streams import Streams
from catalog.spans import Spans, Table
from twin.city import City
from twin.layer import Layer
from twin.revision import Revision

_KEPT = 64
"""Layers of a revision kept in memory."""
_ROWS = 2_000_000
"""Stations, or Datastreams, kept in memory over all of them; the last used are always kept."""
_COLUMNS = 4_000_000
"""Values of stations kept in memory as filters need them."""


class Keeper:
    """Stations and streams of the service, kept as long as nothing changes."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.spans = Spans(service.values)
        self._lock = Lock()
        self._stations: OrderedDict[tuple[str, str], Stations] = OrderedDict()
        self._streams: OrderedDict[tuple[Stations, Table], Streams] = OrderedDict()
        self._columns: OrderedDict[tuple[Stations, str], tuple[int, Any]] = OrderedDict()

    def stations(self, city: City, layer: Layer, revision: Revision) -> Stations:
        """Those of a revision; `Damaged` if the features file is not what the revision says."""
        key = (layer.id, revision.name)
        with self._lock:
            known = self._stations.get(key)
            if known is not None and known.layer == layer and _told(known.city) == _told(city):
                self._stations.move_to_end(key)
                return known
        found = Stations(city, layer, revision.holds_from, self.service.features.snapshot(layer, revision))
        with self._lock:
            self._stations[key] = found
            _forget(self._stations)
        return found

    def streams(self, stations: Stations, table: Table) -> Streams:
        """What has values of what is measured at stations."""
        key = (stations, table)
        with self._lock:
            known = self._streams.get(key)
            if known is not None:
                self._streams.move_to_end(key)
                return known
        found = Streams(stations, table)
        with self._lock:
            self._streams[key] = found
            _forget(self._streams)
        return found

    def column(self, key: tuple[Stations, str]) -> Any:
        """What was kept of all stations under a name; None if nothing is."""
        with self._lock:
            if key not in self._columns:
                return None
            self._columns.move_to_end(key)
            return self._columns[key][1]

    def keep_column(self, key: tuple[Stations, str], column: Any, values: int) -> None:
        """Keep so many values under a name, as long as there is room."""
        with self._lock:
            self._columns[key] = values, column
            while len(self._columns) > 1 and sum(size for size, _ in self._columns.values()) > _COLUMNS:
                self._columns.popitem(last=False)


def _forget(kept: OrderedDict[Any, Any]) -> None:
    """Let those go that were not asked for longest."""
    while len(kept) > _KEPT or (len(kept) > 1 and sum(map(len, kept.values())) > _ROWS):
        kept.popitem(last=False)


def _told(city: City) -> tuple[object, ...]:
    """What documents say of a city."""
    return city.title, city.notice
