import pytest

from ingest.fields import FUNCTIONS, Context

boolean = FUNCTIONS["boolean"]


@pytest.mark.parametrize(
    ("raw", "value"),
    [("true", True), ("False", False), (" Ja ", True), ("n", False), (1, True), (0, False), (True, True)],
)
def test_yes_and_no(raw, value):
    assert boolean([raw], Context()) is value


def test_nothing_and_the_words_of_a_source():
    assert boolean([None], Context()) is None
    assert boolean([" "], Context()) is None
    words = Context({"true": ["gebührenpflichtig"], "false": ["Frei"], "missing": ["-"]})
    assert boolean(["Gebührenpflichtig"], words) is True
    assert boolean(["frei"], words) is False
    assert boolean(["-"], words) is None


@pytest.mark.parametrize("raw", ["Erika", 2, [], {}])
def test_anything_else_is_neither(raw):
    with pytest.raises(ValueError, match="is n") as caught:
        boolean([raw], Context())
    assert "Erika" not in str(caught.value)
