"""Patch: one part of a city's buildings becomes tiles. Runs in workers; needs nothing from outside."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tiles.attributes import Attributes
from tiles.blocks import profiles, simple_forms
from tiles.dress import coloured, dressed
from tiles.geodesy import Geodesy
from tiles.gltf import coordinate_error, write_glb
from tiles.levels import Drawing, Levels, coarsened, simplified, some, true
from tiles.plans import plans
from tiles.polygons import Floats, Polygons, offsets, reordered
from tiles.quadtree import Cell
from tiles.repairs import Repairs
from tiles.shapes import Shapes, moved, shaped
from tiles.skins import skins_of
from tiles.squares import to_ecef
from tiles.tree import Matrix, Node, extent, frame_at, inverse, to_local
from twin import batch as batches
from twin.compress import siblings
from twin.shelf import Rows

if TYPE_CHECKING:
    import pyarrow as pa

Table = Callable[[NDArray[np.integer]], "Mapping[str, pa.Array]"]
"""Numbers of buildings → their columns for the property table."""

ERROR_SHARE = 1 / 64
"""A tile may be off by this share of its width: a screen full of such tiles is off by some 16 pixels."""
LEAST_ERROR_M = 4.0
"""Below this a simpler form is not worth a tile of its own."""


@dataclass(frozen=True, slots=True)
class Style:
    """What all tiles of a layer have in common."""

    geodesy: Geodesy
    attributes: Attributes
    copyright: str
    encoding: str
    outlines: bool = False
    many: bool = False
    """Whether surfaces that differ are contents of their own."""
    blocks: bool = True
    """Whether simpler forms stand in for things far away."""
    materials: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Class of a thing → material → what its faces have in its place."""


@dataclass(frozen=True, slots=True)
class Patch:
    """What a worker gets."""

    cell: Cell
    rows: Rows
    """The cell's members, in their order; all have a solid."""
    parent_error: float
    """Error in metres that the tile above aims at."""
    style: Style


@dataclass(frozen=True, slots=True)
class Content:
    """A content of a tile as it is kept."""

    data: bytes
    packed: dict[str, bytes]
    """Its compressed siblings, made where there are processors enough."""
    group: str = ""
    """Which of the tile's several contents it is; empty for the only one."""


@dataclass(slots=True)
class Tile:
    """A tile and those below it."""

    contents: "tuple[Content, ...] | Future[tuple[Content, ...]]"
    """Empty once they are kept: then the node names them."""
    node: Node
    triangles: int
    features: int
    children: list["Tile"] = field(default_factory=list)
    objects: dict[str, tuple[int, str]] = field(default_factory=dict)
    """What is kept of it: the content and its siblings, with sizes and checksums."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a worker gives back."""

    tile: Tile | None
    """None if no building of the patch can be drawn."""
    levels: Levels | None
    """What tiles above need of these buildings."""
    left_out: tuple[tuple[int, str], ...]
    """Number and reason of each building that cannot be drawn."""
    repaired: Repairs
    """What was put right, and on which buildings: their numbers."""


def wanted_error(cell: Cell) -> float:
    """Metres by which the simplified tile of a cell may be off."""
    return max(cell.width * ERROR_SHARE, LEAST_ERROR_M)


def make(patch: Patch) -> Made:
    """Make all tiles of a patch."""
    batch = patch.rows.load(_columns(patch.style.attributes))
    levels, left_out, repaired = _measured(patch, batch)
    if not len(levels.ids):
        return Made(None, None, left_out, repaired)
    columns = patch.style.attributes.of(batch)

    def table(numbers: NDArray[np.integer]) -> "Mapping[str, pa.Array]":
        places = np.searchsorted(patch.cell.members, numbers)
        return {name: column.take(places) for name, column in columns.items()}

    (tile,) = _tiles(patch.cell, levels, table, patch.style)
    return Made(tile, coarsened(levels, patch.parent_error, blocks=patch.style.blocks), left_out, repaired)


def _columns(attributes: Attributes) -> list[str]:
    """What is needed of a batch to draw it."""
    return list(dict.fromkeys((*attributes.needed, batches.GEOMETRY, *batches.SOLID)))


def drawn(
    cell: Cell,
    drawing: Drawing,
    frame: Matrix,
    children: Sequence[Tile],
    table: Table,
    style: Style,
    executor: Executor | None = None,
) -> Tile:
    """Write one tile.

    Args:
        cell: Whose tile it is.
        drawing: What it shows.
        frame: Frame of the drawing's shapes.
        children: The tiles it replaces.
        table: For the property table.
        style: Encoding and so on.
        executor: Where it is encoded; None means here and now.
    """
    low, high = extent(drawing.shapes.positions)
    foot = np.array([*(low + high)[:2] / 2, low[2]])
    own = frame_at(frame[:3, :3] @ foot + frame[:3, 3])
    shapes = moved(drawing.shapes, inverse(own) @ frame)
    low, high = extent(shapes.positions)
    slack = coordinate_error(float((high - low).max()), style.encoding)
    node = Node(own, low - slack, high + slack, drawing.error, cell=(cell.width, *cell.place))
    given = (shapes, table(drawing.ids), style)
    contents = encoded(*given) if executor is None else executor.submit(encoded, *given)
    return Tile(contents, node, len(shapes.corners), len(drawing.ids), list(children))


