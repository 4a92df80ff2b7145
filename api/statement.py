"""The statement on accessibility at ``/accessibility``: what is met, what not yet, whom to tell."""

import re
from collections.abc import Sequence
from html import escape
from importlib.metadata import version

from api import legal
from api import statement_words as words
from api.registers import NAMES, REGISTERS, TAGS, Said
from api.service import Service
from twin.errors import NotFound

_MAIL = re.compile(r"[\w.+-]{1,64}@[\w.-]{1,190}")


def page(service: Service, register: str, city_id: str | None) -> str:
    """The page for a city (None: the first) in this register; `NotFound` if there is no such city."""
    cities = service.cities()
    if city_id is not None and city_id not in [c.id for c in cities]:
        raise NotFound("there is no such city; / lists them")
    city = next((c for c in cities if c.id == city_id), cities[0] if cities else None)
    settings = service.settings
    contact = settings.accessibility_contact or ("" if city is None else city.contact)
    query = f"?lang={register}" + ("" if city is None else f"&city={city.id}")

    def say(text: Said) -> str:
        return escape(text.get(register))

    def listed(texts: Sequence[Said]) -> str:
        return "".join(f"<li>{say(text)}</li>" for text in texts)

    body = settings.enforcement_body
    return f"""<!doctype html>
<html lang="{TAGS[register]}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{say(words.TITLE)} – Stadtzwilling</title>
<link rel="icon" href="static/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="static/page.css">
</head>
<body>
<div class="page text">
<header>
{switch(register, "" if city is None else city.id)}
<h1>{say(words.TITLE)}</h1>
<p class="lead">{say(words.LEAD)}</p>
</header>
<main>
<section><h2>{say(words.STATE)}</h2><p>{say(words.PARTLY)}</p></section>
<section><h2>{say(words.MET)}</h2><ul>{listed(words.MET_LIST)}</ul></section>
<section><h2>{say(words.OPEN)}</h2><ul>{listed(words.OPEN_LIST)}</ul></section>
<section><h2>{say(words.CONTACT)}</h2>
<p>{f"{say(words.WRITE)} {_address(contact)}" if contact else say(words.NOBODY)}</p></section>
<section><h2>{say(words.ENFORCEMENT)}</h2>
<p>{f"{say(words.TURN_TO)} {_address(body)}" if body else say(words.UNNAMED)}</p></section>
<p>{escape(words.AS_OF.get(register).format(version("stadtzwilling")))}</p>
</main>
<footer><p><a href="./{escape(query)}">{say(words.BACK)}</a>{legal.links(settings, register)}</p></footer>
</div>
</body>
</html>
"""


def switch(register: str, city: str, more: str = "") -> str:
    """The same page in the other registers; `more` is put behind the query, not escaped."""
    place = f"&city={city}" if city else ""
    current = ' aria-current="true"'
    links = "".join(
        f'<a href="{escape(f"?lang={each}{place}{more}")}" lang="{TAGS[each]}" hreflang="{TAGS[each]}"'
        f"{current if each == register else ''}>{NAMES[each]}</a>"
        for each in REGISTERS
    )
    return f'<nav aria-label="{escape(words.LANGUAGE.get(register))}">{links}</nav>'


def _address(text: str) -> str:
    """An address of e-mail or the web as a link, within whatever is written around it."""
    shown = escape(text)
    if _MAIL.fullmatch(text):
        return f'<a href="mailto:{shown}">{shown}</a>'
    if re.fullmatch(r"https?://[^\s<>\"']{1,500}", text):
        return f'<a href="{shown}">{shown}</a>'
    return shown
