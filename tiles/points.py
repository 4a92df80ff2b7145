"""Point clouds: LAS and LAZ files become 3D Tiles with glb contents, in memory that does not grow.

py3dtiles' own point tiler is not used: two runs give different files, its topmost tile repeats points, its
glb are not y-up, and its heights come from PROJ's silent ballpark; docs/tiles.md has the figures. It reads
what comes out here.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tiles.geodesy import Geodesy, resolve_crs, split_crs, to_city_3d
from tiles.overlay import depth
from tiles.points_las import chunks, trusted_crs
from tiles.points_spill import Spill, Square, side_for
from tiles.points_tree import Column, Grown, Points, Style, Twig, grow, twig_of
from tiles.tree import Node, tileset
from tiles.work import run
from twin.errors import TilingError, UnknownCRS
from twin.record import Cloud

if TYPE_CHECKING:
    from tiles.build import Built, Put

NO_VERTICAL = "the source names no vertical CRS; heights were taken to be those stated for the city"


@dataclass(frozen=True, slots=True)
class Options:
    """How a cloud is made."""

    copyright: str = ""
    notice: str | None = None
    crs: str | None = None
    """CRS that the operator states for all files; goes before what they say themselves."""
    encoding: str = "meshopt"
    executor: Executor | None = None
    step: Callable[[int, int | None], None] | None = None
    """Told how many points are read, then how many columns are made, of how many."""


def convert(files: Sequence[Cloud], geodesy: Geodesy, put: "Put", options: Options) -> "Built":
    """Make the tileset of some files; the same files in the same order give the same bytes.

    Args:
        files: As `tiles.points_las.open_las` gives them.
        geodesy: Of the city, or of what is converted: its CRS is that of the tiles' grid.
        put: Keeps the tiles' bytes.
        options: Attribution, encoding, where the work runs.

    Raises:
        UnknownCRS: a file names no CRS, or one in which its coordinates cannot lie.
        GeodesyError: heights of another kind than the city's, or a grid is missing.
        SourceBroken: a file is damaged.
        TilingError: there is no point, or no room on the disk.
    """
    from tiles.build import Built

    if not files:
        raise TilingError("there is no point cloud to convert; name LAS or LAZ files")
    names = {file.path: _crs_of(file, options.crs) for file in files}
    tell = options.step or (lambda done, total: None)
    coloured = all(file.coloured for file in files)
    style = Style(geodesy, options.copyright, options.encoding, coloured)
    with tempfile.TemporaryDirectory(prefix="twin-points-") as folder:
        spill = Spill(Path(folder), _side(files, names, geodesy))
        read = withheld = 0
        whole = sum(file.points for file in files)
        for file in files:
            for points, dropped in chunks(file):
                points["at"] = _moved(points["at"], names[file.path], geodesy)
                if not np.isfinite(points["at"]).all():
                    raise UnknownCRS(
                        f"{file.name} has points where {names[file.path]} does not reach; state the CRS they "
                        "are really in, for example --crs EPSG:25832+7837"
                    )
                if len(points):
                    spill.add(points)
                read, withheld = read + len(points), withheld + dropped
                tell(read, whole)
        if not spill.counts:
            raise TilingError("every point is marked as withheld by its publisher; nothing can be drawn")
        spill.settle()
        kept = _Kept(spill, style, put, tell)
        root = kept.root(options.executor)
    repaired = {NO_VERTICAL: n} if (n := sum(split_crs(name)[1] is None for name in names.values())) else {}
    report = {
        "writer": "points",
        "features": len(files),
        "points": kept.points,
        "points_read": read + withheld,
        "tiles": len(kept.contents),
        "levels": depth(root),
        "bytes": kept.bytes,
        "coloured_by": "rgb" if coloured else "classification",
        "repaired": repaired,
        "left_out": [{"id": "points", "reason": f"{withheld} points are marked as withheld"}]
        if withheld
        else [],
        "heights": geodesy.statement.model_dump(),
    }
    tree = tileset(root, copyright=options.copyright, notice=options.notice)
    report["geometric_error_m"] = root.geometric_error
    return Built(tree, tuple(dict.fromkeys(kept.contents)), report)


def _crs_of(file: Cloud, stated: str | None) -> str:
    return resolve_crs(stated) if stated else trusted_crs(file)


def _moved(points: NDArray[np.float64], crs: str, geodesy: Geodesy) -> NDArray[np.float64]:
    """Positions in the city's CRS with its heights."""
    city = f"{geodesy.city_crs}+{resolve_crs(geodesy.heights.crs).removeprefix('EPSG:')}"
    horizontal, vertical = split_crs(crs)
    if crs == city or (vertical is None and horizontal == geodesy.city_crs):
        return points
    return to_city_3d(points, crs, city, grids=geodesy.grids)


