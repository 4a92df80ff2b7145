"""Job: what a run needs beside the layer, and how it ended."""

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from ingest.waiting import Waiting
from twin.city import City
from twin.progress import Progress, Silent
from twin.report import Report
from twin.settings import Settings
from twin.store import Store


@dataclass(frozen=True, slots=True)
class Earlier:
    """A day in a made-up city's past on which some publishers said something."""

    at: datetime
    folder: Path | None
    """The demo generator's files as they were then; those of today where nothing has changed since."""
    layers: frozenset[str]
    """Short names of the layers of which they tell."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an operator asks of a run beside its layers."""

    sources: Mapping[str, str] = field(default_factory=dict)
    """Layer id → address that the operator typed instead of the recipe's."""
    observed_at: datetime | None = None
    """When the source said so."""
    series: bool = False
    """The addresses are folders with a file for each time."""
    demo: Path | None = None
    """Folder with the demo generator's files."""
    past: tuple[Earlier, ...] = ()
    """Its past, in order of time; empty where nobody wants one."""


@dataclass(frozen=True, slots=True)
class Job:
    """What a run needs beside the layer."""

    city: City
    store: Store
    settings: Settings
    now: datetime
    sources: Mapping[str, str] = field(default_factory=dict)
    """Layer id → address that the operator typed instead of the recipe's."""
    observed_at: datetime | None = None
    demo: Path | None = None
    """Folder with the demo generator's files."""
    executor: Executor | None = None
    waiting: Waiting | None = None
    """Patience with sources; None is the polite default."""
    progress: Progress = field(default_factory=Silent)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the run of one layer ended."""

    layer: str
    ok: bool
    words: str
    report: Report | None = None
    revision: int | None = None
    skipped: bool = False
    """Nothing was done: the layer is not cleared for publication."""
