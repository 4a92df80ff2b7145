"""Sweeper: ends connections of those who neither send their request nor take their answer."""

import time
from collections.abc import Callable, Iterable
from typing import Any


class Sweeper:
    """Looks at uvicorn's connections now and then; uvicorn itself waits for slow ones for ever."""

    def __init__(self, patience_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._patience_s = patience_s
        self._clock = clock
        self._waiting: dict[Any, tuple[tuple[int, Any], float]] = {}

    def sweep(self, connections: Iterable[Any]) -> None:
        """Cut off who has kept us waiting for too long.

        Args:
            connections: uvicorn's protocols (``server_state.connections``).
        """
        now = self._clock()
        waiting = {}
        for connection in tuple(connections):
            mark = _mark(connection)
            if mark is not None:
                before, since = self._waiting.get(connection, (mark, now))
                waiting[connection] = (mark, since if before == mark else now)
                if now - waiting[connection][1] > self._patience_s:
                    connection.transport.abort()
        self._waiting = waiting


def _mark(connection: Any) -> tuple[int, Any] | None:
    """What has to change before patience ends: bytes of the answer that are not taken yet, and the request
    that was the last; None if nobody waits for the visitor."""
    if connection.transport is None:
        return None
    left, cycle = int(connection.transport.get_write_buffer_size()), connection.cycle
    return (left, cycle) if left or cycle is None or cycle.response_complete else None
