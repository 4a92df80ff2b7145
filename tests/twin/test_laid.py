"""Batches in files of their own: what is gone or damaged is told, never read as something else."""

import pytest

from twin.batch import pack
from twin.errors import StoreError
from twin.laid import lay, read
from twin.record import Feature
from twin.schemas.model import BUILDING


def test_what_is_damaged_or_gone_is_told_with_the_remedy(tmp_path):
    laid = lay(pack([Feature("a", "a", {}, None)], BUILDING), tmp_path / "some.arrow")
    assert read(laid.path, ["id"]).to_pydict() == {"id": ["a"]}
    (tmp_path / "some.arrow").write_bytes((tmp_path / "some.arrow").read_bytes()[:-9])
    with pytest.raises(StoreError, match="remove that folder"):
        read(laid.path)
    (tmp_path / "some.arrow").unlink()
    for packed in (True, False):
        with pytest.raises(StoreError, match="remove that folder"):
            read(laid.path, ["id"], packed=packed)


def test_some_columns_are_the_same_however_they_are_read(tmp_path):
    laid = lay(pack([Feature(name, name, {}, None) for name in "abc"], BUILDING), tmp_path / "some.arrow")
    one, other = (read(laid.path, ["checksum", "id"], packed=packed) for packed in (True, False))
    assert one.schema.names == ["checksum", "id"]
    assert one.equals(other)
