"""CQL2 filters over items and collections: fields as columns, revisions or documents as rows."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog.cql import check, evaluate
from catalog.cql.folds import fold
from catalog.cql.rows import NO_TIME
from catalog.cql.tree import Name, Node, mapped, names
from catalog.partitions import micros
from catalog.stac_fields import Field, schema
from catalog.stac_stories import FIELDS, Story
from twin.base import Text
from twin.revision import Revision
from twin.schema import Schema

SCHEMA = schema("stac-item/1", Text(de="Stände der Layer", en="States of layers"), FIELDS)
"""What a filter of items may ask for, beside ``geometry``."""


def checked(tree: Node, asked: Schema = SCHEMA) -> Node:
    """The tree with bare names, if it is a condition on what has these fields; else `RequestError`."""
    tree = mapped(tree, lambda leaf: _bare(leaf, asked))
    check.check(tree, asked)
    return tree


def held(tree: Node, found: Sequence[Revision], told: Callable[[Revision], Story | None]) -> list[Revision]:
    """The revisions for which a checked filter holds."""
    needs = any(FIELDS[name].told is not None for name in names(tree) & FIELDS.keys())
    stories = [told(r) if needs else None for r in found]

    def values(name: str) -> list[Any]:
        return [FIELDS[name].value(r, story) for r, story in zip(found, stories, strict=True)]

    mask = evaluate.holds(tree, Rows(FIELDS, values, [r.bbox for r in found]))
    return [revision for revision, holds in zip(found, mask, strict=True) if holds]


def _bare(leaf: Node, asked: Schema) -> Node:
    """A field without ``properties.``, as some clients write before its name; any other leaf as it is."""
    bare = leaf.name.removeprefix("properties.") if isinstance(leaf, Name) else None
    return Name(bare) if bare in asked.names else leaf


class Rows:
    """Things with fields and a box, as `catalog.cql.rows.Rows`."""

    def __init__(
        self,
        fields: Mapping[str, Field],
        values: Callable[[str], list[Any]],
        boxes: Sequence[tuple[float, float, float, float] | None],
    ) -> None:
        """Look at things by their fields.

        Args:
            fields: Those there are.
            values: Name of a field → its value in each row, None where there is none.
            boxes: West, south, east, north of each row, None without a place.
        """
        self._fields = fields
        self._values = values
        self._boxes = [box or (np.nan,) * 4 for box in boxes]

    def __len__(self) -> int:
        return len(self._boxes)

    def column(self, name: str) -> Any:
        """A field as Arrow array."""
        import pyarrow as pa

        kinds = {
            str: pa.string(),
            float: pa.float64(),
            datetime: pa.timestamp("us", tz="UTC"),
            tuple: pa.list_(pa.string()),
        }
        return pa.array(self._values(name), kinds[self._fields[name].kind])

    def compared(self, op: str, name: str, value: str | float) -> None:
        """Nothing is at hand: few things are compared at a time."""
        return None

    def folded(self, name: str, ways: frozenset[str]) -> Any:
        """A field of text as CASEI, ACCENTI or both see it."""
        import pyarrow as pa

        values = self._values(name)
        return pa.array([None if value is None else fold(value, ways) for value in values], pa.string())

    def times(self, name: str) -> NDArray[np.int64]:
        """A field of times as microseconds since 1970."""
        values = self._values(name)
        return np.array([NO_TIME if value is None else micros(value) for value in values], np.int64)

    @property
    def bounds(self) -> NDArray[np.float64]:
        """(n, 4) west, south, east, north."""
        return np.array(self._boxes, np.float64).reshape(-1, 4)

    def shapes(self, places: NDArray[np.int64]) -> Any:
        """The boxes as geometries."""
        import shapely

        return shapely.box(*self.bounds[places].T)
