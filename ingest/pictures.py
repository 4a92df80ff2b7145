"""Pictures: the files that textures name are found beside their model, looked at, and kept by checksum.

A name may only lead to a picture in the folder or archive that the operator gave: never out of it, never
onto the network. What is no sound picture, or unreasonably large, is not kept; its faces stay plain.
"""

import hashlib
import io
import os
import posixpath
import re
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from ingest.archive import member_of
from ingest.files import File
from twin.errors import SourceBroken, SourceRefused, StoreError
from twin.record import Record, Solid

MOST_BYTES = 64_000_000
MOST_PIXELS = 64_000_000
MISSING = "is missing"
OUTSIDE = "is not in the folder or archive of its model"
UNSOUND = "cannot be read, or is too large"
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")
_NAMED = 20
"""Pictures of a part that notes call by their names."""
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|/")


def with_pictures(records: Iterator[Record], file: File, folder: Path, *, names: bool) -> Iterator[Record]:
    """Yield the records with checksums of their pictures in place of addresses; empty for what is plain.

    Args:
        records: their skins name pictures relative to `file`.
        file: where they were read from.
        folder: gets the pictures, each once, named by its checksum.
        names: notes tell which picture is meant.

    Raises:
        StoreError: the disk is full.
    """
    told: set[str] = set()
    for record in records:
        solid = record.geometry
        if not isinstance(solid, Solid) or solid.skin is None:
            yield record
            continue
        checksums, notes = [], []
        for image in solid.skin.images:
            checksum, fault = _kept(file, image, folder)
            checksums.append(checksum)
            if fault and image not in told:
                told.add(image)
                which = f"picture {file.name}: {image}" if names and len(told) <= _NAMED else "a picture"
                notes.append(f"{which} {fault}; its faces are plain")
        skin = replace(solid.skin, images=tuple(checksums))
        yield replace(record, geometry=replace(solid, skin=skin), notes=(*record.notes, *notes))


@lru_cache(maxsize=4096)
def _kept(file: File, image: str, folder: Path) -> tuple[str, str]:
    """Checksum of a picture that lies in `folder` now; or none, and what is wrong with it."""
    try:
        data = _read(file, image)
    except (SourceBroken, SourceRefused, OSError):
        return "", UNSOUND
    if isinstance(data, str):
        return "", data
    if not _sound(data):
        return "", UNSOUND
    checksum = hashlib.sha256(data).hexdigest()
    target = folder / checksum
    if not target.exists():
        _write(target, data)
    return checksum, ""


def _write(target: Path, data: bytes) -> None:
    """Whole or not at all: other workers may write the same picture."""
    try:
        target.parent.mkdir(exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as stream:
            stream.write(data)
        os.replace(stream.name, target)
    except OSError as error:
        raise StoreError(
            f"cannot write to {target.parent}: {error.strerror}; make room, or name another folder in TMPDIR"
        ) from None


def _read(file: File, image: str) -> bytes | str:
    """A picture's bytes, or what is wrong with its name; blanks and percent signs may be part of it."""
    fault = MISSING
    for name in dict.fromkeys((image, image.strip(), unquote(image.strip()))):
        name = name.replace("\\", "/")
        if _ADDRESS.match(name.lstrip()):
            return OUTSIDE
        found = _on_disk(file, name) if file.member is None else _in_archive(file, name)
        if isinstance(found, File):
            if (found.member.size if found.member else found.path.stat().st_size) > MOST_BYTES:
                return UNSOUND
            return found.read()
        fault = found
    return fault


def _on_disk(file: File, name: str) -> File | str:
    own = PurePosixPath(file.name).parts
    root = file.path.parent
    if file.path.parts[-len(own) :] == own:
        root = file.path.parents[len(own) - 1]  # the folder that the operator gave
    try:
        path = Path(os.path.realpath(file.path.parent / name))
        if not path.is_relative_to(os.path.realpath(root)):
            return OUTSIDE
        return File(name, path, MOST_BYTES) if path.is_file() else MISSING
    except (OSError, ValueError):  # too long, or no name at all
        return MISSING


def _in_archive(file: File, name: str) -> File | str:
    assert file.member is not None  # the caller's choice
    inside = posixpath.normpath(posixpath.join(posixpath.dirname(file.member.name), name))
    if inside.startswith("../"):
        return OUTSIDE
    member = member_of(file.path, file.name, inside)
    return MISSING if member is None else File(name, file.path, MOST_BYTES, member)


def _sound(data: bytes) -> bool:
    """Whether these are a picture of a reasonable size, to its last pixel."""
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what decoders say of odd but readable files
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    return False
                picture.load()
        except Exception:  # noqa: BLE001  decoders raise whatever comes to them, of damaged data
            return False
    return True
