"""The HTTP door: put together here, said elsewhere."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api import responses
from api.contents import Contents
from api.hot import Hot
from api.limit import Limit
from api.live.hub import Hub
from api.live.watch import Watch
from api.manners import Manners, methods
from api.meter import Meter
from api.openapi.document import document
from api.routers import files, live, names, ogc, ogc_schemas, ops, pages, sta, stac, tiles, vector
from api.routing import join
from api.service import Service
from api.together import Together
from twin import times
from twin.errors import RequestError, TwinError
from twin.settings import Settings
from twin.store import Store, open_store

VERSION = "0.1.0"


class _App(FastAPI):
    """Describes itself in full, see `api.openapi`; sends tiles that lie in memory at once, see `api.hot`."""

    hot: Hot | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self.hot is not None and await self.hot.sent(scope, send):
            return
        await super().__call__(scope, receive, send)

    def build_middleware_stack(self) -> ASGIApp:
        """Our manners around the router, and nothing else.

        They make answers of all that is raised. The framework's own layers do that, too, close uploads that
        no route of ours takes and watch for telemetry that is off; each is passed twice by every answer.
        """
        app: ASGIApp = self.router
        for layer, args, more in reversed(self.user_middleware):
            app = layer(app, *args, **more)
        return app

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            self.openapi_schema = document(self)
        return self.openapi_schema


def create_app(
    settings: Settings,
    store: Store | None = None,
    ttl: float = 1.0,
    now: Callable[[], datetime] = times.now,
    together: Together | None = None,
) -> FastAPI:
    """The service over a store.

    Args:
        settings: How this installation runs.
        store: The store itself, where it is open already; else ``settings.store`` is opened.
        ttl: Seconds after which what can change in the store is looked at again.
        now: The clock; tests set it.
        together: What is shared with other workers of this server; None if there are none.
    """
    together = together or Together()
    opened = store if store is not None else open_store(settings.store)
    service = Service(settings, opened, ttl, now, together)
    contents = Contents(service.store)
    app = _App(
        title="Stadtzwilling",
        version=VERSION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        servers=[{"url": settings.public_url or "/"}],
        # nobody is told who asked for what, whatever the environment says; nor does every answer ask it
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.state.service = service
    join(app.router, tiles.router(service, contents))
    join(app.router, ogc.router(service, contents))
    join(app.router, vector.router(service))
    join(app.router, ogc_schemas.router(service))
    join(app.router, names.router(service))
    join(app.router, stac.router(service, contents))
    meter = Meter(together.own(), together.counted)
    limit = Limit(settings, shared=together.buckets, secret=together.secret)
    hub = Hub(Watch(service), settings.live_every_s, settings.live_heartbeat_s)
    app.state.hub, app.state.service, app.state.together = hub, service, together
    join(app.router, live.router(service, hub))
    join(app.router, sta.router(service))
    join(app.router, ops.router(service, ttl, meter, hub, together))
    join(app.router, files.router(service, contents))
    join(app.router, pages.router(service))
    app.add_middleware(Manners, settings=settings, limit=limit, meter=meter, told=_told)
    app.hot = Hot(service, contents, meter)
    return app


def _told(path: str, error: Exception) -> Response | None:
    """The answer to an error that was raised on purpose, by us or the framework; None for any other."""
    if isinstance(error, RequestValidationError):
        faults = (f"{fault['loc'][-1]}: {fault['msg'].lower()}" for fault in error.errors())
        error = RequestError(f"{'; '.join(faults)}. See /docs for what each parameter takes.")
    if isinstance(error, TwinError):
        return responses.problem_of(path, error)
    if not isinstance(error, HTTPException):
        return None
    answer = responses.problem_of_status(path, error.status_code)
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        answer.headers["Allow"] = methods(path)
    return answer
