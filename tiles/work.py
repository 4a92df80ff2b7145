"""Work that may run elsewhere: one job after the other here, or on an executor, in the same order."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from typing import Any, TypeVar

from twin.errors import TilingError

Job = TypeVar("Job")
Result = TypeVar("Result")

_AHEAD = 16
"""Jobs handed out at a time: enough to keep a machine's cores busy, few enough to keep memory moderate."""


_ENDED = (
    "a process that did a part of the work was ended from outside; most likely memory ran out: "
    "try again with --workers 1, or with fewer workers than before"
)


_DASK = "distributed"
"""Where the errors of Dask's own are defined; it need not be installed."""
_LOST = (
    "workers of the Dask cluster were lost ({}); most likely memory ran out there: look at their logs, and "
    "try again with fewer workers a machine"
)


class Here(Executor):
    """An executor that does the work at once, in this process."""

    def submit(self, fn: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Future[Result]:
        """Do it; what it raises is raised here."""
        future: Future[Result] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def finished(future: Future[Result]) -> Result:
    """Wait for a result.

    Raises:
        TilingError: a process of the executor was killed.
    """
    try:
        return future.result()
    except BrokenExecutor:
        raise TilingError(_ENDED) from None
    except Exception as error:
        if type(error).__module__.partition(".")[0] != _DASK:
            raise
        raise TilingError(_LOST.format(type(error).__name__)) from None


def run(
    function: Callable[[Job], Result], jobs: Iterable[Job], executor: Executor | None, ahead: int = _AHEAD
) -> Iterator[Result]:
    """Yield ``function(job)`` for each job, in the order of the jobs whatever finishes first.

    Jobs are made only when their turn comes near: so many `ahead` of it. On an executor `function` must be
    importable and the jobs picklable.

    Raises:
        TilingError: a process of the executor was killed.
    """
    if executor is None:
        yield from map(function, jobs)
        return
    pending: deque[Future[Result]] = deque()
    try:
        for job in jobs:
            pending.append(executor.submit(function, job))
            if len(pending) >= ahead:
                yield finished(pending.popleft())
        while pending:
            yield finished(pending.popleft())
    except BrokenExecutor:  # from handing out the next one
        raise TilingError(_ENDED) from None
    finally:
        for future in pending:
            future.cancel()
