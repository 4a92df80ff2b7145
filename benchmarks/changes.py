"""Changes: buildings published, then again with nothing, one building, or one in a hundred changed.

``ONLY=one,work`` leaves the others out. What takes seconds is done ``RUNS`` times (5), each time anew, and
the median stands with the least and the most: one run of them says little. ``work`` is one changed building
for a ``twin work`` that has been running for a while, without its start-up.
"""

import os
import re
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from benchmarks.convert import SIZES, TWIN, model
from benchmarks.measure import table
from benchmarks.watch import EVERY_S, Cost, Session, watched

_CITY = """title = { de = "Messstadt", en = "City of measurements" }
area = [11.3, 47.9, 12.2, 48.6]
centre = [11.55, 48.13]
crs = "EPSG:25832"
contact = "demo@stadtzwilling.example"

[heights]
crs = "EPSG:7837"
undulation_m = 45.66
undulation_error_m = 0.3
"""
_LAYER = """like = "de/by/buildings"

[source]
url = "file:buildings.gml"
interval = "1min"
publisher = "Stadtzwilling (erfunden)"
licence = "CC0-1.0"
attribution = "Demo – erfundene Daten / made-up data"
"""
_HEIGHT = re.compile(rb'(<bldg:measuredHeight uom="[^"]*">\d*)(\d)(\.)')

_Row = tuple[str, ...]
_Found = tuple[Cost, list[int]]
"""What a run cost, and the bytes it published and kept."""
Files = dict[str, tuple[int, int]]
_KEPT = "kept"
"""What a run leaves for the next one, beside what it publishes."""
_REVISIONS = "layers/messstadt.buildings/revisions"
_ONLY = os.environ.get("ONLY", "none,one,1 %,work").split(",")
_SETTLED_S = 5.0
_DUE_S = 120.0
_RUNS = int(os.environ.get("RUNS", "5"))


def changed(file: Path, target: Path, buildings: int, count: int, by: int = 3) -> None:
    """Copy a file, with `count` neighbours in its middle `by` metres (1 to 9) higher, or 10 - `by` lower."""
    shutil.copyfile(file, target)
    with target.open("r+b") as stream:
        stream.seek(file.stat().st_size // 2)
        start = stream.tell()
        data = stream.read(2 * count * (file.stat().st_size // buildings) + 100_000)
        data, done = _HEIGHT.subn(lambda m: m[1] + b"%d" % ((int(m[2]) + by) % 10) + m[3], data, count)
        assert done == count, f"{done} of {count} buildings could be changed"
        stream.seek(start)
        stream.write(data)


def files_of(store: Path) -> Files:
    """Name → size and number of the file: what has only been touched is the same."""
    found = ((path.relative_to(store), path.stat()) for path in store.rglob("*") if path.is_file())
    return {str(path): (stat.st_size, stat.st_ino) for path, stat in found}


def _run(city: Path, store: Path) -> _Found:
    """Run once."""
    before = files_of(store)
    cost = watched([TWIN, "run", str(city), "buildings", "--store", str(store), "--workers", "2"])
    return cost, _written(store, before)


def _worked(city: Path, store: Path, change: Callable[[], None]) -> _Found:
    """The same for a worker that is at rest when the file changes; its seconds are those until it is due."""
    process = subprocess.Popen(
        [TWIN, "work", str(city), "--store", str(store)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    session = Session(process.pid)
    try:
        _looked(session, lambda: False, _SETTLED_S)
        change()
        before, there = files_of(store), len(list((store / _REVISIONS).iterdir()))
        cpu, start = sum(session.cpu.values()), time.perf_counter()
        _looked(session, lambda: len(list((store / _REVISIONS).iterdir())) > there, _DUE_S)
        _looked(session, lambda: False, _SETTLED_S)  # what it tidies up afterwards
        seconds = time.perf_counter() - start - _SETTLED_S
        cost = Cost(seconds, sum(session.cpu.values()) - cpu, session.largest / 1024, 0)
        return cost, _written(store, before)
    finally:
        process.terminate()
        process.wait()


def _looked(session: Session, is_enough: Callable[[], bool], most_s: float) -> None:
    """Look at processes until it is enough, or for so many seconds."""
    until = time.monotonic() + most_s
    while time.monotonic() < until and not is_enough():
        session.look()
        time.sleep(EVERY_S)


def _written(store: Path, before: Files) -> list[int]:
    """Bytes published and kept since."""
    written = {name: each[0] for name, each in files_of(store).items() if before.get(name) != each}
    kept = sum(size for name, size in written.items() if name.startswith(_KEPT))
    return [sum(written.values()) - kept, kept]


def _row(buildings: int, words: str, found: Sequence[_Found], first: _Found) -> _Row:
    """Medians of runs with the least and the most, and as shares of the first run."""
    cells = []
    for whole, *figures in zip(_figures(first), *map(_figures, found), strict=True):
        middle = statistics.median(figures)
        share = f" ({middle / whole:.1%})" if whole else ""
        span = f", {min(figures):,.1f} to {max(figures):,.1f}" if len(figures) > 1 else ""
        cells.append(f"{middle:,.1f}{share}{span}")
    return (f"{buildings:,}", words, *cells)


def _figures(found: _Found) -> list[float]:
    cost, written = found
    return [cost.seconds, cost.cpu, *(size / 1e6 for size in written)]


def main() -> None:
    """Print the table."""
    rows: list[_Row] = []
    for buildings in SIZES:
        with model("gml", buildings) as file, tempfile.TemporaryDirectory(prefix="twin-bench-") as name:
            city, store = Path(name) / "messstadt", Path(name) / "store"
            given = city / "buildings.gml"
            city.mkdir()
            (city / "city.toml").write_text(_CITY)
            (city / "buildings.toml").write_text(_LAYER)
            shutil.copyfile(file, given)
            first = _run(city, store)
            rows.append(_row(buildings, "all", [first], first))
            if "none" in _ONLY:
                rows.append(_row(buildings, "none", [_run(city, store) for _ in range(_RUNS)], first))
            for words, count in (("one", 1), ("1 % in a row", buildings // 100)):
                if words.removesuffix(" in a row") in _ONLY:
                    found = []
                    for run in range(_RUNS):
                        changed(file, given, buildings, count, run % 9 + 1)
                        found.append(_run(city, store))
                    rows.append(_row(buildings, words, found, first))
            if "work" in _ONLY:
                worked = _worked(city, store, partial(changed, file, given, buildings, 2, 5))
                rows.append(_row(buildings, "two, by twin work", [worked], first))
    head = ("seconds", "processor seconds", "MB published", "MB kept for the next run")
    table(
        "Changes of a published layer, and as a share of the first run", ("buildings", "changed", *head), rows
    )
