import numpy as np
import shapely

from tiles.blocks import Profile, simple_forms


def test_walls_between_corners_in_one_place_still_have_normals():
    """glTF wants every normal to be one long, of triangles that nobody sees, too."""
    twice = shapely.Polygon([(0, 0), (20, 0), (0, 15), (0, 15 + 1e-10)])
    hole = shapely.Polygon([(0, 0), (30, 0), (30, 30), (0, 30)], [[(9, 9), (9, 12), (12, 9), (12, 9)]])
    low, high = np.zeros((2, 2)), np.full((2, 2), 30.0)
    profile = Profile(np.zeros(2), np.full(2, 9.0), np.zeros(2), low, high, np.full(2, 40.0))
    for shapes, errors in simple_forms(np.array([twice, hole], dtype=object), profile):
        assert np.isfinite(errors).all()
        assert np.allclose(np.linalg.norm(shapes.normals, axis=1), 1)
