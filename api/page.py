"""The page at ``/``: readable without JavaScript, and the frame in which the viewer opens.

Its addresses are relative: it works under any path that a web server in front of us puts before ours.
"""

from dataclasses import dataclass
from datetime import datetime as Instant
from html import escape
from typing import Any
from urllib.parse import urlencode

from api import describe, legal, params, words
from api.firsts import day, firsts, number
from api.registers import TAGS
from api.service import Service
from api.statement import switch
from api.viewer import entry
from twin.base import Text
from twin.city import City
from twin.layer import Layer, Theme
from twin.status import State

CSP = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self' blob: data:; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'none'"
)


@dataclass(frozen=True, slots=True)
class Then:
    """The time that the page is asked for, and how its links keep it."""

    at: Instant | None
    and_: str
    """To be put behind a query, not escaped."""
    full: str
    """A query by itself, as STAC takes it."""

    @classmethod
    def of(cls, service: Service, datetime: str | None) -> "Then":
        """Read ``datetime=``; `RequestError` if it is none."""
        if datetime is None:
            return cls(None, "", "")
        told = urlencode({"datetime": datetime})
        full = urlencode({"datetime": params.full(datetime)})
        return cls(params.asked(datetime, service.now()), f"&{told}", f"?{full}")

    @property
    def only(self) -> str:
        """A query by itself."""
        return self.and_.replace("&", "?", 1)

    @property
    def more(self) -> str:
        """`and_` as it stands in HTML."""
        return escape(self.and_)


def page(service: Service, language: str, city_id: str | None, datetime: str | None = None) -> str:
    """The whole page for a city (None: the first), as it was at `datetime`; links keep it."""
    cities = service.cities()
    city = next((c for c in cities if c.id == city_id), cities[0] if cities else None)
    title = "Stadtzwilling" if city is None else f"{city.title.get(language)} – Stadtzwilling"
    built = entry(service.settings.viewer)
    script = styles = hint = ""
    if built is not None and city is not None:
        script = f'<script type="module" src="viewer/{escape(built.script)}"></script>'
        styles = "".join(f'<link rel="stylesheet" href="viewer/{escape(name)}">' for name in built.styles)
        hint = f"<noscript><p class=hint>{_w(words.NO_SCRIPT, language)}</p></noscript>"
    elif city is not None:
        hint = f"<p class=hint>{_w(words.NO_VIEWER, language)}</p>"
    body = (
        _only(words.EMPTY, language)
        if city is None
        else _city(service, city, cities, language, hint, Then.of(service, datetime))
    )
    if city is not None:
        tag, told = TAGS[language], legal.attributes(service.settings)
        body = f'<city-twin page src="./" city="{escape(city.id)}" lang="{tag}"{told}>\n{body}\n</city-twin>'
    return _document(language, title, styles + "\n" + script, body)


def damaged(language: str) -> str:
    """The page when the store cannot be read."""
    return _document(language, "Stadtzwilling", "", _only(words.DAMAGED, language))


def _document(language: str, title: str, head: str, body: str) -> str:
    return f"""<!doctype html>
<html lang="{TAGS[language]}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<meta name="description" content="{_w(words.LEAD, language)}">
<link rel="icon" href="static/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="static/page.css">{head}
</head>
<body>
{body}
</body>
</html>
"""


def _city(service: Service, city: City, cities: list[City], language: str, hint: str, then: "Then") -> str:
    notice = "" if city.notice is None else f'<p class="notice" role="note">{_w(city.notice, language)}</p>'
    elsewhere = "".join(
        f'<a href="?city={escape(c.id)}&amp;lang={language}{then.more}">{_w(c.title, language)}</a>'
        for c in cities
        if c.id != city.id
    )
    sections = "\n".join(_theme(service, city, theme, language, then) for theme in Theme)
    gaps = "".join(
        f"<li><b>{_w(gap.title, language)}</b>: {_w(gap.reason, language)}</li>" for gap in city.gaps
    )
    missing = f"<section><h2>{_w(words.GAPS, language)}</h2><ul>{gaps}</ul></section>" if gaps else ""
    return f"""<div class="page">
<header>
{switch(language, city.id, then.and_)}
{f"<nav>{elsewhere}</nav>" if elsewhere else ""}
<h1>{_w(city.title, language)}</h1>
{notice}
<p class="lead">{_w(words.LEAD, language)}</p>
{hint}
</header>
<main>
{sections}
{missing}
</main>
<footer>
<p><a href="docs">{_w(words.DOCS, language)}</a> · <a href="stac{then.full}">STAC</a> ·
<a href="ogc{then.only}">OGC API</a> ·
<a href="ops/freshness">{_w(words.STATE, language)}</a> ·
<a href="accessibility?lang={language}&amp;city={escape(city.id)}">{_w(words.ACCESS, language)}</a>
{legal.links(service.settings, language)}</p>
<p>{_w(words.PRIVACY, language)}</p>
<p class="paper">{_w(words.THIS_PAGE, language)}: {escape(service.url(f"/?city={city.id}{then.and_}"))}</p>
</footer>
</div>"""


