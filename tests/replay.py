"""A source on loopback that answers as the real hosts do, errors included. Real HTTP, no recorded sleep."""

import gzip
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Query = Mapping[str, str]

SERVICE_EXCEPTION = b"""<?xml version="1.0" ?>
<ServiceExceptionReport version="1.2.0"><ServiceException code="InvalidParameterValue" locator="typeName">
Feature type unknown to a person called Erika</ServiceException></ServiceExceptionReport>"""
EXCEPTION_REPORT = b"""<?xml version="1.0" encoding="UTF-8"?>
<ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows/1.1" version="2.0.0">
<ows:Exception exceptionCode="NoApplicableCode"><ows:ExceptionText>secret</ows:ExceptionText></ows:Exception>
</ows:ExceptionReport>"""
HTML = b"<!DOCTYPE html><html><head><title>Wartung</title></head><body>secret</body></html>"


@dataclass(frozen=True)
class Answer:
    """One answer, honest or not."""

    body: bytes = b""
    content_type: str = "application/json"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int = 0
    """So many bytes are promised and never sent."""
    drip_s: float | None = None
    """Each byte is sent on its own, with such a pause before the next."""
    silent: bool = False
    """Nothing is sent until the server is closed."""


def as_json(value: Any, **more: Any) -> Answer:
    return Answer(json.dumps(value, ensure_ascii=False).encode(), **more)


def gzipped(answer: Answer) -> Answer:
    return Answer(
        gzip.compress(answer.body),
        answer.content_type,
        headers={**answer.headers, "Content-Encoding": "gzip"},
    )


Route = Callable[[Query], Answer]


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is part of the play."""


class Replay:
    """The server. `routes` by path; a list of answers is given one after the other, the last one for ever."""

    def __init__(self) -> None:
        self.routes: dict[str, Route | list[Answer]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        """Path and query of each request, in order."""
        self.headers: list[dict[str, str]] = []
        self._closing = threading.Event()
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self) -> "Replay":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def until_asked(self, times: int) -> None:
        """Wait until so many requests have been read: who hangs up early may be ahead of us."""
        assert any(len(self.asked) >= times or self._closing.wait(0.02) for _ in range(3000))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def wfs(self, path: str, features: list[dict[str, Any]], **quirks: Any) -> str:
        """A GeoServer workspace. Quirks: `most` (features a page at most), `deaf` (ignores startIndex),
        `total` (what it says), `crs` (a member), `reshuffled` (pages overlap)."""

        def answer(query: Query) -> Answer:
            if query.get("request") != "GetFeature" or not query.get("typeNames"):
                return Answer(SERVICE_EXCEPTION, "application/xml")
            start = 0 if quirks.get("deaf") else int(query.get("startIndex", 0))
            start = max(0, start - quirks.get("reshuffled", 0))
            count = min(int(query.get("count", 10**6)), quirks.get("most", 10**6))
            page = features[start : start + count]
            total = quirks.get("total", len(features))
            document: dict[str, Any] = {"type": "FeatureCollection", "features": page, "totalFeatures": total}
            document |= {"numberMatched": total, "numberReturned": len(page)}
            if "crs" in quirks:
                document["crs"] = {"type": "name", "properties": {"name": quirks["crs"]}}
            return as_json(document, content_type="application/json;charset=UTF-8")

        self.routes[path] = answer
        return self.url + path

    def ckan(self, package: str, files: dict[str, bytes], *, wrapped: bool = False, host: str = "") -> str:
        """A CKAN portal with one package: resource name → CSV. The address of the package."""
        resources = []
        for number, (name, body) in enumerate(files.items()):
            path = f"/dataset/{package}/resource/{number}/download/file_{number}.csv"
            self.routes[path] = [Answer(body, "text/csv")]
            resources.append({"name": name, "url": (host or self.url) + path, "format": "CSV"})
        resources.append({"name": "Beschreibung", "url": self.url + "/readme.pdf", "format": "PDF"})
        result: Any = {"name": package, "resources": resources}

        def answer(query: Query) -> Answer:
            if query.get("id") != package:
                return as_json({"success": False, "error": {"__type": "Not Found Error"}}, status=404)
            return as_json({"success": True, "result": [result] if wrapped else result})

        self.routes["/api/3/action/package_show"] = answer
        return f"{self.url}/api/3/action/package_show?id={package}"

    def uba(self, stations: dict[str, Any], airquality: dict[str, Any]) -> str:
        """The air API: a stations document, and the values of each station."""
        needed = ("date_from", "date_to", "time_from", "time_to")

        def of_station(query: Query) -> Answer:
            if any(name not in query for name in (*needed, "station")):
                return as_json({"error": "missing parameter"}, status=422)
            series = airquality.get(query["station"], [])
            return as_json({"request": dict(query), "data": {query["station"]: series} if series else []})

        def of_all(query: Query) -> Answer:
            if any(name not in query for name in (*needed, "use")):
                return as_json({"error": "missing parameter"}, status=422)
            return as_json(stations)

        self.routes["/api/air-data/v3/stations/json"] = of_all
        self.routes["/api/air-data/v3/airquality/json"] = of_station
        return self.url + "/api/air-data/v3"

    def _answer(self, path: str, query: Query) -> Answer:
        route = self.routes.get(path)
        if route is None:
            return Answer(b"not here", "text/plain", 404)
        if callable(route):
            return route(query)
        return route.pop(0) if len(route) > 1 else route[0]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        replay = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
                replay.asked.append((parts.path, query))
                replay.headers.append({name.lower(): value for name, value in self.headers.items()})
                answer = replay._answer(parts.path, query)
                if answer.silent:
                    replay._closing.wait(10)
                    self.close_connection = True
                    return
                self.send_response(answer.status)
                if answer.content_type:
                    self.send_header("Content-Type", answer.content_type)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body) + answer.cut))
                self.end_headers()
                if answer.drip_s is None:
                    self.wfile.write(answer.body)
                else:
                    for byte in answer.body:
                        self.wfile.write(bytes([byte]))
                        self.wfile.flush()
                        replay._closing.wait(answer.drip_s)
                self.close_connection = bool(answer.cut)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        return Handler
