"""A city of kinds that the viewer knows only by what the service says of them: found, read and seen."""

import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.viewer.conftest import ROOT, serving, twin
from tests.viewer.kinds_layers import LAT, LON
from tests.viewer.kinds_made import sources, write_city
from tests.viewer.visitor import Visit, visit

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def vielfeld(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a service with the city of many kinds; one layer of it has no features."""
    folder = tmp_path_factory.mktemp("vielfeld")
    city = write_city(folder / "vielfeld", datetime.now(UTC))
    store = str(folder / "store")
    command = twin("run", str(city), *sources(city), "--store", store, "--workers", "1")
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    said = done.stdout + done.stderr
    assert said.count("✗") == 1, said
    with serving(Path(store)) as base:
        yield base


@pytest.fixture
def seen(browser: Any, vielfeld: str) -> Iterator[Visit]:
    """The city, opened by a new visitor over its centre."""
    there = visit(browser, vielfeld, "/#view=11.56950,48.13960,1500,0,45", contrast="more")
    yield there
    there.page.context.close()


def test_what_would_cover_the_city_waits_and_is_not_asked_for(seen: Visit) -> None:
    page = seen.page
    for name in ("Leihräder", "Wetter", "Haltestellen", "Linienwege", "Sperrungen", "Stadtgrenze"):
        assert page.get_by_role("checkbox", name=name, exact=True).is_checked(), name
    assert not page.get_by_role("checkbox", name="Nutzung").is_checked()
    assert not any("vielfeld.land-use" in url or "vielfeld.noise" in url for url in seen.requests)
    # Stations are drawn by the viewer itself.
    assert not any("/tiles/vielfeld.stops" in url for url in seen.requests)
    before = seen.picture()[40:360, 420:740]

    page.get_by_role("checkbox", name="Nutzung").check()
    legend = page.get_by_role("list", name="Farben: Art")
    assert "Wald oder Gehölz" in legend.inner_text()
    seen.until("performance.getEntriesByType('resource').some(e => /land-use\\/content/.test(e.name))")
    seen.settle()
    assert (abs(seen.picture()[40:360, 420:740] - before).max(axis=-1) > 25).mean() > 0.3
    seen.until("location.hash.includes('land-use')")
    page.mouse.click(600, 210)  # between the search and the time bar
    panel = page.get_by_role("region", name=re.compile("^Auskunft: Nutzung: "))
    panel.get_by_text("90\u202f000 m²").wait_for()
    assert seen.complaints == []


def test_a_view_without_any_tile_is_a_picture_too(browser: Any, vielfeld: str) -> None:
    far = visit(browser, vielfeld, "/#view=9.00000,50.00000,6000,0,50", contrast="more")
    try:
        assert far.page.get_by_text("Die Stadt wird geladen").count() == 0
        assert far.complaints == []
    finally:
        far.page.context.close()


def test_a_city_without_houses_opens_on_the_heart_of_its_things(browser: Any, vielfeld: str) -> None:
    """Not on its centre from as near as if there were houses; and home leads back there."""
    there = visit(browser, vielfeld, contrast="more")
    page = there.page
    try:
        there.until("/view=/.test(location.hash)")
        opened = page.evaluate("decodeURIComponent(location.hash)")
        lon, lat, metres = (float(each) for each in re.findall(r"view=([^&]*)", opened)[0].split(",")[:3])
        assert (lon, lat) == (LON, LAT), "all lies around the centre"
        assert metres < 1000, "the half of them lies within a few streets"
        page.get_by_role("application").press("+")
        there.until(f"decodeURIComponent(location.hash) !== {opened!r}")
        page.get_by_role("application").press("Home")
        there.until(f"decodeURIComponent(location.hash) === {opened!r}")
    finally:
        page.context.close()


def test_the_list_names_all_kinds_and_leads_to_values_with_time_and_source(seen: Visit) -> None:
    page = seen.page
    page.get_by_role("button", name="Als Liste").click()
    for words in (
        "Linie 17.*Tram",
        "Ringstraße.*Sperrung, läuft",
        "Warnung vor Frost",
        "Wetterwarte.*−3,1\\s°C",
    ):
        page.get_by_role("button", name=re.compile(words, re.DOTALL)).first.wait_for()
    page.get_by_role("button", name=re.compile("Marktplatz 1.*Fahrzeuge zum Leihen: 7", re.DOTALL)).click()
    panel = page.get_by_role("region", name="Auskunft: Marktplatz 1")
    panel.wait_for()
    told = panel.inner_text()
    assert re.search(
        r"7 Fahrzeuge stehen zum Leihen bereit, 5 Stellplätze sind frei\. Stand: vor \d+ Minuten", told
    )
    assert re.search(r"Anbieter\s+Radverleih", told)
    panel.get_by_text("Woher kommt das?").click()
    panel.get_by_text("Stadt Vielfeld").first.wait_for()
    assert panel.get_by_role("link", name=re.compile("CC0")).count() == 1
    assert "selected=vielfeld.rental-bikes" in page.evaluate("decodeURIComponent(location.hash)")


def test_a_stop_tells_its_lines_and_its_timetable_hour_by_hour(seen: Visit) -> None:
    page = seen.page
    page.get_by_role("button", name="Als Liste").click()
    page.get_by_role("button", name=re.compile("Rathaus 1.*Haltestelle: Tram", re.DOTALL)).click()
    panel = page.get_by_role("region", name="Auskunft: Rathaus 1")
    panel.get_by_role("heading", name="Nach Fahrplan an einem Werktag").wait_for()
    told = panel.inner_text()
    assert re.search(r"Linien\s+17, 18", told)
    assert "Am meisten von 23 bis 24 Uhr: 20." in told
    assert "12, 12" not in told, "nobody reads a row of 24 numbers"
    panel.get_by_text("Als Tabelle: in jeder Stunde").click()
    assert panel.get_by_role("row").count() == 25
    assert seen.complaints == []


def test_a_closure_is_no_construction_site_and_an_empty_layer_says_so(seen: Visit) -> None:
    page = seen.page
    gauges = page.get_by_role("checkbox", name="Pegel")
    assert gauges.is_disabled()
    told = page.locator(".layer", has=gauges).locator(".line").inner_text()
    assert told.casefold().count("noch nichts") == 1, told
    page.get_by_role("button", name="Als Liste").click()
    page.get_by_role("button", name=re.compile("Linie 17")).wait_for()  # what is nearby comes last
    page.get_by_role("button", name=re.compile("Ringstraße")).click()
    panel = page.get_by_role("region", name="Auskunft: Ringstraße")
    panel.wait_for()
    told = panel.inner_text()
    assert re.search("Das gilt jetzt, seit [234] Tagen", told), "midnight and summer time may lie between"
    assert re.search(r"Gesperrt\s+ja", told)
    assert "Hier wird gebaut" not in told
    assert seen.complaints == []


def _movable_time(page: Any) -> None:
    """``window.pass(ms)``: the page is so far before its time, and does what it does every minute."""
    page.add_init_script(
        "let ahead = 0; const Then = Date;"
        "window.Date = class extends Then {"
        "  constructor(...given) { given.length ? super(...given) : super(Then.now() + ahead); }"
        "  static now() { return Then.now() + ahead; }"
        "};"
        "const acts = [];"
        "window.setInterval = (act) => acts.push(act);"
        "window.pass = (time) => { ahead += time; for (const act of acts) act(); };"
    )


def test_a_warning_that_is_over_vanishes_while_the_page_stays_open(browser: Any, vielfeld: str) -> None:
    high = visit(
        browser, vielfeld, "/#view=11.5695,48.1396,11000,0,89", before=_movable_time, contrast="more"
    )
    page = high.page
    layer = page.get_by_role("checkbox", name="Wetterwarnungen")

    def outline() -> float:
        """The part of the picture that the layer draws upon."""
        pictures = []
        for act in (layer.check, layer.uncheck):
            act()
            high.settle()
            pictures.append(high.picture()[:, 400:])
        layer.check()
        return float((abs(pictures[0] - pictures[1]).max(axis=-1) > 25).mean())

    try:
        assert outline() > 0.001
        page.get_by_role("button", name="Als Liste").click()
        page.get_by_role("button", name=re.compile("Warnung vor Frost")).wait_for()
        assert page.get_by_role("button", name=re.compile("Warnung vor Nebel")).count() == 0
        page.evaluate("window.pass(10 * 86_400_000)")
        page.get_by_role("button", name=re.compile("Warnung vor Frost")).wait_for(state="detached")
        assert outline() == 0
    finally:
        page.context.close()


def test_what_stands_there_by_the_hundred_has_words_only_from_near(browser: Any, vielfeld: str) -> None:
    """Far off a dot, near by a sign: how many vehicles, which lines stop."""
    there = visit(browser, vielfeld, "/#view=11.5680,48.1393,2600,0,45", contrast="more")
    page = there.page
    try:
        page.locator(".mark.station:visible", has_text="°C").wait_for()
        assert page.locator(".mark.station:visible").count() == 1, "the weather alone"
        page.evaluate("location.hash = 'view=11.56869,48.14041,300,0,45'")
        page.locator(".mark.station:visible", has_text="7").wait_for()
        page.evaluate("location.hash = 'view=11.56708,48.13906,300,0,45'")
        page.locator(".mark.station:visible", has_text="17, 18").click()
        page.get_by_role("region", name="Auskunft: Rathaus 1").wait_for()
        assert there.complaints == []
    finally:
        page.context.close()


def test_all_areas_of_a_site_that_is_done_are_faint(browser: Any, vielfeld: str) -> None:
    """Two areas, one thing, one mark: neither is drawn as if somebody worked there."""
    there = visit(browser, vielfeld, "/#view=11.56486,48.13681,330,0,89", contrast="more")
    try:
        page = there.page
        page.locator(".mark.site.done:visible").wait_for()
        there.settle()
        red, _, blue = np.moveaxis(there.picture()[60:320, 400:720], -1, 0)
        assert (red - blue > 90).mean() < 0.03, "more than an outline in orange"
        assert (abs(red - np.median(red)) > 8).mean() > 0.12, "one of them is not drawn"
    finally:
        there.page.context.close()


def test_noise_is_coloured_by_its_level_and_only_that_of_the_whole_day(seen: Visit) -> None:
    page = seen.page
    page.get_by_role("checkbox", name="Lärm").check()
    legend = page.get_by_role("list", name="Farben: Lärm")
    assert legend.inner_text().split("\n") == [
        "unter 55\u00a0Dezibel",
        *(f"{low} bis unter {low + 5}\u00a0Dezibel" for low in (55, 60, 65, 70)),
        "75\u00a0Dezibel und mehr",
    ]
    assert page.get_by_text("Gezeigt: Tag, Abend und Nacht").is_visible()
    seen.until("performance.getEntriesByType('resource').some(e => /noise\\/content/.test(e.name))")
    seen.settle()
    page.mouse.click(480, 163)
    panel = page.get_by_role("region", name="Auskunft: Lärm: Straße")
    panel.wait_for()
    assert re.search(r"Tag, Abend und Nacht.*Ab\s+65\sDezibel", panel.inner_text(), re.DOTALL)
    page.get_by_role("button", name="EN", exact=True).click()
    english = page.get_by_role("list", name="Colours: Lärm")
    assert "75\u00a0decibels or more" in english.inner_text()
    assert seen.complaints == []
