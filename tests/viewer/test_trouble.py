"""What goes wrong while one looks: layers, tiles, the server, the clock, and links that somebody made up."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.ports import free_port
from tests.viewer.conftest import serving
from tests.viewer.visitor import Visit, visit

pytestmark = pytest.mark.browser

PART = "Ein Teil des Stadtmodells ist gerade nicht zu bekommen. Alles andere sehen Sie."
SHIFT = """
const Right = Date;
window.Date = class extends Right {
  constructor(...parts) { parts.length ? super(...parts) : super(Right.now() + %d); }
  static now() { return Right.now() + %d; }
};
"""
FOLLOW = "(to) => { history.pushState(null, '', to); dispatchEvent(new PopStateEvent('popstate')); }"
DRAWN = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"
DAY_MS = 86_400_000


def own(seen: Visit) -> list[str]:
    """Complaints that are ours: a browser says by itself that an address did not answer, the library of tiles
    which tile it was."""
    known = ("Failed to load resource", "TilesRenderer", "net::ERR")
    return [each for each in seen.complaints if not any(word in each for word in known)]


def test_layers_that_answer_nonsense_are_named_and_stop_nothing_else(opened: Any) -> None:
    shapeless = {"type": "Feature", "id": 1, "properties": None, "geometry": {"type": "Polygon"}}
    answers: dict[str, Callable[[Any], None]] = {
        "air-quality": lambda route: route.fulfill(status=500, body="oh"),
        "bike-counts": lambda route: route.fulfill(body="<html>", content_type="text/html"),
        "construction-sites": lambda route: route.fulfill(json={"features": 5}),
        "districts": lambda route: route.fulfill(json={"features": [shapeless, None]}),
    }

    def spoil(page: Any) -> None:
        for layer, answer in answers.items():
            page.route(f"**/collections/demo.{layer}/items**", answer)

    seen = opened(before=spoil, scene=False)
    titles = ("Luftqualität", "Radzählstellen", "Baustellen", "Stadtbezirke")
    for title in titles:
        seen.page.get_by_text(f"„{title}“ ist gerade nicht zu bekommen.").wait_for()
    # Read aloud, and seen where the themes are folded.
    aloud = seen.page.get_by_role("status").filter(has_text="Gerade nicht zu bekommen: ")
    aloud.wait_for()
    seen.until(lambda: all(title in aloud.inner_text() for title in titles))
    seen.page.get_by_role("checkbox", name="Gebäude", checked=True).wait_for()
    assert own(seen) == []


def test_a_server_that_goes_away_is_told_of_until_it_is_there_again(browser: Any, store: Path) -> None:
    port = free_port()
    with serving(store, port) as base:
        seen = visit(browser, base, contrast="more")
    lost = seen.page.get_by_text("Die Verbindung ist gerade unterbrochen")
    lost.wait_for()
    seen.page.get_by_role("checkbox", name="Gebäude", checked=True).wait_for()  # what was there stays
    with serving(store, port):
        lost.wait_for(state="detached")
        seen.page.get_by_role("button", name="Als Liste").click()
        seen.page.get_by_role("button", name=re.compile("Baustelle")).first.wait_for()
    assert own(seen) == []
    seen.page.context.close()


def test_broken_tiles_leave_the_rest_and_are_tried_again(opened: Any) -> None:
    spoilt: list[str] = []
    whole: list[bool] = []
    ways: list[Callable[[Any], None]] = [
        lambda route: route.fulfill(status=404),
        lambda route: route.fulfill(body=route.fetch().body()[:200]),
        lambda route: route.fulfill(body=b"<html>" + bytes(400)),
        lambda route: route.fulfill(body=b""),
    ]

    def tile(route: Any) -> None:
        if whole or len(spoilt) == len(ways):
            return route.continue_()
        spoilt.append(route.request.url)
        return ways[len(spoilt) - 1](route)

    def spoil(page: Any) -> None:
        page.route("**/content/*.glb", tile)
        page.on("pageerror", lambda error: thrown.append(str(error)))

    thrown: list[str] = []  # what the library of tiles writes down of a broken one is its own
    seen = opened(before=spoil)
    assert len(spoilt) == len(ways)
    seen.page.get_by_text(PART).wait_for()
    assert seen.picture()[40:360, 400:740].std() > 10, "the rest does not stand"
    whole.append(True)
    seen.page.get_by_role("button", name="Noch einmal versuchen").click()
    seen.page.get_by_text(PART).wait_for(state="detached")
    assert thrown == []


def test_a_model_that_cannot_be_had_is_tried_again_by_a_button(opened: Any) -> None:
    gone = [True]

    def fail(route: Any) -> None:
        route.fulfill(status=503) if gone else route.continue_()

    seen = opened(before=lambda page: page.route("**/tiles/demo/tileset.json", fail), scene=False)
    failed = seen.page.get_by_text("Das Stadtmodell ist gerade nicht zu bekommen")
    failed.wait_for()
    assert seen.page.get_by_role("status").filter(has=failed).count() == 1, "it is not read aloud"
    gone.clear()
    seen.page.get_by_role("button", name="Noch einmal versuchen").click()
    failed.wait_for(state="detached")


@pytest.mark.parametrize(("off", "told"), [(2 * DAY_MS, "2 Tage vor"), (-2 * DAY_MS, "2 Tage nach")])
def test_a_clock_that_is_wrong_is_said_and_the_services_counts(opened: Any, off: int, told: str) -> None:
    seen = opened(before=lambda page: page.add_init_script(SHIFT % (off, off)), scene=False)
    seen.page.get_by_text(f"Die Uhr Ihres Geräts geht um {told}. Hier gilt die Uhr des Dienstes.").wait_for()
    card = seen.page.locator(".card")
    seen.until(lambda: "Luft:" in card.inner_text())
    words = card.inner_text()
    assert re.search(r"\d Fahrräder in 24 Stunden", words), "values of today are taken for old ones"
    assert "vor 2 Tagen" not in words
    assert own(seen) == []


_NAMES = st.sampled_from(["view", "layers", "selected", "lang", "list", "colour", "values", "datetime", "x"])
_VALUES = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=30),
    st.lists(st.floats() | st.integers(), max_size=6).map(lambda all_: ",".join(map(str, all_))),
    st.sampled_from(
        (
            *("11.57,48.14,500,0,45", "trees", "demo.trees/1", "demo.buildings/", "/", "de", "__proto__"),
            *("constructor", "year_built", "air-quality:no2", "constructor:x", "2026-01-01", "..", "../.."),
            *("9999-12-31T23:59:59Z", "0000-01-01", "2026-02-30", "1" * 300, "%", "%00", "%ff%fe"),
        )
    ),
)
_PARTS = st.lists(st.tuples(_NAMES, _VALUES, st.booleans()), max_size=5)


def _said(parts: list[tuple[str, str, bool]]) -> str:
    return "&".join(f"{name}={quote(value) if quoted else value}" for name, value, quoted in parts)


@pytest.fixture(scope="module")
def followed(browser: Any, server: str) -> Iterator[Visit]:
    """A page in which links are followed one after the other."""
    seen = visit(browser, server, contrast="more", viewport={"width": 500, "height": 300})
    yield seen
    seen.page.context.close()


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(_PARTS, _PARTS)
@example([("datetime", "9999-12-31T23:59:59Z", False)], [("view", "NaN,1e999,-0,,", False)])
@example([], [("values", "constructor:x,air-quality:toString", False), ("colour", "constructor", False)])
@example([], [("selected", "demo.trees/%E0%A4%A", False), ("layers", "__proto__,toString", False)])
def test_no_link_however_made_up_breaks_the_page(followed: Visit, query: Any, fragment: Any) -> None:
    link = f"?{_said(query)}#{_said(fragment)}"
    followed.page.evaluate(FOLLOW, link)
    followed.page.evaluate(DRAWN)
    assert followed.page.get_by_role("heading", name="Demostadt").is_visible()
    assert own(followed) == []
