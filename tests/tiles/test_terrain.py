import hashlib
import itertools
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from glbread import Glb
from hypothesis import given, settings
from hypothesis import strategies as st

from tiles import rtin
from tiles.geodesy import Geodesy
from tiles.lattice import join
from tiles.pyramid import levels
from tiles.tree import tileset
from tiles.writers.terrain import Style, make_terrain
from twin.city import Heights
from twin.errors import TilingError
from twin.record import Raster

WEST, NORTH = 690000.5, 5336999.5
GEODESY = Geodesy("EPSG:25832", Heights(crs="EPSG:5783", undulation_m=45.66, undulation_error_m=0.1))
STYLE = Style(GEODESY, "© test", encoding="quantised")


def hills(rows, columns, seed=0, west=WEST, north=NORTH):
    """Hills, a wall of 3 m and some roughness."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:rows, :columns].astype(float)
    heights = 510 + 6 * np.sin(x / 60) * np.cos(y / 45) + 3 * (x + y > 400) + rng.normal(0, 0.03, x.shape)
    return Raster(heights.astype(np.float32), west, north, 1.0)


def l_shape():
    whole = hills(700, 700)
    cut = [(0, 400, 0, 400), (0, 400, 400, 700), (400, 700, 0, 400)]
    pieces = [Raster(whole.heights[a:b, c:d].copy(), WEST + c, NORTH - a, 1.0) for a, b, c, d in cut]
    pieces[0].heights[100:140, 50:120] = np.nan
    return pieces


class Made:
    """A terrain in memory, its tiles read back in the city's coordinates."""

    def __init__(self, pieces, style=STYLE, executor=None):
        self.contents = {}
        self.root, self.account = make_terrain(pieces, style, self.put, executor)
        self.tileset = tileset(self.root, copyright=style.copyright)
        self.nodes = list(self.walk(self.root, 0))
        self.deepest = max(depth for depth, _ in self.nodes)

    def put(self, data, suffix, packed=None):
        key = f"content/{hashlib.sha256(data).hexdigest()}.{suffix}"
        self.contents[key] = data
        return key

    def walk(self, node, depth):
        yield depth, node
        for child in node.children:
            yield from self.walk(child, depth + 1)

    def mesh(self, node):
        """ECEF positions, triangles (with skirts), normals."""
        ((material, positions, indices, normals, _, mode),) = Glb(self.contents[node.content]).primitives()
        assert (material, mode) == ("terrain", 4)
        ecef = positions @ node.frame[:3, :3].T + node.frame[:3, 3]
        return ecef, indices.reshape(-1, 3), normals @ node.frame[:3, :3].T


@pytest.fixture(scope="module")
def made():
    return Made(l_shape())


def to_city(ecef):
    """City coordinates back from EPSG:4978, by PROJ alone."""
    import pyproj

    back = pyproj.Transformer.from_crs("EPSG:4936", "EPSG:4937", always_xy=True)
    lon, lat, h = back.transform(*ecef.T)
    x, y = pyproj.Transformer.from_crs("EPSG:4258", "EPSG:25832", always_xy=True).transform(lon, lat)
    return np.column_stack([x, y, h - 45.66])


def faces_up(city, triangles):
    """Triangles that are terrain: skirts stand upright and cover no ground."""
    a, b, c = (city[triangles[:, i], :2] for i in range(3))
    doubled = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    return triangles[doubled > 0.3], doubled


