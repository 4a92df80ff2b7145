"""Asked again: what is remembered of a source between runs, and what that spares it and us."""

import hashlib
import json
import os
import threading
from datetime import UTC, datetime, timedelta

import pytest

from ingest.again import hosts_of
from ingest.fetch import Fetch
from ingest.manners import Hosts
from ingest.paging import by_count, by_links
from ingest.remembered import Memory, of_the_moment
from ingest.waiting import NEVER, Waiting
from tests.ingest.asking import quick, source
from tests.replay import Answer, Replay, as_json
from twin.errors import SourceBroken, SourceDown, SourceRefused
from twin.settings import Settings

T = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Living:
    """A page that changes, with validators as honest servers send them."""

    def __init__(self, replay: Replay, path: str, body: bytes, *, etag: bool = True, modified: bool = False):
        self.replay, self.body, self.etag, self.modified = replay, body, etag, modified
        replay.routes[path] = self._answer

    def _answer(self, query):
        tag = f'"{hashlib.md5(self.body, usedforsecurity=False).hexdigest()}"'
        asked = self.replay.headers[-1]
        headers = {}
        if self.etag:
            headers["ETag"] = tag
            if asked.get("if-none-match") == tag:
                return Answer(status=304, headers=headers)
        if self.modified:
            headers["Last-Modified"] = "Sun, 22 Nov 2026 10:00:00 GMT"
            if asked.get("if-modified-since") == headers["Last-Modified"]:
                return Answer(status=304)
        return Answer(self.body, headers=headers)


@pytest.fixture
def replay():
    with Replay() as server:
        yield server


def memory(tmp_path, *, bodies=False, most=10**6, layer="town.a"):
    return Memory(tmp_path / "fetch" / layer, bodies=bodies, most=most)


def first_run(tmp_path, *urls, bodies=False, at=T, lasting=True):
    remembered = memory(tmp_path, bodies=bodies)
    with quick(memory=remembered) as fetch:
        for url in urls:
            fetch.get(url)
    remembered.settle("recipe 1", 3, at, lasting=lasting)


def hoard(tmp_path):
    return sorted((tmp_path / "fetch/bodies").glob("*"))


def last(remembered, basis="recipe 1", revision=3, now=T + timedelta(hours=1)):
    return remembered.last(basis, revision, now)


def test_an_unchanged_source_sends_nothing(replay, tmp_path):
    Living(replay, "/a", b"a" * 1000)
    Living(replay, "/b", b"b" * 1000, etag=False, modified=True)
    first_run(tmp_path, replay.url + "/a", replay.url + "/b")
    with quick(memory=(again := memory(tmp_path))) as fetch:
        assert fetch.unchanged(last(again))
        assert (fetch.requests, fetch.received) == (2, 0)
        assert fetch.origins == []


def test_without_validators_the_bytes_decide(replay, tmp_path):
    page = Living(replay, "/a", b"a" * 1000, etag=False)
    first_run(tmp_path, replay.url + "/a")
    with quick(memory=(again := memory(tmp_path))) as fetch:
        assert fetch.unchanged(last(again))
        assert fetch.received == 1000
    page.body = b"b" * 1000
    with quick(memory=again) as fetch:
        assert not fetch.unchanged(last(again))


def test_what_the_look_brought_is_not_asked_for_again(replay, tmp_path):
    Living(replay, "/a", b"a" * 1000)
    page = Living(replay, "/b", b"b" * 1000)
    Living(replay, "/c", b"c" * 1000)
    urls = [f"{replay.url}/{name}" for name in "abc"]
    first_run(tmp_path, *urls)
    page.body = b"new"
    replay.asked.clear()
    with quick(memory=(again := memory(tmp_path))) as fetch:
        assert not fetch.unchanged(last(again))
        assert [fetch.get(url).data for url in urls] == [b"a" * 1000, b"new", b"c" * 1000]
        assert [origin.size for origin in fetch.origins] == [1000, 3, 1000]
    # /a said "unchanged" and has to be asked in full, as nothing of it may be kept; /b came with the look.
    assert [path for path, _ in replay.asked] == ["/a", "/b", "/a", "/c"]


def test_the_crs_of_an_answer_is_remembered_with_it(replay, tmp_path):
    """A server that says "unchanged" does not say again in which CRS that was."""
    crs = "http://www.opengis.net/def/crs/EPSG/0/25832"

    def answer(query):
        if "if-none-match" in replay.headers[-1]:
            return Answer(status=304, headers={"ETag": '"1"'})
        return Answer(b"a", headers={"ETag": '"1"', "Content-Crs": f"<{crs}>"})

    replay.routes["/a"] = answer
    first_run(tmp_path, replay.url + "/a", bodies=True)
    with quick(memory=memory(tmp_path, bodies=True)) as fetch:
        assert (fetch.get(replay.url + "/a").crs, fetch.received) == (crs, 0)


