"""The scene answers hands and keys, also after it has stood still, and says when it is complete."""

from typing import Any

import numpy as np
import pytest

from tests.viewer.visitor import COMPLETE

pytestmark = pytest.mark.browser


def test_a_still_view_wakes_for_keys_and_buttons(opened: Any) -> None:
    seen = opened(reduced_motion="no-preference", viewport={"width": 340, "height": 480})
    page = seen.page
    scene = page.get_by_role("application")
    press = page.get_by_role("button", name="Näher heran").click
    steps = [
        ("ArrowUp", lambda: scene.press("ArrowUp")),
        ("q", lambda: scene.press("q")),
        ("+", press),
        ("2D", lambda: page.get_by_role("button", name="Von oben (2D)").click()),
        ("home", lambda: page.get_by_role("button", name="Zum Anfang").click()),
    ]
    for name, act in steps:
        seen.settle()
        before, url = seen.picture(), page.url
        act()
        seen.until(f"location.href !== {url!r}")
        assert np.abs(seen.picture() - before).mean() > 1, f"{name} changed nothing to be seen"


def test_a_link_keeps_its_range_even_if_it_is_that_of_home(opened: Any) -> None:
    seen = opened("/#view=11.56500,48.13900,1500,0,45", viewport={"width": 340, "height": 480})
    seen.until(COMPLETE)
    assert "view=11.56500,48.13900,1500,0,45" in seen.page.url


@pytest.mark.parametrize("what", ["**/content/*.glb", "**/demo.air-quality/items**"])
def test_complete_is_said_when_the_last_tile_and_the_last_layer_are_there(opened: Any, what: str) -> None:
    held: list[Any] = []
    opened_gate: list[bool] = []

    def hold(page: Any) -> None:
        few = iter(range(4))  # the first tiles come, the finer ones wait

        def answer(route: Any) -> None:
            if opened_gate or (what.endswith("glb") and next(few, None) is not None):
                route.continue_()
            else:
                held.append(route)

        page.route(what, answer)

    seen = opened(scene=False, before=hold)
    seen.until("performance.getEntriesByName('city-twin:first-tile').length > 0")
    known = -1
    while not held or known != len(seen.requests):  # all has come but what is held
        known = len(seen.requests)
        seen.page.wait_for_timeout(500)
    assert not seen.page.evaluate(COMPLETE)
    opened_gate.append(True)
    for route in held:
        route.continue_()
    seen.until(COMPLETE)
    before = [each for each in seen.requests if "/content/" in each]
    seen.page.wait_for_timeout(400)
    assert [each for each in seen.requests if "/content/" in each] == before


def test_a_click_on_a_label_selects_its_thing(opened: Any) -> None:
    seen = opened()
    page = seen.page
    for kind in ("site", "counter", "air"):
        seen.settle()  # only now it is known which labels there are and where: they make room for each other
        marks = page.locator(f".mark.{kind}:visible:not([title*='Baustellen hier'])")
        name = marks.first.get_attribute("title").split(" – ")[0]
        box = marks.first.locator("span").bounding_box()
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.get_by_role("region", name=f"Auskunft: {name}").wait_for()
        seen.until("location.hash.includes('selected=')")
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Zum Anfang").click()
        seen.until("!location.hash.includes('selected=')")


SLOW = """
window.slow = 0;
window.told = 0;
const [ask, tell] = [window.requestAnimationFrame, history.replaceState];
window.requestAnimationFrame = (act) =>
  window.slow ? setTimeout(() => act(performance.now()), window.slow) : ask.call(window, act);
history.replaceState = function (...all) { window.told++; return tell.apply(this, all); };
"""
"""Pictures may be made to take their time; how often the address was written is counted."""
TURN = """
async (turns) => {
  const canvas = document.querySelector("city-twin").shadowRoot.querySelector("canvas");
  [window.slow, window.told] = [400, 0];
  for (let turn = 0; turn < turns; turn++) {
    canvas.dispatchEvent(new KeyboardEvent("keydown", { key: "q", bubbles: true, composed: true }));
    await new Promise((drawn) => requestAnimationFrame(drawn));
  }
  return window.told;
}
"""


def test_who_moves_has_not_settled_between_two_slow_pictures(opened: Any) -> None:
    seen = opened(
        reduced_motion="no-preference",
        viewport={"width": 340, "height": 480},
        before=lambda page: page.add_init_script(SLOW),
    )
    seen.settle()
    url = seen.page.url
    assert seen.page.evaluate(TURN, 6) == 0, "list, address and shadows were made anew between two pictures"
    seen.until(f"location.href !== {url!r}")


REPEATED = """() => {
  window.repeated = [];
  const told = (changes) => {
    for (const { target, attributeName: name, oldValue } of changes)
      if (target.getAttribute(name) === oldValue) window.repeated.push(`${target.localName} ${name}`);
  };
  const watch = new MutationObserver(told);
  const rule = { attributes: true, attributeOldValue: true };
  watch.observe(document.documentElement, rule);
  const marks = document.querySelector("city-twin").shadowRoot.querySelector(".marks");
  watch.observe(marks, { ...rule, subtree: true, attributeFilter: ["hidden", "class"] });
}"""


def test_turning_says_nothing_twice_that_makes_the_browser_lay_out_the_page_anew(opened: Any) -> None:
    """An attribute set to what it is costs as much as another value: style and layout of all below it."""
    seen = opened(viewport={"width": 1000, "height": 640})
    seen.page.evaluate(REPEATED)
    scene = seen.page.get_by_role("application")
    for key in ("e", "e", "+", "ArrowUp"):
        url = seen.page.url
        scene.press(key)
        seen.until(f"location.href !== {url!r}")
        seen.settle()
    assert seen.page.evaluate("window.repeated") == []
