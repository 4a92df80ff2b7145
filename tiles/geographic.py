"""Geographic: the tiling of the globe by longitude and latitude that Cesium's terrain uses.

Level 0 has two tiles of 180 degrees. Rows are counted from the north here, as rasters have it; TMS, in
which tiles are named, counts them from the south. A level's samples form one grid over the globe: a tile of
level z has every second sample of its four children, and shares its border samples with its neighbours.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CELLS = 128
"""Samples along a tile's side, less the last one."""
DEGREE_M = 111_195.0
"""Metres of a degree of latitude."""
DEEPEST = 22

Place = tuple[int, int]
"""Row (from the north) and column of a tile in its level."""


def side(level: int) -> float:
    """Degrees along a tile's side."""
    return 180.0 / (1 << level)


def cell_m(level: int) -> float:
    """Metres from north to south between two samples."""
    return side(level) / CELLS * DEGREE_M


def level_for(step_m: float) -> int:
    """The level whose samples lie about as far apart as those of a raster."""
    return int(np.clip(np.rint(np.log2(180 * DEGREE_M / CELLS / step_m)), 0, DEEPEST))


def bounds(level: int, place: Place) -> tuple[float, float, float, float]:
    """West, south, east, north of a tile in degrees."""
    size = side(level)
    row, column = place
    return column * size - 180, 90 - (row + 1) * size, (column + 1) * size - 180, 90 - row * size


def name(level: int, place: Place) -> str:
    """``{z}/{x}/{y}.terrain``, y counted from the south."""
    return f"{level}/{place[1]}/{(1 << level) - 1 - place[0]}.terrain"


def covering(level: int, corners: NDArray[np.float64]) -> set[Place]:
    """Tiles that touch any of some quadrangles: (k, 4, 2) longitudes and latitudes in degrees."""
    columns = (corners[:, :, 0] + 180) / side(level)
    rows = (90 - corners[:, :, 1]) / side(level)
    first = np.floor(np.column_stack([rows.min(axis=1), columns.min(axis=1)])).astype(np.int64)
    last = np.floor(np.column_stack([rows.max(axis=1), columns.max(axis=1)])).astype(np.int64)
    most = np.array([(1 << level) - 1, (2 << level) - 1])
    first, last = np.clip(first, 0, most), np.clip(last, 0, most)
    found: set[Place] = set()
    for (top, left), (bottom, right) in zip(first.tolist(), last.tolist(), strict=True):
        found.update((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))
    return found


@dataclass(frozen=True, slots=True)
class Available:
    """Which tiles there are."""

    levels: tuple[frozenset[Place], ...]

    def ranges(self, level: int) -> list[dict[str, int]]:
        """All tiles of a level as rectangles, in TMS."""
        return _rectangles(level, self.levels[level])

    def below(self, level: int, place: Place, depth: int) -> list[list[dict[str, int]]]:
        """Rectangles of what lies below a tile, for each of the next `depth` levels that exist."""
        result = []
        for deeper in range(level + 1, min(level + depth, len(self.levels) - 1) + 1):
            up = deeper - level
            inside = (p for p in self.levels[deeper] if (p[0] >> up, p[1] >> up) == place)
            result.append(_rectangles(deeper, inside))
        return result


def _rectangles(level: int, places: Iterable[Place]) -> list[dict[str, int]]:
    """Runs along rows, merged where the next row has the same run."""
    rows: dict[int, list[int]] = {}
    for row, column in places:
        rows.setdefault((1 << level) - 1 - row, []).append(column)
    open_: dict[tuple[int, int], dict[str, int]] = {}
    done = []
    last = None
    for y in sorted(rows):
        columns = np.sort(np.array(rows[y]))
        cuts = np.flatnonzero(np.diff(columns) > 1)
        runs = list(
            zip(columns[np.append(0, cuts + 1)].tolist(), columns[np.append(cuts, -1)].tolist(), strict=True)
        )
        if last is not None and y != last + 1:
            open_ = {}
        still = {}
        for run in runs:
            if run in open_:
                open_[run]["endY"] = y
                still[run] = open_[run]
            else:
                still[run] = {"startX": run[0], "startY": y, "endX": run[1], "endY": y}
                done.append(still[run])
        open_, last = still, y
    return done
