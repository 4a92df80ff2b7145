"""``twin run muenchen`` on real data: time, processor time, requests, bytes; then once more, nothing changed.

Real data lie in ``../shared/data``, or the folder that ``SHARED`` names. A local server with ETags stands for
the sources and has of each what we have of it. Also printed: what a new city takes, by Ingolstadt's recipes.
"""

import gzip
import io
import json
import os
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.convert import TWIN
from benchmarks.measure import table
from benchmarks.server import Asked, Reply, Traffic, serving
from benchmarks.watch import Cost, watched
from catalog.status import read_status
from ingest.load import RECIPES
from twin.status import Status
from twin.store import open_store

SHARED = Path(os.environ.get("SHARED", Path(__file__).parents[2] / "shared" / "data"))
NEW_CITY = RECIPES / "de" / "by" / "ingolstadt"
_JSON = "application/json"


def _packed(files: list[Path]) -> bytes:
    """Files as an archive that is the same whenever it is asked for."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for file in files:
            archive.writestr(zipfile.ZipInfo(file.name), file.read_bytes())
    return stream.getvalue()


def _whole(file: Path) -> bytes:
    """A collection that says of itself how many features it has: excerpts speak of those left out."""
    data = file.read_bytes()
    document = json.loads(gzip.decompress(data) if file.suffix == ".gz" else data)
    count = len(document["features"])
    return json.dumps({**document, "totalFeatures": count, "numberMatched": count}).encode()


def _package(_: Asked) -> bytes:
    """The city's portal lists the counters' files under names that the recipe asks for."""
    at = "https://opendata.muenchen.de/files"
    names = {
        "radzaehlstellen.csv": "Raddauerzählstellen (zu Tageswerte)",
        "rad_tage_2017-2020.csv.gz": "Raddauerzählstellen Tageswerte 2017-2020",
        "radzaehldaten_stunde_2017-2020.csv.gz": "Raddauerzählstellen 15 Minuten, je Stunde 2017-2020",
    }
    listed = [{"name": name, "format": "CSV", "url": f"{at}/{file}"} for file, name in names.items()]
    return json.dumps({"success": True, "result": {"resources": listed}}).encode()


def _roads(asked: Asked) -> bytes:
    """One road has closures, the others nothing."""
    service = asked.path.rpartition("/")[2]
    if asked.path.endswith("/A99/services/closure"):
        return (SHARED / "samples/autobahn/a99_closure.json").read_bytes()
    return json.dumps({service: []}).encode()


def _file(name: str) -> Callable[[Asked], bytes]:
    return lambda _: (SHARED / name).read_bytes()


_SITES = "samples/muenchen_baustellen/baustellen_excerpt.geojson"
_CITIZENS = "environment/nuremberg-sensor-community/sensor_community_2023-09-15.json.gz"
_COUNTERS = "traffic/munich-bike-counters"
_DISTRICTS = "vector/munich-bezirke/stadtbezirke_25832.geojson.gz"

_LAYERS = {
    "muenchen.terrain": "/dgm1.zip",
    "muenchen.buildings": "/lod2.zip",
    "muenchen.bike-counts": "/api/3/action/package_show?id=counters",
    "muenchen.districts": "/districts/ows",
    "muenchen.construction-sites": "/sites/ows",
    "muenchen.autobahn": "/o/autobahn",
    "nuernberg.citizen-air": "/airrohr.json",
}
"""Where the server has a layer's source."""
_FILES = {"muenchen.air-quality": "environment/uba-air-quality/air_quality_2024-01-01_08.csv.gz"}
"""What its source publishes as an answer of many, and we have as a file."""

_PATHS: dict[str, tuple[Callable[[Asked], bytes], str]] = {
    "/dgm1.zip": (
        lambda _: _packed(sorted((SHARED / "terrain/munich-dgm1").glob("*.tif"))),
        "application/zip",
    ),
    "/lod2.zip": (
        lambda _: _packed(sorted((SHARED / "buildings/munich-tum-lod2").glob("*.gml"))),
        "application/zip",
    ),
    "/api/3/action/package_show": (_package, _JSON),
    "/files/radzaehlstellen.csv": (_file(f"{_COUNTERS}/radzaehlstellen.csv"), "text/csv"),
    "/files/rad_tage_2017-2020.csv.gz": (_file(f"{_COUNTERS}/rad_tage_2017-2020.csv.gz"), "application/gzip"),
    "/files/radzaehldaten_stunde_2017-2020.csv.gz": (
        _file(f"{_COUNTERS}/radzaehldaten_stunde_2017-2020.csv.gz"),
        "application/gzip",
    ),
    "/districts/ows": (lambda _: _whole(SHARED / _DISTRICTS), _JSON),
    "/sites/ows": (lambda _: _whole(SHARED / _SITES), _JSON),
    "/airrohr.json": (lambda _: gzip.decompress((SHARED / _CITIZENS).read_bytes()), _JSON),
}


