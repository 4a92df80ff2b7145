"""Checks of JSON-FG 1.0 (OGC 21-045r1) and of the query parameter by which it is asked for."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from api.conformance.asking import Asker, Untested, expect, rels

_SPEC = "http://www.opengis.net/spec/json-fg-1/1.0/conf/"
_PROFILE = "http://www.opengis.net/def/profile/OGC/0/"
_CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_SOLIDS = ("Polyhedron", "MultiPolyhedron")


def _items(ask: Asker) -> list[str]:
    return [f"/ogc/collections/{name}/items" for name in ask.collections()]


def _core(ask: Asker) -> None:
    for path in _items(ask):
        answer = ask.ask(path, limit=5, profile="jsonfg")
        expect(answer.media == "application/geo+json", f"{path} as JSON-FG is not application/geo+json")
        page = answer.json()
        expect(f"{_SPEC}core" in page["conformsTo"], f"{path} does not say that it is JSON-FG")
        crs = page.get("coordRefSys", _CRS84)
        expect(answer.headers["content-crs"] == f"<{crs}>", f"{path} has another CRS than Content-Crs says")
        for feature in page["features"]:
            expect({"time", "place"} <= set(feature), f"{path} has a feature without time or place")
            expect(feature["place"] is None or crs != _CRS84, f"{path} has a place that is a geometry")
            shape = feature["geometry"] or {"type": None}
            expect(shape["type"] not in _SOLIDS, f"{path} has a geometry that GeoJSON does not know")


def _polyhedra(ask: Asker) -> None:
    found = False
    for path in _items(ask):
        page = ask.get(path, limit=5, profile="jsonfg")
        for place in [feature["place"] for feature in page["features"] if feature["place"]]:
            if place["type"] in _SOLIDS:
                found = True
                expect(f"{_SPEC}polyhedra" in page["conformsTo"], f"{path} has solids and does not say so")
                _closed(place)
    if not found:
        raise Untested("no layer of this store has solids")


def _closed(place: dict[str, Any]) -> None:
    bodies = [place["coordinates"]] if place["type"] == _SOLIDS[0] else place["coordinates"]
    for shell in (shell for body in bodies for shell in body):
        edges = [(tuple(a), tuple(b)) for face in shell for ring in face for a, b in pairwise(ring)]
        expect({(b, a) for a, b in edges} == set(edges), "a solid is not closed")


def _profiles(ask: Asker) -> None:
    path = _items(ask)[0]
    plain, given, other = (ask.ask(path, limit=1, **told) for told in ({}, *_asked("rfc7946", "jsonfg")))
    expect(plain.json()["features"] == given.json()["features"], "rfc7946 is not the default")
    for answer, name in ((plain, "rfc7946"), (given, "rfc7946"), (other, "jsonfg")):
        link = f'<{_PROFILE}{name}>; rel="profile"'
        expect(link in answer.headers["link"], f"the header has no link to the profile {name}")
        page = answer.json()
        told = [one["href"] for one in page["links"] if one["rel"] == "profile"]
        expect(told == [_PROFILE + name], f"the document has no link to the profile {name}")
        expect(("conformsTo" in page) == (name == "jsonfg"), f"{name} says of itself what it is not")
        expect(("place" in page["features"][0]) == (name == "jsonfg"), f"{name} has members of another")


def _asked(*names: str) -> list[dict[str, str]]:
    return [{"profile": name} for name in names]


def _parameter(ask: Asker) -> None:
    for path in _items(ask):
        for name in ("jsonfg", f"{_PROFILE}jsonfg", "[ogc-profile:jsonfg]", "there-is-none,jsonfg"):
            page = ask.get(path, limit=1, profile=name)
            expect("conformsTo" in page, f"{path}?profile={name} is no JSON-FG")
        expect(
            "profile" in rels(ask.get(path, limit=1, profile="there-is-none")), "an unknown one is no default"
        )
        known = ask.get(path, limit=1)["features"][0]["id"]
        expect("place" in ask.get(f"{path}/{known}", profile="jsonfg"), "one feature is not there as JSON-FG")
    described = ask.get("/ogc/api")["paths"]
    for path, methods in described.items():
        if path.endswith("/items") and path.startswith("/ogc/"):
            names = {one.get("name") for one in methods["get"]["parameters"]}
            expect("profile" in names, f"{path} is described without profile")


CHECKS: dict[str, Callable[[Asker], None]] = {
    f"{_SPEC}core": _core,
    f"{_SPEC}polyhedra": _polyhedra,
    f"{_SPEC}profiles": _profiles,
    f"{_SPEC}api": _parameter,
    "http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/profile-parameter": _parameter,
}
"""Class → its check."""
