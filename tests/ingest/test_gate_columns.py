"""The gate looks at many features as it looks at each of them."""

from datetime import UTC, datetime

from hypothesis import example, given
from hypothesis import strategies as st

from ingest.gate import look_at, look_over
from ingest.load import load_city
from twin.features import Features
from twin.record import Feature
from twin.report import Report

LAYER = load_city("muenchen").layer("trees")
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
BLANK = dict.fromkeys(name for name in LAYER.schema_.names if name not in ("id", "source_id"))
TEXTS = [column.name for column in LAYER.schema_.columns if column.kind == "text" and column.name in BLANK]
WORDS = st.sampled_from(
    ["Linde", "Tilia cordata", "Herr Max Huber", "089 2336 0000", "max@huber.de", "", None]
)
KEYS = st.sampled_from(["17", "B-4", "Frau Maria Berg", "h-0123456789abcdef0123"])


def feature(key: str, words: dict[str, str | None], generic: dict[str, str] | None) -> Feature:
    return Feature(key, key, {**BLANK, "observed_at": NOON, **words}, None, generic=generic)


@given(
    st.lists(
        st.builds(
            feature,
            KEYS,
            st.fixed_dictionaries({}, optional=dict.fromkeys(TEXTS, WORDS)),
            st.none()
            | st.dictionaries(st.sampled_from(["Besitzer", "Höhe"]), st.sampled_from(["M", "Frau Berg"])),
        ),
        max_size=6,
    )
)
@example([])
@example([feature("17", {TEXTS[-1]: "Herr Max Huber"}, None), feature("18", {}, None)])
def test_many_are_looked_at_as_one_by_one(given_ones):
    one_by_one, together = Report(), Report()
    columns = Features.of(given_ones)
    places, found = look_over([f"no. {n}" for n in range(len(given_ones))], columns, LAYER, together)
    wanted = []
    for number, one in enumerate(given_ones):
        kept = look_at(feature(one.id, one.values, one.generic), LAYER, one_by_one)
        if kept is not None:
            wanted.append((f"no. {number}", kept))
    assert list(zip(places, found.rows(BLANK), strict=True)) == wanted
    assert together == one_by_one


def test_what_tells_nothing_is_not_even_copied():
    columns = Features.of([feature("17", {TEXTS[-1]: "Linde"}, None)])
    assert look_over(["no. 1"], columns, LAYER, Report())[1] is columns
