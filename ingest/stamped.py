"""Stamped: the checksum of a file that has not been written since it was worked out, without reading it."""

import hashlib
import os
from pathlib import Path

import orjson

from ingest.files import File, origin
from twin.provenance import Origin
from twin.times import now


class Stamped:
    """What was found out about files, by place, size and times: as in git's index, what changes none of
    these is not noticed.

    Args:
        folder: Where it is kept; `ingest.kept.Kept.sweep` removes what no run uses.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def origin(self, file: File, url: str) -> Origin:
        """The origin of a plain file; see `ingest.files.origin`."""
        stamp = _stamp(file.path)
        path = self._folder / f"{hashlib.sha256(stamp.encode()).hexdigest()}.origin"
        try:
            told = orjson.loads(path.read_bytes())
            path.touch()
            return Origin(url=url, fetched_at=now(), **told)
        except (OSError, ValueError, KeyError, TypeError):
            found = origin(file, url)
        if _stamp(file.path) == stamp:  # it was not written while it was read
            self._folder.mkdir(parents=True, exist_ok=True)
            partial = path.with_suffix(f".{os.getpid()}.part")
            partial.write_bytes(orjson.dumps({**found.checksum, "size": found.size}))
            partial.replace(path)
        return found


def _stamp(path: Path) -> str:
    stat = path.stat()
    return f"{path} {stat.st_dev} {stat.st_ino} {stat.st_size} {stat.st_mtime_ns} {stat.st_ctime_ns}"
