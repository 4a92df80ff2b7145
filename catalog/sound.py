"""Sound: which objects of a layer had the right bytes when they were last read whole.

As in git's index, what changes neither its size nor its times counts as unchanged. A disk can forget without
changing these: a sixteenth of all objects is read again each day nonetheless.
"""

import os
import zlib
from datetime import datetime
from pathlib import Path

import orjson

_DAYS = 16


class Sound:
    """What earlier runs found, and what this one does.

    Args:
        path: File in which it is kept; it may be removed at any time.
        now: Instant of this run.
    """

    def __init__(self, path: Path, now: datetime) -> None:
        self._path = path
        self._day = now.toordinal()
        self._before = _read(path)
        self._now: dict[str, str] = {}

    def has(self, name: str, stamp: str) -> bool:
        """Whether an object need not be read; `stamp` is what the store says of it now."""
        return self._before.get(name) == stamp and (zlib.crc32(name.encode()) + self._day) % _DAYS != 0

    def note(self, name: str, stamp: str) -> None:
        """An object is as it should be; `stamp` is what the store said of it before it was read."""
        self._now[name] = stamp

    def settle(self) -> None:
        """Keep what was noted, and nothing else."""
        if self._now and self._now != self._before:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            partial = self._path.with_suffix(f".{os.getpid()}.part")
            partial.write_bytes(orjson.dumps(self._now))
            partial.replace(self._path)
        elif self._path.is_file():
            self._path.touch()  # used: not to be swept away


def _read(path: Path) -> dict[str, str]:
    try:
        told = orjson.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) and all(isinstance(each, str) for each in told.values()) else {}
