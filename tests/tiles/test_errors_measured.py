"""What a simplified building says of its error is no less than what a ruler finds."""

import numpy as np
import pytest
from houses_made import feature, gabled, prism, rectangle
from test_buildings import built
from tile_reader import read_tileset

from tiles.writers import buildings

FORMS = {
    "a house over a street": [
        *prism(rectangle(10, 10), 30),
        *prism(rectangle(50, 10), 6, x=10, z=24),
    ],
    "a hall on stilts": [*prism(rectangle(40, 40), 8, z=12), *prism(rectangle(2, 2), 12, x=19, y=19)],
    "a house on a slope": [*prism(rectangle(20, 10), 20), *prism(rectangle(20, 10), 11, x=20, z=9)],
    "a block around a courtyard": [
        *prism(rectangle(40, 5), 20),
        *prism(rectangle(40, 5), 20, y=35),
        *prism(rectangle(5, 30), 20, y=5),
        *prism(rectangle(5, 30), 20, x=35, y=5),
    ],
    "a gabled house": gabled(14, 10, 5, 9),
}


def away(points, triangles):
    """(n,) distance of points from the nearest of some triangles."""
    nearest = np.full(len(points), np.inf)
    for a, b, c in triangles:
        normal = np.cross(b - a, c - a)
        normal /= np.linalg.norm(normal)
        inside = np.ones(len(points), dtype=bool)
        for start, end in ((a, b), (b, c), (c, a)):
            along = end - start
            inside &= (np.cross(along, points - start) @ normal) >= 0
            share = np.clip((points - start) @ along / (along @ along), 0, 1)
            nearest = np.minimum(nearest, np.linalg.norm(points - start - share[:, None] * along, axis=1))
        nearest = np.where(inside, np.minimum(nearest, np.abs((points - a) @ normal)), nearest)
    return nearest


def places(triangles):
    """Points all over triangles."""
    u, v = np.meshgrid(*[np.linspace(0, 1, 25)] * 2)
    u, v = u[u + v <= 1], v[u + v <= 1]
    a, b, c = triangles[:, :1], triangles[:, 1:2], triangles[:, 2:]
    return (a + u[:, None] * (b - a) + v[:, None] * (c - a)).reshape(-1, 3)


@pytest.mark.parametrize("name", FORMS)
def test_no_place_of_a_block_is_farther_from_the_house_than_its_tile_says(name, monkeypatch):
    monkeypatch.setattr(buildings, "LEAF_POINTS", 200)
    form = FORMS[name]
    made = [
        feature(
            f"{i}", [(face, [[(x + 90 * i, y, z) for x, y, z in r] for r in rings]) for face, rings in form]
        )
        for i in range(12)
    ]
    result, kept = built(made)
    root = read_tileset(result.tileset, kept)
    true = {}
    blocks = 0
    for tile in sorted(root.walk(), key=lambda tile: bool(tile.children)):
        for number, row in enumerate(tile.content.table()):
            found = [p.triangles[p.ids[p.corners[:, 0]] == number] for p in tile.content.primitives]
            triangles = tile.ecef(np.concatenate(found).reshape(-1, 3)).reshape(-1, 3, 3)
            if not tile.children:
                true[row["id"]] = triangles
            elif tile.error:
                blocks += 1
                assert away(places(triangles), true[row["id"]]).max() <= tile.error + 0.05
    assert blocks
