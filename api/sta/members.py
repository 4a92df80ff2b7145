"""Members of documents that ``$select`` chooses, such as ``properties/station``."""

from collections.abc import Iterable
from typing import Any

import orjson

from api.sta.cells import Cells, cells
from api.sta.groups import Group
from api.sta.names import DEEPEST
from api.sta.world import World
from twin.errors import RequestError

DOCUMENTS = ("properties", "parameters", "unitOfMeasurement")
"""Properties that have members to choose."""
Paths = frozenset[tuple[str, ...]]
"""Of each member the names that lead to it."""


def path(text: str) -> tuple[str, ...]:
    """The names of a path within a document; `RequestError` if one is missing or there are too many."""
    names = tuple(text.split("/"))
    if not all(names) or len(names) > DEEPEST:
        raise RequestError(f"a path in $select has 1 to {DEEPEST} names with / between them")
    return names


def chosen(world: World, group: Group, name: str, paths: Paths | None) -> Cells:
    """A property of the model, (n,), with the members asked for: where they stand; None: with all."""
    found = cells(world, group, name)
    if paths is None:
        return found
    if isinstance(found, bytes):
        return _few(found, paths)
    return [_few(one, paths) for one in found]


def _few(document: bytes, paths: Iterable[tuple[str, ...]]) -> bytes:
    whole = orjson.loads(document)
    few: dict[str, Any] = {}
    for names in sorted(paths):
        value: Any = whole
        for name in names:
            value = value.get(name) if isinstance(value, dict) else None
        if value is None:
            continue
        place = few
        for name in names[:-1]:
            place = place.setdefault(name, {})
        place[names[-1]] = value
    return orjson.dumps(few)
