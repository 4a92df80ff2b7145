"""Commands that bring a city up to date: once, by its schedule, and with the service beside it."""

import os
import sys
from typing import Annotated, Any

import typer

from api.cli_options import HostOption, PortOption, StoreOption, WorkersOption, settings_of


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


def _sound(name: str) -> tuple[Any, dict[str, str]]:
    """A city with its sound layers; the faults of the others are told on stderr, and given by layer."""
    from ingest.load import load_sound

    city, faults = load_sound(name)
    for words in faults.values():
        print("\n".join(f"✗ {line}" for line in words.splitlines()), file=sys.stderr)
    return city, faults


def _back(city: str, layers: list[str], number: int, settings: Any, asking: Any) -> None:
    from api.back import back_to
    from twin.errors import RecipeError
    from twin.store import open_store

    if asking:
        raise RecipeError("--back-to asks no source; leave out --source, --observed-at and --series")
    print(back_to(_sound(city)[0], open_store(settings.store), layers, number))
