"""The city for everybody: axe-core in every state, the keyboard alone, large letters, three registers."""

import re
from typing import Any

import pytest

from tests.viewer.axe import faults
from tests.viewer.visitor import Visit, visit

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}
REGISTERS = {"DE": "de", "EN": "en", "Leichte Sprache": "de-simple"}
ROW = "ul.things button"
ACTIVE = "document.querySelector('city-twin').shadowRoot.activeElement"
FOCUS_SHOWS = (
    f"(each => each.matches(':focus-visible') && getComputedStyle(each).outlineStyle !== 'none')({ACTIVE})"
)
UNFOLD = (
    "for (const each of document.querySelector('city-twin').shadowRoot.querySelectorAll('details'))"
    " each.open = {}"
)
PAGES = (
    "/accessibility?lang=de",
    "/accessibility?lang=en",
    "/accessibility?lang=ls",
    "/docs",
    "/ogc?f=html",
    "/ogc/collections?f=html",
    "/ogc/conformance?f=html",
    "/ogc/collections/demo.air-quality?f=html",
    "/ogc/collections/demo.construction-sites/items?f=html",
)


def speak(page: Any, label: str) -> None:
    page.get_by_role("button", name=label, exact=True).click()
    page.get_by_role("button", name=label, exact=True, pressed=True).wait_for()


@pytest.fixture(scope="module")
def phone(browser: Any, server: str) -> Any:
    """The city on a phone, for all who look at its states one after the other."""
    seen = visit(browser, server, viewport=PHONE, contrast="more")
    yield seen
    seen.page.context.close()


@pytest.mark.parametrize("label", REGISTERS)
def test_axe_finds_nothing_at_any_height_of_the_sheet_in_any_register(phone: Visit, label: str) -> None:
    page = phone.page
    speak(page, label)
    assert page.evaluate("document.documentElement.lang") == REGISTERS[label]
    grip = page.locator(".grip")
    for _ in range(3):
        assert faults(page) == [], page.locator(".panel").get_attribute("data-height")
        grip.click()
    assert page.locator(".panel").get_attribute("data-height") == "peek"
    assert phone.complaints == []


@pytest.mark.parametrize(
    ("label", "colours"),
    [("DE", {}), ("EN", {"color_scheme": "dark"}), ("Leichte Sprache", {"forced_colors": "active"})],
)
def test_axe_finds_nothing_with_list_thing_and_layers_open(phone: Visit, label: str, colours: Any) -> None:
    page = phone.page
    page.emulate_media(**colours)
    speak(page, label)
    page.locator(".as-list").click()
    page.locator(ROW).first.wait_for()
    assert faults(page) == []
    page.locator(ROW).first.click()
    page.locator("#info-title").wait_for()
    page.evaluate(UNFOLD.format("true"))
    assert faults(page) == []
    page.evaluate(UNFOLD.format("false"))
    page.keyboard.press("Escape")
    page.keyboard.press("l")
    page.locator(ROW).first.wait_for(state="detached")
    page.emulate_media(color_scheme="light", forced_colors="none")


def test_axe_finds_nothing_in_dark_colours_that_a_visitor_forces(opened: Any) -> None:
    page = opened(viewport={"width": 390, "height": 844}, forced_colors="active", color_scheme="dark").page
    assert faults(page) == []


def test_axe_finds_nothing_on_the_pages_without_scripts(browser: Any, server: str) -> None:
    page = browser.new_context(viewport={"width": 320, "height": 640}).new_page()
    for path in PAGES:
        page.goto(server + path)
        assert faults(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
    page.context.close()


@pytest.mark.parametrize("register", ["de", "en", "ls"])
def test_axe_finds_nothing_where_scripts_do_not_run(browser: Any, server: str, register: str) -> None:
    page = browser.new_context(viewport={"width": 320, "height": 640}).new_page()
    page.route("**/viewer/**", lambda route: route.abort())  # axe itself needs scripts
    page.goto(f"{server}/?lang={register}")
    page.get_by_role("heading", level=3).first.wait_for()
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_role("link", name="Read all values" if register == "en" else "Alle Werte lesen").first.click()
    page.get_by_role("heading", level=1).wait_for()
    assert page.get_by_role("table").first.is_visible()
    page.context.close()


def test_axe_finds_nothing_without_webgl_and_without_the_service(blind_browser: Any, server: str) -> None:
    seen = visit(blind_browser, server, scene=False)
    seen.page.locator(ROW).first.wait_for()
    assert faults(seen.page) == []
    seen.page.route("**/ogc", lambda route: route.abort())
    seen.page.reload()
    seen.page.get_by_text("Die Daten der Stadt sind gerade nicht zu bekommen").wait_for()
    assert faults(seen.page) == []
    seen.page.context.close()


def test_the_keyboard_alone_lists_chooses_and_comes_back(opened: Any) -> None:
    seen = opened()
    page = seen.page
    before = page.url
    page.get_by_role("application").focus()
    assert page.evaluate(FOCUS_SHOWS)
    page.keyboard.press("l")
    page.locator("#list-title:focus").wait_for()
    assert page.get_by_role("heading", name=re.compile(r"^Im Bild \(\d+\)")).is_visible()
    page.keyboard.press("Tab")
    first = page.locator(ROW).first
    assert first.evaluate("each => each.getRootNode().activeElement === each")
    assert page.evaluate(FOCUS_SHOWS)
    assert re.search(r"\d\s(m|km)\s(n[oö]rd|s[uü]d|[oö]st|west)", first.inner_text())
    name = first.locator("strong").inner_text()
    page.keyboard.press("Enter")
    page.get_by_role("region", name=f"Auskunft: {name}").wait_for()
    page.locator("#info-title:focus").wait_for()
    looks = page.locator("#info-title").evaluate(
        "each => [getComputedStyle(each).outlineStyle, getComputedStyle(each).boxShadow !== 'none']"
    )
    assert looks == ["none", True], "a title is read, not pressed: no frame, and yet it is seen"
    seen.until(f"location.href !== {before!r} && location.hash.includes('selected=')")
    page.keyboard.press("Escape")
    page.locator("#info-title").wait_for(state="detached")
    assert page.evaluate(f"{ACTIVE}.querySelector('strong').innerText") == name
    page.keyboard.press("l")
    page.locator("#list-title").wait_for(state="detached")
    assert page.evaluate(f"{ACTIVE} !== null"), "the focus is lost with the list"


def test_leichte_sprache_is_kept_in_the_link(opened: Any) -> None:
    page = opened(scene=False).page
    page.get_by_role("heading", name="Heute hier").wait_for()
    speak(page, "Leichte Sprache")
    page.get_by_role("heading", name="Bau-Stellen").wait_for()
    page.get_by_role("checkbox", name="Zähl-Stellen für Fahr-Räder").wait_for()
    story = page.locator(".layer .story").filter(has_text="an den Zählstellen vorbeikommen")
    assert story.count() == 0, "the service's own sentences are not easy to read"
    page.wait_for_url("**lang=ls**")
    page.reload()
    page.get_by_role("heading", name="Bau-Stellen").wait_for()
    assert page.evaluate("document.documentElement.lang") == "de-simple"
    page.get_by_role("link", name="Barriere-Freiheit").click()
    page.get_by_role("heading", name="Erklärung zur Barriere-Freiheit").wait_for()
    page.go_back()
    page.get_by_role("heading", name="Bau-Stellen").wait_for()
    speak(page, "DE")
    page.get_by_role("checkbox", name="Radzählstellen").wait_for()
    story.wait_for()
