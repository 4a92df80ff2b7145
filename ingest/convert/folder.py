"""Folder: the result of a conversion, which appears whole or not at all."""

import errno
import hashlib
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import orjson

from ingest.leftovers import OLD, beside
from twin.compress import siblings
from twin.errors import StoreError

TILESET = "tileset.json"
_TERRAIN = "layer.json"
"""What `TILESET` is for a terrain in quantized-mesh."""
_OURS = re.compile(
    r"(content|buildings|objects|\d+|(tileset|layer|buildings|objects|trees|lines|areas|terrain|points)\.json(\.gz|\.br)?)"
)
"""What a conversion writes; a folder that holds nothing else is replaced by the next one."""
_NAMED = 3
"""Other things that a message names."""


def _others(folder: Path) -> list[str]:
    """Names of what is in the way: everything, unless an earlier conversion is there."""
    names = sorted(entry.name for entry in folder.iterdir())
    earlier = any((folder / name).is_file() for name in (TILESET, _TERRAIN))
    return [name for name in names if not (earlier and _OURS.fullmatch(name))]


class Folder:
    """Collects files beside the place where they belong, and moves them there when all is well."""

    def __init__(self, target: Path) -> None:
        """Begin.

        Raises:
            StoreError: `target` holds something that is no earlier result.
        """
        self._target = target
        if target.is_file():
            raise StoreError(f"{target} is a file; name a folder that does not exist yet")
        if target.is_dir() and (others := _others(target)):
            raise StoreError(
                f"{target} holds other things ({', '.join(others[:_NAMED])}); name a folder that is empty, "
                "does not exist yet, or holds an earlier conversion and nothing else"
            )
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            self._made = Path(tempfile.mkdtemp(prefix=beside(target), dir=target.parent))
        except OSError as error:
            raise StoreError(f"{target} cannot be made: {error.strerror}; name another folder") from None
        self._known: set[str] = set()
        self.bytes = 0
        """Written so far, without the compressed siblings."""
        self.transferred = 0
        """What a client that reads brotli would receive of it."""

    def __enter__(self) -> "Folder":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        shutil.rmtree(self._made, ignore_errors=True)

    def put(self, data: bytes, suffix: str, packed: Mapping[str, bytes] | None = None) -> str:
        """Keep content under its checksum, once; returns ``content/<sha256>.<suffix>``."""
        name = f"content/{hashlib.sha256(data).hexdigest()}.{suffix}"
        if name not in self._known:
            self.write(name, data, packed)
            self._known.add(name)
        return name

    def write(self, name: str, data: bytes, packed: Mapping[str, bytes] | None = None) -> None:
        """Keep a file under a name of its own, with its compressed siblings."""
        others = siblings(data, name.rpartition(".")[2]) if packed is None else packed
        self.bytes += len(data)
        self.transferred += min([len(data), *(len(form) for form in others.values())])
        path = self._made / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            for ending, form in others.items():
                Path(f"{path}.{ending}").write_bytes(form)
        except OSError as error:
            full = error.errno in (errno.ENOSPC, errno.EDQUOT)
            raise StoreError(
                f"{self._target} cannot be written: {error.strerror}; "
                + ("make room and try again" if full else "name another folder")
            ) from None

    def write_json(self, name: str, document: dict[str, Any]) -> None:
        """Keep a document."""
        self.write(name, orjson.dumps(document))

    def finish(self) -> None:
        """Put everything into its place; an earlier result goes away."""
        try:
            self._made.chmod(0o755)
            if self._target.is_dir():
                old = Path(tempfile.mkdtemp(prefix=beside(self._target), dir=self._target.parent))
                self._target.rename(old / OLD)
                try:
                    self._made.rename(self._target)
                except BaseException:
                    (old / OLD).rename(self._target)
                    raise
                finally:
                    shutil.rmtree(old, ignore_errors=True)
            else:
                self._made.rename(self._target)
        except OSError as error:
            raise StoreError(
                f"{self._target} cannot be made: {error.strerror}; name another folder"
            ) from None
