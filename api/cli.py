"""The command line: ``twin``. Every command says in one line what it does; 0 only if all asked for worked."""

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(
    name="twin",
    help="Stadtzwilling: an open-source digital twin for cities.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

StoreOption = Annotated[
    str | None,
    typer.Option("--store", help="Path or URL of the store (file://, s3://); `store` if left out."),
]
PortOption = Annotated[
    int | None, typer.Option("--port", min=1, max=65535, help="Port to serve on; 8000 if left out.")
]
HostOption = Annotated[
    str | None,
    typer.Option("--host", help="Address to serve on; 127.0.0.1, this machine alone, if left out."),
]
WorkersOption = Annotated[
    int | None, typer.Option("--workers", min=1, help="Processes that work; one a core if left out.")
]
_INPUTS = (
    "Files or folders, plain, gz or zip: CityGML, CityJSON; footprints as GeoPackage, GeoJSON, GeoParquet or "
    "OpenStreetMap; terrain as GeoTIFF, XYZ or HGT; point clouds as LAS or LAZ."
)
_OUT = "Folder for the tiles: a new or empty one, or an earlier result, which is replaced."
_UNDULATION = "Metres by which the geoid lies above the ellipsoid there (Munich 45.7), instead of a grid."


def _release(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"twin {version('stadtzwilling')}")
        raise typer.Exit


@app.callback()
def _any(
    version: Annotated[
        bool, typer.Option("--version", callback=_release, is_eager=True, help="Tell the release and end.")
    ] = False,
) -> None:
    """Stadtzwilling: an open-source digital twin for cities."""


def main() -> None:
    """Entry point of the ``twin`` command."""
    import logging

    from twin.errors import TwinError

    logging.getLogger("stamina").setLevel(logging.ERROR)  # a retry is no news; what came of it is told
    try:
        app()
    except TwinError as error:
        print(f"twin: {error}", file=sys.stderr)
        sys.exit(1)


def _settings(**given: Any) -> Any:
    """Settings from the environment, with what was typed on top."""
    from twin.settings import Settings

    return Settings(**{name: value for name, value in given.items() if value is not None})


def _sound(name: str) -> tuple[Any, dict[str, str]]:
    """A city with its sound layers; the faults of the others are told on stderr, and given by layer."""
    from ingest.load import load_sound

    city, faults = load_sound(name)
    for words in faults.values():
        print("\n".join(f"✗ {line}" for line in words.splitlines()), file=sys.stderr)
    return city, faults


@app.command()
def up(
    city: Annotated[str, typer.Argument(help="City to run.")] = "demo",
    store: StoreOption = None,
    host: HostOption = None,
    port: PortOption = None,
) -> None:
    """Run what is due, publish, serve, and keep running (the main job)."""
    from api.progress import Shown
    from api.serving import await_first, check_port, keep_working, serve
    from ingest.due import due, was_tried
    from ingest.load import load_sound
    from ingest.schedule import run_city
    from twin.store import open_store
    from twin.times import now

    settings = _settings(store=store, host=host, port=port)
    check_port(settings)
    twin, _ = load_sound(city)  # what is not is told by the worker
    opened = open_store(settings.store)

    since = now()
    layers = due(twin, opened, since, settings)
    if twin.generator is not None:  # made up in a moment, by ourselves
        with Shown() as progress:
            run_city(twin, layers, opened, settings, progress=progress)

    def waiting() -> bool:
        return not all(was_tried(layer, opened, since) for layer in layers)

    with keep_working([city], settings) as worker:
        await_first(worker, waiting)
        serve(settings, twin.title.en)


@app.command()
def run(
    city: Annotated[str, typer.Argument(help="City: an id among the recipes, or a folder with city.toml.")],
    layers: Annotated[list[str] | None, typer.Argument(help="Layers; all if none is named.")] = None,
    source: Annotated[
        list[str] | None,
        typer.Option("--source", help="LAYER=URL-or-path instead of the recipe's address; repeatable."),
    ] = None,
    store: StoreOption = None,
    workers: WorkersOption = None,
    observed_at: Annotated[
        str | None, typer.Option("--observed-at", help="When the source said so (archives, replays).")
    ] = None,
    series: Annotated[
        bool,
        typer.Option("--series", help="The source is a folder with a file for each time, told by its name."),
    ] = False,
) -> None:
    """Pull and publish once."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy's threads would stand in the nursery's way
    from ingest.heap import seldom

    seldom()
    from ingest.apart import Apart
    from ingest.job import Asked
    from ingest.nursery import nursery
    from ingest.schedule import chosen

    settings = _settings(store=store, workers=workers)
    with nursery() as nest:  # before anything has threads: then it is a fork of this process
        from api.progress import Shown
        from api.show import sources_of
        from twin.store import open_store
        from twin.times import parse

        twin, faults = _sound(city)
        told = {*faults, *(f"{twin.id}.{name}" for name in faults)}
        named = [name for name in layers or [] if name not in told]
        faulty = len(named) < len(layers) if layers else bool(faults)
        asked = Asked(
            sources_of(twin, [word for word in source or [] if word.partition("=")[0] not in told]),
            observed_at=parse(observed_at) if observed_at else None,
            series=series,
        )
        wanted = chosen(twin, named) if named or not layers else []
        with Shown() as progress:
            outcomes = Apart(twin, open_store(settings.store), settings, progress, nest).run(wanted, asked)
    hidden = bool(layers) and not all(map(settings.shows, wanted))
    if faulty or hidden or not all(outcome.ok for outcome in outcomes):
        raise typer.Exit(1)


@app.command()
def work(
    cities: Annotated[list[str], typer.Argument(help="Cities to keep up to date.")], store: StoreOption = None
) -> None:
    """Run the schedule alone, without serving."""
    import signal
    import threading

    from api.progress import Shown
    from ingest.worker import work as keep_up
    from twin.store import open_store

    settings = _settings(store=store)
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    sound = [_sound(name)[0] for name in cities]
    with Shown() as progress:
        keep_up(sound, open_store(settings.store), settings, stop, progress)


@app.command()
def serve(
    store: StoreOption = None,
    host: HostOption = None,
    port: PortOption = None,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, max=64, help="Processes that answer; one if left out.")
    ] = None,
) -> None:
    """Serve what is published, without pulling anything."""
    from api.serving import serve as serve_forever

    serve_forever(_settings(store=store, host=host, port=port, serve_workers=workers), "Stadtzwilling")


@app.command()
def show(
    layer: Annotated[str | None, typer.Argument(help="Layer, by id or short name; all if left out.")] = None,
    feature: Annotated[str | None, typer.Argument(help="With --history: one feature, by id.")] = None,
    history: Annotated[
        bool, typer.Option("--history", help="What changed over time, of the layer or of one feature.")
    ] = False,
    store: StoreOption = None,
) -> None:
    """Show what is published, how fresh it is, and what was held back or broken and why."""
    from api.show import show_layers
    from api.show_history import show_history
    from twin.store import open_store

    if history or feature is not None:
        if layer is None or not history:
            raise typer.BadParameter("write: twin show LAYER --history [ID]")
        show_history(open_store(_settings(store=store).store), layer, feature)
        return
    settings = _settings(store=store)
    if not show_layers(open_store(settings.store), layer, settings):
        raise typer.Exit(1)


@app.command()
def check(
    names: Annotated[list[str], typer.Argument(help="Recipes (files) or cities.", metavar="RECIPE-or-CITY")],
    accept: Annotated[
        bool, typer.Option("--accept", help="What the samples give now is wanted: write expected.json anew.")
    ] = False,
) -> None:
    """Verify recipes and cities, and prove them on their samples."""
    from ingest.accept import accept as renew
    from ingest.check import check as verify

    faults = 0
    for name in names:
        place = Path(name) if name.endswith(".toml") else name
        for verdict in renew(place) if accept else verify(place, ready=True):
            print(("! " if verdict.remark else "✓ " if verdict.ok else "✗ ") + verdict.words)
            faults += not verdict.ok
    if faults:
        raise typer.Exit(1)


@app.command()
def new(
    layer: Annotated[str, typer.Argument(help="Layer to be: <city>.<name>, or a name with --city.")],
    city: Annotated[
        str | None, typer.Option("--city", help="Folder with city.toml; here if left out.")
    ] = None,
    source: Annotated[str | None, typer.Option("--source", help="Address or file of the source.")] = None,
    schema: Annotated[str | None, typer.Option("--schema", help="What they are, such as place/1.")] = None,
    like: Annotated[
        str | None, typer.Option("--like", help="A shared recipe, such as de/water-levels.")
    ] = None,
    title_de: Annotated[str | None, typer.Option("--title-de", help="Its name in German.")] = None,
    title_en: Annotated[str | None, typer.Option("--title-en", help="Its name in English.")] = None,
    licence: Annotated[str | None, typer.Option("--licence", help="SPDX id.")] = None,
    publisher: Annotated[str | None, typer.Option("--publisher", help="Who publishes it.")] = None,
    interval: Annotated[str | None, typer.Option("--interval", help="How often to ask (1d).")] = None,
    crs: Annotated[str | None, typer.Option("--crs", help="CRS where the source names none.")] = None,
) -> None:
    """Look at a source and write a recipe for it, with a sample; asks what no option says."""
    from api.new import new_layer

    given = {
        "city": city,
        "source": source,
        "schema": schema,
        "like": like,
        "title_de": title_de,
        "title_en": title_en,
        "licence": licence,
        "publisher": publisher,
        "interval": interval,
        "crs": crs,
    }
    if not new_layer(layer, given, _settings()):
        raise typer.Exit(1)


@app.command()
def inspect(
    tileset: Annotated[Path, typer.Argument(help="A tileset.json, or the folder it lies in.")],
    html: Annotated[Path | None, typer.Option("--html", help="Write a page with pictures here.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write all that was found here.")] = None,
    language: Annotated[str, typer.Option("--language", help="Of the page and the faults: en or de.")] = "en",
) -> None:
    """Look into a 3D tileset: levels, sizes, attributes, and every fault found."""
    from api.inspect import inspect_tileset

    if language not in ("en", "de"):
        raise typer.BadParameter("write en or de", param_hint="--language")
    if not inspect_tileset(tileset, html=html, json_file=json_file, language=language):
        raise typer.Exit(1)


@app.command()
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
        workers = _settings().workers if "TWIN_WORKERS" in os.environ else workers_for(inputs)
    with pool(workers, dask=_settings().dask) as executor:  # its processes get ready while we do
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
        )
        converted(inputs, out, options, _settings(), executor, report)


if __name__ == "__main__":
    main()
