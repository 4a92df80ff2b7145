"""Values on pages for people, one by one."""

import lxml.html
import pytest

from api.formats import html_values
from twin.base import Text
from twin.schema import Column, Kind
from twin.schemas import schema

LINK = Column(name="link", kind=Kind.TEXT, title=Text(de="Mehr dazu", en="More"))


def told(value):
    return lxml.html.fragment_fromstring(html_values.led_to(LINK, value, "de"), create_parent="p")


@pytest.mark.parametrize(
    "address", ["https://stadt.example/a?b=1&c=ä".replace("ä", "%C3%A4"), "http://10.0.0.1:8000/x"]
)
def test_an_address_of_the_web_can_be_followed(address):
    (found,) = told(address).iter("a")
    assert (found.get("href"), found.text) == (address, address)
    assert {"nofollow", "noopener", "noreferrer"} <= set(found.get("rel").split())


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "https://",
        "https:///etc",
        "see https://stadt.example",
        "https://stadt.example/a b",
        "https://stadt.example/\u202e",
        " https://stadt.example",
        "HTTPS",
        "<a href=x>",
    ],
)
def test_nothing_else_becomes_a_link(text):
    found = told(text)
    assert not list(found.iter("a"))
    assert found.text == text


def test_an_address_cannot_leave_its_attribute():
    (found,) = told('https://stadt.example/"onclick="alert(1)').iter("a")
    assert set(found.attrib) == {"rel", "href"}


def test_a_source_s_codes_are_told_in_words():
    surface = schema("road/1").column("surface")
    assert html_values.shown(surface, "fine_gravel", "de") == "feiner Kies"
    assert html_values.shown(surface, "<gravel>", "de") == "&lt;Schotter&gt;"
    assert html_values.shown(LINK, ["a<", "b"], "de") == "a&lt;, b"
