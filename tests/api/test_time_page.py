"""The addresses of the page about time and provenance work as they stand there."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs/time-and-provenance.md"
HEADER = re.compile(r"^Stadtzwilling-Stale: (.*)$", re.MULTILINE)


def made(path: str) -> str:
    """An address of the page for the city that the tests make."""
    path = path.replace("demo.", "probe.").replace("14/5685/8718", "14/5688/8715")
    return path.replace("{id}", "probe.buildings.b1").replace("{station}", "probe.bike-counts.arnulf")


def test_the_addresses_of_the_page_answer(ask):
    found = re.findall(r"^- `(/[^`]+)`$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert len(found) == 10
    for path in found:
        assert ask(made(path)).status_code == 200, path


def test_the_header_of_the_page_is_the_one_that_is_sent(filled, client_of):
    from made import NOON

    (told,) = HEADER.findall(PAGE.read_text("utf-8"))
    ask = client_of(filled, now=lambda: NOON.replace(hour=15))
    assert ask("/ogc/collections/probe.buildings/items").headers["stadtzwilling-stale"] == told
