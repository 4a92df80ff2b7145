"""One time for everything: the slider, play, now, links, and what happens while one looks."""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.viewer.conftest import serving
from tests.viewer.time_made import JUNE, MARCH, Town
from tests.viewer.visitor import Visit, visit

pytestmark = pytest.mark.browser

WATCH = """
(() => {
  const canvas = document.querySelector("city-twin").shadowRoot.querySelector("canvas");
  const pen = new OffscreenCanvas(60, 28).getContext("2d", { willReadFrequently: true });
  window.frames_seen = 0;
  window.least = Infinity;
  const look = () => {
    pen.drawImage(canvas, 0, 0, 60, 28);
    const { data } = pen.getImageData(0, 0, 60, 28);
    let orange = 0, light = 0;
    for (let i = 0; i < data.length; i += 4) {
      light += data[i];
      if (data[i] - data[i + 2] > 60) orange++;
    }
    if (!light) return; // not drawn this time: what was shown stays on the screen, but cannot be read
    window.frames_seen++;
    window.least = Math.min(window.least, orange);
  };
  const ask = window.requestAnimationFrame;
  window.requestAnimationFrame = (act) => ask((now) => { act(now); look(); });
})()
"""
"""Counts from now on, in every frame drawn, how much of it is orange as sites are."""
MARKS = """
(() => {
  const ticks = document.querySelector("city-twin").shadowRoot.querySelector(".ticks");
  const wide = ticks.getBoundingClientRect().width;
  return [...ticks.querySelectorAll("path")].flatMap((each) =>
    [...each.getAttribute("d").matchAll(/M([\\d.]+)/g)].map(([, x]) => (x / 1000) * wide));
})()
"""
"""Where marks stand along the slider, in pixels."""
SITES = {2: "2 Baustellen", 3: "3 Baustellen", 4: "4 Baustellen"}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """Two sites in March, four in June, three now; the bicycles since June."""
    town = Town(tmp_path_factory.mktemp("wandel"))
    town.sites(2, MARCH)
    town.sites(4, JUNE)
    town.bikes(7, JUNE)
    town.sites(3)
    town.bikes(11)
    return town


@pytest.fixture(scope="module")
def base(town: Town) -> Iterator[str]:
    """Address of the service over the town."""
    with serving(Path(town.store)) as address:
        yield address


@pytest.fixture
def opened(browser: Any, base: str) -> Iterator[Any]:
    """Opens the town as a new visitor."""
    seen: list[Visit] = []

    def open_page(path: str = "/", **options: Any) -> Visit:
        small = {"viewport": {"width": 900, "height": 420}, "contrast": "more"}
        seen.append(visit(browser, base, path, **small | options))
        return seen[-1]

    yield open_page
    for each in seen:
        each.page.context.close()


def card(seen: Visit) -> str:
    return str(seen.page.locator(".card").inner_text())


def slider(seen: Visit) -> Any:
    return seen.page.get_by_role("slider", name="Zeitpunkt")


def tiles_of(seen: Visit, since: int = 0) -> list[str]:
    return [url for url in seen.requests[since:] if "/tiles/" in url]


def test_the_slider_moves_the_city_by_keys_and_now_brings_it_back(opened: Any) -> None:
    seen = opened()
    page = seen.page
    seen.until(lambda: SITES[3] in card(seen))
    slider(seen).wait_for()
    assert slider(seen).get_attribute("aria-valuetext") == "jetzt"
    assert "datetime" not in page.url
    today = seen.picture()

    slider(seen).press("Home")
    seen.until(lambda: SITES[2] in card(seen))
    assert "?datetime=2026-03-01T12:00:00Z" in page.url
    assert slider(seen).get_attribute("aria-valuetext").startswith("Sonntag, 1.\u00a0März 2026, 13:00 Uhr")
    seen.settle()
    assert (abs(seen.picture()[60:300, 400:800] - today[60:300, 400:800]).max(axis=-1) > 25).mean() > 0.02
    tilesets = [url for url in tiles_of(seen) if url.endswith("T12:00:00Z") or "datetime=2026-03-01" in url]
    assert tilesets, "the tiles stayed in another time"
    # The bicycles came later: their layer says so, and is not drawn.
    assert page.get_by_text("Am 1. März 2026 gab es diese Ebene noch nicht.").is_visible()
    assert page.locator(".mark.station:visible").count() == 0
    told = page.locator(".sheet").inner_text()
    assert "Stand: 1.\u00a0März 2026, 13:00 Uhr" in told
    assert "heute," not in told, "a day of the past is called today"

    slider(seen).press("ArrowRight")
    seen.until(lambda: SITES[4] in card(seen))
    page.locator(".mark.station:visible", has_text="7").wait_for()
    assert "datetime=2026-06-01" in page.url

    page.get_by_role("button", name="Jetzt").click()
    seen.until(lambda: SITES[3] in card(seen))
    assert "datetime" not in page.url
    page.locator(".mark.station:visible", has_text="11").wait_for()
    assert page.evaluate("performance.getEntriesByType('navigation').length") == 1
    assert seen.complaints == []


