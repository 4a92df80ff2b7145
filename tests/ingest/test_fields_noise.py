"""Bands of noise maps in the words of several authorities."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.fields import FUNCTIONS, Context


def band(text):
    return tuple(FUNCTIONS[name]([text], Context()) for name in ("noise_from", "noise_to"))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Lden5559", (55, 60)),
        ("Lnight5054", (50, 55)),
        ("LdenGreaterThan75", (75, None)),
        ("55-59", (55, 60)),
        ("55 – 60 dB(A)", (55, 60)),
        (" ab 55 bis 59 ", (55, 60)),
        ("> 70 - 75", (70, 75)),
        ("> 75", (75, None)),
        ("über 70 dB(A)", (70, None)),
    ],
)
def test_bands(text, wanted):
    assert band(text) == wanted


@pytest.mark.parametrize("text", ["", None, "laut", "60-55", "55", "Lden", 55, "5-9", "Lden5559x"])
def test_what_is_no_band_is_refused_without_its_words(text):
    with pytest.raises(ValueError, match=r"^is no band of noise$"):
        band(text)


@given(st.text(max_size=20))
def test_any_text_is_a_band_with_its_limits_in_order_or_refused(text):
    try:
        low, high = band(text)
    except ValueError:
        return
    assert high is None or low < high


def test_the_indicator_is_in_the_band_or_beside_it():
    def indicator(*values):
        return FUNCTIONS["noise_indicator"](values, Context())

    assert [indicator("Lden5559"), indicator("Lnight5054")] == ["lden", "lnight"]
    assert [indicator("55-59", "LDEN"), indicator("55-59", "Nacht")] == ["lden", "lnight"]
    with pytest.raises(ValueError, match="day or the night"):
        indicator("55-59", None)
