"""City models to tiles by ``twin convert``, beside merely reading them: speed, processes, memory, bytes.

``BUILDINGS=2000,20000,100000`` names the sizes (2,000 alone if not), ``BENCH_FILES=FOLDER`` keeps the made-up
files, of which the largest has 2.1 GB.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import cityjsonseq, lod2
from benchmarks.floors import (
    Floor,
    expat_alone,
    halves,
    lxml_into_numpy,
    orjson_alone,
    seconds,
    span_of,
)
from benchmarks.measure import table
from benchmarks.sizes import Sizes, sizes
from benchmarks.watch import Cost, watched

SIZES = [int(size) for size in os.environ.get("BUILDINGS", "2000").split(",")]
TWIN = Path(sys.executable).with_name("twin")
FIVE = "id,source_id,height_m,roof_type,use"
_WRITERS = {"gml": lod2.write, "jsonl": cityjsonseq.write}
_FEW = 20_000
"""Up to this size everything is run three times, and the median counts."""
_NEXT_TO_NONE = 10
"""Buildings of the file that tells what starting up costs."""


@contextmanager
def model(kind: str, buildings: int) -> Iterator[Path]:
    """A file of so many buildings, kept for the next time where `BENCH_FILES` says where."""
    with tempfile.TemporaryDirectory(prefix="twin-bench-") as name:
        file = Path(os.environ.get("BENCH_FILES", name)) / f"{buildings}.{kind}"
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            _WRITERS[kind](file, buildings)
        yield file


def converted(file: Path, workers: int, attributes: str = FIVE) -> tuple[Cost, Sizes]:
    """Cost and result of one conversion."""
    with tempfile.TemporaryDirectory(prefix="twin-bench-") as name:
        out = Path(name) / "tiles"
        options = ["--undulation", "45.66", "--workers", str(workers), "--attributes", attributes]
        cost = watched([TWIN, "convert", file, out, *options])
        return cost, sizes(out)


def _rounds(buildings: int) -> range:
    return range(3 if buildings <= _FEW else 1)


_Read = tuple[float, float]


def _beside(file: Path, buildings: int, floor: Floor) -> Iterator[tuple[int, list[_Read], list[Cost]]]:
    """Workers, costs of merely reading and of converting: in turn, so that both see the same day."""
    for workers in (1, 2):
        spans = [span_of(file)] if workers == 1 else halves(file)
        reading, costs = [], []
        for _ in _rounds(buildings):
            reading.append(seconds(floor, file, spans))
            costs.append(converted(file, workers)[0])
        yield workers, reading, costs


def _starts(kind: str) -> dict[int, float]:
    """Number of workers → processor seconds of a conversion that has next to nothing to do."""
    with model(kind, _NEXT_TO_NONE) as file:
        return {workers: median(converted(file, workers)[0].cpu for _ in range(3)) for workers in (1, 2)}


def _speed(kind: str, floor: Floor) -> None:
    rows: list[tuple[Any, ...]] = []
    starts = _starts(kind)
    for buildings in SIZES:
        with model(kind, buildings) as file:
            first = None
            for workers, reads, costs in _beside(file, buildings, floor):
                taken, cpu = median(c.seconds for c in costs), median(c.cpu for c in costs)
                reading, read_cpu = (median(both) for both in zip(*reads, strict=True))
                first = first or taken
                rows.append(
                    (
                        f"{buildings:,}",
                        workers,
                        f"{buildings / taken:,.0f}",
                        f"{buildings / reading:,.0f}",
                        f"{reading / taken:.2f}",
                        f"{first / taken:.2f}",
                        f"{cpu / buildings * 1000:.3f}",
                        f"{(cpu - starts[workers]) / buildings * 1000:.3f}",
                        f"{cpu / read_cpu:.2f}",
                        f"{max(c.largest for c in costs):,.0f}",
                        f"{max(c.together for c in costs):,.0f}",
                    )
                )
    read = floor.__name__.replace("_", " ")
    table(
        f"Convert .{kind}",
        (
            "buildings",
            "processes",
            "buildings/s",
            f"{read}, buildings/s",
            "share of that",
            "times one process",
            "processor ms a building",
            "beyond start-up",
            "times reading's",
            "largest process MiB",
            "all together MiB",
        ),
        rows,
    )


def _bytes() -> None:
    rows = []
    for kind in _WRITERS:
        with model(kind, SIZES[-1]) as file:
            for attributes in (FIVE, "schema"):
                found = converted(file, 2, attributes)[1]
                figures = (found.leaves, found.contents, found.whole, found.raw)
                rows.append(
                    (
                        f"{SIZES[-1]:,} .{kind}",
                        attributes.count(",") + 1 if attributes == FIVE else "all of the schema",
                        *(f"{figure / SIZES[-1]:,.0f}" for figure in figures),
                    )
                )
    table(
        "Bytes a building",
        ("buildings", "attributes", "leaves", "all levels", "with tileset.json", "the same, not compressed"),
        rows,
    )


def _expat() -> None:
    with model("gml", SIZES[0]) as file:
        taken = median(seconds(expat_alone, file, [span_of(file)])[1] for _ in range(3))
    print(f"\nexpat without handlers: {SIZES[0] / taken:,.0f} buildings a processor second")


def main() -> None:
    """Print the tables."""
    _speed("gml", lxml_into_numpy)
    _expat()
    _speed("jsonl", orjson_alone)
    _bytes()
