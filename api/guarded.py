"""Guarded: a command whose process may die over the bytes it reads, watched by one that then says so.

A file that is cut short while it lies mapped in memory ends a process by a signal, and so does memory that
runs out: no exception, nothing tidied up. So the command is forked before it has read or imported anything;
the watcher waits, and tells and tidies up if need be. If the watcher itself is killed, the command ends.
"""

import atexit
import os
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from ingest.leftovers import tidied

_PROGRAMS = ("twin", "cli")
"""Names of what is started as a program; a test that calls the command goes on in its own process."""
_NAMED = 3
"""Files that a message names."""
_STOPS = (signal.SIGTERM, signal.SIGINT)


def guarded(inputs: Sequence[Path], out: Path) -> int | None:
    """Fork a command that makes the folder `out` of `inputs`.

    Returns:
        None in the process that has to do the work; in the watcher, after the end of that, its exit code.
    """
    program = Path(getattr(sys.modules["__main__"], "__file__", None) or "").stem
    if not hasattr(os, "fork") or program not in _PROGRAMS or threading.active_count() > 1:
        return None
    scratch = Path(tempfile.mkdtemp(prefix="twin-"))
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(writing)
        os.setpgid(0, 0)  # with all it starts: what is left of them after its death can be ended
        os.environ["TMPDIR"] = tempfile.tempdir = str(scratch)
        atexit.register(shutil.rmtree, scratch, ignore_errors=True)  # the watcher may be gone by then
        signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))  # not without tidying up
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the watcher decides what an interruption means
        threading.Thread(target=_follow, args=(reading,), daemon=True).start()
        return None
    os.close(reading)
    told: list[int] = []

    def stop(number: int, _: object) -> None:
        told.append(number)
        os.kill(child, signal.SIGTERM)

    for number in _STOPS:
        signal.signal(number, stop)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    for number in _STOPS:
        signal.signal(number, signal.SIG_IGN)
    os.close(writing)
    shutil.rmtree(scratch, ignore_errors=True)
    if code < 0:
        with suppress(ProcessLookupError, PermissionError):  # nobody is left
            os.killpg(child, signal.SIGKILL)
        tidied(out, child)
    if told:
        return 128 + told[0]
    if code < 0:
        print(f"twin: {_death(-code, inputs)}", file=sys.stderr)
    return code if code >= 0 else 1


def _follow(lifeline: int) -> None:
    """End as if asked to when the watcher is gone, however it went."""
    while os.read(lifeline, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _death(number: int, inputs: Sequence[Path]) -> str:
    names = ", ".join(path.name for path in inputs[:_NAMED])
    if len(inputs) > _NAMED:
        names += f" and {len(inputs) - _NAMED} more"
    if number == signal.SIGKILL:
        return (
            f"{names}: the process was killed from outside, most likely because memory ran out; nothing was "
            "written. Try again with --workers 1, or with fewer files at a time"
        )
    name = signal.Signals(number).name if number in list(signal.Signals) else f"signal {number}"
    return (
        f"{names}: the process that read it crashed ({name}), most likely over its bytes: was a file cut "
        "short or replaced meanwhile? Nothing was written. If it happens again while nobody writes there, "
        "please report it"
    )
