"""What is written agrees with itself, and can be reached, on the phone as well."""

import json
import re
from typing import Any

import pytest

from tests.viewer.axe import faults

pytestmark = pytest.mark.browser

PHONE = {"width": 340, "height": 640}


def _record_counts(page: Any) -> None:
    """Keep every count of sites that the card ever shows in ``window.counts``; nobody loses patience before
    the last tile is there, after which numbers may change."""
    page.add_init_script(
        "const later = window.setTimeout;"
        "window.setTimeout = (act, wait, ...more) => wait === 8000 ? 0 : later(act, wait, ...more);"
        "window.counts = []; setInterval(() => {"
        "  const card = document.querySelector('city-twin')?.shadowRoot?.querySelector('.card');"
        "  const count = /\\d+ Baustellen?|Keine laufende Baustelle/.exec(card?.innerText ?? '')?.[0];"
        "  if (count && count !== window.counts.at(-1)) window.counts.push(count);"
        "}, 15);"
    )


def test_a_count_leads_to_its_list_and_back_and_stays_the_same(opened: Any) -> None:
    seen = opened(viewport=PHONE, before=_record_counts)
    page = seen.page
    link = page.locator(".card a").filter(has_text="Baustellen").first
    count = int(link.inner_text().split()[0])
    link.click()
    rows = page.locator("ul.things button")
    page.locator("#list-title").filter(has_text=f"Baustellen ({count})").wait_for()
    assert rows.count() == count
    seen.settle()
    sheet = page.locator(".sheet").bounding_box()
    first = rows.first.bounding_box()
    assert sheet["y"] < first["y"] < sheet["y"] + sheet["height"] - 40, "the list is out of sight"
    assert "list=1" in page.url
    assert page.evaluate("window.counts") == [f"{count} Baustellen"]
    page.go_back()
    page.locator("#list-title").wait_for(state="detached")
    assert "list=1" not in page.url
    assert page.locator(".sheet").evaluate("each => each.scrollTop") == 0
    assert page.evaluate("window.counts") == [f"{count} Baustellen"]
    assert page.locator(".foot summary span").evaluate("each => each.scrollWidth <= each.clientWidth + 1")


def test_a_link_to_the_list_shows_it(opened: Any) -> None:
    page = opened("/#list=1", viewport=PHONE).page
    page.locator("ul.things button").first.wait_for()
    sheet, title = page.locator(".sheet").bounding_box(), page.locator("#list-title").bounding_box()
    assert 0 < title["y"] - sheet["y"] < sheet["height"] / 2, "the list is out of sight"


def test_what_is_pressed_beside_the_list_lies_clear_of_the_head(opened: Any) -> None:
    page = opened(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True).page
    page.get_by_role("button", name="Als Liste").click()
    page.locator("ul.things button").first.wait_for()
    head = page.locator(".head").bounding_box()
    for name in ("Messen", "Link teilen"):
        assert page.get_by_role("button", name=name).bounding_box()["y"] >= head["y"] + head["height"]
    assert faults(page) == []


HEIGHTS = """() => {
  const { shadowRoot } = document.querySelector("city-twin");
  return [...shadowRoot.querySelectorAll("a, button.link, summary")]
    .filter((each) => each.checkVisibility() && !each.closest(".unseen"))
    .map((each) => [each.textContent.trim(), each.getBoundingClientRect().height, beside(each)]);
  function beside(each) { return each.parentElement.querySelectorAll("a").length; }
}"""
"""Of every link its words, its pixels in height, and how many links stand in its line."""


def test_links_are_large_enough_to_be_hit(city: Any, opened: Any) -> None:
    assert [each for each in city.page.evaluate(HEIGHTS) if each[1] < 24] == []
    touched = opened(viewport=PHONE, has_touch=True, is_mobile=True).page
    told = touched.evaluate(HEIGHTS)
    assert any("Zählstellen" in words and alone == 1 for words, _, alone in told)
    assert [each for each in told if each[1] < (44 if each[2] < 2 else 24)] == []


def test_the_list_has_its_key_wherever_the_focus_is(city: Any) -> None:
    page = city.page
    rows = page.locator("ul.things button")
    for place in ("Norden nach oben", "EN", "Als Liste"):
        page.get_by_role("button", name=place, exact=True).focus()
        page.keyboard.press("l")
        rows.first.wait_for()
        page.keyboard.press("l")
        rows.first.wait_for(state="detached")


def test_a_station_chosen_on_the_phone_stands_between_buttons_and_sheet(opened: Any) -> None:
    seen = opened(viewport=PHONE)
    page = seen.page
    page.get_by_role("button", name="Als Liste").click()
    rows = page.locator("ul.things button").filter(has_text=re.compile("Fahrräder in 24"))
    rows.first.click()
    page.get_by_role("region", name=re.compile("^Auskunft: ")).wait_for()
    mark = page.locator(".mark.chosen:visible > span")
    mark.wait_for()
    seen.settle()
    box = mark.bounding_box()
    tools = page.locator(".tools").bounding_box()
    assert box["y"] >= tools["y"] + tools["height"], "the label is under the buttons"
    sheet = page.locator(".sheet").bounding_box()
    assert box["y"] + box["height"] <= sheet["y"], "the label is under the sheet"


def test_a_refused_layer_says_why_and_gaps_have_names(opened: Any) -> None:
    words = {"de": "Die letzte Lieferung wurde nicht angenommen.", "en": "Not accepted."}
    why = {"de": "Die Antwort der Quelle war nicht zu lesen.", "en": "It could not be read."}

    def refuse(page: Any) -> None:
        def collections(route: Any) -> None:
            answer = route.fetch().json()
            for each in answer["collections"]:
                if each["id"] == "demo.water":
                    each["twin"] |= {"state": "refused", "state_words": words, "reason_words": why}
                if each["id"] == "demo.streets":
                    each["twin"] |= {"state": "silent", "state_words": words, "revision": None}
            route.fulfill(body=json.dumps(answer), content_type="application/json")

        def cities(route: Any) -> None:
            answer = route.fetch().json()
            reason = {"de": "Niemand zählt sie.", "en": "Nobody counts them."}
            title = {"de": "Straßenbäume", "en": "Street trees"}
            answer["cities"][0]["gaps"] = [
                {"name": "street-trees", "title": title, "reason": reason},
                {"name": "parking-lots", "reason": reason},
            ]
            route.fulfill(body=json.dumps(answer), content_type="application/json")

        page.route("**/ogc/collections", collections)
        page.route("**/ogc", cities)

    page = opened(scene=False, before=refuse).page
    for layer in ("Gewässer", "Straßen"):
        box = page.locator(".layer", has=page.get_by_role("checkbox", name=layer))
        box.wait_for()
        assert words["de"] in box.locator(".line").inner_text()
    water = page.locator(".layer", has=page.get_by_role("checkbox", name="Gewässer"))
    water.locator("summary").click()
    assert why["de"] in water.locator("details").inner_text()
    page.locator(".gaps summary").click()
    gaps = page.locator(".gaps li").all_inner_texts()
    assert gaps == ["Straßenbäume: Niemand zählt sie.", "Parking lots: Niemand zählt sie."]


def test_the_sheet_tears_no_hole_into_the_scene_of_a_phone(opened: Any) -> None:
    """Chromium left out what it thought to lie below the sheet, where the sheet was not."""
    picture = opened(viewport={"width": 360, "height": 740}).page.screenshot()
    without_alpha = 2
    assert picture[25] == without_alpha, "some pixels are nothing at all"
