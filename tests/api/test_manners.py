import gzip
from datetime import timedelta

import brotli
import pytest
from made import NOON

from api.manners import Manners

AT = NOON + timedelta(minutes=4)

ITEMS = "/ogc/collections/probe.buildings/items"
EVERY = [
    "/",
    "/docs",
    "/openapi.json",
    "/static/page.css",
    "/ogc",
    "/ogc/conformance",
    "/ogc/collections",
    ITEMS,
    "/stac",
    "/stac/collections/probe.buildings/items/000001",
    "/stac/collections/probe.buildings/items/000001/features.parquet",
    "/ops/freshness",
    "/ops/dates",
    "/ops/privacy",
    "/tiles/probe.buildings/r/000001/tileset.json",
    "/tiles/probe/tileset.json",
]


@pytest.mark.parametrize("path", EVERY)
def test_every_answer_has_an_etag_and_is_not_sent_twice(ask, path):
    first = ask(path)
    assert first.status_code == 200
    again = ask(path, if_none_match=first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["cache-control"] == first.headers["cache-control"]
    assert ask(path, if_none_match='"something else"').status_code == 200


@pytest.mark.parametrize("path", EVERY)
def test_head_is_get_without_the_body(ask, path):
    get, head = ask(path), ask(path, "HEAD")
    assert (head.status_code, head.content) == (200, b"")
    assert dict(head.headers) == dict(get.headers)


@pytest.mark.parametrize("path", [*EVERY, "/nowhere", f"{ITEMS}?bbox=1"])
def test_every_origin_may_ask(ask, path):
    for answer in (
        ask(path, origin="https://other.example"),
        ask(path, "OPTIONS", origin="https://other.example"),
    ):
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "set-cookie" not in answer.headers
    assert ask(path, "OPTIONS").headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("gzip;q=1.0, br;q=0.3", "gzip"),
        ("*", None),
        ("gzip, *", "gzip"),
        ("identity", None),
        ("br;q=0, *;q=0", None),
        ("br;q=nonsense", None),
    ],
)
def test_the_coding_is_negotiated(ask, accepted, coding):
    plain = ask(f"{ITEMS}?limit=30&datetime=2026-03-01T12:00:00Z")
    answer = ask(f"{ITEMS}?limit=30&datetime=2026-03-01T12:00:00Z", accept_encoding=accepted)
    assert answer.headers.get("content-encoding") == coding
    assert "Accept-Encoding" in answer.headers["vary"]
    assert answer.content == plain.content  # httpx has decoded it
    assert (answer.headers["etag"] == plain.headers["etag"]) == (coding is None)
    assert (
        ask(
            f"{ITEMS}?limit=30&datetime=2026-03-01T12:00:00Z", if_none_match=answer.headers["etag"]
        ).status_code
        == 304
    )


def test_what_is_sent_is_really_compressed(client_of, filled, run_apart):
    import httpx

    app = client_of(filled).app
    for coding, decode in (("br", brotli.decompress), ("gzip", gzip.decompress)):

        async def raw(headers=(("accept-encoding", coding),)):
            transport = httpx.ASGITransport(app)
            client = httpx.AsyncClient(transport=transport, base_url="http://x", headers=dict(headers))
            async with client, client.stream("GET", "/ogc/collections") as answer:
                return b"".join([chunk async for chunk in answer.aiter_raw()])

        assert decode(run_apart(raw)).startswith(b'{"collections":')


