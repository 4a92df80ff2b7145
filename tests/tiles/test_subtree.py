"""Subtree files, read bit by bit as the standard says."""

import json
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiles.subtree import Known, levels_of, subtrees


def bits(document, body, stated, count):
    if "constant" in stated:
        return [stated["constant"]] * count
    view = document["bufferViews"][stated["bitstream"]]
    assert view["byteOffset"] % 8 == 0
    data = body[view["byteOffset"] :][: view["byteLength"]]
    assert len(data) == -(-count // 8)
    return [data[n // 8] >> n % 8 & 1 for n in range(count)]


def opened(data):
    magic, version, size, rest = struct.unpack_from("<4sIQQ", data)
    assert (magic, version, size % 8, rest % 8, len(data)) == (b"subt", 1, 0, 0, 24 + size + rest)
    document, body = json.loads(data[24 : 24 + size]), data[24 + size :]
    assert document["buffers"] == [{"byteLength": rest}]
    return document, body


def known(place):
    return Known(place, np.arange(12.0) + place[0], float(place[1]))


@given(st.sets(st.tuples(st.integers(0, 31), st.integers(0, 31)), min_size=1, max_size=20), st.integers(1, 4))
def test_subtrees_tell_exactly_the_tiles_that_are_there(cells, levels):
    """The order of places is that of the standard's figures: x before y, level by level."""
    places = {(level, x >> 5 - level, y >> 5 - level) for x, y in cells for level in range(6)}
    found = set()
    files = dict(subtrees([known(place) for place in sorted(places, reverse=True)], levels))
    for (top, left, bottom), data in files.items():
        document, body = opened(data)
        count = (4**levels - 1) // 3
        there = bits(document, body, document["tileAvailability"], count)
        assert document["contentAvailability"] == [document["tileAvailability"]]
        table = document["propertyTables"][0]
        assert table["count"] == sum(there)
        order = []
        for number, bit in enumerate(there):
            level = next(n for n in range(levels) if number < (4 ** (n + 1) - 1) // 3)
            place = number - (4**level - 1) // 3
            x = sum((place >> 2 * bit & 1) << bit for bit in range(level))
            y = sum((place >> 2 * bit + 1 & 1) << bit for bit in range(level))
            if bit:
                order.append((top + level, (left << level) + x, (bottom << level) + y))
        view = document["bufferViews"][table["properties"]["error"]["values"]]
        errors = np.frombuffer(body[view["byteOffset"] :][: view["byteLength"]], "<f4")
        assert errors.tolist() == [x for _, x, _ in order]
        found |= set(order)
        for number, bit in enumerate(bits(document, body, document["childSubtreeAvailability"], 4**levels)):
            x = sum((number >> 2 * n & 1) << n for n in range(levels))
            y = sum((number >> 2 * n + 1 & 1) << n for n in range(levels))
            assert bit == ((top + levels, (left << levels) + x, (bottom << levels) + y) in files)
    assert found == places


@pytest.mark.parametrize(("available", "levels"), [(1, 1), (6, 6), (7, 4), (9, 5), (12, 6), (13, 5)])
def test_subtrees_are_alike(available, levels):
    assert levels_of(available) == levels
