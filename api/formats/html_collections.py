"""HTML: where ``/ogc`` begins, all layers, and one layer."""

from html import escape
from typing import Any

from api import responses
from api import words as shared
from api.firsts import day, number
from api.formats import html, words
from api.functions import REL
from api.params import MOST
from api.units import unit
from twin.base import Text
from twin.layer import Theme
from twin.status import State

Document = dict[str, Any]


def start(body: Document, language: str) -> str:
    """The landing page."""
    kept = html.kept(body["links"]).replace("?", "&", 1)
    cities = "".join(
        f"<article><h2>{html.say(city['title'], language)}</h2>"
        f"{_notice(city, language)}"
        f'<p><a href="{escape(_href(body, "data"))}#{escape(city["id"])}">'
        f"{html.say(words.COLLECTIONS, language)}</a> · "
        f'<a href="/?city={escape(city["id"] + kept)}">{html.say(words.IN_TWIN, language)}</a></p></article>'
        for city in body["cities"]
    )
    named = (
        ("data", words.COLLECTIONS),
        (REL, words.FUNCTIONS),
        ("conformance", words.CONFORMANCE),
        ("service-doc", words.DOCS),
    )
    more = [
        {"href": _href(body, rel), "type": "text/html", "title": text.get(language)} for rel, text in named
    ]
    body_ = (
        f'<p class="lead">{html.say(words.LEAD, language)}</p>{cities}'
        + html.ways(html.say(words.MORE, language), f"<p>{html.links(more)}</p>")
        + _others(body, language)
    )
    title = words.START.get(language)
    return html.document(language, title, [("/", words.TWIN.get(language))], body_, "", body["links"])


def collections(body: Document, language: str, cities: dict[str, Text]) -> str:
    """All layers, by city (id → name) and theme."""
    sections = []
    for city, name in cities.items():
        layers = [found for found in body["collections"] if found["twin"]["city"] == city]
        tables = "".join(_theme(theme, layers, language) for theme in Theme)
        sections.append(f'<section id="{escape(city)}"><h2>{html.say(name, language)}</h2>{tables}</section>')
    notices = dict.fromkeys(
        notice.get(language) or "" for found in body["collections"] if (notice := found["twin"]["notice"])
    )
    return html.document(
        language,
        words.COLLECTIONS.get(language),
        html.crumbs(language),
        "".join(sections) + _others(body, language),
        " · ".join(notices),
        body["links"],
    )


def collection(body: Document, language: str) -> str:
    """One layer: what it is, how fresh, what is known of each thing, and where to take it from."""
    told = body["twin"]
    items = [link for link in body["links"] if link["rel"] == "items"]
    readable = next((link["href"] for link in items if link["type"].startswith("text/html")), "")
    solid = {"href": readable.replace("f=html", "f=jsonfg"), "type": responses.GEOJSON, "title": "JSON-FG"}
    files = [
        {**link, "href": f"{link['href']}{'&' if '?' in link['href'] else '?'}limit={MOST}"}
        for link in (*items, solid)  # no item link of the document leads to it: see `negotiation.of_features`
        if not link["type"].startswith("text/html")
    ]
    published = told["revision"] is not None
    count = number(told["features"], language) if published else words.EMPTY.get(language)
    body_ = f'<p class="lead">{html.say(told["summary"], language)}</p>'
    if published:
        body_ += f'<p class="pages"><a href="{escape(readable)}">{html.say(words.READ, language)}</a></p>'
        first = words.FIRST.get(language).format(number(MOST, language)) if told["features"] > MOST else ""
        body_ += html.ways(
            html.say(words.DOWNLOAD, language), f"<p>{html.links(files)}</p>" + (first and f"<p>{first}</p>")
        )
    body_ += html.facts([(html.say(words.NUMBER, language), escape(count))])
    body_ += html.origin(told, language)
    body_ += html.section(html.say(words.COLUMNS, language), _columns(told["columns"], language))
    body_ += _others(body, language)
    way = html.crumbs(language, ("/ogc/collections", words.COLLECTIONS.get(language)))
    notice = (told["notice"] or {}).get(language) or ""
    return html.document(language, told["title"][language], way, body_, notice, body["links"])


def _theme(theme: Theme, layers: list[Document], language: str) -> str:
    of_it = [found for found in layers if found["twin"]["theme"] == theme.value]
    if not of_it:
        return ""
    heads = [words.COLLECTION, words.NUMBER, words.AS_OF, words.STATE, words.LICENCE]
    caption = html.say(shared.THEMES[theme], language)
    return html.table(
        caption, [html.say(head, language) for head in heads], [_layer(found, language) for found in of_it]
    )


def _layer(found: Document, language: str) -> list[str]:
    told = found["twin"]
    published = told["revision"] is not None
    licence = told["licence"]
    return [
        f'<a href="{escape(_href(found, "self"))}">{html.say(told["title"], language)}</a>',
        escape(number(told["features"], language) if published else words.EMPTY.get(language)),
        escape(day(told["holds_from"], language)),
        f'<span aria-hidden="true">{shared.ICONS[State(told["state"])]}</span> '
        + html.say(told["state_title"], language),
        f'<a href="{escape(licence["url"])}">{escape(licence["title"])}</a>',
    ]


def _columns(columns: list[Document], language: str) -> str:
    heads = [words.NAME, words.MEANING, words.KIND, words.UNIT, words.VALUES]
    rows = [
        [
            f"<code>{escape(column['name'])}</code>",
            html.say(column["title"], language),
            html.say(words.KINDS[column["kind"]], language),
            escape(unit(column["unit"])),
            ", ".join(html.say(choice["title"], language) for choice in column["choices"]),
        ]
        for column in columns
    ]
    caption = html.say(words.COLUMNS, language)
    return html.table(caption, [html.say(head, language) for head in heads], rows)


def _others(body: Document, language: str) -> str:
    found = [link for link in body["links"] if link["rel"] == "alternate" and "title" in link]
    if "twin" in body and body["twin"]["revision"] is None:  # STAC knows only what is published
        found = [link for link in found if "/stac/" not in link["href"]]
    named = [{**link, "title": "STAC"} if "/stac" in link["href"] else link for link in found]
    return html.ways(html.say(words.OTHERS, language), f"<p>{html.links(named)}</p>") if found else ""


def _notice(city: Document, language: str) -> str:
    said = html.say(city["notice"], language)
    return f'<p class="notice" role="note">{said}</p>' if said else ""


def _href(body: Document, rel: str) -> str:
    return next((str(link["href"]) for link in body["links"] if link["rel"] == rel), "")
