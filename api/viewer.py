"""The built viewer: which file starts it, and its files for ``/viewer/``."""

import mimetypes
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from twin.compress import SUFFIXES

_HASHED = re.compile(r"-[A-Za-z0-9_-]{8,}\.\w+$")
_MEDIA = {
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".wasm": "application/wasm",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".glb": "model/gltf-binary",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """What a page must load, relative to ``/viewer/``."""

    script: str
    styles: tuple[str, ...]


def entry(folder: Path) -> Entry | None:
    """The entry that the build's manifest names; None if the viewer is not built."""
    try:
        manifest = orjson.loads((folder / "manifest.json").read_bytes())
    except (OSError, ValueError):
        return None
    found = next((part for part in manifest.values() if part.get("isEntry")), None)
    return None if found is None else Entry(found["file"], tuple(found.get("css", ())))


def module(folder: Path) -> bytes | None:
    """What pages of other sites load, at an address that stays: it leads to the entry, if there is one."""
    found = entry(folder)
    return None if found is None else b'import "./%s";\n' % found.script.encode()


def read(folder: Path, name: str) -> tuple[bytes, str] | None:
    """(bytes, media type) of a file in the folder; None if there is none, or if the name leads out of it."""
    root = folder.resolve()
    try:
        path = (root / name).resolve()
        if not path.is_relative_to(root) or not path.is_file():
            return None
        data = path.read_bytes()
    except (OSError, ValueError):  # a name with NUL, or too long
        return None
    guessed = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return data, _MEDIA.get(path.suffix, guessed)


def packed(folder: Path, name: str, codings: Sequence[str]) -> tuple[bytes, str] | None:
    """(bytes, coding) of the first sibling that the build left in one of these codings; None without one.

    Only beside names with a checksum: any other file may have been replaced since it was packed.
    """
    if not is_hashed(name):
        return None
    beside = ((read(folder, f"{name}.{SUFFIXES[coding]}"), coding) for coding in codings)
    return next(((found[0], coding) for found, coding in beside if found is not None), None)


def is_hashed(name: str) -> bool:
    """Whether the name carries a checksum, so that the file never changes."""
    return _HASHED.search(name) is not None
