"""What a visitor works with in the scene: measuring by mouse and keyboard, and handing on a link."""

import re

SMALL = {"viewport": {"width": 800, "height": 500}}


def button(seen, name):
    return seen.page.get_by_role("button", name=name, exact=True)


def canvas(seen):
    return seen.page.get_by_role("application")


def test_distance_height_and_area_by_mouse_and_keyboard(opened):
    seen = opened(**SMALL)
    assert button(seen, "Messen").get_attribute("aria-pressed") == "false"
    button(seen, "Messen").click()
    panel = seen.page.get_by_role("region", name="Messen: Strecke, Höhe, Fläche")
    panel.get_by_text("Tippen oder klicken Sie im Bild auf Punkte").wait_for()
    canvas(seen).click(position={"x": 520, "y": 300})
    panel.get_by_text("1 Punkt gesetzt.").wait_for()
    assert "selected=" not in seen.page.url, "a point is set, nothing is chosen"
    canvas(seen).click(position={"x": 640, "y": 320})
    panel.get_by_text(
        re.compile(r"2 Punkte gesetzt\..*Strecke auf der Karte: [\d,]+\sm\.", re.DOTALL)
    ).wait_for()
    assert panel.get_by_text("Fläche auf der Karte").count() == 0
    canvas(seen).focus()
    seen.page.keyboard.press("ArrowUp")
    seen.page.keyboard.press("Space")
    panel.get_by_text("3 Punkte gesetzt.").wait_for()
    area = panel.get_by_role("definition").nth(1).inner_text()
    assert re.fullmatch(r"[\d\u202f,]+\u00a0m²", area), area
    seen.page.keyboard.press("Backspace")
    panel.get_by_text("2 Punkte gesetzt.").wait_for()
    button(seen, "Alle Punkte löschen").click()
    panel.get_by_text("Tippen oder klicken Sie im Bild auf Punkte").wait_for()
    button(seen, "Punkt beim Kreuz setzen").click()
    panel.get_by_text("1 Punkt gesetzt.").wait_for()
    sign = seen.page.locator(".mark.counter:visible, .mark.air:visible").first.bounding_box()
    seen.page.mouse.click(sign["x"] + sign["width"] / 2, sign["y"] + sign["height"] / 2)
    panel.get_by_text("2 Punkte gesetzt.").wait_for()
    assert "selected=" not in seen.page.url, "who measures means what lies behind a sign"
    canvas(seen).focus()
    seen.page.keyboard.press("Escape")
    seen.until(lambda: panel.count() == 0)
    assert (seen.complaints, seen.outside) == ([], [])


def test_a_link_is_copied_and_says_so(opened):
    seen = opened(**SMALL, permissions=["clipboard-read", "clipboard-write"])
    seen.page.get_by_role("button", name="Link teilen").click()
    seen.page.get_by_text("Der Link ist kopiert.").wait_for()
    copied = seen.page.evaluate("navigator.clipboard.readText()")
    assert copied == seen.page.url
    assert "#view=" in copied
    assert (seen.complaints, seen.outside) == ([], [])


def test_tab_leads_through_what_is_in_view_and_out_again(opened):
    seen = opened(**SMALL)
    canvas(seen).focus()
    seen.page.keyboard.press("Tab")
    around = seen.page.get_by_role("group", name="Dinge im Bild, das Nächste zuerst")
    focused = "document.querySelector('city-twin').shadowRoot.activeElement"
    assert seen.page.evaluate(f"{focused}.textContent") == "Dinge im Bild überspringen"
    seen.page.keyboard.press("Enter")
    assert seen.page.evaluate(f"{focused}.closest('.tools') !== null"), "nobody has to walk"
    canvas(seen).focus()
    seen.page.keyboard.press("n")
    first = around.get_by_role("button").nth(1)
    assert first.evaluate("each => each.getRootNode().activeElement === each")
    assert first.bounding_box()["height"] >= 44, "what has the focus is seen"
    seen.page.keyboard.press("Escape")
    assert seen.page.evaluate(f"{focused}.tagName") == "CANVAS"
    stops = around.get_by_role("button").count()
    assert 2 < stops <= 11
    for _ in range(stops + 1):
        seen.page.keyboard.press("Tab")
    assert seen.page.evaluate(f"{focused}.closest('.walk, .scene') === null"), "no trap"
    canvas(seen).focus()
    seen.page.keyboard.press("n")
    seen.page.keyboard.press("Enter")
    seen.until("location.hash.includes('selected=')")
    assert seen.complaints == []


def test_sun_and_shadow_of_the_day_at_a_place(opened):
    seen = opened(**SMALL)
    search = seen.page.get_by_role("search")
    field = search.get_by_role("combobox")
    field.fill("48.1405 N, 11.5655 E")
    search.get_by_role("option").first.click()
    seen.settle()
    show = button(seen, "Sonne und Schatten hier")
    assert show.get_attribute("aria-expanded") == "false"
    show.click()
    told = seen.page.get_by_text(re.compile(r"Sonnenaufgang \d\d:\d\d Uhr, Sonnenuntergang \d\d:\d\d Uhr\."))
    told.wait_for()
    seen.page.get_by_text(
        re.compile(r"Die Sonne scheint hier von|Hier scheint die Sonne an diesem Tag nicht hin")
    ).wait_for()
    seen.page.get_by_role("img", name="Der Tag von 0 bis 24 Uhr").wait_for()
    seen.page.get_by_text("Bäume zählen nicht mit").wait_for()
    button(seen, "Sonne und Schatten schließen").click()
    seen.until(lambda: told.count() == 0)
    assert seen.complaints == []
