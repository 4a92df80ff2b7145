"""Wire: uvicorn's protocol with httptools, with a limit to what comes before a request is whole.

Tiles that lie in memory (`api.hot`) are sent from here: the task, the scope and the checks of headers that an
application is given take as long as the tile itself.
"""

from types import SimpleNamespace
from typing import Any

import orjson
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_HEAD = 64 * 1024
"""Bytes of the longest address and headers together."""
_WITH_BODY = (b"content-length", b"transfer-encoding", b"expect")
_WORDS = {
    400: ("Bad Request", "This is no HTTP request that can be read; ask with any HTTP client."),
    431: ("Request Header Fields Too Large", f"Address and headers are longer than {MOST_HEAD} bytes."),
}


class _Answered:
    """In place of uvicorn's request and answer, both done; a new one shows that there was a request."""

    response_complete = True
    message_event = SimpleNamespace(set=lambda: None)
    """Nobody waits for it."""


class Wire(HttpToolsProtocol):
    """One connection. httptools itself takes headers without an end, and says what is wrong in bare text."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._head = 0
        self._within = True
        self._begun = False
        self._hot = None if self.access_log or self.root_path else getattr(self.app, "hot", None)

    def on_message_begin(self) -> None:
        """A request begins: from the next piece on bytes count."""
        super().on_message_begin()
        self._head, self._within, self._begun = 0, True, True

    def on_headers_complete(self) -> None:
        """The request is known: what comes now is its body, which `api.bodies` limits."""
        self._within = False
        hot = self._hot
        if hot is None or not self.url.endswith(b".glb") or not self._sent(hot):
            super().on_headers_complete()

    def _sent(self, hot: Any) -> bool:
        """Answer at once, if this is a plain request that can be; whether it was."""
        parser, transport = self.parser, self.transport
        if (
            b"?" in self.url
            or parser.get_method() != b"GET"
            or parser.get_http_version() != "1.1"
            or not parser.should_keep_alive()
            or parser.should_upgrade()
            or any(name in _WITH_BODY for name, _ in self.headers)
            or (self.cycle is not None and not self.cycle.response_complete)
            or transport.is_closing()
            or transport.get_write_buffer_size()  # who does not take what was sent shall wait
        ):
            return False
        ready = hot.ready(self.url.decode("latin-1"), self.headers)
        if ready is None:
            return False
        usual = b"".join([b"%b: %b\r\n" % pair for pair in self.server_state.default_headers])
        transport.write(b"HTTP/1.1 200 OK\r\n%b%b\r\n" % (usual, ready.head))
        transport.write(ready.body)
        self.cycle = _Answered()  # type: ignore[assignment]
        self.on_response_complete()
        return True

    def data_received(self, data: bytes) -> None:
        """Take what came; end the connection if headers do not end."""
        super().data_received(data)
        begun, self._begun = self._begun, False  # what comes with the beginning may be the end of a body
        if self._within and not begun and not self.transport.is_closing():
            self._head += len(data)
            if self._head > MOST_HEAD:
                self._refuse(431)

    def send_400_response(self, msg: str) -> None:
        """Say as problem+json that this is no request."""
        self._refuse(400)

    def _refuse(self, status: int) -> None:
        title, detail = _WORDS[status]
        body = orjson.dumps({"type": "about:blank", "title": title, "status": status, "detail": detail})
        self.transport.write(
            b"HTTP/1.1 %d %b\r\ncontent-type: application/problem+json\r\ncache-control: no-store\r\n"
            b"access-control-allow-origin: *\r\ncontent-length: %d\r\nconnection: close\r\n\r\n%b"
            % (status, title.encode(), len(body), body)
        )
        self.transport.close()
