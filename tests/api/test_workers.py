"""Several processes at one address: they answer as one, and one that dies comes back."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from made import BUILDINGS, NOON, SITES, buildings, fill, publish, sites

from api.buckets import SIZE, Buckets
from api.meter import CELLS, Meter
from api.together import Together, size
from catalog.revisions import Listing
from tests.ports import free_port
from twin.settings import ROOT
from twin.store import FileStore

WORKERS = 3
BURST = 100_000


def until(true):
    limit = time.monotonic() + 60
    while not (found := true()):
        assert time.monotonic() < limit
        time.sleep(0.02)
    return found


class Served:
    def __init__(self, store):
        self.store, self.port = store, free_port()
        command = [sys.executable, "-m", "api.cli", "serve", "--store", str(store.root)]
        more = {"TWIN_RATE_PER_S": "0.0001", "TWIN_RATE_BURST": str(BURST), "TWIN_LIVE_EVERY_S": "0.1"}
        self.process = subprocess.Popen(
            [*command, "--port", str(self.port), "--workers", str(WORKERS)],
            cwd=ROOT,
            env=os.environ | more,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        while "→" not in (line := self.process.stdout.readline()):
            assert line or self.process.poll() is None, self.process.stderr.read()

    def ask(self, path, **headers):
        """Asked over a connection of its own, which any of the workers may take."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("GET", path, headers={n.replace("_", "-"): v for n, v in headers.items()})
            answer = connection.getresponse()
            return answer.status, {n.lower(): v for n, v in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def metrics(self):
        lines = self.ask("/ops/metrics")[2].decode().splitlines()
        pairs = (line.rpartition(" ") for line in lines if not line.startswith("#"))
        return {name: float(value) for name, _, value in pairs}

    def children(self):
        """The workers' process ids."""
        found = []
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                pid, _, rest = path.read_text().partition(" (")
            except OSError:
                continue
            found.append((int(pid), int(rest.rpartition(") ")[2].split()[1])))
        helpers = [
            pid for pid, parent in found if parent == self.process.pid
        ]  # one of them forks the workers
        return [pid for pid, parent in found if parent in helpers]


@contextmanager
def serving(folder):
    store = FileStore(folder / "store")
    fill(store)
    served = Served(store)
    try:
        yield served
    finally:
        served.process.send_signal(signal.SIGTERM)
        _, served.said = served.process.communicate(timeout=60)


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("workers")) as one:
        yield one
        children = one.children()
    assert one.process.returncode == 0
    assert "Traceback" not in one.said
    assert not any(Path(f"/proc/{pid}").exists() for pid in children)


def test_every_request_counts_whoever_answered(served):
    """One allowance for all workers, one sum of all their answers, and it never shrinks."""
    before = served.metrics()
    left = []
    for _ in range(60):
        status, headers, _ = served.ask("/ogc/conformance")
        assert status == 200
        left.append(int(headers["ratelimit"].split(";")[1].removeprefix("r=")))
    assert left == list(range(left[0], left[0] - 60, -1))
    after = served.metrics()
    name = 'twin_requests_total{door="ogc",status="200"}'
    assert after[name] - before.get(name, 0) == 60
    assert after["twin_workers"] == WORKERS
    seconds = [served.metrics()["process_cpu_seconds_total"] for _ in range(20)]
    assert seconds == sorted(seconds)


def test_pages_go_on_with_any_worker(served):
    for path in (
        f"/ogc/collections/{BUILDINGS.id}/items?limit=2",
        "/stac/search?limit=1",
        f"/sta/v1.1/Observations?$top=50&$filter=phenomenonTime%20lt%20{NOON:%Y-%m-%dT%H:%M:%SZ}",
    ):
        ids, pages = [], 0
        while path and pages < 16:
            status, _, body = served.ask(path)
            assert status == 200, body
            document = json.loads(body)
            for feature in document.get("features", document.get("value")):
                ids.append((feature.get("collection"), feature.get("id", feature.get("@iot.id"))))
            links = [link["href"] for link in document.get("links", ()) if link["rel"] == "next"]
            path = links[0] if links else document.get("@iot.nextLink")
            pages += 1
        assert len(ids) == len(set(ids)), path
        assert pages > 1


def test_answers_are_the_same_bytes_and_tags(served):
    for path in (
        "/ogc/collections",
        "/stac",
        f"/tiles/{BUILDINGS.id}/tileset.json",
        "/openapi.json",
        "/docs",
    ):
        told = Counter()
        for _ in range(12):
            status, headers, body = served.ask(path)
            told[status, headers["etag"], body] += 1
        assert len(told) == 1, path


def test_nobody_is_told_of_an_older_revision_after_a_newer_one(served):
    for i in range(3):
        number = publish(served.store, BUILDINGS, buildings(3 + i), NOON + timedelta(days=2 + i)).number
        seen = []
        limit = time.monotonic() + 60
        while number not in seen[-20:] or min(seen[-20:]) < number:
            assert time.monotonic() < limit
            body = json.loads(served.ask(f"/stac/collections/{BUILDINGS.id}/items?limit=1")[2])
            seen.append(int(body["features"][0]["id"].rpartition("-")[2][-6:]))
        assert seen == sorted(seen)


