"""Convert: files of a city model become a folder of 3D Tiles, without a city or a store.

The same way as `ingest.pipeline`, with a folder in place of the store: read, normalise, gate, tile, keep.
"""

import tempfile
from collections.abc import Iterable
from concurrent.futures import Executor
from contextlib import ExitStack
from pathlib import Path

from ingest.connectors.overlays import WAYS
from ingest.convert import clouds, models, terrain
from ingest.convert.folder import TILESET, Folder
from ingest.convert.frame import frame_of
from ingest.convert.inputs import CITY_MODELS, CLOUDS, HEIGHTS, Input, inputs_of, of_kind
from ingest.convert.options import FORMATS, Converted, Options, Part
from ingest.convert.work import Work
from ingest.fetch import Fetch
from tiles.combined import combined
from tiles.contents import CONTENTS
from tiles.geodesy import Geodesy
from tiles.gltf import ENCODINGS
from tiles.grids import GEOIDS
from twin.city import City
from twin.errors import MissingGeoid, SourceBroken, TilingError
from twin.progress import Progress, Silent
from twin.settings import Settings

__all__ = ["Converted", "Options", "Part", "convert"]

_NAMED = 3
"""Files that a message names."""


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

    City models, height models and point clouds among the inputs become a tileset each, shown together;
    what has no height of its own is put on the height model.

    Raises:
        TwinError: nothing could be converted; `target` is as it was.
    """
    _check(options)
    inputs = inputs_of(list(paths))
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="twin-")))
        fetch = stack.enter_context(Fetch(settings, trusted=True, proof=False))
        folder = stack.enter_context(Folder(target))
        objects = models.Pieces(of_kind(inputs, CITY_MODELS), options, fetch)
        rasters = terrain.Rasters(of_kind(inputs, HEIGHTS), options, fetch)
        files = clouds.Files(of_kind(inputs, CLOUDS), options, fetch)
        first = objects.first() or rasters.first() or files.first()
        if first is None:
            raise SourceBroken(_formless(inputs, objects))
        frame = frame_of(first, options, rasters.first())
        geodesy = _geodesy(frame.city, options, settings)
        done = Converted(remarks=list(frame.remarks), crs=frame.city.crs3d, heights=geodesy.statement)
        done.place = frame.city.centre
        work = Work(frame, geodesy, options, folder, scratch, executor, progress or Silent())
        ground = rasters.ground(work)
        if options.format == "quantized-mesh":
            done.parts.append(rasters.quantized_mesh(work))
            if others := [each.path.name for each in inputs if each.connector not in HEIGHTS]:
                done.remarks.append(f"quantized-mesh holds terrain only, without {', '.join(others)}")
        else:
            for part in (rasters.convert(work), *objects.convert(work, ground), files.convert(work)):
                if part is not None:
                    done.parts.append(part)
                    done.remarks += part.remarks
                    if options.implicit and part.built.tileset and "implicit" not in part.built.report:
                        done.remarks.append(
                            f"{part.layer}: explicit tiles; only buildings and models are implicit"
                        )
            _tileset(folder, done.parts)
        done.bytes, done.transferred = folder.bytes, folder.transferred
        folder.finish()
        return done


def _formless(inputs: list[Input], objects: models.Pieces) -> str:
    names = [each.path.name for each in inputs]
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    found = f"none of {objects.formless:,} objects has a form" if objects.formless else "there is nothing"
    why = f" ({'; '.join(sorted(objects.why))})" if objects.why else ""
    return (
        f"{', '.join(names[:_NAMED])}{more}: {found} that could be drawn{why}; is it the right file, and in "
        "the CRS that it names?"
    )


def _geodesy(city: City, options: Options, settings: Settings) -> Geodesy:
    try:
        return Geodesy(city.crs, city.heights, settings.grids, stated=options.undulation_m is not None)
    except MissingGeoid:
        grid = GEOIDS.get(city.heights.crs)
        raise MissingGeoid(
            f"heights in {city.heights.crs} are above the geoid, and {grid.name if grid else 'a grid'} that "
            "tells where it lies is not at hand: say how many metres it lies above the ellipsoid there, such "
            "as --undulation 45.7 in Munich, or put the grid into a folder named in TWIN_GRIDS. Without it "
            "everything would stand too low or too high by that much"
        ) from None


def _check(options: Options) -> None:
    if options.encoding not in ENCODINGS:
        raise TilingError(f"--encoding {options.encoding}: write one of {', '.join(ENCODINGS)}")
    if options.format not in FORMATS:
        raise TilingError(f"--format {options.format}: write one of {', '.join(FORMATS)}")
    if options.contents not in CONTENTS:
        raise TilingError(f"--contents {options.contents}: write one of {', '.join(CONTENTS)}")
    if options.areas not in WAYS:
        raise TilingError(f"--areas {options.areas}: write one of {', '.join(WAYS)}")
    if options.implicit and options.contents != "one":
        raise TilingError("--implicit finds one content for each tile; leave --contents many away")
    if options.implicit and options.format != "3dtiles":
        raise TilingError(f"--implicit is a form of 3D Tiles; leave it away for --format {options.format}")


def _tileset(folder: Folder, parts: list[Part]) -> None:
    drawn = [part for part in parts if part.built.tileset]
    if not drawn:
        reasons = {entry["reason"] for part in parts for entry in part.built.report.get("left_out", ())}
        raise SourceBroken(f"nothing of the inputs can be drawn: {', '.join(sorted(reasons))}")
    if len(drawn) == 1:
        folder.write_json(TILESET, drawn[0].built.tileset)
        return
    for part in drawn:
        folder.write_json(f"{part.layer}.json", part.built.tileset)
    folder.write_json(TILESET, combined({f"{part.layer}.json": part.built.tileset for part in drawn}))
