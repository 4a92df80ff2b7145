"""What lies in a district, asked by its name, beside the box around it: 60 outlines of 2,000 corners.

``BENCH_FILES=FOLDER python -m benchmarks outlines``: the made-up region of ``service`` (made, unless
the folder has it already) and a district around each of its towns. The same process of ours is asked in turn,
from another place of the answer with every request: by ``bbox``, by a filter with the box, and by one with
FEATURE. ``CORNERS`` (2,000), ``SECONDS`` (1), ``TURNS`` (3), ``POLYGONS`` and ``STATIONS`` as there.
"""

import os
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

import numpy as np
import shapely

from benchmarks.convert import TWIN
from benchmarks.measure import table
from benchmarks.service import POLYGONS, SECONDS, STATIONS, TURNS
from benchmarks.service_asked import MANY, PAGE
from benchmarks.service_data import AREAS, BUILDINGS, CITY, SOURCE, TOWNS, centres, publish
from benchmarks.service_load import load
from benchmarks.service_peers import Server, twin
from benchmarks.watch import watched

CORNERS = int(os.environ.get("CORNERS", "2000"))
_RECIPE = """schema = "district/1"
theme = "model"
title = { de = "Bezirke", en = "Districts" }
summary = { de = "Erfundene Bezirke einer Region.", en = "Made-up districts of a region." }
business_key = ["number"]

[source]
connector = "vector"
url = "given on the command line"
interval = "7d"
crs = "EPSG:25832"
nothing_personal = true

[fields.number]
from = "number"
[fields.name]
from = "number"
"""
_DEEPEST = 400
"""Features before those that are asked for, at most."""


def outlines() -> list[shapely.Polygon]:
    """A district around each town, EPSG:25832: some kilometres across, its border as rough as real ones."""
    random = np.random.default_rng(8)
    found = []
    for middle in centres(np.random.default_rng(5)):
        angle = np.linspace(0, 2 * np.pi, CORNERS, endpoint=False)
        waves = sum(np.sin(n * angle + random.uniform(0, 7)) / n for n in (2, 3, 5, 8, 13))
        radius = 900 * (1 + 0.15 * waves) + random.normal(0, 2, CORNERS)
        found.append(
            shapely.Polygon(middle + radius[:, None] * np.column_stack((np.cos(angle), np.sin(angle))))
        )
    return found


def _published(folder: Path) -> tuple[Path, list[str]]:
    """The store, with the districts in it, and the box around each."""
    import pyogrio
    from pyproj import Transformer

    store = publish(folder, POLYGONS, STATIONS)
    shapes, file = outlines(), folder / f"districts-{CORNERS}.gpkg"
    names = np.array([f"{number:02d}" for number in range(1, TOWNS + 1)], dtype=object)
    if not file.exists():
        pyogrio.raw.write(
            file, shapely.to_wkb(shapes), [names], ["number"], layer="districts", driver="GPKG",
            geometry_type="Polygon", crs="EPSG:25832",
        )  # fmt: skip
    recipe = _RECIPE.replace("interval", f"{SOURCE.strip()}\ninterval")
    (folder / CITY / "districts.toml").write_text(recipe, "utf-8")
    words = [TWIN, "run", folder / CITY, "districts", "--source", f"districts={file}", "--store", store]
    watched([str(word) for word in words])
    to_degrees = Transformer.from_crs("EPSG:25832", "OGC:CRS84", always_xy=True).transform
    degrees = shapely.bounds(shapely.transform(shapes, to_degrees, interleaved=False))
    return store, [",".join(f"{number:.6f}" for number in box) for box in degrees]


def _tails(boxes: list[str], kind: str) -> list[str]:
    random = np.random.default_rng(9)
    found = []
    for place, town in zip(random.integers(0, _DEEPEST, MANY), random.integers(0, TOWNS, MANY), strict=True):
        condition = {
            "bbox": "",
            "box": f"S_INTERSECTS(geometry, BBOX({boxes[town]}))",
            "FEATURE": f"S_INTERSECTS(geometry, FEATURE('districts', '{town + 1:02d}'))",
        }[kind]
        asked = f"filter={quote(condition)}" if condition else f"bbox={boxes[town]}"
        found.append(f"?limit={PAGE}&offset={place}&{asked}")
    return found


def _cells(server: Server, layer: str, tails: list[str], connections: int) -> tuple[float, list[str]]:
    paths = [f"/ogc/collections/{layer}/items{tail}" for tail in tails]
    tried = []
    for turn in range(TURNS):
        before = server.processor()
        one = load(server.url, paths, connections, SECONDS, turn * len(paths) // TURNS)
        tried.append((one.per_s, one, (server.processor() - before) / (one.count + 1) * 1000))
    _, one, busy = sorted(tried, key=lambda each: each[0])[TURNS // 2]
    wrong = f" ({one.wrong} wrong)" if one.wrong else ""
    return one.per_s, [f"{one.per_s:,.0f}{wrong}", f"{one.p50_ms:.1f} / {one.p95_ms:.1f}", f"{busy:.2f}"]


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory(prefix="twin-bench-") as name, ExitStack() as running:
        folder = Path(os.environ.get("BENCH_FILES", name))
        store, boxes = _published(folder)
        server = running.enter_context(twin(store, folder))
        rows = []
        for layer in (AREAS, BUILDINGS):
            for connections in (1, 8):
                most = 0.0
                for kind in ("bbox", "box", "FEATURE"):
                    tails = _tails(boxes, kind)
                    status, body = server.get(f"/ogc/collections/{layer}/items{tails[0]}")
                    if status != 200:
                        sys.exit(f"{status}: {body[:300]!r}")
                    per_s, cells = _cells(server, layer, tails, connections)
                    most = most or per_s
                    rows.append((layer, kind, f"{connections}", *cells, f"{per_s / most:.2f}"))
        head = (
            "layer",
            "asked by",
            "connections",
            "requests/s",
            "p50 / p95 ms",
            "processor ms",
            "beside bbox",
        )
        table(f"In a district of {CORNERS:,} corners, {PAGE} of what lies there", head, rows)
