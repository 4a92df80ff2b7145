"""The servers that are measured: ours as ``twin serve`` starts it, tipg and pygeoapi, each in one process."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.convert import TWIN
from benchmarks.service_database import TABLES, Base, free_port

PEERS = Path(os.environ.get("PEERS", "peers"))
"""Folder with an environment of Python for each peer."""
_PATIENCE_S = 120.0
_BOX = [10.6, 47.3, 12.9, 48.9]


@dataclass(slots=True)
class Server:
    """A server that runs."""

    name: str
    url: str
    pid: int
    base: Base | None
    """Its database; None if it has none."""
    started_s: float = 0.0
    """From its start to its first answer."""
    started_cpu_s: float = 0.0
    """What a processor worked for that, without a database."""

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=_PATIENCE_S) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def memory(self) -> float:
        """MiB of its processes, without a database; what they share counts once."""
        return memory(self.pid)

    def processor(self) -> float:
        """Seconds that it and its database have worked so far."""
        return processor(family(self.pid) + (family(self.base.pid) if self.base else []))


def family(pid: int) -> list[int]:
    """A process and all that it has begun and that still run."""
    children: dict[int, list[int]] = {}
    for each in Path("/proc").iterdir():
        if each.name.isdigit():
            try:
                parent = int((each / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:  # it has ended in the meantime
                continue
            children.setdefault(parent, []).append(int(each.name))
    found = [pid]
    for member in found:
        found += children.get(member, [])
    return found


def memory(pid: int) -> float:
    """MiB of a process and all that it has begun; what they share counts once."""
    total = 0
    for member in family(pid):
        try:
            rollup = Path(f"/proc/{member}/smaps_rollup").read_text()
        except OSError:
            continue
        total += int(rollup.partition("\nPss:")[2].split(maxsplit=1)[0])
    return total / 1024


def processor(pids: list[int]) -> float:
    """Seconds that some processes, and those of theirs that have ended, have worked so far."""
    total = 0
    for pid in pids:
        try:
            words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += sum(map(int, words[11:15]))
    return total / os.sysconf("SC_CLK_TCK")


@contextmanager
def _running(
    name: str, command: list[Any], port: int, more: dict[str, str], folder: Path, base: Base | None = None
) -> Iterator[Server]:
    start = time.perf_counter()
    log = folder / f"{name}.log"
    with log.open("w") as sink:
        process = subprocess.Popen(
            [str(word) for word in command],
            env={**os.environ, **more},
            cwd=folder,
            stdout=sink,
            stderr=sink,
        )
    server = Server(name, f"http://127.0.0.1:{port}", process.pid, base)
    try:
        while True:
            try:
                server.get("/ogc/conformance" if name.startswith("twin") else "/conformance")
                break
            except OSError:
                if process.poll() is not None or time.perf_counter() - start > _PATIENCE_S:
                    sys.exit(f"{name} does not serve; see {log}")
                time.sleep(0.02)
        server.started_s = time.perf_counter() - start
        server.started_cpu_s = processor(family(process.pid))
        yield server
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def twin(store: Path, folder: Path, workers: int = 1) -> Iterator[Server]:
    """Ours, by so many processes."""
    port = free_port()
    command = [TWIN, "serve", "--store", store, "--port", port, "--workers", workers]
    more = {"TWIN_PUBLIC_URL": f"http://127.0.0.1:{port}"}
    name = "twin" if workers == 1 else f"twin of {workers}"
    with _running(name, command, port, more, folder) as server:
        yield server


@contextmanager
def tipg(base: Base, folder: Path) -> Iterator[Server]:
    """Over PostGIS, by uvicorn with uvloop and httptools."""
    port = free_port()
    command = [PEERS / "tipg/bin/uvicorn", "tipg.main:app", "--port", port, "--log-level", "error"]
    more = {"DATABASE_URL": f"postgresql://peer@127.0.0.1:{base.port}/peer", "TIPG_DB_SCHEMAS": '["public"]'}
    with _running("tipg", command, port, more, folder, base) as server:
        yield server


@contextmanager
def pygeoapi(base: Base, folder: Path) -> Iterator[Server]:
    """With its PostgreSQL provider, by gunicorn with eight threads."""
    port = free_port()
    config, api = folder / "pygeoapi.json", folder / "pygeoapi-openapi.json"
    config.write_text(json.dumps(_config(base, port)), "utf-8")
    more = {"PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(api)}
    bin_ = PEERS / "pygeoapi/bin"
    made = [bin_ / "pygeoapi", "openapi", "generate", config, "--format", "json", "--output-file", api]
    subprocess.run([str(word) for word in made], check=True, env={**os.environ, **more}, cwd=folder)
    address = f"127.0.0.1:{port}"
    command = [bin_ / "gunicorn", "-b", address, "-k", "gthread", "--threads", 8, "pygeoapi.flask_app:APP"]
    with _running("pygeoapi", command, port, more, folder, base) as server:
        yield server


def _config(base: Base, port: int) -> dict[str, Any]:
    """What pygeoapi wants to know; JSON is YAML, too."""
    where = {"host": "127.0.0.1", "port": base.port, "dbname": "peer", "user": "peer", "password": "none"}
    resources = {
        table: {
            "type": "collection",
            "title": table,
            "description": table,
            "keywords": [table],
            "links": [],
            "extents": {"spatial": {"bbox": _BOX, "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}},
            "providers": [
                {
                    "type": "feature",
                    "name": "PostgreSQL",
                    "data": {**where, "search_path": ["public"]},
                    "id_field": "id",
                    "table": table,
                    "geom_field": "geom",
                }
            ],
        }
        for table in TABLES.values()
    }
    words = {"title": "peer", "description": "peer", "keywords": ["peer"], "terms_of_service": "none"}
    owner = {"name": "peer", "url": "http://127.0.0.1"}
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": port},
            "url": f"http://127.0.0.1:{port}",
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "gzip": False,
            "languages": ["en-US"],
            "limits": {"default_items": 10, "max_items": 10000},
            "map": {"url": "http://127.0.0.1", "attribution": "none"},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {**words, "keywords_type": "theme", "url": "http://127.0.0.1"},
            "license": {"name": "CC0-1.0", "url": "http://127.0.0.1"},
            "provider": owner,
            "contact": owner,
        },
        "resources": resources,
    }
