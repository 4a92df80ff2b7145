"""The way of a piece of data: fetch, normalise, gate, tile, publish."""

import logging
import tempfile
import traceback
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalog import runs, sightings
from catalog.publish import Publication, is_current
from catalog.stac import withdraw, write_layer
from catalog.status import last_status, write_status
from catalog.verify import verify
from ingest.account import basis, hushed, in_few_words, in_words, internal, is_machines, provenance, run_of
from ingest.again import memory_of, same_as_before, sound_of
from ingest.clock import on_time, runs_ahead
from ingest.ended import checked, failed, succeeded, waited, withheld
from ingest.enough import enough
from ingest.fetch import Fetch
from ingest.ground import ground_of, keep_rasters
from ingest.job import Job, Outcome
from ingest.kept import Kept, basis_of, kept_of
from ingest.observe import observe
from ingest.take import opened, take
from tiles.build import build
from tiles.geodesy import Geodesy
from twin.errors import SourceWaits, TwinError
from twin.layer import Layer
from twin.provenance import HeightsStatement
from twin.record import Feature
from twin.report import Report
from twin.revision import Revision
from twin.status import Status

_MANY_FEATURES = 10_000
"""From here on other processes pay: each costs a second or two before its first tile."""
_MANY = {"terrain": 9}
"""The same for writers with few, heavy features."""

log = logging.getLogger("twin")


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
            withdraw(job.store, [layer.id])
            status, words = withheld(layer, before, job.now)
            write_status(job.store, status)
            job.progress.finish(layer.id, words, None)
            return Outcome(layer.id, True, words, skipped=True)
        outcome = publish_layer(job, layer)
    except SourceWaits as error:
        write_status(job.store, waited(layer, before, job.now))
        outcome = Outcome(layer.id, True, str(error))
    except TwinError as error:
        outcome = _failed(job, layer, before, hushed(error))
    except Exception as error:  # noqa: BLE001  a fault of ours in one layer must not stop the others
        if not is_machines(error):
            log.error("%s: %s", layer.id, "".join(traceback.format_tb(error.__traceback__)))
        outcome = _failed(job, layer, before, internal(layer, error))
    job.progress.finish(layer.id, outcome.words, outcome.ok)
    return outcome


def _failed(job: Job, layer: Layer, before: Status | None, error: TwinError) -> Outcome:
    status = failed(layer, before, job.now, error)
    write_status(job.store, status)
    return Outcome(layer.id, False, status.reason or "")


def publish_layer(job: Job, layer: Layer) -> Outcome:
    """Bring one layer from its source to the public."""
    with tempfile.TemporaryDirectory(prefix="twin-") as folder:
        return _publish(job, layer, Path(folder))


def _publish(job: Job, layer: Layer, folder: Path) -> Outcome:
    memory = memory_of(job.settings, job.store, layer)
    with opened(job, layer, memory) as fetch:
        before = last_status(job.store, layer.id)
        # Asked at another address, a source is another one.
        own = f"{basis_of(job.settings, job.city, layer)} {job.sources.get(layer.id, '')}"
        if memory is not None and job.observed_at is None:
            sound = sound_of(job.settings, job.store, layer, job.now)
            revision = same_as_before(job.store, layer, before, fetch, memory, own, job.now, sound)
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
    with ThreadPoolExecutor(
        1, thread_name_prefix="verify"
    ) as beside:  # the store is read while the source is
        sound = sound_of(job.settings, job.store, layer, job.now)
        looked = beside.submit(verify, job.store, layer.id, deep=True, past=False, sound=sound)
        features, measured = take(job, layer, report, folder, fetch, kept)
    on_time(layer, measured, job.now, report)
    enough(layer, features, measured, report)
    newest = observe(job.store, layer, measured, job.now, report)
    if report.observations:
        runs.note(job.store, layer.id, run_of(layer, fetch.origins, report, job.now))
    damages = looked.result()
    publication = Publication(job.store, layer, job.city, repair=bool(damages))
    if layer.schema_.geometry == "terrain":
        features = keep_rasters(features, publication.put, job.city.crs)
    digest = publication.digest(features, basis(layer))
    revision = None if damages else is_current(job.store, layer.id, digest, job.observed_at)
    news = revision is None
    if revision is None:
        fetch.prove()
        built = _tile(job, layer, features, publication, kept)
        times = (job.now, job.observed_at or job.now)
        origins = tuple(fetch.origins)
        story = provenance(layer, job.city, origins, report, times, built.heights, built.report)
        job.progress.step(layer.id, "publish", 0)
        own = basis_of(job.settings, job.city, layer)
        whence = fetch.bodies.whence(features)
        revision = publication.publish(
            features, story, built.tileset, built.contents, digest, basis=own, whence=whence
        )
    else:
        sightings.note(job.store, revision, job.observed_at or job.now)
    if kept is not None and news:  # a run that made nothing used nothing
        kept.sweep()
    write_layer(job.store, job.city, layer.id)  # heals a static catalog that a crash left behind
    traffic = fetch.requests, fetch.received
    fresh = news or report.observations > 0
    said = job.observed_at
    write_status(job.store, succeeded(layer, before, job.now, report, fresh, newest, traffic, said))
    return Outcome(layer.id, True, in_words(report, revision, news), report, revision.number), report


def _tile(
    job: Job, layer: Layer, features: Sequence[Feature], publication: Publication, kept: Kept | None
) -> Tiled:
    if layer.tiles is None or not len(features):  # nothing is no fault where the recipe allows it
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