def test_a_list_of_what_the_card_named_is_of_all_in_another_time(opened: Any) -> None:
    seen = opened()
    title = seen.page.locator("#list-title")
    seen.until(lambda: SITES[3] in card(seen))
    seen.page.locator(".card").get_by_role("link", name=SITES[3]).click()
    seen.until(lambda: title.inner_text() == "Baustellen (3)")
    slider(seen).press("Home")
    seen.until(lambda: SITES[2] in card(seen))
    seen.until(lambda: title.inner_text() == "Was in der Nähe ist")


def test_a_finger_reaches_each_date_one_by_one_and_marks_lie_apart(opened: Any) -> None:
    seen = opened(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    page = seen.page
    slider(seen).wait_for()
    places = sorted(page.evaluate(MARKS))
    assert len(places) > 2
    assert min(after - before for before, after in pairwise(places)) > 2
    back, on = (page.get_by_role("button", name=name) for name in ("Voriger Zeitpunkt", "Nächster Zeitpunkt"))
    assert min(back.bounding_box()["width"], back.bounding_box()["height"]) >= 44
    said = [slider(seen).get_attribute("aria-valuetext")]
    aloud = page.get_by_role("region", name="Zeit").get_by_role("status").first
    while back.get_attribute("aria-disabled") == "false":
        back.tap()
        aloud.filter(has_not_text=said[-1]).filter(has_text=re.compile(".")).wait_for(state="attached")
        said.append(slider(seen).get_attribute("aria-valuetext"))
        assert aloud.inner_text() == said[-1]
    assert len(set(said)) == len(said)
    assert said[-1].startswith("Sonntag, 1.\u00a0März 2026")
    assert sum("Neues bei" in each for each in said) >= 2
    # The second of the two lies at the edge of so narrow a picture: counted or not, as that came to stand.
    seen.until(lambda: re.search(r"Hier am 1\.\s+März 2026\s+[12] Baustelle", card(seen)) is not None)
    on.tap()
    seen.until("location.search.includes('datetime=2026-06-01')")
    assert slider(seen).get_attribute("aria-valuetext") == said[-2]
    assert seen.complaints == []


def test_the_slider_follows_the_mouse_and_stays_where_it_is_let_go(opened: Any) -> None:
    seen = opened()
    page = seen.page
    slider(seen).wait_for()
    box = slider(seen).bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] - 12, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, middle, steps=5)
    page.mouse.move(box["x"] + 13, middle, steps=5)
    assert slider(seen).get_attribute("aria-valuetext").startswith("Sonntag, 1.\u00a0März 2026")
    page.mouse.up()
    seen.until(lambda: SITES[2] in card(seen))
    stood = slider(seen).input_value()
    slider(seen).press("ArrowRight")
    seen.until(lambda: SITES[4] in card(seen))
    slider(seen).press("ArrowLeft")
    seen.until(lambda: SITES[2] in card(seen))
    assert slider(seen).input_value() == stood


