"""What a solid must be, whatever it was made of: a closed shell that looks outwards."""

from collections import Counter

import numpy as np
import shapely

from twin.record import Face


def polygons(solid):
    """Yield face, rings of each polygon."""
    for i, face in enumerate(solid.faces):
        rings = range(solid.polygons[i], solid.polygons[i + 1])
        yield Face(face), [solid.points[solid.rings[r] : solid.rings[r + 1]] for r in rings]


def plan(solid, wanted):
    """The faces of a kind seen from above."""
    shapes = [
        shapely.Polygon(rings[0][:, :2], [h[:, :2] for h in rings[1:]])
        for face, rings in polygons(solid)
        if face is wanted
    ]
    return shapely.union_all(shapes), sum(shape.area for shape in shapes)


def volume(solid):
    """By the divergence theorem; holes run the other way round and count negative."""
    origin, total = solid.points[0], 0.0
    for _, rings in polygons(solid):
        for ring in rings:
            a, b, c = ring[0] - origin, ring[1:-1] - origin, ring[2:] - origin
            total += float((np.cross(b, c) @ a).sum()) / 6
    return total


def check(solid, flat_within=0.01):
    """Closed, outwards, walls upright, faces plane, indices sound."""
    assert solid.rings[0] == solid.polygons[0] == 0
    assert solid.rings[-1] == len(solid.points)
    assert solid.polygons[-1] == len(solid.rings) - 1
    assert len(solid.polygons) == len(solid.faces) + 1
    assert (np.diff(solid.rings) >= 3).all()
    assert np.isfinite(solid.points).all()
    edges = Counter()
    for face, rings in polygons(solid):
        normal = sum(np.cross(r - r[0], np.roll(r, -1, axis=0) - r[0]).sum(axis=0) for r in rings)
        length = np.linalg.norm(normal)
        assert length > 1e-9
        normal /= length
        for ring in rings:
            assert abs((ring - rings[0][0]) @ normal).max() < flat_within
            keys = [tuple(point) for point in np.round(ring, 6) + 0.0]
            edges.update(zip(keys, keys[1:] + keys[:1], strict=True))
        if face is Face.GROUND:
            assert normal[2] < -0.999
        if face is Face.WALL:
            assert abs(normal[2]) < 1e-3
    for (a, b), times in edges.items():
        assert a != b
        assert edges[b, a] == times
    assert volume(solid) > 0
