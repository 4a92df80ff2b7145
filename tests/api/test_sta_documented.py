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
    for shown, made in (("Zwillingsallee Nord", "Arnulf"), ("Skizzenpark West", "Hirsch")):
        address = address.replace(shown, made)
    answer = ask(quote(address, safe="/?&=$();,'"))
    assert answer.status_code == 200
    if "resultFormat=CSV" in address:
        assert len(answer.text.splitlines()) > 1
        return
    found = answer.json()
    assert found.get("value") or found.get("features") or found["@iot.count"]
