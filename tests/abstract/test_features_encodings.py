"""OGC API Features 1 (17-069r4), GeoJSON and HTML."""

from html.parser import HTMLParser

import pytest

from tests.abstract import named
from tests.abstract.client import link, media

geojson = named.of("ogcapi-features-1/1.0/conf/geojson")
html = named.of("ogcapi-features-1/1.0/conf/html")
PARTS = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


def positions(coordinates, depth):
    if depth == 0:
        yield coordinates
    else:
        assert isinstance(coordinates, list)
        for part in coordinates:
            yield from positions(part, depth - 1)


@geojson("definition")
def test_geojson_definition(ask, collections):
    """Features come as application/geo+json, all else as application/json."""
    for path in (
        "/ogc",
        "/ogc/conformance",
        "/ogc/collections",
        *(f"/ogc/collections/{one}" for one in collections),
    ):
        answer = ask(path, accept="application/json")
        assert (answer.status_code, media(answer)) == (200, "application/json")
    for name in collections:
        answer = ask(f"/ogc/collections/{name}/items", accept="application/geo+json")
        assert (answer.status_code, media(answer)) == (200, "application/geo+json")


@geojson("content")
def test_geojson_content(ask, filled):
    """What says that it is GeoJSON keeps to RFC 7946, and has its links as a member."""
    for name in filled:
        page = ask.items(name, limit=100)
        assert page["type"] == "FeatureCollection"
        assert not {"coordinates", "geometries", "geometry", "properties", "crs"} & set(page)
        assert page["links"]
        for one in page["features"]:
            assert {"type", "geometry", "properties"} <= set(one)
            assert isinstance(one["id"], str)
            assert isinstance(one["properties"], dict)
            if one["geometry"] is not None:
                kind = one["geometry"]["type"]
                for place in positions(one["geometry"]["coordinates"], PARTS[kind]):
                    assert len(place) in (2, 3)
                    assert all(isinstance(number, int | float) for number in place)
                if kind.endswith("Polygon"):
                    rings = list(positions(one["geometry"]["coordinates"], PARTS[kind] - 1))
                    assert all(ring[0] == ring[-1] and len(ring) > 3 for ring in rings)
        alone = ask.json(
            f"/ogc/collections/{name}/items/{page['features'][0]['id']}", accept="application/geo+json"
        )
        assert alone["type"] == "Feature"
        assert link(alone, "collection")


class Page(HTMLParser):
    """A page read strictly: what opens is closed, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.links: set[str] = set()

    def handle_starttag(self, tag, attributes):
        self.seen.add(tag)
        self.links |= {value for name, value in attributes if name == "href"}
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@html("definition", "content")
@pytest.mark.parametrize(
    "path",
    [
        *("", "/conformance", "/collections", "/collections/probe.roads", "/collections/probe.air-quality"),
        *("/collections/probe.roads/items", "/collections/probe.roads/items/probe.roads.r0"),
        *("/collections/probe.roads/queryables", "/api"),
    ],
)
def test_html_definition_content(ask, path):
    """Every resource is a page for people, too: HTML 5, with links that can be followed."""
    for answer in (ask(f"/ogc{path}", accept="text/html"), ask(f"/ogc{path}", {"f": "html"})):
        assert (answer.status_code, media(answer)) == (200, "text/html")
        assert answer.text.lower().startswith("<!doctype html>")
        page = Page()
        page.feed(answer.text)
        page.close()
        assert page.open == []
        assert {"html", "head", "title", "body"} <= page.seen
        assert page.links
