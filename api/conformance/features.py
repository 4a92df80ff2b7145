"""Checks of OGC API Common, Features 1, 2 and 5."""

from collections.abc import Callable
from typing import Any

import orjson

from api.conformance.asking import Asker, expect, rels

_REL = "http://www.opengis.net/def/rel/ogc/1.0/"
_CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_CRS84H = "http://www.opengis.net/def/crs/OGC/0/CRS84h"
_LAT_FIRST = "http://www.opengis.net/def/crs/EPSG/0/4258"


def _landing(ask: Asker) -> None:
    page = ask.get("/ogc")
    for rel in ("service-desc", "service-doc", "conformance", "data"):
        expect(rel in rels(page) or _REL + rel in rels(page), f"the landing page has no link {rel}")
    for link in page["links"]:
        if link["rel"] in ("service-desc", "service-doc", "conformance", "data"):
            expect(ask.ask(link["href"]).status == 200, f"{link['href']} is no address")


def _json(ask: Asker) -> None:
    for path in ("/ogc", "/ogc/conformance", "/ogc/collections"):
        expect(ask.ask(path, f="json").media == "application/json", f"{path} is not application/json")


def _html(ask: Asker) -> None:
    items = f"/ogc/collections/{ask.collections()[0]}/items"
    for path in ("/ogc", "/ogc/collections", items.removesuffix("/items"), items):
        for answer in (ask.ask(path, f="html"), ask.ask(path, accept="text/html")):
            expect((answer.status, answer.media) == (200, "text/html"), f"{path} is not there as HTML")


def _without_examples(part: Any) -> Any:
    if isinstance(part, list):
        return [_without_examples(one) for one in part]
    if isinstance(part, dict):
        return {
            name: _without_examples(one) for name, one in part.items() if name not in ("example", "examples")
        }
    return part


def _openapi(version: str) -> Callable[[Asker], None]:
    def check(ask: Asker) -> None:
        (link,) = [link for link in ask.get("/ogc")["links"] if link["rel"] == "service-desc"]
        answer = ask.ask(link["href"])
        document = answer.json()
        expect(document["openapi"].startswith(version), f"the document is OpenAPI {document['openapi']}")
        expect(f"version={version}" in answer.headers["content-type"], "its media type says another version")
        expect(b'"$ref":"http' not in answer.body, "it refers to other servers")
        schemas = orjson.dumps(_without_examples(document))  # what is shown as an example may be anything
        for word in (b'"type":[', b'{"type":"null"}', b'"const":'):
            newer = version == "3.0" and word in schemas
            expect(not newer, f"it has {word.decode()}, which {version} does not know")

    return check


def _collections(ask: Asker) -> None:
    listed = ask.get("/ogc/collections")
    expect({"self"} <= rels(listed), "the list has no link self")
    for one in listed["collections"]:
        alone = ask.get(f"/ogc/collections/{one['id']}")
        expect(alone["id"] == one["id"], f"{one['id']} has another id when asked for")
        expect("items" in rels(alone), f"{one['id']} has no link to its items")
    ask.refused("/ogc/collections/there.is-none", 404)


def _items(ask: Asker) -> None:
    items, box = ask.with_geometry()
    whole = ask.get(items, limit=1)
    expect(whole["type"] == "FeatureCollection", f"{items} is no FeatureCollection")
    expect(len(whole["features"]) == whole["numberReturned"] == 1, "limit=1 gives another number")
    expect({"self", "next"} <= rels(whole), "a page has no self or next")
    (following,) = [link["href"] for link in whole["links"] if link["rel"] == "next"]
    ids = [feature["id"] for feature in (*whole["features"], *ask.get(following)["features"])]
    expect(len(set(ids)) == len(ids), "a page repeats features")
    near = ask.get(items, bbox=",".join(map(str, box)))
    expect(0 < near["numberMatched"] <= whole["numberMatched"], "bbox finds nothing")
    expect(ask.get(items, datetime="2000-01-01/.."), "datetime is not read")
    one = ask.get(f"{items}/{ids[0]}")
    expect((one["type"], one["id"]) == ("Feature", ids[0]), "a feature has another id when asked for")
    ask.refused(f"{items}/there-is-none", 404)
    for wrong in ("nonsense", "limit", "bbox", "datetime"):
        ask.refused(items, 400, **{wrong: "wrong"})


def _geojson(ask: Asker) -> None:
    items, _ = ask.with_geometry()
    answer = ask.ask(items, limit=5)
    expect(answer.media == "application/geo+json", "features are not application/geo+json")
    for feature in answer.json()["features"]:
        expect({"type", "id", "geometry", "properties"} <= set(feature), "a feature lacks a member")


