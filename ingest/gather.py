"""Gather: the parts of a city model, prepared side by side, become one shelf of features."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from ingest.news import News
from ingest.normalise import ONE_KEY, TWICE, Identities, all_there
from ingest.prepare import Task, known, prepare
from ingest.prepared import Prepared
from tiles.work import Here, run
from twin.batch import CHECKSUM
from twin.laid import Laid, read
from twin.layer import Layer
from twin.progress import Progress
from twin.report import Report, Verdict
from twin.shelf import Shelf

if TYPE_CHECKING:
    import pyarrow as pa


def gather(
    tasks: Iterable[Task],
    layers: Sequence[Layer],
    reports: Sequence[Report],
    folder: Path,
    executor: Executor | None,
    progress: Progress,
    *,
    noted: Callable[[str, str], None] | None = None,
    news: Callable[[], None] = lambda: None,
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
        noted: Told by what name a part at a place is kept for the next run.
        news: Called once, as soon as a part is met that no earlier run knows.

    Raises:
        TwinError: from a task, or a field of a recipe that no record has.
    """
    making = [_Making(layer, report, folder) for layer, report in zip(layers, reports, strict=True)]
    origins: deque[int] = deque()
    for answers in _answers(_noted(tasks, origins), executor, news):
        origin = origins.popleft()
        for one, done in zip(making, answers, strict=True):
            one.take(done, origin)
            if noted is not None and done.kept is not None:
                noted(*done.kept)
        progress.step(layers[0].id, "fetch", sum(report.taken for report in reports))
    shelves = [one.shelf() for one in making]
    total = sum(report.taken for report in reports)
    progress.step(layers[0].id, "fetch", total, total)
    return shelves


_KNOWN = ("source_id", CHECKSUM)
_LOOKING = 2
"""Threads that look whether a part is known: they read and hash, which Python lets go on side by side."""
_LOOKED_AHEAD = 256
"""Parts that they may be ahead of one that is read anew: it takes as long as they need for a hundred."""


def _noted(tasks: Iterable[Task], origins: "deque[int]") -> Iterator[Task]:
    """Pass tasks on; where each comes from waits for its answer."""
    for task in tasks:
        origins.append(task.origin)
        yield task


def _answers(
    tasks: Iterable[Task], executor: Executor | None, news: Callable[[], None]
) -> Iterator[list[Prepared]]:
    """The answers to all tasks, in order; what an earlier run knows is work for nobody."""
    yield from run(cast(Any, prepare), _looked(tasks), _Rest(executor or Here(), news))


def _looked(tasks: Iterable[Task]) -> Iterator[list[Prepared] | Task]:
    """Answers of earlier runs, or the tasks."""
    with ThreadPoolExecutor(_LOOKING, thread_name_prefix="known") as beside:
        for knowable, some in groupby(tasks, lambda task: task.known is not None):
            yield from run(known, some, beside if knowable else None, _LOOKED_AHEAD)


class _Rest(Executor):
    """Hands on what is left to do; what is known already is done."""

    def __init__(self, executor: Executor, news: Callable[[], None]) -> None:
        self._executor, self._news = executor, news
        self._is_news = False

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        if isinstance(args[0], Task):
            if not self._is_news:
                self._is_news = True
                self._news()
            return self._executor.submit(fn, *args, **kwargs)
        done: Future[Any] = Future()
        done.set_result(args[0])
        return done


class _Making:
    """The shelf of one layer, while it fills."""

    def __init__(self, layer: Layer, report: Report, folder: Path) -> None:
        self._layer, self._report = layer, report
        self._shelf = Shelf(folder, layer.schema_)
        self._news = News()
        self._ids: Identities | None = None
        """From the first id on that occurs twice; until then it is enough to know that none does."""
        self._fields: set[str] = set()

    def take(self, done: Prepared, origin: int) -> None:
        self._report.add(done.report)
        self._fields |= done.fields
        if done.laid is not None:
            self._lay(done, done.laid, origin)

    def _lay(self, done: Prepared, laid: Laid, origin: int) -> None:
        sources = laid.index.column("source_id").to_pylist()
        ids = self._told(sources, laid)
        if ids is None:
            self._report.published += len(sources)
            self._shelf.take(laid, origin)
            return
        checksums = laid.index.column(CHECKSUM).to_pylist()
        own = [ids.of(source, checksum) for source, checksum in zip(sources, checksums, strict=True)]
        for place, source, identity in zip(done.places, sources, own, strict=True):
            self._report.count(Verdict.PUBLISHED if identity else Verdict.DUPLICATE, place, TWICE, source)
            if identity not in (None, source):
                self._report.note(ONE_KEY, identity=source)
        batch = _renamed(read(laid.path), own)
        if batch.num_rows:
            self._shelf.add(batch, origin)

    def _told(self, sources: list[str], laid: Laid) -> Identities | None:
        """Who says what ids these things have; None if all have their own, for the first time."""
        if self._ids is None:
            if self._news.all_new(sources):
                return None
            self._ids = Identities()
            for columns in zip(*(self._shelf.column(name) for name in _KNOWN), strict=True):
                self._ids.all_new(*(column.to_pylist() for column in columns))
        return None if self._ids.all_new(sources, laid.index.column(CHECKSUM).to_pylist()) else self._ids

    def shelf(self) -> Shelf:
        self._report.fields = tuple(sorted(self._fields))
        all_there(self._layer, self._fields)
        self._shelf.close()
        return self._shelf


def _renamed(batch: "pa.RecordBatch", own: Sequence[str | None]) -> "pa.RecordBatch":
    """The rows that have an id of their own, under that."""
    import pyarrow as pa

    kept = np.flatnonzero([identity is not None for identity in own])
    names = pa.array([own[place] for place in kept.tolist()], pa.string())
    batch = batch.take(pa.array(kept))
    return batch.set_column(batch.schema.get_field_index("id"), "id", names)
