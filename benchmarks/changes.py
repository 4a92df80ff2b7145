"""Changes: buildings published, then again with nothing, one building, or one in a hundred changed."""

import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

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

Files = dict[str, tuple[int, int]]


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


def _files(store: Path) -> Files:
    found = ((path, path.stat()) for path in store.rglob("*") if path.is_file())
    return {str(path): (stat.st_size, stat.st_mtime_ns) for path, stat in found}


def _run(city: Path, file: Path, store: Path) -> tuple[Cost, int]:
    """Cost of a run, and the bytes it wrote into the store."""
    before = _files(store)
    cost = watched(
        [TWIN, "run", city, "buildings", "--source", f"buildings={file}", "--store", store, "--workers", "2"]
    )
    return cost, sum(each[0] for name, each in _files(store).items() if before.get(name) != each)


def main() -> None:
    """Print the table."""
    rows: list[tuple[Any, ...]] = []
    for buildings in SIZES:
        with model("gml", buildings) as file, tempfile.TemporaryDirectory(prefix="twin-bench-") as name:
            city, store, other = Path(name) / "messstadt", Path(name) / "store", Path(name) / "changed.gml"
            city.mkdir()
            (city / "city.toml").write_text(_CITY)
            (city / "buildings.toml").write_text(_LAYER)
            first, all_bytes = _run(city, file, store)
            rows.append(
                (
                    f"{buildings:,}",
                    "all",
                    f"{first.seconds:.1f}",
                    "",
                    f"{first.cpu:.1f}",
                    "",
                    f"{all_bytes / 1e6:,.2f}",
                    "",
                )
            )
            for words, count in (("none", 0), ("one", 1), ("1 % in a row", buildings // 100)):
                given = file
                if count:
                    given = other
                    changed(file, other, buildings, count)
                cost, written = _run(city, given, store)
                rows.append(
                    (
                        f"{buildings:,}",
                        words,
                        f"{cost.seconds:.1f}",
                        f"{cost.seconds / first.seconds:.1%}",
                        f"{cost.cpu:.1f}",
                        f"{cost.cpu / first.cpu:.1%}",
                        f"{written / 1e6:,.2f}",
                        f"{written / all_bytes:.1%}",
                    )
                )
    table(
        "Changes of a published layer",
        (
            "buildings",
            "changed",
            "seconds",
            "of the first",
            "processor s",
            "of the first",
            "MB written",
            "of the first",
        ),
        rows,
    )
