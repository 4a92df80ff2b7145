"""Staleness: whether an answer tells of an instant for which its source was not asked; a field and a header.

A layer is overdue as soon as its state is another one than *fresh* (`twin.status`). An answer about an
instant until which the source had been asked already is not stale, however silent it has been since.
"""

import operator
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from api import params
from api.service import Service
from twin import times
from twin.errors import NotCleared
from twin.layer import Layer
from twin.status import LATE_AFTER, SILENT_AFTER, State, Status

HEADER = "Stadtzwilling-Stale"
"""A structured field (RFC 9651): ``?1;state="late";as-of="…";due-since="…"``; absent if nothing is stale."""

_NEXT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Staleness:
    """How old an answer about a layer is."""

    state: State
    as_of: datetime | None
    """Last time that the source answered as it should; None if it never did, or a clock was wrong then."""
    due_since: datetime | None
    """Since when the next answer is due; None if there was none before, or nobody knows when."""

    def __bool__(self) -> bool:
        return self.state is not State.FRESH

    def fields(self, prefix: str = "") -> dict[str, Any]:
        """Members of a JSON document. Of what is not stale only that: it shall not change with every look."""
        if not self:
            return {f"{prefix}stale": False}
        return {
            f"{prefix}stale": True,
            f"{prefix}state": self.state.value,
            f"{prefix}as_of": _time(self.as_of),
            f"{prefix}due_since": _time(self.due_since),
        }

    @property
    def header(self) -> str:
        """Value of the header."""
        told = [
            ("state", self.state.value),
            ("as-of", _time(self.as_of)),
            ("due-since", _time(self.due_since)),
        ]
        return "?1" + "".join(f';{name}="{value}"' for name, value in told if value is not None)


def status_of(service: Service, layer: Layer) -> Status | None:
    """The last attempts at a layer, with what keeps it from being asked now; None if there was none."""
    status, now = service.status(layer.id), service.now()
    blank = status or Status(layer=layer.id, interval_s=0, last_attempt=now)
    if not service.settings.shows(layer):
        reason = layer.source.unclear.en if layer.source.unclear else None
        return blank.model_copy(update={"error": NotCleared.code, "reason": reason})
    city = service.city(layer.city)
    fault = None if city is None else city.faulty.get(layer.name)
    return status if fault is None else blank.with_fault(fault)


def of(service: Service, layer: Layer, at: datetime | None = None) -> Staleness:
    """How stale an answer about a layer as it was at `at` (None: now) is; of now it is told to the second."""
    if at is not None:
        return _found(service, layer, at)
    # Every answer asks, most of them twice; these are the same objects as long as nothing is read anew.
    made_of = service.status(layer.id), service.cities(), layer
    second = int(service.now().timestamp())
    lately = service.ages.get(layer.id)
    if lately is not None and lately[0] == second and all(map(operator.is_, lately[1], made_of)):
        found: Staleness = lately[2]
        return found
    found = _found(service, layer, None)
    service.ages[layer.id] = second, made_of, found
    return found


def since(service: Service, layer: Layer) -> datetime | None:
    """The instant since which an answer about a layer is as stale as it is now; None if it is not.

    Asked of that instant it says the same as asked of now.
    """
    found, status = of(service, layer), status_of(service, layer)
    if not found or status is None or status.last_success is None:
        return None
    every = timedelta(seconds=status.interval_s)
    turns = (status.last_success + _NEXT + times_ * every for times_ in (0, LATE_AFTER, SILENT_AFTER))
    return max((turn for turn in turns if turn <= service.now()), default=None)


def _found(service: Service, layer: Layer, at: datetime | None) -> Staleness:
    status, now = status_of(service, layer), service.now()
    if status is None:
        return Staleness(State.SILENT, None, None)
    if status.last_success is not None and status.was_ahead(now):  # nobody knows when that was
        return Staleness(status.state(now), None, None)
    last = status.last_success
    if at is not None and last is not None and at <= last:
        return Staleness(State.FRESH, last, None)
    state = status.state(now if at is None else min(at, now))
    return Staleness(state, last, None if last is None else last + layer.source.every)


def headers(service: Service, layers: Iterable[Layer], at: datetime | None = None) -> dict[str, str]:
    """The header of an answer about several layers: names those that are stale; empty if none is."""
    names = [layer.id for layer in layers if of(service, layer, at)]
    return {HEADER: f'?1;layers="{" ".join(names)}"'} if names else {}


def mark(request: Request, response: Response) -> None:
    """Put the header on the answer of a route about the one layer of its address.

    What never changes is left alone: it tells of a revision, not of an instant, and would be kept for a year.
    """
    layer_id, service = request.path_params.get("layer"), getattr(request.app.state, "service", None)
    if layer_id is None or service is None or response.status_code >= 400:
        return
    layer = service.layer(layer_id)[1]
    if of(service, layer):
        if HEADER in response.headers or "immutable" in response.headers.get("cache-control", ""):
            return
        asked = request.query_params.get("datetime")
        found = of(service, layer, None if asked is None else params.asked(asked, service.now()))
        if found:
            response.headers[HEADER] = found.header


def _time(instant: datetime | None) -> str | None:
    return None if instant is None else times.iso(instant)
