import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiles.tree import Node, enu_frame, frame_at, group, inverse, tileset, to_local
from twin.errors import TilingError

MUNICH = np.array([4178001.229, 855758.118, 4727489.695])


def node(east=0.0, error=0.0, size=10.0, content="content/a.glb"):
    frame = frame_at(MUNICH + frame_at(MUNICH)[:3, 0] * east)
    return Node(frame, np.full(3, -size), np.full(3, size), error, content)


def transforms(tile, above=None):
    matrix = np.array(tile.get("transform", np.eye(4).ravel())).reshape(4, 4).T
    matrix = matrix if above is None else above @ matrix
    yield tile, matrix
    for child in tile.get("children", ()):
        yield from transforms(child, matrix)


@given(st.floats(-180, 180), st.floats(-89, 89), st.floats(-100, 3000))
def test_frames_are_east_north_up(lon, lat, height):
    a, e2 = 6378137.0, 0.00669437999014
    lam, phi = np.radians(lon), np.radians(lat)
    n = a / np.sqrt(1 - e2 * np.sin(phi) ** 2)
    around = (n + height) * np.cos(phi)
    origin = np.array([around * np.cos(lam), around * np.sin(lam), (n * (1 - e2) + height) * np.sin(phi)])
    frame = frame_at(origin)
    assert frame == pytest.approx(enu_frame(lon, lat, origin), abs=1e-9)
    assert frame[:3, :3] @ frame[:3, :3].T == pytest.approx(np.eye(3), abs=1e-12)
    assert np.linalg.det(frame[:3, :3]) == pytest.approx(1)
    assert frame[:3, 2] == pytest.approx(
        [np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)], abs=1e-9
    )


def test_local_coordinates_keep_their_digits():
    frame = frame_at(MUNICH)
    local = np.array([[123.4567, -7.6543, 42.0]])
    ecef = local @ frame[:3, :3].T + frame[:3, 3]
    assert to_local(frame, ecef) == pytest.approx(local, abs=1e-8)
    assert inverse(frame) @ frame == pytest.approx(np.eye(4), abs=1e-8)


def test_transforms_of_nested_tiles_lead_to_each_tile_s_own_frame():
    root, child, grandchild = node(error=9.0), node(500.0, 4.0), node(-900.0)
    child.children, root.children = [grandchild], [child]
    made = tileset(root, copyright="a")
    for (_, matrix), wanted in zip(transforms(made["root"]), (root, child, grandchild), strict=True):
        assert matrix == pytest.approx(wanted.frame, abs=1e-4)


def test_a_volume_holds_all_volumes_below():
    root, child, grandchild = node(error=9.0), node(500.0, 4.0), node(-900.0, size=50.0)
    child.children, root.children = [grandchild], [child]
    found = list(transforms(tileset(root, copyright="a")["root"]))
    for number, (tile, matrix) in enumerate(found):
        box = np.array(tile["boundingVolume"]["box"])
        for below, frame in found[number:]:
            inner = np.array(below["boundingVolume"]["box"])
            signs = np.array([[i, j, k] for i in (-1, 1) for j in (-1, 1) for k in (-1, 1)])
            corners = inner[:3] + signs @ inner[3:].reshape(3, 3)
            world = corners @ frame[:3, :3].T + frame[:3, 3]
            local = (world - matrix[:3, 3]) @ matrix[:3, :3]
            slack = 0.0 if below is tile else 0.02  # each box has its own margin
            assert (np.abs(local - box[:3]) <= np.diag(box[3:].reshape(3, 3)) + slack + 1e-6).all()


def test_errors_become_monotone_and_empty_tiles_are_as_wrong_as_they_are_large():
    wrong, right = node(error=1.0), node(200.0, error=5.0)
    wrong.children = [right]
    made = tileset(group([wrong]), copyright="a", notice="made up", extras={"x": 1})
    root = made["root"]
    assert "content" not in root
    assert root["geometricError"] > 200
    assert made["geometricError"] >= root["geometricError"]
    assert root["children"][0]["geometricError"] == 5.0
    assert made["asset"] == {"version": "1.1", "extras": {"copyright": "a", "notice": "made up", "x": 1}}
    assert root["children"][0]["content"] == {"uri": "../../content/a.glb"}


def test_a_tile_needs_something_to_bound_it():
    with pytest.raises(TilingError):
        group([])
    with pytest.raises(TilingError):
        tileset(Node(np.eye(4), np.full(3, np.inf), np.full(3, -np.inf), 0.0), copyright="a")
