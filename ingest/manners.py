"""Manners: how many requests a host gets at once from this process, and with which pause between them."""

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from ingest.waiting import Waiting

AT_ONCE = 2
"""Requests that one host answers for us at the same time, whichever layers they are for."""


class Hosts:
    """Remembers when each host was asked last; shared by all clients of a process."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._at_once = at_once
        self._lock = threading.Lock()
        self._slots: dict[str, threading.BoundedSemaphore] = {}
        self._free_at: dict[str, float] = {}

    @contextmanager
    def turn(self, host: str, waiting: Waiting) -> Iterator[None]:
        """Wait until `host` may be asked, and keep its place until the answer is read."""
        with self._lock:
            slot = self._slots.setdefault(host, threading.BoundedSemaphore(self._at_once))
        with slot:
            left = self._reserve(host, waiting)
            if left > 0:
                waiting.sleep(left)
            yield

    def _reserve(self, host: str, waiting: Waiting) -> float:
        """Take the host's next moment; seconds until then."""
        with self._lock:
            now = waiting.clock()
            free = self._free_at.get(host, now)
            if free - now > 60 * waiting.between_s:  # another clock, such as a test's
                free = now
            start = max(now, free)
            # Up to a quarter more, so that twins elsewhere do not keep step with us.
            self._free_at[host] = start + waiting.between_s * random.uniform(1, 1.25)
            return start - now


HOSTS = Hosts()
"""Those of this process."""
