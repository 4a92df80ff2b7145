"""Routes that read their parameters without detours, and refuse those they do not know."""

import difflib
from collections.abc import Callable, Coroutine
from inspect import iscoroutinefunction
from typing import Any, TypeVar

from fastapi import APIRouter
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Receive, Scope, Send

from api import near, stale
from catalog import at_hand
from twin.errors import RequestError

_AT_ONCE: set[Callable[..., Any]] = set()
_UNREAD, _UNREAD_AS_SENT = "\ufffd", b"%EF%BF%BD"
"""What stands for bytes that are no UTF-8, and how somebody writes it who means the character itself."""
Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


def at_once(endpoint: Endpoint) -> Endpoint:
    """Have an endpoint answer where its request was read, if all of it is at hand; see `catalog.at_hand`."""
    _AT_ONCE.add(endpoint)
    return endpoint


class DirectRoute(APIRoute):
    """A route of path and query parameters alone.

    FastAPI describes it and its types check what is given, but what FastAPI does for bodies, dependencies
    and response models at every request is left out: it took more time than a page of features.
    An answer that is stale says so; for where its links begin see `api.near`.
    """

    strict = False
    """Whether query parameters that the route does not name are refused here."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **more: Any) -> None:
        """As FastAPI's."""
        super().__init__(path, endpoint, **more)
        self._before, self._after = path.partition("{")[0], path.rpartition("}")[2]
        self._answer = self.get_route_handler()

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether this route is meant; most are told apart by how they begin and end."""
        path = scope["path"]
        if scope["type"] != "http" or not path.startswith(self._before) or not path.endswith(self._after):
            return Match.NONE, {}
        return super().matches(scope)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """What answers: parameters read, then the endpoint, in a thread unless it is a coroutine."""
        told = self.dependant
        left_out = [*told.dependencies, *told.body_params, *told.cookie_params]
        assert not left_out, self.path
        names = [field.alias for field in told.query_params]
        waits = iscoroutinefunction(self.endpoint)
        quick = self.endpoint in _AT_ONCE
        fields = [
            (place, field, field.alias, field.name, field.field_info.is_required())
            for place, group in (
                ("path", told.path_params),
                ("header", told.header_params),
                ("query", told.query_params),
            )
            for field in group
        ]

        usual = {field.name: field.default for _, field, _, _, required in fields if not required}

        async def answer(request: Request) -> Response:
            if self.strict and request.scope["query_string"]:
                refuse_unknown(request, names)
            # a plain dict: what is not there costs an exception in Starlette's
            query = dict(request.query_params.multi_items())
            given = {"path": request.path_params, "query": query, "header": request.headers}
            values = usual.copy()
            faults: list[dict[str, Any]] = []
            for place, field, alias, name, required in fields:
                text = given[place].get(alias)
                if text is not None:
                    values[name], wrong = field.validate(text, loc=(place, alias))
                    faults += wrong
                elif required:
                    faults.append({"loc": (place, alias), "msg": "is required"})
            if faults:
                raise RequestValidationError(faults)
            if told.request_param_name:
                values[told.request_param_name] = request
            if waits:
                found: Response = await self.endpoint(**values)
                return found
            if "twin.own" in request.scope:  # has a thread to itself, and nobody waits for its event loop
                return work(request, values)
            if quick:
                try:
                    with at_hand.only():
                        return work(request, values)
                except at_hand.Elsewhere:
                    pass  # then in a thread, as all others
            return await run_in_threadpool(work, request, values)

        def work(request: Request, values: dict[str, Any]) -> Response:
            found: Response = self.endpoint(**values)
            stale.mark(request, found)
            return found

        return answer

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; what is raised goes to the application's table of errors."""
        if self.methods and scope["method"] not in self.methods:
            await super().handle(scope, receive, send)
            return
        token = near.ADDRESS.set(near.address(scope))
        try:
            response = await self._answer(Request(scope, receive, send))
        finally:
            near.ADDRESS.reset(token)
        await response(scope, receive, send)


class StrictRoute(DirectRoute):
    """A route that refuses unknown and repeated query parameters."""

    strict = True


def join(routes: APIRouter, more: APIRouter) -> None:
    """Put routes behind others, as they are: a router in a router matches everything twice."""
    routes.routes.extend(more.routes)


def refuse_unknown(request: Request, known: list[str]) -> None:
    """`RequestError` for a query parameter that is not `known`, is there twice, or has a NUL in it."""
    seen: set[str] = set()
    for name, value in request.query_params.multi_items():
        if name not in known:
            near = difflib.get_close_matches(name.lower()[:200], known, 1)
            if near:
                hint = f"did you mean {near[0]!r}?"
            else:
                hint = f"this address knows: {', '.join(known) or 'no parameters'}"
            raise RequestError(f"unknown query parameter {name[:80]!r}; {hint}")
        if name in seen:
            raise RequestError(f"query parameter {name!r} is there twice; give it once")
        if "\0" in value:
            raise RequestError(f"query parameter {name!r} has a NUL character; leave it out")
        if _UNREAD in value and _UNREAD_AS_SENT not in request.scope["query_string"].upper():
            raise RequestError(f"query parameter {name!r} is not written in UTF-8; write ü as %C3%BC")
        seen.add(name)
