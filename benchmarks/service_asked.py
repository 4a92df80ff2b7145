"""What the servers are asked: the same boxes, conditions, ids and pages for all, another one each time."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from benchmarks.service_data import AREAS, BUILDINGS, GAUGES
from benchmarks.service_database import TABLES
from catalog import parquet, parts, revisions
from twin.store import open_store

MANY = 20_000
"""Different requests of a kind: more than any server answers while it is measured."""
PAGE = 100
_CELL = 0.001
_SIZE = np.array((0.008, 0.0055))
"""Degrees of a small box: about 600 m each way."""
_DEEP = 1000
"""Pages before the deep one."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A kind of question and what stands behind the collection's address, the same for all."""

    name: str
    layer: str
    tails: list[str]
    hits: bool = False
    """Only how many there are."""


def address(server: str, asked: Asked) -> list[str]:
    """The paths of all requests of a kind at a server."""
    if server.startswith("twin"):
        return [
            tail if tail.startswith("/sta") else f"/ogc/collections/{asked.layer}/items{tail}"
            for tail in asked.tails
        ]
    table = TABLES[asked.layer]
    if server == "tipg":
        return [f"/collections/public.{table}/items{tail}" for tail in asked.tails]
    form: Callable[[str], str] = (
        (lambda tail: tail.replace("limit=1&", "resulttype=hits&f=json&"))
        if asked.hits
        else (lambda tail: f"{tail}{'&' if '?' in tail else '?'}f=json")
    )
    return [f"/collections/{table}/items{form(tail)}" for tail in asked.tails]


def questions(store: Path) -> list[Asked]:
    """All kinds of questions, for both layers of polygons and for the stations."""
    random = np.random.default_rng(7)
    found = []
    for layer, condition in (
        (AREAS, "area_m2 > {} AND kind = 'residential'"),
        (BUILDINGS, "height_m > {} AND use = 'residential'"),
    ):
        ids, places = _places(store, layer)
        boxes = _boxes(random, places)
        least = random.uniform(5, 60 if layer == AREAS else 10, MANY).round(3)
        filters = [quote(condition.format(number)) for number in least]
        chosen = random.choice(len(ids), MANY, replace=len(ids) < MANY)
        deep = _DEEP * PAGE if len(ids) > 2 * _DEEP * PAGE else len(ids) // 2
        first = deep + random.permutation(MANY) % (deep // 2)
        found += [
            Asked("small bbox", layer, [f"?limit={PAGE}&bbox={box}" for box in boxes]),
            Asked(
                "bbox + CQL2",
                layer,
                [f"?limit={PAGE}&bbox={box}&filter={each}" for box, each in zip(boxes, filters, strict=True)],
            ),
            Asked("item by id", layer, [f"/{quote(ids[row])}" for row in chosen.tolist()]),
            Asked("page 1,000 deep", layer, [f"?limit={PAGE}&offset={number}" for number in first.tolist()]),
            Asked("count in a bbox", layer, [f"?limit=1&bbox={box}" for box in boxes], hits=True),
        ]
    return [*found, *_latest()]


def _latest() -> list[Asked]:
    pages = [1000 * page for page in range(150)]
    order = "$expand=Observations($top=1;$orderby=phenomenonTime%20desc)"
    return [
        Asked("1,000 stations, latest values", GAUGES, [f"?limit=1000&offset={page}" for page in pages]),
        Asked(
            "the same by SensorThings",
            GAUGES,
            [f"/sta/v1.1/Datastreams?$top=1000&$skip={page}&{order}" for page in pages],
        ),
    ]


def _places(store: Path, layer: str) -> tuple[list[str], NDArray[np.float64]]:
    """Ids, and (n, 2) longitude and latitude of the middles."""
    opened = open_store(str(store))
    revision = revisions.current(opened, layer)
    assert revision is not None
    rows = parquet.read_table(parts.load(opened, revision), ["id", parquet.BBOX])
    box: Any = rows[parquet.BBOX].combine_chunks()
    sides = {name: np.asarray(box.field(name)) for name in ("xmin", "ymin", "xmax", "ymax")}
    middle = np.column_stack((sides["xmin"] + sides["xmax"], sides["ymin"] + sides["ymax"])) / 2
    return rows["id"].to_pylist(), middle


def _boxes(random: np.random.Generator, places: NDArray[np.float64]) -> list[str]:
    """Boxes around some of the places that hold at least a page, if there are such."""
    low = places.min(axis=0)
    cells = ((places - low) / _CELL).astype(int)
    size = cells.max(axis=0) + 2
    counts = np.zeros(size + 1, dtype=np.int64)
    np.add.at(counts, (cells[:, 0] + 1, cells[:, 1] + 1), 1)
    total = counts.cumsum(axis=0).cumsum(axis=1)
    corners = places[random.choice(len(places), 6 * MANY)]
    corners = corners - random.uniform(0, 1, corners.shape) * _SIZE
    first = np.ceil((corners - low) / _CELL).astype(int).clip(0, size)
    last = np.floor((corners + _SIZE - low) / _CELL).astype(int).clip(0, size)
    inside = (
        total[last[:, 0], last[:, 1]]
        - total[first[:, 0], last[:, 1]]
        - total[last[:, 0], first[:, 1]]
        + total[first[:, 0], first[:, 1]]
    )
    best = np.flatnonzero(inside >= PAGE) if (inside >= PAGE).sum() >= MANY else np.argsort(-inside)
    chosen = corners[random.permutation(best[:MANY])]
    return [f"{w:.6f},{s:.6f},{e:.6f},{n:.6f}" for w, s, e, n in np.hstack((chosen, chosen + _SIZE)).tolist()]
