"""A closer look at a thing: how its values went, where it comes from, what became of it."""

import json
import re
from typing import Any

import pytest

pytestmark = pytest.mark.browser

PANEL = re.compile("^Auskunft: ")


def test_a_counter_shows_day_week_and_year_by_keyboard_and_says_where_it_comes_from(opened: Any) -> None:
    seen = opened(viewport={"width": 360, "height": 640})
    page = seen.page
    page.get_by_role("button", name="Als Liste").click()
    page.get_by_role("button", name=re.compile("Fahrräder in 24")).first.click()
    panel = page.get_by_role("region", name=PANEL)
    day = panel.get_by_role("tab", name="Tag", selected=True)
    day.wait_for()
    assert panel.get_by_role("img", name=re.compile("Fahrräder")).count() == 1
    day.focus()
    page.keyboard.press("ArrowRight")
    week = panel.get_by_role("tab", name="Woche", selected=True)
    week.wait_for()
    panel.get_by_text(re.compile("^In den letzten 7 Tagen: ")).wait_for()
    panel.get_by_text(re.compile("^Als Tabelle")).click()
    assert panel.get_by_role("row").count() == 8
    assert panel.get_by_role("rowheader", name="Sonntag").count() == 1
    week.focus()
    page.keyboard.press("End")
    panel.get_by_text(re.compile("^Am meisten im ")).wait_for()
    assert panel.get_by_role("tab", name="Jahr", selected=True).evaluate("each => each.matches(':focus')")
    panel.get_by_text("Woher kommt das?", exact=True).click()
    steps = panel.get_by_role("list").filter(has_text="Herausgeber").get_by_role("listitem")
    steps.filter(has_text="Ausgabe 1").last.wait_for()
    words = panel.inner_text()
    for step in ("Herausgeber", "Abgeholt", "Unterwegs geändert", "Geprüft", "Veröffentlicht"):
        assert step in words
    assert re.search("[0-9a-f]{64}", words), "no checksum"
    assert "kam bei uns an" in words
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert seen.complaints == []


def test_values_that_cannot_be_had_are_asked_for_again_and_changes_are_sentences(opened: Any) -> None:
    broken = [True]

    def change(page: Any) -> None:
        def values(route: Any) -> None:
            route.fulfill(status=503) if broken else route.continue_()

        ends = {"before": "2026-03-31T22:00:00Z", "after": "2026-04-30T22:00:00Z"}
        story = [
            {"from": "2026-02-01T08:00:00Z", "to": None, "change": "appeared", "columns": {}},
            {"from": "2026-03-03T08:00:00Z", "to": None, "change": "changed", "columns": {"valid_to": ends}},
        ]
        told = json.dumps({"numberMatched": 2, "changes": story})
        page.route("**/sta/**", values)
        page.route("**/history**", lambda route: route.fulfill(body=told, content_type="application/json"))

    page = opened(before=change, scene=False).page
    page.get_by_role("button", name="Als Liste").click()
    page.get_by_role("button", name=re.compile("Luft: ")).first.click()
    panel = page.get_by_role("region", name=PANEL)
    panel.get_by_text("Die Werte sind gerade nicht zu bekommen.").wait_for()
    broken.clear()
    panel.get_by_role("button", name="Noch einmal versuchen").click()
    chart = panel.get_by_role("img", name=re.compile("NO₂.* Grenzwert für eine Stunde: 200 "))
    chart.first.wait_for()
    panel.get_by_text("Was hat sich geändert?").click()
    panel.get_by_text(re.compile(r"^Seit 3\.\sMärz.*: Ende auf 30\.\sApril.* verschoben$")).wait_for()


def test_buildings_take_colours_by_choice_and_the_legend_says_which_and_how_many(opened: Any) -> None:
    seen = opened(viewport={"width": 800, "height": 400})
    page = seen.page
    seen.settle()
    before = seen.picture()[40:360, 400:740]
    choice = page.get_by_role("combobox", name="Gebäude färben nach")
    choice.select_option(label="Dachform")
    legend = page.get_by_role("list", name="Farben der Gebäude: Dachform")
    legend.get_by_text(re.compile(r"Flachdach: \d+")).wait_for()
    assert re.search(r"nicht bekannt: \d+", legend.inner_text())
    counts = [int(number) for number in re.findall(r": (\d+)", legend.inner_text())]
    assert sum(counts) == 300
    seen.until("location.hash.includes('colour=roof_type')")
    seen.settle()
    after = seen.picture()[40:360, 400:740]
    assert (abs(after - before).max(axis=-1) > 40).mean() > 0.05
    choice.select_option(label="Höhe")
    page.get_by_role("list", name="Farben der Gebäude: Höhe").get_by_text("60 m und mehr").wait_for()
    choice.select_option(index=0)
    seen.until("!location.hash.includes('colour=')")
    assert seen.complaints == []


def test_buildings_are_coloured_by_their_year_and_those_without_one_are_said(opened: Any) -> None:
    seen = opened("/#colour=year_built", scene=False)
    legend = seen.page.get_by_role("list", name="Farben der Gebäude: Baujahr")
    unknown = legend.get_by_text(re.compile(r"nicht bekannt: \d+"))
    unknown.wait_for()
    told = legend.inner_text()
    assert "1919 bis unter 1949" in told
    counts = [int(number) for number in re.findall(r": (\d+)", told)]
    assert sum(counts) == 300
    assert 0 < counts[-1] < 100
    assert seen.complaints == []


def test_a_source_without_any_year_says_so(opened: Any) -> None:
    def unknown(page: Any) -> None:
        page.route(
            re.compile(r"/items\?.*year_built"), lambda route: route.fulfill(json={"numberMatched": 0})
        )

    seen = opened("/#colour=year_built", scene=False, before=unknown)
    seen.page.get_by_text("Die Quelle sagt das zu keinem Gebäude; darum sind alle grau.").wait_for()


def test_a_district_says_how_many_things_lie_in_it_and_leads_to_them(opened: Any) -> None:
    seen = opened("/#selected=demo.districts%2F05", viewport={"width": 360, "height": 740})
    page = seen.page
    panel = page.get_by_role("region", name=PANEL)
    panel.get_by_text("Was liegt hier?", exact=True).click()
    trees = panel.get_by_role("link", name=re.compile("^Bäume: "))
    trees.wait_for()
    count = re.sub(r"\D", "", trees.inner_text())
    assert int(count) > 0
    found = page.request.get(trees.get_attribute("href"), headers={"accept": "text/html"}).text()
    table = page.request.get(panel.get_by_role("link", name="Bäume als Tabelle (CSV)").get_attribute("href"))
    assert table.headers["content-type"].startswith("text/csv")
    assert len(table.text().strip().splitlines()) == 1 + int(count)
    assert "FEATURE" in found
    assert count in re.sub(r"[\s\u202f.,]", "", found)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert seen.complaints == []
