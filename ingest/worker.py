"""Worker: the schedule. Runs what is due, each layer in a process of its own, until told to stop."""

import logging
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from catalog.leases import Lease, take
from catalog.status import last_status, write_status
from ingest.again import limit_s
from ingest.child import Work
from ingest.due import beside, due, is_due
from ingest.ended import failed
from ingest.nursery import CAN_FORK, Nursery
from ingest.process import GRACE_S, SPARE_S, Process, memory_for
from twin import times
from twin.city import City
from twin.errors import RunError, StoreError, TwinError
from twin.layer import Layer
from twin.progress import Progress
from twin.settings import Settings
from twin.store import Store

log = logging.getLogger("twin")

_TICK_S = 0.2
_LOOK_EVERY_S = 20.0
_BEAT_EVERY_S = 20.0
_PAUSE = timedelta(seconds=30)
"""So long a layer rests in any case, even if its status could not be written."""


@dataclass(slots=True)
class _Run:
    city: City
    layers: list[Layer]
    leases: list[Lease]
    process: Process
    beaten: float
    unfinished: set[str]


class Worker:
    """Keeps cities up to date.

    Args:
        cities: those.
        store: where all lies; other workers may use it, too.
        settings: limits, and what is handed to the children.
        progress: told how it goes.
        clock: the time of day.
        command: what is started as a child; tests hand in their own.
    """

    def __init__(
        self,
        cities: Sequence[City],
        store: Store,
        settings: Settings,
        progress: Progress,
        *,
        clock: Callable[[], datetime] = times.now,
        command: tuple[str, ...] | None = None,
    ) -> None:
        self.running: list[_Run] = []
        self._cities = cities
        self._store = store
        self._settings = settings
        self._progress = progress
        self._clock = clock
        self._command = command
        self._memory = memory_for(settings)
        self._nursery: Nursery | None = None
        self._not_before: dict[str, datetime] = {}
        self._looked = -1e9

    def until(self, stop: threading.Event) -> None:
        """Work until `stop` is set; then end the children and return within seconds."""
        try:
            while not stop.is_set():
                try:
                    self.turn()
                except TwinError as error:  # a full disk, an S3 that is away: look again later
                    self._progress.finish("work", str(error), False)
                    stop.wait(_LOOK_EVERY_S)
                except Exception as error:  # noqa: BLE001  a fault of ours must not leave the city to itself
                    log.error("%s", "".join(traceback.format_tb(error.__traceback__)))
                    words = f"an error of ours ({type(error).__name__}); please report it"
                    self._progress.finish("work", words, False)
                    stop.wait(_LOOK_EVERY_S)
                stop.wait(_TICK_S if self.running else _TICK_S * 5)
        finally:
            self.close()

    def turn(self) -> None:
        """One turn: hear the children, end those that overstepped, start what is due."""
        for run in list(self.running):
            self._watch(run)
        if len(self.running) < self._settings.at_once and time.monotonic() - self._looked > _LOOK_EVERY_S:
            self._look()

    def close(self) -> None:
        """End all children; what they had not published is due again at the next start."""
        threads = [threading.Thread(target=run.process.end, args=(GRACE_S,)) for run in self.running]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for run in self.running:
            self._hear(run)
            run.process.close()
            self._give_back(run)
        self.running.clear()
        self._rest()

    def _rest(self) -> None:
        """Give back the memory of the nursery until something is due again."""
        if self._nursery is not None:
            self._nursery.close()
            self._nursery = None

    def _look(self) -> None:
        """Start what is due, as far as there is room."""
        at = self._clock()
        for city in self._cities:
            waiting = [
                layer
                for layer in due(city, self._store, at, self._settings)
                if self._not_before.get(layer.id, at) <= at
            ]
            if city.generator is not None:  # made up at once, and therefore run at once
                self._start(city, waiting)
                continue
            while len(self.running) < self._settings.at_once:
                at_work = [(run.city, layer) for run in self.running for layer in run.layers]
                found = next(beside([(city, layer) for layer in waiting], at_work), None)
                if found is None:
                    break
                waiting.remove(found[1])
                self._start(city, [found[1]])
        if len(self.running) < self._settings.at_once:  # else look again as soon as there is room
            self._looked = time.monotonic()
        if not self.running:
            self._rest()

    def _start(self, city: City, layers: Sequence[Layer]) -> None:
        busy = {layer.id for run in self.running for layer in run.layers}
        taken: list[tuple[Layer, Lease]] = []
        for layer in layers:
            lease = None if layer.id in busy else take(self._store, layer.id, self._clock)
            if lease is None:
                continue
            if is_due(layer, self._store, self._clock(), self._settings):
                taken.append((layer, lease))
            else:  # somebody else has just done it
                lease.give_back()
        if not taken:
            return
        mine = [layer for layer, _ in taken]
        limit = sum(limit_s(layer, self._settings) for layer in mine) + SPARE_S
        work = Work(city, tuple(layer.id for layer in mine), self._settings)
        leases = [lease for _, lease in taken]
        try:
            if self._nursery is None and self._command is None and CAN_FORK:
                self._nursery = Nursery()
            process = Process(work, limit, self._memory, nursery=self._nursery, command=self._command)
        except OSError as error:
            for lease in leases:
                lease.give_back()
            raise RunError(f"no process could be started ({error.strerror}); tried again soon") from None
        ids = {layer.id for layer in mine}
        self.running.append(_Run(city, mine, leases, process, time.monotonic(), ids))

    def _watch(self, run: _Run) -> None:
        self._hear(run)
        if not run.process.is_running:
            self._end(run, None)
            return
        overstep = run.process.overstep()
        if overstep is not None:
            run.process.end()
            self._end(run, overstep)
            return
        if time.monotonic() - run.beaten > _BEAT_EVERY_S:
            run.beaten = time.monotonic()
            if not all([self._beats(lease) for lease in run.leases]):
                run.process.end()  # somebody else has taken over, and does it again
                self._end(run, None, lost=True)

    def _beats(self, lease: Lease) -> bool:
        try:
            return lease.beat()
        except StoreError:  # it may come back before the lease has run out
            return True

    def _hear(self, run: _Run) -> None:
        while not run.process.heard.empty():
            kind, value = run.process.heard.get()
            if kind == "step" and isinstance(value, list):
                self._progress.step(*value)
            elif kind == "finish" and isinstance(value, list):
                run.unfinished.discard(value[0])
                self._progress.finish(*value)
            elif kind == "trouble":
                run.unfinished.clear()
                self._progress.finish(run.city.id, str(value), False)

    def _end(self, run: _Run, error: RunError | None, *, lost: bool = False) -> None:
        """The child is gone: account for what it did not account for itself."""
        died = run.process.close()
        self._hear(run)  # its last words
        self.running.remove(run)
        self._looked = -1e9
        self._not_before |= {layer.id: self._clock() + _PAUSE for layer in run.layers}
        try:
            for layer in run.layers:
                if layer.id in run.unfinished and not lost and (error or not run.process.was_stopped):
                    self._fail(layer, error or died)
        finally:
            self._give_back(run)

    def _fail(self, layer: Layer, error: RunError | None) -> None:
        error = error or RunError("the process that read it ended without a word; please report it")
        told = type(error)(f"{layer.id}: {error}")
        before = last_status(self._store, layer.id)
        write_status(self._store, failed(layer, before, self._clock(), told))
        self._progress.finish(layer.id, str(told), False)

    def _give_back(self, run: _Run) -> None:
        for lease in run.leases:
            try:
                lease.give_back()
            except StoreError as error:  # it runs out by itself
                self._progress.finish(lease.layer, str(error), False)


def work(
    cities: Sequence[City], store: Store, settings: Settings, stop: threading.Event, progress: Progress
) -> None:
    """Run what is due, look again, until `stop` is set."""
    Worker(cities, store, settings, progress).until(stop)
