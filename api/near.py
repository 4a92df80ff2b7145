"""Links for programs on this very machine: whole addresses although no public one is configured.

Links without a host are right behind any proxy, but many clients and test suites cannot follow them. Who
asks ``http://localhost:8000`` directly gets links that begin so. Nothing else of what a visitor sends gets
into a link: the name must be that of the machine itself, and no proxy may stand between.
"""

import re
from contextvars import ContextVar

from starlette.types import Scope

ADDRESS: ContextVar[str] = ContextVar("address", default="")
"""Where links begin while a request is answered; empty: without a host."""
_ITSELF = re.compile(r"(?:localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])(?::[0-9]{1,5})?", re.IGNORECASE)
_PASSED_ON = {
    b"forwarded",
    b"via",
    b"x-forwarded-for",
    b"x-forwarded-host",
    b"x-forwarded-proto",
    b"x-real-ip",
}


def address(scope: Scope) -> str:
    """``http://localhost:8000`` if the machine itself was asked by this name, without a proxy; else empty."""
    host = ""
    for name, value in scope["headers"]:
        if name == b"host":
            host = value.decode("latin-1")
        elif name in _PASSED_ON:
            return ""
    return f"http://{host.lower()}" if _ITSELF.fullmatch(host) else ""
