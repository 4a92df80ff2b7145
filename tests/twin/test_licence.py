"""Licences as portals write them lead to the one that is meant."""

import pytest

from twin.errors import RecipeError
from twin.licence import LICENCES, licence


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("dl-de/by-2-0", "DL-DE-BY-2.0"),
        ("dl-zero-de/2.0", None),
        ("CC BY 4.0", "CC-BY-4.0"),
        ("cc-by-sa/4.0", "CC-BY-SA-4.0"),
        ("odbl-1.0", "ODbL-1.0"),
        ("CC-BY-3.0", None),
        ("", None),
    ],
)
def test_another_way_to_write_one_is_told(written, meant):
    words = f"did you mean '{meant}'" if meant else f"write one of: {', '.join(LICENCES)}"
    with pytest.raises(RecipeError) as error:
        licence(written)
    assert words in str(error.value)
