"""nginx before the service: it answers as the service does, and has nothing that this would not give."""

import hashlib
import http.client
import json
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from made import BUILDINGS, CITY, NOON, SITES, buildings, fill, glb, publish, sites

from catalog.cities import write_city
from catalog.stac import write_stac
from tests.api.proxy import proxied
from tests.ports import free_port
from twin.base import Text
from twin.settings import ROOT
from twin.store import FileStore

ALIKE = (
    "content-type",
    "content-encoding",
    "content-length",
    "cache-control",
    "vary",
    "accept-ranges",
    "access-control-allow-origin",
    "access-control-expose-headers",
    "cross-origin-resource-policy",
    "referrer-policy",
    "x-content-type-options",
)
TILE, SECRET = b"glTF" + b"wall roof ground " * 400, glb(8)

MANY = 100_000


def sha(data):
    return hashlib.sha256(data).hexdigest()


def tile_of(layer, data):
    return f"/tiles/{layer.id}/content/{sha(data)}.glb"


def until(true):
    limit = time.monotonic() + 60
    while not (found := true()):
        assert time.monotonic() < limit
        time.sleep(0.02)
    return found


class Answer:
    """Status, headers in lower case, body as it came."""

    def __init__(self, answer):
        self.status_code = answer.status
        self.headers = {name.lower(): value for name, value in answer.getheaders()}
        self.raw = answer.read()


