"""For operators, in the open: health, freshness, dates, privacy, conformance, metrics under ``/ops``."""

import time
from threading import Lock
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from api import describe, metrics, responses, several
from api.conformance.kept import Conformance
from api.dates import Dates
from api.live.hub import Hub
from api.meter import Meter
from api.routing import StrictRoute
from api.service import Service
from api.together import Together
from catalog.verify import verify
from twin import times
from twin.decision import ACT_TITLES
from twin.errors import StoreError

_DEEP_BYTES = 2 * 1024**3
"""Checksums are compared on every look as long as the newest revisions are not larger than this together."""
_SHARE = 20
"""A look that took a second is good for so many."""


class Health:
    """Looks over the whole store, seldom enough that looking costs little."""

    def __init__(self, service: Service, ttl: float) -> None:
        self._service = service
        self._ttl = ttl
        self._lock = Lock()
        self._until = 0.0
        self._found: list[str] = []

    def damages(self) -> list[str]:
        """Everything known to be damaged, in words."""
        with self._lock:
            if time.monotonic() >= self._until:
                start = time.monotonic()
                self._found = self._look()
                took = time.monotonic() - start
                self._until = time.monotonic() + max(self._ttl, took * _SHARE)
            return list(self._found)

    def _look(self) -> list[str]:
        service = self._service
        try:
            layers = [layer.id for _, layer in service.layers()]
        except StoreError as error:
            return [str(error)]
        current = [r for layer in layers if (r := service.listing.current(layer)) is not None]
        size = sum(entry.size for revision in current for entry in revision.objects.values())
        found = list(service.lost_cities().values())
        noticed = service.noticed()
        deep = size <= _DEEP_BYTES or bool(noticed or self._found)  # until it is found whole
        for layer in layers:
            found += verify(service.store, layer, deep)
        return list(dict.fromkeys(found or noticed))


def router(service: Service, ttl: float, meter: Meter, hub: Hub, together: Together) -> APIRouter:
    """The routes of this door."""
    routes = APIRouter(prefix="/ops", route_class=StrictRoute, tags=["Operation"])
    health_of = Health(service, ttl)

    @routes.get("/health", summary="Whether everything published is whole; 503 if not")
    def health(request: Request) -> Response:
        damages = health_of.damages()
        empty = not damages and not any(service.listing.current(layer.id) for _, layer in service.layers())
        document = {
            "status": "damaged" if damages else "empty" if empty else "ok",
            "damages": damages,
            "generated_at": times.iso(service.now()),
        }
        body = responses.encode(document)
        status = 503 if damages else 200
        return responses.respond(request, body, responses.JSON, cache="no-store", status=status)

    @routes.get("/freshness", summary="When each source last answered")
    def freshness(request: Request) -> Response:
        layers = [
            {
                "layer": layer.id,
                **describe.freshness(service, layer),
                "revision": _revision(service, layer.id),
            }
            for _, layer in (*service.layers(), *service.withheld())
        ]
        body = responses.encode({"generated_at": times.iso(service.now()), "layers": layers})
        return responses.respond(request, body, responses.JSON)

    dates_of = Dates(service)

    @routes.get("/dates", summary="Since when each revision held, and on which days something was measured")
    def dates(request: Request, layers: several.Layers = None) -> Response:
        wanted = several.ids(service, layers)
        shown = [layer.id for _, layer in service.layers() if wanted is None or layer.id in wanted]
        body = responses.encode({"layers": [dates_of.of(layer) for layer in shown]})
        return responses.respond(request, body, responses.JSON)

    @routes.get("/privacy", summary="What was held back or dropped and why, without the values")
    def privacy(request: Request) -> Response:
        layers = [_privacy(service, layer.id) for _, layer in service.layers()]
        body = responses.encode({"generated_at": times.iso(service.now()), "layers": layers})
        return responses.respond(request, body, responses.JSON)

    kept = Conformance(service)

    @routes.get("/conformance", summary="The service's own check of every conformance class that it claims")
    def conformance(request: Request) -> Response:
        body = responses.encode(kept.report(request.app))
        return responses.respond(request, body, responses.JSON)

    @routes.get(
        "/metrics",
        summary="Answers, layers, listeners, processor time and memory of all workers, for Prometheus",
        response_class=PlainTextResponse,
    )
    def measured(request: Request) -> Response:
        body = metrics.text(service, meter, hub, together).encode()
        return responses.respond(request, body, metrics.MEDIA, cache="no-store")

    return routes


def _revision(service: Service, layer_id: str) -> int | None:
    revision = service.listing.current(layer_id)
    return None if revision is None else revision.number


def _privacy(service: Service, layer_id: str) -> dict[str, Any]:
    """The last run's account where there is one, else that of the published revision."""
    status = service.status(layer_id)
    story = describe.provenance(service, service.listing.current(layer_id))
    account = status if status is not None and status.counts else story
    if account is None:
        return {"layer": layer_id, "counts": {}, "held": {}, "decisions": []}
    return {
        "layer": layer_id,
        "counts": account.counts,
        "held": account.reasons.get("held", {}),
        "decisions": [
            {**decision.model_dump(mode="json"), "title": ACT_TITLES[decision.act].model_dump()}
            for decision in account.gate
        ],
    }
