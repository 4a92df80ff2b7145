"""Changes: buildings published, then again with nothing, one building, or one in a hundred changed."""

import re
import shutil
import tempfile
from pathlib import Path

from benchmarks.convert import SIZES, TWIN, model
from benchmarks.measure import table
from benchmarks.watch import Cost, watched

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
url = "given on the command line"
interval = "7d"
publisher = "Stadtzwilling (erfunden)"
licence = "CC0-1.0"
attribution = "Demo – erfundene Daten / made-up data"
"""
_HEIGHT = re.compile(rb'(<bldg:measuredHeight uom="[^"]*">\d*)(\d)(\.)')

_Row = tuple[str, ...]
Files = dict[str, tuple[int, int]]
_KEPT = "kept"
"""What a run leaves for the next one, beside what it publishes."""


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


def _run(city: Path, file: Path, store: Path) -> tuple[Cost, list[int]]:
    """Cost of a run, and the bytes it published and kept."""
    before = files_of(store)
    words = ["run", str(city), "buildings", "--source", f"buildings={file}", "--store", str(store)]
    words += ["--workers", "2"]
    cost = watched([TWIN, *words])
    written = {name: each[0] for name, each in files_of(store).items() if before.get(name) != each}
    kept = sum(size for name, size in written.items() if name.startswith(_KEPT))
    return cost, [sum(written.values()) - kept, kept]


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
            city, store, given = Path(name) / "messstadt", Path(name) / "store", Path(name) / "buildings.gml"
            city.mkdir()
            (city / "city.toml").write_text(_CITY)
            (city / "buildings.toml").write_text(_LAYER)
            shutil.copyfile(file, given)
            first = _run(city, given, store)
            rows.append(_row(buildings, "all", first, first))
            rows.append(_row(buildings, "none", _run(city, given, store), first))
            for words, count in (("one", 1), ("1 % in a row", buildings // 100)):
                changed(file, given, buildings, count)
                rows.append(_row(buildings, words, _run(city, given, store), first))
    head = ("seconds", "processor seconds", "MB published", "MB kept for the next run")
    table(
        "Changes of a published layer, and as a share of the first run", ("buildings", "changed", *head), rows
    )
