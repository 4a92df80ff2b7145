"""The client: wrk with a list of requests, each asked once before any is asked again; and what it can do."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.service_database import free_port

_SCRIPT = """
local asked, place = {}, 0
function init(args)
  place = tonumber(args[2])
  for line in io.lines(args[1]) do asked[#asked + 1] = wrk.format("GET", line) end
end
function request()
  place = place % #asked + 1
  return asked[place]
end
function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format('{"requests":%d,"us":%d,"bytes":%d,"refused":%d,"lost":%d,"p50":%f,"p95":%f}',
    summary.requests, summary.duration, summary.bytes, e.status, e.connect + e.read + e.write + e.timeout,
    latency:percentile(50), latency:percentile(95)))
end
"""
_CONSTANT = """
import asyncio, sys
body = b"x" * int(sys.argv[2])
answer = b"HTTP/1.1 200 OK\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(body) + body
class Constant(asyncio.Protocol):
    def connection_made(self, transport): self.transport = transport
    def data_received(self, data): self.transport.write(answer * data.count(b"\\r\\n\\r\\n"))
async def main():
    server = await asyncio.get_running_loop().create_server(Constant, "127.0.0.1", int(sys.argv[1]))
    print("ready", flush=True)
    await server.serve_forever()
asyncio.run(main())
"""


_FEWEST = 3
"""Answers below which a measurement says nothing."""
_LONG_S = 5


@dataclass(frozen=True, slots=True)
class Load:
    """What a server did while it was asked without pause."""

    count: float
    """Answers."""
    per_s: float
    p50_ms: float
    p95_ms: float
    bytes: float
    """Of an answer with its headers, on average."""
    wrong: float
    """Answers that were errors, or did not come."""


def load(url: str, paths: list[str], connections: int, seconds: float, start: int = 0) -> Load:
    """Ask for some seconds over so many connections that stay open, beginning at `paths[start]`.

    A server too slow for that is given longer, once.
    """
    if shutil.which("wrk") is None:
        sys.exit("no wrk on the PATH; it is the package wrk of Debian and others")
    found = _wrk(url, paths, connections, max(1, round(seconds)), start % len(paths))
    if found["requests"] < _FEWEST:
        found = _wrk(url, paths, connections, max(_LONG_S, 4 * round(seconds)), start % len(paths))
    requests = max(1, found["requests"])
    return Load(
        count=found["requests"],
        per_s=found["requests"] / found["us"] * 1e6,
        p50_ms=found["p50"] / 1000,
        p95_ms=found["p95"] / 1000,
        bytes=found["bytes"] / requests,
        wrong=found["refused"] + found["lost"],
    )


def _wrk(url: str, paths: list[str], connections: int, seconds: int, start: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="twin-bench-") as name:
        script, asked = Path(name) / "asked.lua", Path(name) / "asked"
        script.write_text(_SCRIPT, "utf-8")
        asked.write_text("".join(f"{path}\n" for path in paths), "utf-8")
        words = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "60s", "-s", str(script)]
        command = [*words, url, "--", str(asked), str(start)]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found: dict[str, float] = json.loads(told[told.rindex("{") :])
    return found


@contextmanager
def constant(size: int) -> Iterator[str]:
    """A server that says the same so many bytes to everything: shows what the client can do."""
    port = free_port()
    command = [sys.executable, "-c", _CONSTANT, str(port), str(size)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
