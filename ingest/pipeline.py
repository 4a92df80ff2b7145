"""The way of a piece of data: fetch, normalise, gate, tile, publish."""

import logging
import tempfile
import traceback
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from catalog import sightings
from catalog.publish import Publication, is_current
from catalog.stac import write_layer
from catalog.status import last_status, write_status
from catalog.verify import verify
from ingest import gate
from ingest.account import (
    basis,
    checked,
    counted,
    failed,
    hushed,
    in_few_words,
    in_words,
    internal,
    provenance,
    succeeded,
    withheld,
)
from ingest.again import hosts_of, limit_s, memory_of, same_as_before
from ingest.clock import on_time, runs_ahead
from ingest.connectors import connector, parts
from ingest.fetch import Fetch
from ingest.files import origin
from ingest.gather import gather
from ingest.ground import ground_of, keep_rasters
from ingest.kept import Kept, basis_of, folder_of, kept_of
from ingest.measured import Measurements
from ingest.normalise import normalise, stated_stations
from ingest.observe import observe
from ingest.place import SWAPPED
from ingest.prepare import Task
from ingest.remembered import Memory
from ingest.stamped import Stamped
from ingest.waiting import Waiting
from tiles.build import build
from tiles.geodesy import Geodesy
from twin.city import City
from twin.errors import SourceChanged, SourceRefused, SourceShrunk, TwinError
from twin.layer import Layer
from twin.progress import Progress, Silent
from twin.provenance import HeightsStatement
from twin.record import Feature, Report, Verdict
from twin.revision import Revision
from twin.settings import Settings
from twin.status import Status
from twin.store import Store

_MANY_FEATURES = 10_000
"""From here on other processes pay: each costs a second or two before its first tile."""
_MANY = {"terrain": 9}
"""The same for writers with few, heavy features."""

log = logging.getLogger("twin")


