"""CityGML to published tiles: buildings a second, where the time goes, bytes a building, peak memory."""

import os
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.measure import NOW, apart, demo_files, table
from ingest.load import load_city
from twin.settings import Settings

SIZE = int(os.environ.get("BUILDINGS", "2500"))


def _floor(folder: Path) -> tuple[int, float]:
    """Merely parse the files with lxml: what no reader on lxml can beat."""
    from lxml import etree

    start, count = time.perf_counter(), 0
    for file in sorted(folder.glob("*.gml")):
        for _, element in etree.iterparse(str(file), tag="{*}cityObjectMember"):
            count += 1
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    return count, time.perf_counter() - start


def _parse(folder: Path) -> tuple[int, float]:
    """Our reader alone: files become records."""
    from ingest.connectors import connector
    from ingest.fetch import Fetch

    layer = load_city("demo").layer("buildings")
    assert layer is not None
    source = layer.source.model_copy(update={"url": str(folder)})
    with Fetch(Settings(), trusted=True) as fetch:
        read = connector(source.connector)
        start = time.perf_counter()
        count = sum(1 for _ in read(source, fetch))
        return count, time.perf_counter() - start


def _publish(folder: Path, workers: int) -> dict[str, Any]:
    """Publish the buildings layer once, with a clock at every stage."""
    import tiles.patch
    from catalog.publish import Publication
    from ingest.account import basis
    from ingest.pipeline import Job, take
    from ingest.schedule import _pool
    from tiles.build import build
    from tiles.geodesy import Geodesy
    from twin.record import Report
    from twin.store import FileStore

    city = load_city("demo")
    layer = city.layer("buildings")
    assert layer is not None
    settings = Settings(workers=workers)
    encoding = 0.0
    write_glb = tiles.patch.write_glb

    def timed(*given: Any, **named: Any) -> bytes:
        nonlocal encoding
        start = time.perf_counter()
        data = write_glb(*given, **named)
        encoding += time.perf_counter() - start
        return data

    tiles.patch.write_glb = timed
    with tempfile.TemporaryDirectory() as place, _pool(settings) as pool:
        store = FileStore(Path(place))
        job = Job(city, store, settings, NOW, {layer.id: str(folder)}, executor=pool)
        clock = [time.perf_counter()]
        features, _, _ = take(job, layer, Report())
        clock.append(time.perf_counter())
        publication = Publication(store, layer, city)
        publication.digest(features, basis(layer))
        geodesy = Geodesy(city.crs, city.heights, None)
        built = build(layer, city, features, geodesy=geodesy, ground=None, put=publication.put, executor=pool)
        clock.append(time.perf_counter())
        size = sum(store.size(f"layers/{layer.id}/{key}") or 0 for key in built.contents)
    return {
        "buildings": len(features),
        "take": clock[1] - clock[0],
        "tile": clock[2] - clock[1],
        "bytes": size,
        "encode": encoding,
        "report": built.report,
    }


def main() -> None:
    """Print the tables."""
    with demo_files(SIZE) as files:
        folder = files / "buildings"
        (count, floor), _ = apart(_floor, folder)
        (_, parsed), _ = apart(_parse, folder)
        rows = []
        for workers in (1, 2):
            found, memory = apart(_publish, folder, workers)
            whole = found["take"] + found["tile"]
            rows.append(
                (
                    workers,
                    f"{found['buildings']:,}",
                    f"{found['buildings'] / whole:,.0f}",
                    f"{count / floor:,.0f}",
                    f"{whole / floor:.1f}",
                    f"{parsed / whole:.0%}",
                    f"{(found['take'] - parsed) / whole:.0%}",
                    f"{(found['tile'] - found['encode']) / whole:.0%}" if workers == 1 else "–",
                    f"{found['encode'] / whole:.0%}"
                    if workers == 1
                    else f"{found['tile'] / whole:.0%} (both)",
                    f"{found['bytes'] / found['buildings']:,.0f}",
                    f"{memory:,.0f}",
                )
            )
    table(
        "Buildings: CityGML to tiles",
        (
            "workers",
            "buildings",
            "buildings/s",
            "lxml alone/s",
            "times lxml alone",
            "parse",
            "normalise, gate",
            "mesh, tree, write",
            "encode",
            "bytes a building",
            "peak MiB",
        ),
        rows,
    )
