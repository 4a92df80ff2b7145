"""OGC API Features as users have it: the examples of our page."""

import re
from pathlib import Path

import pytest

from twin.schemas import SCHEMAS

PAGE = Path(__file__).parents[2] / "docs/api-features.md"
SHOWN = re.findall(r"^- `(/ogc/\S.*?)`", PAGE.read_text("utf-8"), re.MULTILINE)
LISTS = [address for address in SHOWN if "(affects" in address]  # test_lists.py asks such columns
NAMED = [address for address in SHOWN if "FEATURE" in address]  # test_ogc_functions.py has districts
EXAMPLES = [address for address in SHOWN if address not in LISTS + NAMED]


@pytest.mark.parametrize("address", EXAMPLES)
def test_the_examples_of_the_page_work(ask, address):
    found = ask.json(address.replace("demo.", "probe.").replace("demo_lod2_", "deby_1"))
    assert found.get("numberMatched", 1) > 0


def test_the_page_has_an_example_of_everything():
    assert (len(EXAMPLES), len(LISTS), len(NAMED)) == (11, 1, 2)
    affects = next(c for c in SCHEMAS["roadwork/4"].columns if c.name == "affects")
    assert affects.kind == "texts"
