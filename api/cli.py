"""The command line: ``twin``. Every command says in one line what it does; 0 only if all asked for worked."""

import gc
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli_options import HostOption, PortOption, StoreOption, WorkersOption, settings_of
from api.cli_tiles import convert, inspect

app = typer.Typer(
    name="twin",
    help="Stadtzwilling: an open-source digital twin for cities.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


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
    except PermissionError as error:  # a store, a city or a file of root's
        place = error.filename or "a file"
        print(f"twin: {place}: {error.strerror}; give it to the user who runs twin (chown)", file=sys.stderr)
        sys.exit(1)
    finally:
        gc.freeze()  # nothing that is left is worth looking through on the way out


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

    settings = settings_of(store=store, host=host, port=port)
    check_port(settings)
    twin, _ = load_sound(city)  # what is not is told by the worker
    opened = open_store(settings.store)

    since = now()
    layers = due(twin, opened, since, settings)
    if twin.generator is not None:  # made up in a moment, by ourselves
        with Shown() as progress:
            run_city(twin, layers, opened, settings, progress=progress, past=True)

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
    back: Annotated[
        int | None,
        typer.Option(
            "--back-to", min=1, help="Publish this old revision of a layer again; nothing is asked."
        ),
    ] = None,
) -> None:
    """Pull and publish once."""
    if back is not None:
        _back(city, layers or [], back, settings_of(store=store), source or observed_at or series)
        return
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy's threads would stand in the nursery's way
    from ingest.heap import seldom

    seldom()
    from ingest.apart import Apart
    from ingest.job import Asked
    from ingest.nursery import nursery
    from ingest.schedule import chosen

    settings = settings_of(store=store, workers=workers)
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


def _back(city: str, layers: list[str], number: int, settings: Any, asking: Any) -> None:
    from api.back import back_to
    from twin.errors import RecipeError
    from twin.store import open_store

    if asking:
        raise RecipeError("--back-to asks no source; leave out --source, --observed-at and --series")
    print(back_to(_sound(city)[0], open_store(settings.store), layers, number))


@app.command()
def work(
    cities: Annotated[list[str], typer.Argument(help="Cities to keep up to date.")], store: StoreOption = None
) -> None:
    """Run the schedule alone, without serving."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as for `run`: what is due is forked, not started
    import signal
    import threading

    from api.progress import Shown
    from catalog.cities import write_city
    from ingest.worker import work as keep_up
    from twin.store import open_store

    settings = settings_of(store=store)
    opened = open_store(settings.store)
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    sound = [_sound(name)[0] for name in cities]
    for city in sound:  # at once, though nothing may be due for days: a layer taken away, a new title
        write_city(opened, city)
    with Shown() as progress:
        keep_up(sound, opened, settings, stop, progress)


@app.command()
def serve(
    store: StoreOption = None,
    host: HostOption = None,
    port: PortOption = None,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, max=64, help="Processes that answer; two if left out.")
    ] = None,
) -> None:
    """Serve what is published, without pulling anything."""
    from api.serving import serve as serve_forever

    serve_forever(settings_of(store=store, host=host, port=port, serve_workers=workers), "Stadtzwilling")


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
        show_history(open_store(settings_of(store=store).store), layer, feature)
        return
    settings = settings_of(store=store)
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
    if not new_layer(layer, given, settings_of()):
        raise typer.Exit(1)


app.command()(inspect)
app.command()(convert)


if __name__ == "__main__":
    main()
