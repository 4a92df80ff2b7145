"""Without WebGL the city is a map of our own vector tiles, beside the list; it answers as the scene does."""

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from tests.viewer.test_browser import over_a_building
from tests.viewer.visitor import COMPLETE, Visit, ask, visit

pytestmark = pytest.mark.browser

PANEL = re.compile("^Auskunft: ")
STREETS = "/ogc/collections/demo.streets/items?f=json&limit=1000"
VIEW = "location.hash.match(/view=([^&]*)/)[1].split(',').map(Number)"


@pytest.fixture
def mapped(blind_browser: Any, server: str) -> Iterator[Any]:
    """Opens pages without WebGL, and closes them in the end."""
    visits: list[Visit] = []

    def open_page(path: str = "/", **options: Any) -> Visit:
        visits.append(visit(blind_browser, server, path, **options))
        return visits[-1]

    yield open_page
    for each in visits:
        each.page.context.close()


def test_the_map_stands_beside_the_list_and_steers(mapped: Any) -> None:
    seen = mapped()
    page = seen.page
    assert page.get_by_text("Ihr Browser kann die 3D-Ansicht nicht zeigen").is_visible()
    assert page.locator("ul.things button").count() > 5
    title, sheet = (page.locator(each).bounding_box() for each in ("#card-title", ".sheet"))
    assert title["y"] > sheet["y"], "nobody asked for the list, and what is on today is scrolled away"
    page.get_by_text("Zahl am Zeichen: Fahrräder in 24 Stunden").wait_for(state="attached")
    assert page.get_by_text("Säule").count() == 0, "the map has none"
    streets = page.locator(".street:visible")
    streets.first.wait_for()
    spelled = [each["properties"].get("name") for each in ask(seen.base, STREETS)["features"]]
    assert set(streets.all_inner_texts()) <= set(spelled), "names that no street has"
    scene = seen.picture()[40:360, 400:740]
    assert scene.std() > 10, "the map is nearly one colour"
    assert (np.abs(scene - [208, 202, 189]).max(axis=-1) < 12).mean() > 0.05, "no streets"
    assert (np.abs(scene - [251, 246, 236]).max(axis=-1) < 6).mean() > 0.02, "no houses"
    assert any("/tiles/WebMercatorQuad/1" in url for url in seen.requests)
    assert not [url for url in seen.requests if url.endswith(".glb")]

    first = page.evaluate(VIEW)
    page.mouse.move(600, 200)
    page.mouse.down()
    page.mouse.move(500, 200, steps=4)
    page.mouse.up()
    seen.until(f"{VIEW}[0] > {first[0]}")
    assert page.evaluate(VIEW)[1:3] == first[1:3]
    page.mouse.wheel(0, -400)
    seen.until(f"{VIEW}[2] < {first[2]} * 0.6")
    chart = page.get_by_role("application", name="Karte der Stadt: Demostadt")
    chart.focus()
    north = page.evaluate(VIEW)[1]
    chart.press("ArrowUp")
    seen.until(f"{VIEW}[1] > {north}")
    chart.press("Home")
    seen.until(f"JSON.stringify({VIEW}) === JSON.stringify({first})")
    page.get_by_role("button", name="Näher heran").click()
    seen.until(f"{VIEW}[2] === Math.round({first[2]} / 1.5)")
    assert page.get_by_role("button", name="Norden nach oben").count() == 0
    page.get_by_role("checkbox", name="Radzählstellen").uncheck()
    seen.until("location.hash.includes('layers=') && !location.hash.includes('bike-counts')")
    page.locator(".mark.counter:visible").first.wait_for(state="detached")
    assert seen.complaints == []
    assert seen.outside == []


def test_home_is_where_the_city_has_something(mapped: Any) -> None:
    """A city whose houses do not stand at its centre opens on them, or on what it has, as the scene does."""

    def elsewhere(page: Any) -> None:
        def moved(route: Any) -> None:
            told = route.fetch().json()
            for city in told["cities"]:
                west, south, _, _ = city["bbox"]
                city["bbox"][:2] = [west - 0.2, south - 0.2]
                city["centre"] = [west - 0.1, south - 0.1]
            route.fulfill(json=told)

        page.route(re.compile(r"/ogc(\?[^/]*)?$"), moved)

    seen = mapped(before=elsewhere)
    west, south, east, north = ask(seen.base, "/ogc")["cities"][0]["bbox"]
    lon, lat, _, _, pitch = seen.page.evaluate(VIEW)
    assert west < lon < east
    assert south < lat < north
    assert pitch == 90


