"""One time for everything: `datetime` means the same at every door, and every link keeps it."""

import json
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from made import AIR, BUILDINGS, CITY, COUNTS, NOON, SITES, buildings, glb, publish, square, stations

from api.app import create_app
from catalog.cities import write_city
from catalog.observations import append
from catalog.status import write_status
from tests.api import mvt
from tests.api.asgi import Client
from tests.api.crawl import crawl
from twin.record import Feature, Observation
from twin.settings import Settings
from twin.status import Status
from twin.store import open_store

D = [datetime(2026, 3, day, tzinfo=UTC) for day in range(1, 31)]
"""D[0] is the first of March; revisions hold from the 2nd, the 4th and the 6th."""
NOW = D[9]
ITEMS = "/ogc/collections/probe.construction-sites/items"
TILE = "/ogc/collections/probe.construction-sites/tiles/WebMercatorQuad/14/5687/8715"
HOUSES = "/ogc/collections/probe.buildings"
STREAMS = "/sta/v1.1/Datastreams"
WHEN = [  # datetime, titles of the sites then, number of houses then, latest value then
    ("2026-03-01T00:00:00Z", None, None, None),
    ("2026-03-02T00:00:00Z", {"a": "Anger", "b": "Bach"}, 3, None),
    ("2026-03-03T12:00:00Z", {"a": "Anger", "b": "Bach"}, 3, 3.0),
    ("2026-03-04T00:00:00Z", {"a": "Allee", "c": "Chor"}, 5, 4.0),
    ("2026-03-05T23:59:59Z", {"a": "Allee", "c": "Chor"}, 5, 6.0),
    ("2026-03-06T00:00:00Z", {"a": "Allee", "b": "Bach", "c": "Chor"}, 0, 6.0),
    ("2026-03-09T00:00:00Z", {"a": "Allee", "b": "Bach", "c": "Chor"}, 0, 9.0),
    ("2026-03-06T01:00:00+01:00", {"a": "Allee", "b": "Bach", "c": "Chor"}, 0, 6.0),
    ("2026-02-01T00:00:00Z/2026-03-03T12:00:00Z", {"a": "Anger", "b": "Bach"}, 3, 3.0),
    ("2026-03-03T00:00:00Z/2026-03-05T00:00:00Z", {"a": "Allee", "c": "Chor"}, 5, 5.0),
    ("../2026-03-03T12:00:00Z", {"a": "Anger", "b": "Bach"}, 3, 3.0),
    ("2026-03-03T12:00:00Z/..", {"a": "Allee", "b": "Bach", "c": "Chor"}, 0, 9.0),
    (None, {"a": "Allee", "b": "Bach", "c": "Chor"}, 0, 9.0),
]
KEPT = [
    "2026-03-03T12:00:00Z",
    "2026-03-02T00:00:00Z/2026-03-05T00:00:00Z",
    "../2026-03-05T00:00:00Z",
    "2026-03-03T12:00:00Z/..",
]
TIMELESS = {
    "/accessibility",
    "/docs",
    "/openapi.json",
    "/ogc/api",
    "/ogc/conformance",
    "/ogc/functions",
    "/ogc/tileMatrixSets",
    "/ogc/tileMatrixSets/{scheme}",
    "/ogc/collections/{layer}/schema",
    "/ogc/collections/{layer}/queryables",
    "/ogc/collections/{layer}/sortables",
    "/stac/conformance",
    "/stac/functions",
    "/stac/queryables",
    "/stac/sortables",
    "/stac/collection-queryables",
    "/stac/collection-sortables",
    "/stac/collections/{layer}/sortables",
    "/stac/collections/{layer}/queryables",
    "/stac/collections/{layer}/items/{revision}",
    "/stac/collections/{layer}/items/{revision}/{asset}",
    "/tiles/{layer}/r/{revision}/tileset.json",
    "/tiles/{layer}/content/{sha}.glb",
    "/live",
}
"""What is the same at all times, of one revision, or of now alone. `/ops` and the files of the store, too."""


def site(name, title):
    values = {"title": title, "observed_at": NOON}
    return Feature(f"probe.construction-sites.{name}", name, values, square(11.5101, 48.1104))


