"""The service beside tipg and pygeoapi: the same 500,000 polygons and 200,000 stations, asked the same.

``BENCH_FILES=FOLDER PEERS=FOLDER python -m benchmarks service``. All run side by side on this machine, each
in one process (the peers' PostgreSQL beside them), and are asked in turn, with one connection and with eight,
by wrk. A processor's milliseconds for an answer (with PostgreSQL's) tell the same on a busy machine, where
the clock does not. Whether they say the same is looked at first: features, matches and corners.
``PEERS=none`` measures ours alone, in one process and in two.

``BENCH_FILES`` keeps store and database, which take some ten minutes to make. Each is asked for ``SECONDS``
(1) in each of ``TURNS`` (3), of which the middle one counts: shared machines are faster and slower from one
second to the next. ``ONLY=bbox,count`` says which questions (``tiles`` and ``live`` are others), ``POLYGONS``
and ``STATIONS`` how many of each, ``LISTENERS`` at ``/live`` (2,000).
The peers live in environments of their own, made once (PostGIS and wrk are packages of Debian)::

    apt-get install postgresql postgresql-15-postgis-3 wrk
    python3 -m venv $PEERS/tipg && $PEERS/tipg/bin/pip install tipg uvicorn uvloop httptools
    python3 -m venv $PEERS/pygeoapi && \\
        $PEERS/pygeoapi/bin/pip install pygeoapi gunicorn psycopg2-binary sqlalchemy geoalchemy2
"""

import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.measure import table
from benchmarks.service_asked import PAGE, Asked, address, questions
from benchmarks.service_data import AREAS, BUILDINGS, publish
from benchmarks.service_database import TABLES, database
from benchmarks.service_load import Load, constant, load
from benchmarks.service_peers import PEERS, Server, memory, pygeoapi, tipg, twin
from benchmarks.service_tiles import listeners, tiles
from catalog.cities import readable_cities
from twin.store import open_store

SECONDS, TURNS = float(os.environ.get("SECONDS", "1")), int(os.environ.get("TURNS", "3"))
ONLY = [word for word in os.environ.get("ONLY", "").split(",") if word]
POLYGONS, STATIONS = int(os.environ.get("POLYGONS", "500000")), int(os.environ.get("STATIONS", "200000"))
_CONNECTIONS = (1, 8)
_SAMPLE = 5
"""Answers of each server that are compared."""
_NAMES = {AREAS: "9 attributes", BUILDINGS: "23 attributes"}


def _meaning(body: bytes) -> Any:
    """What an answer says, as far as it can be compared: features, how many match, their corners."""
    said = json.loads(body)
    if "value" in said:
        return len(said["value"]), None
    if "features" not in said:
        return said["id"], _corners(said["geometry"]["coordinates"])
    shapes = [each["geometry"]["coordinates"] for each in said["features"]]
    return len(shapes), said["numberMatched"]


def _corners(coordinates: Any) -> int:
    return 1 if isinstance(coordinates[0], float) else sum(map(_corners, coordinates))


def _fault(server: Server, ours: Server, asked: Asked) -> str | None:
    """In what a server's answers differ from ours, in few words; None if in nothing."""
    for mine, theirs in list(zip(address("twin", asked), address(server.name, asked), strict=True))[:_SAMPLE]:
        (status, body), expected = server.get(theirs), _meaning(ours.get(mine)[1])
        if status != 200:
            return f"answers {status}"
        if asked.hits:
            found, expected = json.loads(body)["numberMatched"], expected[1]
        else:
            found = _meaning(body)
        if found != expected:
            return f"says {found}, not {expected}"
    return None