def height_at(city, triangles, x, y):
    """Height of a triangulation over a point, by looking at every triangle; NaN over holes."""
    a, b, c = (city[triangles[:, i]] for i in range(3))
    d = (b[:, 1] - c[:, 1]) * (a[:, 0] - c[:, 0]) + (c[:, 0] - b[:, 0]) * (a[:, 1] - c[:, 1])
    u = ((b[:, 1] - c[:, 1]) * (x - c[:, 0]) + (c[:, 0] - b[:, 0]) * (y - c[:, 1])) / d
    v = ((c[:, 1] - a[:, 1]) * (x - c[:, 0]) + (a[:, 0] - c[:, 0]) * (y - c[:, 1])) / d
    w = 1 - u - v
    inside = np.flatnonzero((u > -1e-2) & (v > -1e-2) & (w > -1e-2))
    if not len(inside):
        return np.nan
    i = inside[np.argmax(np.min([u[inside], v[inside], w[inside]], axis=0))]
    return u[i] * a[i, 2] + v[i] * b[i, 2] + w[i] * c[i, 2]


def test_no_tile_is_farther_from_the_raster_than_it_says(made):
    (lattice,) = join(l_shape())
    rng = np.random.default_rng(1)
    checked = 0
    for _, node in made.nodes:
        if node.content is None:
            continue
        ecef, triangles, _ = made.mesh(node)
        city = to_city(ecef)
        ground, _ = faces_up(city, triangles)
        low, high = city[ground.ravel()].min(axis=0), city[ground.ravel()].max(axis=0)
        for x, y in rng.uniform(low[:2], high[:2], (60, 2)).round() - 0.5:
            row, column = round(lattice.north - y), round(x - lattice.east)
            truth = lattice.values(np.array([row]), np.array([column]))[0]
            drawn = height_at(city, ground, x, y)
            if np.isfinite(truth) and np.isfinite(drawn):
                assert abs(truth - drawn) <= node.geometric_error + 0.002
                checked += 1
    assert checked > 500


def test_neighbours_of_one_level_share_their_border(made):
    tiles = [node for depth, node in made.nodes if depth == made.deepest]
    tops, steps = [], []
    for node in tiles:
        ecef, triangles, _ = made.mesh(node)
        ground, _ = faces_up(to_city(ecef), triangles)
        used = np.unique(ground)
        tops.append(ecef[used])
        steps.append((node.high - node.low).max() / 65535)
    shared = 0
    for (a, step_a), (b, step_b) in itertools.combinations(zip(tops, steps, strict=True), 2):
        cities = to_city(a), to_city(b)
        # The line on which both end, if there is one.
        for axis, (one, two) in itertools.product((0, 1), ((0, 1), (1, 0))):
            line = cities[one][:, axis].max()
            if abs(line - cities[two][:, axis].min()) > 0.1:
                continue
            here = [c[np.abs(c[:, axis] - line) < 0.1] for c in (cities[one], cities[two])]
            other = 1 - axis
            spans = [(e[:, other].min(), e[:, other].max()) for e in here]
            low, high = max(s[0] for s in spans) - 0.1, min(s[1] for s in spans) + 0.1
            if high - low < 10:
                continue
            here = [e[(e[:, other] > low) & (e[:, other] < high)] for e in here]
            here = [e[np.argsort(e[:, other])] for e in here]
            assert len(here[0]) == len(here[1])
            np.testing.assert_allclose(here[0], here[1], atol=2 * (step_a + step_b))
            shared += len(here[0])
    assert shared > 200


def test_skirts_cover_what_a_coarser_neighbour_may_leave_open(made):
    for _, node in made.nodes:
        for child in node.children:
            if node.content is None or child.content is None:
                continue
            ecef, triangles, _ = made.mesh(child)
            up = child.frame[:3, 2]
            _, doubled = faces_up(to_city(ecef), triangles)
            skirts = triangles[np.abs(doubled) < 0.3]
            assert len(skirts)
            drops = (ecef[skirts] @ up).max(axis=1) - (ecef[skirts] @ up).min(axis=1)
            assert drops.min() >= child.geometric_error + node.geometric_error - 0.05