def test_events_come_from_every_worker(served):
    opened = []
    try:
        for _ in range(9):
            connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)
            connection.request("GET", f"/live?layers={SITES.id}")
            opened.append((connection, connection.getresponse()))
        until(lambda: served.metrics()["twin_live_listeners"] == 9)
        number = publish(served.store, SITES, sites()[:1], NOON + timedelta(days=3)).number
        ids = Counter()
        for _, answer in opened:
            while not (line := answer.readline()).startswith(b"data: "):
                assert line
            ids[json.loads(line[6:])["id"]] += 1
        assert ids == {f"{SITES.id}/revision/{number:06d}": 9}
    finally:
        for connection, answer in opened:
            answer.close()
            connection.close()


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="which processes there are is read from /proc")
def test_a_worker_that_dies_is_replaced_and_nothing_counted_is_lost(served):
    before = until(lambda: len(found := served.children()) == WORKERS and found)
    answered = served.metrics()['twin_requests_total{door="ops",status="200"}']
    os.kill(before[0], signal.SIGKILL)
    # What it had taken is lost with it; everybody else is answered, while and after it comes back.
    for _ in range(20):
        assert served.ask("/ogc")[0] == 200
    after = until(lambda: len(found := served.children()) == WORKERS and before[0] not in found and found)
    assert len(set(before) & set(after)) == WORKERS - 1
    assert served.metrics()['twin_requests_total{door="ops",status="200"}'] > answered
    assert served.metrics()["twin_workers"] == WORKERS


def test_workers_end_with_the_one_that_started_them(tmp_path):
    with serving(tmp_path) as one:
        children = one.children()
        one.process.kill()
    assert until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in children))


@pytest.fixture
def tables(tmp_path):
    lock, memory = tmp_path / "lock", bytearray(SIZE)
    lock.touch()
    opened = [Buckets(memory, lock) for _ in range(2)]
    yield opened
    for one in opened:
        one.close()


def test_allowances_are_one_in_all_processes(tables):
    one, two = tables
    key = b"a" * 12
    assert [table.take(key, 10.0, 2.0, 3.0) for table in (one, two, one)] == [(True, 2), (True, 1), (True, 0)]
    assert two.take(key, 10.0, 2.0, 3.0) == (False, 0)
    assert two.take(b"b" * 12, 10.0, 2.0, 3.0) == (True, 2)
    assert one.take(key, 10.5, 2.0, 3.0) == (True, 0)
    assert two.take(key, 100.0, 2.0, 3.0) == (True, 2)


def test_nothing_of_a_client_stays_for_ever(tables):
    one, _ = tables
    for i in range(1000):
        one.take(i.to_bytes(4) + b"client..", 10.0, 2.0, 3.0)
    assert bytes(one._memory).count(b"client..") == 1000
    for _ in range(5000):
        one.take(b"somebody" + bytes(4), 20.0, 2.0, 3.0)
    assert bytes(one._memory).count(b"client..") == 0


def test_too_many_clients_forget_the_quiet_ones(tables):
    one, _ = tables
    crowd = [bytes(4) + i.to_bytes(8) for i in range(1, 10)]  # one place too few for them
    for i, key in enumerate(crowd):
        one.take(key, 10.0 + i / 1000, 0.001, 3.0)
    assert one.take(crowd[-1], 11.0, 0.001, 3.0)[1] < 2
    assert one.take(crowd[0], 11.0, 0.001, 3.0)[1] == 2


def test_counts_of_one_who_comes_back_go_on():
    cells = bytearray(8 * size(2))
    one, two = (Together(2, number, cells) for number in range(2))
    meters = [Meter(each.own(), each.counted) for each in (one, two)]
    meters[0].note("/ogc", 200, 0.01)
    meters[1].note("/ogc", 200, 0.02)
    one.say(4, 7)
    spent = sum(one.each("seconds"))
    again = Together(2, 0, cells)
    assert again.each("listeners") == [0, 0]
    assert sum(again.each("seconds")) + sum(again.each("seconds_before")) == spent > 0
    assert 'twin_requests_total{door="ogc",status="200"} 2' in list(Meter(again.own(), again.counted).lines())
    assert len(again.own()) == CELLS


def test_what_one_has_seen_the_others_look_for(tmp_path):
    store = FileStore(tmp_path)
    fill(store)
    cells = bytearray(8 * size(2))
    one, two = (Listing(store, 3600, others=Together(2, number, cells)) for number in range(2))
    assert one.current(BUILDINGS.id) == two.current(BUILDINGS.id)
    publish(store, BUILDINGS, buildings(2), NOON + timedelta(days=1))
    assert two.current(BUILDINGS.id).number == 2  # it may look in an hour
    assert Listing(store, 0, others=one._others).current(BUILDINGS.id).number == 3  # the first look: no news
    assert two.current(BUILDINGS.id).number == 2
    one._ttl = 0
    assert one.current(BUILDINGS.id).number == 3
    assert two.current(BUILDINGS.id).number == 3
