"""Commands that need files alone, no city and no store: look into 3D Tiles, and make them."""

import os
from pathlib import Path
from typing import Annotated

import typer

from api.cli_options import WorkersOption, settings_of

_INPUTS = (
    "Files or folders, plain, gz or zip: CityGML, CityJSON; footprints, lines and areas as GeoPackage, "
    "GeoJSON, GeoParquet, Shapefile or FlatGeobuf; OpenStreetMap; terrain as GeoTIFF, XYZ or HGT; point "
    "clouds as LAS or LAZ."
)
_OUT = "Folder for the tiles: a new or empty one, or an earlier result, which is replaced."
_UNDULATION = "Metres by which the geoid lies above the ellipsoid there (Munich 45.7), instead of a grid."


def inspect(
    tileset: Annotated[
        Path, typer.Argument(help="A tileset.json or a terrain's layer.json, or the folder it lies in.")
    ],
    html: Annotated[Path | None, typer.Option("--html", help="Write a page with pictures here.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write all that was found here.")] = None,
    language: Annotated[str, typer.Option("--language", help="Of the page and the faults: en or de.")] = "en",
) -> None:
    """Look into a 3D tileset or a quantized-mesh terrain: levels, sizes, attributes, every fault found."""
    from tiles.inspect.terrain import is_terrain

    if language not in ("en", "de"):
        raise typer.BadParameter("write en or de", param_hint="--language")
    if is_terrain(tileset):
        from api.inspect_terrain import inspect_layer

        sound = inspect_layer(tileset, html=html, json_file=json_file, language=language)
    else:
        from api.inspect import inspect_tileset

        sound = inspect_tileset(tileset, html=html, json_file=json_file, language=language)
    if not sound:
        raise typer.Exit(1)


def convert(
    inputs: Annotated[list[Path], typer.Argument(help=_INPUTS, metavar="INPUT…")],
    out: Annotated[Path, typer.Argument(help=_OUT, metavar="OUT")],
    crs: Annotated[
        str | None, typer.Option("--crs", help="CRS where the files name none, such as EPSG:25832+7837.")
    ] = None,
    undulation: Annotated[float | None, typer.Option("--undulation", help=_UNDULATION)] = None,
    encoding: Annotated[
        str, typer.Option("--encoding", help="meshopt (smallest), quantised, or plain (for old clients).")
    ] = "meshopt",
    lod: Annotated[
        str | None, typer.Option("--lod", help="Level of detail, such as 2; the best whole one if left out.")
    ] = None,
    attributes: Annotated[
        str, typer.Option("--attributes", help="schema, all (the source's own, too), or names with commas.")
    ] = "schema",
    outlines: Annotated[
        bool, typer.Option("--outlines", help="Add the edges of buildings for clients that draw them.")
    ] = False,
    textures: Annotated[
        bool, typer.Option("--textures", help="Draw the pictures on facades and roofs (larger tiles).")
    ] = False,
    format: Annotated[
        str, typer.Option("--format", help="3dtiles, or quantized-mesh (terrain for CesiumJS).")
    ] = "3dtiles",
    implicit: Annotated[
        bool, typer.Option("--implicit", help="Implicit tiling with subtrees, for buildings and models.")
    ] = False,
    contents: Annotated[
        str, typer.Option("--contents", help="one for each tile, or many: roofs, walls and so on apart.")
    ] = "one",
    areas: Annotated[
        str,
        typer.Option(
            "--areas", help="Areas that do not say what they are: buildings, ground, or auto (by their size)."
        ),
    ] = "auto",
    attribution: Annotated[str, typer.Option("--attribution", help="Line written into every tile.")] = "",
    workers: WorkersOption = None,
    report: Annotated[
        Path | None, typer.Option("--report", help="Write here as JSON what became of everything.")
    ] = None,
) -> None:
    """Convert files of a city model to a folder of 3D Tiles, without a city or a store."""
    from api.guarded import guarded

    ended = guarded(inputs, out)
    if ended is not None:
        raise typer.Exit(ended)
    # numpy's own threads would wait for each other, and take from the other processes several times what
    # arrays of three columns need.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from ingest.heap import seldom

    seldom()
    from ingest.pool import pool, workers_for

    if workers is None:
        workers = settings_of().workers if "TWIN_WORKERS" in os.environ else workers_for(inputs)
    with pool(workers, dask=settings_of().dask) as executor:  # its processes get ready while we do
        from api.convert import converted
        from ingest.convert import Options

        options = Options(
            crs,
            undulation,
            encoding,
            lod,
            attributes,
            attribution,
            outlines,
            format,
            textures,
            implicit,
            contents,
            areas,
        )
        converted(inputs, out, options, settings_of(), executor, report)
