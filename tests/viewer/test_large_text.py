"""Letters twice as large in a window of 320 px, letters far apart: nothing is lost, in three registers."""

from typing import Any

import pytest

from tests.viewer.readable import enlarge, lost, spread
from tests.viewer.test_access import PAGES, REGISTERS, ROW, UNFOLD, speak
from tests.viewer.visitor import Visit, visit

pytestmark = pytest.mark.browser

NARROW = {"width": 320, "height": 640}


@pytest.fixture(scope="module")
def narrow(browser: Any, server: str) -> Any:
    """The city in a narrow window with large letters, for all who look at its states one after the other."""
    seen = visit(browser, server, before=enlarge, viewport=NARROW, contrast="more")
    yield seen
    seen.page.context.close()


@pytest.mark.parametrize("label", REGISTERS)
def test_nothing_is_lost_with_large_letters(narrow: Visit, label: str) -> None:
    _through_all_states(narrow.page, label)
    assert narrow.complaints == []


def test_nothing_is_lost_with_letters_far_apart(narrow: Visit) -> None:
    enlarge(narrow.page, 16)
    spread(narrow.page)
    for label in REGISTERS:
        _through_all_states(narrow.page, label)


def unfold(page: Any) -> None:
    """Unfold all but the sources at the foot, which lie upon the rest until they are folded again."""
    page.evaluate(UNFOLD.format("!each.closest('.foot')"))


def _through_all_states(page: Any, label: str) -> None:
    """Look at start, layers, list, panel and search, each with all that is folded unfolded."""
    speak(page, label)
    assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") >= 16
    assert lost(page) == [], "start and layers"
    unfold(page)
    assert lost(page) == [], "all unfolded"
    page.evaluate(UNFOLD.format("false"))
    page.locator(".as-list").click()
    page.locator(ROW).first.wait_for()
    assert lost(page) == [], "list"
    for sort in ("construction", "traffic", "environment"):
        page.locator(ROW).filter(has=page.locator(f"strong.{sort}")).first.click()
        page.locator("#info-title:focus").wait_for()
        page.locator(".info .closer").first.wait_for()
        unfold(page)
        assert lost(page) == [], f"panel: {sort}"
        page.evaluate(UNFOLD.format("false"))
    page.keyboard.press("Escape")
    page.locator("#info-title").wait_for(state="detached")
    field = page.get_by_role("search").get_by_role("combobox")
    field.fill("straße")
    page.locator("#found li").first.wait_for()
    assert lost(page, ".find") == [], "search"  # what was found lies upon the rest
    field.fill("")
    page.locator(".as-list").click()
    page.locator(ROW).first.wait_for(state="detached")


def test_pages_without_scripts_bear_large_letters(browser: Any, server: str) -> None:
    page = browser.new_context(viewport=NARROW).new_page()
    page.route("**/viewer/**", lambda route: route.abort())
    enlarge(page)
    for path in (*(f"/?lang={each}" for each in ("de", "en", "ls")), *PAGES):
        page.goto(server + path)
        assert lost(page) == [], path
    page.context.close()
