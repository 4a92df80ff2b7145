"""The fields extension: which parts of an item are sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

_Path = tuple[str, ...]


@dataclass(frozen=True)
class Kind:
    """What parts a kind of document has."""

    default: tuple[_Path, ...]
    """What it needs to be one."""
    named: tuple[_Path, ...]
    """Sent whenever only some parts are asked for."""
    top: frozenset[str] | None = None
    """Parts that are not below ``properties``; None: no part is."""


_NAMED = (("id",), ("type",), ("stac_version",))
_ITEM = (
    *_NAMED,
    ("collection",),
    ("geometry",),
    ("bbox",),
    ("links",),
    ("assets",),
    ("properties", "datetime"),
)
ITEM = Kind(_ITEM, (*_NAMED, ("collection",)), frozenset({"stac_extensions", *(path[0] for path in _ITEM)}))
COLLECTION = Kind((*_NAMED, ("description",), ("license",), ("extent",), ("links",)), _NAMED)


@dataclass(frozen=True)
class Selection:
    """Parts named by their paths, such as ``properties.datetime`` or ``assets.features.href``.

    Neither given: what a document needs to be one. Only `include`: these, and what names it. Only
    `exclude`: all but these. Both: what is included and not excluded, where what is said more closely counts.
    """

    kind: Kind
    include: tuple[_Path, ...]
    exclude: tuple[_Path, ...]

    def of(self, document: dict[str, Any]) -> dict[str, Any]:
        """The parts of a document that are asked for; a part it does not have is no error."""
        taken = dict(document)
        if self.include or not self.exclude:
            wanted: dict[str, Any] = {}
            for path in (*self.kind.named, *self.include) if self.include else self.kind.default:
                _add(wanted, path)
            taken = _taken(document, wanted)
        for path in self.exclude:
            if not any(other[: len(path)] == path for other in self.include):
                _drop(taken, path)
        return taken


def selection(include: Iterable[str], exclude: Iterable[str], kind: Kind = ITEM) -> Selection:
    """A selection by names; an item's property may be named without ``properties.``."""
    return Selection(
        kind, tuple(_path(name, kind) for name in include), tuple(_path(name, kind) for name in exclude)
    )


def _path(name: str, kind: Kind) -> _Path:
    path = tuple(name.split("."))
    return path if kind.top is None or path[0] in kind.top else ("properties", *path)


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
