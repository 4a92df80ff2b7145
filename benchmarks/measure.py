"""What all measurements share: the demo's files, a process of its own for peak memory."""

import multiprocessing
import resource
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@contextmanager
def demo_files(buildings: int = 2500) -> Iterator[Path]:
    """The demo generator's files in a folder."""
    from ingest.demo import write

    with tempfile.TemporaryDirectory(prefix="twin-bench-") as name:
        write(Path(name), buildings=buildings, now=NOW)
        yield Path(name)


def _child(work: Callable[..., Any], args: tuple[Any, ...], pipe: Any) -> None:
    result = work(*args)
    workers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    pipe.send((result, max(_peak_kib(), workers) / 1024))


def _peak_kib() -> int:
    """This program's own peak: the system's ``ru_maxrss`` includes what its parent had as it began."""
    status = Path("/proc/self/status")
    if status.is_file():
        return int(status.read_text().partition("VmHWM:")[2].split(maxsplit=1)[0])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def apart(work: Callable[..., Any], *args: Any) -> tuple[Any, float]:
    """(result, peak MiB of the largest process) of `work` in a process of its own."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_child, args=(work, args, there))
    process.start()
    while not here.poll(1):
        if not process.is_alive():
            sys.exit("the measured process ended without a result")
    result = here.recv()
    process.join()
    return result  # type: ignore[no-any-return]


def table(title: str, head: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    """Print a Markdown table, ready for benchmarks/README.md."""
    print(f"\n### {title}\n\n| {' | '.join(head)} |\n|{'---|' * len(head)}")
    for row in rows:
        print(f"| {' | '.join(str(cell) for cell in row)} |")
    sys.stdout.flush()
