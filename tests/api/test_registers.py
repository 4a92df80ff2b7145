"""Pages in German, English and Leichte Sprache, and the statement on accessibility."""

import re

import made
import pytest

from api import statement_words, words
from api.registers import Said
from catalog.cities import write_city
from tests.api.test_page import Reader, read

MOST_WORDS = 12
MOST_LETTERS = 13
HARD = re.compile(
    r"\b(des|eines|keines|dieses|deren|dessen|wegen|trotz|während|würden?|könnten?|hätten?|wären?|sollten?|"
    r"wird|werden|wurden?|worden|zwei|drei|vier|fünf)\b|[();§%„“–…]|\b(ca|bzw|usw|z\. ?B)\."
)


def easy_texts():
    def all_of(value):
        if isinstance(value, Said):
            yield value.ls
        elif isinstance(value, tuple | list):
            for each in value:
                yield from all_of(each)
        elif isinstance(value, dict):
            yield from all_of(list(value.values()))

    return list(all_of([value for module in (words, statement_words) for value in vars(module).values()]))


def faults(text):
    found = HARD.findall(text)
    found += [word for word in re.findall(r"[^\W\d_]+", text) if len(word) > MOST_LETTERS]
    return found + [
        part for part in re.split(r"(?<=[.!?:])\s", text) if len(re.findall(r"[\w-]+", part)) > MOST_WORDS
    ]


def test_leichte_sprache_keeps_its_measurable_rules():
    texts = easy_texts()
    assert len(texts) > 60
    assert {text: faults(text) for text in texts if faults(text)} == {}


@pytest.mark.parametrize(
    "text", ["Das Dach des Hauses.", "Die Straße wird gesperrt.", "Grundwassermessstelle", "Wort " * 13]
)
def test_the_rules_find_faults(text):
    assert faults(text)


@pytest.mark.parametrize(("register", "tag"), [("de", "de"), ("en", "en"), ("ls", "de-simple")])
def test_every_page_says_its_language_and_leads_to_the_others(ask, register, tag):
    for path in ("/", "/accessibility"):
        page = read(ask, f"{path}?lang={register}")
        assert ("html", {"lang": tag}) in page.tags
        switch = [each for name, each in page.tags if name == "a" and "hreflang" in each]
        assert [each["hreflang"] for each in switch] == ["de", "en", "de-simple"]
        assert [each["hreflang"] for each in switch if "aria-current" in each] == [tag]
        for each in switch:
            assert ask(each["href"]).status_code == 200


def test_leichte_sprache_has_its_own_words_and_german_names(ask):
    page = read(ask, "/?lang=ls")
    assert "Zuletzt geprüft" not in page.text, "the service's own sentences are not easy to read"
    assert ("p", {"lang": "de"}) in page.tags, "what nobody wrote in Leichte Sprache is German"
    assert page.text.count("Der Text ist nicht in Leichter Sprache.") == len(
        [layer for layer in made.CITY.layers if layer.summary.ls is None]
    )
    assert "Der Text ist nicht" not in read(ask, "/?lang=de").text
    for said in ("Bau-Stellen", "läuft bis 06.03.2026", "sonst sind es 9", "buildings auf Deutsch", "frisch"):
        assert said in page.text, said
    assert "None" not in page.text


def test_a_layer_is_called_in_leichte_sprache_where_its_recipe_says_how(store, client_of):
    sites = made.SITES.model_copy(
        update={"title": made.SITES.title.model_copy(update={"ls": "Hier bauen wir"})}
    )
    layers = tuple(sites if layer.id == sites.id else layer for layer in made.CITY.layers)
    write_city(store, made.CITY.model_copy(update={"layers": layers}))
    ask = client_of(store)
    assert "Hier bauen wir" in read(ask, "/?lang=ls").text
    assert "Hier bauen wir" not in read(ask, "/?lang=de").text
    told = {each["id"]: each["twin"]["title"] for each in ask.json("/ogc/collections")["collections"]}
    assert told["probe.construction-sites"]["ls"] == "Hier bauen wir"
    assert "ls" not in told["probe.bike-counts"]


def test_every_layer_leads_to_a_readable_page_with_its_values(ask):
    page = read(ask)
    links = [each["href"] for name, each in page.tags if name == "a" and "f=html" in each.get("href", "")]
    assert len(links) == 3
    for href in links:
        answer = ask(href)
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/html")


def test_the_statement_says_what_is_not_met_and_whom_to_write_to(ask):
    page = read(ask, "/accessibility?lang=en")
    assert "not met yet" in page.text
    assert "screen readers" in page.text
    assert "§ 11 BayDiV" in page.text
    [mail] = [each["href"] for name, each in page.tags if each.get("href", "").startswith("mailto:")]
    assert "@" in mail


@pytest.mark.parametrize(
    "query",
    ["lang=xx", "lang=", "lang=de&lang=en", "city=nowhere", "city=%00", "who=me", "city=" + "x" * 5000],
)
def test_the_statement_refuses_what_makes_no_sense(ask, query):
    answer = ask(f"/accessibility?{query}")
    assert 400 <= answer.status_code < 500
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_browser_may_ask_for_leichte_sprache(ask):
    assert ("html", {"lang": "de-simple"}) in Reader(ask("/", accept_language="de-simple,de").text).tags
    # Pages without words of their own for it speak German, and say so.
    assert ("html", {"lang": "de"}) in Reader(ask("/ogc?f=html", accept_language="de-simple").text).tags
