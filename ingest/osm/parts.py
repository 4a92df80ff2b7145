"""Parts find the building whose outline holds them."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from ingest.extrusion.buildings import Building, Piece
from ingest.extrusion.numbers import metres, storeys
from ingest.extrusion.wkb import Polygons
from ingest.osm.survey import Outline
from ingest.osm.tags import said_of

ORPHAN = "a building part without a building stands alone"
REST = "what the parts leave of an outline was drawn at the building's own height"
_INHERITED = (
    "roof",
    "height",
    "storeys",
    "roof_height",
    "roof_storeys",
    "roof_angle",
    "direction",
    "orientation",
)
_COVERED = 0.9
"""From this part of the outline on, parts replace it wholly."""


class Parts:
    """All parts of a file. They are few beside the buildings, so they are held."""

    def __init__(self, outlines: Iterable[Outline]) -> None:
        self._parts = list(outlines)
        self._taken = np.zeros(len(self._parts), dtype=bool)
        self._shapes: list[Any] = []
        self._tree: Any = None
        if self._parts:
            import shapely

            self._shapes = [_shape(part.area) for part in self._parts]
            points = [None if s is None else s.representative_point() for s in self._shapes]
            self._tree = shapely.STRtree(np.array(points, dtype=object))

    def give(self, building: Building, outline: Outline) -> None:
        """Replace the only piece of a building by its parts, if it has any."""
        if self._tree is None:
            return
        whole = _shape(outline.area)
        if whole is None:
            return
        inside = [int(i) for i in sorted(self._tree.query(whole, predicate="contains")) if not self._taken[i]]
        if not inside:
            return
        self._taken[inside] = True
        own = building.said
        pieces = [Piece(self._parts[i].area, _inherited(said_of(self._parts[i].tags), own)) for i in inside]
        rest = _rest(whole, [self._shapes[i] for i in inside if _on_ground(pieces[inside.index(i)])])
        if rest:
            pieces.append(Piece(rest, {name: own[name] for name in own if name != "roof"}))
            building.notes += (REST,)
        for i in inside:
            building.notes += self._parts[i].notes
        building.pieces, building.has_parts = pieces, True

    def left(self) -> Iterator[Outline]:
        """The parts that no outline holds."""
        for part, taken in zip(self._parts, self._taken, strict=True):
            if not taken:
                yield part


def _inherited(part: dict[str, Any], own: Any) -> dict[str, Any]:
    """A part that says nothing of its height is as high as its building."""
    if "height" in part or "storeys" in part:
        return part
    return {name: own[name] for name in ("height", "storeys") if name in own} | part


def _on_ground(piece: Piece) -> bool:
    return not metres(piece.said.get("bottom")) and not storeys(piece.said.get("bottom_storeys"))


def _rest(whole: Any, parts: list[Any]) -> Polygons:
    """What the parts on the ground leave of an outline, if that is much."""
    import shapely

    covered = shapely.union_all(np.array(parts, dtype=object)) if parts else shapely.Polygon()
    rest = shapely.difference(whole, covered)
    if rest.area <= (1 - _COVERED) * whole.area:
        return []
    return [
        [shapely.get_coordinates(p.exterior), *map(shapely.get_coordinates, p.interiors)]
        for p in shapely.get_parts(rest)
        if p.geom_type == "Polygon" and p.area > 1e-3 * whole.area
    ]


def _shape(area: Polygons | None) -> Any:
    import shapely

    rings = [polygon for polygon in area or [] if len(polygon[0]) >= 3]
    if not rings:
        return None
    shape = shapely.multipolygons([shapely.Polygon(r[0], [h for h in r[1:] if len(h) >= 3]) for r in rings])
    return shape if shape.is_valid else shapely.make_valid(shape, method="structure", keep_collapsed=False)
