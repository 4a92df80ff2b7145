"""Every parameter of every address, as the document has them: whatever is sent is a problem or an answer."""

import gc
import json
import logging
import resource
import sys
from itertools import islice
from pathlib import Path

import pytest
from asked import THERE
from hostile import BODIES, HEADERS, LONG, PATHS, SPECIAL, WORDS, Raw

from api.app import create_app
from twin.settings import Settings
from twin.store import open_store

DOCUMENT = create_app(Settings(), open_store("memory://")).openapi()
PLAIN = {"layer": "probe.buildings", "asset": "provenance.json", "scheme": "WebMercatorQuad", "sha": "0" * 64}
MEMBERS = {"type", "title", "status", "detail", "instance"}
FILES = ("/static/{name}", "/viewer/{name}", "/store/{key}", "/store/layers/probe.buildings/{key}")
MOST_S = 1.0


@pytest.fixture(scope="module")
def raw(ask):
    raw = Raw(ask.app)
    for path in ADDRESSES:
        raw(filled_in(path), "HEAD")  # what is read once is in memory
    return raw


@pytest.fixture(autouse=True)
def silence(caplog):
    """Nothing is logged: neither a fault nor what somebody asked for."""
    caplog.set_level(logging.DEBUG, "twin")
    yield
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


def filled_in(path, **given):
    for name in [part[1:].partition("}")[0] for part in path.split("/") if "{" in part]:
        known = given.get(name) or PLAIN.get(name) or str(THERE.get(name, ("a",))[0])
        path = path.replace(f"{{{name}}}", known)
    return path


def looked_at(raw, target, method="GET", headers=(), chunks=(b"",)):
    """Ask; what comes is no fault of ours, quick, and if it is a problem then one that says what to do."""
    method = "HEAD" if target.startswith("/live") and method == "GET" else method  # does not end
    status, told, body, took = raw(target, method, headers, chunks)
    where = f"{method} {target[:200]} {str(headers)[:200]} → {status} {body[:300]!r}"
    assert status < 500, where
    assert took < MOST_S or raw(target, method, headers, chunks)[3] < MOST_S, where
    assert b"Traceback" not in body, where
    assert b"evil.example" not in body, where
    assert "set-cookie" not in told, where
    assert "x-evil" not in told, where
    assert not [value for value in told.values() if "\n" in value or "\r" in value or "evil" in value], where
    assert told["access-control-allow-origin"] == "*", where
    if status >= 400 and method != "HEAD":
        assert told["content-type"] == "application/problem+json", where
        problem = json.loads(body)
        assert set(problem) == MEMBERS, where
        assert problem["status"] == status, where
        assert problem["detail"], where
        assert len(problem["detail"]) < 1000, where
    return status


ADDRESSES = [path for path in DOCUMENT["paths"] if path != "/ops/conformance"]
"""The other one asks the service itself, for seconds."""


@pytest.mark.parametrize("path", ADDRESSES)
def test_query_parameters(raw, path):
    target = filled_in(path)
    for parameter in DOCUMENT["paths"][path]["get"]["parameters"]:
        if parameter["in"] != "query":
            continue
        name = parameter["name"]
        for value in (WORDS | SPECIAL.get(name, {})).values():
            looked_at(raw, f"{target}?{name}={value}")
        assert looked_at(raw, f"{target}?{name}=1&{name}=1") == 400
        assert looked_at(raw, f"{target}?{name}=a%00b") == 400
        assert looked_at(raw, f"{target}?{name}[]=1") == 400
        assert looked_at(raw, f"{target}?{name.upper()}x=1") == 400


@pytest.mark.parametrize("path", ADDRESSES)
def test_whatever_else_stands_behind_the_question_mark(raw, path):
    target = filled_in(path)
    many = "&".join(f"a{i}=1" for i in range(1000))
    for query in (many, "&" * 1000, "=" * 1000, "%00=1", "%ff=1", f"{LONG}=1", "a=1;b=2", "__proto__=1", "%"):
        status = looked_at(raw, f"{target}?{query}")
        assert status == 400 or not query.strip("&%="), query[:20]


@pytest.mark.parametrize("path", [path for path in (*DOCUMENT["paths"], *FILES) if "{" in path])
def test_parts_of_paths(raw, path):
    for name in [part[1:].partition("}")[0] for part in path.split("/") if "{" in part]:
        for value in PATHS.values():
            status = looked_at(raw, filled_in(path, **{name: value}))
            assert status in (400, 404), (name, value[:40])


@pytest.mark.parametrize("path", [*ADDRESSES, "/", "/static/page.css", "/nowhere"])
def test_headers(raw, path):
    for headers in HEADERS.values():
        looked_at(raw, filled_in(path), headers=headers)


@pytest.mark.parametrize("path", [*ADDRESSES, "/", "/static/page.css", "/nowhere"])
def test_methods(raw, path):
    target = filled_in(path)
    there = path != "/nowhere" and raw(target, "HEAD")[0] < 400
    for method in (
        "POST",
        "PUT",
        "PATCH",
        "DELETE",
        "TRACE",
        "CONNECT",
        "PROPFIND",
        "QUERY",
        "get",
        "G" * 1000,
    ):
        status = looked_at(raw, target, method, chunks=(b"x" * 100_000,))
        assert status in ((404, 405) if path != "/stac/search" else (400, 405)), method
        assert status == 405 or not there or path == "/stac/search", method
    assert looked_at(raw, target, "OPTIONS") == 204
    assert looked_at(raw, target, "HEAD") == looked_at(raw, target)


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("media", ["application/json", "text/plain", "application/xml", "", "x" * 5000])
def test_bodies(raw, name, media):
    looked_at(raw, "/stac/search", "POST", {"content-type": media}, (BODIES[name],))


@pytest.mark.parametrize(
    "member", [b'"q": "\\u0000"', b'"query": {"id": {"eq": "a\\\\\\u0000"}}', b'"ids": ["\\u0000"]']
)
def test_a_nul_in_a_body_is_refused(raw, member):
    assert looked_at(raw, "/stac/search", "POST", {}, (b"{%s}" % member,)) == 400
    assert looked_at(raw, "/stac/search", "POST", {}, (b"{%s}" % member.replace(b"u0000", b"\\u0000"),)) < 500


def test_bodies_without_end(raw):
    large = b" " * 10_485_760
    assert looked_at(raw, "/stac/search", "POST", {"content-length": str(len(large))}, (large,)) == 413
    chunks = [large[:65_536]] * 160
    assert looked_at(raw, "/stac/search", "POST", {"transfer-encoding": "chunked"}, chunks) == 413
    assert looked_at(raw, "/ogc", "POST", {"transfer-encoding": "chunked"}, chunks) == 413
    assert looked_at(raw, "/stac/search", "POST", {"content-length": "wibble"}, (b"{}",)) == 200


def test_memory_stays_flat(raw):
    def questions():
        for number in range(10_000):
            for name, values in SPECIAL.items():
                for value in (*values.values(), *WORDS.values()):
                    if len(value) < 10_000:
                        yield f"/ogc/collections/probe.buildings/items?{name}={value}{number}"
                        yield f"/sta/v1.1/Things?{name}={value}{number}"
                        yield f"/stac/search?{name}={value}{number}"

    asked = questions()
    for target in islice(asked, 500):
        raw(target)
    gc.collect()
    blocks, size = sys.getallocatedblocks(), resident()
    for target in islice(asked, 1000):
        raw(target)
    gc.collect()
    assert sys.getallocatedblocks() - blocks < 1000  # not one for each
    assert resident() - size < 16 * 1024 * 1024


def resident():
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
