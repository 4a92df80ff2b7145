"""Apart: runs layers once, one after the other, each in a process of its own that may die of its bytes."""

import queue
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from catalog.status import last_status, write_status
from ingest.again import limit_s
from ingest.child import Work
from ingest.ended import failed
from ingest.job import Asked, Outcome
from ingest.nursery import Nursery
from ingest.process import GRACE_S, SPARE_S, Process, memory_for
from ingest.schedule import prepared
from ingest.series import dated, with_folders
from twin.city import City
from twin.errors import RunError
from twin.layer import Layer
from twin.progress import Progress
from twin.settings import Settings
from twin.store import Store
from twin.times import now

_TICK_S = 0.1
_END_S = 0.005


@dataclass(frozen=True, slots=True)
class Apart:
    """Runs a city's layers, each in a child."""

    city: City
    store: Store
    settings: Settings
    progress: Progress
    nursery: Nursery | None = None
    """Where the children come from; None: each is an interpreter of its own."""
    command: tuple[str, ...] | None = None
    """What is started then; tests hand in their own."""

    def run(self, layers: Sequence[Layer], asked: Asked) -> list[Outcome]:
        """Pull and publish some layers; what goes wrong with one stops no other.

        An interrupt ends what is at work, and goes on to the caller.

        Raises:
            RecipeError: with `asked.series`, there is no proper folder.
        """
        runs = dict.fromkeys((layer.id for layer in layers), 1)
        if asked.series:
            layers = with_folders(layers, asked.sources)
            runs = {x.id: len(dated(Path(asked.sources[x.id]), ZoneInfo(x.source.timezone))) for x in layers}
        with prepared(self.city, self.store, self.settings, asked, self.progress) as here:
            return [self._one(layer, runs[layer.id], here) for layer in layers]

    def _one(self, layer: Layer, runs: int, asked: Asked) -> Outcome:
        own = {name: place for name, place in asked.sources.items() if name == layer.id}
        work = Work(self.city, (layer.id,), self.settings, replace(asked, sources=own))
        limit = limit_s(layer, self.settings) * runs + SPARE_S
        try:
            process = Process(
                work, limit, memory_for(self.settings), nursery=self.nursery, command=self.command
            )
        except OSError as error:
            words = f"no process could be started ({error.strerror}); run it again"
            return self._failed(layer, RunError(words))
        told, over = _Told(self.progress, layer.id), None
        try:
            while over is None and process.is_running:
                if told.is_over:  # it has said all, and is about to end
                    time.sleep(_END_S)
                else:
                    told.hear(process, _TICK_S)
                over = process.overstep()
            process.end()
        except BaseException:
            process.end(GRACE_S)
            raise
        finally:
            died = process.close()
        while not told.is_over:  # its last words
            told.hear(process, 0)
        if over is None and died is None and len(told.outcomes) >= runs:
            return Outcome(layer.id, all(told.outcomes), told.words)
        if over is None and process.was_stopped:
            died = RunError(
                "the process that read it was told to stop; the last revision stays. Run it again"
            )
        return self._failed(
            layer, over or died or RunError("its process ended without a word; please report it")
        )

    def _failed(self, layer: Layer, error: RunError) -> Outcome:
        told = type(error)(f"{layer.id}: {error}")
        before = last_status(self.store, layer.id)
        write_status(self.store, failed(layer, before, now(), told))
        self.progress.finish(layer.id, str(told), False)
        return Outcome(layer.id, False, str(told))


@dataclass(slots=True)
class _Told:
    """What a child has told of its layer."""

    progress: Progress
    layer: str
    outcomes: list[bool] = field(default_factory=list)
    words: str = ""
    is_over: bool = False

    def hear(self, process: Process, wait_s: float) -> None:
        """Pass on the next thing that it tells, if there is one within some seconds."""
        try:
            kind, value = process.heard.get(timeout=wait_s) if wait_s else process.heard.get_nowait()
        except queue.Empty:
            self.is_over |= not wait_s
            return
        if kind == "step" and isinstance(value, list):
            self.progress.step(*value)
        elif kind in ("finish", "trouble"):
            self.words, ok = (value[1], value[2]) if isinstance(value, list) else (str(value), False)
            self.outcomes.append(ok is not False)
            self.progress.finish(self.layer, self.words, ok)
        elif kind == "end":
            self.is_over = True
