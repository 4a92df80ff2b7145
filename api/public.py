"""Public: what everybody may have, laid out as files by address, for a web server that hands them out itself.

The store cannot be handed out as it lies: there are layers that are not (or no longer) cleared, and what an
unfinished run has left. So the web server's folder has only what the service itself would answer, under the
same addresses, one tree for each coding: ``plain``, ``br`` and ``gzip``. For what is not there it asks. Files
are links into the store: they cost no space. Each was compared with its checksum before.
"""

import errno
import hashlib
import logging
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event

from api import files, responses
from api.linkable import linkable
from api.service import Service
from catalog import keys, stac_documents
from twin.compress import SUFFIXES
from twin.errors import Damaged, NotFound, StoreError, TwinError
from twin.revision import Revision
from twin.store import FileStore

log = logging.getLogger("twin")

PLAIN = "plain"
_SMALLEST = 600
_EVERY_S = 1.0
_SHARE = 20
"""A look that took a second is followed by a pause of so many."""
_LAYERS = ("tiles", "store/layers", "store/stac")
"""Folders with one folder a layer."""

Stamp = tuple[int, int, int]
"""Inode, size, time of the last change."""


class Public:
    """Keeps the folder as the store is. Used by one thread of one process."""

    def __init__(self, service: Service, folder: Path) -> None:
        """Lay out the files of `service` in `folder`.

        Raises:
            TwinError: The store does not lie in a folder.
        """
        self._service = service
        self._store = linkable(service.store)
        self._trees = {form: FileStore(folder / form) for form in (PLAIN, *SUFFIXES)}
        self._marks: dict[str, tuple[tuple[int, str], ...]] = {}
        self._known: dict[str, dict[str, Stamp]] = {}
        """Layer → object → how it was when it was compared with its checksum."""
        self._documents: dict[str, Stamp] = {}
        """Document of the static catalog → how it was when it was copied."""

    def keep(self, stop: Event) -> None:
        """Look again and again until `stop` is set."""
        said, due = "", 0.0
        while not stop.is_set():
            begun = time.monotonic()
            try:
                self.bring(deep=begun >= due)
                said = ""
            except (TwinError, OSError) as error:  # what is there stays; the service answers for the rest
                if str(error) != said:
                    log.warning("TWIN_PUBLIC is not up to date, visitors are served without it: %s", error)
                said = str(error)
            if begun >= due:
                ended = time.monotonic()
                due = ended + (ended - begun) * _SHARE
            stop.wait(_EVERY_S)

    def withdraw(self) -> None:
        """Take out everything of layers that are not shown."""
        shown = {layer.id for _, layer in self._service.layers()}
        for tree in self._trees.values():
            for above in _LAYERS:
                top = tree.path(above)
                for folder in top.iterdir() if top.is_dir() else ():
                    if folder.is_dir() and folder.name not in shown:
                        shutil.rmtree(folder)
        for gone in self._marks.keys() - shown:
            del self._marks[gone], self._known[gone]

    def bring(self, deep: bool = True) -> None:
        """Make the folder what the store is now.

        Args:
            deep: Look at every file, whether it is still as it was when it was compared with its checksum;
                else only at what was published, replaced or withdrawn since.
        """
        self.withdraw()
        self._document(stac_documents.ROOT)
        for _, layer in self._service.layers():
            self._layer(layer.id, deep)
            for key in self._store.list(f"stac/{layer.id}"):
                self._document(key)

    def _layer(self, layer_id: str, deep: bool) -> None:
        found = self._service.listing.revisions(layer_id)
        marks = tuple((revision.number, revision.claim) for revision in found)
        if not deep and marks == self._marks.get(layer_id):
            return
        known = self._known.setdefault(layer_id, {})
        wanted = {name: revision for revision in found for name in revision.objects if files.media(name)}
        for name, revision in wanted.items():
            addresses = list(_addresses(found, revision, name))
            if known.get(name) == self._stamp(addresses[0]) is not None and marks == self._marks.get(
                layer_id
            ):
                continue
            known.pop(name, None)
            if self._place(revision, name, addresses):
                stamp = self._stamp(addresses[0])
                if stamp is not None:
                    known[name] = stamp
        if marks != self._marks.get(layer_id):
            self._prune(layer_id, {a for name in wanted for a in _addresses(found, wanted[name], name)})
            self._marks[layer_id] = marks

    def _place(self, revision: Revision, name: str, addresses: list[str]) -> bool:
        """Link an object and its packed forms; take all of them away if it is damaged."""
        source = self._store.path(keys.inside(revision.layer, name))
        if not self._link(source, revision.objects[name].sha256, PLAIN, addresses):
            self._service.damaged[keys.inside(revision.layer, name)] = f"{name} is damaged or missing"
            for form in SUFFIXES:
                self._take(form, addresses)
            return False
        for form, end in SUFFIXES.items():
            packed = f"{name}.{end}"
            if packed in revision.objects:
                path = self._store.path(keys.inside(revision.layer, packed))
                self._link(path, revision.objects[packed].sha256, form, addresses)
            elif name.endswith(".json") and revision.objects[name].size >= _SMALLEST:
                data = responses.pack(form, source.read_bytes())
                for address in addresses:
                    _write(self._trees[form].path(address), data)
        return True

    def _link(self, source: Path, sha: str, form: str, addresses: list[str]) -> bool:
        for address in addresses:
            path = self._trees[form].path(address)
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary = path.with_name(f".tmp-{path.name}")
            temporary.unlink(missing_ok=True)
            try:
                os.link(source, temporary)
                with temporary.open("rb") as file:
                    whole = hashlib.file_digest(file, "sha256").hexdigest() == sha
            except FileNotFoundError:
                whole = False
            except OSError as error:
                if error.errno == errno.EXDEV:
                    raise TwinError("TWIN_PUBLIC lies on another file system than the store") from None
                raise
            if not whole:
                temporary.unlink(missing_ok=True)
                self._take(form, addresses)
                return False
            os.replace(temporary, path)
            temporary.unlink(missing_ok=True)  # where both were the same file nothing was replaced
        return True

    def _take(self, form: str, addresses: list[str]) -> None:
        for address in addresses:
            self._trees[form].path(address).unlink(missing_ok=True)

    def _stamp(self, address: str) -> Stamp | None:
        try:
            found = self._trees[PLAIN].path(address).stat()
        except FileNotFoundError:
            return None
        return found.st_ino, found.st_size, found.st_mtime_ns

    def _prune(self, layer_id: str, wanted: set[str]) -> None:
        """Take away files that no revision names any more."""
        for tree in self._trees.values():
            for above in _LAYERS[:2]:
                for address in list(tree.list(f"{above}/{layer_id}")):
                    if address not in wanted:
                        tree.path(address).unlink(missing_ok=True)

    def _document(self, key: str) -> None:
        """Copy a document of the static catalog, if it is another one than it was."""
        path = self._trees[PLAIN].path(f"store/{key}")
        try:
            found = self._store.path(key).stat()
            stamp = found.st_ino, found.st_size, found.st_mtime_ns
            if key != stac_documents.ROOT and self._documents.get(key) == stamp and path.exists():
                return
            data = files.catalog(self._service, key)
        except (FileNotFoundError, NotFound, Damaged):
            path.unlink(missing_ok=True)
            return
        _write(path, data)
        self._documents[key] = stamp


def _addresses(found: list[Revision], revision: Revision, name: str) -> Iterator[str]:
    """Where an object is found: in the store, and if it is of tiles at the door for these."""
    yield f"store/{keys.inside(revision.layer, name)}"
    if name.startswith("content/") and name.endswith(".glb"):
        yield f"tiles/{revision.layer}/{name}"
    if name.endswith(f"/{keys.TILESET}"):
        for one in found:
            if name == f"{one.snapshot}/{keys.TILESET}":
                yield f"tiles/{one.layer}/r/{one.name}/{keys.TILESET}"


def _write(path: Path, data: bytes) -> None:
    """Write what is not there yet in these words; whoever reads sees one or the other whole."""
    try:
        if path.read_bytes() == data:
            return
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".tmp-{path.name}")
    temporary.write_bytes(data)
    os.replace(temporary, path)


def check(service: Service, folder: Path) -> Public:
    """The public files, with nothing in them (any more) that is not shown.

    Raises:
        TwinError: `folder` cannot be used.
    """
    public = Public(service, folder)
    try:
        public.withdraw()
    except StoreError:  # nobody knows what is shown: nothing is
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return public