@dataclass(frozen=True, slots=True)
class Job:
    """What a run needs beside the layer."""

    city: City
    store: Store
    settings: Settings
    now: datetime
    sources: Mapping[str, str] = field(default_factory=dict)
    """Layer id → address that the operator typed instead of the recipe's."""
    observed_at: datetime | None = None
    demo: Path | None = None
    """Folder with the demo generator's files."""
    executor: Executor | None = None
    waiting: Waiting | None = None
    """Patience with sources; None is the polite default."""
    progress: Progress = field(default_factory=Silent)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the run of one layer ended."""

    layer: str
    ok: bool
    words: str
    report: Report | None = None
    revision: int | None = None
    skipped: bool = False
    """Nothing was done: the layer is not cleared for publication."""


@dataclass(frozen=True, slots=True)
class Tiled:
    """What tiling left behind; all empty for a layer without tiles."""

    tileset: dict[str, Any] | None
    contents: tuple[str, ...]
    heights: HeightsStatement | None
    report: dict[str, Any] | None


def run(job: Job, layers: Iterable[Layer]) -> list[Outcome]:
    """Run layers one after the other; one that fails keeps its revision and the others go on."""
    return [_guarded(job, layer) for layer in layers]


def _guarded(job: Job, layer: Layer) -> Outcome:
    before = last_status(job.store, layer.id)
    try:
        if not job.settings.shows(layer):
            status, words = withheld(layer, before, job.now)
            write_status(job.store, status)
            job.progress.finish(layer.id, words, True)
            return Outcome(layer.id, True, words, skipped=True)
        outcome = publish_layer(job, layer)
    except TwinError as error:
        outcome = _failed(job, layer, before, hushed(error))
    except Exception as error:  # noqa: BLE001  a fault of ours in one layer must not stop the others
        log.error("%s: %s", layer.id, "".join(traceback.format_tb(error.__traceback__)))
        outcome = _failed(job, layer, before, internal(layer, error))
    job.progress.finish(layer.id, outcome.words, outcome.ok)
    return outcome


def _failed(job: Job, layer: Layer, before: Status | None, error: TwinError) -> Outcome:
    write_status(job.store, failed(layer, before, job.now, error))
    return Outcome(layer.id, False, str(error))


def publish_layer(job: Job, layer: Layer) -> Outcome:
    """Bring one layer from its source to the public."""
    with tempfile.TemporaryDirectory(prefix="twin-") as folder:
        return _publish(job, layer, Path(folder))


def _publish(job: Job, layer: Layer, folder: Path) -> Outcome:
    memory = memory_of(job.settings, job.store, layer)
    with opened(job, layer, memory) as fetch:
        before = last_status(job.store, layer.id)
        own = basis_of(job.settings, job.city, layer)
        if memory is not None and job.observed_at is None:
            revision = same_as_before(job.store, layer, before, fetch, memory, own, job.now)
            if revision is not None and before is not None:
                return _checked(job, layer, before, revision, fetch)
        outcome, report = _renewed(job, layer, before, folder, fetch)
        if memory is not None and outcome.revision is not None and job.observed_at is None:
            memory.settle(own, outcome.revision, job.now, lasting=not runs_ahead(report))
        return outcome


def _checked(job: Job, layer: Layer, before: Status, revision: Revision, fetch: Fetch) -> Outcome:
    """The source says what it said: nothing is read, but that it was asked is a fact."""
    sightings.note(job.store, revision, job.now)
    write_layer(job.store, job.city, layer.id)
    traffic = fetch.requests, fetch.received
    write_status(job.store, checked(layer, before, job.now, traffic))
    return Outcome(layer.id, True, in_few_words(revision, traffic), None, revision.number)


def _renewed(
    job: Job, layer: Layer, before: Status | None, folder: Path, fetch: Fetch
) -> tuple[Outcome, Report]:
    report = Report()
    kept = kept_of(job.settings, job.store, job.city, layer) if layer.schema_.has_solids else None
    features, measured = take(job, layer, report, folder, kept, fetch)
    fetch.prove()
    on_time(layer, measured, job.now, report)
    _enough(layer, features, measured, report)
    newest = observe(job.store, layer, measured, job.now, report)
    damages = verify(job.store, layer.id, deep=True, past=False)
    publication = Publication(job.store, layer, job.city, repair=bool(damages))
    if layer.schema_.geometry == "terrain":
        features = keep_rasters(features, publication.put, job.city.crs)
    digest = publication.digest(features, basis(layer))
    revision = None if damages else is_current(job.store, layer.id, digest, job.observed_at)
    news = revision is None
    if revision is None:
        built = _tile(job, layer, features, publication, kept)
        times = (job.now, job.observed_at or job.now)
        origins = tuple(fetch.origins)
        story = provenance(layer, job.city, origins, report, times, built.heights, built.report)
        job.progress.step(layer.id, "publish", 0)
        revision = publication.publish(features, story, built.tileset, built.contents, digest)
    else:
        sightings.note(job.store, revision, job.observed_at or job.now)
    if kept is not None and news:  # a run that made nothing used nothing
        kept.sweep()
    write_layer(job.store, job.city, layer.id)  # heals a static catalog that a crash left behind
    traffic = fetch.requests, fetch.received
    fresh = news or report.observations > 0
    write_status(job.store, succeeded(layer, before, job.now, report, fresh, newest, traffic))
    return Outcome(layer.id, True, in_words(report, revision, news), report, revision.number), report


def opened(job: Job, layer: Layer, memory: Memory | None = None) -> Fetch:
    """A client that asks what the layer's recipe names, or the operator typed, and nothing else."""
    url, trusted = address(job, layer)
    source = layer.source.model_copy(update={"url": url})
    kept = folder_of(job.settings, job.store) if layer.schema_.has_solids else None
    return Fetch(
        job.settings,
        trusted=trusted,
        waiting=job.waiting,
        memory=memory,
        hashed=Stamped(kept / layer.id).origin if kept else origin,
        hosts=hosts_of(source),
        limit_s=limit_s(layer, job.settings),
    )


