"""The service's own check tells the truth: what is kept is kept, and what is broken shows."""

import re
from collections import Counter
from datetime import timedelta
from threading import Event

import orjson
import pytest
from made import NOON

from api.app import create_app
from api.conformance.asking import Asker
from api.conformance.kept import Conformance
from api.conformance.report import DOORS, _tried, report
from api.conformance.sensors import ROOT
from tests.api.asgi import Client
from twin.settings import Settings
from twin.store import open_store

AT = NOON + timedelta(minutes=4)


@pytest.fixture(scope="module")
def app(filled):
    """Looks at the store once."""
    return create_app(Settings(viewer="no-viewer"), filled, ttl=1000, now=lambda: AT)


def test_every_class_that_is_claimed_has_a_check(app):
    with Asker(app) as ask:
        lacking = {name for claims, checks in DOORS.values() for name in claims(ask) if name not in checks}
    assert lacking == set()


def test_an_empty_store_has_little_to_check(client_of):
    found = report(client_of(open_store("memory://")).app)
    assert [one for one in found if one["result"] not in ("kept", "untested")] == []


def test_it_is_published_as_it_is_and_not_made_for_everybody_anew(app, monkeypatch):
    ask = Client(app)
    first = next(told for _ in range(60) if (told := ask.json("/ops/conformance"))["checked_at"])
    assert [one for one in first["classes"] if one["result"] == "missed"] == []
    assert all(one["reason"] for one in first["classes"] if one["result"] == "untested")
    assert first["counts"]["kept"] > 40
    told = Counter(one["result"] for one in first["classes"])
    assert first["counts"] == {"kept": 0, "missed": 0, "untested": 0} | told
    monkeypatch.setattr("api.conformance.kept.Report", lambda app: pytest.fail("made twice"))
    assert ask.json("/ops/conformance") == first
    assert 'door="ogc"' not in ask("/ops/metrics").text  # its own questions are nobody's requests


class Waiting:
    """An app that answers no more from the first question at an address on, until it may."""

    def __init__(self, app, path):
        self.app, self.path = app, re.compile(path)
        self.asked, self.go_on = Event(), Event()

    async def __call__(self, scope, receive, send):
        if self.path.search(scope["path"]):
            self.asked.set()
            assert self.go_on.wait(60)
        await self.app(scope, receive, send)


def test_whoever_asks_while_it_is_made_is_told_what_there_is(app):
    waiting = Waiting(app, r"/queryables$")
    kept = Conformance(app.state.service, patience_s=0)
    assert kept.report(waiting)["checked_at"] is None
    assert waiting.asked.wait(60)
    first = kept.report(waiting)
    told = {one["class"]: one for one in first["classes"]}
    assert told["http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core"]["result"] == "kept"
    late = told["https://api.stacspec.org/v1.0.0/core"]
    assert (late["result"], "under way" in late["reason"]) == ("untested", True)
    assert (first["checked_at"], first["counts"]["missed"]) == (None, 0)
    waiting.go_on.set()
    kept._patience = 60
    whole = kept.report(app)
    assert whole["checked_at"] is not None
    assert not any("under way" in one.get("reason", "") for one in whole["classes"])
    assert len(whole["classes"]) == len(first["classes"]) > len(told)  # doors share classes
    # what was found is told again while the next check is made, with its time
    kept._until, kept._patience, again = 0.0, 0, Waiting(app, r"^/ogc/conformance$")
    assert kept.report(again) == whole
    assert again.asked.wait(60)
    again.go_on.set()


def test_a_check_that_goes_wrong_stops_no_other(app, monkeypatch):
    def wrong(ask):
        raise RuntimeError("broken")

    _, checks = DOORS["/stac"]
    first = next(iter(checks))
    monkeypatch.setitem(checks, first, wrong)
    found = {one["class"]: one for one in report(app) if one["door"] == "/stac"}
    assert found[first]["result"] == "missed"
    assert "RuntimeError" in found[first]["reason"]
    assert sum(one["result"] == "kept" for one in found.values()) > 10


def test_a_store_of_large_layers_alone_is_tested_on_the_smallest(app, monkeypatch):
    monkeypatch.setattr("api.conformance.asking._FEW", 0)
    with Asker(app) as ask:
        sizes = {one["id"]: one["twin"]["features"] for one in ask.get("/ogc/collections")["collections"]}
        (found,) = ask.collections()
    assert sizes[found] == min(size for size in sizes.values() if size > 1)


def test_a_large_layer_is_not_read_for_the_check(app, monkeypatch):
    with Asker(app) as ask:
        sizes = {one["id"]: one["twin"]["features"] for one in ask.get("/ogc/collections")["collections"]}
        largest = max(sizes, key=sizes.__getitem__)
    monkeypatch.setattr("api.conformance.asking._FEW", sizes[largest] - 1)
    asked = []

    async def noting(scope, receive, send):
        asked.append(scope["path"])
        await app(scope, receive, send)

    found = report(noting)
    assert not [one for one in found if one["result"] == "missed"]
    assert asked
    assert not any(path.startswith(f"/ogc/collections/{largest}/items") for path in asked)


