"""Pool: processes for the heavy part of the work, ready while the first file is still being opened."""

from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_all_start_methods, get_context
from os import cpu_count

_WARM = ("ingest.warm",)


@contextmanager
def pool(workers: int) -> Iterator[Executor | None]:
    """A pool of processes; None where one worker is enough.

    Args:
        workers: Number of processes; 0 means one a core.
    """
    workers = workers or cpu_count() or 1
    if workers == 1:
        yield None
        return
    # Never a fork of this process: the store and the progress bar have threads of their own. A fork server
    # has none; it imports what the workers need once, beside us, and then makes them in no time.
    if "forkserver" in get_all_start_methods():
        from multiprocessing import forkserver

        forkserver.set_forkserver_preload(list(_WARM))
        forkserver.ensure_running()
        method = "forkserver"
    else:
        method = "spawn"
    with ProcessPoolExecutor(workers, mp_context=get_context(method)) as executor:
        yield executor
