"""The peers' database: a PostgreSQL of its own with PostGIS, filled with what our store has published."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import socket
from typing import Any

from benchmarks.service_data import AREAS, BUILDINGS, GAUGES
from catalog import parquet, parts, revisions
from catalog.values import Values
from twin import times
from twin.layer import Layer
from twin.schema import Kind
from twin.store import Store, open_store

TABLES = {AREAS: "land_use", BUILDINGS: "buildings", GAUGES: "stations"}
"""Layer → its table."""
_TYPES = {
    Kind.TEXT: "text",
    Kind.ENUM: "text",
    Kind.INTEGER: "bigint",
    Kind.NUMBER: "double precision",
    Kind.BOOLEAN: "boolean",
    Kind.TIME: "timestamptz",
}
_LATEST = {"value": "double precision", "unit": "text", "measured_at": "timestamptz", "quality": "text"}
_SETTINGS = ("shared_buffers=1GB", "work_mem=32MB", "jit=off", "random_page_cost=1.1", "max_wal_size=4GB")
"""Kinder to the peers than what PostgreSQL does when nobody sets anything."""


def _as_its_user(*words: str | Path) -> list[str]:
    """PostgreSQL does not run as root: then it is the user of its package."""
    asked = [str(word) for word in words]
    return ["runuser", "-u", "postgres", "--", *asked] if os.getuid() == 0 else asked


@dataclass(frozen=True, slots=True)
class Base:
    """A running database."""

    port: int
    pid: int
    """Of its first process."""

    def sql(self, words: str, base: str = "peer", source: Any = None) -> None:
        """Have psql carry out something; COPY reads from `source`."""
        where = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "peer", "-d", base]
        command = ["psql", "-q", "-v", "ON_ERROR_STOP=1", *where, "-c", words]
        subprocess.run(command, check=True, stdin=source)


def free_port() -> int:
    """A port of this machine at which nobody listens."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def database(folder: Path, layers: dict[str, Layer], store: Path) -> Iterator[Base]:
    """Run the database of a folder, made and filled if there is none."""
    if shutil.which("initdb") is None:
        sys.exit("no initdb on the PATH; install PostgreSQL with PostGIS and put its bin folder there")
    data, port = folder / "postgres", free_port()
    new = not (data / "filled").exists()
    if new:
        shutil.rmtree(data, ignore_errors=True)
        data.mkdir(parents=True, mode=0o700)
        if os.getuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(data, owner.pw_uid, owner.pw_gid)
        words = [
            "initdb",
            "-D",
            str(data),
            "-U",
            "peer",
            "-A",
            "trust",
            "--locale=C",
            "--encoding=UTF8",
            "-N",
        ]
        subprocess.run(_as_its_user(*words), check=True, stdout=subprocess.DEVNULL, cwd="/")
    options = [part for setting in _SETTINGS for part in ("-c", setting)]
    where = ["-D", str(data), "-p", str(port), "-h", "127.0.0.1", "-k", str(data)]
    log = folder / "postgres.log"
    with log.open("w") as sink:
        command = _as_its_user("postgres", *where, *options)
        process = subprocess.Popen(command, stdout=sink, stderr=sink, cwd="/", start_new_session=True)
    try:
        ready = ["pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port), "-d", "postgres", "-U", "peer"]
        while subprocess.run(ready, check=False).returncode:
            if process.poll() is not None:
                sys.exit(f"PostgreSQL has ended; see {log}")
            time.sleep(0.1)
        base = Base(port, int((data / "postmaster.pid").read_text().split()[0]))
        if new:
            base.sql("CREATE DATABASE peer", "postgres")
            base.sql("CREATE EXTENSION postgis")
            for layer_id, table in TABLES.items():
                _fill(base, open_store(str(store)), layers[layer_id], table)
            subprocess.run(_as_its_user("touch", data / "filled"), check=True)
        yield base
    finally:
        stop = _as_its_user("pg_ctl", "stop", "-D", data, "-m", "fast", "-s")
        subprocess.run(stop, check=False, cwd="/")


def _fill(base: Base, store: Store, layer: Layer, table: str) -> None:
    import pyarrow as pa
    import pyarrow.csv as csv

    revision = revisions.current(store, layer.id)
    assert revision is not None
    columns = {column.name: _TYPES[column.kind] for column in layer.schema_.columns}
    rows = parquet.read_table(parts.load(store, revision), [*columns, parquet.GEOMETRY])
    outlines = pa.array([None if wkb is None else wkb.hex() for wkb in rows[parquet.GEOMETRY].to_pylist()])
    rows = rows.drop_columns([parquet.GEOMETRY]).append_column("geom", outlines)
    columns["geom"] = "geometry"
    if layer.schema_.properties:
        rows = _with_latest(rows, store, layer.id)
        columns |= _LATEST
    base.sql(f"CREATE TABLE {table} ({', '.join(f'{name} {kind}' for name, kind in columns.items())})")
    with tempfile.TemporaryFile() as file:
        csv.write_csv(rows, file)
        file.seek(0)
        base.sql(f"COPY {table} FROM STDIN CSV HEADER", source=file)
    base.sql(f"ALTER TABLE {table} ALTER geom TYPE geometry(Geometry, 4326) USING ST_SetSRID(geom, 4326)")
    base.sql(f"ALTER TABLE {table} ADD PRIMARY KEY (id); CREATE INDEX ON {table} USING gist (geom)")
    base.sql(f"VACUUM ANALYZE {table}")


def _with_latest(rows: Any, store: Store, layer_id: str) -> Any:
    import pyarrow as pa

    latest = Values(store).latest(layer_id, times.now())
    own = [next(iter(latest.get(station, {}).values()), {}) for station in rows["id"].to_pylist()]
    for name, key in zip(_LATEST, ("value", "unit", "observed_at", "quality"), strict=True):
        rows = rows.append_column(name, pa.array([values.get(key) for values in own]))
    return rows
