import gzip
import json
import random

import brotli
import pytest

from twin.compress import deserves, siblings

JSON = json.dumps([{"boundingVolume": {"box": [n, 0, 0, 1]}} for n in range(200)]).encode()


@pytest.mark.parametrize("suffix", ["glb", "json", "subtree", "terrain"])
def test_siblings_hold_the_same_bytes_and_are_smaller(suffix):
    found = siblings(JSON, suffix)
    assert brotli.decompress(found["br"]) == gzip.decompress(found["gz"]) == JSON
    assert len(found["br"]) < len(found["gz"]) < len(JSON) / 2


def test_same_input_same_bytes():
    assert siblings(JSON, "glb") == siblings(bytes(bytearray(JSON)), "glb")
    assert siblings(JSON, "json")["gz"][4:8] == bytes(4)  # no time stamp


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        (b"x" * 100, "json"),  # fits into a packet as it is
        (b"x" * 10_000, "webp"),
        (b"x" * 10_000, "png"),
        (b"x" * 10_000, "parquet"),
        (random.Random(1).randbytes(10_000), "glb"),  # packed pictures inside
        (b"", "glb"),
    ],
)
def test_what_gains_nothing_has_none(data, suffix):
    assert siblings(data, suffix) == {}


def test_whether_something_deserves_siblings_is_known_without_packing():
    assert deserves("glb", 10_000)
    assert not deserves("glb", 10)
    assert not deserves("jpg", 10_000)
