"""``/live`` as a browser meets it: a server process, a pipeline elsewhere, and only the store between."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import timedelta

import pytest
from made import BUILDINGS, COUNTS, NOON, SITES, buildings, publish, sites

from catalog.observations import append
from catalog.status import write_status
from tests.ports import free_port
from twin import times
from twin.record import Observation
from twin.status import Status

ROOT = __file__.rpartition("/tests/")[0]


@contextmanager
def served(store, port=None, **settings):
    """A server process; ends when left, and must do so by itself."""
    port = port or free_port()
    command = [sys.executable, "-m", "api.cli", "serve", "--store", str(store.root), "--port", str(port)]
    environment = os.environ | {"TWIN_LIVE_EVERY_S": "0.1", "TWIN_LIVE_HEARTBEAT_S": "0.3"} | settings
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        while b"\xe2\x86\x92" not in (line := process.stdout.readline()):
            assert line or process.poll() is None, process.stderr.read()
        yield process, port
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            _, told = process.communicate(timeout=60)
        finally:
            process.kill()
        assert told == b""


class Ear:
    """A listener that reads blocks until it has heard enough."""

    def __init__(self, port, query="", last=None):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.connection.request(
            "GET", f"/live{query}", headers={} if last is None else {"Last-Event-ID": last}
        )
        self.answer = self.connection.getresponse()
        assert self.answer.status == 200
        self.last = last
        assert self.block()["retry"] == "3000"

    def block(self):
        lines = {}
        while line := self.answer.readline().decode().rstrip("\n"):
            name, _, value = line.partition(":")
            lines[name] = value.strip()
        if lines.get("id"):
            assert self.last is None or lines["id"] >= self.last
            self.last = lines["id"]
        return lines

    def event(self):
        while "data" not in (block := self.block()):
            pass
        event = json.loads(block["data"])
        assert event["type"] == block["event"]
        return event

    def close(self):
        self.answer.close()
        self.connection.close()


@pytest.fixture
def listen():
    """Opens listeners, and closes them at the end."""
    opened = []

    def ear(*arguments):
        opened.append(Ear(*arguments))
        return opened[-1]

    yield ear
    for one in opened:
        one.close()


def observe(store, value):
    now = times.now()
    append(
        store, COUNTS.id, [Observation("probe.bike-counts.arnulf", "bicycles", value, "1/15min", now)], now
    )
    write_status(store, Status(layer=COUNTS.id, interval_s=3600, last_attempt=now, last_success=now))


@pytest.mark.timeout(120)
def test_one_who_is_cut_off_and_meets_another_server_misses_nothing(store, listen):
    with served(store) as (_, port):
        ear = listen(port, f"?layers={BUILDINGS.id},{COUNTS.id}")
        number = publish(store, BUILDINGS, buildings(5), NOON + timedelta(days=1)).number
        event = ear.event()
        assert (event["subject"], event["data"]["revision"]) == (BUILDINGS.id, number)
        ear.close()
        publish(store, BUILDINGS, buildings(6), NOON + timedelta(days=2))
        publish(store, SITES, sites()[:2], NOON + timedelta(days=2))
    observe(store, 3.0)
    with served(store) as (_, port):
        for query, header in (("", ear.last), (f"&last-event-id={ear.last}", None)):
            back = listen(port, f"?layers={BUILDINGS.id},{COUNTS.id}{query}", header)
            events = [back.event() for _ in range(3)]
            assert [event["type"] for event in events] == ["revision", "observation", "freshness"]
            assert events[0]["data"]["revision"] == number + 1
            assert events[1]["data"]["values"][0]["value"] == 3.0
        publish(store, BUILDINGS, buildings(7), NOON + timedelta(days=3))
        assert back.event()["data"]["revision"] == number + 2
        quiet = back.block()
        assert quiet == {"": ""}  # a heartbeat


@pytest.mark.timeout(120)
def test_the_server_ends_while_people_listen(store, listen):
    with served(store) as (process, port):
        ears = [listen(port) for _ in range(20)]
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        for ear in ears:
            while ear.answer.readline():
                pass
        process.wait(60)
        assert time.monotonic() - begun < 60  # it would otherwise wait for those who listen, without end
