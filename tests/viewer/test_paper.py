"""On paper: what is shown, in a picture and in words; the pages without scripts, without what is pressed."""

from typing import Any

import pytest

from tests.viewer.paper import texts
from tests.viewer.test_access import speak
from tests.viewer.visitor import Visit, ask

pytestmark = pytest.mark.browser

TWIN = "document.querySelector('city-twin')"
READY = (
    "performance.getEntriesByType('resource').some((each) => /paper/.test(each.name) && each.responseEnd > 0)"
)
SEEN = f"""(() => {{
  window.dispatchEvent(new Event("beforeprint"));
  const frame = {TWIN}.shadowRoot.querySelector(".paper .shot");
  const canvas = frame.querySelector("canvas");
  const {{ data }} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const shades = new Set();
  for (let i = 0; i < data.length; i += 400) shades.add(data[i] >> 4);
  const marks = [...frame.querySelectorAll(".mark:not([hidden])")].length;
  window.dispatchEvent(new Event("afterprint"));
  const [width, height] = [frame.style.width, frame.style.height];
  return [canvas.width / canvas.height, parseFloat(width) / parseFloat(height), shades.size, marks];
}})()"""
"""Of the picture on the sheet: width by height, the same of its frame, its shades, marks upon it."""


def printed(seen: Visit) -> list[str]:
    """The pages of A4 that the visitor gets."""
    seen.until(READY)
    return texts(seen.page.pdf(format="A4", print_background=True))


def test_the_sheet_has_the_picture_the_words_the_sources_and_the_address(opened: Any) -> None:
    seen = opened()
    page = seen.page
    page.get_by_role("button", name="Als Liste").click()
    row = page.locator("ul.things button").filter(has_text="Fahrräder").first
    name = row.locator("strong").inner_text()
    row.click()
    page.locator(".info svg").first.wait_for()
    pages = printed(seen)
    assert 1 <= len(pages) <= 4
    sheet = " ".join(pages)
    licence = ask(seen.base, "/ogc/collections/demo.bike-counts?f=json")["twin"]["licence"]
    for words in (
        "Demostadt",
        "Demo – erfundene Daten",
        "Stand: ",
        "Sie schauen nach Norden",
        name,
        "Heute hier",
        "Was Farben und Zeichen bedeuten",
        "gestrichelt: kommt noch",
        "Im Bild (",
        "Quellen",
        licence["url"],
        "Diese Ansicht im Netz",
        page.url.split("#")[0],
    ):
        assert words in sheet, words
    for pressed in ("Als Liste", "Leichte Sprache", "Messen", "Schließen", "Säulen zeigen"):
        assert pressed not in sheet, pressed
    wide, framed, shades, marks = page.evaluate(SEEN)
    assert shades > 6, "the picture is nearly one colour"
    assert wide == pytest.approx(framed, rel=0.02), "the picture is squeezed"
    assert marks > 0
    assert page.locator(".paper .shot").count() == 0, "the sheet stays on the screen"
    assert page.get_by_role("application").is_visible()
    assert seen.complaints == []


def test_another_register_and_a_page_that_is_about_something_else(opened: Any) -> None:
    seen = opened()
    speak(seen.page, "EN")
    sheet = " ".join(printed(seen))
    assert "As of " in sheet
    assert "In view (" in sheet
    seen.page.evaluate(f"{TWIN}.removeAttribute('page')")
    sheet = " ".join(printed(seen))
    assert "What colours and signs mean" in sheet
    assert "In view (" not in sheet, "a list of somebody else's page"


@pytest.mark.parametrize(
    ("path", "there", "gone"),
    [
        (
            "/?lang=de",
            ["Demostadt", "Radzählstellen", "Diese Seite: "],
            ["GeoJSON", "Leichte Sprache", "Schnittstellen"],
        ),
        (
            "/ogc/collections/demo.construction-sites/items?f=html",
            ["Baustellen", "Stand", "Diese Seite: ", "/ogc/collections/demo.construction-sites/items?"],
            ["GeoJSON", "Ebenen ›", "Barrierefreiheit"],
        ),
        (
            "/ogc/collections/demo.air-quality?f=html",
            ["Herkunft und Lizenz", "Lizenz"],
            ["GeoJSON", "GeoParquet"],
        ),
    ],
)
def test_pages_without_scripts_leave_out_the_ways(
    browser: Any, server: str, path: str, there: list[str], gone: list[str]
) -> None:
    page = browser.new_context(java_script_enabled=False, locale="de-DE").new_page()
    page.goto(server + path)
    page.emulate_media(color_scheme="dark")
    said = " ".join(texts(page.pdf(format="A4")))
    licence = page.locator("dd a[rel=license]").first.get_attribute("href")
    assert licence in said, "where the licence is to be read"
    for words in there:
        assert words in said, words
    for words in gone:
        assert words not in said, words
    page.context.close()


def test_tables_are_whole_on_paper_and_ink_is_dark(browser: Any, server: str) -> None:
    page = browser.new_context(viewport={"width": 500, "height": 700}).new_page()
    page.goto(server + "/ogc/collections/demo.construction-sites/items?f=html")
    page.emulate_media(media="print", color_scheme="dark")
    table = page.locator(".table").first
    assert table.evaluate("each => getComputedStyle(each).overflowX") == "visible"
    assert page.locator("body").evaluate("each => getComputedStyle(each).color") == "rgb(0, 0, 0)"
    page.context.close()
