"""Work that may run elsewhere: one job after the other here, or on an executor, in the same order."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from typing import TypeVar

from twin.errors import TilingError

Job = TypeVar("Job")
Result = TypeVar("Result")

_AHEAD = 16
"""Jobs handed out at a time: enough to keep a machine's cores busy, few enough to keep memory moderate."""


def run(
    function: Callable[[Job], Result], jobs: Iterable[Job], executor: Executor | None
) -> Iterator[Result]:
    """Yield ``function(job)`` for each job, in the order of the jobs whatever finishes first.

    Jobs are made only when their turn comes near. On an executor `function` must be importable and the
    jobs picklable.

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
            if len(pending) >= _AHEAD:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()
    except BrokenExecutor:
        raise TilingError(
            "a process that did a part of the work was ended from outside; most likely memory ran out: "
            "try again with --workers 1, or with fewer workers than before"
        ) from None
    finally:
        for future in pending:
            future.cancel()
