"""Lowered heights: the triangulation made of them rises above no cell, whichever diagonal halves a square."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiles.rtin import active, errors, lowered, surface

N = 8


@pytest.mark.parametrize("parity", [0, 1])
@given(seed=st.integers(0, 2**32 - 1), threshold=st.sampled_from([-1.0, 1.0, 4.0, 9.0, 99.0]))
def test_nothing_is_buried_and_what_is_drawn_whole_stays(parity, seed, threshold):
    heights = np.random.default_rng(seed).normal(500, 5, (2 * N + 1, 3 * N + 1)).astype(np.float32)
    heights[4:7, 9:13] = np.nan if threshold > 1 else heights[4:7, 9:13]
    used = active(errors(heights, N, parity, 1.0), threshold)
    found = lowered(heights, used, N, parity, 1.0)
    assert not (surface(found, used, N, parity, 1.0) > heights + 1e-3).any()
    np.testing.assert_array_equal(np.isnan(found), np.isnan(heights))
    if used.all():
        np.testing.assert_array_equal(found, heights)
