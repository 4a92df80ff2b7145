"""HTML: the frame of every page under ``/ogc``, without scripts, and what they have in common."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from api import params
from api import words as shared
from api.firsts import day, moment
from api.formats import words
from twin.base import Text
from twin.status import State

Crumb = tuple[str, str]
"""(address, words)"""


def document(
    language: str,
    title: str,
    crumbs: Sequence[Crumb],
    main: str,
    notice: str = "",
    links: Sequence[Mapping[str, str]] = (),
) -> str:
    """A whole page.

    Args:
        language: ``de`` or ``en``.
        title: The heading, plain text.
        crumbs: The way to this page, from the top, without itself.
        main: What it says, HTML.
        notice: A word of warning about all of it, plain text.
        links: Those of the document; the time in the one to itself stays in the links of the frame.
    """
    then, then_there = kept(links), kept(links, params.full)
    way = "".join(
        f'<li><a href="{escape(href if "?" in href else href + then)}">{escape(text)}</a></li>'
        for href, text in crumbs
    )
    warning = f'<p class="notice" role="note">{escape(notice)}</p>' if notice else ""
    return f"""<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} – Stadtzwilling</title>
<link rel="icon" href="/static/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/static/page.css">
</head>
<body>
<div class="page">
<header>
<nav class="way" aria-label="{say(words.WHERE, language)}"><ol>{way}</ol></nav>
<h1>{escape(title)}</h1>
{warning}
</header>
<main>
{main}
</main>
<footer>
<p><a href="/docs">{say(words.DOCS, language)}</a> · <a href="/stac{escape(then_there)}">STAC</a> ·
<a href="/ogc{escape(then)}">OGC API</a> ·
<a href="/accessibility?lang={language}">{say(shared.ACCESS, language)}</a></p>
<p>{say(words.PRIVACY, language)}</p>
{paper(links, language)}
</footer>
</div>
</body>
</html>
"""


def paper(links: Sequence[Mapping[str, str]], language: str) -> str:
    """On paper alone: where the page is to be had; nothing if it does not know itself (HTML)."""
    own = next((link["href"] for link in links if link["rel"] == "self"), "")
    return f'<p class="paper">{say(words.THIS_PAGE, language)}: {escape(own)}</p>' if own else ""


def kept(links: Sequence[Mapping[str, str]], written: Callable[[str], str | None] = str) -> str:
    """The query that keeps the time of a document with these links; empty if it has none."""
    own = next((link["href"] for link in links if link["rel"] == "self"), "")
    asked = [value for name, value in parse_qsl(urlsplit(own).query) if name == "datetime"]
    return f"?{urlencode({'datetime': written(asked[0])})}" if asked else ""


def say(text: Text | dict[str, str] | None, language: str) -> str:
    """Words in this language, escaped."""
    return "" if text is None else escape(text.get(language) or "")


def section(heading: str, body: str) -> str:
    """A part of a page under its heading (HTML both); nothing if it is empty."""
    return f"<section><h2>{heading}</h2>\n{body}\n</section>" if body else ""


def ways(heading: str, body: str) -> str:
    """A part that leads to other pages and formats, under its heading (HTML both): not on paper."""
    return f'<section class="ways"><h2>{heading}</h2>\n{body}\n</section>' if body else ""


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    """Names and values (HTML both); those without a value are left out."""
    rows = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in pairs if value)
    return f"<dl>{rows}</dl>" if rows else ""


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table (HTML all) that scrolls by itself on small screens, by keyboard as well."""
    columns = "".join(f'<th scope="col">{head}</th>' for head in heads)
    lines = "\n".join(
        f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in rest)}</tr>'
        for first, *rest in rows
    )
    return (
        f'<div class="table" role="region" aria-label="{caption}" tabindex="0"><table><caption>{caption}'
        f"</caption>\n<thead><tr>{columns}</tr></thead>\n<tbody>\n{lines}\n</tbody></table></div>"
    )


def links(found: Iterable[dict[str, str]]) -> str:
    """Links with their titles, in a row."""
    return " · ".join(
        f'<a href="{escape(link["href"])}" type="{escape(link["type"])}">{escape(link.get("title", ""))}</a>'
        for link in found
    )


def crumbs(language: str, *more: Crumb) -> list[Crumb]:
    """The way from the top."""
    return [("/", words.TWIN.get(language)), ("/ogc", words.START.get(language)), *more]


def overdue(told: dict[str, Any], language: str) -> str:
    """A sentence about what is stale; nothing where it is not."""
    if not told.get("stale") or not told.get("as_of"):
        return ""
    times = (moment(told[name], language) for name in ("as_of", "due_since"))
    return f'<p class="notice">{escape(words.OVERDUE.get(language).format(*times))}</p>'


def state(told: dict[str, Any], language: str) -> str:
    """How fresh a layer is: sign, word and sentence."""
    found = State(told["state"])
    sentence = f"<b>{say(told['state_title'], language)}</b> {say(told['state_words'], language)}"
    icon = f'<span aria-hidden="true">{shared.ICONS[found]}</span>'
    return f'<p class="state {found.value}">{icon} {sentence}</p>{overdue(told, language)}'


def origin(told: dict[str, Any], language: str) -> str:
    """Where a layer comes from, under which licence, and how old it is."""
    licence = told["licence"]
    licence_link = f'<a rel="license" href="{escape(licence["url"])}">{escape(licence["title"])}</a>'
    changed = "".join(f"<li>{say(text, language)}</li>" for text in told["changed"])
    pairs = [
        (say(words.PUBLISHER, language), escape(told["publisher"])),
        (say(words.LICENCE, language), licence_link),
        (say(words.CREDIT, language), escape(told["attribution"])),
        (say(words.AS_OF, language), escape(day(told["last_value_at"] or told["holds_from"], language))),
        (say(words.CHANGED, language), f"<ul>{changed}</ul>" if changed else ""),
    ]
    return section(say(words.ABOUT, language), state(told, language) + facts(pairs))