class Broken:
    """An app some of whose answers are spoilt."""

    def __init__(self, app, path, spoil):
        self.app, self.path, self.spoil = app, re.compile(path), spoil

    async def __call__(self, scope, receive, send):
        address = scope["path"] + "?" + scope["query_string"].decode()
        if not self.path.search(address):
            await self.app(scope, receive, send)
            return
        messages = []

        async def keep(message):
            messages.append(message)

        await self.app(scope, receive, keep)
        start, body = messages[0], b"".join(message.get("body", b"") for message in messages[1:])
        status, headers, body = self.spoil(start["status"], start["headers"], body)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def without(*names):
    def spoil(status, headers, body):
        document = orjson.loads(body)
        for name in names:
            document.pop(name, None)
        return status, headers, orjson.dumps(document)

    return spoil


def down(status, headers, body):
    return 500, headers, b"{}"


def plain(status, headers, body):
    return status, [(b"content-type", b"text/plain")], body


def nothing(status, headers, body):
    return status, headers, b'{"value":[],"features":[],"numberMatched":0,"links":[]}'


def nobody(status, headers, body):
    return status, headers, b'{"collections":[],"links":[]}'


def other_way(status, headers, body):
    document = orjson.loads(body)
    document["collections"] = [{"id": "another"}, *document["collections"][::-1]]
    return status, headers, orjson.dumps(document)


def plain_id(status, headers, body):
    return status, headers, b'{"collections":[{"id":"x","extent":{}}],"links":[]}'


@pytest.mark.parametrize(
    ("path", "spoil", "door", "ending"),
    [
        (r"^/ogc\?", without("links"), "/ogc", "conf/landing-page"),
        (r"^/ogc/collections\?", plain, "/ogc", "conf/json"),
        (r"items\?limit=1$", without("numberReturned"), "/ogc", "features-1/1.0/conf/core"),
        (r"items\?bbox=wrong", lambda *_: (200, [], b"{}"), "/ogc", "features-1/1.0/conf/core"),
        (r"items\?", plain, "/ogc", "features-1/1.0/conf/geojson"),
        (r"^/ogc/api", without("openapi"), "/ogc", "features-1/1.0/conf/oas30"),
        (
            r"^/ogc/api",
            lambda s, h, b: (s, h, b'{"openapi":"3.0.3","type":["a"]}'),
            "/ogc",
            "features-1/1.0/conf/oas30",
        ),
        (r"items\?source_id=", nothing, "/ogc", "queryables-query-parameters"),
        (r"/queryables\?", down, "/ogc", "features-5/1.0/conf/queryables"),
        (r"/queryables\?", down, "/ogc", "common-3/1.0/conf/queryables"),
        (r"/schema\?", without("properties"), "/ogc", "common-3/1.0/conf/schemas"),
        (r"/schema\?", plain, "/ogc", "common-3/1.0/conf/advanced-property-roles"),
        (r"filter=.*LIKE", nothing, "/ogc", "advanced-comparison-operators"),
        (r"filter-lang=cql2-json", down, "/ogc", "cql2-json"),
        (r"crs=.*4258", lambda s, h, b: (s, [], b), "/ogc", "features-2/1.0/conf/crs"),
        (r"profile=jsonfg", without("conformsTo"), "/ogc", "json-fg-1/1.0/conf/core"),
        (r"profile=jsonfg", without("featureSchema"), "/ogc", "json-fg-1/1.0/conf/types-schemas"),
        (r"profile=rfc7946", plain, "/ogc", "json-fg-1/1.0/conf/profiles"),
        (r"ogc-profile", without("conformsTo"), "/ogc", "json-fg-1/1.0/conf/api"),
        (r"^/stac\?", without("links"), "/stac", "v1.0.0/core"),
        (r"^/stac/search\?$", down, "/stac", "v1.0.0/item-search"),
        (r"sortby=", down, "/stac", "v1.0.0/item-search#sort"),
        (r"sortby=", down, "/stac", "v1.1.0/item-search#sortables"),
        (r"^/stac/collections\?", without("links"), "/stac", "v1.1.0/collection-search#sortables"),
        (r"collections\?sortby=-id", other_way, "/stac", "v1.1.0/collection-search#sort"),
        (r"collections\?filter=id", other_way, "/stac", "v1.0.0/collection-search#filter"),
        (r"A_CONTAINS", nobody, "/stac", "v1.0.0/collection-search#filter"),
        (r"A_CONTAINS", nothing, "/stac", "conf/array-functions"),
        (r"fields=-extent", plain_id, "/stac", "v1.0.0/collection-search#fields"),
        (r"bbox=11", nobody, "/stac", "v1.0.0/collection-search"),
        (r"limit=1$", without("links"), "/stac", "v1.0.0-rc.1/collection-search"),
        (r"Things\?", down, ROOT, "req/datamodel"),
        (r"count=true", without("@iot.count"), ROOT, "request-data/count"),
    ],
)
def test_what_is_broken_shows(app, path, spoil, door, ending):
    (name,) = [key for key in DOORS[door][1] if key.endswith(ending)]
    check = DOORS[door][1][name]
    with Asker(app) as ask:
        assert _tried(ask, check) == ("kept", "")
    with Asker(Broken(app, path, spoil)) as ask:
        result, reason = _tried(ask, check)
    assert (result, bool(reason)) == ("missed", True)


def test_a_door_that_is_shut_is_told_of(app):
    (shut,) = [one for one in report(Broken(app, r"^/sta", down)) if one["door"] == ROOT]
    assert shut["result"] == "missed"