def test_a_click_and_a_key_choose_and_the_link_says_it(mapped: Any, server: str) -> None:
    seen = mapped(over_a_building(server))
    page = seen.page
    sheet = page.locator(".sheet").bounding_box()
    page.mouse.click((sheet["x"] + sheet["width"] + 800) / 2, 190)
    panel = page.get_by_role("region", name=PANEL)
    panel.wait_for()
    assert re.search(r"\d\sm hoch", panel.inner_text())
    seen.until("location.hash.includes('selected=demo.buildings')")
    seen.settle()
    assert (np.abs(seen.picture() - [27, 120, 208]).max(axis=-1) < 10).mean() > 0.002, "no outline"
    page.keyboard.press("Escape")
    panel.wait_for(state="detached")
    page.get_by_role("application").press("Enter")
    panel.wait_for()
    assert seen.complaints == []


def test_a_finger_moves_and_two_come_closer(mapped: Any) -> None:
    phone = {"width": 360, "height": 640}
    bare = "/#layers=buildings,streets,water,green-areas"  # no mark lies under a finger
    seen = mapped(bare, viewport=phone, has_touch=True, color_scheme="dark", locale="en-GB")
    page = seen.page
    assert page.get_by_role("application", name="Map of the city: Demo city").is_visible()
    assert seen.picture()[60:300].mean() < 120, "the night is bright"
    before = page.evaluate(VIEW)
    touch = page.context.new_cdp_session(page)

    def touches(what: str, *points: tuple[int, int]) -> None:
        told = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(points)]
        touch.send("Input.dispatchTouchEvent", {"type": what, "touchPoints": told})

    touches("touchStart", (150, 160), (210, 160))
    for step in range(1, 6):
        touches("touchMove", (150 - 10 * step, 160), (210 + 10 * step, 160))
    touches("touchEnd")
    seen.until(f"{VIEW}[2] < {before[2]} * 0.6")
    closer = page.evaluate(VIEW)
    touches("touchStart", (180, 100))
    for step in range(1, 6):
        touches("touchMove", (180, 100 + 16 * step))
    touches("touchEnd")
    seen.until(f"{VIEW}[1] > {closer[1]}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_layer_whose_tiles_fail_is_named_and_comes_back(mapped: Any) -> None:
    gone: list[bool] = [True]

    def fail(page: Any) -> None:
        def tile(route: Any) -> None:
            if gone:
                route.fulfill(body=b"\x1a\xff", content_type="application/vnd.mapbox-vector-tile")
            else:
                route.continue_()

        page.route(re.compile(r"/demo\.water/tiles/WebMercatorQuad/\d"), tile)

    seen = mapped(before=fail, locale="en-GB")
    note = seen.page.get_by_text("“Water” is not available right now")
    note.wait_for()
    gone.clear()
    box = seen.page.get_by_role("checkbox", name="Water")
    box.uncheck()
    box.check()
    note.wait_for(state="detached")
    assert all("revision=" in url for url in seen.requests if "/WebMercatorQuad/1" in url)
    assert seen.page.evaluate(COMPLETE)
    assert seen.complaints == []


def test_a_near_station_shows_its_substances_on_the_map_too(mapped: Any, server: str) -> None:
    stations = ask(server, "/ogc/collections/demo.air-quality/items?limit=10")["features"]
    lon, lat = stations[0]["geometry"]["coordinates"][:2]
    seen = mapped(f"/#view={lon},{lat},250,0,90")
    seen.page.locator(".mark.air:visible", has_text="Grenzwert").wait_for()
    assert seen.complaints == []


VEILED, LINE = (234, 174, 114), (232, 116, 12)
"""A filled site on the bare ground, and its border."""


def share(picture: Any, colour: tuple[int, int, int]) -> float:
    return float((np.abs(picture - list(colour)).max(axis=-1) < 10).mean())


def test_what_comes_runs_and_is_over_looks_different_on_the_ground(mapped: Any, server: str) -> None:
    sites = ask(server, "/ogc/collections/demo.construction-sites/items?limit=100")["features"]
    seen = {}
    for phase in ("coming", "running", "done"):
        site = next(
            each
            for each in sites
            if each["properties"]["phase"] == phase and each["geometry"]["type"].endswith("Polygon")
        )
        rings = site["geometry"]["coordinates"]
        ring = rings[0] if site["geometry"]["type"] == "Polygon" else rings[0][0]
        lon, lat = (sum(axis) / len(ring) for axis in list(zip(*ring, strict=True))[:2])
        page = mapped(f"/#view={lon},{lat},70,0,90&layers=construction-sites")
        page.page.locator(".mark").first.wait_for()
        page.page.locator(".marks").evaluate("each => { each.style.visibility = 'hidden'; }")
        page.settle()
        seen[phase] = page.picture()[60:330, 400:740]
    assert share(seen["running"], VEILED) > 0.02
    assert share(seen["coming"], VEILED) < 0.002, "what is to come is filled"
    assert share(seen["coming"], LINE) > 0.0005, "and has no border"
    assert max(share(seen["done"], VEILED), share(seen["done"], LINE)) < 0.0005, "what is over is loud"
