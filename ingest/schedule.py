"""Schedule: runs some layers of a city once, with all they need around them."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from catalog.cities import write_city
from ingest.grid import bring_grid
from ingest.job import Asked, Job, Outcome
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
) -> list[Outcome]:
    """Pull and publish some layers of a city, once, in this process."""
    progress = progress or Silent()
    with prepared(city, store, settings, asked or Asked(), progress) as asked:
        return run_layers(city, layers, store, settings, asked, progress=progress)


@contextmanager
def prepared(
    city: City, store: Store, settings: Settings, asked: Asked, progress: Progress
) -> Iterator[Asked]:
    """Do what a city's runs need once: its document, the geoid grid, the demo's source files."""
    write_city(store, city)
    if city.generator is None:
        bring_grid(settings)
    with _demo(city, settings, now(), progress) as demo:
        yield replace(asked, demo=demo)


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


@contextmanager
def _demo(city: City, settings: Settings, at: datetime, progress: Progress) -> Iterator[Path | None]:
    """Write the demo's source files into a folder of their own, if the city is made of them."""
    if city.generator is None:
        yield None
        return
    if city.generator != "demo":
        raise RecipeError(f"city.toml of {city.id}: generator {city.generator!r} is not known; write 'demo'")
    from ingest.demo import write

    with tempfile.TemporaryDirectory(prefix="twin-demo-") as name:
        write(Path(name), buildings=settings.demo_buildings, now=at, progress=progress)
        yield Path(name)