def take(
    job: Job,
    layer: Layer,
    report: Report,
    folder: Path,
    kept: Kept | None = None,
    fetch: Fetch | None = None,
) -> tuple[Sequence[Feature], Measurements]:
    """Fetch, normalise, gate: everything up to here can still be thrown away without a trace.

    Layers with solids are many and heavy: they are read in parts side by side, and lie in `folder`.
    """
    if fetch is None:
        with opened(job, layer) as fetch:
            return take(job, layer, report, folder, kept, fetch)
    at = job.observed_at or job.now
    source = layer.source.model_copy(update={"url": address(job, layer)[0]})
    if layer.schema_.has_solids:
        name = source.connector
        tasks = (
            Task(
                part,
                name,
                (layer,),
                job.city,
                at,
                scratch=str(folder),
                known=kept.part(name, part) if kept else None,
            )
            for part in parts(source, fetch)
        )
        (shelf,) = gather(tasks, [layer], [report], folder, job.executor, job.progress)
        return shelf, Measurements(folder)
    features: list[Feature] = []
    measured = Measurements(folder)
    records = counted(connector(source.connector)(source, fetch), job.progress, layer.id)
    things = normalise(gate.admit(records, layer, report), layer, job.city, at, report)
    for thing in gate.inspect(things, layer, report):
        if isinstance(thing, Feature):
            features.append(thing)
            report.count(Verdict.PUBLISHED)
        else:
            measured.add(thing)
    features += stated_stations(layer, {feature.id for feature in features}, at)
    return features, measured


def address(job: Job, layer: Layer) -> tuple[str, bool]:
    """Where a layer is pulled from, and whether the operator vouches for it (files, private hosts)."""
    if layer.id in job.sources:
        return job.sources[layer.id], True
    url = layer.source.url
    if job.demo is not None and url.startswith("demo:"):
        return str(job.demo / url.removeprefix("demo:")), True
    if job.city.folder is not None and url.startswith("file:"):
        path = (job.city.folder / url.removeprefix("file:")).resolve()
        if not path.is_relative_to(job.city.folder):
            raise SourceRefused(f"{layer.id}: {url} leaves the city's folder; put the file beside city.toml")
        return str(path), True
    return within(url, job.city), False


def within(url: str, city: City) -> str:
    """The address with the city's borders (degrees) for ``{west}``, ``{south}``, ``{east}`` and ``{north}``.

    A source of the whole country is asked for the city alone.
    """
    for name, value in zip(("west", "south", "east", "north"), city.area, strict=True):
        url = url.replace(f"{{{name}}}", str(value))
    return url


def _enough(layer: Layer, features: Sequence[Feature], measured: Measurements, report: Report) -> None:
    """A source of which nothing can be used has changed, whatever the recipe states by itself."""
    swapped = report.reasons.get("broken", {}).get(SWAPPED, 0)
    if 2 * swapped > report.taken:
        raise SourceChanged(
            f"{layer.id}: latitude and longitude are swapped in {swapped:,} of {report.taken:,} records; the "
            f"last revision stays. Look at the source; if it means to say so, write options.axes = 'yx'."
        )
    if report.broken and not measured and not report.published:
        reason = max(report.reasons["broken"].items(), key=lambda item: item[1])[0]
        raise SourceChanged(
            f"{layer.id}: none of {report.taken:,} records can be used ({reason}); the last revision stays. "
            f"Compare the source with the recipe."
        )
    if len(features) < layer.min_features:
        raise SourceShrunk(
            f"{layer.id}: the source gave {len(features)} usable features, the recipe expects at least "
            f"{layer.min_features}; the last revision stays. Look at the source, or lower min_features."
        )


def _tile(
    job: Job, layer: Layer, features: Sequence[Feature], publication: Publication, kept: Kept | None
) -> Tiled:
    if layer.tiles is None:
        return Tiled(None, (), None, None)
    worth_it = len(features) >= _MANY.get(layer.tiles.writer, _MANY_FEATURES)
    geodesy = Geodesy(job.city.crs, job.city.heights, job.settings.grids)
    built = build(
        layer,
        job.city,
        features,
        geodesy=geodesy,
        ground=ground_of(job.store, job.city, layer),
        put=publication.put,
        executor=job.executor if worth_it else None,
        progress=job.progress,
        reuse=kept.reuse(publication.known) if kept else None,
    )
    return Tiled(built.tileset, built.contents, geodesy.statement, built.report)
