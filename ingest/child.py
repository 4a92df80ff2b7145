"""Child: runs some layers in a process of its own, so that whatever their bytes do to it ends there.

Forked by `ingest.nursing`, or started by `ingest.process` as ``python -m ingest.child JOB`` where nothing
can be forked. Standard output carries a JSON document a line: ``{"step": […]}``, ``{"finish": […]}``,
``{"trouble": "…"}``. Standard input is a lifeline: when it ends, the one who started us is gone, and so are
we, before somebody else does our work again.
"""

import json
import os
import pickle
import shutil
import signal
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TextIO

from ingest.job import Asked
from twin.city import City
from twin.errors import TwinError
from twin.settings import Settings

_EYE_S = 0.05


@dataclass(frozen=True, slots=True)
class Work:
    """What a child is told."""

    city: City
    layers: tuple[str, ...]
    settings: Settings
    asked: Asked | None = None
    """What else the operator asked for; None: a run of the schedule, which also makes room."""


class Told:
    """Progress as lines on a stream."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._told: tuple[str, str] | None = None
        self._at = 0.0

    def step(self, layer: str, stage: str, done: int, total: int | None = None) -> None:
        """Tell how far a layer is, as often as somebody can see it."""
        now = time.monotonic()
        if (layer, stage) == self._told and done != total and now - self._at < _EYE_S:
            return
        self._told, self._at = (layer, stage), now
        self.say("step", [layer, stage, done, total])

    def finish(self, layer: str, words: str, ok: bool | None) -> None:
        """Tell how a layer ended."""
        self.say("finish", [layer, words, ok])

    def say(self, kind: str, value: object) -> None:
        """Write one line."""
        self._stream.write(json.dumps({kind: value}) + "\n")
        self._stream.flush()


def main() -> None:
    """Entry point."""
    run(Path(sys.argv[1]))


def run(job: Path) -> None:
    """Do the work that is written down in a file, our parent's and for us alone."""
    import logging

    logging.getLogger("stamina").setLevel(logging.ERROR)
    threading.Thread(target=_hold_on, args=(job.parent,), daemon=True).start()
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started us decides what an interrupt means
    os.environ["TMPDIR"] = tempfile.tempdir = str(job.parent)
    # Libraries may print what they like: it goes where errors go, not between our lines.
    told = Told(os.fdopen(os.dup(1), "w", encoding="utf-8"))
    os.dup2(2, 1)
    work = pickle.loads(job.read_bytes())
    from catalog.retention import keep_due
    from ingest.schedule import chosen, run_city, run_layers
    from twin.store import open_store
    from twin.times import now

    try:
        layers = chosen(work.city, work.layers)
        store = open_store(work.settings.store)
        if work.asked is not None:
            run_layers(work.city, layers, store, work.settings, work.asked, progress=told)
            return
        run_city(work.city, layers, store, work.settings, progress=told, past=True)
        for layer, kept in keep_due(store, layers, now()):
            if kept.did:
                told.finish(layer, f"older values: {kept.words}", True)
    except TwinError as error:
        told.say("trouble", str(error))


def _leave(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)


def _hold_on(folder: Path) -> None:
    while os.read(0, 4096):
        pass
    shutil.rmtree(folder, ignore_errors=True)  # nobody else is left to do so
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        os.killpg(os.getpid(), signal.SIGKILL)
    os._exit(1)


if __name__ == "__main__":
    main()
