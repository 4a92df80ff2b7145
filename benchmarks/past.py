"""The past of a feature in a layer of a thousand revisions: what the first answer costs, and the next ones.

``REVISIONS=1000 python -m benchmarks past``: a made-up layer of 2,000 buildings, of which 1 % change with
each revision, asked in this process. Processor time, as others may be at work beside.
"""

import asyncio
import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import numpy as np

from api.app import create_app
from benchmarks.measure import table
from catalog import documents, history, keys, parquet
from catalog.cities import write_city
from ingest.account import provenance
from ingest.load import load_city
from twin.layer import Layer
from twin.record import Feature
from twin.report import Report
from twin.revision import Entry, Revision
from twin.settings import Settings
from twin.store import FileStore, Store

REVISIONS = int(os.environ.get("REVISIONS", "1000"))
FEATURES = 2000
_START = datetime(2026, 1, 1, tzinfo=UTC)


def towns(count: int) -> Iterator[list[Feature]]:
    """The layer's features, revision by revision: 1 % have another height than in the one before."""
    import shapely

    random = np.random.default_rng(5)
    heights = random.uniform(3, 30, FEATURES).round(2)
    corners = np.column_stack((11.5 + np.arange(FEATURES) % 50 / 500, 48.1 + np.arange(FEATURES) // 50 / 500))
    shapes = shapely.to_wkb(shapely.box(*corners.T, *(corners + 0.0005).T))
    for _ in range(count):
        yield [
            Feature(f"demo.buildings.b{n}", f"b{n}", {"height_m": height}, shape)
            for n, (height, shape) in enumerate(zip(heights.tolist(), shapes, strict=True))
        ]
        heights[random.choice(FEATURES, FEATURES // 100, replace=False)] += 0.25


def write_layer(store: Store, count: int) -> Layer:
    """A layer with so many revisions, an hour apart. Written without a run: a thousand of these take long."""
    city = load_city("demo")
    layer = next(layer for layer in city.layers if layer.name == "buildings")
    write_city(store, city)
    report = Report(taken=FEATURES, published=FEATURES, fields=("measured_height",))
    for number, features in enumerate(towns(count), 1):
        at = _START + timedelta(hours=number)
        snapshot = f"snapshots/{number:06d}"
        data = parquet.write_features(features, layer.schema_, at)
        store.put(keys.inside(layer.id, f"{snapshot}/{keys.FEATURES}"), data)
        story = documents.encode(provenance(layer, city, (), report, (at, at), None, None))
        store.put(keys.inside(layer.id, f"{snapshot}/{keys.PROVENANCE}"), story)
        pieces = {keys.FEATURES: data, keys.PROVENANCE: story}
        revision = Revision(
            layer=layer.id,
            number=number,
            claim=f"{number:032x}",
            snapshot=snapshot,
            published_at=at,
            holds_from=at,
            digest=f"{number:064x}",
            features=len(features),
            bbox=parquet.box_of(data),
            objects={f"{snapshot}/{name}": _entry(piece) for name, piece in pieces.items()},
        )
        store.put(keys.revision(layer.id, number), documents.encode(revision))
    history.index(store, layer.id)
    return layer


def _entry(data: bytes) -> Entry:
    return Entry(size=len(data), sha256=hashlib.sha256(data).hexdigest())


async def _asked(store: Store, layer: Layer) -> list[tuple[str, ...]]:
    app = create_app(Settings(viewer=Path("none")), store)
    base = f"/ogc/collections/{layer.id}"
    rows: list[tuple[str, ...]] = []
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://twin") as client:
        for words, query, features in (
            ("the layer itself, for the first time", "", range(1)),
            ("its features, for the first time", "/items?limit=1", range(1)),
            ("the first feature's history", "/history", range(1)),
            ("the same again", "/history", [0] * 20),
            ("other features", "/history", range(1, 51)),
            (
                "other features at an earlier instant",
                "/history?datetime=2026-01-20T00:00:00Z",
                range(51, 101),
            ),
        ):
            spent = []
            for number in features:
                place = (
                    f"{base}/items/{layer.id}.b{number}{query}"
                    if query.startswith("/history")
                    else base + query
                )
                start = time.process_time()
                answer = await client.get(place)
                spent.append((time.process_time() - start) * 1000)
                assert answer.status_code == 200, answer.text
            middle, worst = np.median(spent), max(spent)
            rows.append((words, str(len(spent)), f"{middle:.1f}", f"{worst:.1f}", f"{len(answer.content):,}"))
    return rows


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory(prefix="twin-bench-") as name:
        store = FileStore(Path(os.environ.get("STORE_FOLDER") or name))
        layers = [layer for layer in load_city("demo").layers if layer.name == "buildings"]
        there = next(store.list(keys.layer(layers[0].id)), None) is not None
        layer = layers[0] if there else write_layer(store, REVISIONS)
        rows = asyncio.run(_asked(store, layer))
    head = ("asked", "times", "processor ms", "at most", "bytes")
    table(f"The past of a feature, {REVISIONS:,} revisions of {FEATURES:,} features", head, rows)


if __name__ == "__main__":
    main()
