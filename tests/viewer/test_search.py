"""Finding: by name, id, coordinates and where one is; nothing of it leaves the page."""

import re

HERE = {"latitude": 48.1403, "longitude": 11.5661, "accuracy": 25}
CAREFUL = {"viewport": {"width": 420, "height": 500}}


def field(seen):
    return seen.page.get_by_role("combobox", name="Suche in dieser Stadt")


def options(seen):
    return seen.page.get_by_role("search").get_by_role("option")


def asked_after(seen, count):
    return [url for url in seen.requests[count:] if "/ogc/" in url]


def test_a_visitor_finds_a_street_with_a_wrong_letter(opened):
    seen = opened(**CAREFUL)
    field(seen).click()
    seen.until(lambda: any("/ogc/names" in url for url in seen.requests))
    before = len(seen.requests)
    field(seen).press_sequentially("Amelwgstr")
    seen.page.get_by_text("Dazu ist hier nichts bekannt").wait_for()
    assert field(seen).get_attribute("aria-expanded") == "false"
    field(seen).fill("aquarelstr.")
    name = options(seen).first.inner_text().splitlines()[0]
    assert name == "Aquarellstraße"
    assert re.fullmatch(r"Aquarellstraße\s+Straße · .+", options(seen).first.inner_text(), re.DOTALL)
    assert asked_after(seen, before) == [], "what is typed is sent nowhere"
    field(seen).press("Enter")
    title = seen.page.get_by_role("heading", name=name)
    title.wait_for()
    seen.until(lambda: title.evaluate("each => each.getRootNode().activeElement === each"))
    seen.until("location.hash.includes('selected=demo.streets')")
    assert not any("quarel" in url for url in seen.requests)
    assert (seen.complaints, seen.outside) == ([], [])


def test_keys_walk_through_what_was_found_also_offline(opened):
    seen = opened(**CAREFUL)
    field(seen).focus()
    field(seen).fill("am")
    options(seen).first.wait_for()
    seen.page.context.set_offline(True)
    field(seen).fill("gasse")
    seen.until(lambda: options(seen).count() > 2)
    chosen = [each.get_attribute("aria-selected") for each in options(seen).all()]
    assert chosen[:2] == ["true", "false"]
    field(seen).press("ArrowDown")
    field(seen).press("ArrowDown")
    field(seen).press("ArrowUp")
    active = field(seen).get_attribute("aria-activedescendant")
    assert seen.page.locator(f"#{active}").get_attribute("aria-selected") == "true"
    assert active == "found-1"
    name = options(seen).nth(1).inner_text().splitlines()[0]
    field(seen).press("Escape")
    assert options(seen).count() == 0
    field(seen).press("ArrowDown")
    field(seen).press("Enter")
    seen.page.get_by_role("heading", name=name).first.wait_for()
    field(seen).focus()
    field(seen).press("Escape")
    assert field(seen).input_value() == ""


def test_coordinates_and_building_ids_are_places(opened):
    seen = opened(**CAREFUL)
    field(seen).fill("48.1405 N, 11.5655 E")
    options(seen).first.click()
    seen.page.get_by_role("heading", name="48,14050° Nord, 11,56550° Ost").wait_for()
    seen.until("location.hash.startsWith('#view=11.56550,48.14050')")
    seen.page.keyboard.press("Escape")
    seen.until(lambda: seen.page.get_by_role("heading", name="48,14050° Nord").count() == 0)
    field(seen).fill("52,52 13,405")
    seen.page.get_by_text("Dieser Ort liegt außerhalb der Stadt.").wait_for()
    item = seen.page.request.get(f"{seen.base}/ogc/collections/demo.buildings/items?limit=1").json()
    house = item["features"][0]["properties"]["source_id"]
    seen.settle()
    field(seen).fill(house.lower())
    options(seen).first.click()
    seen.page.get_by_role("region", name=re.compile("Angaben|Gebäude|haus", re.IGNORECASE)).first.wait_for()
    seen.until("location.hash.includes('selected=demo.buildings')")


def test_around_me_stays_with_me(opened):
    seen = opened("/#list=1", **CAREFUL, geolocation=HERE, permissions=["geolocation"])
    before = seen.page.url
    count = len(seen.requests)
    seen.page.get_by_role("button", name="Was ist um mich herum?").click()
    seen.page.get_by_role("heading", name="Ihr Standort").wait_for()
    seen.page.get_by_text("Auf etwa 30 m genau").wait_for()
    seen.page.get_by_text("wird nicht verschickt und steht nicht in der Adresszeile").wait_for()
    seen.settle()
    assert "view=" not in seen.page.url, before
    told = " ".join(seen.requests[count:]) + seen.page.url
    assert not re.search(r"11[.]566|48[.]140", told), "no address tells the place"
    seen.page.get_by_role("button", name="Standort vergessen").click()
    seen.until("location.hash.includes('view=')")
    assert not re.search(r"11[.]566|48[.]140", seen.page.url)
    assert seen.complaints == []


def test_who_says_no_or_is_elsewhere_gets_a_sentence(opened):
    seen = opened(**CAREFUL, geolocation={"latitude": 52.5, "longitude": 13.4}, permissions=[])
    around = seen.page.get_by_role("button", name="Was ist um mich herum?")
    around.click()
    seen.page.get_by_text("Ihr Browser gibt den Standort nicht frei").wait_for()
    seen.page.context.grant_permissions(["geolocation"])
    around.click()
    seen.page.get_by_text("Sie sind gerade nicht in dieser Stadt").wait_for()
    assert "13.4" not in seen.page.url
