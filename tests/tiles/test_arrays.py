"""Arrays in a file: as they were, or not at all."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from tiles.arrays import packed, unpacked

kinds = st.sampled_from(["<f8", "<f4", "<i8", "<i4", "|u1", "|b1"])
some = st.dictionaries(
    st.text(max_size=9),
    kinds.flatmap(lambda kind: arrays(kind, array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=5))),
    max_size=5,
)


@given(some)
def test_arrays_come_back_as_they_were(given_arrays):
    found = unpacked(packed(given_arrays))
    assert list(found) == list(given_arrays)
    for name, array in given_arrays.items():
        assert (found[name].dtype, found[name].shape) == (array.dtype, array.shape)
        assert found[name].tobytes() == array.tobytes()


@given(some, st.data())
def test_a_damaged_file_is_never_read(given_arrays, data):
    whole = bytearray(packed(given_arrays))
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(ValueError, match="damaged"):
        unpacked(bytes(whole))
    with pytest.raises(ValueError, match="damaged"):
        unpacked(packed(given_arrays)[: data.draw(st.integers(0, len(whole) - 1))])


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"twin arrays 1\n\0\0", b"\x93NUMPY" + b"\0" * 80])
def test_another_file_is_none_of_ours(data):
    with pytest.raises(ValueError, match="not written by us"):
        unpacked(data)


def test_rows_are_packed_whatever_their_order_in_memory():
    columns = np.asfortranarray(np.arange(6.0).reshape(2, 3))
    assert unpacked(packed({"a": columns, "b": columns[:, ::2]}))["a"].tolist() == columns.tolist()
    assert unpacked(packed({"a": columns, "b": columns[:, ::2]}))["b"].tolist() == [[0.0, 2.0], [3.0, 5.0]]
