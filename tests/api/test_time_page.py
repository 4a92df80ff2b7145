"""The addresses of the page about time and provenance work as they stand there."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs/time-and-provenance.md"
HEADER = re.compile(r"^Stadtzwilling-Stale: (.*)$", re.MULTILINE)


def test_the_addresses_of_the_page_answer(ask):
    found = re.findall(r"^- `(/[^`]+)`$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert len(found) == 10
    for path in found:
        assert ask(path.replace("my-town", "probe")).status_code == 200, path


def test_the_header_of_the_page_is_the_one_that_is_sent(filled, client_of):
    from made import NOON

    (told,) = HEADER.findall(PAGE.read_text("utf-8"))
    ask = client_of(filled, now=lambda: NOON.replace(hour=15))
    assert ask("/ogc/collections/probe.buildings/items").headers["stadtzwilling-stale"] == told
