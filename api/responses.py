"""Answers: ready bytes with ETag, compression and caching; errors as problem+json. One table, one place."""

from collections import OrderedDict
from collections.abc import Callable
from http import HTTPStatus
from threading import Lock
from typing import Any

import brotli
import deflate
import orjson
from blake3 import blake3
from starlette.requests import Request
from starlette.responses import Response

from api import ranges
from catalog import at_hand
from twin.compress import SUFFIXES
from twin.errors import Damaged, NotAcceptable, NotFound, RequestError, StoreError, TooMuch, TwinError

JSON = "application/json"
GEOJSON = "application/geo+json"
GLB = "model/gltf-binary"
PARQUET = "application/vnd.apache.parquet"
HTML = "text/html; charset=utf-8"
PROBLEM = "application/problem+json"

IMMUTABLE = "public, max-age=31536000, immutable"
SHORT = "public, max-age=10"

PROBLEMS: tuple[tuple[type[TwinError], int, str], ...] = (
    (NotAcceptable, 406, "The answer is not there in a format you accept"),
    (TooMuch, 400, "The request asks for too much"),
    (RequestError, 400, "The request cannot be answered as asked"),
    (NotFound, 404, "There is no such thing here"),
    (Damaged, 500, "The store is damaged"),
    (StoreError, 503, "The store cannot be read"),
    (TwinError, 500, "Something went wrong"),
)
"""Error → status and title; the first that fits counts."""

_COMPRESSED = ("json", "text/", "javascript", "svg", "gltf", "wasm")
_SMALLEST = 600
_LONGEST_PATH = 1000
"""Characters of an address that a problem repeats; it has them from who asked."""
_AT_ONCE = 4096
"""Bytes that are compressed in less time than a thread takes to begin."""
_BROTLI = 5
_GZIP = 6