def _theme(service: Service, city: City, theme: Theme, language: str, then: "Then") -> str:
    layers = [layer for layer in city.layers if layer.theme is theme]
    if not layers:
        return ""
    cards = "\n".join(_card(service, city, layer, language, then) for layer in layers)
    return f'<section class="{theme.value}"><h2>{_w(words.THEMES[theme], language)}</h2>\n{cards}\n</section>'


def _card(service: Service, city: City, layer: Layer, language: str, then: "Then") -> str:
    told = describe.layer(service, city, layer, then.at)
    revision = service.listing.current(layer.id, then.at)
    state = State(told["state"])
    sentences, more = ([], 0) if revision is None else firsts(service, layer, revision, language, then.at)
    shown = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)
    if more:
        shown += f"<li>{escape(words.MORE.get(language).format(number(more, language)))}</li>"
    if revision is not None:
        count = number(revision.features, language)
    else:
        count = (words.UNREADABLE if service.listing.lost(layer.id) else words.NOT_YET).get(language)
    licence = told["licence"]
    facts = [
        (words.SOURCE, escape(told["publisher"])),
        (words.LICENCE, f'<a rel="license" href="{escape(licence["url"])}">{escape(licence["title"])}</a>'),
        (words.CREDIT, escape(told["attribution"])),
        (words.NUMBER, escape(count)),
        (words.AS_OF, escape(day(told["last_value_at"] or told["holds_from"], language))),
    ]
    rows = "".join(f"<dt>{_w(name, language)}</dt><dd>{value}</dd>" for name, value in facts if value)
    ways = _links(layer, told, language, then)
    if ways:
        rows += f'<dt class="ways">{_w(words.DATA, language)}</dt><dd class="ways">{ways}</dd>'
    notice = "" if city.notice is None else f' <span class="tag">{_w(city.notice, language)}</span>'
    return f"""<article id="{escape(layer.name)}">
<h3>{_w(layer.title, language)}{notice}</h3>
{_summary(layer.summary, language)}
<p class="state {state.value}"><span aria-hidden="true">{words.ICONS[state]}</span>
<b>{_w(told["state_title"], language)}</b> {"" if language == "ls" else _w(told["state_words"], language)}</p>
{f"<ul>{shown}</ul>" if shown else ""}
<dl>{rows}</dl>
</article>"""


def _summary(text: Text, language: str) -> str:
    """What a layer is; where nobody wrote it in Leichte Sprache, in German on demand."""
    if language == "ls" and text.ls is None:
        on_demand = f"<summary>{_w(words.PLAIN_GERMAN, language)}</summary>"
        return f'<details>{on_demand}<p lang="de">{escape(text.de)}</p></details>'
    return f"<p>{_w(text, language)}</p>"


def _links(layer: Layer, told: dict[str, Any], language: str, then: "Then") -> str:
    if told["revision"] is None:
        return ""
    asset = f"stac/collections/{layer.id}/items/{told['revision']:06d}"
    links = [
        (f"ogc/collections/{layer.id}/items?f=html{then.and_}", words.READ.get(language)),
        (f"ogc/collections/{layer.id}/items?limit=1000{then.and_}", "GeoJSON"),
        (f"{asset}/features.parquet", "GeoParquet"),
        (f"{asset}/provenance.json", words.ORIGIN.get(language)),
    ]
    if told["tileset"] is not None:
        links.append((f"tiles/{layer.id}/tileset.json{then.only}", "3D Tiles"))
    return " · ".join(f'<a href="{escape(href)}">{escape(name)}</a>' for href, name in links)


def _only(text: Text, language: str) -> str:
    lead = f'<p class="lead">{_w(text, language)}</p>'
    return f'<div class="page"><main><h1>Stadtzwilling</h1>{lead}</main></div>'


def _w(text: Text | dict[str, str], language: str) -> str:
    spoken = text.get(language) if isinstance(text, Text) else text.get("en" if language == "en" else "de")
    return escape(spoken or "")
