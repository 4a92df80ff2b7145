"""A server in a process of its own, and ears that listen to its ``/live``."""

import http.client
import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager

from tests.ports import free_port

ROOT = __file__.rpartition("/tests/")[0]


@contextmanager
def served(store, port=None, **settings):
    """A server process over a store, or the address of one; ends when left, and must do so by itself."""
    port, place = port or free_port(), store if isinstance(store, str) else str(store.root)
    command = [sys.executable, "-m", "api.cli", "serve", "--store", place, "--port", str(port)]
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
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
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