def test_a_link_opens_the_same_moment_and_the_way_back_leads_to_now(opened: Any) -> None:
    seen = opened()
    slider(seen).press("Home")
    seen.until(lambda: SITES[2] in card(seen))
    again = opened(seen.page.url.removeprefix(seen.base))
    again.until(lambda: SITES[2] in card(again))
    slider(again).wait_for()
    assert again.page.url == seen.page.url
    assert slider(again).get_attribute("aria-valuetext") == slider(seen).get_attribute("aria-valuetext")
    again.page.context.close()

    seen.page.go_back()
    seen.until(lambda: SITES[3] in card(seen))
    assert "datetime" not in seen.page.url
    seen.page.go_forward()
    seen.until(lambda: SITES[2] in card(seen))


def test_play_shows_one_date_after_the_other_and_stops_when_told(opened: Any) -> None:
    seen = opened("/?datetime=2026-03-01T12:00:00Z")
    page = seen.page
    seen.until(lambda: SITES[2] in card(seen))
    page.get_by_role("button", name="Zeit abspielen").click()
    aloud = page.get_by_role("region", name="Zeit").get_by_role("status")
    aloud.filter(has_text="Montag, 1. Juni 2026").wait_for(state="attached")
    seen.until(lambda: SITES[4] in card(seen))
    page.get_by_role("button", name="Anhalten").click()
    page.get_by_role("button", name="Zeit abspielen").wait_for()
    stood = page.url
    page.wait_for_timeout(4000)  # longer than a date is shown
    assert page.url == stood
    assert seen.complaints == []


@pytest.mark.parametrize(
    "link",
    [
        "/?datetime=2020-01-01T00:00:00Z",  # before there was anything
        "/?datetime=gestern",
        "/#datetime=gestern&view=x&layers=nobody,../x&selected=wandel.sites/gone&lang=xx&list=7",
        "/#selected=%00%00/%2F&view=1e99,-1e99,0,-7,NaN",
    ],
)
def test_links_of_old_or_made_up_break_nothing(opened: Any, link: str) -> None:
    seen = opened(link, scene=False)
    seen.page.get_by_role("heading", name="Wandelstadt").wait_for()
    seen.page.get_by_role("checkbox", name="Baustellen").wait_for()
    slider(seen).wait_for()
    if "2020" in link:
        assert seen.page.get_by_text("Am 1. Januar 2020 gab es hier noch kein Stadtmodell.").is_visible()
        seen.page.get_by_role("button", name="Jetzt").click()
        seen.until(lambda: any("/tileset.json" in each for each in seen.requests))  # the city stands there
    else:
        seen.page.get_by_text("Nicht alles, was der Link zeigen sollte").wait_for()
    seen.until(lambda: SITES[3] in card(seen))
    assert "gestern" not in seen.page.url
    # A browser says by itself that an address was refused.
    assert [each for each in seen.complaints if "Failed to load resource" not in each] == []


def test_what_others_publish_appears_while_the_page_is_open(opened: Any, town: Town) -> None:
    seen = opened()
    page = seen.page
    page.locator(".mark.station:visible", has_text="11").wait_for()
    seen.settle()
    before = len(seen.requests)
    low = page.locator(".mark.station:visible", has_text="11").bounding_box()["y"]
    town.bikes(19)
    risen = page.locator(".mark.station:visible", has_text="19")
    risen.wait_for()
    seen.until(
        lambda: risen.bounding_box()["y"] < low - 2
    )  # words stand upon the column, which is higher now
    assert tiles_of(seen, before) == [], "a value came by tiles"

    # The scene is looked at in every frame until the new site is there: it is never empty.
    page.evaluate(WATCH)
    town.sites(4)
    seen.until(lambda: SITES[4] in card(seen))
    seen.settle()
    assert any("/content/" in url for url in tiles_of(seen, before))
    assert page.evaluate("window.frames_seen") > 0
    assert page.evaluate("window.least") > 5, "the sites were gone for a moment"
    assert seen.complaints == []
    town.sites(3)


def test_a_service_that_goes_away_is_told_and_comes_back(opened: Any) -> None:
    gone: list[bool] = []

    def cut(page: Any) -> None:
        page.route("**/live?**", lambda route: route.fulfill(status=503) if gone else route.continue_())

    gone.append(True)
    seen = opened(before=cut)
    lost = seen.page.get_by_text(re.compile("Die Verbindung ist gerade unterbrochen"))
    lost.wait_for()
    gone.clear()
    lost.wait_for(state="detached")
