"""Flaws as deliveries of surveying authorities really have them, in a few buildings on purpose."""

from collections.abc import Callable
from dataclasses import replace

from ingest.demo.roofs import ROOF, WALL, Body, Face, Vertex

EVERY = 400
"""The same flaws come again after so many buildings: about one building in a hundred has one."""


def _doubled_point(body: Body) -> Body:
    """The first wall names a corner twice."""
    at = _first(body, WALL)
    ring = body.faces[at].rings[0]
    return _with_face(body, at, Face(WALL, ((ring[0], *ring),)))


def _no_area(body: Body) -> Body:
    """One more wall that goes there and back."""
    a, b = body.faces[_first(body, WALL)].rings[0][:2]
    return replace(body, faces=(*body.faces, Face(WALL, ((a, b, b),))))


def _off_plane(body: Body) -> Body:
    """One corner of the roof stands 6 cm too high, in all faces alike: closed, but not plane."""
    moved: Vertex = body.faces[_first(body, ROOF)].rings[0][0]
    higher = (moved[0], moved[1], moved[2] + 0.06)
    faces = tuple(
        Face(face.kind, tuple(tuple(higher if v == moved else v for v in ring) for ring in face.rings))
        for face in body.faces
    )
    return replace(body, faces=faces)


def _inside_out(body: Body) -> Body:
    """One wall turns the wrong way."""
    at = _first(body, WALL)
    return _with_face(body, at, Face(WALL, (body.faces[at].rings[0][::-1],)))


FLAWS: dict[int, Callable[[Body], Body]] = {
    23: _doubled_point,
    51: _no_area,
    77: _off_plane,
    104: _inside_out,
}
"""Number of the building within `EVERY` → what is wrong with its first body."""

NO_HEIGHT_AT_ALL = 66
"""This building within `EVERY` says neither height nor storeys."""


def spoil(number: int, body: Body) -> Body:
    """Return the body as the file has it: nearly always unchanged."""
    flaw = FLAWS.get(number % EVERY)
    return flaw(body) if flaw else body


def _first(body: Body, kind: str) -> int:
    return next(at for at, face in enumerate(body.faces) if face.kind == kind)


def _with_face(body: Body, at: int, face: Face) -> Body:
    return replace(body, faces=(*body.faces[:at], face, *body.faces[at + 1 :]))
