"""Pool: processes for the heavy part of the work, ready while the first file is still being opened."""

import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_all_start_methods, get_context
from os import cpu_count
from pathlib import Path
from typing import Any

from twin.arrow import without_pandas

_WARM = ("ingest.warm",)
_SMALL = 100_000_000
"""Bytes of input below which one process is done before others are ready (some 5,000 buildings)."""
_FEW = 12
"""Jobs that are done before a process would have started: a part, a patch and the tiles above them."""
_TEXT = (".gml", ".xml", ".json", ".jsonl", ".geojson", ".osm", ".xyz")
_TRACKER = "ignore:resource_tracker:UserWarning"
"""Option ``-W`` of Python's."""
_PACKED = 8
"""So many times as large is what comes out of files that are no plain text."""


def workers_for(paths: Iterable[Path]) -> int:
    """Processes for some inputs: 1 for small ones, else 0, which means one a core."""
    size = 0
    for path in paths:
        for file in path.rglob("*") if path.is_dir() else (path,):
            if file.is_file():
                size += file.stat().st_size * (1 if file.suffix.lower() in _TEXT else _PACKED)
            if size > _SMALL:
                return 0
    return 1


@contextmanager
def pool(workers: int, *, soon: bool = True, dask: str = "") -> Iterator[Executor | None]:
    """A pool of processes; None where one worker is enough.

    Args:
        workers: Number of processes; 0 means one a core.
        soon: Get them ready at once. Otherwise the first job has to wait for them, and where there is none
            nothing was done in vain.
        dask: Address of a scheduler whose workers are the processes, however many; empty for our own ones.

    Raises:
        RunError: Dask is not installed, or no scheduler answers there.
    """
    if dask:
        from ingest.pool_dask import cluster

        without_pandas()
        with cluster(dask) as executor:
            yield executor
        return
    workers = workers or cpu_count() or 1
    if workers == 1:
        without_pandas()
        yield None
        return
    # Never a fork of this process: the store and the progress bar have threads of their own. A fork server
    # has none; it imports what the workers need once, beside us, and then makes them in no time.
    _without_leaks()
    if "forkserver" in get_all_start_methods():
        from multiprocessing import forkserver

        forkserver.set_forkserver_preload(list(_WARM))
        if soon:
            forkserver.ensure_running()
        method = "forkserver"
    else:
        method = "spawn"
    without_pandas()
    with ProcessPoolExecutor(workers, mp_context=get_context(method)) as executor:
        if soon:
            yield executor
            return
        with _FewHere(executor) as reluctant:
            yield reluctant


def _without_leaks() -> None:
    """Python's tracker tidies up after a process that was killed, and need not say so to anybody.

    It is a process of its own that gets our options when it starts; its warnings name places of this machine.
    """
    if _TRACKER not in sys.warnoptions:
        sys.warnoptions.append(_TRACKER)


class _FewHere(Executor):
    """Does the first jobs in a thread of this process; starts others only when there are more of them."""

    def __init__(self, executor: Executor) -> None:
        self._others = executor
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="few")
        self._jobs = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        self._jobs += 1
        executor = self._thread if self._jobs <= _FEW else self._others
        return executor.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._thread.shutdown(wait, cancel_futures=cancel_futures)
