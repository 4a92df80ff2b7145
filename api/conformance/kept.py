"""The report as it is published: made when somebody asks, seldom enough that it costs little."""

import time
from collections import Counter
from threading import Lock, Thread
from typing import Any

from starlette.types import ASGIApp

from api.conformance.report import Report
from api.service import Service
from twin import times

_SHARE = 100
"""A report that took a second is good for so many."""
_PATIENCE_S = 10.0
"""Seconds that a visitor waits for a check that is under way."""


class Conformance:
    """Keeps the last report for a while; only one is made at a time."""

    def __init__(self, service: Service, patience_s: float = _PATIENCE_S) -> None:
        self._service = service
        self._patience = patience_s
        self._lock = Lock()
        self._until = 0.0
        self._made: dict[str, Any] | None = None
        self._working: tuple[Thread, Report] | None = None

    def report(self, app: ASGIApp) -> dict[str, Any]:
        """What an app claims and keeps, whatever came out; see `api.conformance.report`.

        While a check takes longer than a visitor waits, the last report is told, with its time; if there is
        none, what has been found so far: all other classes are ``untested`` then, and ``checked_at`` is null.
        """
        with self._lock:
            if self._made is not None and time.monotonic() < self._until:
                return self._made
            if self._working is None:
                found = Report(app)
                thread = Thread(target=self._work, args=(found,), daemon=True, name="conformance")
                self._working = thread, found
                thread.start()
            thread, found = self._working
        thread.join(self._patience)
        with self._lock:
            return self._made or _told(found.classes(), None)

    def _work(self, found: Report) -> None:
        begun = time.monotonic()
        found.check()
        now = time.monotonic()
        with self._lock:
            self._made = _told(found.classes(), times.iso(self._service.now()))
            self._until = now + (now - begun) * _SHARE
            self._working = None


def _told(classes: list[dict[str, Any]], checked_at: str | None) -> dict[str, Any]:
    counts = Counter(one["result"] for one in classes)
    told = {word: counts[word] for word in ("kept", "missed", "untested")}
    return {"checked_at": checked_at, "counts": told, "classes": classes}
