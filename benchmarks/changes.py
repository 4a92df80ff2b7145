"""Changes: buildings published, then again with nothing, one building, or one in a hundred changed.

``ONLY=one,work`` leaves the others out. ``work`` is one changed building for a ``twin work`` that has been
running for a while, without its start-up.
"""

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
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
Files = dict[str, tuple[int, int]]
_KEPT = "kept"
"""What a run leaves for the next one, beside what it publishes."""
_REVISIONS = "layers/messstadt.buildings/revisions"
_ONLY = os.environ.get("ONLY", "none,one,1 %,work").split(",")
_SETTLED_S = 5.0
_DUE_S = 120.0


def changed(file: Path, target: Path, buildings: int, count: int) -> None:
    """Copy a file, with `count` neighbours in its middle a few metres higher or lower than before."""
    shutil.copyfile(file, target)
    with target.open("r+b") as stream:
        stream.seek(file.stat().st_size // 2)
        start = stream.tell()
        data = stream.read(2 * count * (file.stat().st_size // buildings) + 100_000)
        data, done = _HEIGHT.subn(lambda m: m[1] + b"%d" % ((int(m[2]) + 3) % 10) + m[3], data, count)
        assert done == count, f"{done} of {count} buildings could be changed"
        stream.seek(start)
        stream.write(data)


def files_of(store: Path) -> Files:
    """Name → size and number of the file: what has only been touched is the same."""
    found = ((path.relative_to(store), path.stat()) for path in store.rglob("*") if path.is_file())
    return {str(path): (stat.st_size, stat.st_ino) for path, stat in found}


def _run(city: Path, store: Path) -> tuple[Cost, list[int]]:
    """Cost of a run, and the bytes it published and kept."""
    before = files_of(store)
    cost = watched([TWIN, "run", str(city), "buildings", "--store", str(store), "--workers", "2"])
    return cost, _written(store, before)


def _worked(city: Path, store: Path, change: Callable[[], None]) -> tuple[Cost, list[int]]:
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


def _row(buildings: int, words: str, found: tuple[Cost, list[int]], first: tuple[Cost, list[int]]) -> _Row:
    (cost, written), (whole, all_written) = found, first
    figures = [(cost.seconds, whole.seconds), (cost.cpu, whole.cpu)]
    figures += [(size / 1e6, all_size / 1e6) for size, all_size in zip(written, all_written, strict=True)]
    cells = [f"{figure:,.1f} ({figure / most:.1%})" if most else "0" for figure, most in figures]
    return (f"{buildings:,}", words, *cells)


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
            rows.append(_row(buildings, "all", first, first))
            if "none" in _ONLY:
                rows.append(_row(buildings, "none", _run(city, store), first))
            for words, count in (("one", 1), ("1 % in a row", buildings // 100)):
                if words.removesuffix(" in a row") in _ONLY:
                    changed(file, given, buildings, count)
                    rows.append(_row(buildings, words, _run(city, store), first))
            if "work" in _ONLY:
                found = _worked(city, store, partial(changed, file, given, buildings, 2))
                rows.append(_row(buildings, "two, by twin work", found, first))
    head = ("seconds", "processor seconds", "MB published", "MB kept for the next run")
    table(
        "Changes of a published layer, and as a share of the first run", ("buildings", "changed", *head), rows
    )
