"""Names of features as an index for searches: what is one entry, what several, what is left out."""

import itertools

import made
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from catalog import names, parquet
from twin.errors import Damaged
from twin.record import Feature
from twin.schemas import SCHEMAS

STREET = SCHEMAS["street/1"]


def street(number, name, lon, lat, length=0.001):
    return Feature(
        id=f"s{number:04}",
        source_id=str(number),
        values={"name": name, "observed_at": made.NOON},
        geometry=None if lon is None else shapely.LineString([(lon, lat), (lon + length, lat)]).wkb,
    )


def read(*features):
    return names.read(parquet.write_features(features, STREET), "name")


def test_pieces_of_a_street_are_one_entry_in_its_midst():
    found = read(*(street(i, "Lange Straße", 11.5 + i * 0.001, 48.1) for i in range(5)))
    assert (found.texts, found.ids) == (["Lange Straße"], ["s0002"])
    assert found.places[0] == pytest.approx([11.5025, 48.1])
    # 0.005 degrees of longitude at 48.1 degrees are 372 m
    assert found.reach_m[0] == pytest.approx(186, abs=1)


def test_a_name_used_in_two_villages_has_two_entries():
    near = [street(i, "Hauptstraße", 11.5 + i * 0.001, 48.1) for i in range(3)]
    far = [street(i, "Hauptstraße", 11.7 + i * 0.001, 48.1) for i in range(3, 6)]
    found = read(*near, *far, street(9, "Achatweg", 11.6, 48.1))
    assert found.texts == ["Achatweg", "Hauptstraße", "Hauptstraße"]
    assert found.ids == ["s0009", "s0001", "s0004"]


def test_a_chain_from_end_to_end_stays_one_entry_whatever_its_order():
    chain = [street(i, "Ring", 11.5 + i * 0.012, 48.1) for i in range(12)]
    shuffled = np.random.default_rng(1).permutation(len(chain))
    assert names.read(parquet.write_features([chain[i] for i in shuffled], STREET), "name").texts == ["Ring"]
    boxes = np.array([[i * 0.01, 0, i * 0.01, 0] for i in (0, 4, 2, 3, 1)])
    assert set(names._clusters(np.zeros(5, np.int64), boxes)) == {0}


def test_what_has_no_name_or_no_place_is_not_there():
    found = read(
        street(1, None, 11.5, 48.1), street(2, "  \n ", 11.5, 48.1), street(3, "Nirgends", None, None)
    )
    assert (found.texts, found.ids, found.left_out) == ([], [], 0)
    assert found.places.shape == (0, 2)


def test_blanks_are_tidied_and_long_names_cut():
    found = read(street(1, " Am\n  Bach ", 11.5, 48.1), street(2, "x" * 5000, 11.51, 48.1))
    assert found.texts[0] == "Am Bach"
    assert len(found.texts[1]) == 120


def test_of_too_many_those_that_reach_furthest_stay(monkeypatch):
    monkeypatch.setattr(names, "MOST", 3)
    found = read(*(street(i, f"Weg {i}", 11.5, 48.1, 0.0001 * i) for i in range(1, 8)))
    assert (found.texts, found.left_out) == (["Weg 5", "Weg 6", "Weg 7"], 4)


def test_which_column_is_a_name():
    assert names.column_of(STREET) == "name"
    assert names.column_of(SCHEMAS["roadwork/1"]) == "title"
    assert names.column_of(SCHEMAS["building/1"]) is None


def test_a_file_from_before_there_was_a_name_has_none():
    assert names.read(parquet.write_features([street(1, "Weg", 11.5, 48.1)], STREET), "title").texts == []


def test_no_features_file_is_damage():
    with pytest.raises(Damaged):
        names.read(b"PAR1 and then nothing", "name")


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.integers(0, 40)), min_size=1, max_size=40))
def test_every_name_is_found_and_near_one_of_its_features(pieces):
    found = read(*(street(i, name, 11.5 + place * 0.01, 48.1) for i, (name, place) in enumerate(pieces)))
    assert set(found.texts) == {name for name, _ in pieces}
    assert found.texts == sorted(found.texts)
    by_id = {f"s{i:04}": name for i, (name, _) in enumerate(pieces)}
    assert [by_id[each] for each in found.ids] == found.texts
    for name in set(found.texts):
        places = sorted(place for each, place in pieces if each == name)
        # 743 m of longitude a step, more than 1,500 m in degrees of latitude from two steps on
        apart = sum(after - before > 1 for before, after in itertools.pairwise(places))
        assert found.texts.count(name) == 1 + apart


def slowly(codes, boxes):
    """Numbers of clusters, by joining two of them as long as there are two to join."""
    gap = 1500 / 111_320
    found = [(code, list(box), {place}) for place, (code, box) in enumerate(zip(codes, boxes, strict=True))]
    while pair := next(
        (
            (one, other)
            for one, other in itertools.combinations(found, 2)
            if one[0] == other[0]
            and max(
                one[1][0] - other[1][2],
                other[1][0] - one[1][2],
                one[1][1] - other[1][3],
                other[1][1] - one[1][3],
            )
            <= gap
        ),
        None,
    ):
        (code, box, members), (_, more, others) = pair
        found = [each for each in found if each not in pair]
        met = [*map(min, box[:2], more[:2]), *map(max, box[2:], more[2:])]
        found.append((code, met, members | others))
    return sorted(sorted(members) for _, _, members in found)


@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.integers(-9, 9), st.integers(-9, 9), st.integers(0, 5)),
        min_size=1,
        max_size=25,
    )
)
def test_clusters_are_those_that_joining_two_by_two_finds(pieces):
    codes = np.array([code for code, *_ in pieces])
    step = 0.01  # less than 1,500 m, twice is more
    boxes = np.array([(x * step, y * step, (x + size) * step, y * step) for _, x, y, size in pieces])
    found = names._clusters(codes, boxes)
    groups = {}
    for place, first in enumerate(found.tolist()):
        groups.setdefault(first, []).append(place)
    assert sorted(groups.values()) == slowly(codes.tolist(), boxes.tolist())
    assert all(first == members[0] for first, members in groups.items())


@given(st.text(alphabet=st.sampled_from("aB \t\n\x0b\x1c\x85\u00a0\u2003\u3000\u200b")))
def test_names_are_tidied_as_python_splits_words(text):
    found = read(street(1, text, 11.5, 48.1), street(2, "Am Bach", 11.5, 48.1))
    assert found.texts == sorted({"Am Bach", " ".join(text.split())} - {""})


def test_many_names_of_many_villages_are_told_apart_at_once():
    villages = [(11.0 + 0.05 * i, 48.0 + 0.03 * (i % 7)) for i in range(40)]
    codes = np.repeat(np.arange(50), 40 * 20)
    places = np.tile(np.repeat(np.array(villages), 20, axis=0), (50, 1))
    places += np.tile(np.linspace(0, 0.005, 20), 50 * 40)[:, None]
    found = names._clusters(codes, np.hstack((places, places)))
    assert len(np.unique(found)) == 50 * 40
    np.testing.assert_array_equal(np.unique(found), np.arange(0, 40_000, 20))
