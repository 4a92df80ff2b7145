"""Checks of the STAC API."""

from collections.abc import Callable
from typing import Any

from api.conformance.asking import Asker, Untested, expect, rels


def _core(ask: Asker) -> None:
    root = ask.get("/stac")
    expect((root["type"], root["stac_version"][:2]) == ("Catalog", "1."), "the root is no STAC catalog")
    expect({"self", "root", "service-desc", "service-doc"} <= rels(root), "the root lacks links")
    for link in root["links"]:
        if link["rel"] == "child":
            expect(ask.get(link["href"])["type"] in ("Collection", "Catalog"), f"{link['href']} is no child")


def _collections(ask: Asker) -> None:
    listed = ask.get("/stac/collections")
    expect({"self", "root"} <= rels(listed), "the list lacks links")
    for one in listed["collections"]:
        alone = ask.get(f"/stac/collections/{one['id']}")
        expect(
            alone["type"] == "Collection" and alone["license"] and alone["extent"],
            f"{one['id']} lacks members",
        )
    ask.refused("/stac/collections/there.is-none", 404)


def _children(ask: Asker) -> None:
    root = ask.get("/stac")
    (link,) = [link["href"] for link in root["links"] if link["rel"] == "children"]
    whole = ask.get(link)
    expect({"self", "root"} <= rels(whole), "/children lacks links")
    linked = [ask.get(link["href"]) for link in root["links"] if link["rel"] == "child"]
    same = [{**one, "twin:freshness": None} for one in whole["children"]]  # it says how long ago
    expect(
        same == [{**o, "twin:freshness": None} for o in linked], "/children has others than the root links"
    )


def _described(ask: Asker) -> None:
    (link,) = [link for link in ask.get("/stac")["links"] if link["rel"] == "service-desc"]
    answer = ask.ask(link["href"], accept=link["type"])
    expect(
        answer.headers["content-type"] == link["type"], "service-desc has another media type than its link"
    )
    told = answer.json()
    expect(told["openapi"].startswith("3.0."), "service-desc is no OpenAPI 3.0")
    expect("/stac/search" in told["paths"], "service-desc does not tell of /stac/search")


def item(ask: Asker) -> dict[str, Any]:
    """One item of the catalog; `Untested` if it has none."""
    found: list[dict[str, Any]] = ask.get("/stac/search", limit=1)["features"]
    if not found:
        raise Untested("nothing is published in this store")
    return found[0]


def _features(ask: Asker) -> None:
    first = item(ask)
    path = f"/stac/collections/{first['collection']}/items"
    answer = ask.ask(path, limit=1)
    expect(answer.media == "application/geo+json", f"{path} is not application/geo+json")
    page = answer.json()
    expect(page["type"] == "FeatureCollection" and len(page["features"]) == 1, f"{path} is no page of one")
    one = ask.get(f"{path}/{page['features'][0]['id']}")
    expect(one["stac_version"] and one["assets"] and one["properties"]["datetime"], "an item lacks members")
    expect({"self", "root", "collection"} <= rels(one), "an item lacks links")
    ask.refused(f"{path}/there-is-none", 404)


def _search(ask: Asker) -> None:
    first = item(ask)
    by_get = ask.get("/stac/search", collections=first["collection"], ids=first["id"])
    body = {"collections": [first["collection"]], "ids": [first["id"]]}
    by_post = ask.ask("/stac/search", body=body)
    expect(by_post.status == 200, f"POST answers {by_post.status}")
    for page in (by_get, by_post.json()):
        found = [(one["collection"], one["id"]) for one in page["features"]]
        expect(found == [(first["collection"], first["id"])], "collections and ids find others")
    expect(not ask.get("/stac/search", bbox="-170,-80,-169,-79")["features"], "bbox finds what is elsewhere")
    expect(
        not ask.get("/stac/search", datetime="../1900-01-01T00:00:00Z")["features"],
        "datetime finds what was not",
    )
    expect(ask.ask("/stac/search", body={"limit": "many"}).status == 400, "a wrong body is no 400")


def _walked(ask: Asker) -> None:
    _search(ask)
    seen: list[tuple[str, str]] = []
    page = ask.get("/stac/search", limit=3)
    for _ in range(50):
        seen += [(one["collection"], one["id"]) for one in page["features"]]
        following = [link for link in page["links"] if link["rel"] == "next"]
        if not following:
            break
        page = ask.get(following[0]["href"])
    expect(len(set(seen)) == len(seen), "pages repeat items")


