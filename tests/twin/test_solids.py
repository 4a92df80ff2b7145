"""Many forms one behind the other are the same forms."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.twin.test_batch import solids
from twin.record import Solid
from twin.solids import Solids


@given(st.lists(st.none() | solids(), max_size=6))
def test_each_comes_out_as_it_went_in(made):
    together = Solids.of(made)
    assert len(together) == len(made)
    assert together.owners.tolist() == [n for n, one in enumerate(made) if one for _ in one.faces]
    for number, one in enumerate(made):
        found = together.at(number)
        if one is None or not len(one.faces):
            assert not len(found.faces)
            assert not len(found.points)
            continue
        for name in ("points", "rings", "polygons", "faces"):
            assert np.array_equal(getattr(found, name), getattr(one, name)), name
            assert getattr(found, name).dtype == getattr(one, name).dtype, name
    assert (together.skins is None) == all(one is None or one.skin is None for one in made)


def test_points_without_a_face_belong_to_nobody():
    """Else all behind them would be shifted."""
    stray = Solid(np.ones((4, 3)), *(np.zeros(1, np.int32),) * 2, np.zeros(0, np.uint8))
    roof = Solid(
        np.arange(9.0).reshape(3, 3), *(np.array([0, n], np.int32) for n in (3, 1)), np.ones(1, np.uint8)
    )
    together = Solids.of([stray, roof])
    assert together.starts.tolist() == [0, 0, 3]
    assert np.array_equal(together.at(1).points, roof.points)
