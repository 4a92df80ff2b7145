from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as some

from twin.batch import pack, unpack
from twin.errors import StoreError
from twin.record import Feature, Skin, Solid
from twin.schemas.model import BUILDING
from twin.shelf import Shelf

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@st.composite
def solids(draw):
    """Any number of polygons of any number of rings of any number of points."""
    rings = draw(st.lists(st.lists(st.integers(0, 5), min_size=1, max_size=3), max_size=4))
    sizes = [size for polygon in rings for size in polygon]
    count = sum(sizes)
    points = draw(some.arrays(np.float64, (count, 3), elements=st.floats(-1e6, 1e6)))
    offsets = np.cumsum([0, *sizes]), np.cumsum([0, *map(len, rings)])
    skin = None
    if count and draw(st.booleans()):
        skin = Skin(("a b.jpg",), np.zeros(len(rings), np.int32), np.full((count, 2), np.nan, np.float32))
    faces = np.arange(len(rings), dtype=np.uint8) % 5
    return Solid(points, *(each.astype(np.int32) for each in offsets), faces, skin)


@st.composite
def features(draw):
    ids = draw(st.lists(st.text("abcß~", min_size=1, max_size=4), unique=True, min_size=1, max_size=9))
    blank = dict.fromkeys(name for name in BUILDING.names if name not in ("id", "source_id"))
    return [
        Feature(
            name,
            name[:1],
            blank | {"height_m": draw(st.none() | st.floats(0, 99)), "storeys": 2, "observed_at": NOON},
            draw(st.none() | st.binary(max_size=5)),
            draw(st.none() | solids()),
            generic=draw(st.none() | st.just({"Dachneigung": 45.5, "ist öffentlich": True})),
            checksum=name * 2,
        )
        for name in ids
    ]


def same(one: Feature, other: Feature) -> bool:
    names = ("id", "source_id", "values", "geometry", "generic", "checksum")
    if any(getattr(one, name) != getattr(other, name) for name in names):
        return False
    if one.solid is None or not len(one.solid.faces):
        return other.solid is None
    for name in ("points", "rings", "polygons", "faces"):
        a, b = getattr(one.solid, name), getattr(other.solid, name)
        if a.dtype != b.dtype or not np.array_equal(a, b):
            return False
    a, b = one.solid.skin, other.solid.skin
    return a is b or (
        a.images == b.images
        and np.array_equal(a.chosen, b.chosen)
        and np.array_equal(a.uv, b.uv, equal_nan=True)
    )


@given(features())
def test_features_come_out_as_they_went_in(made):
    assert all(map(same, made, unpack(pack(made, BUILDING), BUILDING)))


@given(features(), st.integers(1, 4), st.randoms(use_true_random=False))
def test_a_shelf_gives_them_back_by_id_however_they_came(tmp_path_factory, made, size, random):
    shelf = Shelf(tmp_path_factory.mktemp("shelf"), BUILDING)
    random.shuffle(made)
    for start in range(0, len(made), size):
        shelf.add(pack(made[start : start + size], BUILDING))
    shelf.close()
    wanted = sorted(made, key=lambda feature: feature.id)
    assert all(map(same, wanted, shelf))
    assert shelf.ids == [feature.id for feature in wanted]
    assert shelf.ids_of(range(len(shelf))) == shelf.ids
    assert bytes(shelf.told()).decode() == "".join(f"{f.id}\0{f.checksum or ''}\0" for f in wanted)
    assert shelf.weights.tolist() == [0 if f.solid is None else len(f.solid.points) for f in wanted]
    picked = [random.randrange(len(made)) for _ in range(5)]
    rows = shelf.rows(np.array(picked)).load(["id"])
    assert rows.column("id").to_pylist() == [wanted[number].id for number in picked]
    assert shelf.ids_of(picked) == [wanted[number].id for number in picked]


def test_a_shelf_that_nothing_was_laid_on_is_empty(tmp_path):
    shelf = Shelf(tmp_path, BUILDING)
    shelf.close()
    assert (len(shelf), list(shelf)) == (0, [])


def test_a_disk_that_cannot_be_written_is_told_with_the_remedy(tmp_path):
    shelf = Shelf(tmp_path / "gone", BUILDING)
    with pytest.raises(StoreError, match="TMPDIR"):
        shelf.add(pack([Feature("a", "a", {}, None)], BUILDING))
