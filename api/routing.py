"""Routes that know their query parameters: anything else is refused with the nearest known name."""

import difflib
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from api import stale
from twin.errors import RequestError


class MarkedRoute(APIRoute):
    """A route that says which of its answers are stale."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap FastAPI's handler."""
        handler = super().get_route_handler()

        async def marked(request: Request) -> Response:
            response = await handler(request)
            stale.mark(request, response)
            return response

        return marked


class StrictRoute(MarkedRoute):
    """A route that refuses unknown and repeated query parameters."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap FastAPI's handler."""
        handler = super().get_route_handler()
        known = [field.alias for field in self.dependant.query_params]

        async def strict(request: Request) -> Response:
            if request.url.query:
                refuse_unknown(request, known)
            return await handler(request)

        return strict


def refuse_unknown(request: Request, known: list[str]) -> None:
    """`RequestError` for a query parameter that is not `known`, or is there twice."""
    seen: set[str] = set()
    for name, _ in request.query_params.multi_items():
        if name not in known:
            near = difflib.get_close_matches(name.lower()[:200], known, 1)
            if near:
                hint = f"did you mean {near[0]!r}?"
            else:
                hint = f"this address knows: {', '.join(known) or 'no parameters'}"
            raise RequestError(f"unknown query parameter {name[:80]!r}; {hint}")
        if name in seen:
            raise RequestError(f"query parameter {name!r} is there twice; give it once")
        seen.add(name)
