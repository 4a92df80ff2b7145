"""Convert: files of a city model become a folder of 3D Tiles, without a city or a store.

The same way as `ingest.pipeline`, with a folder in place of the store: read, normalise, gate, tile, keep.
"""

import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

from ingest.connectors import parts, read_part
from ingest.convert.folder import TILESET, Folder
from ingest.convert.frame import Stated, city_for
from ingest.convert.inputs import CITY_MODELS, Input, inputs_of, of_kind
from ingest.convert.layers import CLASSES, layers
from ingest.fetch import Fetch
from ingest.gather import gather
from ingest.prepare import Task
from tiles.build import Built, build
from tiles.combined import combined
from tiles.geodesy import Geodesy
from twin.city import City
from twin.errors import SourceBroken
from twin.layer import Layer
from twin.progress import Progress, Silent
from twin.provenance import HeightsStatement
from twin.record import Record, Report, Solid
from twin.settings import Settings
from twin.shelf import Shelf

_WHEN = datetime(1970, 1, 1, tzinfo=UTC)
"""A conversion observes nothing: the same input gives the same bytes, whenever it runs."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the operator may say."""

    crs: str | None = None
    """CRS where the files name none; compound to state the heights' as well."""
    undulation_m: float | None = None
    """Stated height of the geoid above the ellipsoid, instead of a grid."""
    encoding: str = "meshopt"
    """``meshopt``, ``quantised`` or ``plain``."""
    lod: str | None = None
    """Level of detail wanted; None for the best that is whole."""
    attributes: str = "schema"
    """``schema``, ``all``, or names of columns with commas between."""
    attribution: str = ""
    """Written into every tile."""


@dataclass(frozen=True, slots=True)
class Part:
    """What became of one layer of the conversion."""

    layer: str
    report: Report
    built: Built


@dataclass(slots=True)
class Converted:
    """What a conversion did."""

    parts: list[Part] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    """What was concluded about CRS and heights."""
    crs: str = ""
    """CRS in which the tiles were laid out, with heights."""
    heights: HeightsStatement | None = None
    bytes: int = 0
    transferred: int = 0


def convert(
    paths: Iterable[Path],
    target: Path,
    options: Options,
    settings: Settings,
    *,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Converted:
    """Convert files and folders into a folder of 3D Tiles, which appears whole or not at all.

    Raises:
        TwinError: nothing could be converted; `target` is as it was.
    """
    progress = progress or Silent()
    inputs = inputs_of(list(paths))
    models = list(of_kind(inputs, CITY_MODELS))
    if not models:
        raise SourceBroken(
            "none of the inputs is a city model; give CityGML, CityJSON, footprints or OSM data"
        )
    made = layers(_connector_options(options), _tiling(options), options.attribution)
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="twin-")))
        fetch = stack.enter_context(Fetch(settings, trusted=True))
        folder = stack.enter_context(Folder(target))
        pieces = _pieces(models, made[0], options, fetch)
        city, remarks, pieces = _frame(pieces, options, models)
        geodesy = Geodesy(city.crs, city.heights, settings.grids, stated=options.undulation_m is not None)
        reports = [Report(names=True) for _ in made]
        tasks = (Task(piece, each.connector, made, city, _WHEN, names=True) for each, piece in pieces)
        shelves = gather(tasks, made, reports, scratch, executor, progress)
        done = Converted(remarks=list(remarks), crs=city.crs3d, heights=geodesy.statement)
        _nothing(reports, shelves, city)
        for layer, shelf, report in zip(made, shelves, reports, strict=True):
            if len(shelf):
                built = _built(layer, city, shelf, geodesy, folder, executor, progress)
                done.parts.append(Part(layer.name, report, built))
            elif report.taken:
                done.parts.append(Part(layer.name, report, Built({}, (), {})))
        _finish(folder, done)
        return done


def _connector_options(options: Options) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if options.lod is not None:
        found["lod"] = options.lod
    if options.attributes == "all":
        found["attributes"] = "all"
    return found


def _tiling(options: Options) -> dict[str, Any]:
    return {"encoding": options.encoding, "attributes": options.attributes}


def _pieces(models: list[Input], layer: Layer, options: Options, fetch: Fetch) -> Iterator[tuple[Input, Any]]:
    for each in models:
        given = dict(layer.source.options)
        if each.connector in CLASSES:
            given["classes"] = list(CLASSES[each.connector])
        source = layer.source.model_copy(
            update={"connector": each.connector, "url": str(each.path), "crs": options.crs, "options": given}
        )
        for piece in parts(source, fetch):
            yield each, piece


def _frame(
    pieces: Iterator[tuple[Input, Any]], options: Options, models: list[Input]
) -> tuple[City, tuple[str, ...], Iterator[tuple[Input, Any]]]:
    """The frame that the first record with a form sets; and all pieces, none of them lost."""
    seen: list[tuple[Input, Any]] = []
    for each, piece in pieces:
        seen.append((each, piece))
        first = _first(read_part(each.connector, piece))
        if first is not None:
            stated = Stated(options.crs, options.undulation_m)
            city, remarks = city_for(first, stated, each.path.name)
            return city, remarks, chain(seen, pieces)
    names = ", ".join(each.path.name for each in models)
    raise SourceBroken(f"{names}: no object has a form that could be drawn; is it the right file?")


def _first(records: Iterator[Record]) -> Record | None:
    import numpy as np

    for record in records:
        solid = record.geometry
        if isinstance(solid, Solid) and np.isfinite(solid.points).all(axis=1).any():
            return record
    return None


def _nothing(reports: list[Report], shelves: list[Shelf], city: City) -> None:
    """Say why, if nothing is left to be drawn."""
    if any(len(shelf) for shelf in shelves):
        return
    reasons = [
        (count, reason)
        for report in reports
        for counts in report.reasons.values()
        for reason, count in counts.items()
    ]
    _, reason = max(reasons, default=(0, "there are none"))
    taken = sum(report.taken for report in reports)
    raise SourceBroken(
        f"none of {taken:,} objects can be used ({reason}); they were read as {city.crs3d}: "
        "if that is not their CRS, say it with --crs"
    )


def _built(
    layer: Layer,
    city: City,
    shelf: Shelf,
    geodesy: Geodesy,
    folder: Folder,
    executor: Executor | None,
    progress: Progress,
) -> Built:
    return build(
        layer,
        city,
        shelf,
        geodesy=geodesy,
        ground=None,
        put=folder.put,
        executor=executor,
        progress=progress,
        prefix="",
    )


def _finish(folder: Folder, done: Converted) -> None:
    drawn = [part for part in done.parts if part.built.tileset]
    if len(drawn) == 1:
        folder.write_json(TILESET, drawn[0].built.tileset)
    else:
        for part in drawn:
            folder.write_json(f"{part.layer}.json", part.built.tileset)
        folder.write_json(TILESET, combined({f"{p.layer}.json": p.built.tileset for p in drawn}))
    done.bytes, done.transferred = folder.bytes, folder.transferred
    folder.finish()
