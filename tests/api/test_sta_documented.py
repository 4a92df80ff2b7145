"""What docs/api-sensorthings.md shows works."""

import re
from pathlib import Path
from urllib.parse import quote

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "api-sensorthings.md").read_text("utf-8")
SHOWN = re.findall(r"^(/sta/.+)$", PAGE, re.MULTILINE)


def test_there_are_examples():
    assert len(SHOWN) >= 6


@pytest.mark.parametrize("address", SHOWN)
def test_every_example_finds_something(ask, address):
    found = ask.json(quote(address, safe="/?&=$();,'"))
    assert found["value"] or found["@iot.count"]
