"""Records per second of each connector, beside merely reading the same bytes from disk."""

import time
from pathlib import Path

from benchmarks.measure import apart, demo_files, table
from ingest.connectors import connector
from ingest.fetch import Fetch
from ingest.load import load_city
from twin.settings import Settings


def _read(name: str, url: str) -> tuple[int, float]:
    """(records, seconds) of one layer's connector on a path."""
    layer = load_city("demo").layer(name)
    assert layer is not None
    source = layer.source.model_copy(update={"url": url})
    with Fetch(Settings(), trusted=True) as fetch:
        read = connector(source.connector)
        start = time.perf_counter()
        count = sum(1 for _ in read(source, fetch))
        return count, time.perf_counter() - start


def _plain(path: Path) -> float:
    start = time.perf_counter()
    for file in [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file()):
        file.read_bytes()
    return time.perf_counter() - start


def main() -> None:
    """Print the table."""
    rows = []
    with demo_files() as folder:
        for layer in load_city("demo").layers:
            path = folder / layer.source.url.removeprefix("demo:")
            (count, taken), memory = apart(_read, layer.name, str(path))
            size = sum(
                p.stat().st_size for p in ([path] if path.is_file() else path.rglob("*")) if p.is_file()
            )
            rows.append(
                (
                    layer.source.connector,
                    layer.name,
                    f"{count:,}",
                    f"{count / taken:,.0f}",
                    f"{size / 1e6 / taken:,.1f}",
                    f"{taken / max(_plain(path), 1e-6):,.0f}",
                    f"{memory:,.0f}",
                )
            )
    table(
        "Connectors",
        ("connector", "layer", "records", "records/s", "MB/s", "times a plain read", "peak MiB"),
        rows,
    )
