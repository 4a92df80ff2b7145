"""The pages of /ogc as people (and their screen readers) get them."""

from itertools import pairwise
from urllib.parse import quote

import lxml.html
import pytest

ROADS = "/ogc/collections/probe.construction-sites/items"
PAGES = {
    "start": "/ogc",
    "conformance": "/ogc/conformance",
    "api": "/ogc/api",
    "collections": "/ogc/collections",
    "collection": "/ogc/collections/probe.buildings",
    "never published": "/ogc/collections/probe.air-quality",
    "schema": "/ogc/collections/probe.buildings/schema",
    "items": "/ogc/collections/probe.buildings/items?limit=4",
    "sites": ROADS,
    "stations": "/ogc/collections/probe.bike-counts/items",
    "nothing": "/ogc/collections/probe.buildings/items?bbox=1,1,2,2",
    "empty layer": "/ogc/collections/probe.air-quality/items",
    "item": f"{ROADS}/probe.construction-sites.running",
    "nowhere": f"{ROADS}/probe.construction-sites.open",
    "station": "/ogc/collections/probe.bike-counts/items/probe.bike-counts.arnulf",
    "history": f"{ROADS}/probe.construction-sites.running/history",
}
OURS = [path for name, path in PAGES.items() if name != "api"]


def page(ask, path, language="de"):
    answer = ask(path, accept="text/html", accept_language=language)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    return lxml.html.document_fromstring(answer.content.decode())


def text(found):
    return " ".join(found.text_content().split())


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("path", OURS)
def test_a_page_is_in_the_visitors_language_and_in_order(ask, path, language):
    found = page(ask, path, language)
    assert found.get("lang") == language
    assert found.findtext(".//title").endswith("– Stadtzwilling")
    assert len(found.findall(".//h1")) == len(found.findall(".//main")) == 1
    assert found.find(".//nav").get("aria-label")
    levels = [int(heading.tag[1]) for heading in found.xpath("//h1|//h2|//h3")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all(text(heading) for heading in found.xpath("//h1|//h2|//h3"))
    other = {"de": "Lizenz", "en": "Licence"}
    assert other["en" if language == "de" else "de"] not in text(found.find(".//main")).split()


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_a_page_needs_no_script_and_nothing_from_elsewhere(ask, path):
    found = page(ask, path)
    assert not found.xpath("//script|//iframe|//style|//object|//*[@style]|//@onclick")
    assert all(image.get("alt") is not None for image in found.iter("img"))
    loaded = [*found.xpath("//link/@href"), *found.xpath("//@src")]
    assert all(href.startswith("/static/") for href in loaded)
    assert all(ask(href).status_code == 200 for href in loaded)
    assert found.xpath("//meta[@name='viewport']")


@pytest.mark.parametrize("path", OURS)
def test_every_link_of_ours_leads_somewhere_and_has_words(ask, path):
    for link in page(ask, path).iter("a"):
        assert text(link), link.get("href")
        if link.get("href").startswith("/"):
            assert ask(link.get("href")).status_code == 200, link.get("href")


@pytest.mark.parametrize("path", OURS)
def test_tables_have_a_caption_and_heads_and_can_be_scrolled_by_keyboard(ask, path):
    for table in page(ask, path).iter("table"):
        assert text(table.find("caption"))
        columns = table.findall("thead/tr/th[@scope='col']")
        for row in table.findall("tbody/tr"):
            assert len(row) == len(columns)
            assert row[0].get("scope") == "row"
        region = table.getparent()
        assert (region.get("role"), region.get("tabindex")) == ("region", "0")
        assert region.get("aria-label")


@pytest.mark.parametrize("name", ["collection", "items", "sites", "stations", "nothing", "item", "station"])
def test_pages_of_data_say_whose_they_are_and_how_old(ask, name):
    found = page(ask, PAGES[name], "en")
    (licence,) = found.xpath("//a[@rel='license']")
    assert licence.get("href").startswith("https://")
    said = text(found)
    assert "Probestadt, dl-de/by-2-0" in said
    assert "Vermessungsamt Probestadt" in said
    assert "Demo – made-up data" in said
    assert found.xpath("//p[contains(@class, 'state')]/b")
    assert "As of" in said


def test_items_lead_to_the_next_page_and_to_each_thing(ask):
    found = page(ask, PAGES["items"])
    assert "Hier 4 von 30" in text(found)
    rows = found.findall(".//tbody/tr")
    assert len(rows) == 4
    (following,) = found.xpath("//a[@rel='next']/@href")
    assert [text(row[0]) for row in page(ask, following).findall(".//tbody/tr")] != [
        text(row[0]) for row in rows
    ]
    one = page(ask, rows[0].find(".//a").get("href"))
    assert text(one.find(".//h1")) == text(rows[0][0])
    others = found.xpath("//a[contains(@href, 'f=')]/@type")
    assert {"application/geo+json", "application/flatgeobuf"} <= set(others)


def test_a_layer_is_taken_home_whole(ask):
    found = page(ask, PAGES["collection"])
    (href,) = found.xpath("//a[text()='CSV']/@href")
    assert ask(href).headers["ogc-numberreturned"] == "30"


def test_links_keep_the_instant_and_a_format_asked_for_by_name(ask):
    found = page(ask, "/ogc/collections/probe.buildings/items?limit=4&datetime=2026-02-25&f=html")
    (following,) = found.xpath("//a[@rel='next']/@href")
    assert "datetime=2026-02-25" in following
    assert "f=html" in following
    href = found.find(".//tbody/tr//a").get("href")
    assert "datetime=2026-02-25" in href
    assert ask(href).headers["content-type"].startswith("text/html")


def test_values_are_said_in_words(ask):
    german, english = (text(page(ask, PAGES["item"], language)) for language in ("de", "en"))
    assert "6.3.2026" in german.replace("06.03.2026", "6.3.2026")
    assert "läuft" in german
    assert "6 March 2026" in english
    assert "running" in english
    assert "Satteldach" in text(page(ask, PAGES["items"]))
    station = text(page(ask, PAGES["station"]))
    assert "Punkt: 11.55000, 48.15000" in station
    assert "ohne Ort" in text(page(ask, PAGES["nowhere"]))
    assert "Nichts gefunden" in text(page(ask, PAGES["nothing"]))


def test_a_layer_has_its_name_in_the_visitors_language_on_every_page_of_it(ask):
    item = PAGES["item"]
    queryables = "/ogc/collections/probe.buildings/queryables"
    for path in (PAGES["schema"], queryables, f"{item}/history", f"{item}/provenance"):
        found = page(ask, path)
        assert "auf Deutsch" in text(found.find(".//nav")), path
        assert "made-up" not in text(found), path
    assert text(page(ask, queryables).find(".//h1")) == "Aufbau der Daten: buildings auf Deutsch"


def test_what_the_source_wrote_is_text_and_never_markup(ask):
    found = page(ask, ROADS)
    assert "Straße <running>" in text(found)
    assert not found.xpath("//running")
    answer = ask(f"{ROADS}/{quote('<script>alert(1)</script>', safe='')}", accept="text/html")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