def encoded(shapes: Shapes, columns: "Mapping[str, pa.Array]", style: Style) -> tuple[Content, ...]:
    """The glb of some shapes, or several of them, and the siblings."""
    if not style.many:
        return (_encoded(shapes, columns, style),)
    from tiles.contents import divided

    return tuple(_encoded(part, own, style, name) for name, part, own in divided(shapes, columns))


_CLASS = "class"


def _encoded(shapes: Shapes, columns: "Mapping[str, pa.Array]", style: Style, group: str = "") -> Content:
    drawn = dressed(shapes)
    if style.materials and _CLASS in columns:
        drawn = coloured(drawn, columns[_CLASS].to_pylist(), style.materials)
    data = write_glb(
        drawn,
        schema=style.attributes.schema,
        columns=columns,
        copyright=style.copyright,
        encoding=style.encoding,
        outlines=style.outlines,
    )
    return Content(data, siblings(data, "glb"), group)


def _tiles(cell: Cell, levels: Levels, table: Table, style: Style, above: float = np.inf) -> list[Tile]:
    """The tiles of a cell; `above` is the error of the tile that they will replace."""
    places = np.flatnonzero(np.isin(levels.ids, cell.members, assume_unique=True))
    if not len(places):
        return []
    if not cell.children:  # only the true forms are drawn: the others need not be picked
        return [drawn(cell, true(levels, places), levels.frame, [], table, style)]
    here = some(levels, places)
    drawing = simplified(here, wanted_error(cell), blocks=style.blocks)
    if not drawing.error:  # nothing can be simplified: this is the true one
        return [drawn(cell, drawing, here.frame, [], table, style)]
    useless = drawing.error >= above  # the tile above is as good
    error = above if useless else drawing.error
    children = [tile for child in cell.children for tile in _tiles(child, here, table, style, error)]
    if useless or len(children) == 1:
        return children
    return [drawn(cell, drawing, here.frame, children, table, style)]


def _measured(patch: Patch, batch: "pa.RecordBatch") -> tuple[Levels, tuple[tuple[int, str], ...], Repairs]:
    """All forms of the patch's buildings, and what is wrong with them."""
    count = batch.num_rows
    polygons = polygons_of(batch, patch.rows.pictures)
    first = _first_points(polygons, count)
    drops = polygons.points[first, 2] - np.minimum.reduceat(polygons.points[:, 2], first)
    polygons, frame, outside, anchors = _placed(polygons, first, patch.style.geodesy)
    shapes, repaired = shaped(polygons, count, whole=patch.style.blocks)
    profile = profiles(shapes)
    forms = [(shapes, np.zeros(count))]
    if patch.style.blocks:
        found = plans(batch.column(batches.GEOMETRY), anchors, drops, frame)
        forms = [*simple_forms(found, profile), *forms]
    members = patch.cell.members
    levels = Levels(
        frame=frame,
        ids=members,
        shapes=tuple(form for form, _ in forms),
        errors=np.stack([errors for _, errors in forms]),
        sizes=profile.size,
    )
    drawable = np.diff(shapes.triangles) > 0
    left_out = tuple(
        (int(members[place]), _OUTSIDE if place in outside else _FACELESS)
        for place in np.flatnonzero(~drawable).tolist()
    )
    return some(levels, np.flatnonzero(drawable)), left_out, repaired.numbered(members)


_OUTSIDE = "lies outside the area of the city's CRS or geoid"
_FACELESS = "has no face that encloses an area"


def polygons_of(batch: "pa.RecordBatch", pictures: Path | None = None) -> Polygons:
    """The faces of all rows of a batch; the owner is the row. With pictures, if it is said where they lie."""
    points, _ = batches.flat(batch, batches.POINTS)
    rings, _ = batches.flat(batch, batches.RINGS)
    polygons, _ = batches.flat(batch, batches.POLYGONS)
    faces, counts = batches.flat(batch, batches.FACES)
    found = Polygons(
        points=points.reshape(-1, 3),
        rings=offsets(rings),
        polygons=offsets(polygons),
        faces=faces,
        owners=np.repeat(np.arange(len(counts)), counts),
    )
    skin = skins_of(batch, pictures, found.owners, found.point_offsets) if pictures else None
    return found if skin is None else replace(found, skin=skin)


def _first_points(polygons: Polygons, count: int) -> NDArray[np.int64]:
    """(b,) number of each owner's first point; every owner has one."""
    return polygons.point_offsets[np.searchsorted(polygons.owners, np.arange(count))]


def _placed(
    polygons: Polygons, first: NDArray[np.int64], geodesy: Geodesy
) -> tuple[Polygons, Matrix, set[int], Floats]:
    """The faces in one local frame, the buildings without a place on earth, and each one's first point."""
    ecef = to_ecef(geodesy, polygons.points, np.diff(first, append=len(polygons.points)))
    anchors = ecef[first]
    outside: set[int] = set()
    if not np.isfinite(ecef).all():
        lost = ~np.isfinite(ecef).all(axis=1)
        owners = np.repeat(polygons.owners, np.diff(polygons.point_offsets))
        outside = set(np.unique(owners[lost]).tolist())
        sound = ~np.isin(polygons.owners, list(outside))
        ecef = ecef[np.isin(owners, list(outside), invert=True)]
        polygons = reordered(polygons, np.flatnonzero(sound))
    frame = frame_at(ecef.mean(axis=0)) if len(ecef) else np.eye(4)
    local = to_local(frame, ecef)
    return replace(polygons, points=local), frame, outside, anchors
