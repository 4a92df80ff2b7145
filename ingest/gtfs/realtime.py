"""Realtime: a GTFS-RT feed read entity by entity, so that memory does not grow with it."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, BinaryIO, cast

from ingest.bodies import refuse_markup
from ingest.files import File
from twin.errors import SourceBroken, SourceRefused

_LARGEST = 4_000_000
"""Bytes of one entity; a trip has some hundred stops of 30 bytes each."""
_HEADER, _ENTITY = 1, 2  # fields of FeedMessage
_LENGTH = 2  # wire type of what has a length
_SKIPPED, _NO_DATA = 1, 2  # of a stop
_CANCELED, _DELETED = 3, 7  # of a trip
_WIDTHS = {1: 8, 5: 4}


class Message:
    """A ``FeedMessage`` in a file.

    Args:
        file: Read once, as it streams by.
        marks: Only entities in which one of these texts occurs are parsed; empty for all. Of 70,000 trips of
            a whole country some hundred touch one city.
    """

    def __init__(self, file: File, marks: tuple[str, ...] = ()) -> None:
        self._file = file
        self._marks = [mark.encode() for mark in marks]
        self.at: datetime | None = None
        """When the feed was made (``header.timestamp``), known once all is read."""

    def trips(self) -> Iterator[Any]:
        """Yield the trip updates of trips that run.

        Raises:
            SourceBroken: no GTFS-RT, cut off, only changes since the last answer, or without a time.
            SourceRefused: an entity larger than any trip.
        """
        from google.protobuf.message import DecodeError
        from google.transit import gtfs_realtime_pb2 as gtfs

        try:
            for field, data in self._fields():
                if field == _HEADER:
                    self._head(gtfs.FeedHeader.FromString(data))
                elif field == _ENTITY and (not self._marks or any(mark in data for mark in self._marks)):
                    entity = gtfs.FeedEntity.FromString(data)
                    # Positions of vehicles and alerts are left where they are.
                    if entity.HasField("trip_update") and not entity.is_deleted:
                        update = entity.trip_update
                        if update.trip.schedule_relationship not in (_CANCELED, _DELETED):
                            yield update
        except DecodeError:
            raise self._broken() from None
        if self.at is None:
            raise SourceBroken(f"{self._file.name}: its header says no time; ask its publisher")

    def _head(self, header: Any) -> None:
        if header.incrementality != header.FULL_DATASET:
            raise SourceBroken(f"{self._file.name} tells changes only, not all trips; ask for the full feed")
        if header.timestamp:
            try:
                self.at = datetime.fromtimestamp(header.timestamp, UTC)
            except (OverflowError, ValueError, OSError):
                raise SourceBroken(
                    f"{self._file.name}: its header's time is none; ask its publisher"
                ) from None

    def _fields(self) -> Iterator[tuple[int, bytes]]:
        """The fields of the message that have a length, one after the other."""
        with self._file.open() as raw:
            stream = cast(io.BufferedReader, raw)
            refuse_markup(stream.peek(4096), self._file.name)
            while (tag := self._varint(stream, ends=True)) is not None:
                kind = tag & 7
                if kind == _LENGTH:
                    size = self._varint(stream) or 0
                    if size > _LARGEST:
                        raise SourceRefused(
                            f"{self._file.name}: an entity of {size / 1e6:,.0f} MB is no trip; it is not read"
                        )
                    yield tag >> 3, self._exactly(stream, size)
                elif kind in _WIDTHS:
                    self._exactly(stream, _WIDTHS[kind])
                elif kind == 0:
                    self._varint(stream)
                else:
                    raise self._broken()

    def _exactly(self, stream: BinaryIO, size: int) -> bytes:
        data = stream.read(size)
        if len(data) != size:
            raise self._broken()
        return data

    def _varint(self, stream: BinaryIO, *, ends: bool = False) -> int | None:
        """A number as protobuf writes it; None at the end of the file, where it may end."""
        value = 0
        for shift in range(0, 70, 7):
            byte = stream.read(1)
            if not byte:
                if ends and not shift:
                    return None
                raise self._broken()
            value |= (byte[0] & 0x7F) << shift
            if byte[0] < 0x80:
                return value
        raise self._broken()

    def _broken(self) -> SourceBroken:
        return SourceBroken(f"{self._file.name} is no GTFS-RT feed, or cut off; fetch it again")


def delays(update: Any) -> Iterator[tuple[str, int, int | None]]:
    """Yield (stop point, seconds late, when it departs or None) for each stop of which a trip says so.

    The departure counts, and the arrival where it says nothing of a departure. A delay of a whole trip is not
    used: German feeds never set it.
    """
    for stop in update.stop_time_update:
        if stop.schedule_relationship in (_SKIPPED, _NO_DATA) or not stop.stop_id:
            continue
        event = stop.departure if stop.HasField("departure") else stop.arrival
        if not event.HasField("delay") and stop.HasField("arrival"):
            event = stop.arrival
        if event.HasField("delay"):
            yield stop.stop_id, event.delay, event.time if event.HasField("time") else None
