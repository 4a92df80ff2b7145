"""Terrain: height rasters become a quadtree of triangulated tiles."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field

from tiles.build import Built, Order, Put
from tiles.geodesy import Geodesy
from tiles.lattice import Lattice, join
from tiles.pyramid import Level, Place, Sample, levels, measure
from tiles.tin import RAISE, Part, Tile, make_tiles, roughest
from tiles.tree import Node, group
from tiles.work import run
from twin.errors import TilingError
from twin.record import Raster

ERROR_M = 0.25
"""In the finest level of cells of 1 m a vertex is left out while its error is below this.

It grows with the root of the cell's size: coarser models are less true, and their tiles cover more ground.
"""
_GROWTH = 3.0
"""The error grows so much from level to level that a tile's triangles stay about as many."""


def finest_error(cell_m: float) -> float:
    """Metres by which the finest tiles of a raster with cells of `cell_m` may leave it by default."""
    return float(ERROR_M * max(cell_m, 1.0) ** 0.5)


@dataclass(frozen=True, slots=True)
class Style:
    """What all tiles of a terrain have in common."""

    geodesy: Geodesy
    copyright: str
    encoding: str = "meshopt"
    error_m: float | None = None
    """Metres; None for what suits the cells, see `ERROR_M`."""

    def threshold(self, cell_m: float, level: int) -> float:
        """Error in metres above which a vertex is kept, in a level of a raster with cells of `cell_m`."""
        finest = finest_error(cell_m) if self.error_m is None else self.error_m
        return float(finest * _GROWTH**level)


@dataclass(slots=True)
class Terrain:
    """The account of what was made."""

    contents: list[str] = field(default_factory=list)
    """Keys, in the order of writing."""
    triangles: int = 0
    bytes: int = 0
    errors_m: dict[int, float] = field(default_factory=dict)
    """Level → largest measured vertical error; 0 is the finest level."""


def write(order: Order) -> Built:
    """Tile a terrain layer. Options: ``error_m`` (0.25 for cells of 1 m), ``encoding``.

    Raises:
        TilingError: if there is nothing to draw.
    """
    pieces = [feature.raster for feature in order.features if feature.raster is not None]
    stated = order.option("error_m", None)
    style = Style(order.geodesy, order.copyright, order.encoding, None if stated is None else float(stated))
    if style.error_m is not None and not style.error_m > 0:
        raise TilingError(f"{order.layer.id}: error_m must be above 0; write for example {ERROR_M}")
    root, account = make_terrain(pieces, style, order.put, order.executor, order.step)
    return Built(
        tileset=order.tileset(root),
        contents=tuple(dict.fromkeys(account.contents)),
        report={
            "writer": "terrain",
            "features": len(pieces),
            "tiles": len(account.contents),
            "levels": len(account.errors_m),
            "triangles": account.triangles,
            "bytes": account.bytes,
            "repaired": {},
            "left_out": [
                {"id": feature.id, "reason": "has no raster"}
                for feature in order.features
                if feature.raster is None
            ],
            "error_m": {str(n): round(error, 3) for n, error in sorted(account.errors_m.items())},
        },
    )