def test_every_border_edge_has_its_skirt(made):
    (lattice,) = join(l_shape())
    edge_count = 0
    for node in [node for depth, node in made.nodes if depth == made.deepest][:4]:
        ecef, triangles, _ = made.mesh(node)
        city = to_city(ecef)
        ground, _ = faces_up(city, triangles)
        cells = np.column_stack(lattice.index(city[:, :2])).round(1)
        first = np.floor(np.median(cells[ground.ravel()], axis=0) / 256) * 256
        upright = {}  # edge → vertices that make a face with it
        for t in triangles.tolist():
            for i in range(3):
                upright.setdefault(frozenset((t[i], t[i - 1])), []).append(t[i - 2])
        for t in ground.tolist():
            for a, b in ((t[0], t[1]), (t[1], t[2]), (t[2], t[0])):
                same = cells[a] == cells[b]
                if (same & ((cells[a] == first) | (cells[a] == first + 256))).any():
                    others = [c for c in upright[frozenset((a, b))] if c not in t]
                    assert any((cells[c] == cells[[a, b]]).all(axis=1).any() for c in others)
                    edge_count += 1
    assert edge_count > 100


def test_skirts_are_seen_from_outside_alone_in_the_light_of_the_ground_above(made):
    seen = 0
    for _, node in made.nodes:
        if node.content is None:
            continue
        (material,) = Glb(made.contents[node.content]).json["materials"]
        assert not material.get("doubleSided", False)
        ecef, triangles, normals = made.mesh(node)
        city = to_city(ecef)
        ground, doubled = faces_up(city, triangles)
        assert (doubled > -0.3).all(), "ground is seen from above"
        skirts = triangles[np.abs(doubled) < 0.3]
        a, b, c = ecef[skirts].transpose(1, 0, 2)
        faces = np.cross(b - a, c - a)
        away = (a + b + c) / 3 - ecef[np.unique(ground)].mean(axis=0)
        up = node.frame[:3, 2]
        away -= np.outer(away @ up, up)
        assert ((faces * away).sum(axis=1) > 0).all()
        assert max(np.ptp(lit, axis=0).max() for lit in _by_place(city, normals)) < 1e-9
        seen += len(skirts)
    assert seen > 500


def test_neighbours_have_one_normal_where_they_meet(made):
    cities, normals = [], []
    for depth, node in made.nodes:
        if depth == made.deepest:
            ecef, triangles, lit = made.mesh(node)
            city = to_city(ecef)
            used = np.unique(faces_up(city, triangles)[0])
            cities.append(city[used])
            normals.append(lit[used])
    shared = list(_by_place(np.concatenate(cities), np.concatenate(normals)))
    assert len(shared) > 100
    assert max(np.ptp(lit, axis=0).max() for lit in shared) < 1.6 / 127  # a step of what is written


def _by_place(city, normals):
    """The normals of each place that has several."""
    rows = np.rint(city[:, :2] - (WEST, NORTH)).astype(int)
    _, inverse, counts = np.unique(rows, axis=0, return_inverse=True, return_counts=True)
    order = np.argsort(inverse.ravel(), kind="stable")
    return [lit for lit in np.split(normals[order], np.cumsum(counts)[:-1]) if len(lit) > 1]


def test_holes_stay_holes_and_the_missing_corner_stays_missing(made):
    (lattice,) = join(l_shape())
    leaves = [made.mesh(node)[:2] for depth, node in made.nodes if depth == made.deepest]
    meshes = [(city := to_city(ecef), faces_up(city, t)[0]) for ecef, t in leaves]
    rng = np.random.default_rng(3)
    x = rng.integers(0, 700, 250)
    y = rng.integers(0, 700, 250)
    x[:60], y[:60] = rng.integers(40, 130, 60), rng.integers(90, 150, 60)  # around the hole
    for column, row in zip(x, y, strict=True):
        px, py = WEST + column, NORTH - row
        drawn = [
            height_at(city, t, px, py)
            for city, t in meshes
            if (city[:, :2].min(axis=0) - 1 < (px, py)).all()
            and (city[:, :2].max(axis=0) + 1 > (px, py)).all()
        ]
        rows, columns = lattice.index(np.array([[px, py]]))
        known = np.isfinite(lattice.values(rows.round().astype(int), columns.round().astype(int))[0])
        assert np.isfinite(drawn).any() == known, (column, row)


