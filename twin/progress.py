"""Progress: long work says how far it is. Tests pass the silent one, the command line draws."""

from typing import Protocol


class Progress(Protocol):
    """Told about every step of a run."""

    def step(self, layer: str, stage: str, done: int, total: int | None = None) -> None:
        """Say that `stage` of `layer` has `done` of `total` units (None while the total is unknown)."""

    def finish(self, layer: str, words: str, ok: bool | None) -> None:
        """Say how the layer ended; `ok` is None where nobody has cleared it, so that nothing was done."""


class Silent:
    """Says nothing."""

    def step(self, layer: str, stage: str, done: int, total: int | None = None) -> None:
        """Ignore it."""

    def finish(self, layer: str, words: str, ok: bool | None) -> None:
        """Ignore it."""
