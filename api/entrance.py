"""Entrance: connections that come in are shared out evenly among the workers.

All wait at one socket, and whoever is awake first takes all that come at once: eight visitors then wait for
one worker while the other has nothing to do. So who has more connections than another lets that one go first.
"""

import asyncio
import logging
from collections.abc import Callable
from socket import IPPROTO_TCP, TCP_NODELAY, socket

from api.together import Together

log = logging.getLogger("twin")

_GOES_FIRST_S = 0.005
"""So long the others have: they may be busy, and nobody shall wait for them."""
_PAUSE_S = 1.0
"""After the system has refused a connection, as it does when there are too many open files."""


class Entrance:
    """Takes connections of a socket that other processes take them of, too."""

    def __init__(
        self,
        listening: socket,
        protocol: Callable[[], asyncio.Protocol],
        open_: Callable[[], int],
        all_: Together,
    ) -> None:
        """Nothing is taken before `start`.

        Args:
            listening: Where visitors come in.
            protocol: Makes what speaks with one.
            open_: How many connections this worker has.
            all_: Of all workers.
        """
        self._listening, self._protocol, self._open, self._all = listening, protocol, open_, all_
        self._loop = asyncio.get_running_loop()
        self._coming: set[asyncio.Task[object]] = set()
        self._closed = False
        listening.setblocking(False)

    def start(self) -> None:
        """Take what comes from now on."""
        if not self._closed:
            self._loop.add_reader(self._listening, self._ready)

    def close(self) -> None:
        """Take nothing any more."""
        self._closed = True
        self._loop.remove_reader(self._listening)

    def count(self) -> int:
        """Say how many connections there are here, and give the number."""
        number = self._open() + len(self._coming)
        self._all["connections"] = number
        return number

    def _ready(self) -> None:
        if self.count() > min(self._all.each("connections")):
            self._loop.remove_reader(self._listening)
            self._loop.call_later(_GOES_FIRST_S, self._anyway)
        else:
            self._take()

    def _anyway(self) -> None:
        if not self._closed:
            self._take()
            self.start()

    def _take(self) -> None:
        try:
            connection, _ = self._listening.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return  # another worker has it, or the visitor is gone
        except OSError as error:
            log.error("no connection can be taken: %s", error.strerror)
            self._loop.remove_reader(self._listening)
            self._loop.call_later(_PAUSE_S, self.start)
            return
        connection.setblocking(False)
        connection.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)  # head and body are sent one after the other
        task = self._loop.create_task(self._loop.connect_accepted_socket(self._protocol, connection))
        self._coming.add(task)
        task.add_done_callback(self._coming.discard)
        self.count()
