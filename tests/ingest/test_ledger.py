"""The ledger of a layer's parts: what was written comes back, what is damaged is as if it were not there."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.ledger import Ledger, write


def batch(*ids):
    return pa.RecordBatch.from_pydict(
        {"id": pa.array(ids, pa.string()), "x": pa.array(range(len(ids)), pa.int64())}
    )


NONE = pa.RecordBatch.from_pydict({})


@given(st.lists(st.lists(st.text(max_size=3), max_size=4), min_size=1, max_size=5))
def test_what_was_written_comes_back(tmp_path_factory, parts):
    path = tmp_path_factory.mktemp("kept") / "ledger"
    entries = [(f"{n}.arrow", ({"places": ids}, batch(*ids))) for n, ids in enumerate(parts)]
    assert write(path, [*entries, ("none.arrow", ({"places": []}, NONE))])
    ledger = Ledger(path)
    for name, (told, rows) in entries:
        assert name in ledger
        found = ledger.get(name)
        assert (found[0], found[1].to_pydict()) == (told, rows.to_pydict())
    assert ledger.get("none.arrow")[1].num_rows == 0
    assert ledger.get("other.arrow") is None
    assert "other.arrow" not in ledger


def test_parts_of_other_columns_stay_by_themselves(tmp_path):
    path = tmp_path / "ledger"
    other = pa.RecordBatch.from_pydict({"id": ["a"]})
    assert not write(path, [("a", ({}, batch("a"))), ("b", ({}, other))])
    assert not write(path, [("a", ({}, NONE))])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("damage", [b"", b"ARROW1", slice(0, -9), slice(9, None), slice(0, 400)])
def test_a_damaged_one_has_nothing(tmp_path, damage):
    path = tmp_path / "ledger"
    assert "a" not in Ledger(path)
    write(path, [("a", ({}, batch("a")))])
    assert Ledger(path).get("a") is not None
    path.write_bytes(path.read_bytes()[damage] if isinstance(damage, slice) else damage)
    assert Ledger(path).get("a") is None


def test_what_is_read_stays_when_another_is_written_over_it(tmp_path):
    path = tmp_path / "ledger"
    write(path, [("a", ({}, batch("a")))])
    first = Ledger(path)
    write(path, [("b", ({}, batch("b")))])
    assert first.get("a")[1].to_pydict() == {"id": ["a"], "x": [0]}
    assert "a" not in Ledger(path)
