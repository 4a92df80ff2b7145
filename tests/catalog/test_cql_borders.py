"""Where the relations of CQL2 begin and end: all intervals of a few instants, and the longest lists."""

from itertools import combinations_with_replacement, product

import pytest

from tests.catalog.test_cql import ids
from twin.errors import RequestError

INSTANTS = [f"2026-03-0{day}T12:00:00Z" for day in range(1, 5)]
RELATIONS = {
    "AFTER": lambda s1, e1, s2, e2: s1 > e2,
    "BEFORE": lambda s1, e1, s2, e2: e1 < s2,
    "CONTAINS": lambda s1, e1, s2, e2: s1 < s2 and e1 > e2,
    "DISJOINT": lambda s1, e1, s2, e2: e1 < s2 or s1 > e2,
    "DURING": lambda s1, e1, s2, e2: s1 > s2 and e1 < e2,
    "EQUALS": lambda s1, e1, s2, e2: (s1, e1) == (s2, e2),
    "FINISHEDBY": lambda s1, e1, s2, e2: s1 < s2 and e1 == e2,
    "FINISHES": lambda s1, e1, s2, e2: s1 > s2 and e1 == e2,
    "INTERSECTS": lambda s1, e1, s2, e2: e1 >= s2 and s1 <= e2,
    "MEETS": lambda s1, e1, s2, e2: e1 == s2,
    "METBY": lambda s1, e1, s2, e2: s1 == e2,
    "OVERLAPPEDBY": lambda s1, e1, s2, e2: s2 < s1 < e2 < e1,
    "OVERLAPS": lambda s1, e1, s2, e2: s1 < s2 < e1 < e2,
    "STARTEDBY": lambda s1, e1, s2, e2: s1 == s2 and e1 > e2,
    "STARTS": lambda s1, e1, s2, e2: s1 == s2 and e1 < e2,
}
"""As OGC 21-065r2 has them (table 13): of the instants at which two intervals start and end."""


@pytest.mark.parametrize("relation", RELATIONS)
def test_two_intervals_are_related_as_their_ends_are(relation):
    spans = list(combinations_with_replacement(range(len(INSTANTS)), 2))
    for (s1, e1), (s2, e2) in product(spans, repeat=2):
        one, other = (f"INTERVAL('{INSTANTS[s]}','{INSTANTS[e]}')" for s, e in ((s1, e1), (s2, e2)))
        found = ids(f"T_{relation}({one}, {other})")
        assert found == ("abcd" if RELATIONS[relation](s1, e1, s2, e2) else ""), (one, other)


def test_a_list_may_have_999_values_and_no_more():
    assert ids(f"storeys IN ({','.join(['3'] * 999)})") == "a"
    with pytest.raises(RequestError, match="IN 1001 operands"):
        ids(f"storeys IN ({','.join(['3'] * 1000)})")
