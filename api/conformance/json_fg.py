"""Checks of JSON-FG 1.0 (OGC 21-045r1): its documents, profiles of GeoJSON, and how they are asked for."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from api.conformance.asking import Answer, Asker, Untested, expect, points
from api.formats.jsonfg import CORE, POLYHEDRA, TYPES
from api.profiles import BASE

_CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_UTM = "http://www.opengis.net/def/crs/EPSG/0/25832"
_FLAT = ("Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon")
_SOLIDS = ("Polyhedron", "MultiPolyhedron")
_SOME = 3
"""Collections that are asked in many ways; all are looked at once."""


def _pages(ask: Asker, most: int | None = None, **query: str) -> Iterator[tuple[str, Answer, dict[str, Any]]]:
    for name in ask.collections()[:most]:
        path = f"/ogc/collections/{name}/items"
        answer = ask.ask(path, limit=5, profile="jsonfg", **query)
        expect(answer.status == 200, f"{answer.path} answers {answer.status}")
        yield path, answer, answer.json()


def _core(ask: Asker) -> None:
    for path, answer, page in (*_pages(ask), *_pages(ask, _SOME, crs=_UTM)):
        expect(CORE in page["conformsTo"], f"{path} does not say that it is JSON-FG")
        expect(
            "featureType" not in page or TYPES in page["conformsTo"], f"{path} does not name types-schemas"
        )
        crs = page.get("coordRefSys", _CRS84)
        expect(answer.headers["content-crs"] == f"<{crs}>", f"{path} has another CRS than Content-Crs says")
        for feature in page["features"]:
            expect(
                {"time", "place", "geometry"} <= set(feature), f"{path} has a feature without time or place"
            )
            expect(not {"conformsTo", "coordRefSys"} & set(feature), f"{path} has what belongs to all in one")
            _time(path, feature["time"])
            _shapes(path, feature["geometry"], feature["place"], page)


def _time(path: str, time: dict[str, Any] | None) -> None:
    if time is not None:
        start, end = time["interval"]
        ends = [end for end in (start, end) if end != ".."]
        expect(all(end.endswith("Z") for end in ends), f"{path} has a time that is not UTC")
        expect(len(ends) < 2 or start <= end, f"{path} has an interval that ends before it begins")


def _shapes(path: str, shape: Any, place: Any, page: dict[str, Any]) -> None:
    if shape is not None:
        expect(shape["type"] in _FLAT, f"{path} has a geometry that GeoJSON does not know")
        inside = all(abs(one[0]) <= 180 and abs(one[1]) <= 90 for one in points(shape["coordinates"]))
        expect(inside, f"{path} has a geometry that is not in degrees")
    if place is not None:
        lon_lat = "/OGC/" in page.get("coordRefSys", _CRS84)
        expect(place["type"] in _SOLIDS or not lon_lat, f"{path} has a place that is a geometry")
        expect(place["type"] not in _SOLIDS or POLYHEDRA in page["conformsTo"], f"{path} hides its solids")


def _polyhedra(ask: Asker) -> None:
    found = 0
    for path, _, page in _pages(ask):
        for place in (feature["place"] for feature in page["features"]):
            if place is not None and place["type"] in _SOLIDS:
                found += 1
                expect(page["coordRefSys"].endswith("/CRS84h"), f"{path} has solids in a flat CRS")
                _closed(place)
    if not found:
        raise Untested("no layer of this store has solids")


def _closed(place: dict[str, Any]) -> None:
    bodies = [place["coordinates"]] if place["type"] == _SOLIDS[0] else place["coordinates"]
    for shell in (shell for body in bodies for shell in body):
        rings = [ring for face in shell for ring in face]
        expect(all(ring[0] == ring[-1] and len(ring) > 3 for ring in rings), "a ring of a solid is open")
        edges = [(tuple(a), tuple(b)) for ring in rings for a, b in pairwise(ring)]
        expect(all(len(corner) == 3 for edge in edges for corner in edge), "a solid has no heights")
        # each edge once in each direction: closed, and all faces look the same way
        expect({(b, a) for a, b in edges} == set(edges) and len(set(edges)) == len(edges), "a solid is open")


def _types(ask: Asker) -> None:
    for path, _, page in _pages(ask):
        expect(
            TYPES in page["conformsTo"] and page["featureType"], f"{path} does not say what its features are"
        )
        schema = ask.get(page["featureSchema"])
        expect(schema["type"] == "object" and schema["properties"], f"{page['featureSchema']} is no schema")
        one = ask.get(f"{path}/{page['features'][0]['id']}", profile="jsonfg")
        expect(one["featureType"] == page["featureType"], f"a feature of {path} is something else alone")


def _profiles(ask: Asker) -> None:
    path = f"/ogc/collections/{ask.collections()[0]}/items"
    plain, given, other = (ask.ask(path, limit=1, **told) for told in ({}, *_asked("rfc7946", "jsonfg")))
    expect(plain.json()["features"] == given.json()["features"], "rfc7946 is not the default")
    for answer, name in ((plain, "rfc7946"), (given, "rfc7946"), (other, "jsonfg")):
        expect(answer.media == "application/geo+json", f"{name} is not application/geo+json")
        expect(f'<{BASE}{name}>; rel="profile"' in answer.headers["link"], f"no header links to {name}")
        page = answer.json()
        told = [one["href"] for one in page["links"] if one["rel"] == "profile"]
        expect(told == [BASE + name], f"the document has no link to the profile {name}")
        expect(("conformsTo" in page) == (name == "jsonfg"), f"{name} says of itself what it is not")
        expect(("place" in page["features"][0]) == (name == "jsonfg"), f"{name} has members of another")


def _asked(*names: str) -> list[dict[str, str]]:
    return [{"profile": name} for name in names]


def _parameter(ask: Asker) -> None:
    for name in ask.collections()[:_SOME]:
        path = f"/ogc/collections/{name}/items"
        for profile in ("jsonfg", f"{BASE}jsonfg", "[ogc-profile:jsonfg]", "there-is-none,jsonfg"):
            page = ask.get(path, limit=1, profile=profile)
            expect("conformsTo" in page, f"{path}?profile={profile} is no JSON-FG")
        plain = ask.get(path, limit=1, profile="there-is-none")
        expect("conformsTo" not in plain, f"{path} has another default than rfc7946")
        one = ask.get(f"{path}/{plain['features'][0]['id']}", profile="jsonfg")
        expect("place" in one, f"one feature of {path} is not there as JSON-FG")


_SPEC = "http://www.opengis.net/spec/json-fg-1/1.0/conf/"
CHECKS: dict[str, Callable[[Asker], None]] = {
    CORE: _core,
    POLYHEDRA: _polyhedra,
    TYPES: _types,
    f"{_SPEC}profiles": _profiles,
    f"{_SPEC}api": _parameter,
}
"""Class → its check."""
