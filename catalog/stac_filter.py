"""CQL2 filters over items: the searchable fields as a schema, and revisions as rows."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog.cql import check, evaluate
from catalog.cql.folds import fold
from catalog.cql.rows import NO_TIME
from catalog.cql.tree import Array, Call, Interval, Name, Node
from catalog.partitions import micros
from catalog.stac_fields import FIELDS, Story
from twin.base import Text
from twin.revision import Revision
from twin.schema import Column, Kind, Schema

_KINDS = {str: Kind.TEXT, float: Kind.NUMBER, datetime: Kind.TIME}
SCHEMA = Schema(
    id="stac-item/1",
    title=Text(de="Stände der Layer", en="States of layers"),
    geometry="area",
    columns=tuple(
        Column(name=name, title=Text(de=field.de, en=field.en), kind=_KINDS[field.kind])
        for name, field in FIELDS.items()
    ),
)
"""What a filter may ask for, beside ``geometry``."""


def checked(tree: Node) -> Node:
    """The tree, if it is a condition on items; else `RequestError`."""
    check.check(tree, SCHEMA)
    return tree


def held(tree: Node, found: Sequence[Revision], told: Callable[[Revision], Story | None]) -> list[Revision]:
    """The revisions for which a checked filter holds."""
    needs = any(FIELDS[name].told is not None for name in _names(tree) & FIELDS.keys())
    mask = evaluate.holds(tree, _Rows(found, [told(r) if needs else None for r in found]))
    return [revision for revision, holds in zip(found, mask, strict=True) if holds]


def _names(node: Node | None) -> set[str]:
    """The properties that a tree reads."""
    if isinstance(node, Name):
        return {node.name}
    parts: tuple[Node | None, ...] = ()
    if isinstance(node, Call):
        parts = node.args
    elif isinstance(node, Array):
        parts = node.items
    elif isinstance(node, Interval):
        parts = (node.start, node.end)
    return set().union(*map(_names, parts))


class _Rows:
    """Revisions as `catalog.cql.rows.Rows`."""

    def __init__(self, found: Sequence[Revision], stories: Sequence[Story | None]) -> None:
        self._found = found
        self._stories = stories

    def __len__(self) -> int:
        return len(self._found)

    def _values(self, name: str) -> list[Any]:
        field = FIELDS[name]
        return [field.value(r, story) for r, story in zip(self._found, self._stories, strict=True)]

    def column(self, name: str) -> Any:
        import pyarrow as pa

        kinds = {str: pa.string(), float: pa.float64(), datetime: pa.timestamp("us", tz="UTC")}
        return pa.array(self._values(name), kinds[FIELDS[name].kind])

    def folded(self, name: str, ways: frozenset[str]) -> Any:
        import pyarrow as pa

        values = self._values(name)
        return pa.array([None if value is None else fold(value, ways) for value in values], pa.string())

    def times(self, name: str) -> NDArray[np.int64]:
        values = self._values(name)
        return np.array([NO_TIME if value is None else micros(value) for value in values], np.int64)

    @property
    def bounds(self) -> NDArray[np.float64]:
        nowhere = (np.nan,) * 4
        return np.array([r.bbox or nowhere for r in self._found], np.float64).reshape(-1, 4)

    def shapes(self, places: NDArray[np.int64]) -> Any:
        import shapely

        return shapely.box(*self.bounds[places].T)
