"""What serving costs: tiles beside a constant body, start-up, memory, and listeners who only listen.

Ratios are of runs in turn (A B A B); processor time is the servers' own.
"""

import http.client
import os
import re
import resource
import selectors
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.measure import table

TILE_BYTES = 50_000
_TURNS = int(os.environ.get("TURNS", "7"))
_SECONDS = float(os.environ.get("SECONDS_EACH", "2"))
_LISTENERS = int(os.environ.get("LISTENERS", "2000"))


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def _running(*command: str, **environment: str) -> Iterator[tuple[int, int, float]]:
    """(process, port, seconds until it answers) of a server; PORT stands for its port."""
    port = _free_port()
    begun = time.perf_counter()
    process = subprocess.Popen(
        [word.replace("PORT", str(port)) for word in command],
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                if process.poll() is not None:
                    sys.exit(f"{' '.join(command[:4])} did not start")
                time.sleep(0.01)
        yield process.pid, port, time.perf_counter() - begun
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _seconds(pid: int) -> float:
    """Processor seconds of a process by now."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def _mib(pid: int) -> float:
    return int(re.findall(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[0]) / 1024


def _ask(port: int, path: str, headers: str = "") -> tuple[int, float]:
    """(answers, seconds) of asking one address over one connection for a while."""
    request = f"GET {path} HTTP/1.1\r\nHost: x\r\n{headers}\r\n".encode()
    with socket.create_connection(("127.0.0.1", port)) as line:
        number, begun = 0, time.perf_counter()
        buffer = bytearray(256 * 1024)
        while time.perf_counter() - begun < _SECONDS:
            line.sendall(request)
            taken = line.recv_into(buffer)
            end = buffer.index(b"\r\n\r\n") + 4
            head = bytes(buffer[:end]).lower()
            if not head.startswith(b"http/1.1 200"):
                sys.exit(f"{path} is answered with {head[:40]!r}")
            length = int(re.findall(rb"content-length: (\d+)", head)[0])
            while taken < end + length:
                taken += line.recv_into(buffer, end + length - taken)
            number += 1
        return number, time.perf_counter() - begun


CONSTANT = """
import asyncio, sys, uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from api.wire import Wire
BODY = open(sys.argv[2], "rb").read()
HEAD = [(b"content-type", b"model/gltf-binary"), (b"content-length", b"%d" % len(BODY))]
files = Starlette(routes=[Mount("/files", StaticFiles(directory=sys.argv[3]))])
async def app(scope, receive, send):
    if scope["type"] == "http" and not scope["path"].startswith("/files"):
        await send({"type": "http.response.start", "status": 200, "headers": HEAD})
        await send({"type": "http.response.body", "body": BODY})
    else:
        await files(scope, receive, send)
config = uvicorn.Config(app, port=int(sys.argv[1]), log_level="error", access_log=False, http=Wire)
with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
    runner.run(uvicorn.Server(config).serve())
"""


def _store(folder: Path) -> tuple[Path, str]:
    """A demo store; the address of its tile that is nearest to 50 kB as it is sent plain."""
    if not (folder / "store").exists():
        command = [sys.executable, "-m", "api.cli", "run", "demo", "--store", str(folder / "store")]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    tiles = (folder / "store/layers").glob("*/content/*.glb")
    path = min(tiles, key=lambda tile: abs(tile.stat().st_size - TILE_BYTES))
    return path, f"/tiles/{path.parts[-3]}/content/{path.name}"


def tiles(folder: Path, path: Path, address: str) -> None:
    """A tile of ours, beside the same bytes without anything, and beside StaticFiles and nginx."""
    rows = []
    store = ("--store", str(folder / "store"))
    twin = (sys.executable, "-m", "api.cli", "serve", *store, "--port", "PORT")
    bare = (sys.executable, "-c", CONSTANT, "PORT", str(path), str(path.parent))
    with _running(*twin) as own, _running(*bare) as constant:
        asked = {
            "constant body, no framework": (constant[0], constant[1], "/"),
            "our tile": (own[0], own[1], address),
            "StaticFiles": (constant[0], constant[1], f"/files/{path.name}"),
        }
        found: dict[str, list[tuple[float, float]]] = {name: [] for name in asked}
        for turn in range(_TURNS + 1):
            for name, (pid, port, where) in asked.items():
                before = _seconds(pid)
                number, seconds = _ask(port, where)
                if turn:  # the first one warms up
                    found[name].append((number / seconds, (_seconds(pid) - before) / number * 1e6))
        base = found["constant body, no framework"]
        for name, runs in found.items():
            rates = statistics.median(rate for rate, _ in runs)
            costs = statistics.median(cost for _, cost in runs)
            share = statistics.median(cost / other for (_, other), (_, cost) in zip(runs, base, strict=True))
            speed = statistics.median(rate / other for (rate, _), (other, _) in zip(runs, base, strict=True))
            rows.append((name, f"{rates:,.0f}", f"{costs:.0f}", f"{speed:.0%}", f"{share:.0%}"))
    size = path.stat().st_size
    table(
        f"A tile of {size:,} bytes, one connection, {_TURNS} turns of {_SECONDS:g} s",
        ("server", "answers/s", "processor µs an answer", "speed, constant = 100 %", "of its processor time"),
        rows,
    )


def rest(folder: Path, address: str) -> None:
    """Start-up, memory at rest and under load, and listeners."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    rows = []
    for workers in ("1", "2"):
        store = str(folder / "store")
        command = (sys.executable, "-m", "api.cli", "serve", "--store", store, "--port", "PORT")
        with _running(*command, TWIN_SERVE_WORKERS=workers) as (pid, port, began):
            told = _metrics(port)
            for where in (address, "/ogc/collections/demo.buildings/items?limit=100", "/stac/search", "/"):
                for _ in range(200):
                    _once(port, where)
            loaded = _metrics(port)
            size = 1024 * 1024
            quiet = f"{told['process_resident_memory_bytes'] / size:.0f}"
            rows.append(
                (workers, f"{began:.1f}", quiet, f"{loaded['process_resident_memory_bytes'] / size:.0f}")
            )
            if workers == "1":
                heard = _listeners(pid, port)
    table("Start-up and memory", ("workers", "seconds", "MiB at rest", "MiB after 800 requests"), rows)
    table(f"{_LISTENERS:,} listeners who only listen", ("measured", ""), heard)


def _listeners(pid: int, port: int) -> list[tuple[str, str]]:
    before, lines = _mib(pid), []
    with selectors.DefaultSelector():
        for _ in range(_LISTENERS):
            line = socket.create_connection(("127.0.0.1", port), 60)
            line.sendall(b"GET /live HTTP/1.1\r\nHost: x\r\n\r\n")
            lines.append(line)
        for line in lines:
            line.recv(65536)
        there, spent, begun = _mib(pid), _seconds(pid), time.perf_counter()
        time.sleep(30)  # two heartbeats
        share = (_seconds(pid) - spent) / (time.perf_counter() - begun)
        for line in lines:
            line.close()
    return [
        ("MiB more", f"{there - before:.0f}"),
        ("kB a listener", f"{(there - before) * 1024 / _LISTENERS:.1f}"),
        ("of one core", f"{share:.1%}"),
    ]


def _once(port: int, path: str) -> bytes:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    line.request("GET", path)
    try:
        return line.getresponse().read()
    finally:
        line.close()


def _metrics(port: int) -> dict[str, float]:
    lines = _once(port, "/ops/metrics").decode().splitlines()
    return {name: float(value) for name, _, value in (x.rpartition(" ") for x in lines if x[:1] != "#")}


def main() -> None:
    """Print the tables; `STORE_FOLDER` may name a folder in which `store` is a demo's."""
    with tempfile.TemporaryDirectory(prefix="twin-serving-") as name:
        folder = Path(os.environ.get("STORE_FOLDER", name))
        path, address = _store(folder)
        tiles(folder, path, address)
        rest(folder, address)
