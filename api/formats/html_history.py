"""HTML: what happened to a feature over time."""

from html import escape
from typing import Any

from api.firsts import moment
from api.formats import html, html_values, words
from catalog import several
from twin.base import Text
from twin.layer import Layer
from twin.schema import Column

Document = dict[str, Any]


def history(body: Document, language: str, layer: Layer, notice: Text | None) -> str:
    """A page of the changes of a feature, the oldest first, in the layer's words for its columns."""
    links = {link["rel"]: link["href"] for link in body["links"]}
    way = html.crumbs(
        language,
        ("/ogc/collections", words.COLLECTIONS.get(language)),
        (links["collection"], layer.title.get(language)),
        *([(links["item"], words.ITEM.get(language))] if "item" in links else []),
    )
    title = words.HISTORY.get(language)
    heads = (words.WHEN, words.UNTIL, words.WHAT, words.BEFORE, words.AFTER, words.HELD_IN)
    rows = [_row(event, layer, language) for event in body["changes"]]
    said = html.table(escape(title), [html.say(head, language) for head in heads], rows)
    credit = html.facts([(html.say(words.CREDIT, language), escape(body["attribution"]))])
    return html.document(
        language,
        f"{title}: {body['id']}",
        way,
        html.overdue(body, language) + said + _pages(body, links.get("next"), language) + credit,
        "" if notice is None else notice.get(language),
        body["links"],
    )


def _row(event: Document, layer: Layer, language: str) -> list[str]:
    """A change; its time leads to the feature as it was then."""
    then = escape(moment(event["from"], language))
    item = next((link["href"] for link in event["links"] if link["rel"] == "item"), None)
    changed = words.CHANGES[event["change"]].get(language)
    found = event["columns"] if event["change"] == "changed" else {}
    pairs = [_sides(name, pair, layer, language) for name, pair in found.items()]
    sides = ("<br>".join(pair[side] for pair in pairs) for side in (0, 1))
    return [
        then if item is None else f'<a href="{escape(item)}">{then}</a>',
        html.say(words.STILL, language) if event["to"] is None else escape(moment(event["to"], language)),
        escape(", ".join([changed, *(_title(name, layer, language) for name in found)])),
        *sides,
        escape(event["revision"]),
    ]


def _pages(body: Document, following: str | None, language: str) -> str:
    """How many of the changes are here, where not all are, and the way to the next ones."""
    here, all_ = body["numberReturned"], body["numberMatched"]
    if here == all_:
        return ""
    told = f"<p>{html.say(words.CHANGES_HERE, language).format(here, all_)}</p>"
    if following is None:
        return told
    words_ = html.say(words.NEXT, language)
    return f'{told}<p class="pages"><a rel="next" href="{escape(following)}">{words_}</a></p>'


def _title(name: str, layer: Layer, language: str) -> str:
    """A column in words; one that the layer had once and has no more keeps its name."""
    if name == "geometry":
        return words.PLACE.get(language)
    column = _column(name, layer)
    return name if column is None else column.title.get(language)


def _sides(name: str, pair: Document, layer: Layer, language: str) -> tuple[str, str]:
    """A column before and after, escaped; numbers in full where rounded ones would look alike."""
    found = several.gained(pair["before"], pair["after"])
    if found is not None:  # of forty lines the one that came
        added, removed = (
            escape(", ".join(f"{sign} {text}" for text in side))
            for sign, side in zip("+−", found, strict=True)
        )
        return removed or "–", added or "–"
    before, after = (_said(name, pair[side], layer, language) for side in ("before", "after"))
    if before == after and isinstance(pair["after"], float):
        return escape(str(pair["before"])), escape(str(pair["after"]))
    return before, after


def _said(name: str, value: Any, layer: Layer, language: str) -> str:
    """What a column had before or after, escaped."""
    if value is None:
        return "–"
    if name == "geometry":
        return html_values.place(value, language)
    column = _column(name, layer)
    told = escape(str(value)) if column is None else html_values.shown(column, value, language)
    return html_values.short(told)


def _column(name: str, layer: Layer) -> Column | None:
    return next((column for column in layer.schema_.columns if column.name == name), None)
