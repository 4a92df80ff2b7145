"""Canvas: heights at points in any order become a raster, if the points form a regular grid."""

import numpy as np
from numpy.typing import NDArray

from ingest.connectors.heights import MOST_CELLS, check_heights, check_size
from twin.errors import SourceBroken
from twin.record import Raster

_OFF = 0.02
"""Part of a step by which a point may lie beside its cell's centre."""
_NODATA = (-9999.0, -99999.0, -32767.0, -32768.0)
_SPARSE = 0.01
"""Fewer known cells than this part of all are no height model."""

Floats = NDArray[np.float64]


class Canvas:
    """Grows as points come in; holds no more than one raster of the points' extent.

    Args:
        name: of the file, for messages.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.points = 0
        """Points taken so far."""
        self._step = 0.0
        self._east = self._north = 0.0
        self._bounds = (0, 0, -1, -1)  # first row, first column, last row, last column that hold points
        self._corner = (0, 0)  # row and column of the first cell in memory
        self._heights = np.zeros((0, 0), np.float32)

    def add(self, east: Floats, north: Floats, height: Floats) -> None:
        """Put points (n,) where they belong; of several for one cell one holds.

        Raises:
            SourceBroken: they are on no regular grid.
            SourceRefused: their extent has too many cells.
        """
        if not len(east):
            return
        if not self._step:
            self._step = _step(east, north, self.name)
            self._east, self._north = float(east[0]), float(north[0])
        columns = self._cells(east - self._east)
        rows = self._cells(self._north - north)
        self._make_room(int(rows.min()), int(columns.min()), int(rows.max()), int(columns.max()))
        with np.errstate(over="ignore"):  # what is too large is no height, as `check_heights` will say
            height = height.astype(np.float32)
        if height.min() <= max(_NODATA):  # never true for NaN alone: nothing to replace then
            height[np.isin(height, np.array(_NODATA, np.float32))] = np.nan
        self._heights[rows - self._corner[0], columns - self._corner[1]] = height
        self.points += len(east)

    def raster(self) -> Raster:
        """The raster of all points.

        Raises:
            SourceBroken: there are none, or hardly any.
            SourceRefused: they are no heights.
        """
        if not self.points:
            raise SourceBroken(f"{self.name} has no points; fetch it again")
        top, left, bottom, right = self._bounds
        row, column = self._corner
        heights = self._heights[top - row : bottom - row + 1, left - column : right - column + 1]
        heights = np.ascontiguousarray(heights)
        check_heights(heights, self.name)
        if self.points < _SPARSE * heights.size:
            raise self._irregular()
        return Raster(heights, self._east + left * self._step, self._north - top * self._step, self._step)

    def _cells(self, metres: Floats) -> NDArray[np.int64]:
        cells = metres / self._step
        whole = np.rint(cells)
        cells -= whole
        if max(cells.max(), -cells.min()) > _OFF:
            raise self._irregular()
        check_size(float(whole.max() - whole.min()), self.name)
        check_size(float(np.abs(whole[[0, -1]]).max()), self.name)
        return whole.astype(np.int64)

    def _make_room(self, top: int, left: int, bottom: int, right: int) -> None:
        """Let the raster in memory hold these first and last rows and columns too."""
        rows, columns = self._heights.shape
        old, (row, column) = self._bounds, self._corner
        if rows:
            top, left = min(top, old[0]), min(left, old[1])
            bottom, right = max(bottom, old[2]), max(right, old[3])
        high, wide = bottom - top + 1, right - left + 1
        check_size(float(high) * wide, self.name)
        self._bounds = top, left, bottom, right
        beyond = top < row, left < column, bottom >= row + rows, right >= column + columns
        if rows and not any(beyond):
            return
        # Half as much again towards where points came from, so that this happens seldom.
        spare = (high // 2, wide // 2) if rows and 2.25 * high * wide <= MOST_CELLS else (0, 0)
        top, left = top - beyond[0] * spare[0], left - beyond[1] * spare[1]
        bottom, right = bottom + beyond[2] * spare[0], right + beyond[3] * spare[1]
        grown = np.full((bottom - top + 1, right - left + 1), np.nan, np.float32)
        if rows:
            held = self._heights[old[0] - row : old[2] - row + 1, old[1] - column : old[3] - column + 1]
            i, j = old[0] - top, old[1] - left
            grown[i : i + held.shape[0], j : j + held.shape[1]] = held
        self._heights, self._corner = grown, (top, left)

    def _irregular(self) -> SourceBroken:
        return SourceBroken(_IRREGULAR.format(self.name))


_IRREGULAR = (
    "{}: the points form no regular grid (one height for each cell, equal steps east and north); "
    "interpolate them to one first, for example with gdal_grid"
)


def _step(east: Floats, north: Floats, name: str) -> float:
    """Distance of neighbouring points, told from the axis along which more of them are seen."""
    found: list[tuple[int, float]] = []
    for values in (east, north):
        line = np.unique(values)
        if len(line) > 1:
            smallest = float(np.diff(line).min())
            length = float(line[-1] - line[0])
            cells = round(length / smallest)
            # Written steps are rounded (0.000833); the whole length has the smaller error.
            found.append((cells, length / cells))
    if not found:
        raise SourceBroken(_IRREGULAR.format(name))
    finest = min(step for _, step in found)
    return max((cells, step) for cells, step in found if step < 1.01 * finest)[1]