def test_the_same_bytes_in_another_crs_are_a_change(replay, tmp_path):
    replay.routes["/a"] = [Answer(b"a", headers={"Content-Crs": f"<{crs}>"}) for crs in ("one", "two")]
    first_run(tmp_path, replay.url + "/a")
    with quick(memory=(again := memory(tmp_path))) as fetch:
        assert not fetch.unchanged(last(again))


def test_kept_bodies_are_taken_where_the_source_says_unchanged(replay, tmp_path):
    Living(replay, "/a.tif", b"a" * 1000)
    page = Living(replay, "/b", b"b" * 1000)
    first_run(tmp_path, replay.url + "/a.tif", replay.url + "/b", bodies=True)
    page.body = b"new"
    with quick(memory=(again := memory(tmp_path, bodies=True))) as fetch:
        file = fetch.download(replay.url + "/a.tif")
        assert (file.name, file.read()) == ("a.tif", b"a" * 1000)
        assert fetch.get(replay.url + "/a.tif").data == b"a" * 1000
        assert fetch.get(replay.url + "/b").data == b"new"
        assert (fetch.requests, fetch.received) == (3, 3)
        assert fetch.origins[0].sha256 == hashlib.sha256(b"a" * 1000).hexdigest()
    again.settle("recipe 1", 4, T)
    bodies = {hashlib.sha256(body).hexdigest() for body in (b"a" * 1000, b"b" * 1000, b"new")}
    assert {path.name for path in hoard(tmp_path)} == bodies
    for path in hoard(tmp_path):
        os.utime(path, (1, 1))
    again.settle("recipe 1", 4, T)
    assert {path.name for path in hoard(tmp_path)} == bodies - {hashlib.sha256(b"b" * 1000).hexdigest()}


def test_a_kept_body_that_was_damaged_is_asked_for_in_full(replay, tmp_path):
    Living(replay, "/a", b"a" * 1000)
    first_run(tmp_path, replay.url + "/a", bodies=True)
    again = memory(tmp_path, bodies=True)
    (body,) = hoard(tmp_path)
    body.write_bytes(b"x" * 1000)
    with quick(memory=again) as fetch:
        assert fetch.get(replay.url + "/a").data == b"a" * 1000
        assert fetch.received == 1000


