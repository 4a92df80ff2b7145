"""Leftovers: what a conversion that was killed leaves beside the place of its result."""

import os
import shutil
from pathlib import Path

OLD = "old"
"""An earlier result, in the moment when the new one takes its place."""


def beside(target: Path) -> str:
    """How the names of this process's own folders beside `target` begin."""
    return _prefix(target, os.getpid())


def tidied(target: Path, process: int) -> None:
    """Remove what a process that is dead left there; an earlier result that it had put aside comes back."""
    for folder in target.parent.glob(f"{_escaped(_prefix(target, process))}*"):
        if (folder / OLD).is_dir() and not target.exists():
            (folder / OLD).rename(target)
        shutil.rmtree(folder, ignore_errors=True)


def _prefix(target: Path, process: int) -> str:
    return f".{target.name}-{process}-"


def _escaped(name: str) -> str:
    """A name without what a pattern would understand."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in name)
