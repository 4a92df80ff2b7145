"""Process: one child that runs layers, watched from outside: its time, its memory, its end."""

import json
import logging
import os
import pickle
import queue
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from ingest.born import Forked, Started
from ingest.child import Work
from ingest.nursery import Nursery
from twin.errors import Crashed, RunError, TookTooLong
from twin.settings import Settings

COMMAND = (sys.executable, "-P", "-m", "ingest.child")
"""``-P``: a file in the working folder that is called as one of our packages is not taken for it."""
_MEMORY_EVERY_S = 0.5
GRACE_S = 4.0
"""So long a child may tidy up when it is told to stop."""
SPARE_S = 5.0
"""The client gives up by itself when the time is over, in better words than ours; this much later we do."""

log = logging.getLogger("twin")


class Process:
    """A child at work.

    Args:
        work: what it does.
        limit_s: seconds that it may take.
        memory: bytes that it and its own children may take together.
        nursery: forks it; None starts an interpreter of its own.
        command: what is started then, with the name of a file that holds `work` behind it.
        clock: seconds, growing.

    Raises:
        OSError: the system gives no further process.
    """

    def __init__(
        self,
        work: Work,
        limit_s: float,
        memory: int,
        *,
        nursery: Nursery | None = None,
        command: tuple[str, ...] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.heard: queue.SimpleQueue[tuple[str, object]] = queue.SimpleQueue()
        """What it told: kind and value, see `ingest.child`; ``end`` when it will tell no more."""
        self.was_stopped = False
        """It was told to stop, by whomever; known after `close`."""
        self._clock = clock
        self._limit_s = limit_s
        self._memory = memory
        self._since = clock()
        self._looked = -1e9
        # Everything that the child leaves lying about lies in here, however it ends.
        self._folder = Path(tempfile.mkdtemp(prefix="twin-run-"))
        job = self._folder / "job"
        job.write_bytes(pickle.dumps(work))
        try:
            self._child = _begun(nursery, (*(command or COMMAND), str(job)), job)
        except OSError:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    @property
    def pid(self) -> int:
        """Its process id, which is also that of its session."""
        return self._child.pid

    @property
    def is_running(self) -> bool:
        """Whether it has not ended yet. Asking keeps its id taken: it is what we kill by."""
        return not self._child.has_ended

    def overstep(self) -> TookTooLong | None:
        """The limit that it has overstepped, in words; it is for the caller to `end` it."""
        now = self._clock()
        if now - self._since > self._limit_s:
            return TookTooLong(
                f"the run took longer than {_minutes(self._limit_s)} and was ended; the last revision stays. "
                f"Look at the source; if it needs that long, raise source.longest or TWIN_LAYER_MINUTES"
            )
        if now - self._looked < _MEMORY_EVERY_S:
            return None
        self._looked = now
        if resident(self.pid) > self._memory and proportional(self.pid) > self._memory:
            return TookTooLong(
                f"the run took more than {self._memory / 1e6:,.0f} MB of memory and was ended; the last "
                f"revision stays. Look at the source; if it needs that much, raise TWIN_LAYER_MEMORY_MB"
            )
        return None

    def end(self, grace_s: float = 0.0) -> None:
        """End it with everything it started; with some grace it may tidy up first."""
        if grace_s and self.is_running:
            os.kill(self.pid, signal.SIGTERM)
            until = time.monotonic() + grace_s
            while self.is_running and time.monotonic() < until:
                time.sleep(0.02)
        self._kill()

    def close(self) -> RunError | None:
        """After its end: remove what it left; the way it died in words, None if it ended by itself.

        To be told to stop is no death: who stops us may tell all our processes at once.
        """
        self._kill()
        code = self._child.buried()
        self._listener.join(5)
        self._child.lifeline.close()
        self._child.words.close()
        shutil.rmtree(self._folder, ignore_errors=True)
        self.was_stopped = code in (-signal.SIGTERM, 128 + signal.SIGTERM)
        return None if code == 0 or self.was_stopped else Crashed(_death(code))

    def _kill(self) -> None:
        if self._child.is_buried:
            return
        if hasattr(os, "killpg"):
            try:
                os.killpg(self.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):  # all gone; macOS says the latter of zombies
                return
        elif self.is_running:
            os.kill(self.pid, signal.SIGTERM)  # which is no more than the end of it on Windows

    def _listen(self) -> None:
        for line in self._child.words:
            try:
                ((kind, value),) = json.loads(line).items()
            except (ValueError, AttributeError):  # cut off by its end
                continue
            self.heard.put((kind, value))
        self.heard.put(("end", None))


def _begun(nursery: Nursery | None, command: tuple[str, ...], job: Path) -> Forked | Started:
    if nursery is not None:
        try:
            return Forked(nursery, job)
        except ConnectionError as error:  # somebody killed it: it only takes longer without
            log.warning("%s", error)
    return Started(command)


def resident(session: int) -> int:
    """Bytes of memory in use by all processes of a session; 0 where the system does not say (not Linux).

    What several of them share counts once for each here: this is quick, and never too little.
    """
    return sum(int(fields[21]) * os.sysconf("SC_PAGE_SIZE") for _, fields in _members(session))


def proportional(session: int) -> int:
    """The same, but what is shared counts once in all; slower."""
    total = 0
    for path, fields in _members(session):
        try:
            told = dict(
                line.split()[:2] for line in (path / "smaps_rollup").read_text("utf-8").splitlines()[1:]
            )
            total += int(told["Pss:"]) * 1024
        except (OSError, ValueError, KeyError):  # it ended meanwhile, or the kernel is old
            total += int(fields[21]) * os.sysconf("SC_PAGE_SIZE")
    return total


def _members(session: int) -> Iterator[tuple[Path, list[str]]]:
    """Folder and state of each process of a session."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text("utf-8", "replace").rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        if int(fields[3]) == session:
            yield path.parent, fields


def memory_for(settings: Settings) -> int:
    """Bytes of memory that one run of one layer may take."""
    return settings.layer_memory_mb * 1_000_000 or whole_memory() * 3 // 4


def whole_memory() -> int:
    """Bytes of memory of this machine, or of the container we are in."""
    whole = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    try:
        return min(whole, int(Path("/sys/fs/cgroup/memory.max").read_text("ascii")))
    except (OSError, ValueError):  # no container, or one without a limit
        return whole


def _death(code: int) -> str:
    stays = "the last revision stays, the other layers go on"
    if code == -signal.SIGKILL:
        return (
            f"the process that read it was killed from outside, most likely because memory ran out; {stays}"
        )
    if code < 0:
        name = signal.Signals(-code).name if -code in list(signal.Signals) else f"signal {-code}"
        why = f"crashed ({name}), most likely over bytes of the source"
        return f"the process that read it {why}; {stays}. Please report it"
    return f"the process that read it ended with code {code}; {stays}. Please report it"


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:g} min" if seconds >= 60 else f"{seconds:g} s"