class _Packed:
    """Compressed bodies lately asked for, up to `limit` bytes."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._size = 0
        self._lock = Lock()
        self._kept: OrderedDict[tuple[str, str], bytes] = OrderedDict()

    def get(self, etag: str, coding: str, body: bytes) -> bytes:
        key = (etag, coding)
        with self._lock:
            packed = self._kept.get(key)
            if packed is not None:
                self._kept.move_to_end(key)
                return packed
        packed = pack(coding, body)
        with self._lock:
            if key not in self._kept:
                self._kept[key] = packed
                self._size += len(packed)
            while self._size > self._limit:
                self._size -= len(self._kept.popitem(last=False)[1])
        return packed


def pack(coding: str, body: bytes) -> bytes:
    """Compress for ``br`` or ``gzip``."""
    if coding == "br":
        return bytes(brotli.compress(body, quality=_BROTLI))
    return bytes(deflate.gzip_compress(body, _GZIP))


_packed = _Packed(32 * 1024 * 1024)


def encode(document: Any) -> bytes:
    """A JSON document as bytes; times with ``Z``."""
    return orjson.dumps(document, option=orjson.OPT_UTC_Z)


def respond(
    request: Request,
    body: bytes | Callable[[], bytes],
    media: str,
    *,
    cache: str = SHORT,
    etag: str | None = None,
    status: int = 200,
    headers: dict[str, str] | None = None,
    packed: str | None = None,
) -> Response:
    """Answer with ready bytes.

    Args:
        request: For what the visitor has already and which codings it reads.
        body: The plain bytes; with `packed` those of a prepared sibling. Or what makes them, which is not
            asked of who has them already: then `etag` is needed.
        media: Their media type.
        cache: The Cache-Control header.
        etag: Name of exactly these bytes where one is known; else their checksum is taken.
        status: HTTP status.
        headers: More headers.
        packed: Coding in which the body comes already, one that the visitor accepts.
    """
    answer = {"Cache-Control": cache, "Vary": "Accept-Encoding", **(headers or {})}
    if not isinstance(body, bytes):
        assert etag is not None
        known = _known(request.headers.get("if-none-match"), etag)
        if known is not None:
            return Response(status_code=304, headers={"ETag": f'"{known}"', **answer})
        body = body()
    tag = etag or blake3(body).hexdigest(length=16)
    coding = packed or _coding(request, media, len(body))
    answer["ETag"] = f'"{tag}-{coding}"' if coding else f'"{tag}"'
    if status == 200 and _known(request.headers.get("if-none-match"), tag) is not None:
        return Response(status_code=304, headers=answer)
    if coding:
        answer["Content-Encoding"] = coding
    if coding and not packed:
        if len(body) > _AT_ONCE:
            at_hand.leave()
        body = _packed.get(tag, coding, body)
    answer["Content-Type"] = media
    if cache == IMMUTABLE and status == 200:
        return _part(request, body, answer)
    return Response(body, status, answer)


def _part(request: Request, body: bytes, answer: dict[str, str]) -> Response:
    """A file, or the bytes of it that are asked for, counted in the coding that is sent."""
    answer["Accept-Ranges"] = "bytes"
    wanted = ranges.asked(request.headers.get("range"), len(body))
    if wanted is None or request.scope.get("twin.head"):
        return Response(body, 200, answer)
    if request.headers.get("if-range", answer["ETag"]) != answer["ETag"]:
        return Response(body, 200, answer)
    first, end = wanted
    if first == end:
        words = f"The file has {len(body)} bytes; ask for some of these with Range: bytes=first-last."
        refused = problem(request.url.path, 416, "Nothing of this range is there", words, "range")
        refused.headers["Content-Range"] = f"bytes */{len(body)}"
        return refused
    answer["Content-Range"] = f"bytes {first}-{end - 1}/{len(body)}"
    return Response(body[first:end], 206, answer)


def _known(header: str | None, tag: str) -> str | None:
    """By which name If-None-Match has these bytes, in whatever coding; None if it has not."""
    if header is None:
        return None
    names = (name.strip().removeprefix("W/").strip('"') for name in header.split(","))
    return next((tag if name == "*" else name for name in names if name in ("*", *_names(tag))), None)


def _names(tag: str) -> tuple[str, ...]:
    return (tag, *(f"{tag}-{coding}" for coding in SUFFIXES))


def codings(request: Request) -> list[str]:
    """The codings of ours that the visitor accepts, the most welcome first.

    A part is one of the plain bytes, as a piece of packed ones unpacks to nothing; who goes on with a packed
    file says so by its ETag in If-Range.
    """
    accepted = request.headers.get("accept-encoding", "")
    found = welcome(accepted) if accepted else []
    if found and "range" in request.headers:
        begun = request.headers.get("if-range", "").rstrip('"')
        return [name for name in found if begun.endswith(f"-{name}")]
    return found


def welcome(accepted: str) -> list[str]:
    """The codings of ours that an Accept-Encoding header names, the most welcome first."""
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, _, parameter = part.partition(";")
        try:
            weights[name.strip()] = float(parameter.strip().removeprefix("q=") or 1)
        except ValueError:
            weights[name.strip()] = 0.0
    # Only what is named: who sends * means "whatever", and such clients often decode nothing.
    ours = {name: weights.get(name, 0.0) for name in ("br", "gzip")}
    return sorted((name for name, weight in ours.items() if weight > 0), key=lambda name: -ours[name])


def _coding(request: Request, media: str, size: int) -> str | None:
    if size < _SMALLEST or not any(kind in media for kind in _COMPRESSED):
        return None
    return next(iter(codings(request)), None)


def problem(path: str, status: int, title: str, detail: str, code: str) -> Response:
    """An error as RFC 9457 wants it; `detail` says what to do next."""
    body = {
        "type": f"/docs#problem-{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": path if len(path) <= _LONGEST_PATH else f"{path[:_LONGEST_PATH]}…",
    }
    headers = {"Cache-Control": "no-store", "Content-Type": PROBLEM}
    return Response(encode(body), status, headers)


def problem_of(path: str, error: TwinError) -> Response:
    """The answer to an error raised on purpose."""
    status, title = next((s, t) for kind, s, t in PROBLEMS if isinstance(error, kind))
    return problem(path, status, title, str(error), error.code)


def problem_of_status(path: str, status: int) -> Response:
    """The answer to an error that the framework found, such as an unknown path."""
    title = HTTPStatus(status).phrase
    remedies = {
        404: "Nothing lies at this address; /docs lists every address of this service.",
        405: "This service is read-only: ask with GET or HEAD.",
    }
    return problem(path, status, title, remedies.get(status, f"{title}."), f"http-{status}")