def _rows(servers: list[Server], asked: Asked, peaks: dict[str, float]) -> Iterator[tuple[str, ...]]:
    name = f"{asked.name}, {_NAMES[asked.layer]}" if asked.layer in _NAMES else asked.name
    wanted = [
        each for each in servers if each.name.startswith("twin") or not asked.tails[0].startswith("/sta")
    ]
    faults = {each.name: _fault(each, servers[0], asked) for each in wanted}
    for place, connections in enumerate(_CONNECTIONS):
        tried: dict[str, list[tuple[Load, float]]] = {each.name: [] for each in servers}
        for turn in range(TURNS):
            for server in servers:
                if server.name in faults and faults[server.name] is None:
                    paths = address(server.name, asked)
                    start = (place * TURNS + turn) * len(paths) // (len(_CONNECTIONS) * TURNS)
                    tried[server.name].append(_tried(server, paths, connections, start, peaks))
        cells, found = [], {}
        for server in servers:
            if not tried[server.name]:
                cells += [faults.get(server.name) or "–", "–", "–"]
                continue
            one, busy = sorted(tried[server.name], key=lambda each: each[0].per_s)[TURNS // 2]
            found[server.name] = one
            wrong = f" ({one.wrong} wrong)" if one.wrong else ""
            times = f"{one.p50_ms:,.1f} / {one.p95_ms:,.1f}"
            cells += [f"{one.per_s:,.1f}{wrong}", times, f"{busy:,.2f}"]
        most = found["twin"].per_s
        ratios = [
            f"{most / found[each.name].per_s:,.1f}" if each.name in found and found[each.name].count else "–"
            for each in servers[1:]
        ]
        size = " / ".join(f"{one.bytes / 1000:,.1f}" for one in found.values())
        row = (name, str(connections), size, *cells, *ratios)
        print(" | ".join(row), file=sys.stderr, flush=True)
        yield row


def _tried(
    server: Server, paths: list[str], connections: int, start: int, peaks: dict[str, float]
) -> tuple[Load, float]:
    """What a server did in one turn, and the processor's milliseconds for an answer."""
    before = server.processor()
    one = load(server.url, paths, connections, SECONDS, start)
    server.get(paths[-1])  # whatever wrk has left unread is done before the next is asked
    peaks[server.name] = max(peaks.get(server.name, 0), server.memory())
    return one, (server.processor() - before) / (one.count + 1) * 1000


def _first(server: Server) -> tuple[str, ...]:
    """Start, memory at rest, the first page of all polygons, memory after it; as cells."""
    path = address(server.name, Asked("first", AREAS, [f"?limit={PAGE}"]))[0]
    rest, before, start = server.memory(), server.processor(), time.perf_counter()
    status, _ = server.get(path)
    taken, worked = time.perf_counter() - start, server.processor() - before
    if status != 200:
        sys.exit(f"{server.name} answers {status} to {path}")
    began = f"{server.started_s:.1f} ({server.started_cpu_s:.1f})"
    return server.name, began, f"{taken:.2f} ({worked:.2f})", f"{rest:,.0f}", f"{server.memory():,.0f}"


def main() -> None:
    """Print the tables."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))  # with all that was begun
    with tempfile.TemporaryDirectory(prefix="twin-bench-") as name, ExitStack() as running:
        folder = Path(os.environ.get("BENCH_FILES", name))
        alone = str(PEERS) == "none"
        if not alone and not (PEERS / "tipg").exists():  # all measurements together go on without this one
            print(
                f"\nno peers in {PEERS}; PEERS=FOLDER names them, benchmarks/service.py says how to get them"
            )
            return
        store = publish(folder, POLYGONS, STATIONS)
        layers = {each.id: each for each in readable_cities(open_store(str(store)))[0][0].layers}
        base = None if alone else running.enter_context(database(folder, layers, store))
        asked = [each for each in questions(store) if not ONLY or any(word in each.name for word in ONLY)]
        servers, rows = [], []
        others = [twin(store, folder, 2)] if base is None else [tipg(base, folder), pygeoapi(base, folder)]
        for begin in (twin(store, folder), *others):
            server = running.enter_context(begin)
            rows.append(_first(server))
            servers.append(server)
        peaks: dict[str, float] = {}
        figures = [row for each in asked for row in _rows(servers, each, peaks)]
        if figures:
            _tell(figures, servers)
        started = [(*row, f"{peaks.get(row[0], 0):,.0f}") for row in rows]
        if base is not None:
            started.append(("PostgreSQL of both", "–", "–", "–", "–", f"{memory(base.pid):,.0f}"))
        head: tuple[str, ...] = ("server", "seconds to serve (processor)", "first page, seconds (processor)")
        head += ("MiB before it", "MiB after it", "MiB under load")
        table(f"Start and memory, {POLYGONS:,} polygons", head, started)
        if not ONLY or "tiles" in ONLY:
            tiles(servers[0], store, SECONDS, TURNS)
        if not ONLY or "live" in ONLY:
            listeners(servers[0])


def _tell(figures: list[tuple[str, ...]], servers: list[Server]) -> None:
    names = [server.name for server in servers]
    each = [column for name in names for column in (f"{name}, requests/s", "p50 / p95 ms", "processor ms")]
    ratios = [f"times {name}" for name in names[1:]]
    title = (
        f"{POLYGONS:,} polygons and {STATIONS:,} stations ({len(TABLES)} layers), by {os.cpu_count()} cores"
    )
    table(title, ("asked", "connections", "kB an answer", *each, *ratios), figures)
    size = int(float(figures[0][2].partition(" ")[0].replace(",", "")) * 1000)
    with constant(size) as url:
        most = load(url, ["/"], 8, SECONDS)
    print(f"\nThe client, where a server always says {size / 1000:.0f} kB: {most.per_s:,.0f} requests/s")
