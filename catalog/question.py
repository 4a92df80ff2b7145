"""Questions: which features of a snapshot, in which order, and what of each."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catalog import crs, deadline
from catalog.cql import evaluate, spatial
from catalog.cql.folds import ACCENT, CASE, fold
from catalog.cql.tree import Node
from catalog.engines.memory import Snapshot, View
from catalog.engines.places import Box

BOTH = frozenset({CASE, ACCENT})


@dataclass(frozen=True, slots=True)
class Question:
    """Which features, and in which order. All conditions have to hold."""

    key: str = ""
    """What tells it from any other question at the same snapshot; empty asks for everything as it lies."""
    box: Box | None = None
    """West, south, east, north in degrees: the geometry meets it, or there is none (OGC 17-069r4, 7.15.3)."""
    tree: Node | None = None
    """A checked filter."""
    words: tuple[str, ...] = ()
    """One of these stands in a text of the feature, whatever its case and accents."""
    texts: tuple[str, ...] = ()
    """Names of the columns in which they may stand."""
    order: tuple[tuple[str, bool], ...] = ()
    """Columns to sort by, and whether downwards; what has no value comes last."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What of each feature is given."""

    names: tuple[str, ...] | None = None
    """Its properties; None: all."""
    geometry: bool = True
    """Whether with its geometry."""
    crs: str = crs.CRS84
    """URI of the CRS of the geometry."""


ALL = Shown()


def find(question: Question, snapshot: Snapshot, folds: frozenset[str]) -> NDArray[np.int32]:
    """Rows of a snapshot that a question asks for, in its order; as the file has them if it states none.

    Args:
        question: What is asked.
        snapshot: Of whom.
        folds: Names of the columns of text, which are sorted without regard to case and accents.

    Raises:
        TooMuch: The deadline has passed (`catalog.deadline`).
    """
    rows = None if question.box is None else snapshot.within(question.box)
    if rows is not None and len(snapshot.nowhere):
        rows = np.union1d(rows, snapshot.nowhere)
    if question.tree is not None:
        reach = spatial.reach(question.tree)
        if reach is not None:
            near = snapshot.near(reach)
            rows = near if rows is None else np.intersect1d(rows, near, assume_unique=True)
        rows = _where(rows, evaluate.holds(question.tree, View(snapshot, rows)))
    if question.words:
        rows = _where(rows, _told(question, View(snapshot, rows)))
    if rows is None:
        rows = np.arange(len(snapshot))
    if question.order:
        deadline.check()
        rows = rows[_sorted(question, View(snapshot, rows), folds)]
    return rows.astype(np.int32)


def _where(rows: NDArray[np.int64] | None, mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    return np.flatnonzero(mask) if rows is None else rows[mask]


def _told(question: Question, view: View) -> NDArray[np.bool_]:
    import pyarrow.compute as pc

    found = np.zeros(len(view), bool)
    for name in question.texts:
        column = view.folded(name, BOTH)
        for word in question.words:
            deadline.check()
            there = pc.match_substring(column, fold(word, BOTH)).fill_null(False)
            found |= there.to_numpy(zero_copy_only=False)
    return found


def _sorted(question: Question, view: View, folds: frozenset[str]) -> NDArray[np.int64]:
    """Places in order; equals stay as they lie."""
    import pyarrow as pa
    import pyarrow.compute as pc

    columns = {
        f"{place}": view.folded(name, BOTH) if name in folds else view.column(name)
        for place, (name, _) in enumerate(question.order)
    }
    columns["row"] = pa.array(np.arange(len(view)))
    keys = [
        (f"{place}", "descending" if down else "ascending") for place, (_, down) in enumerate(question.order)
    ]
    order = pc.sort_indices(pa.table(columns), sort_keys=[*keys, ("row", "ascending")])  # nulls last
    return np.asarray(order).astype(np.int64)
