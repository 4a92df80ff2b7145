"""The viewer in a real browser, used as people use it: by roles and names."""

import re
from pathlib import Path
from typing import Any

import brotli
import pytest

from tests.viewer.visitor import Visit, ask, visit

pytestmark = pytest.mark.browser

ASSETS = Path(__file__).resolve().parents[2] / "viewer" / "dist" / "assets"
BUDGET = 250_000
"""Bytes of script, as brotli, to the first building."""
PANEL = re.compile("^Auskunft: ")


def over_a_building(server: str) -> str:
    """A view straight down on a large building."""
    features = ask(server, "/ogc/collections/demo.buildings/items?limit=200")["features"]
    ring = max(
        (f["geometry"]["coordinates"][0] for f in features if f["geometry"]["type"] == "Polygon"), key=_size
    )
    lon, lat = (sum(point[axis] for point in ring[:-1]) / (len(ring) - 1) for axis in (0, 1))
    return f"/#view={lon:.6f},{lat:.6f},90,0,89"


def _size(ring: list[list[float]]) -> float:
    # Four corners: the middle of a plain house lies inside it, that of a courtyard does not.
    wide = max(p[0] for p in ring) - min(p[0] for p in ring)
    return wide if len(ring) == 5 else 0.0


def test_the_city_is_drawn_quietly_and_alone(city: Visit) -> None:
    seen = city
    assert [each for each in seen.warnings if "TilesRenderer" in each] == []
    assert seen.complaints == []
    assert seen.outside == []
    assert seen.page.context.cookies() == []
    assert seen.page.evaluate("localStorage.length + sessionStorage.length") == 0
    scene = seen.picture()[40:360, 400:740]
    assert scene.std() > 15, "the scene is nearly one colour"
    red, green, blue = (scene[..., band] for band in range(3))
    assert ((red - blue > 40) & (red - green > 15)).mean() > 0.01, "no roofs"
    assert (scene.min(axis=-1) > 200).mean() > 0.05, "no light"
    assert seen.page.evaluate("performance.getEntriesByName('city-twin:first-tile')[0].startTime") > 0


def test_the_first_building_needs_no_more_script_than_the_budget(city: Visit) -> None:
    asked = city.page.evaluate(
        "performance.getEntriesByType('resource')"
        ".filter((each) =>"
        " each.startTime < performance.getEntriesByName('city-twin:first-tile')[0].startTime)"
        ".map((each) => each.name)"
    )
    worker = {url for url in city.requests if ".worker" in url}
    names = {Path(url).name for url in {*asked, *worker} if url.endswith(".js")}
    sizes = {name: len(brotli.compress((ASSETS / name).read_bytes(), quality=11)) for name in sorted(names)}
    assert len(sizes) >= 4, sizes
    assert worker, "nothing is worked out beside the page"
    assert sum(sizes.values()) < BUDGET, sizes


def test_demo_notice_sources_and_states_are_always_told(city: Visit) -> None:
    page = city.page
    assert page.get_by_text("Demo – erfundene Daten", exact=True).filter(visible=True).count() > 0
    foot = page.locator(".foot summary")
    # The demo's one source says itself that all is made up: each word once.
    assert foot.inner_text().strip() == "Quellen: Demo – erfundene Daten / made-up data"
    assert foot.locator("span").evaluate("each => each.scrollHeight <= each.clientHeight + 1")
    assert page.get_by_text("gestrichelt: kommt noch").is_visible()
    assert page.get_by_role("checkbox", name="Baustellen").is_checked()
    assert page.locator(".badge.fresh").count() >= 8
    origin = page.locator("details", has_text="Herausgeber").first
    origin.locator("summary").click()
    words = origin.inner_text()
    assert "Lizenz" in words
    assert "Mit einem festen Wert von 45,66 m umgerechnet" in words
    origin.locator("summary").click()


def test_a_click_says_what_a_building_is_and_escape_closes(opened: Any, server: str) -> None:
    seen = opened(over_a_building(server))
    sheet = seen.page.locator(".sheet").bounding_box()
    middle = (sheet["x"] + sheet["width"] + 800) / 2
    seen.page.mouse.click(middle, 200)
    panel = seen.page.get_by_role("region", name=PANEL)
    panel.wait_for()
    words = panel.inner_text()
    assert re.search(r"\d\sm hoch", words)
    assert "Dachform" in words
    assert "selected=demo.buildings" in seen.page.evaluate("decodeURIComponent(location.hash)")
    seen.page.keyboard.press("Escape")
    panel.wait_for(state="detached")
    assert seen.complaints == []


def test_a_link_to_one_thing_opens_near_it(opened: Any, server: str) -> None:
    (house,) = ask(server, "/ogc/collections/demo.buildings/items?limit=1")["features"]
    seen = opened(f"/#selected=demo.buildings%2F{house['id']}")
    seen.page.get_by_role("region", name=PANEL).wait_for()
    seen.until(
        "/view=/.test(location.hash) && Number(location.hash.match(/view=([^&]*)/)[1].split(',')[2]) <= 400"
    )
    lon, lat = map(float, seen.page.url.split("view=")[1].split("&")[0].split(",")[:2])
    corner = house["geometry"]["coordinates"][0][0]
    assert abs(lon - corner[0]) < 0.002
    assert abs(lat - corner[1]) < 0.002


