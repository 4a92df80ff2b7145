"""A small local HTTP server: answers with ETags, 304 where the client has it already, and a count of both."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True, slots=True)
class Asked:
    """A request."""

    path: str
    query: dict[str, str]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: bytes, or a file that is sent as it lies there."""

    body: bytes | Path
    kind: str = "application/octet-stream"


@dataclass(slots=True)
class Traffic:
    """What went over the wire."""

    requests: int = 0
    unchanged: int = 0
    """Of these answered with 304."""
    missing: int = 0
    """Of these answered with 404."""
    sent: int = 0
    """Bytes of bodies."""
    lock: threading.Lock = field(default_factory=threading.Lock)


@contextmanager
def serving(answer: Callable[[Asked], Reply | None]) -> Iterator[tuple[str, Traffic]]:
    """Address of a server on this machine and what it counts; `answer` gives None for what is not there."""
    traffic = Traffic()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            reply = answer(Asked(parts.path, dict(parse_qsl(parts.query))))
            body = b"" if reply is None else reply.body
            data = body.read_bytes() if isinstance(body, Path) else body
            tag = f'"{sha256(data).hexdigest()[:32]}"'
            known = reply is not None and self.headers.get("If-None-Match") == tag
            with traffic.lock:
                traffic.requests += 1
                traffic.unchanged += known
                traffic.missing += reply is None
                traffic.sent += 0 if known else len(data)
            self.send_response(404 if reply is None else 304 if known else 200)
            if reply is not None:
                self.send_header("ETag", tag)
                self.send_header("Content-Type", reply.kind)
            if not known:
                self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if not known:
                self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", traffic
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
