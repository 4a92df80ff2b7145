"""Gather: the parts of a city model, prepared side by side, become one shelf of features."""

from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import numpy as np

from ingest.normalise import TWICE, Identities, all_there
from ingest.prepare import Task, prepare
from ingest.prepared import Prepared
from tiles.work import run
from twin.layer import Layer
from twin.progress import Progress
from twin.record import Report, Verdict
from twin.shelf import Shelf


def gather(
    tasks: Iterable[Task],
    layers: Sequence[Layer],
    reports: Sequence[Report],
    folder: Path,
    executor: Executor | None,
    progress: Progress,
) -> list[Shelf]:
    """Prepare all tasks, on the executor if there is one, and lay their features on shelves in `folder`.

    The same tasks give the same shelves on however many workers.

    Args:
        tasks: All for `layers`.
        layers: What is made; a shelf for each comes back.
        reports: One for each layer; everything is counted there.
        folder: Is the caller's to remove.
        executor: Where the tasks run; None means here.
        progress: Told how many records there were.

    Raises:
        TwinError: from a task, or a field of a recipe that no record has.
    """
    making = [_Making(layer, report, folder) for layer, report in zip(layers, reports, strict=True)]
    for answers in run(prepare, tasks, executor):
        for one, done in zip(making, answers, strict=True):
            one.take(done)
        progress.step(layers[0].id, "fetch", sum(report.taken for report in reports))
    shelves = [one.shelf() for one in making]
    total = sum(report.taken for report in reports)
    progress.step(layers[0].id, "fetch", total, total)
    return shelves


class _Making:
    """The shelf of one layer, while it fills."""

    def __init__(self, layer: Layer, report: Report, folder: Path) -> None:
        self._layer, self._report = layer, report
        self._shelf = Shelf(folder, layer.schema_)
        self._ids = Identities()
        self._fields: set[str] = set()

    def take(self, done: Prepared) -> None:
        self._report.add(done.report)
        self._fields |= done.fields
        batch = _told_apart(done, self._ids, self._report)
        if batch is not None:
            self._shelf.add(batch)

    def shelf(self) -> Shelf:
        self._report.fields = tuple(sorted(self._fields))
        all_there(self._layer, self._fields)
        self._shelf.close()
        return self._shelf


def _told_apart(done: Prepared, ids: Identities, report: Report) -> Any:
    """The batch with ids that occur once, without what was there before."""
    import pyarrow as pa

    batch = done.batch
    if batch is None:
        return None
    sources, checksums = batch.column("source_id").to_pylist(), batch.column("checksum").to_pylist()
    own = [ids.of(source, checksum) for source, checksum in zip(sources, checksums, strict=True)]
    for place, source, identity in zip(done.places, sources, own, strict=True):
        report.count(Verdict.PUBLISHED if identity else Verdict.DUPLICATE, place, TWICE, source)
    if own == sources:
        return batch
    kept = np.flatnonzero([identity is not None for identity in own])
    names = pa.array([own[place] for place in kept.tolist()], pa.string())
    batch = batch.take(pa.array(kept))
    return batch.set_column(batch.schema.get_field_index("id"), "id", names) if len(kept) else None
