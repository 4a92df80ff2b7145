"""Years in which something was built: as sources write them, and never a guessed one."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.connectors.citygml_names import TEXTS
from ingest.extrusion.columns import Columns
from ingest.fields import FUNCTIONS, Context

CONTEXT = Context({}, ZoneInfo("Europe/Berlin"), None)


def year(value: object) -> object:
    return FUNCTIONS["year"]([value], CONTEXT)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("1911", 1911),
        (1911, 1911),
        (1911.0, 1911),
        (" 1911 ", 1911),
        ("1911-05", 1911),
        ("1911-05-31", 1911),
        ("1911-05-31T00:00:00", 1911),
        ("1911Z", 1911),
        ("1911+01:00", 1911),
        ("1156", 1156),
    ],
)
def test_a_year_or_a_date_tells_its_year(written: object, told: int) -> None:
    assert year(written) == told


@pytest.mark.parametrize(
    "written",
    [
        *("~1900", "C19", "1880s", "before 1914", "1890..1910", "early C20", "1900?", "19", "191", "19111"),
        *("0", "0001", "1111", "1234", "9999", "-500", "", " ", "unbekannt", "١٩١١", "1911.5"),
        *(None, True, 0, 1, 9999, 1911.5, float("nan"), float("inf"), 10**400, [1911], {"year": 1911}),
    ],
)
def test_what_is_not_certain_is_not_told(written: object) -> None:
    assert year(written) is None


@given(st.text(max_size=60) | st.integers() | st.floats())
def test_whatever_a_source_writes_is_a_year_or_nothing(written: object) -> None:
    told = year(written)
    assert told is None or (isinstance(told, int) and 800 <= told <= 2100)


def test_sources_say_it_under_their_own_names() -> None:
    assert TEXTS["yearOfConstruction"] == TEXTS["dateOfConstruction"] == "year_built"
    assert Columns().of({"start_date": "1911", "height": "9"})["year"] == "1911"
    assert Columns().of({"Baujahr": 1911})["year"] == 1911