def test_volumes_contain_their_content_and_errors_only_grow_upwards(made):
    def check(tile, transform, above):
        transform = transform @ np.array(tile.get("transform", np.eye(4).ravel())).reshape(4, 4).T
        assert tile["geometricError"] <= above
        box = np.array(tile["boundingVolume"]["box"])
        if "content" in tile:
            data = made.contents[tile["content"]["uri"].removeprefix("../../")]
            ((_, positions, *_),) = Glb(data).primitives()
            half = np.array([box[3], box[7], box[11]])
            assert (np.abs(positions - box[:3]) <= half).all()
        for child in tile.get("children", []):
            check(child, transform, tile["geometricError"])

    check(made.tileset["root"], np.eye(4), made.tileset["geometricError"])


def test_normals_follow_the_slope_without_facets():
    x = np.arange(200.0) + np.zeros((200, 1))
    slope = Raster((500 + 0.2 * x).astype(np.float32), WEST, NORTH, 1.0)
    made = Made([slope])
    (node,) = [node for _, node in made.nodes if node.content][-1:]
    _, _, normals = made.mesh(node)
    local = normals @ node.frame[:3, :3]
    expected = np.array([-0.2, 0, 1]) / np.hypot(0.2, 1)
    # 8-bit normals, and grid north is 2° from true north here.
    np.testing.assert_allclose(local, np.broadcast_to(expected, local.shape), atol=0.02)


def test_the_same_pieces_give_the_same_bytes_whoever_works():
    pieces = l_shape()
    with ThreadPoolExecutor(3) as pool:
        there = Made(list(reversed(pieces)), executor=pool)
    here = Made(pieces)
    assert here.tileset == there.tileset
    assert here.contents == there.contents


def test_a_change_in_one_place_leaves_far_tiles_as_they_are():
    before, changed = hills(1000, 1000), hills(1000, 1000)
    changed.heights[5:40, 5:40] += 0.5  # more would rightly deepen the skirts around
    one, two = Made([before]), Made([changed])
    assert len(set(one.contents) - set(two.contents)) <= len(one.contents) / 3


def test_flat_ground_costs_next_to_nothing_even_with_the_earth_curved():
    made = Made([Raster(np.full((600, 600), 510, np.float32), WEST, NORTH, 1.0)])
    leaf = [node for depth, node in made.nodes if depth == made.deepest]
    assert max(node.geometric_error for node in leaf) <= 0.26
    inner = min(len(made.contents[node.content]) for node in leaf)
    assert inner < 3000


def test_terrain_of_other_steps_stands_beside_the_fine_one():
    coarse = Raster(np.full((40, 40), 505, np.float32), WEST + 2000, NORTH, 25.0)
    made = Made([hills(300, 300), coarse])
    assert made.account.triangles > 0
    assert len(made.root.children) >= 2


def test_rough_ground_has_no_more_vertices_than_indices_of_two_bytes_can_name():
    heights = np.random.default_rng(0).normal(500, 10, (600, 600)).astype(np.float32)
    made = Made([Raster(heights, WEST, NORTH, 1.0)])
    beside = {}  # the largest error of the tiles around, which may be raised
    for _, parent in made.nodes:
        beside |= {id(child): max(c.geometric_error for c in parent.children) for child in parent.children}
    beside.setdefault(id(made.root), 0.0)
    most = 0
    for _, node in made.nodes:
        if node.content is None:
            continue
        ecef, triangles, _ = made.mesh(node)
        assert len(ecef) <= 65_535
        most = max(most, len(ecef))
        assert node.geometric_error < 120
        _, doubled = faces_up(to_city(ecef), triangles)
        skirts = triangles[np.abs(doubled) < 0.3]
        drops = np.ptp(ecef[skirts] @ node.frame[:3, 2], axis=1)
        assert drops.min() >= node.geometric_error + beside[id(node)] - 0.05
    assert most > 30_000