@pytest.fixture(scope="module")
def ask():
    store = open_store("memory://")
    write_city(store, CITY)
    publish(store, SITES, [site("a", "Anger"), site("b", "Bach")], D[1])
    publish(store, SITES, [site("a", "Allee"), site("c", "Chor")], D[3])
    publish(store, SITES, [site("a", "Allee"), site("b", "Bach"), site("c", "Chor")], D[5])
    publish(store, BUILDINGS, buildings(3), D[1], (glb(1),))
    publish(store, BUILDINGS, buildings(5, 20.0), D[3], (glb(2),))
    publish(store, BUILDINGS, [], D[5])  # withdrawn: there are none any more
    publish(store, COUNTS, stations(COUNTS), D[1])
    for day in range(2, 9):
        at = D[day] - timedelta(hours=1)
        append(
            store,
            COUNTS.id,
            [Observation("probe.bike-counts.arnulf", "bicycles", day + 1.0, "1/15min", at)],
            at,
        )
    for layer in (SITES, BUILDINGS, COUNTS):
        told = {"last_attempt": NOW, "last_success": NOW, "last_change": NOW}
        write_status(store, Status(layer=layer.id, interval_s=3600, **told))
    return Client(create_app(Settings(viewer="no"), store, ttl=0, now=lambda: NOW))


def at(path, when):
    return path if when is None else f"{path}{'&' if '?' in path else '?'}datetime={quote(when, safe=':/')}"


@pytest.mark.parametrize(("when", "titles", "houses", "value"), WHEN)
def test_all_doors_tell_of_the_same_moment(ask, when, titles, houses, value):
    body = ask.json(at(ITEMS, when))
    found = {row["properties"]["source_id"]: row["properties"]["title"] for row in body["features"]}
    assert found == (titles or {})
    assert body["numberMatched"] == len(titles or {})
    tile = ask(at(TILE, when))
    if titles is None:
        assert tile.status_code == 404
    else:
        drawn = [row.properties for row in mvt.read(tile.content)]
        assert {row["source_id"]: row["title"] for row in drawn} == titles
    for name in "abc":
        status = 200 if name in (titles or {}) else 404
        item = f"{ITEMS}/probe.construction-sites.{name}"
        assert ask(at(item, when)).status_code == status
        assert ask(at(f"{item}/provenance", when)).status_code == status
    told = ask.json(at(HOUSES, when))["twin"]
    assert told["features"] == (houses or 0)
    tileset = ask(at("/tiles/probe.buildings/tileset.json", when))
    if houses:
        assert f"r/{told['revision']:06d}/tileset.json" in tileset.text
    else:
        assert tileset.status_code == 404
    stac = ask.json(at("/stac/collections/probe.construction-sites/items", when))
    held = None if when is None else ask.json(at(ITEMS, when))
    if titles is None:
        assert stac["features"] == []
        empty = ask.json(at("/stac/collections/probe.construction-sites", when))
        assert empty["table:row_count"] == 0
        assert "3d-tiles" not in {link["rel"] for link in empty["links"]}
        assert ask.json(at("/stac/collections/probe.construction-sites/items", when))["features"] == []
    else:
        newest = stac["features"][0]  # of an interval all that held within; the last is that of its end
        assert newest["properties"]["table:row_count"] == len(titles)
        assert held is None or held["numberMatched"] == len(titles)
    streams = ask.json(at(f"{STREAMS}?$expand=Observations($orderby=phenomenonTime desc;$top=1)", when))[
        "value"
    ]
    assert [s["Observations"][0]["result"] for s in streams] == ([] if value is None else [value])
    latest = ask.json(at("/ogc/collections/probe.bike-counts/items", when))["features"]
    values = [row["properties"]["latest"].get("bicycles", {}).get("value") for row in latest]
    assert values == ([] if titles is None else [value, None])
    page = ask(at("/?lang=en", when)).text
    assert [title for title in ("Anger", "Allee", "Bach", "Chor") if f"{title}:" in page] == sorted(
        (titles or {}).values(), key=("Anger", "Allee", "Bach", "Chor").index
    )


