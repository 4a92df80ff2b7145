"""Hub: one task looks at the store for all listeners of this process; they share one buffer."""

import asyncio
import logging
import time
from collections import deque

from api.live.events import Event
from api.live.positions import Position, ahead, decode, encode, head
from api.live.watch import Watch
from twin.errors import StoreError

log = logging.getLogger("twin")

MOST_BYTES = 16 * 1024 * 1024
"""Size of the buffer. Who falls behind it is let go, and comes back with what was seen last."""
_SHARE = 4
"""A look that took a second is followed by a pause of so many."""
_CATCH_UP = 4
"""Looks for which one is kept waiting who has seen more than we have, elsewhere."""


class Hub:
    """Begins to look with the first listener and stops after the last. Used by one event loop."""

    def __init__(self, watch: Watch, every_s: float, heartbeat_s: float) -> None:
        """Look every so many seconds; say that we are still there every so many."""
        self._watch = watch
        self._every = every_s
        self._heartbeat = heartbeat_s
        self._kept: deque[Event] = deque()
        self._size = 0
        self._positions: dict[bytes, Position] = {}
        self._wake = asyncio.Event()
        self._looked = asyncio.Event()
        self._begun = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        self.begin = 0
        """Number of the first event that is kept; they are counted from the start of the process."""
        self.end = 0
        """Number of the next event."""
        self.beats = 0
        """Grows with every heartbeat."""
        self.listeners = 0
        self.closed = False

    async def join(self, place: str | None, layers: frozenset[str] | None) -> tuple[int, str, list[Event]]:
        """Become a listener.

        Args:
            place: ``id:`` of the last event seen; None for one who begins.
            layers: Those that are wanted; None for all.

        Returns:
            Number of the first event to wait for, ``id:`` of now, and what was missed.

        Raises:
            RequestError: `place` is none of ours, or too old.
            StoreError: The store cannot be read.
        """
        since = None if place is None else decode(place)
        async with self._begun:
            if self._task is None or self._task.done():
                await asyncio.to_thread(self._watch.begin)
                self._positions = self._watch.positions
                self._task = asyncio.create_task(self._work())
        for _ in range(_CATCH_UP):  # else it would hear again what another server told it
            if since is None or not ahead(since, self._positions) or self._task.done():
                break
            await self._looked.wait()
        number, now = self.end, self._positions
        if since is None or place is None:
            return number, encode(now), []
        missed = await asyncio.to_thread(self._watch.missed, since, head(place), now, layers)
        return number, place, missed

    def event(self, number: int) -> Event:
        """One of the events kept."""
        return self._kept[number - self.begin]

    def shows(self, event: Event) -> bool:
        """Whether the event's layer is still shown."""
        return event.layer in self._watch.shown

    async def stations(self, event: Event, box: tuple[float, float, float, float]) -> set[str]:
        """Ids of the stations of an event's layer within a box."""
        return await asyncio.to_thread(self._watch.stations, event.layer, box)

    async def news(self) -> None:
        """Wait for events, a heartbeat or the end."""
        await self._wake.wait()

    def close(self) -> None:
        """Send everybody home: the server ends."""
        self.closed = True
        if self._task is not None:
            self._task.cancel()
        self._looked.set()
        self._tell()

    def _tell(self) -> None:
        wake, self._wake = self._wake, asyncio.Event()
        wake.set()

    async def _beat(self) -> None:
        """Say that we are still there: on time, however long a look and the pause after it take."""
        while True:
            await asyncio.sleep(self._heartbeat)
            self.beats += 1
            self._tell()

    async def _work(self) -> None:
        beating = asyncio.create_task(self._beat())
        try:
            await self._look()
        finally:
            beating.cancel()

    async def _look(self) -> None:
        left = time.monotonic()
        said = ""
        while True:
            started = time.monotonic()
            try:
                for event in await asyncio.to_thread(self._watch.look):
                    self._keep(event)
                said = ""
            except StoreError as error:  # it is looked at again; who listens hears that we are still there
                if str(error) != said:
                    log.warning("live: %s", error)
                said = str(error)
            except Exception:  # a fault of ours in one look must not end all the others
                if not said:
                    log.exception("live: a look failed")
                said = "a look failed"
            self._positions = self._watch.positions
            looked, self._looked = self._looked, asyncio.Event()
            looked.set()
            now = time.monotonic()
            if self.listeners:
                left = now
            elif now - left > self._heartbeat:
                return
            await asyncio.sleep(max(self._every, (now - started) * _SHARE))

    def _keep(self, event: Event) -> None:
        self._kept.append(event.light())
        self._size += len(event.block)
        self.end += 1
        while self._size > MOST_BYTES and len(self._kept) > 1:
            self._size -= len(self._kept.popleft().block)
            self.begin += 1
        self._tell()
