"""Made-up servers of any size whose protocols have pages: features, page by page."""

import re

from benchmarks.dialects import dump, feature
from benchmarks.dialects_json import register
from benchmarks.server import Asked, Reply

_JSON = "application/geo+json"


def wfs(rows: int, asked: Asked) -> Reply:
    """WFS 2.0 in GeoJSON: ``count`` and ``startIndex``."""
    first, count = int(asked.query.get("startIndex", 0)), int(asked.query.get("count", 1000))
    return Reply(_page(rows, first, count, {"numberMatched": rows}), "application/json")


def ogc_features(rows: int, asked: Asked) -> Reply:
    """OGC API Features: ``limit``, and links to the next page."""
    first, count = int(asked.query.get("offset", 0)), int(asked.query.get("limit", 1000))
    next_ = {"rel": "next", "type": _JSON, "href": f"items?offset={first + count}&limit={count}"}
    links = [next_] if first + count < rows else []
    return Reply(_page(rows, first, count, {"numberMatched": rows, "links": links}), _JSON)


def arcgis(rows: int, asked: Asked) -> Reply:
    """A Feature Service: all ids, and features between two of them."""
    if asked.query.get("returnIdsOnly") == "true":
        body = {"objectIdFieldName": "OBJECTID", "objectIds": [*range(rows)]}
        return Reply(dump(body).encode(), "application/json")
    first, last = (int(number) for number in re.findall(r"= (\d+)", asked.query["where"]))
    features = [feature(n, {"OBJECTID": n, **register(n)}) for n in range(first, last + 1)]
    return Reply(dump({"type": "FeatureCollection", "features": features}).encode(), _JSON)


def _page(rows: int, first: int, count: int, more: dict[str, object]) -> bytes:
    features = [feature(n, register(n)) for n in range(first, min(first + count, rows))]
    body = {"type": "FeatureCollection", "numberReturned": len(features), **more, "features": features}
    return dump(body).encode()
