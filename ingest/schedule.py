"""Schedule: runs some layers of a city once, with all they need around them."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from catalog.cities import write_city
from catalog.revisions import numbers
from catalog.status import last_status, write_status
from ingest.grid import bring_grids
from ingest.job import Asked, Earlier, Job, Outcome
from ingest.kept import folder_of
from ingest.pipeline import run
from ingest.pool import pool
from ingest.series import replay
from twin.city import City
from twin.errors import RecipeError
from twin.layer import Layer
from twin.progress import Progress, Silent
from twin.settings import Settings
from twin.store import Store
from twin.times import now


def chosen(city: City, names: Sequence[str]) -> list[Layer]:
    """The layers called by short name or full id, in publishing order; all if none is named."""
    from ingest.load import nearest

    for name in names:
        if city.layer(name) is None:
            raise RecipeError(
                f"{city.id} has no layer {name!r}{nearest(name, [x.name for x in city.layers])}"
            )
    return [x for x in city.layers if not names or x.name in names or x.id in names]


def run_city(
    city: City,
    layers: Sequence[Layer],
    store: Store,
    settings: Settings,
    asked: Asked | None = None,
    *,
    progress: Progress | None = None,
    past: bool = False,
) -> list[Outcome]:
    """Pull and publish some layers of a city, once, in this process.

    Args:
        city: Whose.
        layers: Which.
        store: Where to.
        settings: Limits.
        asked: What else the operator asked for.
        progress: Told how it goes.
        past: Whether a made-up city's layers of which nothing is published yet begin with a made-up past.
    """
    progress = progress or Silent()
    new = [x for x in layers if not numbers(store, x.id)] if past and city.generator is not None else []
    with prepared(city, store, settings, asked or Asked(), progress, past=bool(new)) as asked:
        before = run_past(city, new, store, settings, asked, progress=progress)
        told = {outcome.layer for outcome in before}
        rest = [layer for layer in layers if layer.id not in told]
        return before + run_layers(city, rest, store, settings, asked, progress=progress)


def run_past(
    city: City,
    layers: Sequence[Layer],
    store: Store,
    settings: Settings,
    asked: Asked,
    *,
    progress: Progress,
) -> list[Outcome]:
    """Publish what a made-up city's sources said in the past that is `asked` for, a day after the other.

    Returns:
        How it ended for those layers of which it told all: their files of today held then already.
    """
    moving = {name for day in asked.past for name in day.layers}
    since = [
        Earlier(day.at, asked.demo, frozenset(x.name for x in layers) - moving) for day in asked.past[:1]
    ]
    outcomes: list[Outcome] = []
    for day in (*since, *asked.past):
        own = [layer for layer in layers if layer.name in day.layers]
        then = replace(asked, observed_at=day.at, demo=day.folder, past=())
        lasts = day.folder == asked.demo
        told = progress if lasts else _Hushed(progress)
        ended = run_layers(city, own, store, settings, then, progress=told) if own else []
        if lasts:
            outcomes += ended
        for layer in own:
            status = last_status(store, layer.id)
            if status is None or (lasts and status.error is not None):
                continue
            # The last file is today's too; who is interrupted before it has not looked at today and is due.
            today = {"last_success": status.last_attempt}
            before = {"last_attempt": day.at, "last_success": day.at}
            write_status(store, status.model_copy(update=today if lasts else before))
    return outcomes


@dataclass(frozen=True, slots=True)
class _Hushed:
    """Progress that says how a layer ended only where that was a failure."""

    inner: Progress

    def step(self, layer: str, stage: str, done: int, total: int | None = None) -> None:
        self.inner.step(layer, stage, done, total)

    def finish(self, layer: str, words: str, ok: bool | None) -> None:
        if not ok:
            self.inner.finish(layer, words, ok)


@contextmanager
def prepared(
    city: City, store: Store, settings: Settings, asked: Asked, progress: Progress, *, past: bool = False
) -> Iterator[Asked]:
    """Do what a city's runs need once: its document, the grids, the demo's files (and its past)."""
    write_city(store, city)
    if city.generator is None:
        bring_grids(settings)
        yield asked
        return
    if city.generator != "demo":
        raise RecipeError(f"city.toml of {city.id}: generator {city.generator!r} is not known; write 'demo'")
    from ingest.demo import write

    at = asked.observed_at or now()
    with tempfile.TemporaryDirectory(prefix="twin-demo-") as name:
        folder = Path(name)
        days = write(folder, buildings=settings.demo_buildings, now=at, progress=progress, past=past)
        yield replace(asked, demo=folder, past=days)


def run_layers(
    city: City,
    layers: Sequence[Layer],
    store: Store,
    settings: Settings,
    asked: Asked,
    *,
    progress: Progress,
) -> list[Outcome]:
    """Pull and publish some layers of a city that is `prepared`."""
    heavy = _is_heavy(layers, store, settings)
    with pool(settings.workers, soon=heavy, dask=settings.dask) as executor:
        job = Job(
            city,
            store,
            settings,
            now(),
            sources=asked.sources,
            observed_at=asked.observed_at,
            demo=asked.demo,
            executor=executor,
            progress=progress,
        )
        return (replay if asked.series else run)(job, layers)


def _is_heavy(layers: Sequence[Layer], store: Store, settings: Settings) -> bool:
    """Whether other processes will be needed for sure.

    Where an earlier run left its work most of it is taken up, and often no process has anything to do.
    """
    folder = folder_of(settings, store)
    return any(
        layer.schema_.has_solids and (folder is None or not (folder / layer.id).is_dir()) for layer in layers
    )
