"""What is written over the scene: whole, and clear of panel, search, buttons and time bar."""

from typing import Any

import pytest

pytestmark = pytest.mark.browser

COVERED = """
(() => {
  const root = document.querySelector("city-twin").shadowRoot;
  const boxed = (each) => [each, each.getBoundingClientRect()];
  const all = (names) => [...root.querySelectorAll(names)].map(boxed);
  const over = all(".sheet, .field, .tools, .time, .foot");
  const written = all(".mark:not([hidden]) > span, .street");
  const cut = [];
  for (const [each, { left, right, top, bottom }] of written) {
    const name = each.textContent;
    if (left < 0 || top < 0 || right > innerWidth || bottom > innerHeight) cut.push(`${name}: window`);
    for (const [part, box] of over)
      if (right > box.left && left < box.right && bottom > box.top && top < box.bottom)
        cut.push(`${name}: ${part.className}`);
  }
  return [written.length, cut];
})()
"""
"""How many names and signs are shown, and those that something covers or the window's edge cuts, by what."""


@pytest.mark.parametrize(
    ("window", "keys"),
    [
        ({"width": 1000, "height": 560}, ["ArrowLeft", "ArrowLeft", "ArrowLeft", "e", "ArrowUp", "+"]),
        ({"width": 390, "height": 780}, ["ArrowDown", "ArrowDown", "ArrowLeft", "e", "-"]),
    ],
)
def test_nothing_covers_a_name_or_cuts_it(opened: Any, window: dict[str, int], keys: list[str]) -> None:
    seen = opened(viewport=window)
    canvas = seen.page.get_by_role("application")
    written, cut = seen.page.evaluate(COVERED)
    assert cut == []
    for key in keys:
        canvas.press(key)
        seen.settle()
        more, cut = seen.page.evaluate(COVERED)
        assert cut == [], key
        written += more
    assert written > 20, "there was hardly anything to look at"
    assert seen.complaints == []


def test_a_district_of_several_parts_has_its_name_once(opened: Any) -> None:
    seen = opened(
        "/#view=11.5750,48.1390,1400,0,85&layers=districts,terrain", viewport={"width": 1000, "height": 800}
    )
    names = seen.page.locator(".mark.district:visible").all_inner_texts()
    assert "Achauen" in names
    assert len(names) == len(set(names))


def test_now_is_said_once(opened: Any) -> None:
    bar = opened(viewport={"width": 1000, "height": 560}).page.get_by_role("region", name="Zeit", exact=True)
    bar.wait_for()
    assert bar.inner_text().lower().count("jetzt") == 1
    assert bar.get_by_role("button", name="Jetzt").is_disabled()
