"""Store: where everything lies. A URL; the same manners on disk, in memory and on S3.

One durable write path: `put` may be lost by a crash until `sync` returned, `create` syncs what came
before it, then takes a name that must not exist. Tests inject faults here and nowhere else.
"""

import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from twin.errors import AlreadyExists, NotFound, StoreError
from twin.object_store import ObjectStore
from twin.store_key import checked


class Store(Protocol):
    """What every store can do. Keys are relative POSIX paths."""

    url: str

    def get(self, key: str) -> bytes:
        """Read an object; `NotFound` if there is none."""

    def size(self, key: str) -> int | None:
        """Size in bytes, or None if there is no such object."""

    def stamp(self, key: str) -> str | None:
        """Size and times of an object as one text, another after each writing; None if nobody knows."""

    def put(self, key: str, data: bytes) -> None:
        """Write or replace an object, whole or not at all."""

    def create(self, key: str, data: bytes) -> None:
        """Make everything before durable, then claim `key`; `AlreadyExists` if it is taken."""

    def remove(self, key: str) -> None:
        """Remove an object, if it is there; never one that a revision names."""

    def sync(self) -> None:
        """Make everything put so far survive a power cut."""

    def list(self, prefix: str) -> Iterator[str]:
        """Keys below the folder `prefix`, in order."""


def open_store(url: str) -> Store:
    """Open the store at a path or a URL (``file://``, ``s3://``, ``memory://``).

    Raises:
        StoreError: there is a file where the folder would be, or no store lies at such a URL.
    """
    parts = urlsplit(url)
    if parts.scheme in ("", "file") or (os.name == "nt" and len(parts.scheme) == 1):
        root = Path(unquote(parts.path) if parts.scheme == "file" else url)
        if root.is_file():
            raise StoreError(f"{root.absolute()} is a file; a store is a folder, or s3://bucket/folder")
        return FileStore(root)
    if parts.scheme in ("s3", "memory"):
        return ObjectStore(url)
    raise StoreError(f"a store cannot lie at {parts.scheme}://; use a path, file://, s3:// or memory://")


class FileStore:
    """A store in a folder. Writes go to a temporary name first, so readers never see half an object."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()
        self.url = self.root.as_uri()
        self._pending: set[Path] = set()

    def path(self, key: str) -> Path:
        """Where the object lies on this machine."""
        return self.root / checked(key)

    def get(self, key: str) -> bytes:
        """Read an object; `NotFound` if there is none."""
        try:
            return self.path(key).read_bytes()
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            raise NotFound(f"{key} is not in the store") from None
        except OSError as error:
            raise StoreError(f"{key} cannot be read: {error.strerror}") from error

    def size(self, key: str) -> int | None:
        """Size in bytes, or None if there is no such object."""
        try:
            found = os.stat(f"{self.root}/{checked(key)}")
        except (FileNotFoundError, NotADirectoryError):
            return None
        return found.st_size if stat.S_ISREG(found.st_mode) else None

    def stamp(self, key: str) -> str | None:
        """Number, size and times of the file, as git's index has them."""
        try:
            found = os.stat(f"{self.root}/{checked(key)}")
        except (FileNotFoundError, NotADirectoryError):
            return None
        return f"{found.st_ino} {found.st_size} {found.st_mtime_ns} {found.st_ctime_ns}"

    def put(self, key: str, data: bytes) -> None:
        """Write or replace an object, whole or not at all."""
        final = self.path(key)
        temporary = self._write(final, data)
        try:
            os.replace(temporary, final)
        except OSError as error:
            temporary.unlink(missing_ok=True)
            raise StoreError(f"{key} cannot be written to the store: {error.strerror}") from error
        self._pending.add(final)

    def create(self, key: str, data: bytes) -> None:
        """Make everything before durable, then claim `key`; `AlreadyExists` if it is taken."""
        self.sync()
        final = self.path(key)
        temporary = self._write(final, data)
        try:
            _fsync(temporary)
            os.link(temporary, final)  # fails if the name is taken; rename would replace
        except FileExistsError:
            raise AlreadyExists(f"{key} exists already") from None
        except OSError as error:
            raise StoreError(
                f"{key} cannot be claimed: {error.strerror}; the store must lie on a disk with room "
                "and with hard links (not FAT or a Windows share)"
            ) from error
        finally:
            temporary.unlink(missing_ok=True)
        _fsync(final.parent)

    def remove(self, key: str) -> None:
        """Remove an object; nothing happens if there is none."""
        path = self.path(key)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(f"{key} cannot be removed from the store: {error.strerror}") from error
        self._pending.discard(path)

    def sync(self) -> None:
        """Make everything put so far survive a power cut."""
        folders = {self.root}
        for path in sorted(self._pending):
            try:
                _fsync(path)
            except FileNotFoundError:  # another process has removed it, as it does with leases that ran out
                continue
            folder = path.parent
            while folder != self.root:  # a new folder is itself an entry of the one above
                folders.add(folder)
                folder = folder.parent
        if self._pending:
            for folder in folders:
                _fsync(folder)
        self._pending.clear()

    def list(self, prefix: str) -> Iterator[str]:
        """Keys below the folder `prefix`, in order."""
        top = self.path(prefix) if prefix else self.root
        for folder, folders, files in os.walk(top):
            folders.sort()
            inside = Path(folder).relative_to(self.root)
            before = "" if inside == Path() else f"{inside.as_posix()}/"
            for name in sorted(files):
                if not name.startswith(".tmp-"):
                    yield f"{before}{name}"

    def _write(self, final: Path, data: bytes) -> Path:
        try:
            final.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=".tmp-", dir=final.parent)
        except OSError as error:
            raise StoreError(f"{final.name} cannot be written to the store: {error.strerror}") from error
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            os.chmod(name, 0o644)
        except OSError as error:
            os.unlink(name)
            raise StoreError(f"{final.name} cannot be written to the store: {error.strerror}") from error
        return Path(name)


def _fsync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