def _paths(ask: Asker, items: bool) -> str:
    return f"/stac/collections/{item(ask)['collection']}/items" if items else "/stac/search"


def _fields(items: bool) -> Callable[[Asker], None]:
    def check(ask: Asker) -> None:
        item(ask)
        (one, *_) = ask.get(_paths(ask, items), fields="id,properties.datetime", limit=1)["features"]
        expect(one["id"] and one["properties"]["datetime"], "fields leaves out what it names")
        (one, *_) = ask.get(_paths(ask, items), fields="-assets", limit=1)["features"]
        expect("assets" not in one and one["properties"], "fields=-assets leaves them in")

    return check


def _sort(items: bool) -> Callable[[Asker], None]:
    def check(ask: Asker) -> None:
        for sign, back in (("+", False), ("-", True)):
            found = ask.get(_paths(ask, items), sortby=f"{sign}properties.datetime", limit=100)["features"]
            times = [one["properties"]["datetime"] for one in found]
            expect(times == sorted(times, reverse=back), f"sortby={sign}properties.datetime does not sort")

    return check


def _sortables(items: bool) -> Callable[[Asker], None]:
    def check(ask: Asker) -> None:
        start = f"/stac/collections/{item(ask)['collection']}" if items else "/stac"
        names = described(ask, ask.get(start), "sortables")
        for name in names:
            answer = ask.ask(_paths(ask, items), sortby=f"-{name}", limit=1)
            expect(answer.status == 200, f"sortby={name} is told and refused")
        ask.refused(_paths(ask, items), 400, sortby="there-is-none")

    return check


def described(ask: Asker, document: dict[str, Any], name: str) -> list[str]:
    """The properties that the schema linked as ``queryables`` or ``sortables`` names."""
    rel = f"http://www.opengis.net/def/rel/ogc/1.0/{name}"
    found = [link["href"] for link in document["links"] if link["rel"] == rel]
    expect(len(found) == 1, f"there is no link to {name}")
    answer = ask.ask(found[0])
    expect(answer.media == "application/schema+json", f"{found[0]} is no JSON Schema")
    return list(answer.json()["properties"])


def _query(items: bool) -> Callable[[Asker], None]:
    def check(ask: Asker) -> None:
        at = item(ask)["properties"]["datetime"]
        for operator, found in (("gte", True), ("lt", None)):
            text = f'{{"datetime":{{"{operator}":"{at}"}}}}'
            page = ask.get(_paths(ask, items), query=text, limit=100)["features"]
            times = [one["properties"]["datetime"] for one in page]
            right = all((t >= at) is (operator == "gte") for t in times)
            expect(right and (found is None or times), f"query with {operator} finds others")

    return check


def words(path: str | None) -> Callable[[Asker], None]:
    """A check of free text at an address; None: at a layer's items."""

    def check(ask: Asker) -> None:
        there = path or _paths(ask, True)
        expect(ask.ask(there, q="tree").status == 200, f"{there} does not read q")
        page = ask.get(there, q="zzqxunheardof")
        expect(not page.get("features", page.get("collections")), f"{there}?q= finds what is not there")

    return check


_API = "https://api.stacspec.org/v1.0.0/"
_CHILDREN = "https://api.stacspec.org/v1.0.0-rc.2/"
_SORT = "https://api.stacspec.org/v1.1.0/"
_NEXT = "https://api.stacspec.org/v1.0.0-rc.1/"

CHECKS: dict[str, Callable[[Asker], None]] = {
    f"{_API}core": _core,
    f"{_API}collections": _collections,
    f"{_CHILDREN}children": _children,
    f"{_API}ogcapi-features": _features,
    f"{_API}item-search": _walked,
    f"{_API}ogcapi-features#fields": _fields(True),
    f"{_API}item-search#fields": _fields(False),
    f"{_API}ogcapi-features#sort": _sort(True),
    f"{_API}item-search#sort": _sort(False),
    f"{_SORT}ogcapi-features#sort": _sort(True),
    f"{_SORT}item-search#sort": _sort(False),
    f"{_SORT}item-search#sortables": _sortables(False),
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/sortables": _sortables(True),
    f"{_API}ogcapi-features#query": _query(True),
    f"{_API}item-search#query": _query(False),
    f"{_NEXT}ogcapi-features#free-text": words(None),
    f"{_NEXT}item-search#free-text": words("/stac/search"),
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core": _features,
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson": _features,
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30": _described,
}
"""Class → its check."""