def _side(files: Sequence[Cloud], names: dict[str, str], geodesy: Geodesy) -> int:
    area, points = 0.0, 0
    for file in files:
        corners = np.array([file.low, file.high, (*file.low[:2], 0.0)])
        wide = np.ptp(_moved(corners, names[file.path], geodesy)[:, :2], axis=0)
        area += float(np.prod(np.nan_to_num(wide, posinf=0.0)))
        points += file.points
    return side_for(points, area)


_Cell = tuple[Node | None, list[list[Points]], list[float]]
"""A square's node if it has one, the points it lends to each coarser level, and how far others lie off."""


@dataclass(slots=True)
class _Kept:
    """Grows the columns, hands over the contents as they come, and ties the nodes together."""

    spill: Spill
    style: Style
    put: "Put"
    tell: Callable[[int, int | None], None]
    contents: list[str] = field(default_factory=list)
    points: int = 0
    bytes: int = 0
    done: int = 0

    def root(self, executor: Executor | None) -> Node:
        """The tree of all columns."""
        roots = self.spill.roots()
        together = len(roots) > 1  # data that lie across a line of the grid
        columns = (column for root in roots for column in self._columns(root, int(together)))
        grown = run(grow, columns, executor)
        cells = [self._cell(root, grown) for root in roots]
        node = (self._joined(cells) if together else cells[0])[0]
        assert node is not None  # a column without one above it lends nothing away
        return node

    def _columns(self, square: Square, above: int) -> Iterator[Column]:
        if square not in self.spill.counts:
            for child in self.spill.children(square):
                yield from self._columns(child, above + 1)
            return
        side = 2.0 ** square[0]
        corner = (square[1] * side, square[2] * side)
        yield Column(self.spill.path(square), corner, side, above, self.style)

    def _cell(self, square: Square, grown: Iterator[Grown]) -> _Cell:
        """What comes of a square; columns come in order."""
        if square not in self.spill.counts:
            return self._joined([self._cell(child, grown) for child in self.spill.children(square)])
        made = next(grown)
        self.spill.path(square).unlink()
        self.done += 1
        self.tell(self.done, len(self.spill.counts))
        node = self._keep(made.twig) if made.twig else None
        return node, [[points] for points in made.lent], list(made.errors)

    def _joined(self, cells: Sequence[_Cell]) -> _Cell:
        """A tile of what several squares lend, above their own."""
        below = [node for node, _, _ in cells if node]
        lent = [
            [piece for pieces in level for piece in pieces]
            for level in zip(*(lent for _, lent, _ in cells), strict=True)
        ]
        errors = [max(level) for level in zip(*(errors for _, _, errors in cells), strict=True)]
        error = errors.pop()
        node = self._keep(twig_of(np.concatenate(lent.pop()), error if below else 0.0, self.style))
        node.children = below
        return node, lent, errors

    def _keep(self, twig: Twig) -> Node:
        node = twig.node
        node.content = self.put(twig.data, "glb")
        self.contents.append(node.content)
        self.points += twig.points
        self.bytes += len(twig.data)
        node.children = [self._keep(child) for child in twig.children]
        return node
