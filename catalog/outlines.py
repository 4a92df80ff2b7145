"""Geometries of the features that filters name, ready to be compared with; those last asked for are kept."""

from collections import OrderedDict
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from catalog import at_hand
from catalog.cql.tree import Shape
from catalog.engines.memory import Snapshot
from catalog.features import Features
from twin.errors import RequestError
from twin.layer import Layer
from twin.revision import Revision

VERTICES = 100_000
"""Most corners of one geometry: some fifty times those of a large city's districts."""
_KEPT = 32


class Outlines:
    """Looks up geometries by the names of features. Safe to use from several threads."""

    def __init__(self, features: Features) -> None:
        self._features = features
        self._lock = Lock()
        self._kept: OrderedDict[tuple[str, str, str], Shape] = OrderedDict()

    def of(self, layer: Layer, revision: Revision, name: str) -> Shape | None:
        """The geometry of a feature in 2D, OGC:CRS84; None if a revision has no such feature.

        Args:
            layer: Whose feature.
            revision: One of its revisions.
            name: The feature's id; else its publisher's: then all that have it, together.

        Raises:
            RequestError: It has no geometry, or one with too many corners.
            Damaged: The features file is missing or not what the revision says.
        """
        key = (revision.layer, revision.snapshot, name)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        at_hand.leave()
        snapshot = self._features.snapshot(layer, revision)
        rows = _rows(snapshot, name)
        if not len(rows):
            return None
        shape = _shape(snapshot, rows, f"{name!r} of {layer.id}")
        with self._lock:
            self._kept[key] = shape
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return shape


def _rows(snapshot: Snapshot, name: str) -> NDArray[np.int64]:
    import pyarrow as pa
    import pyarrow.compute as pc

    row = snapshot.row(name)
    if row is not None:
        return np.array([row])
    same = pc.equal(snapshot.column("source_id").cast(pa.string()), name).fill_null(False)
    return np.flatnonzero(same.to_numpy(zero_copy_only=False))


def _shape(snapshot: Snapshot, rows: NDArray[np.int64], whose: str) -> Shape:
    import shapely

    shapes = shapely.force_2d(snapshot.shapes(rows))
    shapes = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    if not len(shapes):
        raise RequestError(f"filter names {whose} in FEATURE, which has no geometry; name another")
    corners = int(shapely.get_num_coordinates(shapes).sum())
    if corners > VERTICES:
        raise RequestError(
            f"filter names {whose} in FEATURE, whose outline has {corners:,} corners, more than "
            f"{VERTICES:,}; name a smaller one or ask by bbox"
        )
    broken = ~shapely.is_valid(shapes)  # a source's outline that crosses itself
    shapes[broken] = shapely.make_valid(shapes[broken], method="structure", keep_collapsed=False)
    return Shape(shapes[0] if len(shapes) == 1 else shapely.union_all(shapes))
