"""Solids as WKB: the faces of a building as one MultiPolygon Z, face by face in order."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.record import Solid

_FEWEST = 3
"""Points of an open ring; with the closing one WKB wants four."""


def encode(solids: Sequence[Solid | None]) -> list[bytes | None]:
    """WKB (ISO, MultiPolygon Z) of each solid, None for None.

    Rings are closed here. A ring of fewer than three points is filled up with its last one, because no
    reader accepts shorter ones.
    """
    import shapely

    present = [solid for solid in solids if solid is not None]
    if not present:
        return [None] * len(solids)
    counts = _counts([solid.rings for solid in present])
    points = np.concatenate([solid.points for solid in present])
    ends = np.cumsum(counts)
    starts = ends - counts
    lengths = np.maximum(counts, _FEWEST) + 1
    rings = np.concatenate(([0], np.cumsum(lengths)))
    within = np.arange(rings[-1]) - np.repeat(rings[:-1], lengths)
    source = np.repeat(starts, lengths) + np.minimum(within, np.repeat(counts - 1, lengths))
    source[rings[1:] - 1] = starts
    polygons = np.concatenate(([0], np.cumsum(_counts([s.polygons for s in present]))))
    parts = np.concatenate(([0], np.cumsum([len(s.polygons) - 1 for s in present])))
    shapes = shapely.from_ragged_array(
        shapely.GeometryType.MULTIPOLYGON, points[source], (rings, polygons, parts)
    )
    encoded = iter(shapely.to_wkb(shapes, output_dimension=3, flavor="iso", byte_order=1))
    return [None if solid is None else next(encoded) for solid in solids]


def decode(encoded: Sequence[bytes | None], faces: Sequence[Any]) -> list[Solid | None]:
    """The solids that `encode` wrote; `faces` has a sequence of `Face` values for each."""
    import shapely

    present = [data for data in encoded if data is not None]
    if not present:
        return [None] * len(encoded)
    shapes = shapely.from_wkb(present)
    _, points, (rings, polygons, parts) = shapely.to_ragged_array(shapes, include_z=True)
    result: list[Solid | None] = []
    index = 0
    for data, kinds in zip(encoded, faces, strict=True):
        if data is None:
            result.append(None)
            continue
        result.append(_solid(points, rings, polygons, parts[index : index + 2], kinds))
        index += 1
    return result


def _counts(offsets: Sequence[NDArray[np.int32]]) -> NDArray[np.int64]:
    """How many each part has, over many arrays of offsets."""
    counts = np.diff(np.concatenate(offsets).astype(np.int64))
    seams = (
        np.cumsum([len(array) for array in offsets])[:-1] - 1
    )  # from one array's end to the next one's start
    return np.delete(counts, seams)


def _solid(
    points: NDArray[np.float64],
    rings: NDArray[np.int64],
    polygons: NDArray[np.int64],
    part: NDArray[np.int64],
    kinds: Any,
) -> Solid:
    own_polygons = polygons[part[0] : part[1] + 1]
    own_rings = rings[own_polygons[0] : own_polygons[-1] + 1]
    keep = np.ones(int(own_rings[-1] - own_rings[0]), dtype=bool)
    keep[own_rings[1:] - own_rings[0] - 1] = False  # the closing point of each ring
    return Solid(
        points=points[own_rings[0] : own_rings[-1]][keep],
        rings=(own_rings - own_rings[0] - np.arange(len(own_rings))).astype(np.int32),
        polygons=(own_polygons - own_polygons[0]).astype(np.int32),
        faces=np.asarray(kinds, dtype=np.uint8),
    )
