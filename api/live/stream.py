"""Stream: the answer that does not end."""

import asyncio

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.live.events import Box, Event
from api.live.hub import Hub

MEDIA = "text/event-stream"
PATIENCE_S = 60.0
"""So long one who listens may take for what was sent; then it is let go, if `api.sweeper` has not yet."""
_RETRY_MS = 3000


class Stream(Response):
    """Events for one listener, from the buffer that all share."""

    media_type = MEDIA

    def __init__(
        self,
        hub: Hub,
        place: str | None,
        layers: frozenset[str] | None,
        boxes: tuple[Box, ...],
    ) -> None:
        """Begin with what came after the event with the ``id:`` `place`; see `Hub.join`.

        Only of what lies in `boxes` is told, of everything if there are none.
        """
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._hub = hub
        self._next = 0
        self._place = place
        self._layers = layers
        self._boxes = boxes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until the listener goes, falls behind, or the server ends.

        Raises:
            RequestError: The place is none of ours, or too old.
            StoreError: The store cannot be read.
        """
        hub = self._hub
        hub.listeners += 1  # before it joins, which may take long: looking must not end meanwhile
        try:
            self._next, place, missed = await hub.join(self._place, self._layers)
            start = {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
            await send(start)
            if not scope.get("twin.head"):
                await _send(send, b"retry: %d\nid: %b\n\n" % (_RETRY_MS, place.encode()))
                await self._talk(missed, receive, send)
        except TimeoutError:  # too slow; what it missed it gets when it comes back
            return
        finally:
            hub.listeners -= 1
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _talk(self, missed: list[Event], receive: Receive, send: Send) -> None:
        hub, beats = self._hub, self._hub.beats
        for event in missed:
            await _send(send, await self._wanted(event))
        missed.clear()
        while not hub.closed:
            while self._next < hub.end:
                if self._next < hub.begin:
                    return
                event = hub.event(self._next)
                self._next += 1
                await _send(send, await self._wanted(event))
            if beats != hub.beats:
                beats = hub.beats
                if await _gone(receive):
                    return
                await _send(send, b":\n\n")
            if self._next == hub.end and beats == hub.beats and not hub.closed:
                await hub.news()

    async def _wanted(self, event: Event) -> bytes:
        """The event's block as this listener wants it; empty if it does not."""
        if not self._hub.shows(event) or (self._layers is not None and event.layer not in self._layers):
            return b""
        if not self._boxes or event.box is None:
            return event.block
        boxes = [box for box in self._boxes if _meet(box, event.box)]
        if not boxes or event.kind != "observation":
            return event.block if boxes else b""
        return event.only(set().union(*[await self._hub.stations(event, box) for box in boxes]))


def _meet(one: Box, other: Box) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


async def _send(send: Send, body: bytes) -> None:
    if body:
        async with asyncio.timeout(PATIENCE_S):
            await send({"type": "http.response.body", "body": body, "more_body": True})


async def _gone(receive: Receive) -> bool:
    """Whether the listener has left; does not wait."""
    task = asyncio.ensure_future(receive())
    await asyncio.sleep(0)
    if not task.done():
        task.cancel()
        return False
    return bool(task.result()["type"] == "http.disconnect")
