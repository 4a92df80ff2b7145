"""Observations: four months of counts loaded at once, a fifth a month later, and nothing new.

``ROWS=1000000 python -m benchmarks history``: rows of the four months together, fifteen-minute values of as
many stations as that takes, read by ``twin run muenchen bike-counts`` from a folder of monthly files.
"""

import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.changes import Files, files_of
from benchmarks.convert import TWIN
from benchmarks.measure import table
from benchmarks.watch import watched
from catalog.status import read_status
from twin.store import open_store

ROWS = int(os.environ.get("ROWS", "100000"))
_LAYER = "muenchen.bike-counts"
_MONTHS = tuple((2026, month) for month in range(5, 11))
_HEAD = "datum,uhrzeit_start,uhrzeit_ende,zaehlstelle,richtung_1,richtung_2,gesamt\n"


def write_month(folder: Path, year: int, month: int, rows: int) -> None:
    """A month's file: its first 2,000 quarters of an hour or so, for as many stations as make `rows`."""
    first = datetime(year, month, 1, tzinfo=UTC)
    quarters = [first + timedelta(minutes=15 * n) for n in range(2000)]
    stations = max(1, round(rows / len(quarters)))
    with (folder / f"rad_{year}_{month:02}_15min.csv").open("w", encoding="utf-8") as file:
        file.write(_HEAD)
        for station in range(stations):
            file.writelines(_lines(f"Stelle{station}", quarters[: min(len(quarters), rows)]))
    places = folder / "zaehlstellen.csv"
    lines = (
        f"Stelle{n},Straße {n},{48.1 + n % 90 / 1000:.3f},{11.5 + n / 1e4:.4f}\n" for n in range(stations)
    )
    places.write_text("zaehlstelle,zaehlstelle_lang,latitude,longitude\n" + "".join(lines), "utf-8")


def _lines(station: str, times: list[datetime]) -> Iterator[str]:
    for at in times:
        end = at + timedelta(minutes=14)
        a, b = at.hour, at.day % 7
        yield f"{at:%Y.%m.%d},{at:%H:%M},{end:%H:%M},{station},{a},{b},{a + b}\n"


def _row(words: str, folder: Path, store: Path, before: Files) -> tuple[str, ...]:
    source = ["--source", f"bike-counts={folder}", "--store", str(store)]
    cost = watched([TWIN, "run", "muenchen", "bike-counts", *source])
    written = sum(
        size for name, (size, number) in files_of(store).items() if before.get(name) != (size, number)
    )
    status = read_status(open_store(str(store)), _LAYER)
    assert status is not None
    read, new = status.counts["in"], status.observations
    cells = (f"{cost.seconds:.1f}", f"{cost.cpu:.1f}", f"{cost.largest:,.0f}", f"{written / 1e6:.2f}")
    return (words, f"{read:,}", f"{new:,}", *cells)


def main() -> None:
    """Print the table."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="twin-bench-") as name:
        folder, store = Path(name) / "months", Path(name) / "store"
        folder.mkdir()
        for month in _MONTHS[:4]:
            write_month(folder, *month, ROWS // 4)
        rows.append(_row("four months", folder, store, {}))
        rows.append(_row("nothing new", folder, store, files_of(store)))
        write_month(folder, *_MONTHS[4], ROWS // 4)
        rows.append(_row("a fifth month, beside the four", folder, store, files_of(store)))
        alone = Path(name) / "fifth"
        alone.mkdir()
        (alone / "zaehlstellen.csv").write_bytes((folder / "zaehlstellen.csv").read_bytes())
        write_month(alone, *_MONTHS[5], ROWS // 4)
        rows.append(_row("a sixth month alone", alone, store, files_of(store)))
    head = (
        "run",
        "records",
        "new values",
        "seconds",
        "processor seconds",
        "largest process MiB",
        "MB written",
    )
    table(f"History, {ROWS:,} rows in four months", head, rows)
