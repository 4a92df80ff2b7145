"""What made-up sources of any size share: positions around Munich, times, documents written as they grow.

They are as plain as their dialect allows and have none of the traps that the samples have: they show how fast
a connector reads and whether its memory grows, not whether it understands.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

START = datetime(2026, 1, 1, tzinfo=UTC)


PAGE = 1000


def dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def place(number: int) -> tuple[float, float]:
    return round(11.4 + number % 997 * 3e-4, 6), round(48.07 + number // 997 % 997 * 1.7e-4, 6)


def time_of(number: int) -> str:
    return (START + timedelta(minutes=15 * (number % 30_000))).strftime("%Y-%m-%dT%H:%M:%SZ")


def pages(rows: int, size: int = PAGE) -> Iterator[tuple[int, range]]:
    for number, first in enumerate(range(0, rows, size)):
        yield number, range(first, min(first + size, rows))


def write_lines(path: Path, head: str, items: Iterable[str], between: str = "", tail: str = "") -> None:
    items = iter(items)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(head)
        first = True
        while some := list(islice(items, 4096)):
            file.write(("" if first else between) + between.join(some))
            first = False
        file.write(tail)


def feature(number: int, properties: dict[str, Any], line: bool = False) -> dict[str, Any]:
    """A GeoJSON feature, at a point or along a line."""
    lon, lat = place(number)
    geometry: dict[str, Any] = {"type": "Point", "coordinates": [lon, lat]}
    if line:
        geometry = {"type": "LineString", "coordinates": [[lon, lat], [lon + 0.001, lat + 0.001]]}
    return {"type": "Feature", "id": f"f.{number}", "geometry": geometry, "properties": properties}


def collection(path: Path, features: Iterable[dict[str, Any]]) -> None:
    write_lines(path, '{"type":"FeatureCollection","features":[\n', map(dump, features), ",\n", "\n]}\n")
