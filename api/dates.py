"""Dates with data: since when each revision held, and on which days something was measured."""

from datetime import timedelta
from threading import Lock
from typing import Any

from api.service import Service
from catalog import revisions
from catalog.partitions import EPOCH
from twin import times

MOST = 1000
"""Of a layer's revisions the newest so many are told."""


class Dates:
    """Knows the dates of layers without reading a value: revisions are listed, days are names of folders."""

    def __init__(self, service: Service) -> None:
        """Those of a service's layers."""
        self._service = service
        self._lock = Lock()
        self._chains: dict[str, tuple[tuple[int, ...], tuple[str, ...]]] = {}
        """Layer → its revisions' numbers when last looked at, and since when each held."""

    def of(self, layer_id: str) -> dict[str, Any]:
        """``revisions`` and ``days`` of a layer in order of time, and how many revisions were ``left_out``.

        A revision that says the same as the one before it is none: nothing changed then. Days are UTC's.
        """
        held = self._held(layer_id)
        days = [f"{EPOCH.date() + timedelta(days=day)}" for day in self._service.values.files(layer_id)]
        left_out = max(0, len(held) - MOST)
        return {"layer": layer_id, "revisions": held[left_out:], "left_out": left_out, "days": days}

    def _held(self, layer_id: str) -> tuple[str, ...]:
        found = self._service.listing.revisions(layer_id)
        numbers = tuple(revision.number for revision in found)
        with self._lock:
            known = self._chains.get(layer_id)
            if known is None or known[0] != numbers:
                held = tuple(times.iso(link.holds_from) for link in revisions.chain(found))
                known = self._chains[layer_id] = numbers, held
            return known[1]
