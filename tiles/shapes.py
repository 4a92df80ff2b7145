"""Shapes: the drawn surfaces of many buildings, cut into tiles building by building."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tiles.gltf import Mesh
from tiles.polygons import (
    FLAT,
    OFF_PLANE_M,
    SMALLEST_FACE_M2,
    Floats,
    Ints,
    Mask,
    Polygons,
    cleaned,
    offsets,
    reordered,
    spans,
    unevenness,
)
from tiles.repairs import Repairs
from tiles.skins import Skins, together
from tiles.strips import strips
from tiles.tree import Matrix
from tiles.triangulate import triangulate
from tiles.winding import wound
from twin.record import Face

MATERIAL_NAMES = ("wall", "roof", "ground")
WALL, ROOF, GROUND = range(3)
_UP, _DOWN = 0.15, -0.9
"""Faces of unknown kind: vertical part of the normal from which they are roof or ground."""


@dataclass(frozen=True, slots=True)
class Shapes:
    """Triangles with flat normals, building behind building."""

    positions: Floats
    """(v, 3) metres in the frame they were made in."""
    normals: NDArray[np.float32]
    """(v, 3) in the same frame."""
    kinds: NDArray[np.uint8]
    """(v,) places in `MATERIAL_NAMES`; all corners of a triangle agree."""
    corners: NDArray[np.uint32]
    """(t, 3) indices into the positions of the whole."""
    vertices: Ints
    """(b + 1,) offsets of the buildings into `positions`."""
    triangles: Ints
    """(b + 1,) offsets of the buildings into `corners`."""
    skin: Skins | None = None
    """Pictures on them; only true forms have any."""

    @property
    def counts(self) -> Ints:
        """(b,) vertices of each building."""
        return np.diff(self.vertices)


def shaped(polygons: Polygons, buildings: int, *, whole: bool = True) -> tuple[Shapes, Repairs]:
    """Repair and triangulate the faces of `buildings` buildings; say how often what was repaired on whom.

    Args:
        polygons: Sorted by owner, in metres of a local frame whose third axis points up.
        buildings: Number of owners; one without drawable faces has no vertices.
        whole: Buildings, of which ground, walls and a roof are expected: count those that lack one.
    """
    if polygons.skin is not None:  # of faces told twice the first one stays: the one with a picture
        first = np.minimum(polygons.point_offsets[:-1], len(polygons.points) - 1)
        polygons = reordered(polygons, np.lexsort((polygons.skin.chosen[first] < 0, polygons.owners)))
    polygons, rings, notes = cleaned(polygons)
    if not len(polygons.faces):
        return _nothing(buildings), notes
    winding = wound(polygons, rings)
    polygons, vectors, turned = winding.polygons, winding.vectors, winding.turned
    areas = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    filled = areas < SMALLEST_FACE_M2  # by their own holes
    notes.add("face told twice drawn once", winding.twice)
    notes.add(FLAT, polygons.owners[filled])
    if filled.any():
        keep = np.flatnonzero(~filled)
        polygons, vectors, turned, areas = reordered(polygons, keep), vectors[keep], turned[keep], areas[keep]
        if not len(keep):
            return _nothing(buildings), notes
    normals = vectors / areas[:, None]
    shapes, crossing, undrawn = faceted(polygons, vectors, buildings)
    owners = polygons.owners
    notes.add("face turned outwards", owners[turned])
    notes.add("uneven face drawn as it is", owners[unevenness(polygons, normals) > OFF_PLANE_M])
    notes.add("crossing rings drawn as far as possible", owners[crossing])
    notes.add("face without triangles left out", owners[undrawn])
    if whole:
        _missing(polygons, normals, notes)
    return shapes, notes


def _missing(polygons: Polygons, normals: Floats, notes: Repairs) -> None:
    """Note the buildings that lack a kind of surface altogether."""
    kinds = kinds_of(polygons.faces, normals[:, 2])
    starts = np.flatnonzero(np.r_[True, polygons.owners[1:] != polygons.owners[:-1]])
    for kind, name in enumerate(MATERIAL_NAMES):
        there = np.logical_or.reduceat(kinds == kind, starts)
        notes.add(f"building without {name} faces drawn as it is", polygons.owners[starts[~there]])


def faceted(polygons: Polygons, vectors: Floats, buildings: int) -> tuple[Shapes, Ints, Ints]:
    """Triangulate sound faces; also say which cross themselves, and which could not be drawn.

    Args:
        polygons: As `shaped` takes them, but cleaned.
        vectors: (p, 3) outward normals as long as the areas.
        buildings: Number of owners.
    """
    normals = vectors / np.linalg.norm(vectors, axis=1).clip(1e-12)[:, None]
    triangles = triangulate(polygons, vectors)
    starts = polygons.point_offsets
    order, corners = strips(polygons.points, starts, triangles)
    per_face = np.diff(starts)
    bounds = np.searchsorted(polygons.owners, np.arange(buildings + 1))
    shapes = Shapes(
        positions=polygons.points.take(order, axis=0),
        normals=np.repeat(normals.astype(np.float32), per_face, axis=0),
        kinds=np.repeat(kinds_of(polygons.faces, normals[:, 2]), per_face),
        corners=corners,
        vertices=starts[bounds],
        triangles=triangles.offsets[bounds],
        skin=polygons.skin and polygons.skin.at(order),
    )
    return shapes, triangles.crossing, triangles.undrawn


def picked(shapes: Shapes, buildings: Ints) -> Shapes:
    """The shapes of some buildings, in the order asked for."""
    if len(buildings) == len(shapes.counts) and (buildings[1:] > buildings[:-1]).all():
        return shapes
    vertex_counts = np.diff(shapes.vertices)[buildings]
    triangle_counts = np.diff(shapes.triangles)[buildings]
    vertices = spans(shapes.vertices[buildings], vertex_counts)
    corners = shapes.corners.take(spans(shapes.triangles[buildings], triangle_counts), axis=0)
    new = offsets(vertex_counts)
    shift = np.repeat((new[:-1] - shapes.vertices[buildings]).astype(np.uint32), triangle_counts)
    return Shapes(
        positions=shapes.positions.take(vertices, axis=0),  # four times as fast as by brackets
        normals=shapes.normals.take(vertices, axis=0),
        kinds=shapes.kinds.take(vertices),
        corners=corners + shift[:, None],  # what is less than nothing goes round and comes out right
        vertices=new,
        triangles=offsets(triangle_counts),
        skin=shapes.skin and shapes.skin.at(vertices),
    )


def plain(shapes: Shapes) -> Shapes:
    """The same shapes without pictures."""
    return shapes if shapes.skin is None else replace(shapes, skin=None)


def joined(parts: Sequence[Shapes]) -> Shapes:
    """Several shapes, building behind building."""
    starts = offsets(np.array([len(part.positions) for part in parts]))
    return Shapes(
        positions=np.concatenate([part.positions for part in parts]),
        normals=np.concatenate([part.normals for part in parts]),
        kinds=np.concatenate([part.kinds for part in parts]),
        corners=np.concatenate(
            [part.corners + np.uint32(start) for part, start in zip(parts, starts, strict=False)]
        ),
        vertices=offsets(np.concatenate([part.counts for part in parts])),
        triangles=offsets(np.concatenate([np.diff(part.triangles) for part in parts])),
        skin=together([part.skin for part in parts], [len(part.positions) for part in parts]),
    )


def moved(shapes: Shapes, matrix: Matrix) -> Shapes:
    """The same shapes in another frame; `matrix` is (4, 4), a rotation and a translation."""
    rotation = matrix[:3, :3]
    return Shapes(
        positions=shapes.positions @ rotation.T + matrix[:3, 3],
        normals=shapes.normals @ rotation.T.astype(np.float32),
        kinds=shapes.kinds,
        corners=shapes.corners,
        vertices=shapes.vertices,
        triangles=shapes.triangles,
        skin=shapes.skin,
    )


def meshes(
    shapes: Shapes,
    some: Mask | None = None,
    uv: NDArray[np.float32] | None = None,
    picture: bytes | None = None,
) -> list[Mesh]:
    """One mesh per material, all of them with the same vertices; feature ids are the buildings' places.

    Args:
        shapes: What is drawn.
        some: (v,) which vertices to draw; all corners of a triangle agree.
        uv: (v, 2) places in the picture.
        picture: Drawn instead of the materials' colours.
    """
    ids = np.repeat(np.arange(len(shapes.counts), dtype=np.uint32), shapes.counts)
    first = shapes.corners[:, 0]
    kinds = shapes.kinds[first]
    found = []
    for kind, name in enumerate(MATERIAL_NAMES):
        chosen = kinds == kind
        if some is not None:
            chosen &= some[first]
        corners = shapes.corners.compress(chosen, axis=0)
        if len(corners):
            found.append(
                Mesh(
                    positions=shapes.positions,
                    indices=corners.ravel(),
                    material=name,
                    normals=shapes.normals,
                    feature_ids=ids,
                    uv=uv,
                    picture=picture,
                    faceted=True,
                )
            )
    return found


def kinds_of(faces: NDArray[np.uint8], up: Floats) -> NDArray[np.uint8]:
    """(p,) places in `MATERIAL_NAMES`, by what faces are, else by the vertical part of their normals."""
    kinds = np.full(len(faces), WALL, dtype=np.uint8)
    unknown = faces == Face.OTHER
    kinds[(faces == Face.ROOF) | (unknown & (up > _UP))] = ROOF
    kinds[(faces == Face.GROUND) | (unknown & (up < _DOWN))] = GROUND
    return kinds


def _nothing(buildings: int) -> Shapes:
    return Shapes(
        positions=np.zeros((0, 3)),
        normals=np.zeros((0, 3), dtype=np.float32),
        kinds=np.zeros(0, dtype=np.uint8),
        corners=np.zeros((0, 3), dtype=np.uint32),
        vertices=np.zeros(buildings + 1, dtype=np.int64),
        triangles=np.zeros(buildings + 1, dtype=np.int64),
    )
