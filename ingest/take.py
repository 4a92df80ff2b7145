"""Take: from a layer's address to features and measurements that have passed the gate."""

import logging
from collections.abc import Sequence
from pathlib import Path

from ingest import gate
from ingest.account import counted
from ingest.addresses import within
from ingest.again import hosts_of, limit_s
from ingest.connectors import connector, parts
from ingest.fetch import Fetch
from ingest.files import origin
from ingest.gather import gather
from ingest.job import Job
from ingest.kept import Kept, folder_of
from ingest.measured import Measurements
from ingest.normalise import normalise, stated_stations
from ingest.prepare import Task
from ingest.remembered import Memory
from ingest.stamped import Stamped
from twin.errors import SourceRefused
from twin.layer import Layer
from twin.record import Feature
from twin.report import Report, Verdict

log = logging.getLogger("twin")


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
        tell=lambda words: _tell(job, layer, words),
    )


def _tell(job: Job, layer: Layer, words: str) -> None:
    job.progress.step(layer.id, words, 0)
    log.warning("%s: %s", layer.id, words)


def take(
    job: Job, layer: Layer, report: Report, folder: Path, fetch: Fetch, kept: Kept | None = None
) -> tuple[Sequence[Feature], Measurements]:
    """Fetch, normalise, gate: everything up to here can still be thrown away without a trace.

    Layers with solids are many and heavy: they are read in parts side by side, and lie in `folder`.
    """
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
                origin=fetch.bodies.part(part),
            )
            for part in parts(source, fetch)
        )
        noted = kept.note if kept else None
        (shelf,) = gather(
            tasks, [layer], [report], folder, job.executor, job.progress, noted=noted, news=fetch.prove
        )
        if kept:
            kept.settle()
        return shelf, Measurements(folder)
    features: list[Feature] = []
    measured = Measurements(folder)
    records = fetch.bodies.follow(connector(source.connector)(source, fetch))
    admitted = gate.admit(counted(records, job.progress, layer.id), layer, report)
    things = normalise(admitted, layer, job.city, at, report, fetch.bodies.of)
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
