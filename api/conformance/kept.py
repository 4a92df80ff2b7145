"""The report as it is published: made when somebody asks, seldom enough that it costs little."""

import time
from collections import Counter
from threading import Lock
from typing import Any

from starlette.types import ASGIApp

from api.conformance.report import report
from api.service import Service
from twin import times

_SHARE = 100
"""A report that took a second is good for so many."""


class Conformance:
    """Keeps the last report for a while; only one is made at a time."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._lock = Lock()
        self._until = 0.0
        self._made: dict[str, Any] = {}

    def report(self, app: ASGIApp) -> dict[str, Any]:
        """What an app claims and keeps, whatever came out; see `api.conformance.report`."""
        with self._lock:
            if time.monotonic() >= self._until:
                begun = time.monotonic()
                classes = report(app)
                now = time.monotonic()
                counts = Counter(one["result"] for one in classes)
                self._made = {
                    "checked_at": times.iso(self._service.now()),
                    "counts": {word: counts[word] for word in ("kept", "missed", "untested")},
                    "classes": classes,
                }
                self._until = now + (now - begun) * _SHARE
            return self._made
