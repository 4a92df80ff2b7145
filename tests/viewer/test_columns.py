"""Stations as columns: as high as their value, in the colour of its class, on a scale that is told."""

import re
from typing import Any

import pytest

from tests.viewer.visitor import Visit, ask

pytestmark = pytest.mark.browser

NO2 = "NO₂ (Stickstoffdioxid)"


def choice(seen: Visit) -> Any:
    return seen.page.get_by_role("combobox", name="Säulen zeigen")


def test_a_scale_is_told_and_another_pollutant_stays_in_the_link(opened: Any, server: str) -> None:
    seen = opened(viewport={"width": 900, "height": 420})
    page = seen.page
    counters = page.get_by_text(
        re.compile(r"Fahrräder in 24 Stunden: je höher die Säule, desto mehr \(bis [125]\u202f?000\)")
    )
    counters.wait_for()
    assert "Eine Fuge teilt sie" in counters.inner_text()
    classes = page.get_by_role("list", name="Farben der Säulen: Fahrräder in 24 Stunden").get_by_role(
        "listitem"
    )
    # One counter of the demo sends zeros, day by day: that is no value, and no column.
    assert classes.count() == 5 + 1
    assert classes.last.inner_text() == "Scheibe statt Säule: kein neuer Wert (1 Station)"

    offered = choice(seen).get_by_role("option").all_inner_texts()
    assert offered[-1] == "Luftqualitätsindex"
    assert NO2 in offered
    page.locator(".mark.air:visible").first.wait_for()
    before = len(seen.requests)
    choice(seen).select_option(label=NO2)
    page.get_by_text("Grenzwert für eine Stunde: 200 µg/m³. Der Ring um die Säule").wait_for()
    page.locator(".mark.station:visible", has_text="µg/m³").first.wait_for()
    seen.until("location.hash.includes('values=air-quality:no2')")
    assert [url for url in seen.requests[before:] if "/tiles/" in url] == [], "a value came by tiles"

    page.get_by_role("button", name="EN", exact=True).click()
    page.get_by_text(
        re.compile(r"Bicycles in 24 hours: the taller the column, the more \(up to [125],000\)")
    ).wait_for()
    page.get_by_role("button", name="Leichte Sprache").click()
    page.get_by_text(re.compile(r"Die Säule zeigt: Fahr-Räder in 24 Stunden\.")).wait_for()
    assert seen.complaints == []


def test_a_link_names_the_value_shown_and_one_that_nobody_measures_is_left_out(opened: Any) -> None:
    seen = opened("/#values=air-quality:no2,bike-counts:plutonium&list=1", scene=False)
    row = seen.page.locator("ul.things button", has_text=NO2).first
    row.wait_for()
    assert re.search(r"NO₂ \(Stickstoffdioxid\): [\d,]+\u00a0µg/m³", row.inner_text())
    choice(seen).wait_for()
    assert choice(seen).input_value() == "no2"
    choice(seen).select_option(label="Luftqualitätsindex")
    seen.until("!location.hash.includes('air-quality')")
    assert seen.complaints == []


def test_a_column_is_seen_at_night(opened: Any, server: str) -> None:
    """From close by the column of a counter stands out from what is around it, in its class's colour."""
    layers = ask(server, "/ogc/collections/demo.bike-counts/items?limit=10")["features"]
    most = max(layers, key=lambda each: each.get("last_24h", {}).get("bicycles", 0))
    lon, lat = most["geometry"]["coordinates"][:2]
    link = f"/#view={lon:.5f},{lat:.5f},260,0,25&layers=bike-counts,terrain"
    seen = opened(link, color_scheme="dark", viewport={"width": 800, "height": 500})
    page = seen.page
    page.get_by_role("list", name="Farben der Säulen: Fahrräder in 24 Stunden").wait_for()
    seen.settle()
    mark = page.locator(".mark.counter:visible").first.bounding_box()
    shades = page.evaluate(
        "[0, 1, 2, 3, 4].map((i) => getComputedStyle(document.querySelector('city-twin')"
        ".shadowRoot.querySelector(`.column-${i}`)).backgroundColor)"
    )
    x, y = int(mark["x"] + mark["width"] / 2), int(mark["y"] + mark["height"] + 30)
    around = seen.picture()[y - 4 : y + 40, x - 12 : x + 12].reshape(-1, 3)
    known = [[int(each) for each in re.findall(r"\d+", shade)[:3]] for shade in shades]
    share = max(float((abs(around - shade).max(axis=-1) < 40).mean()) for shade in known)
    assert share > 0.08, "no column under the mark"