def test_bodies_are_not_kept_unless_nothing_in_them_is_personal(replay, tmp_path):
    Living(replay, "/a", b"Erika Mustermann")
    first_run(tmp_path, replay.url + "/a")
    assert not any(b"Erika" in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert hoard(tmp_path) == []


def test_kept_bodies_of_all_layers_stay_under_the_cap(replay, tmp_path):
    for name, layer in (("a", "town.a"), ("b", "town.b"), ("c", "town.c")):
        Living(replay, f"/{name}", name.encode() * 1000)
        own = memory(tmp_path, bodies=True, most=2500, layer=layer)
        with quick(memory=own) as fetch:
            fetch.get(f"{replay.url}/{name}")
        own.settle("recipe 1", 1, T)
    assert sum(path.stat().st_size for path in hoard(tmp_path)) == 2000
    huge = memory(tmp_path, bodies=True, most=10, layer="town.d")
    with quick(memory=huge) as fetch:
        fetch.get(f"{replay.url}/a")
    huge.settle("recipe 1", 1, T)
    assert hoard(tmp_path) == []


def test_layers_of_one_file_download_it_once(replay, tmp_path):
    Living(replay, "/gtfs.zip", b"z" * 1000)
    first_run(tmp_path, replay.url + "/gtfs.zip", bodies=True)
    for bodies, received in ((True, 0), (False, 1000)):
        with quick(memory=memory(tmp_path, bodies=bodies, layer="town.b")) as fetch:
            assert fetch.download(replay.url + "/gtfs.zip").read() == b"z" * 1000
            assert fetch.received == received


@pytest.mark.parametrize(
    "given",
    [
        {"basis": "recipe 2"},
        {"revision": 4},
        {"revision": None},
        {"now": T + timedelta(days=9)},  # addresses may name the month
    ],
)
def test_another_recipe_revision_or_month_reads_all(replay, tmp_path, given):
    Living(replay, "/a", b"a")
    first_run(tmp_path, replay.url + "/a")
    assert last(memory(tmp_path))
    assert last(memory(tmp_path), **given) == []


def test_a_run_whose_result_depends_on_the_time_and_damaged_memories_read_all(replay, tmp_path):
    Living(replay, "/a", b"a")
    first_run(tmp_path, replay.url + "/a", lasting=False)
    assert last(memory(tmp_path)) == []
    first_run(tmp_path, replay.url + "/a")
    for damage in (b"{", b"[]", b"{}", b'{"form":1,"answers":[{"url":1}]}'):
        (tmp_path / "fetch/town.a/answers.json").write_bytes(damage)
        assert last(memory(tmp_path)) == []


@pytest.mark.parametrize(
    ("query", "moving"),
    [
        ("?date_to=2026-11-22", True),
        ("?from=20261121", True),
        ("?day=22.11.2026", True),
        ("/2026/11/22/x.json", True),
        ("?since=1795348800", True),
        ("?since=1795348800000", True),
        ("?start=2026-11-22T04:00:00Z", True),
        ("/rad_2026_10_15min.csv", False),
        ("?stations=1795", False),
        ("?date=2025-11-22", False),
    ],
)
def test_an_address_that_names_the_day_is_another_one_tomorrow(replay, tmp_path, query, moving):
    assert of_the_moment("https://x.example" + query, T) is moving


def test_a_304_that_nobody_asked_for_is_an_error(replay):
    replay.routes["/a"] = [Answer(status=304)]
    with quick() as fetch, pytest.raises(SourceBroken, match="304"):
        fetch.get(replay.url + "/a")


def test_only_hosts_that_the_recipe_names_are_asked():
    recipe = source("wfs", "https://geo.example/ows", options={"hosts": ["Files.example"]})
    other = source("x", "https://a.example", options={"stations_wfs": {"url": "https://b.example/w"}})
    assert hosts_of(recipe) == {"geo.example", "files.example"}
    assert hosts_of(other) == {"a.example", "b.example"}
    public = {"trusted": False, "resolve": lambda host, port: ["93.184.215.14"]}
    with quick(hosts=hosts_of(recipe), **public) as fetch:
        with pytest.raises(SourceRefused, match=r"evil\.example to options\.hosts"):
            fetch.get("https://evil.example/x")
        assert fetch.requests == 0


def test_a_source_has_so_many_bytes_and_so_much_time_in_all(replay):
    replay.routes["/a"] = [Answer(b"x" * 600_000)]
    settings = Settings(max_layer_mb=1)
    with Fetch(settings, trusted=True, waiting=NEVER) as fetch:
        fetch.get(replay.url + "/a")
        with pytest.raises(SourceRefused, match="more than 1 MB in all"):
            fetch.get(replay.url + "/a")
    replay.routes["/a"] = [Answer(b"x")]
    time = [0.0]
    waiting = Waiting(attempts=1, clock=lambda: time[0])
    with quick(waiting=waiting, limit_s=600) as fetch:
        fetch.get(replay.url + "/a")
        time[0] = 601
        with pytest.raises(SourceDown, match="took longer than 10 min"):
            fetch.get(replay.url + "/a")


def test_hosts_are_asked_with_pauses_and_few_at_once():
    slept: list[float] = []
    time = [100.0]

    def sleep(seconds):
        slept.append(seconds)
        time[0] += seconds

    waiting = Waiting(between_s=1, sleep=sleep, clock=lambda: time[0])
    hosts = Hosts(at_once=2)
    for _ in range(3):
        with hosts.turn("a.example", waiting):
            pass
    with hosts.turn("b.example", waiting):
        pass
    assert len(slept) == 2
    assert all(1 <= pause <= 1.25 for pause in slept)

    inside, most, lock = [0], [0], threading.Lock()
    quickly = Waiting(between_s=0)
    together = threading.Barrier(2)

    def ask():
        with hosts.turn("c.example", quickly):
            with lock:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
            together.wait(60)
            with lock:
                inside[0] -= 1

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most[0] == 2


def test_pages_by_links_end_and_stay_at_home(replay):
    def page(query):
        number = int(query.get("page", 1))
        link = {"next": f"/p?page={number + 1}"} if number < 3 else {}
        return as_json({"n": number} | link)

    replay.routes["/p"] = page
    with quick() as fetch:
        read = {"read": lambda body: json.loads(body.data), "next_of": lambda d: d.get("next")}
        pages = list(by_links(fetch, replay.url + "/p", **read))
        assert [p["n"] for p in pages] == [1, 2, 3]
        with pytest.raises(SourceBroken, match="too many pages"):
            list(by_links(fetch, replay.url + "/p", **read, most=2))
        replay.routes["/q"] = [as_json({"next": "/q"})]
        with pytest.raises(SourceBroken, match="circle"):
            list(by_links(fetch, replay.url + "/q", **read))
    recipe = quick(trusted=False, resolve=lambda host, port: ["93.184.215.14"])
    with recipe as fetch, pytest.raises(SourceRefused, match=r"evil\.example"):
        fetch.follow("https://geo.example/items", "https://evil.example/items?page=2")


def test_pages_by_count_end_at_an_empty_one(replay):
    things = list(range(7))
    replay.routes["/w"] = lambda q: as_json(things[int(q["startIndex"]) :][:3])

    def read(body, number):
        page = json.loads(body.data)
        return page, len(page)

    with quick() as fetch:
        pages = by_count(fetch, replay.url + "/w", lambda start: {"startIndex": str(start)}, read)
        assert [x for page in pages for x in page] == things
        with pytest.raises(SourceBroken, match="too many pages"):
            list(by_count(fetch, replay.url + "/w", lambda _: {"startIndex": "0"}, read, most=5))