@pytest.mark.parametrize("when", KEPT)
def test_every_link_keeps_the_time(ask, when):
    """Whoever follows links from one moment never finds himself in another."""
    document = ask.json("/openapi.json")
    knows = [
        (re.compile(re.sub(r"\{(\w+)\}", _part, path) + r"\Z"), "datetime" in names(operation["get"]))
        for path, operation in document["paths"].items()
        if "get" in operation
    ]
    starts = [at(start, when) for start in ("/", "/ogc", "/stac", "/sta/v1.1", "/tiles/probe/tileset.json")]
    seen, lost = 0, []
    for path, answer, links in crawl(ask, starts, most=2):
        assert answer.status_code in (200, 204, 404), path
        for href in links if "datetime=" in path else ():  # what is timeless leads out of time
            split = urlsplit(href)
            takes = split.path == "/" or any(pattern.match(split.path) and known for pattern, known in knows)
            told = parse_qs(split.query).get("datetime")
            if not takes:
                assert told is None, (path, href)
            elif pinned(href):
                assert "revision=" in href
            else:
                seen += 1
                then = parse_qs(urlsplit(path).query)["datetime"][0]
                version = urlsplit(path).path == f"{split.path}/history"  # each is shown as it was then
                if told is None or not (same(told[0], then) or version):
                    lost.append((path, href))
    assert lost == []
    assert seen > 300


def _part(name):
    return ".+" if name[1] in ("feature", "resource") else "[^/]+"


def names(operation):
    """Its parameters, but those that are only carried on from elsewhere: what lies there is timeless."""
    told = operation.get("parameters", ())
    return {p["name"] for p in told if not p.get("description", "").startswith("Changes nothing")}


def pinned(href):
    return "revision=" in href and "datetime=" not in href


def same(told, when):
    """Whether a link asks for the same: as it was written, or with the end that was open put in."""
    start, slash, end = when.partition("/")
    filled = f"{start}/{NOW:%Y-%m-%dT%H:%M:%SZ}" if slash and end == ".." else when
    return told in (when, filled)


def test_routes_that_depend_on_time_take_it(ask):
    paths = ask.json("/openapi.json")["paths"]
    without = {
        path
        for path, operation in paths.items()
        if "get" in operation and "datetime" not in names(operation["get"])
    }
    assert {path for path in without if not path.startswith(("/ops/", "/store"))} <= TIMELESS | {"/"}


@pytest.mark.parametrize(
    "when",
    ["never", "2026-13-01T00:00:00Z", "2026-03-05T00:00:00Z/2026-03-01T00:00:00Z", "../..", "", "x" * 9999],
)
def test_what_is_no_time_is_refused_at_every_door(ask, when):
    paths = ask.json("/openapi.json")["paths"]
    fill = {
        "layer": "probe.buildings",
        "feature": "probe.buildings.b1",
        "name": "probe",
        "resource": "Things",
    }
    fill |= {"z": "14", "y": "5688", "x": "8715", "scheme": "WebMercatorQuad"}
    tried = 0
    for path, operation in paths.items():
        if "get" in operation and "datetime" in names(operation["get"]):
            answer = ask(at(path.format(**fill), when))
            assert answer.status_code == 400, path
            tried += 1
    assert tried > 15
    assert ask(at("/", when)).status_code == 400


@pytest.mark.parametrize("path", [ITEMS, TILE, HOUSES, STREAMS, "/tiles/probe.buildings/tileset.json"])
def test_the_past_has_its_own_tag_and_is_asked_for_again(ask, path):
    """An archive may still be put in: only what names its revision may be kept for ever."""
    tags = set()
    for when in ("2026-03-03T12:00:00Z", "2026-03-05T00:00:00Z"):
        answer = ask(at(path, when))
        assert "immutable" not in answer.headers["cache-control"]
        assert ask(at(path, when), if_none_match=answer.headers["etag"]).status_code == 304
        tags.add(answer.headers["etag"])
    assert len(tags) == 2
    assert json.loads(ask(at(ITEMS, "2026-03-03T12:00:00Z")).content)["stale"] is False
    assert AIR.id not in ask(at("/stac/collections", "2026-03-03T12:00:00Z")).text


def test_pages_of_an_open_interval_keep_it_and_stay_at_the_moment_of_the_first(ask):
    first = ask.json(at(f"{ITEMS}?limit=2", "2026-03-03T12:00:00Z/.."))
    (following,) = [link["href"] for link in first["links"] if link["rel"] == "next"]
    asked = parse_qs(urlsplit(following).query)["datetime"]
    assert asked == ["2026-03-03T12:00:00Z/.."]
    assert len(ask.json(following)["features"]) == 1
