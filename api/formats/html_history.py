"""HTML: what happened to a feature over time."""

from html import escape
from typing import Any

from api.firsts import moment
from api.formats import html, html_values, words

Document = dict[str, Any]


def history(body: Document, language: str) -> str:
    """A page of the changes of a feature, the oldest first."""
    links = {link["rel"]: link["href"] for link in body["links"]}
    way = html.crumbs(
        language,
        ("/ogc/collections", words.COLLECTIONS.get(language)),
        (links["collection"], words.COLLECTION.get(language)),
        *([(links["item"], words.ITEM.get(language))] if "item" in links else []),
    )
    title = words.HISTORY.get(language)
    heads = (words.WHEN, words.UNTIL, words.WHAT, words.BEFORE, words.AFTER, words.HELD_IN)
    rows = [_row(event, language) for event in body["changes"]]
    said = html.table(escape(title), [html.say(head, language) for head in heads], rows)
    credit = html.facts([(html.say(words.CREDIT, language), escape(body["attribution"]))])
    return html.document(
        language,
        f"{title}: {body['id']}",
        way,
        html.overdue(body, language) + said + _pages(body, links.get("next"), language) + credit,
        body["notice"] or "",
        body["links"],
    )


def _row(event: Document, language: str) -> list[str]:
    """A change; its time leads to the feature as it was then."""
    then = escape(moment(event["from"], language))
    item = next((link["href"] for link in event["links"] if link["rel"] == "item"), None)
    changed = words.CHANGES[event["change"]].get(language)
    found = event["columns"] if event["change"] == "changed" else {}
    sides = (
        "<br>".join(html_values.short(escape(_said(pair[side], language))) for pair in found.values())
        for side in ("before", "after")
    )
    return [
        then if item is None else f'<a href="{escape(item)}">{then}</a>',
        html.say(words.STILL, language) if event["to"] is None else escape(moment(event["to"], language)),
        escape(", ".join([changed, *found])),
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


def _said(value: Any, language: str) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return (words.YES if value else words.NO).get(language)
    return str(value)