def test_the_keyboard_steers_and_picks(opened: Any, server: str) -> None:
    seen = opened(over_a_building(server))
    scene = seen.page.get_by_role("application", name=re.compile("Demostadt"))
    scene.focus()
    scene.press("Enter")
    seen.page.get_by_role("region", name=PANEL).wait_for()
    seen.page.keyboard.press("Escape")
    assert (
        seen.page.evaluate("document.querySelector('city-twin').shadowRoot.activeElement.tagName") == "CANVAS"
    )
    before = seen.page.url
    scene.press("ArrowUp")
    seen.until(f"location.href !== {before!r}")
    north = float(seen.page.url.split("view=")[1].split(",")[1])
    assert north > float(before.split("view=")[1].split(",")[1])
    scene.press("Home")
    seen.until("/view=[^&]*,45(&|$)/.test(location.hash)")


def test_german_and_english(opened: Any) -> None:
    page = opened(scene=False).page
    page.get_by_role("heading", name="Heute hier").wait_for()
    assert page.evaluate("document.documentElement.lang") == "de"
    assert page.get_by_role("heading", name="Heute hier").is_visible()
    page.get_by_role("button", name="EN", exact=True).click()
    assert page.get_by_role("heading", name="Here today").is_visible()
    assert page.evaluate("document.documentElement.lang") == "en"
    page.wait_for_url("**lang=en**")
    english = opened(scene=False, locale="en-GB").page
    english.get_by_role("heading", name="Here today").wait_for()


def test_the_list_is_the_same_city(opened: Any) -> None:
    seen = opened()
    seen.page.get_by_role("button", name="Als Liste").click()
    rows = seen.page.locator("ul.things button")
    assert rows.count() > 5
    site = rows.filter(has_text="Baustelle, läuft").first
    name = site.locator("strong").inner_text()
    site.click()
    panel = seen.page.get_by_role("region", name=f"Auskunft: {name}")
    panel.wait_for()
    assert "Hier wird gebaut" in panel.inner_text()
    again = opened("/" + seen.page.evaluate("location.hash"), scene=False)
    again.page.get_by_role("region", name=f"Auskunft: {name}").wait_for()


def test_a_hidden_layer_stays_hidden_in_the_link(opened: Any) -> None:
    seen = opened()
    seen.page.get_by_role("checkbox", name="Radzählstellen").uncheck()
    seen.until("location.hash.includes('layers=')")
    assert "bike-counts" not in seen.page.url
    seen.page.locator(".mark.counter:visible").first.wait_for(state="detached")
    again = opened("/" + seen.page.evaluate("location.hash"), scene=False)
    again.page.get_by_role("checkbox", name="Gebäude").wait_for()
    assert not again.page.get_by_role("checkbox", name="Radzählstellen").is_checked()


def test_a_failing_layer_stops_nothing_else(opened: Any) -> None:
    def fail(page: Any) -> None:
        page.route("**/collections/demo.air-quality/items**", lambda route: route.fulfill(status=503))

    page = opened(before=fail, scene=False).page
    page.get_by_text("„Luftqualität“ ist gerade nicht zu bekommen").wait_for()
    page.get_by_role("checkbox", name="Baustellen", checked=True).wait_for()


def test_the_instant_of_the_address_goes_everywhere(opened: Any, server: str) -> None:
    published = ask(server, "/ogc/collections/demo.buildings")["twin"]["published_at"]
    seen = opened(f"/?datetime={published}")
    tilesets = [
        url for url in seen.requests if "/tiles/demo" in url and "tileset.json" in url and "/r/" not in url
    ]
    items = [url for url in seen.requests if "/items" in url]
    assert tilesets
    assert items
    assert all("datetime=" in url for url in [*tilesets, *items])
    assert seen.page.get_by_text("Sie sehen die Stadt, wie sie am").is_visible()


def test_a_phone_at_night(opened: Any) -> None:
    seen = opened(viewport={"width": 320, "height": 640}, color_scheme="dark", contrast="no-preference")
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 320
    picture = seen.picture()
    assert picture[60:300, :200].std() > 5
    assert picture.mean() < 110
    for button in seen.page.locator(".tools button").all():
        box = button.bounding_box()
        assert min(box["width"], box["height"]) >= 44


def test_without_javascript_the_page_is_readable(browser: Any, server: str) -> None:
    seen = visit(browser, server, scene=False, java_script_enabled=False)
    assert seen.page.get_by_role("heading", name="Demostadt").is_visible()
    assert seen.page.get_by_role("heading", name=re.compile("Baustellen")).first.is_visible()
    assert seen.page.get_by_text("Demo – erfundene Daten").first.is_visible()
    seen.page.context.close()


def test_nothing_is_drawn_while_nothing_changes(city: Visit) -> None:
    page = city.page
    city.settle()
    assert page.evaluate("window.asked") > 0

    def quiet() -> bool:  # new values come every minute and may be drawn: then the next moment is quiet
        before = page.evaluate("window.asked")
        page.wait_for_timeout(700)
        return bool(page.evaluate("window.asked") - before <= 2)

    city.until(quiet)


def test_without_tiles_the_words_go_on(opened: Any) -> None:
    def fail(page: Any) -> None:
        page.route("**/tiles/demo/tileset.json", lambda route: route.fulfill(status=503))

    page = opened(before=fail, scene=False).page
    page.get_by_text("Das Stadtmodell ist gerade nicht zu bekommen").wait_for()
    page.locator("ul.things button").first.wait_for()
    assert page.get_by_role("heading", name="Heute hier").is_visible()


def test_without_the_service_a_sentence_says_so(opened: Any) -> None:
    def fail(page: Any) -> None:
        page.route("**/ogc", lambda route: route.abort())

    page = opened(before=fail, scene=False).page
    page.get_by_text("Die Daten der Stadt sind gerade nicht zu bekommen").wait_for()
    assert page.get_by_role("heading", name="Demostadt").is_visible()
