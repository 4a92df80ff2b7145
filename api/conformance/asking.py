"""Asking: the app asks itself, without a network, and what is there to ask about."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import orjson
from starlette.types import ASGIApp, Message

Box = tuple[float, float, float, float]
_FEW = 20_000
"""Features of layers that are asked about, and the smallest layer if all are larger: what is read stays."""
_LOOKED_AT = 50


class Missed(Exception):
    """A class that is claimed and not kept; says what was wrong."""


class Untested(Exception):
    """A class about which this store has nothing to ask; says what is missing."""


def expect(true: object, words: str) -> None:
    """Go on if `true`, else `Missed` with `words`."""
    if not true:
        raise Missed(words)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    path: str
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def media(self) -> str:
        """Media type without parameters."""
        return self.headers.get("content-type", "").partition(";")[0]

    def json(self) -> Any:
        """The body read as JSON; `Missed` if it is none."""
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError:
            raise Missed(f"{self.path} is no JSON") from None


class Asker:
    """Asks an app; use it in one thread, and close it by leaving its ``with``."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._runner = asyncio.Runner()
        self._found: dict[str, Any] = {}

    def __enter__(self) -> "Asker":
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.close()

    def ask(self, path: str, body: Any = None, accept: str = "*/*", **query: Any) -> Answer:
        """Ask by GET, with a body by POST; parameters in `query`, where ``_`` stands for ``-``."""
        address = urlsplit(path)
        more = urlencode({name.replace("_", "-"): value for name, value in query.items()}, quote_via=quote)
        text = "&".join(part for part in (address.query, more) if part)
        sent = b"" if body is None else orjson.dumps(body)
        told = [(b"accept", accept.encode()), (b"content-type", b"application/json"), (b"host", b"localhost")]
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "GET" if body is None else "POST",
            "scheme": "http",
            "path": address.path,
            "raw_path": quote(address.path).encode(),
            "query_string": text.encode(),
            "root_path": "",
            "headers": told,
            "client": None,
            "server": ("localhost", 80),
            "twin.own": True,  # counts neither for the metrics nor for a client's limit
        }
        messages: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": sent, "more_body": False}

        async def send(message: Message) -> None:
            messages.append(message)

        async def asked() -> None:
            await self._app(scope, receive, send)

        try:
            self._runner.run(asked())
        except Exception as error:  # a visitor would see a 500
            raise Missed(f"{path} fails ({type(error).__name__})") from error
        headers = {name.decode().lower(): value.decode() for name, value in messages[0]["headers"]}
        whole = b"".join(message.get("body", b"") for message in messages[1:])
        return Answer(f"{path}?{more}" if more else path, messages[0]["status"], headers, whole)

    def get(self, path: str, **query: Any) -> Any:
        """The JSON at a path; `Missed` unless the answer is a 200."""
        answer = self.ask(path, **query)
        expect(answer.status == 200, f"{answer.path} answers {answer.status}")
        return answer.json()

    def refused(self, path: str, status: int, **query: Any) -> None:
        """`Missed` unless the answer has this status."""
        answer = self.ask(path, **query)
        expect(answer.status == status, f"{answer.path} answers {answer.status} and not {status}")

    def collections(self) -> list[str]:
        """Ids of the collections that have features, but not too many; the smallest first.

        All questions about them are bounded by a page; to find what is asked for may take `TWIN_QUERY_S`.
        """
        if "collections" not in self._found:
            told = self.get("/ogc/collections")["collections"]
            sizes = sorted((one["twin"]["features"], one["id"]) for one in told)
            sizes = [(size, name) for size, name in sizes if size > 1]
            few = [name for size, name in sizes if size <= _FEW]
            self._found["collections"] = few or [name for _, name in sizes[:1]]
        found: list[str] = self._found["collections"]
        if not found:
            raise Untested("no layer of this store has two features")
        return found

    def with_geometry(self) -> tuple[str, Box]:
        """(address of a collection's items, box of one of its features)."""
        name, feature = self._placed()
        places = list(points(feature["geometry"]["coordinates"]))
        xs, ys = [place[0] for place in places], [place[1] for place in places]
        return f"/ogc/collections/{name}/items", (min(xs), min(ys), max(xs), max(ys))

    def with_place(self) -> tuple[str, str]:
        """(id of a collection, id of one of its features that has a geometry)."""
        name, feature = self._placed()
        return name, feature["id"]

    def _placed(self) -> tuple[str, Any]:
        for name in self.collections():
            for feature in self.get(f"/ogc/collections/{name}/items", limit=_LOOKED_AT)["features"]:
                if feature["geometry"] is not None:
                    return name, feature
        raise Untested("no layer of this store has geometries")

    def with_value(self, kind: str) -> tuple[str, str, Any]:
        """(items, property, a value): ``text`` of letters, ``number``, ``time`` or ``list`` of texts."""
        for name in self.collections():
            items = f"/ogc/collections/{name}/items"
            wanted = {
                column
                for column, told in self.get(f"/ogc/collections/{name}/queryables")["properties"].items()
                if _kind(told) == kind and told.get("x-ogc-role") != "id"
            }
            for feature in self.get(items, limit=_LOOKED_AT)["features"]:
                for column, value in feature["properties"].items():
                    if column in wanted and value is not None and _asked(kind, value):
                        return items, column, value
        raise Untested(f"no layer of this store has a {kind} to ask for")


def rels(document: Any) -> set[str]:
    """The relations of a document's links."""
    return {link["rel"] for link in document.get("links", ())}


def _kind(told: dict[str, Any]) -> str | None:
    if told.get("type") == "string":
        return {None: "text", "date-time": "time"}.get(told.get("format"))
    if told.get("type") == "array":
        return "list"
    return "number" if told.get("type") in ("number", "integer") else None


def _asked(kind: str, value: Any) -> bool:
    """Whether a value can be asked for as it stands."""
    if kind == "list":
        return value != [] and not set("".join(value)) & {"'"}
    return kind != "text" or _plain(value)


def _plain(value: str) -> bool:
    """Whether the case of a text can be told, and it needs no care in a pattern."""
    return value.lower() != value.upper() and not set(value) & set("'%_\\")


def points(coordinates: Any) -> Iterator[Any]:
    """All positions of coordinates, however deep they lie."""
    if coordinates and isinstance(coordinates[0], int | float):
        yield coordinates
    else:
        for part in coordinates:
            yield from points(part)