@pytest.mark.parametrize("before", ["/", "/ogc/collections/", f"{ITEMS}/", "/sta/v1.1/", "/tiles/"])
def test_a_problem_does_not_repeat_an_endless_address(ask, before):
    answer = ask(before + "x" * 20_000)
    assert 400 <= answer.status_code < 500
    assert answer.json()["instance"].startswith(f"{before}x")
    assert len(answer.content) < 2000


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("bbx=1,2,3,4", "did you mean 'bbox'"),
        ("Limit=3", "did you mean 'limit'"),
        ("wibble=1", "this address knows: bbox, bbox-crs, datetime, limit, offset, filter"),
        ("limit=3&limit=4", "there twice"),
        ("limit=0", "limit: "),
        ("limit=-1", "limit: "),
        ("limit=ten", "limit: "),
        ("limit=1e3", "limit: "),
        ("limit=1_0", "limit: write a whole number in digits"),
        ("limit=1.0", "limit: write a whole number in digits"),
        ("limit=%D9%A3", "limit: write a whole number in digits"),
        ("offset=1_0", "offset: write a whole number in digits"),
        ("offset=-1", "offset: "),
        ("offset=99999999999999999999999", "offset: "),
        ("f=xml", "f: "),
        ("bbox=1,2,3", "not four or six"),
        ("bbox=a,b,c,d", "not four or six"),
        ("bbox=1,2,3,nan", "not four or six"),
        ("bbox=1_1,48,12,49", "not four or six"),
        ("bbox=%D9%A1,48,12,49", "not four or six"),
        ("bbox=1,2,3,1e999", "not four or six"),
        ("bbox=", "not four or six"),
        ("bbox=11,49,12,48", "south above its north"),
        ("bbox=170,49,-170,48", "upper one"),
        ("bbox=11,48,900,12,49,-100", "lower height above"),
        ("bbox=170,48,900,-170,49,-100", "lower height above"),
        ("q=M%FCnchen", "not written in UTF-8"),
        ("q=%ED%A0%80", "not written in UTF-8"),
        ("bbox=181,48,-170,49", "upper one"),
        ("bbox=11,48,12,148", "leaves the Earth"),
        ("datetime=yesterday", "is not a time"),
        ("datetime=", "is not a time"),
        ("datetime=2026-03-01T12:00:00", "has no zone"),
        ("datetime=../..", "open at both ends"),
        ("datetime=2026-03-02/2026-03-01", "before it begins"),
        ("datetime=0001-01-01T00:00:00%2B10:00", "is not a time"),
        ("datetime=%00", "a NUL character"),
        ("datetime=" + "9" * 5000, "is not a time"),
    ],
)
def test_a_wrong_question_gets_a_problem_that_says_what_to_do(ask, query, words):
    answer = ask(f"{ITEMS}?{query}")
    problem = answer.json()
    assert answer.status_code == problem["status"] == 400, problem
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["instance"] == ITEMS
    assert words in problem["detail"]
    assert len(answer.content) < 2000


@pytest.mark.parametrize("bbox", ["11.5,48.1,11.6,48.2", "11.5,48.1,-100,11.6,48.2,900", "-180,-90,180,90"])
def test_boxes_with_and_without_heights(ask, bbox):
    assert ask.json(f"{ITEMS}?bbox={bbox}")["numberMatched"] == 30


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/ogc/collections/probe.building/items",
        "/ogc/collections/%00/items",
        "/ogc/collections/" + "x" * 4000,
        f"{ITEMS}/%F0%9F%9A%B2",
        f"{ITEMS}/../../../../etc/passwd",
        "/static/..%2Fapp.py",
        "/static/nothing.css",
        "/viewer/..%2F..%2Fpyproject.toml",
        "/viewer/%2Fetc%2Fpasswd",
        "/viewer/a%00b",
        "/viewer/" + "x" * 4000,
        "/stac/collections/probe.buildings/items/999999",
        "/stac/collections/probe.buildings/items/000001/tileset.json",
        "/stac/collections/probe.air-quality",
    ],
)
def test_what_is_not_there_is_a_problem(ask, path):
    answer = ask(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


def test_the_nearest_layer_is_named(ask):
    assert "did you mean probe.buildings?" in ask("/ogc/collections/probe.building").json()["detail"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_changed(ask, method):
    answer = ask(ITEMS, method)
    assert answer.status_code == 405
    assert "read-only" in answer.json()["detail"]


def test_a_fault_of_ours_is_a_problem_without_a_traceback(client_of, filled, monkeypatch, caplog):
    ask = client_of(filled)
    monkeypatch.setattr("api.describe.city", lambda *_: 1 / 0)
    answer = ask("/ogc")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "ZeroDivision" not in answer.text
    assert "an answer failed" in caplog.text


def test_nothing_stands_between_manners_and_routes(ask):
    assert ask("/ogc").status_code == 200
    assert isinstance(ask.app.middleware_stack, Manners)
    assert ask.app.middleware_stack.app is ask.app.router


def test_features_that_stay_the_same_are_not_sent_again_later(filled, client_of):
    clock = [AT]
    ask = client_of(filled, now=lambda: clock[0])
    first = ask(ITEMS)
    clock[0] += timedelta(hours=1)
    again = ask(ITEMS, if_none_match=first.headers["etag"])
    assert again.status_code == 304
    assert ask(f"{ITEMS}?offset=1", if_none_match=first.headers["etag"]).status_code == 200
    sites = "/ogc/collections/probe.construction-sites/items"
    first = ask(sites)
    clock[0] += timedelta(days=30)
    assert ask(sites, if_none_match=first.headers["etag"]).status_code == 200
