"""The fields extension: which parts of an item are sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

DEFAULT = ("id", "type", "stac_version", "collection", "geometry", "bbox", "links", "assets")
"""What an item needs to be one; ``properties.datetime`` belongs to it, too."""
_NAMED = ("id", "type", "stac_version", "collection")
"""Sent whenever only some parts are asked for."""
_TOP = (*DEFAULT, "stac_extensions", "properties")
_Path = tuple[str, ...]


@dataclass(frozen=True)
class Selection:
    """Parts named by their paths, such as ``properties.datetime`` or ``assets.features.href``.

    Neither given: what an item needs to be one. Only `include`: these, and what names the item. Only
    `exclude`: all but these. Both: what is included and not excluded, where what is said more closely counts.
    """

    include: tuple[_Path, ...]
    exclude: tuple[_Path, ...]

    def of(self, document: dict[str, Any]) -> dict[str, Any]:
        """The parts of an item that are asked for; a part it does not have is no error."""
        taken = dict(document)
        if self.include or not self.exclude:
            wanted: dict[str, Any] = {}
            plain: tuple[_Path, ...] = (*((name,) for name in DEFAULT), ("properties", "datetime"))
            named: tuple[_Path, ...] = tuple((name,) for name in _NAMED)
            for path in (*named, *self.include) if self.include else plain:
                _add(wanted, path)
            taken = _taken(document, wanted)
        for path in self.exclude:
            if not any(other[: len(path)] == path for other in self.include):
                _drop(taken, path)
        return taken


def selection(include: Iterable[str], exclude: Iterable[str]) -> Selection:
    """A selection by names; a property may be named without ``properties.``."""
    return Selection(tuple(map(_path, include)), tuple(map(_path, exclude)))


def _path(name: str) -> tuple[str, ...]:
    path = tuple(name.split("."))
    return path if path[0] in _TOP else ("properties", *path)


def _add(wanted: dict[str, Any], path: tuple[str, ...]) -> None:
    """Into a tree in which an empty branch means everything below."""
    for number, name in enumerate(path):
        last = number == len(path) - 1
        if name in wanted and not wanted[name]:
            return  # all of it is wanted already
        if last:
            wanted[name] = {}
            return
        wanted = wanted.setdefault(name, {})


def _taken(document: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    taken = {}
    for name, value in document.items():
        if name in wanted:
            below = wanted[name]
            taken[name] = _taken(value, below) if below and isinstance(value, dict) else value
    return taken


def _drop(taken: dict[str, Any], path: tuple[str, ...]) -> None:
    for name in path[:-1]:
        below = taken.get(name)
        if not isinstance(below, dict):
            return
        taken[name] = taken = dict(below)  # the document itself stays whole
    taken.pop(path[-1], None)
