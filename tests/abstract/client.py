"""Asks an app in this process, without a network, as OGC's executable suites ask."""

import asyncio
import threading
from typing import Any
from urllib.parse import quote, urlencode

import httpx


class Client:
    """One event loop in a thread of its own: many questions, no server."""

    BASE = "http://twin.example"

    def __init__(self, app: Any) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url=self.BASE,
            trust_env=False,
            headers={"accept-encoding": "identity"},
        )

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self._run(self._client.aclose())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def __call__(
        self, path: str, query: dict[str, Any] | None = None, accept: str = "*/*", method: str = "GET"
    ) -> httpx.Response:
        """Ask by a path or a whole address; `query` is encoded and put behind what the address has."""
        if query:
            path += ("&" if "?" in path else "?") + urlencode(query, quote_via=quote)
        return self._run(self._client.request(method, path, headers={"accept": accept}))

    def json(self, path: str, query: dict[str, Any] | None = None, accept: str = "application/json") -> Any:
        answer = self(path, query, accept)
        assert answer.status_code == 200, f"{path} {query}: {answer.text[:500]}"
        return answer.json()

    def items(self, layer: str, **query: Any) -> Any:
        """A page of features as GeoJSON; in ``bbox_crs`` and the like ``_`` stands for ``-``."""
        return self.json(f"/ogc/collections/{layer}/items", _named(query), "application/geo+json")

    def ids(self, layer: str, **query: Any) -> set[str]:
        """Ids of all features that a question finds."""
        page = self.items(layer, limit=1000, **query)
        assert page["numberMatched"] == page["numberReturned"]
        return {feature["id"] for feature in page["features"]}

    def refused(self, layer: str, **query: Any) -> None:
        """The question has to be refused with 400."""
        answer = self(f"/ogc/collections/{layer}/items", _named(query), "application/geo+json")
        assert answer.status_code == 400, f"{query}: {answer.status_code} {answer.text[:300]}"
        assert answer.headers["content-type"] == "application/problem+json"


def _named(query: dict[str, Any]) -> dict[str, Any]:
    hyphens = ("bbox_crs", "filter_lang", "filter_crs")
    return {name.replace("_", "-") if name in hyphens else name: value for name, value in query.items()}


def link(document: Any, rel: str, media: str | None = None) -> Any:
    """The first link of a relation (and media type), None if there is none."""
    return next(
        (one for one in document["links"] if one["rel"] == rel and media in (None, one.get("type"))), None
    )


def media(answer: httpx.Response) -> str:
    """Media type without parameters."""
    return answer.headers["content-type"].partition(";")[0]
