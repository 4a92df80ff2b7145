"""OGC API Features as users have it: the examples of our page."""

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs/api-features.md"
EXAMPLES = re.findall(r"^- `(/ogc/\S.*?)`", PAGE.read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("address", EXAMPLES)
def test_the_examples_of_the_page_work(ask, address):
    found = ask.json(address.replace("my-town.", "probe."))
    assert found.get("numberMatched", 1) > 0


def test_the_page_has_an_example_of_everything():
    assert len(EXAMPLES) == 10
