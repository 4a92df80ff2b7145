"""HTML: features of a layer, and one feature."""

from html import escape
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import orjson

from api import words as shared
from api.firsts import number
from api.formats import html, html_values, words
from api.formats.page import Page
from api.functions import within
from catalog import deadline
from twin.schema import Column

_SHOWN = 5
_MEASURED = 3
_QUIET = ("id", "source_id", "observed_at")
_TELLING = ("title", "name", "label", "street")
"""Columns that can stand for a feature, the best first."""


def write(page: Page, language: str) -> str:
    """The page for people."""
    return _one(page, language) if page.single else _many(page, language)


def _many(page: Page, language: str) -> str:
    rows = [orjson.loads(feature) for feature in deadline.some(page.features)]
    title = f"{page.layer.title.get(language)}: {words.ITEMS.get(language)}"
    base = f"/ogc/collections/{page.name}"
    way = html.crumbs(
        language,
        ("/ogc/collections", words.COLLECTIONS.get(language)),
        (base, page.layer.title.get(language)),
    )
    body = _count(page, len(rows), language)
    if rows:
        columns = _columns(page, rows)
        body += html.table(
            html.say(page.layer.title, language),
            [html.say(words.ITEM, language), *_heads(page, columns, rows, language)],
            [_row(page, base, columns, row, language) for row in deadline.some(rows)],
        )
    body += _pages(page, language)
    body += html.ways(html.say(words.OTHERS, language), f"<p>{html.links(_alternates(page))}</p>")
    body += html.origin(page.tell(), language)
    return html.document(language, title, way, body, _notice(page, language), page.links)


def _count(page: Page, here: int, language: str) -> str:
    if not here:
        return f'<p class="lead">{html.say(words.NOTHING, language)}</p>'
    matched = page.frame.get("numberMatched")
    if matched is None:
        return ""
    if here == matched:
        said = f"{number(matched, language)} {words.ITEMS.get(language)}"
    else:
        said = words.COUNT.get(language).format(number(here, language), number(matched, language))
    return f'<p class="lead">{escape(said)}</p>'


def _columns(page: Page, rows: list[dict[str, Any]]) -> list[Column]:
    """The columns that say most: those with values, without ids."""
    there = [
        column
        for column in page.layer.schema_.columns
        if column.name not in (*_QUIET, *_TELLING[:2])
        and any(row["properties"].get(column.name) is not None for row in rows)
    ]
    return there[:_SHOWN]


def _heads(page: Page, columns: list[Column], rows: list[dict[str, Any]], language: str) -> list[str]:
    heads = [html.say(column.title, language) for column in columns]
    if any("phase" in row["properties"] for row in rows):
        heads.insert(0, html.say(shared.TOLD["phase"], language))
    if any("latest" in row["properties"] for row in rows):
        heads.append(html.say(words.LATEST, language))
    return heads


def _row(page: Page, base: str, columns: list[Column], row: dict[str, Any], language: str) -> list[str]:
    properties = row["properties"]
    href = f"{base}/items/{quote(row['id'], safe='')}"
    query = _kept(page)
    cells = [html_values.short(html_values.shown(c, properties.get(c.name), language)) for c in columns]
    if "phase" in properties:
        cells.insert(0, html_values.phase(properties, language))
    if "latest" in properties:
        measured = html_values.latest(page.layer.schema_, properties, language)[:_MEASURED]
        cells.append("<br>".join(f"{name}: {value}" for name, value, _ in measured))
    return [f'<a href="{escape(href + query)}">{escape(_title(row))}</a>', *cells]


def _one(page: Page, language: str) -> str:
    row = orjson.loads(page.features[0])
    properties, feature_id = row["properties"], row["id"]
    base = f"/ogc/collections/{page.name}"
    way = html.crumbs(
        language,
        ("/ogc/collections", words.COLLECTIONS.get(language)),
        (base, page.layer.title.get(language)),
        (f"{base}/items", words.ITEMS.get(language)),
    )
    pairs = [
        (html.say(column.title, language), html_values.led_to(column, properties.get(column.name), language))
        for column in page.layer.schema_.columns
    ]
    pairs.insert(0, (html.say(shared.TOLD["phase"], language), html_values.phase(properties, language)))
    if page.geometry:
        pairs.append((html.say(words.PLACE, language), html_values.place(row["geometry"], language)))
    body = html.section(html.say(words.FACTS, language), html.facts(pairs))
    measured = html_values.latest(page.layer.schema_, properties, language)
    if measured:
        heads = [
            html.say(words.NAME, language),
            html.say(words.VALUE, language),
            html.say(words.AT, language),
        ]
        body += html.section(
            html.say(words.LATEST, language), html.table(html.say(words.LATEST, language), heads, measured)
        )
    body += html.ways(html.say(words.MORE, language), f"<p>{_more(page, feature_id, language)}</p>")
    body += html.ways(html.say(words.HERE, language), _here(page, row, language))
    body += html.ways(html.say(words.OTHERS, language), f"<p>{html.links(_alternates(page))}</p>")
    body += html.origin(page.tell(), language)
    return html.document(language, _title(row), way, body, _notice(page, language), page.links)


def _more(page: Page, feature_id: str, language: str) -> str:
    chosen = quote(f"{page.name}/{feature_id}", safe="")
    seen = {
        "href": f"/?city={quote(page.city.id)}&selected={chosen}{html.kept(page.links).replace('?', '&', 1)}",
        "type": "text/html",
        "title": words.IN_TWIN.get(language),
    }
    found = [seen]
    history = page.link("version-history")
    if history is not None:
        found.append({**history, "title": words.HISTORY.get(language)})
    chain = page.link("describedby")
    if chain is not None:
        found.append({**chain, "title": words.CHAIN.get(language)})
    return html.links(found)


def _here(page: Page, row: dict[str, Any], language: str) -> str:
    """Of an area: links to what of the city's other layers lies in it."""
    if not page.geometry or (row["geometry"] or {}).get("type") not in ("Polygon", "MultiPolygon"):
        return ""
    time = dict(_asked(page)).get("datetime")
    found = [
        {
            "href": within(layer, page.layer, row["id"], time),
            "type": "text/html",
            "title": layer.title.get(language),
        }
        for layer in page.beside()
    ]
    return f"<p>{html.links(found)}</p>" if found else ""


def _pages(page: Page, language: str) -> str:
    named = (("prev", words.PREVIOUS), ("next", words.NEXT))
    found = [(page.link(rel), rel, text) for rel, text in named]
    shown = " · ".join(
        f'<a rel="{rel}" href="{escape(link["href"])}">{html.say(text, language)}</a>'
        for link, rel, text in found
        if link is not None
    )
    return f'<p class="pages">{shown}</p>' if shown else ""


def _alternates(page: Page) -> list[dict[str, str]]:
    return [link for link in page.links if link["rel"] == "alternate" and "title" in link]


def _kept(page: Page) -> str:
    """The question's instant, for links that lead on from here."""
    kept = [(name, value) for name, value in _asked(page) if name in ("datetime", "f", "crs")]
    return f"?{urlencode(kept)}" if kept else ""


def _asked(page: Page) -> list[tuple[str, str]]:
    """The query of the page itself."""
    own = page.link("self")
    return parse_qsl(urlsplit(own["href"]).query) if own is not None else []


def _title(row: dict[str, Any]) -> str:
    properties = row["properties"]
    said = next((properties[name] for name in _TELLING if properties.get(name)), None)
    return str(said or properties.get("source_id") or row["id"])


def _notice(page: Page, language: str) -> str:
    return "" if page.city.notice is None else page.city.notice.get(language)
