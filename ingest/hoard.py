"""Hoard: sources' answers as they came, by checksum, for all layers together; under a cap, and swept."""

import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

ANSWERS = "answers.json"
"""What a layer remembers, in a folder of its own beside the hoard's."""
_BODIES = "bodies"
_A_DAY_S = 86_400


class Hoard:
    """Bodies of answers of sources that carry nothing personal.

    Args:
        folder: with one folder of bodies, and one for each layer.
        most: most bytes that all bodies may take together.
    """

    def __init__(self, folder: Path, most: int) -> None:
        self._folder = folder / _BODIES
        self._most = most

    def body(self, digest: str, size: int) -> Path | None:
        """The body with this checksum, if it is there and whole."""
        path = self._folder / digest
        if not path.is_file() or path.stat().st_size != size:
            return None
        found = sha256()
        with path.open("rb") as stream:
            while piece := stream.read(1 << 20):
                found.update(piece)
        return path if found.hexdigest() == digest else None

    def keep(self, digest: str, size: int, body: Path | bytes) -> None:
        """Keep a body, unless it is larger than all may be together."""
        path = self._folder / digest
        if size > self._most:
            return
        if path.is_file() and path.stat().st_size == size:
            os.utime(path)
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".tmp-", dir=self._folder)
        with os.fdopen(handle, "wb") as sink:
            if isinstance(body, Path):
                with body.open("rb") as stream:
                    shutil.copyfileobj(stream, sink, 1 << 20)
            else:
                sink.write(body)
        os.replace(name, path)

    def sweep(self) -> None:
        """Remove what no layer remembers (once it is a day old: its run may still go on), then the oldest."""
        wanted = {
            one["sha256"] for document in remembered(self._folder.parent) for one in document["answers"]
        }
        kept = []
        for path in self._folder.glob("*"):
            try:
                stat = path.stat()
            except FileNotFoundError:  # another run swept it
                continue
            if path.name in wanted or stat.st_mtime > time.time() - _A_DAY_S:
                kept.append((stat.st_mtime, stat.st_size, path))
            else:
                path.unlink(missing_ok=True)
        size = sum(bytes_ for _, bytes_, _ in kept)
        for _, bytes_, path in sorted(kept):
            if size <= self._most:
                break
            path.unlink(missing_ok=True)
            size -= bytes_


def remembered(folder: Path) -> Iterator[dict[str, list[dict[str, str]]]]:
    """What all layers remember, the latest first; what cannot be read is passed over."""
    found = []
    for path in folder.glob(f"*/{ANSWERS}"):
        try:
            document = json.loads(path.read_text("utf-8"))
            if all({"url", "sha256"} <= set(one) for one in document["answers"]):
                found.append((float(document["at"]), document))
        except (OSError, ValueError, TypeError, KeyError):  # damaged: as if it remembered nothing
            continue
    yield from (document for _, document in sorted(found, key=lambda pair: pair[0], reverse=True))
