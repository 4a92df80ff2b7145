"""Mapping functions for trees: form and size, and where the size is from (see `tiles.trees`).

``tree_form`` takes texts that tell what tree it is, the most exact first. The others take the height, the
crown's diameter, then the same texts; options as for ``number``. Where a source has two heights and nobody
knows which is the tree's and which the ground's, option ``between`` (``[2, 60]``) says what a tree's is like:
then the first two values are heights, and exactly one of them must lie there.
"""

from collections.abc import Sequence
from typing import Any

from ingest.fields.context import Context
from ingest.fields.numbers import number
from tiles.trees import Size, form_of, size_of


def tree_form(values: Sequence[Any], context: Context) -> str:
    """Form of a tree by its species; ``unknown`` if no word is known."""
    return form_of([value if isinstance(value, str) else None for value in values])


def _size(values: Sequence[Any], context: Context) -> Size:
    between = context.options.get("between")
    heights = [number([value], context) for value in values[: 2 if between else 1]]
    if between:
        low, high = between
        heights = [height for height in heights if height is not None and low <= height <= high]
        if len(heights) != 1:
            raise ValueError("and its neighbour's: not exactly one is the height of a tree")
    rest = values[2 if between else 1 :]
    crown = number(rest[:1], context) if rest else None
    return size_of(tree_form(rest[1:], context), heights[0], crown)


def tree_height(values: Sequence[Any], context: Context) -> float:
    """Height of a tree in metres: measured; else from its crown; else the usual one of its form."""
    return _size(values, context).height_m


def tree_height_source(values: Sequence[Any], context: Context) -> str:
    """Where `tree_height` has its value from: ``measured``, ``derived`` or ``assumed``."""
    return _size(values, context).height_source


def tree_crown(values: Sequence[Any], context: Context) -> float:
    """Diameter of a tree's crown in metres: measured; else from its height; else the usual one."""
    return _size(values, context).crown_m


def tree_crown_source(values: Sequence[Any], context: Context) -> str:
    """Where `tree_crown` has its value from: ``measured``, ``derived`` or ``assumed``."""
    return _size(values, context).crown_source
