"""Gather: the parts of a city model, prepared side by side, become one shelf of features."""

from collections.abc import Iterable
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import numpy as np

from ingest.normalise import TWICE, Identities, all_there
from ingest.prepare import Prepared, Task, prepare
from tiles.work import run
from twin.layer import Layer
from twin.progress import Progress
from twin.record import Report, Verdict
from twin.shelf import Shelf


def gather(
    tasks: Iterable[Task],
    layer: Layer,
    report: Report,
    folder: Path,
    executor: Executor | None,
    progress: Progress,
) -> Shelf:
    """Prepare all tasks, on the executor if there is one, and lay their features on a shelf in `folder`.

    The same tasks give the same shelf on however many workers.

    Raises:
        TwinError: from a task, or a field of the recipe that no record has.
    """
    shelf = Shelf(folder, layer.schema_)
    ids = Identities()
    fields: set[str] = set()
    for done in run(prepare, tasks, executor):
        report.add(done.report)
        fields |= done.fields
        batch = _told_apart(done, ids, report)
        if batch is not None:
            shelf.add(batch)
        progress.step(layer.id, "fetch", report.taken)
    all_there(layer, fields)
    shelf.close()
    progress.step(layer.id, "fetch", report.taken, report.taken)
    return shelf


def _told_apart(done: Prepared, ids: Identities, report: Report) -> Any:
    """The batch with ids that occur once, without what was there before."""
    import pyarrow as pa

    batch = done.batch
    if batch is None:
        return None
    sources, checksums = batch.column("source_id").to_pylist(), batch.column("checksum").to_pylist()
    own = [ids.of(source, checksum) for source, checksum in zip(sources, checksums, strict=True)]
    for place, identity in zip(done.places, own, strict=True):
        report.count(Verdict.PUBLISHED if identity else Verdict.DUPLICATE, place, TWICE)
    if own == sources:
        return batch
    kept = np.flatnonzero([identity is not None for identity in own])
    names = pa.array([own[place] for place in kept.tolist()], pa.string())
    batch = batch.take(pa.array(kept))
    return batch.set_column(batch.schema.get_field_index("id"), "id", names) if len(kept) else None
