"""A graphics card that takes the picture away: it comes back, or the map takes its place."""

from typing import Any

import pytest

from tests.viewer.test_scene import place_of
from tests.viewer.test_trouble import own
from tests.viewer.visitor import Visit

pytestmark = pytest.mark.browser

SMALL = {"viewport": {"width": 800, "height": 400}}
LOADING = "Die Stadt wird geladen"
LOSE = """() => {
  const canvas = document.querySelector("city-twin").shadowRoot.querySelector("canvas");
  window.card = canvas.getContext("webgl2").getExtension("WEBGL_lose_context");
  window.card.loseContext();
}"""
HURRY = """
const wait = window.setTimeout;
window.setTimeout = (act, ms, ...more) => wait(act, ms === 10_000 ? 50 : ms, ...more);
"""
"""The page's patience with the card is at its end at once."""


def shown(seen: Visit) -> Any:
    seen.settle()
    return seen.picture()[60:320, 400:720]


def test_a_picture_that_was_lost_comes_back_as_it_was(opened: Any) -> None:
    seen = opened(**SMALL)
    page = seen.page
    before = shown(seen)
    page.evaluate(LOSE)
    page.get_by_text(LOADING).wait_for()
    page.get_by_role("button", name="Als Liste").click()
    page.locator("ul.things button").first.wait_for()  # the words go on
    page.get_by_role("button", name="Als Bild").click()
    page.evaluate("window.card.restoreContext()")
    page.get_by_text(LOADING).wait_for(state="detached")
    assert (abs(shown(seen) - before).max(axis=-1) > 25).mean() < 0.01
    canvas = page.get_by_role("application")
    canvas.focus()
    url = page.url
    page.keyboard.press("e")
    seen.until(f"location.href !== {url!r}")
    assert (abs(shown(seen) - before).max(axis=-1) > 25).mean() > 0.05
    assert own(seen) == []


def test_a_picture_that_does_not_come_back_becomes_the_map(opened: Any) -> None:
    seen = opened(before=lambda page: page.add_init_script(HURRY), **SMALL)
    page = seen.page
    url = page.url
    page.get_by_role("button", name="Näher heran").click()
    seen.until(f"location.href !== {url!r}")
    seen.settle()
    place = place_of(page.url)
    page.evaluate(LOSE)
    page.locator("canvas.map").wait_for()
    page.get_by_text(LOADING).wait_for(state="detached")
    page.locator("ul.things button").first.wait_for()
    seen.until(lambda: page.locator(".marks .mark:visible").count() > 0)
    seen.until(lambda: page.locator("canvas.map").get_attribute("data-still") == "true")
    assert shown(seen).std() > 5, "the map is empty"
    assert place_of(page.url) == place, "the place was lost, too"
    assert own(seen) == []
