"""Records per second and memory of every connector: a sample, then a made-up source and a tenth of it.

``ROWS=1000000 python -m benchmarks connectors``; ``ONLY=csv,wfs`` for some of them.
"""

import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.measure import apart, table
from benchmarks.server import serving
from benchmarks.sources import MADE, Made
from ingest.connectors import CONNECTORS, connector
from ingest.fetch import Fetch
from ingest.manners import Hosts
from ingest.waiting import Waiting
from twin.settings import Settings
from twin.source import Source

ROWS = int(os.environ.get("ROWS", "100000"))
ONLY = [name for name in os.environ.get("ONLY", "").split(",") if name]
_UNHURRIED = Waiting(between_s=0)
"""No pause between requests, which would be all that is measured."""
_LARGEST_MB = 8000
"""A million things in one file are more than a source may have unless the operator allows it."""

Figures = tuple[int, float, float, int]


def read_all(source: Source) -> Figures:
    """(records, seconds, processor seconds, bytes received) of reading a source, records thrown away."""
    settings = Settings(max_body_mb=_LARGEST_MB)
    with Fetch(settings, trusted=True, proof=False, waiting=_UNHURRIED, turns=Hosts()) as fetch:
        read = connector(source.connector)
        start, used = time.perf_counter(), time.process_time()
        count = sum(1 for _ in read(source, fetch))
        return count, time.perf_counter() - start, time.process_time() - used, fetch.received


def plain(path: Path) -> tuple[int, float]:
    """(bytes, seconds) of merely reading all files of a folder."""
    size, start = 0, time.perf_counter()
    for file in sorted(p for p in path.rglob("*") if p.is_file()):
        with file.open("rb", buffering=0) as stream:
            while piece := stream.read(1 << 20):
                size += len(piece)
    return size, time.perf_counter() - start


def measured(made: Made, rows: int) -> tuple[Figures, int, float, float]:
    """(figures, bytes, seconds of a plain read, peak MiB) of a made-up source.

    Ends the benchmark if records are missing.
    """
    with tempfile.TemporaryDirectory(prefix="twin-bench-") as name:
        if made.serve is not None:
            answer = made.serve
            with serving(lambda asked: answer(rows, asked)) as (address, _):
                figures, memory = apart(read_all, made.source(address))
            size, seconds = figures[3], 0.0
        else:
            assert made.write is not None
            folder = Path(name)
            made.write(folder, rows)
            files = list(folder.iterdir())
            alone = len(files) == 1 and made.connector != "gtfs"
            figures, memory = apart(read_all, made.source(str(files[0] if alone else folder)))
            size, seconds = plain(folder)
    if figures[0] != made.gives(rows):
        sys.exit(f"{made.connector}: {figures[0]:,} records of {rows:,} rows, expected {made.gives(rows):,}")
    return figures, size, seconds, memory


def sampled(made: Made) -> str:
    """How many records the recipe's sample gives, and how many it should."""
    if made.sample is None:
        return "none"
    source, wanted = made.sample
    (count, *_), _ = apart(read_all, source)
    return f"{count} of {wanted}"


def row(made: Made, rows: int) -> tuple[Any, ...]:
    """A line of the table."""
    some = max(10, round(rows * made.share))
    (_, _, _, _), _, _, small = measured(made, max(1, some // 10))
    (count, seconds, cpu, _), size, reading, large = measured(made, some)
    return (
        made.connector,
        made.how,
        sampled(made),
        f"{some:,} {made.row}s",
        f"{count:,}",
        f"{some / seconds:,.0f}",
        f"{some / cpu:,.0f}",
        f"{size / 1e6:,.1f}",
        f"{size / 1e6 / seconds:,.1f}",
        f"{seconds / reading:,.0f}" if reading else "–",
        f"{small:,.0f}",
        f"{large:,.0f}",
    )


def main() -> None:
    """Print the table."""
    assert {made.connector for made in MADE} == set(CONNECTORS), "a connector has no made-up source"
    head = (
        *(
            "connector",
            "source",
            "sample",
            "rows",
            "records",
            "rows/s",
            "rows a processor second",
            "MB",
            "MB/s",
        ),
        *("times a plain read", "peak MiB, a tenth", "peak MiB, all"),
    )
    rows = [row(made, ROWS) for made in MADE if not ONLY or made.connector in ONLY]
    table(f"Connectors, {ROWS:,} rows where that makes sense", head, rows)
