"""Geometry templates: a shape stated once and set down many times, such as a tree."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ingest.connectors.cityjson_faces import (
    INDEX,
    NUMBERS,
    Draft,
    Points,
    Uneven,
    add,
    assemble,
    mend,
    vertices,
)
from twin.record import Solid

TEMPLATE = "it refers to a template that does not exist"
_MATRIX = "the matrix of its template is not 16 finite numbers"


class Templates:
    """The templates of a file, each made a solid when it is first asked for."""

    def __init__(self, written: dict[str, Any]) -> None:
        templates, points = written.get("templates"), written.get("vertices-templates")
        self.written: list[Any] = templates if isinstance(templates, list) else []
        self._points = vertices(points) if isinstance(points, list) else np.empty((0, 3))
        self._solids: dict[int, Solid] = {}

    def place(self, instance: dict[str, Any], points: Points) -> Solid:
        """Set a template down.

        Args:
            instance: a ``GeometryInstance``.
            points: vertices that its reference point is one of.

        Raises:
            Uneven: template, matrix or reference point are not what they should be.
        """
        solid = self._solid(instance.get("template"))
        anchor = instance.get("boundaries")
        if not isinstance(anchor, list) or len(anchor) != 1 or type(anchor[0]) is not int:
            raise Uneven(INDEX)
        if not 0 <= anchor[0] < len(points):
            raise Uneven(INDEX)
        try:
            matrix = np.array(instance.get("transformationMatrix"), dtype=np.float64).reshape(4, 4)
        except (TypeError, ValueError):
            raise Uneven(_MATRIX) from None
        moved = solid.points @ matrix[:3, :3].T + matrix[:3, 3] + points[anchor[0]]
        if not np.isfinite(moved).all():
            raise Uneven(NUMBERS if np.isfinite(matrix).all() else _MATRIX)
        return Solid(moved, solid.rings, solid.polygons, solid.faces)

    def _solid(self, place: Any) -> Solid:
        if type(place) is not int or not 0 <= place < len(self.written):
            raise Uneven(TEMPLATE)
        if place not in self._solids:
            draft = Draft(0, len(self._points))
            add(draft, self.written[place])
            mend(draft, self._points)
            (self._solids[place],) = assemble([draft], self._points)
        return self._solids[place]


def joined(solids: Sequence[Solid]) -> Solid:
    """Several solids as one, without pictures."""
    if len(solids) == 1:
        return solids[0]
    points, rings = [0], [0]
    for solid in solids:
        points.append(points[-1] + len(solid.points))
        rings.append(rings[-1] + len(solid.rings) - 1)
    parts = list(zip(solids, points, rings, strict=False))
    return Solid(
        np.concatenate([solid.points for solid in solids]),
        np.concatenate([[0], *(s.rings[1:] + p for s, p, _ in parts)]).astype(np.int32),
        np.concatenate([[0], *(s.polygons[1:] + r for s, _, r in parts)]).astype(np.int32),
        np.concatenate([solid.faces for solid in solids]),
    )
