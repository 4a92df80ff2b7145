"""Datastreams: what is measured at the stations of a layer, made when it is looked at."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import NDArray

from api.sta.stations import Station, Stations
from catalog.days import PROPERTIES, PROPERTY_BITS
from catalog.spans import Span, Table
from twin.schema import Property


class Streams(Sequence["Stream"]):
    """What is measured at the stations of a layer, in their order; made when they are looked at."""

    def __init__(self, stations: Stations, table: Table) -> None:
        """Find out which values are those of a station that there is."""
        self.stations = stations
        self.table = table
        texts = table.texts
        self.observed = list(stations.layer.schema_.properties)
        codes, of_code = np.unique(table.keys_ >> PROPERTY_BITS, return_inverse=True)
        rows = stations.snapshot.rows([texts.words[code] for code in codes.tolist()])[of_code]
        number = {texts.codes.get(p.name, -1): place for place, p in enumerate(self.observed)}
        names, of_name = np.unique(table.keys_ & PROPERTIES, return_inverse=True)
        which = np.array([number.get(code, -1) for code in names.tolist()], np.int64)[of_name]
        there = np.flatnonzero((rows >= 0) & (which >= 0))
        self.places: NDArray[np.int64] = there[np.lexsort((which[there], rows[there]))]
        """(m,) where each stream stands in `table`."""
        self.rows: NDArray[np.int64] = rows[self.places]
        """(m,) row of its station."""
        self.which: NDArray[np.int64] = which[self.places]
        """(m,) what it observes: its place among `observed`."""
        self.order: NDArray[np.int64] = np.full(len(table.keys_), -1, np.int64)
        """(k,) number of the stream of each key of `table`; -1 if there is none."""
        self.order[self.places] = np.arange(len(self.places))
        self.counted: dict[tuple[str, ...], int] = {}
        """Files of a day → how many values they have of all these."""

    def __len__(self) -> int:
        return len(self.places)

    @overload
    def __getitem__(self, number: int) -> "Stream": ...
    @overload
    def __getitem__(self, number: slice) -> list["Stream"]: ...
    def __getitem__(self, number: int | slice) -> "Stream | list[Stream]":
        if isinstance(number, slice):
            return [Stream(self, place) for place in range(*number.indices(len(self)))]
        if not 0 <= number < len(self):
            raise IndexError(number)
        return Stream(self, number)

    def of_station(self, row: int) -> range:
        """Numbers of the streams of a station."""
        return range(*np.searchsorted(self.rows, (row, row + 1)).tolist())

    def property_of(self, number: int) -> Property:
        """What a stream observes."""
        return self.observed[int(self.which[number])]

    def observing(self, name: str) -> NDArray[np.int64]:
        """Numbers of the streams that observe a property."""
        place = next((place for place, p in enumerate(self.observed) if p.name == name), -1)
        return np.flatnonzero(self.which == place)

    def find(self, stream_id: str) -> "Stream | None":
        """That of an id."""
        station_id, _, name = stream_id.rpartition(":")
        station = self.stations.find(station_id)
        numbers = () if station is None else self.of_station(station.row)
        return next((self[n] for n in numbers if self.property_of(n).name == name), None)

    def numbers(self, keys: NDArray[np.int64]) -> NDArray[np.int64]:
        """(n,) number of the stream of each key; -1 if there is none."""
        if not len(self.table.keys_):
            return np.full(len(keys), -1, np.int64)
        place = np.minimum(np.searchsorted(self.table.keys_, keys), len(self.table.keys_) - 1)
        return np.where(self.table.keys_[place] == keys, self.order[place], -1)


@dataclass(frozen=True, slots=True)
class Stream:
    """The values of one property of one station: a Datastream."""

    all: Streams
    number: int
    """Among all of the layer."""

    @property
    def station(self) -> Station:
        """Where it is measured."""
        return Station(self.all.stations, int(self.all.rows[self.number]))

    @property
    def observed(self) -> Property:
        """What is measured."""
        return self.all.property_of(self.number)

    @property
    def span(self) -> Span:
        """Which values there are."""
        return self.all.table.span(int(self.all.places[self.number]))

    @property
    def key(self) -> int:
        """As `catalog.days` numbers it."""
        return int(self.all.table.keys_[self.all.places[self.number]])

    @property
    def id(self) -> str:
        """Unique among all streams, and stable."""
        of = self.all
        row = int(of.rows[self.number])
        return f"{of.stations.layer.id}:{of.stations.snapshot.ids[row]}:{of.property_of(self.number).name}"


@dataclass(frozen=True, slots=True)
class Some:
    """Some streams of a layer."""

    streams: Streams
    numbers: NDArray[np.int64] | range | None = None
    """Ascending; None: all."""

    def __len__(self) -> int:
        return len(self.streams) if self.numbers is None else len(self.numbers)

    def __iter__(self) -> Iterator[Stream]:
        numbers = range(len(self.streams)) if self.numbers is None else self.numbers
        return (self.streams[int(number)] for number in numbers)

    def all_numbers(self) -> NDArray[np.int64]:
        """As an array."""
        return np.arange(len(self.streams)) if self.numbers is None else np.asarray(self.numbers, np.int64)

    def column(self, of_table: NDArray[np.int64]) -> NDArray[np.int64]:
        """(n,) what a column of the streams' table says of each of these."""
        places = self.streams.places
        return of_table[places if self.numbers is None else places[self.all_numbers()]]
