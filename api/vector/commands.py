"""Geometries as the commands of vector tiles (specification 2.1, section 4.3): MoveTo, LineTo, ClosePath."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.vector.wire import Runs, zigzag

POINT, LINE, POLYGON = 1, 2, 3
_MOVE, _DRAW, _CLOSE = 1, 2, 15


def points(shapes: NDArray[Any]) -> Runs:
    """Commands of (n,) points and groups of points in whole steps, none empty."""
    import shapely

    places, of = shapely.get_coordinates(shapes, return_index=True)
    return _commands(places.astype(np.int64), of, np.bincount(of, minlength=len(shapes)), len(shapes), POINT)


def lines(shapes: NDArray[Any]) -> Runs:
    """Commands of (n,) lines and groups of lines in whole steps; each line has two different points."""
    import shapely

    parts, whose = shapely.get_parts(shapes, return_index=True)
    return _paths(parts, whose, len(shapes), LINE)


def polygons(shapes: NDArray[Any]) -> Runs:
    """Commands of (n,) valid polygons and groups of polygons in whole steps, south downwards.

    Outer rings get a positive area by the surveyor's formula, inner ones a negative one, and follow theirs.
    """
    import shapely

    parts, whose = shapely.get_parts(shapely.orient_polygons(shapes), return_index=True)
    rings, of = shapely.get_rings(parts, return_index=True)
    return _paths(rings, whose[of], len(shapes), POLYGON)


def _paths(paths: NDArray[Any], whose: NDArray[np.int64], number: int, kind: int) -> Runs:
    """Commands of lines or rings: a point that repeats the one before is left out, a ring's last, too."""
    import shapely

    places, path = shapely.get_coordinates(paths, return_index=True)
    steps = places.astype(np.int64)
    keep = np.ones(len(steps), np.bool_)
    keep[1:] = (path[1:] != path[:-1]) | (steps[1:] != steps[:-1]).any(axis=1)
    steps, path = steps[keep], path[keep]
    if kind == POLYGON:
        last = np.ones(len(path), np.bool_)
        last[:-1] = path[1:] != path[:-1]
        steps, path = steps[~last], path[~last]
    return _commands(steps, whose[path], np.bincount(path, minlength=len(paths)), number, kind)


def _commands(
    steps: NDArray[np.int64], whose: NDArray[np.int64], lengths: NDArray[np.int64], number: int, kind: int
) -> Runs:
    """The commands.

    Args:
        steps: (m, 2) all points.
        whose: (m,) the feature of each, ascending.
        lengths: Points of each path; of a kind without paths, of each feature.
        number: How many features.
        kind: Point, line or polygon.
    """
    first = np.ones(len(whose), np.bool_)
    first[1:] = whose[1:] != whose[:-1]
    moves = steps.copy()  # the pen starts a feature at the corner, and stays where a path ended
    moves[1:] -= np.where(first[1:, None], 0, steps[:-1])
    extra = {POINT: 1, LINE: 2, POLYGON: 3}[kind]
    each = 2 * lengths + extra
    starts = np.cumsum(each) - each
    out = np.empty(int(each.sum()), np.uint64)
    within = np.arange(len(steps)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    places = np.repeat(starts, lengths) + 1 + 2 * within
    if kind == POINT:
        out[starts] = lengths << 3 | _MOVE
    else:
        places += within > 0
        out[starts] = 1 << 3 | _MOVE
        out[starts + 3] = (lengths - 1) << 3 | _DRAW
    if kind == POLYGON:
        out[starts + each - 1] = _CLOSE
    moved = zigzag(moves)
    out[places], out[places + 1] = moved[:, 0], moved[:, 1]
    heads = np.cumsum(lengths) - lengths
    owner = whose[heads] if len(heads) else heads
    return Runs(out, np.bincount(owner, weights=each, minlength=number).astype(np.int64))
