"""HTML: conformance and schemas."""

from collections.abc import Sequence
from html import escape
from typing import Any

from api.formats import html, words
from api.functions import Example
from api.units import unit
from twin.base import Text

Document = dict[str, Any]


def conformance(body: Document, language: str) -> str:
    """The classes of standards that the service keeps to."""
    rows = "".join(f"<li><code>{escape(uri)}</code></li>" for uri in body["conformsTo"])
    title = words.CONFORMANCE.get(language)
    return html.document(language, title, html.crumbs(language), f"<ul>{rows}</ul>")


def functions(body: Document, language: str, examples: Sequence[Example]) -> str:
    """The functions that filters may have, and links that ask with them."""
    parts = [f'<p class="lead">{html.say(words.FUNCTIONS_LEAD, language)}</p>']
    asking = "".join(
        f'<li><a href="{escape(one.path)}">{escape(one.title(language))}</a></li>' for one in examples
    )
    parts.append(html.section(html.say(words.TRY, language), f"<ul>{asking}</ul>" if asking else ""))
    for told in body["functions"]:
        given = ", ".join(one["title"] for one in told["arguments"])
        rows = [
            (f"<code>{escape(one['title'])}</code>", escape(one["description"])) for one in told["arguments"]
        ]
        about = f'<p lang="en">{escape(told["description"])}</p><div lang="en">{html.facts(rows)}</div>'
        parts.append(html.section(f"<code>{escape(told['name'])}({escape(given)})</code>", about))
    return html.document(language, words.FUNCTIONS.get(language), html.crumbs(language), "".join(parts))


def schema(body: Document, language: str, layer: Text) -> str:
    """A JSON Schema of a layer's properties as a table."""
    heads = [words.NAME, words.MEANING, words.KIND, words.UNIT, words.VALUES]
    rows = [
        [f"<code>{escape(name)}</code>", *_property(told, language)]
        for name, told in body["properties"].items()
    ]
    title = words.SCHEMA.get(language)
    collection = body["$id"].rpartition("/")[0]
    way = html.crumbs(
        language,
        ("/ogc/collections", words.COLLECTIONS.get(language)),
        (collection, layer.get(language)),
    )
    table = html.table(escape(title), [html.say(head, language) for head in heads], rows)
    return html.document(language, f"{title}: {layer.get(language)}", way, table)


def _property(told: Document, language: str) -> list[str]:
    kind = told.get("format") or told.get("type") or ""
    titles = told.get("x-titles") or {}
    values = [title[language] for title in told.get("x-enum-titles", {}).values()] or told.get("enum", [])
    return [
        escape(titles.get(language) or told.get("title", "")),
        escape(str(kind)),
        escape(unit(told.get("x-ogc-unit"))),
        escape(", ".join(map(str, values))),
    ]
