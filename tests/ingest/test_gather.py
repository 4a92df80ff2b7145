"""Ids of a city that comes in parts: the source's own, told apart where it gives one to different things."""

import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ingest.gather import _Making
from ingest.load import shared_layer
from ingest.prepared import Prepared
from twin.batch import pack
from twin.laid import lay
from twin.record import Feature
from twin.report import Report

LAYER = shared_layer("de/by/buildings")
PARTS = st.lists(
    st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from("123")), max_size=4), max_size=6
)


def gathered(parts, folder):
    """Ids with checksums as they lie on the shelf, and the report."""
    making = _Making(LAYER, report := Report(), folder)
    for number, things in enumerate(parts):
        made = [Feature(name, name, {}, None, checksum=checksum * 8) for name, checksum in things]
        laid = lay(pack(made, LAYER.schema_), folder / f"{number}.arrow") if made else None
        making.take(Prepared(laid, [f"place {n}" for n in range(len(made))]), 0)
    shelf = making.shelf()
    return Counter((feature.id, feature.checksum) for feature in shelf), report


def one_by_one(parts):
    """The same by looking at each thing alone."""
    seen, twice, told_apart = {}, 0, 0
    for name, checksum in (thing for part in parts for thing in part):
        own = name if seen.get(name, checksum * 8) == checksum * 8 else f"{name}~{checksum * 8}"
        if own in seen:
            twice += 1
            continue
        seen[own] = checksum * 8
        told_apart += own != name
    return Counter(seen.items()), twice, told_apart


@given(PARTS)
def test_all_parts_have_the_ids_that_looking_at_each_thing_gives(parts):
    with tempfile.TemporaryDirectory() as folder:
        found, report = gathered(parts, Path(folder))
    wanted, twice, told_apart = one_by_one(parts)
    assert found == wanted
    assert (report.published, report.duplicate) == (len(wanted.keys()), twice)
    assert sum(report.notes.values()) == told_apart


def test_what_lies_on_disk_is_not_kept_in_memory_beside_it(tmp_path):
    making = _Making(LAYER, Report(), tmp_path)
    made = [Feature(name, name, {}, None, checksum="1") for name in "bca"]
    making.take(Prepared(lay(pack(made, LAYER.schema_), tmp_path / "0.arrow"), ["here"] * 3), 0)
    assert [laid.index.num_columns for laid in making._shelf._laid] == [0]
    shelf = making.shelf()
    assert shelf.ids == ["a", "b", "c"]