def make_terrain(
    pieces: Sequence[Raster],
    style: Style,
    put: Put,
    executor: Executor | None = None,
    step: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[Node, Terrain]:
    """Tile the pieces.

    Args:
        pieces: Rasters in the city's 3D CRS, of any extents; pieces of equal step and phase are joined.
        style: What the tiles have in common.
        put: Takes the tiles' bytes.
        executor: Runs parts of the terrain elsewhere.
        step: Told how many tiles of how many are done.

    Returns:
        The tree and its account.

    Raises:
        TilingError: if there is nothing to draw.
    """
    account = Terrain()
    lattices = join(pieces)
    plans = [levels(lattice) for lattice in lattices]
    total = sum(len(level.places) for plan in plans for level in plan)
    count = itertools.count(1)
    roots: list[Node] = []
    for lattice, plan in zip(lattices, plans, strict=True):
        roots += _quadtree(lattice, plan, style, put, executor, account, lambda: step(next(count), total))
    if not roots:
        raise TilingError("the terrain has no height at all; check the rasters' nodata value and extent")
    return (roots[0] if len(roots) == 1 else group(roots)), account


def _quadtree(
    lattice: Lattice,
    plan: list[Level],
    style: Style,
    put: Put,
    executor: Executor | None,
    account: Terrain,
    done: Callable[[], None],
) -> list[Node]:
    """The tiles of one lattice; returns those without a tile above them."""
    missed = _missed(lattice, plan, executor)
    errors: dict[tuple[int, Place], float] = {}
    above: dict[Place, Node] = {}
    roots: list[Node] = []
    for level in reversed(plan):  # coarse levels first: skirts must know what may be shown beside them
        here: dict[Place, Node] = {}
        threshold, deeper = style.threshold(lattice.step, level.number), 0.0
        if level is plan[-1]:
            threshold, deeper = _first(lattice, level, style, missed, threshold, executor)
        parts = _parts(lattice, level, style, errors, missed, threshold, deeper)
        for tiles in run(make_tiles, parts, executor):
            for tile in tiles:
                error = tile.error + missed.get((level.number, tile.place), 0.0)
                here[tile.place] = Node(tile.frame, tile.low, tile.high, error, put(tile.data, "glb"))
                errors[level.number, tile.place] = error
                _enter(account, level.number, tile, here[tile.place], error)
        for place in level.places:
            done()
            row, column = place
            parent = above.get((row // 2, column // 2))
            node = here.get(place)
            if node is not None and parent is not None:
                parent.children.append(node)
            elif node is not None:
                roots.append(node)
        above = here
    return roots


def _first(
    lattice: Lattice,
    level: Level,
    style: Style,
    missed: dict[tuple[int, Place], float],
    threshold: float,
    executor: Executor | None,
) -> tuple[float, float]:
    """What no tile above tells those of the coarsest level: the error all keep, and how deep skirts are."""
    while True:
        parts = _parts(lattice, level, style, {}, missed, threshold, 0.0)
        found = list(run(roughest, parts, executor))
        needed = max(most for _, most in found)
        if needed <= threshold:
            return threshold, max(error for error, _ in found)
        threshold = needed


def _enter(account: Terrain, level: int, tile: Tile, node: Node, error: float) -> None:
    assert node.content is not None
    account.contents.append(node.content)
    account.triangles += tile.triangles
    account.bytes += len(tile.data)
    account.errors_m[level] = max(account.errors_m.get(level, 0.0), error)


def _parts(
    lattice: Lattice,
    level: Level,
    style: Style,
    errors: dict[tuple[int, Place], float],
    missed: dict[tuple[int, Place], float],
    threshold: float,
    deeper: float,
) -> Iterator[Part]:
    for first, last, places in level.parts():
        yield Part(
            heights=level.window(lattice, first, last, margin=1),
            tile=level.tile,
            first=first,
            wanted=places,
            skirts=tuple(
                missed.get((level.number, place), 0.0)
                + max(deeper, RAISE * _beside(level.number, place, errors))
                for place in places
            ),
            origin=(lattice.east, lattice.north),
            step=lattice.step * level.stride,
            threshold=threshold,
            geodesy=style.geodesy,
            copyright=style.copyright,
            encoding=style.encoding,
            below=level.number > 0,
        )


def _beside(number: int, place: Place, errors: dict[tuple[int, Place], float]) -> float:
    """Largest error of the tiles one and two levels above this one and its neighbours.

    Only of these, not of the whole level, so that a change in one street leaves far tiles as they are.
    """
    row, column = place
    return max(
        errors.get((number + up, (r >> up, c >> up)), 0.0)
        for up in (1, 2)
        for r in (row - 1, row, row + 1)
        for c in (column - 1, column, column + 1)
    )


def _missed(lattice: Lattice, plan: list[Level], executor: Executor | None) -> dict[tuple[int, Place], float]:
    """What levels that do not look at every cell may miss between: (level, tile) → metres."""
    coarse = [level for level in plan if level.stride > 1]
    if not coarse:
        return {}
    leaf = plan[0]
    samples = (
        Sample(
            heights=leaf.window(lattice, first, last, margin=0),
            first=first,
            wanted=places,
            strides=tuple(level.stride for level in coarse),
            step=lattice.step,
        )
        for first, last, places in leaf.parts()
    )
    result: dict[tuple[int, Place], float] = {}
    numbers = {level.stride: level.number for level in coarse}
    for found in run(measure, samples, executor):
        for (stride, (row, column)), error in found.items():
            number = numbers[stride]
            key = number, (row >> number, column >> number)
            result[key] = max(result.get(key, 0.0), error)
    return result
