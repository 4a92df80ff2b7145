"""Tiles, beside the same kind of server that always says the same; and listeners that wait for news."""

import os
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from benchmarks.measure import table
from benchmarks.service_data import GAUGES
from benchmarks.service_database import free_port
from benchmarks.service_load import load
from benchmarks.service_peers import Server, family, processor

LISTENERS = int(os.environ.get("LISTENERS", "2000"))
_KB = 50
_TILES = 50
_WAIT_S = 20.0
_BARE = """
import sys, uvicorn
body = b"x" * int(sys.argv[2])
head = [(b"content-type", b"model/gltf-binary"), (b"content-length", str(len(body)).encode())]
async def app(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": head})
    await send({"type": "http.response.body", "body": body})
uvicorn.run(app, port=int(sys.argv[1]), log_level="error", lifespan="off", access_log=False)
"""


def tiles(server: Server, store: Path, seconds: float, turns: int) -> None:
    """Print how tiles of 50 kB fare beside a constant body by the same uvicorn; the middle turn counts."""
    found = [(abs(file.stat().st_size - _KB * 1000), file) for file in _contents(store)]
    chosen = [file for _, file in sorted(found)[:_TILES]]
    paths = [f"/tiles/{GAUGES}/content/{file.name}" for file in chosen]
    size = sum(file.stat().st_size for file in chosen) // len(chosen)
    port, rows = free_port(), []
    with subprocess.Popen([sys.executable, "-c", _BARE, str(port), str(size)]) as bare:
        try:
            _answers(port)
            for connections in (1, 8):
                asked = ((server.pid, server.url, paths), (bare.pid, f"http://127.0.0.1:{port}", ["/"]))
                seen = [[_with_work(*each, connections, seconds) for each in asked] for _ in range(turns)]
                (ours, worked), (same, least) = (_middle(each) for each in zip(*seen, strict=True))
                cells = (f"{ours:,.0f}", f"{worked:.2f}", f"{same:,.0f}", f"{least:.2f}")
                rows.append((connections, *cells, f"{ours / same:.0%}", f"{least / worked:.0%}"))
        finally:
            bare.terminate()
    bare_words = ("uvicorn with a constant body, requests/s", "processor ms")
    head = ("connections", "twin, requests/s", "processor ms", *bare_words, "share", "by processor")
    table(f"Tiles of {size / 1000:.0f} kB", head, rows)


def _with_work(pid: int, url: str, paths: list[str], connections: int, seconds: float) -> tuple[float, float]:
    """Requests a second, and a processor's milliseconds for each."""
    before = processor(family(pid))
    found = load(url, paths, connections, seconds)
    return found.per_s, (processor(family(pid)) - before) / max(1, found.count) * 1000


def _middle(seen: Sequence[tuple[float, float]]) -> tuple[float, float]:
    rates, costs = zip(*seen, strict=True)
    return median(rates), median(costs)


def _contents(store: Path) -> list[Path]:
    return list((store / "layers" / GAUGES / "content").glob("*.glb"))


def _answers(port: int) -> None:
    """Wait until somebody listens at a port."""
    for _ in range(1000):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    sys.exit("uvicorn does not serve")


def listeners(server: Server) -> None:
    """Print what so many idle listeners at ``/live`` cost."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, LISTENERS + 500), most))
    port = urlsplit(server.url).port
    before, held, heard = server.memory(), [], 0
    try:
        for _ in range(LISTENERS):
            held.append(socket.create_connection(("127.0.0.1", port)))
            held[-1].sendall(b"GET /live HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n")
        for each in held:
            each.settimeout(60)
            heard += each.recv(65536).startswith(b"HTTP/1.1 200")
        worked, start = processor(family(server.pid)), time.perf_counter()
        time.sleep(_WAIT_S)
        share = (processor(family(server.pid)) - worked) / (time.perf_counter() - start)
        after = server.memory()
    finally:
        for each in held:
            each.close()
    row = (f"{heard:,}", f"{before:,.0f}", f"{after:,.0f}", f"{(after - before) * 1024 / LISTENERS:.0f}")
    head = ("listeners", "MiB before", "MiB with them", "KiB each", "of a processor, idle")
    table("Idle listeners at /live", head, [(*row, f"{share:.1%}")])