def answer(asked: Asked) -> Reply | None:
    """What the sources would say."""
    make, kind = (
        (_roads, _JSON) if asked.path.startswith("/o/autobahn/") else _PATHS.get(asked.path, (None, ""))
    )
    return None if make is None else Reply(make(asked), kind)


def run(city: str, store: Path, address: str, traffic: Traffic) -> tuple[Cost, list[int]]:
    """One ``twin run CITY``, and the requests, those answered with 304 and 404, and the bytes it took."""
    before = _counted(traffic)
    sources = {name: address + path for name, path in _LAYERS.items()}
    sources |= {name: str(SHARED / path) for name, path in _FILES.items()}
    own = {name: place for name, place in sources.items() if name.startswith(f"{city}.")}
    words = [word for name, place in own.items() for word in ("--source", f"{name}={place}")]
    cleared = {"TWIN_PUBLISH_UNCLEAR": "muenchen.autobahn"}
    cost = watched([TWIN, "run", city, *own, *words, "--store", store], cleared)
    return cost, [after - was for after, was in zip(_counted(traffic), before, strict=True)]


def _counted(traffic: Traffic) -> list[int]:
    return [traffic.requests, traffic.unchanged, traffic.missing, traffic.sent]


def _layers(store: Path) -> dict[str, Status]:
    """What the last run of each layer came to."""
    found = ((name, read_status(open_store(str(store)), name)) for name in sorted({**_LAYERS, **_FILES}))
    return {name: status for name, status in found if status is not None}


def lines_of(files: list[Path]) -> int:
    """Lines of recipes, without comments and blank lines."""
    lines = (line.strip() for path in files for line in path.read_text("utf-8").splitlines())
    return sum(1 for line in lines if line and not line.startswith("#"))


def main() -> None:
    """Print the tables."""
    if SHARED.is_dir():
        _runs()
    else:
        print("\nNo real data: SHARED names the folder that has them; twin run muenchen is not measured.")
    city, *layers = sorted(NEW_CITY.rglob("*.toml"), key=lambda path: path.name != "city.toml")
    row = (NEW_CITY.name, lines_of([city]), len(layers), lines_of(layers))
    table("A new city", ("city", "lines of city.toml", "recipes", "lines of these"), [row])


def _runs() -> None:
    rows: list[tuple[Any, ...]] = []
    counts: dict[str, Status] = {}
    with tempfile.TemporaryDirectory(prefix="twin-bench-") as name, serving(answer) as (address, traffic):
        store = Path(name) / "store"
        for city in ("muenchen", "nuernberg"):
            for words in ("first", "unchanged"):
                cost, (asked, same, missing, sent) = run(city, store, address, traffic)
                figures = (f"{cost.seconds:.1f}", f"{cost.cpu:.1f}", f"{cost.largest:,.0f}", f"{sent:,}")
                rows.append((city, words, *figures[:3], asked, same, missing, figures[3]))
                if words == "first":
                    counts |= {name: each for name, each in _layers(store).items() if name not in counts}
        last = _layers(store)
    head = (
        "seconds",
        "processor seconds",
        "largest process MiB",
        "requests",
        "of these 304",
        "of these 404",
        "bytes",
    )
    table("Whole runs on real data", ("city", "run", *head), rows)
    told = ("in", "published", "held", "broken", "duplicate")
    table(
        "What became of the records",
        ("layer", *told, "new values", "state of the second run"),
        [
            (
                name,
                *(f"{status.counts.get(word, 0):,}" for word in told),
                f"{status.observations:,}",
                f"{last[name].requests} requests, {last[name].received:,} bytes, "
                f"{last[name].observations:,} new values",
            )
            for name, status in counts.items()
        ],
    )