class Site:
    """A service, nginx before it, and the store behind."""

    def __init__(self, folder):
        self.store = FileStore(folder / "store")
        self.public = folder / "public"
        self.own, self.front = free_port(), free_port()
        self.process = None

    def start(self, **settings):
        command = [sys.executable, "-m", "api.cli", "serve", "--store", str(self.store.root)]
        environment = os.environ | {
            "TWIN_PUBLIC": str(self.public),
            "TWIN_TRUSTED_PROXIES": "127.0.0.1",
            "TWIN_RATE_PER_S": "0.0001",  # none comes back while the tests last
            "TWIN_RATE_BURST": str(MANY),
        }
        self.process = subprocess.Popen(
            [*command, "--port", str(self.own)],
            cwd=ROOT,
            env=environment | settings,
            stdout=subprocess.PIPE,
            text=True,
        )
        while "→" not in (line := self.process.stdout.readline()):
            assert line or self.process.poll() is None

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=30)

    def ask(self, path, method="GET", port=None, body=None, **headers):
        """Asked by a client that neither tidies up the path nor unpacks the answer."""
        names = {"Host": "x"} | {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection("127.0.0.1", port or self.front, timeout=60)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in (names | ({} if body is None else {"Content-Length": len(body)})).items():
                connection.putheader(name, value)
            connection.endheaders(body)
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def both(self, path, method="GET", **headers):
        return self.ask(path, method, self.own, **headers), self.ask(path, method, **headers)

    def has(self, path):
        return (self.public / "plain" / path.lstrip("/")).is_file()


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    site = Site(folder)
    fill(site.store)
    packed(site.store, publish(site.store, BUILDINGS, buildings(4), NOON + timedelta(days=1), (TILE,)))
    publish(site.store, SITES, sites(), NOON + timedelta(days=1), (SECRET,))
    write_stac(site.store)
    site.start()
    with proxied(folder / "nginx", site.front, site.own, site.public):
        until(lambda: site.has("/store/stac/catalog.json") and site.has(tile_of(SITES, SECRET)))
        yield site
    site.stop()


def packed(store, revision):
    """Put the packed forms of a revision's tiles beside them, as the pipeline does."""
    from catalog import keys
    from twin.compress import siblings

    path = store.path(keys.revision(revision.layer, revision.number))
    document = json.loads(path.read_bytes())
    for name in list(document["objects"]):
        for end, data in siblings(store.get(keys.inside(revision.layer, name)), "glb").items():
            if name.endswith(".glb"):
                store.put(keys.inside(revision.layer, f"{name}.{end}"), data)
                document["objects"][f"{name}.{end}"] = {"size": len(data), "sha256": sha(data)}
    path.write_text(json.dumps(document))


def addresses(site):
    """Every file that visitors may have."""
    top = site.public / "plain"
    return [f"/{path.relative_to(top).as_posix()}" for path in sorted(top.rglob("*")) if path.is_file()]


def test_every_file_is_answered_as_the_service_does(site):
    found = addresses(site)
    assert {path.split("/")[1] for path in found} == {"tiles", "store"}
    assert {path.rpartition(".")[2] for path in found} == {"glb", "json", "parquet"}
    assert f"/tiles/{BUILDINGS.id}/r/000002/tileset.json" in found
    assert "/store/stac/catalog.json" in found
    for path in found:
        for method in ("GET", "HEAD"):
            own, front = site.both(path, method)
            assert (own.status_code, front.status_code) == (200, 200), path
            assert own.raw == front.raw, path
            assert {n: own.headers.get(n) for n in ALIKE if n != "accept-ranges"} == {
                n: front.headers.get(n) for n in ALIKE if n != "accept-ranges"
            }, path
            assert front.headers["accept-ranges"] == "bytes"
        for answer, port in ((own, site.own), (front, site.front)):
            tag = answer.headers["etag"]
            assert tag.startswith('"')
            again = site.ask(path, port=port, if_none_match=tag)
            assert (again.status_code, again.raw, again.headers["etag"]) == (304, b"", tag)
            assert again.headers["cache-control"] == answer.headers["cache-control"]
            assert again.headers["vary"] == "Accept-Encoding"
            assert site.ask(path, port=port, if_none_match='"another"').status_code == 200


@pytest.mark.parametrize(
    "accepted",
    ["br", "gzip", "gzip, deflate, br, zstd", "identity", "*", "br;q=0, gzip", "br;q=0.0", "xbr, gzipx"],
)
def test_each_visitor_gets_the_form_it_reads(site, accepted):
    own, front = site.both(tile_of(BUILDINGS, TILE), accept_encoding=accepted)
    assert own.raw == front.raw
    assert {n: own.headers.get(n) for n in ALIKE} == {n: front.headers.get(n) for n in ALIKE}
    coding = {"br": "br", "gzip": "gzip", "gzip, deflate, br, zstd": "br", "br;q=0, gzip": "gzip"}.get(
        accepted
    )
    assert front.headers.get("content-encoding") == coding
    assert (front.raw == TILE) == (coding is None)


def test_forms_have_tags_of_their_own(site):
    path = tile_of(BUILDINGS, TILE)
    tags = {site.ask(path, accept_encoding=coding).headers["etag"] for coding in ("br", "gzip", "identity")}
    assert len(tags) == 3


def test_trees_that_were_published_plain_are_sent_packed(site):
    path = f"/tiles/{BUILDINGS.id}/r/000002/tileset.json"
    own, front = site.both(path, accept_encoding="br")
    assert {n: own.headers.get(n) for n in ALIKE} == {n: front.headers.get(n) for n in ALIKE}
    assert own.raw == front.raw


@pytest.mark.parametrize("wanted", ["bytes=0-9", "bytes=-8", "bytes=4-", "bytes=99999999-", "bytes=0-1,3-4"])
def test_parts_of_files(site, wanted):
    path = next(path for path in addresses(site) if path.endswith("features.parquet"))
    own, front = site.both(path, range=wanted)
    assert (own.status_code, own.raw, own.headers.get("content-range")) == (
        front.status_code,
        front.raw,
        front.headers.get("content-range"),
    )
    assert own.headers["content-type"] == front.headers["content-type"]
    tag = front.headers.get("etag")
    if front.status_code == 206:
        assert site.ask(path, range=wanted, if_range=tag).status_code == 206
        assert site.ask(path, range=wanted, if_range='"another"').status_code == 200


@pytest.mark.parametrize("accepted", ["br", "gzip", "gzip, deflate, br, zstd", "identity"])
def test_parts_of_packed_files(site, accepted):
    path = tile_of(BUILDINGS, TILE)
    own, front = site.both(path, range="bytes=4-20", accept_encoding=accepted)
    for part in (own, front):
        assert (part.status_code, part.raw, part.headers.get("content-encoding")) == (206, TILE[4:21], None)
    tag = site.ask(path, accept_encoding=accepted).headers["etag"]
    on = site.ask(path, range="bytes=4-20", accept_encoding=accepted, if_range=tag)
    assert (on.status_code, on.raw) == ((206, TILE[4:21]) if accepted == "identity" else (200, TILE))


ASKED = [
    ("GET", f"{tile_of(BUILDINGS, TILE)}?x=1"),
    ("OPTIONS", tile_of(BUILDINGS, TILE)),
    ("POST", tile_of(BUILDINGS, TILE)),
    ("DELETE", "/store/stac/catalog.json"),
    ("GET", f"/tiles/{BUILDINGS.id}/content/{'0' * 64}.glb"),
    ("GET", f"{tile_of(BUILDINGS, TILE)}.br"),
    ("GET", f"/tiles/{BUILDINGS.id}/r/000009/tileset.json"),
    ("GET", "/store/stac/nothing.json"),
    ("GET", f"/store/stac/{BUILDINGS.id}/"),
    ("GET", f"/store/layers/{BUILDINGS.id}/status.json"),
    ("GET", f"/store/layers/{BUILDINGS.id}/revisions/000001.json"),
    ("GET", "/store/cities/probe.json"),
    ("GET", "/store/observations/probe.bike-counts/date=2026-03-01/x.parquet"),
    ("GET", f"/store/layers/{BUILDINGS.id}/../../cities/probe.json"),
    ("GET", f"/store/layers/{BUILDINGS.id}/%2e%2e/%2e%2e/cities/probe.json"),
    ("GET", f"/store/layers/{BUILDINGS.id}/..%2F..%2Fcities%2Fprobe.json"),
    ("GET", "//store/stac/catalog.json"),
    ("GET", "/ogc"),
    ("GET", "/ogc/collections?limit=0"),
    ("GET", f"/tiles/{BUILDINGS.id}/tileset.json"),
    ("GET", "/"),
]


@pytest.mark.parametrize(("method", "path"), ASKED)
def test_everything_else_is_the_services_business(site, method, path):
    """Path climbing, what is no file for visitors, wrong methods and queries."""
    own, front = site.both(path, method)
    assert own.status_code == front.status_code
    assert own.headers.get("content-type") == front.headers.get("content-type")
    assert own.raw == front.raw
    assert b"nginx" not in front.raw
    if any(word in path for word in ("etc", "cities", "status", "revisions", "x.parquet")):
        assert front.status_code in (400, 404)


@pytest.mark.parametrize(
    "path",
    [
        f"/tiles/{BUILDINGS.id}/content/../../../../../etc/passwd",
        f"/tiles/{BUILDINGS.id}/content/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        f"/store/layers/{BUILDINGS.id}/..%2F..%2F..%2F..%2Fetc%2Fpasswd.json",
        "/store/%00.json",
        f"{tile_of(BUILDINGS, TILE)}%00.json",
    ],
)
def test_paths_that_climb_lead_nowhere(site, path):
    for answer in site.both(path):
        assert answer.status_code in (400, 404)
        assert json.loads(answer.raw)["status"] == answer.status_code
        assert answer.headers["content-type"] == "application/problem+json"


def test_nothing_lies_in_the_folder_but_what_is_published(site):
    """A tile of a run that came to nothing, the work of others, packed forms under their own names."""
    orphan = glb(9)
    site.store.put(f"layers/{BUILDINGS.id}/content/{sha(orphan)}.glb", orphan)
    publish(site.store, BUILDINGS, buildings(5), NOON + timedelta(days=2), (TILE,))
    until(lambda: site.has(f"/tiles/{BUILDINGS.id}/r/000003/tileset.json"))
    assert not site.has(tile_of(BUILDINGS, orphan))
    assert site.ask(tile_of(BUILDINGS, orphan)).status_code == 404
    names = "\n".join(addresses(site))
    for word in (
        "status",
        "revisions",
        "leases",
        "observations",
        "kept",
        "cities",
        "seen",
        ".br",
        ".gz",
        ".tmp",
    ):
        assert word not in names, word


def test_who_asks_is_told_by_nginx_and_not_by_the_visitor(site):
    """The service limits by the address that nginx saw, whatever the visitor claims."""

    def left(port, claimed):
        answer = site.ask("/ogc/conformance", port=port, x_forwarded_for=claimed)
        return int(answer.headers["ratelimit"].split(";")[1].removeprefix("r="))

    first = left(site.front, "203.0.113.9")
    assert left(site.front, "198.51.100.7, 203.0.113.10") == first - 1
    assert left(site.own, "203.0.113.11") == left(site.own, "203.0.113.12") == MANY - 1  # as from a proxy


def test_what_nginx_says_itself_is_a_problem_too(site, tmp_path):
    large = site.ask("/stac/search", "POST", body=b"x" * (2 * 1024 * 1024 + 1))
    assert (large.status_code, json.loads(large.raw)["status"]) == (413, 413)
    port = free_port()
    with proxied(tmp_path, port, site.own, site.public, **{"50r/s": "1r/m", "burst=300": "burst=2"}):
        answers = [site.ask("/ops/none", port=port) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [404, 404, 404, 429]
        busy = answers[-1]
        assert busy.headers["content-type"] == "application/problem+json"
        assert busy.headers["retry-after"] == "1"
        assert busy.headers["access-control-allow-origin"] == "*"
        assert json.loads(busy.raw)["type"] == "/docs#problem-rate"
        tile = f"/store/layers/{BUILDINGS.id}/content/{sha(TILE)}.glb"
        assert site.ask(tile, port=port).status_code == 200  # files do not count


def test_what_is_not_cleared_any_more_is_gone(site):
    """The counterexample: its files stay in the store, and nobody gets them, neither here nor there."""
    path = tile_of(SITES, SECRET)
    paths = [
        path,
        f"/store/layers/{SITES.id}/content/{sha(SECRET)}.glb",
        f"/store/stac/{SITES.id}/collection.json",
    ]
    assert [site.ask(one).status_code for one in paths] == [200] * 3
    assert SITES.id.encode() in site.ask("/store/stac/catalog.json").raw
    unclear = SITES.source.model_copy(update={"unclear": Text(de="Unklar.", en="Unclear.")})
    closed = SITES.model_copy(update={"source": unclear})
    layers = tuple(closed if layer.id == SITES.id else layer for layer in CITY.layers)
    write_city(site.store, CITY.model_copy(update={"layers": layers}))
    for one in paths:
        until(lambda one=one: site.ask(one).status_code == 404)
        assert site.ask(one, port=site.own).status_code == 404
    until(lambda: SITES.id.encode() not in site.ask("/store/stac/catalog.json").raw)
    assert SITES.id.encode() not in site.ask("/store/stac/catalog.json", port=site.own).raw
    assert not list(site.public.rglob(f"*{SITES.id}*"))
    assert site.store.size(f"layers/{SITES.id}/content/{sha(SECRET)}.glb")
    # The server is started anew with the operator's word, and without it again: it is there, then it is not.
    site.stop()
    assert site.ask(tile_of(BUILDINGS, TILE)).raw == TILE  # files need no service
    away = site.ask("/ogc")
    assert (away.status_code, away.headers["retry-after"]) == (503, "5")
    site.start(TWIN_PUBLISH_UNCLEAR=SITES.id)
    until(lambda: site.has(path))
    assert site.ask(path).raw == SECRET
    site.stop()
    site.start()
    assert not site.has(path)  # before it listens
    until(lambda: site.ask(path).status_code == 404)


def test_a_damaged_file_is_not_sent(site):
    path = tile_of(BUILDINGS, TILE)
    until(lambda: site.has(path))
    key = f"layers/{BUILDINGS.id}/content/{sha(TILE)}.glb"
    with site.store.path(key).open("r+b") as file:  # in place: the link has it, too
        file.write(b"XXXX")
    until(lambda: not site.has(path))
    for accepted in ("br", "gzip", "identity"):  # the service has it in memory, or says that it is damaged
        own, front = site.both(path, accept_encoding=accepted)
        assert own.status_code == front.status_code
        assert b"XXXX" not in front.raw
    site.store.put(key, TILE)
    until(lambda: site.has(path))
    assert site.ask(path).raw == TILE


def test_a_folder_elsewhere_is_refused_and_a_store_elsewhere_too(tmp_path):
    from api.public import Public
    from api.service import Service
    from twin import times
    from twin.errors import TwinError
    from twin.settings import Settings
    from twin.store import open_store

    service = Service(Settings(), open_store("memory://"), 1.0, times.now)
    with pytest.raises(TwinError, match="needs a store in a folder"):
        Public(service, tmp_path)
