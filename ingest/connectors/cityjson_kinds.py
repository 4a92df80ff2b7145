"""Semantic surfaces: what each face is, by the publisher's word."""

from itertools import chain
from typing import Any

from twin.record import Face

SEMANTICS = "semantics that do not fit the surfaces were ignored"

OTHER = int(Face.OTHER)
_KINDS: dict[Any, int] = {
    "GroundSurface": int(Face.GROUND),
    "WallSurface": int(Face.WALL),
    "RoofSurface": int(Face.ROOF),
    "ClosureSurface": int(Face.CLOSURE),
    "WaterClosureSurface": int(Face.CLOSURE),
    "Window": int(Face.WALL),
    "Door": int(Face.WALL),
}
_OPENINGS = ("Window", "Door")


def kinds_of(semantics: Any, geometry: Any, depth: int, count: int, notes: list[str]) -> list[int]:
    """The `Face` of each surface of a geometry.

    Args:
        semantics: its ``semantics`` as written.
        geometry: the geometry, whose boundaries are known to be well nested.
        depth: how many lists its surfaces lie in beyond those of a ``MultiSurface``.
        count: how many surfaces it has.
        notes: gets a line if the semantics do not fit.
    """
    try:
        surfaces = semantics["surfaces"]
        table = [_KINDS.get(surface["type"], OTHER) for surface in surfaces]
        for i, surface in enumerate(surfaces):
            if "parent" in surface and surface["type"] in _OPENINGS and -1 < surface["parent"] < len(table):
                table[i] = table[surface["parent"]]
        values = semantics["values"]
    except (KeyError, TypeError):
        notes.append(SEMANTICS)
        return [OTHER] * count
    try:
        flat = values
        for _ in range(depth):
            flat = list(chain.from_iterable(flat))
        if len(flat) == count and min(flat, default=0) >= 0:
            return list(map(table.__getitem__, flat))
    except (IndexError, TypeError):
        pass  # null for a face or a whole shell, or a mistake: look at each
    kinds: list[int] = []
    if not _aligned(geometry["boundaries"], values, depth, table, kinds):
        notes.append(SEMANTICS)
    return kinds


def _aligned(boundaries: list[Any], values: Any, depth: int, table: list[int], kinds: list[int]) -> bool:
    """Walk boundaries and semantics together; what has none, or wrong ones, is OTHER."""
    if not isinstance(values, list) or len(values) != len(boundaries):
        fits = values is None
        values = [None] * len(boundaries)
    else:
        fits = True
    for boundary, value in zip(boundaries, values, strict=True):
        if depth:
            fits &= _aligned(boundary, value, depth - 1, table, kinds)
        elif type(value) is int and 0 <= value < len(table):
            kinds.append(table[value])
        else:
            kinds.append(OTHER)
            fits &= value is None
    return fits
