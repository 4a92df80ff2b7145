"""Which buildings share a tile: cells of a fixed grid, none too heavy, each building in one."""

import numpy as np
from hypothesis import assume, example, given
from hypothesis import strategies as st

from tiles.quadtree import quadtree, unbroken

FIVE = np.array([[0.0, 0.0], [1.0, 1.0], [100.0, 0.0], [100.0, 100.0], [101.0, 101.0]])
places = st.lists(
    st.tuples(st.floats(-3000, 3000), st.floats(-3000, 3000), st.integers(1, 50)), min_size=1, max_size=60
)


def all_cells(cell):
    yield cell
    for child in cell.children:
        yield from all_cells(child)


def built(found, limit, origin=(0.0, 0.0)):
    centres = np.array([each[:2] for each in found]) + origin
    weights = np.array([each[2] for each in found], np.int64)
    return quadtree(centres, weights, limit), centres, weights


@given(places, st.integers(1, 500), st.sampled_from([(0.0, 0.0), (691_000.0, 5_334_000.0)]))
@example(
    [(8.0, 0.0, 1), (-5e-210, 0.0, 1)], 1, (0.0, 0.0)
)  # 8 m apart, and yet in the first and the third cell
def test_every_building_lies_in_one_leaf_and_no_leaf_is_heavier_than_it_must_be(found, limit, origin):
    top, centres, weights = built(found, limit, origin)
    leaves = list(top.leaves())
    assert sorted(number for leaf in leaves for number in leaf.members.tolist()) == list(range(len(centres)))
    for leaf in leaves:
        assert leaf.weight <= limit or leaf.width == 8.0
    assert sum(len(cell.inside) for cell in all_cells(top)) == len(centres), "no level holds all once more"
    for cell in all_cells(top):
        assert cell.weight == weights[cell.members].sum()
        assert cell.members.tolist() == sorted(cell.members.tolist())
        if cell is not top:
            row, column = np.floor(centres[cell.members] / cell.width).astype(int).T[::-1]
            assert {(*each,) for each in zip(row.tolist(), column.tolist(), strict=True)} == {cell.place}
        for child in cell.children:
            assert child.width <= cell.width / 2


@given(places, st.integers(1, 200), st.tuples(st.floats(-3000, 3000), st.floats(-3000, 3000)))
def test_a_new_building_moves_no_other_one_out_of_the_cells_it_shares_with_its_neighbours(found, limit, new):
    """What does not hold the new one is as it was: the same cells, with the same buildings."""
    before, after = built(found, limit)[0], built([*found, (*new, 1)], limit)[0]
    assume((before.width, before.place) == (after.width, after.place))  # within the town, not beyond it
    untouched = {
        (cell.width, cell.place, *cell.members.tolist())
        for cell in before.leaves()
        if cell is not before and cell.place != tuple(np.floor(np.array(new) / cell.width).astype(int)[::-1])
    }
    assert untouched <= {(cell.width, cell.place, *cell.members.tolist()) for cell in after.leaves()}


def test_quarters_come_from_south_to_north_and_in_a_row_from_west_to_east():
    top = quadtree(FIVE, np.ones(5, np.int64), 2)
    assert [leaf.members.tolist() for leaf in top.leaves()] == [[0, 1], [2], [3, 4]]
    assert [(leaf.width, leaf.place) for leaf in top.leaves()] == [
        (128.0 / 2, (0, 0)),
        (64.0, (0, 1)),
        (64.0, (1, 1)),
    ]


def test_only_the_numbers_asked_for_are_divided():
    top = quadtree(FIVE, np.ones(5, np.int64), 1, np.array([1, 3]))
    assert [leaf.members.tolist() for leaf in top.leaves()] == [[1], [3]]


def test_those_at_one_place_stay_together_however_heavy():
    top = quadtree(np.full((4, 2), 7.0), np.full(4, 1000), 10)
    assert (top.width, top.children, top.members.tolist()) == (8.0, [], [0, 1, 2, 3])


def test_where_no_cell_may_be_passed_over_each_is_half_as_wide_as_the_one_above():
    centres = np.array([[0.0, 0.0], [9.0, 0.0], [4000.0, 4000.0], [4009.0, 4000.0]])
    top = unbroken(quadtree(centres, np.ones(4, np.int64), 1))
    for cell in all_cells(top):
        for child in cell.children:
            assert child.width == cell.width / 2 or not child.children
