"""Branches: the quadtree as work to be done, less what an earlier run has done already."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tiles.patch import Made, wanted_error
from tiles.quadtree import Cell
from tiles.reuse import Reuse
from twin.shelf import Shelf


@dataclass(slots=True)
class Branch:
    """A cell with all below it."""

    cell: Cell
    above: float
    """Error of the tile above it, metres."""
    below: list["Branch"]
    """Empty for a patch, which is made as a whole."""
    key: str = ""
    """Tells what it is made of."""
    taken: Made | None = None
    """What an earlier run made of the same."""

    def take_over(self, reuse: Reuse) -> None:
        """Take from earlier runs whatever is there, the largest branches first."""
        self.taken = reuse.load(self.key, self.cell.members)
        for each in self.below:
            if self.taken is None:
                each.take_over(reuse)
            else:
                each._stay(reuse)

    def _stay(self, reuse: Reuse) -> None:
        """Keep this and all below for a later run, in which something else may have changed beside it."""
        reuse.touch(self.key)
        for each in self.below:
            each._stay(reuse)

    def patches(self) -> Iterator["Branch"]:
        """What has to be made, in order."""
        if self.taken is None:
            if not self.below:
                yield self
            for each in self.below:
                yield from each.patches()


def grown(root: Cell, limit: int, shelf: Shelf, reuse: Reuse | None) -> Branch:
    """The branches of a quadtree.

    Args:
        root: Its topmost cell.
        limit: Weight of the largest cell that one worker makes as a whole.
        shelf: The buildings, for their ids and checksums.
        reuse: Where earlier runs left theirs.
    """
    branch = _branch(root, wanted_error(root), limit, shelf, reuse)
    if reuse is not None:
        branch.take_over(reuse)
        left = [each.cell.members for each in branch.patches()]
        if left:
            shelf.unpack(np.concatenate(left))
    return branch


def _branch(cell: Cell, above: float, limit: int, shelf: Shelf, reuse: Reuse | None) -> Branch:
    below = []
    if cell.weight > limit:
        below = [_branch(child, wanted_error(cell), limit, shelf, reuse) for child in cell.children]
    branch = Branch(cell, above, below)
    if reuse is not None:
        made_of: list[bytes | memoryview] = [each.key.encode() for each in below]
        branch.key = reuse.key(
            f"{cell.width} {cell.place} {above}".encode(), *(made_of or [shelf.told(cell.members)])
        )
    return branch
