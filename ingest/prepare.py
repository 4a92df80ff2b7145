"""Prepare: a part of a source becomes a batch of features. Runs in workers; needs nothing from outside.

Here happens for a piece of a city model what `ingest.take` does for a stream of records: read,
normalise, gate. What only the whole can tell (an id that occurs twice, a field nobody has) is left to
`ingest.gather`.
"""

import os
import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest import gate
from ingest.connectors import checksum_of, read_part
from ingest.connectors.overlays import AREA, LINE
from ingest.connectors.trees import TREE
from ingest.heap import keep_heap, resting
from ingest.measures import measures_wanted, with_measures
from ingest.normalise import fitting
from ingest.pictures import with_pictures
from ingest.planted import planted
from ingest.prepared import Known, Prepared
from ingest.standing import on_ground
from twin.batch import concatenated, pack_columns
from twin.city import City
from twin.laid import lay
from twin.layer import Layer
from twin.record import Record
from twin.report import Report
from twin.shelf import PICTURES
from twin.whence import UNKNOWN

if TYPE_CHECKING:
    import pyarrow as pa

BUILDING = "Building"
"""The class of records that are buildings."""
_LEVELLED = ("citygml", "cityjson")
"""Connectors whose sources have levels of detail; of footprints we make one."""
_TOGETHER = 1024  # records that are placed at a time: enough to make PROJ calls cheap


@dataclass(frozen=True, slots=True)
class Task:
    """What a worker gets."""

    part: Any
    """As the connector's ``parts`` made it."""
    connector: str
    """Its name."""
    layers: tuple[Layer, ...]
    """One; or five: of buildings, of other city objects, of trees without faces, of lines, of areas."""
    city: City
    observed_at: datetime
    names: bool = False
    """Whether the report names what is left out."""
    ground: str | None = None
    """The terrain that `ingest.standing.keep_ground` wrote down, for what has no height of its own."""
    scratch: str = ""
    """Folder in which the features are laid down, and the pictures on them."""
    known: Known | None = None
    """Where the answer (for a single layer) is kept for the next run."""
    origin: int = UNKNOWN
    """Number of the piece of the source in which it lies, see `ingest.whence`."""
    checksum: str = ""
    """Of the part, where somebody found it out and that there is no answer yet."""


def known(task: Task) -> "list[Prepared] | Task":
    """What an earlier run made of a task, or the task if there is nothing."""
    if task.known is None:
        return task
    before = task.known.found()
    if before is not None:
        return [before]
    checksum = checksum_of(task.connector, task.part)
    before = task.known.found_by(checksum)
    if before is not None:
        return [before]
    return replace(task, checksum=checksum, known=task.known.alone())


def prepare(task: Task) -> list[Prepared]:
    """Read, normalise, gate and lay down one part; one answer for each of the task's layers.

    Raises:
        TwinError: the part cannot be read, or the source as a whole is not what the recipe says.
    """
    keep_heap()
    if task.known is not None and not task.checksum:
        found = known(task)
        if isinstance(found, list):
            return found
        task = found
    with resting():
        return _prepared(task)


def _prepared(task: Task) -> list[Prepared]:
    answers = [_Making(layer, task.names) for layer in task.layers]
    records = read_part(task.connector, task.part)
    file = getattr(task.part, "file", None)  # only where textures are wanted
    if file is not None and task.scratch:
        records = with_pictures(records, file, Path(task.scratch, PICTURES), names=task.names)
    while some := list(islice(records, _TOGETHER)):
        for making, own in zip(answers, _routed(some, task), strict=True):
            if own:
                making.take(own, task)
    return [making.finished(task) for making in answers]


def _routed(records: list[Record], task: Task) -> list[list[Record]]:
    """The records of each layer."""
    if len(task.layers) == 1:
        return [records]
    buildings: list[Record] = []
    others: list[Record] = []
    trees: list[Record] = []
    lines: list[Record] = []
    areas: list[Record] = []
    way = {BUILDING: buildings, TREE: trees, LINE: lines, AREA: areas}
    for record in records:
        way.get(str(record.values.get("class")), others).append(record)
    return [buildings, others, planted(trees, task.city, task.ground), lines, areas]


class _Making:
    """The answer for one layer, while it is made."""

    def __init__(self, layer: Layer, names: bool) -> None:
        self._layer = layer
        self._done = Prepared(report=Report(names=names))
        self._batches: list[pa.RecordBatch] = []
        self._leaning = False

    def take(self, records: list[Record], task: Task) -> None:
        done, layer = self._done, self._layer
        self._leaning |= any(record.leaning for record in records)
        admitted = list(gate.admit(records, layer, done.report))
        found = fitting(admitted, layer, task.city, task.observed_at, done.report, done.fields)
        places, features = gate.look_over(*found, layer, done.report)
        if task.connector in _LEVELLED:
            there = set(places)
            levels = (record.values.get("lod") for record in admitted if record.place in there)
            for lod, times in Counter(level for level in levels if level is not None).items():
                done.report.levels[str(lod)] = done.report.levels.get(str(lod), 0) + times
        if task.ground is not None and layer.schema_.has_solids:
            flat = layer.schema_.geometry == "model"
            features = on_ground(features, task.ground, drape=flat, report=done.report)
        if len(features):
            self._batches.append(pack_columns(features, layer.schema_))
            done.places += places

    def finished(self, task: Task) -> Prepared:
        done, batch = self._done, None
        if self._batches:
            batch = self._batches[0] if len(self._batches) == 1 else concatenated(self._batches)
            if measures_wanted(self._layer):
                batch = with_measures(batch, self._layer)
            handle, name = tempfile.mkstemp(".arrow", "part-", task.scratch)
            os.close(handle)
            done.laid = lay(batch, Path(name))
        # The part's checksum tells nothing of what lies elsewhere.
        if task.known is not None and not self._leaning:
            task.known.keep(done, batch, task.checksum)
        return done