def _crs(ask: Asker) -> None:
    items, box = ask.with_geometry()
    listed = ask.get(items.removesuffix("/items"))
    expect(_CRS84 in listed["crs"], "CRS84 is not listed")
    expect(listed["storageCrs"] in listed["crs"], "the storage CRS is not listed")
    corner = ",".join(map(str, box))
    plain = ask.get(items, bbox=corner, limit=1)
    for name in listed["crs"]:
        answer = ask.ask(items, crs=name, bbox=corner, limit=1)
        expect(answer.status == 200, f"crs={name} answers {answer.status}")
        expect(answer.headers.get("content-crs") == f"<{name}>", f"Content-Crs is not <{name}>")
    if _LAT_FIRST in listed["crs"]:
        first = _first(plain["features"][0]["geometry"]["coordinates"])
        turned = ask.get(items, crs=_LAT_FIRST, bbox=corner, limit=1)
        lat, lon = _first(turned["features"][0]["geometry"]["coordinates"])[:2]
        close = abs(lon - first[0]) < 1e-5 and abs(lat - first[1]) < 1e-5
        expect(close, "EPSG:4258 does not have latitudes first")
        west, south, east, north = box
        told = {"bbox": f"{south},{west},{north},{east}", "bbox-crs": _LAT_FIRST}
        there = ask.get(items, limit=1, **told)["numberMatched"]
        expect(there == plain["numberMatched"], "bbox-crs finds others")
    ask.refused(items, 400, crs="http://www.opengis.net/def/crs/EPSG/0/999999")
    for name in ask.collections():
        items = f"/ogc/collections/{name}/items"
        if _CRS84H in ask.get(f"/ogc/collections/{name}")["crs"]:
            answer = ask.ask(items, crs=_CRS84H, limit=5)
            expect(answer.headers.get("content-crs") == f"<{_CRS84H}>", "Content-Crs is not CRS84h")
            for feature in answer.json()["features"]:
                place = feature["geometry"] and _first(feature["geometry"]["coordinates"])
                expect(place is None or len(place) == 3, "a place in CRS84h has no height")


def _first(coordinates: Any) -> Any:
    while not isinstance(coordinates[0], int | float):
        coordinates = coordinates[0]
    return coordinates


def _schema(name: str, needed: str | None = None) -> Callable[[Asker], None]:
    def check(ask: Asker) -> None:
        for collection in ask.collections():
            path = f"/ogc/collections/{collection}"
            answer = ask.ask(f"{path}/{name}")
            expect(answer.status == 200, f"{path}/{name} answers {answer.status}")
            expect(answer.media == "application/schema+json", f"{path}/{name} is no application/schema+json")
            document = answer.json()
            expect(
                document["type"] == "object" and document["properties"], f"{path}/{name} has no properties"
            )
            expect(document["$id"].endswith(f"{path}/{name}"), f"{path}/{name} has another $id")
            expect(_REL + name in rels(ask.get(path)), f"{path} has no link to {name}")
            roles = {told.get("x-ogc-role") for told in document["properties"].values()}
            expect(
                needed is None or needed in roles, f"{path}/{name} says of no property that it is {needed}"
            )

    return check


def _returnables(ask: Asker) -> None:
    for collection in ask.collections():
        known = set(ask.get(f"/ogc/collections/{collection}/schema")["properties"])
        for feature in ask.get(f"/ogc/collections/{collection}/items", limit=5)["features"]:
            more = set(feature["properties"]) - known
            expect(not more, f"{collection} has properties that its schema lacks: {', '.join(sorted(more))}")


def _sorted(ask: Asker) -> None:
    items, column, _ = ask.with_value("number")
    for sign, back in (("", False), ("-", True)):
        found = ask.get(items, sortby=sign + column, limit=100)["features"]
        values = [v for feature in found if (v := feature["properties"][column]) is not None]
        expect(values == sorted(values, reverse=back), f"sortby={sign}{column} does not sort")
    ask.refused(items, 400, sortby="nonsense")


_FEATURES = "http://www.opengis.net/spec/ogcapi-features-"
_COMMON = "http://www.opengis.net/spec/ogcapi-common-"

CHECKS: dict[str, Callable[[Asker], None]] = {
    f"{_COMMON}1/1.0/conf/core": _landing,
    f"{_COMMON}1/1.0/conf/landing-page": _landing,
    f"{_COMMON}1/1.0/conf/json": _json,
    f"{_COMMON}1/1.0/conf/html": _html,
    f"{_COMMON}1/1.0/conf/oas30": _openapi("3.0"),
    f"{_COMMON}2/1.0/conf/collections": _collections,
    f"{_FEATURES}1/1.0/conf/core": _items,
    f"{_FEATURES}1/1.0/conf/geojson": _geojson,
    f"{_FEATURES}1/1.0/conf/html": _html,
    f"{_FEATURES}1/1.0/conf/oas30": _openapi("3.0"),
    f"{_FEATURES}2/1.0/conf/crs": _crs,
    f"{_FEATURES}3/1.0/conf/queryables": _schema("queryables"),
    f"{_COMMON}3/1.0/conf/advanced-property-roles": _schema("schema", "primary-geometry"),
    f"{_FEATURES}5/1.0/conf/core-roles-features": _schema("schema", "primary-geometry"),
    **{
        f"{part}/1.0/conf/{name}": check
        for part in (f"{_COMMON}3", f"{_FEATURES}5")
        for name, check in (
            ("schemas", _schema("schema", "id")),
            ("returnables-and-receivables", _returnables),
            ("queryables", _schema("queryables")),
            ("sortables", _schema("sortables")),
        )
    },
    f"{_FEATURES}8/1.0/conf/sorting": _sorted,
}
"""Class → its check."""