def test_coarse_cells_want_fewer_vertices():
    def triangles(step):
        rough = np.random.default_rng(0).normal(500, 0.5, (300, 300)).astype(np.float32)
        return Made([Raster(rough, WEST, NORTH, step)]).account.triangles

    assert triangles(25.0) < triangles(1.0) / 2


def test_nothing_to_draw_is_said():
    with pytest.raises(TilingError, match="no height at all"):
        Made([Raster(np.full((50, 50), np.nan, np.float32), WEST, NORTH, 1.0)])
    with pytest.raises(TilingError, match="no height at all"):
        Made([])


@given(seed=st.integers(0, 2**32 - 1), parity=st.integers(0, 1), threshold=st.floats(0.0, 3.0))
@settings(max_examples=25, deadline=None)
def test_a_triangulation_covers_its_square_once_and_has_no_t_junctions(seed, parity, threshold):
    n = 16
    rng = np.random.default_rng(seed)
    heights = rng.normal(0, 1, (3 * n + 1, 3 * n + 1)).astype(np.float32)
    used = rtin.active(rtin.errors(heights, n, parity, 1.0), threshold)
    square = used[n : 2 * n + 1, n : 2 * n + 1]
    triangles = rtin.triangles(square, parity)
    points = np.column_stack([triangles.ravel() % (n + 1), n - triangles.ravel() // (n + 1)]).reshape(
        -1, 3, 2
    )
    a, b = points[:, 1] - points[:, 0], points[:, 2] - points[:, 0]
    doubled = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    assert (doubled > 0).all()
    assert doubled.sum() == 2 * n * n
    # Each vertex in use is a corner, and inner edges are met from both sides: no T-junction.
    assert set(triangles.ravel().tolist()) == set(np.flatnonzero(square.ravel()).tolist())
    edges = {(t[i], t[(i + 1) % 3]) for t in triangles.tolist() for i in range(3)}
    for start, end in edges:
        on_rim = any(
            abs(start_side - side) + abs(end_side - side) == 0
            for start_side, end_side in ((start // (n + 1), end // (n + 1)), (start % (n + 1), end % (n + 1)))
            for side in (0, n)
        )
        assert on_rim or (end, start) in edges


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=10, deadline=None)
def test_two_windows_agree_on_the_tile_between_them(seed):
    n = 16
    rng = np.random.default_rng(seed)
    heights = rng.normal(0, 1, (5 * n + 1, 5 * n + 1)).astype(np.float32)
    heights[rng.random(heights.shape) < 0.01] = np.nan
    whole = rtin.active(rtin.errors(heights, n, 0, 1.0), 0.8)
    for row, column in itertools.product((1, 2, 3), repeat=2):
        window = heights[(row - 1) * n : (row + 2) * n + 1, (column - 1) * n : (column + 2) * n + 1]
        alone = rtin.active(rtin.errors(window, n, row + column, 1.0), 0.8)
        np.testing.assert_array_equal(
            alone[n : 2 * n + 1, n : 2 * n + 1],
            whole[row * n : (row + 1) * n + 1, column * n : (column + 1) * n + 1],
        )


def test_coarse_levels_look_at_fewer_cells_and_own_up_to_it():
    rng = np.random.default_rng(5)
    heights = (500 + rng.normal(0, 0.05, (300, 5200))).astype(np.float32)
    heights[150, 4001] += 9  # a mast that every second cell misses
    pieces = [Raster(heights, WEST, NORTH, 1.0)]
    (lattice,) = join(pieces)
    assert levels(lattice)[-1].stride > 1
    made = Made(pieces, Style(GEODESY, "© test"))
    assert made.account.errors_m[levels(lattice)[-1].number] > 8.5
