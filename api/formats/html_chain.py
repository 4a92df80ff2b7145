"""HTML: where a feature comes from, as a chain that people can read."""

from collections.abc import Callable
from html import escape
from typing import Any

from api.firsts import moment, number
from api.formats import html, words
from twin.base import Text
from twin.layer import Layer

Step = dict[str, Any]


def chain(body: dict[str, Any], language: str, layer: Layer, notice: Text | None) -> str:
    """The page: source → fetched → changed → checked → published."""
    links = {link["rel"]: link["href"] for link in body["links"]}
    way = html.crumbs(
        language,
        ("/ogc/collections", words.COLLECTIONS.get(language)),
        (links["collection"], layer.title.get(language)),
        (links["item"], words.ITEM.get(language)),
    )
    steps = ""
    for step in body["chain"]:
        name = step["step"]
        heading = html.say(words.STEPS[name], language)
        steps += f"<li><h2>{heading}</h2>\n{_SAID[name](step, language)}</li>\n"
    since = ""
    if body["since"] is not None:
        since = f'<p class="lead">{_filled(words.SINCE.get(language), moment(body["since"], language))}</p>'
    title = f"{words.CHAIN.get(language)}: {body['id']}"
    main = f'{since}{html.overdue(body, language)}<ol class="chain">{steps}</ol>'
    told = "" if notice is None else notice.get(language)
    return html.document(language, title, way, main, told, body["links"])


def _filled(text: str, *values: Any) -> str:
    return escape(text.format(*values))


def _source(step: Step, language: str) -> str:
    licence = step["licence"]
    shown = f'<a rel="license" href="{escape(licence["url"])}">{escape(licence["title"])}</a>'
    addresses = "<br>".join(f"<code>{escape(url)}</code>" for url in step["addresses"])
    return html.facts(
        [
            (html.say(words.PUBLISHER, language), f"{escape(step['publisher'])}<br>{addresses}"),
            (html.say(words.LICENCE, language), shown),
            (html.say(words.CREDIT, language), escape(step["attribution"])),
        ]
    )


def _fetched(step: Step, language: str) -> str:
    said = _filled(words.FETCHED.get(language), moment(step["at"], language), number(step["count"], language))
    sums = "".join(f"<li>{_sum(body)}</li>" for body in step["bodies"])
    return f"<p>{said}</p><ul>{sums}</ul>{_file(step['file'], language)}"


def _file(body: Step | None, language: str) -> str:
    """Where among the answers this feature lay."""
    if body is None:
        return ""
    inside = "" if body["inside"] is None else f", <code>{escape(body['inside'])}</code>"
    said = _filled(words.LAY_IN.get(language))
    return f"<p>{said} <code>{escape(body['url'])}</code>{inside}, {_sum(body)}</p>"


def _sum(body: Step) -> str:
    name, title = ("blake3", "BLAKE3") if "blake3" in body else ("sha256", "SHA-256")
    return f"{title} <code>{escape(body[name])}</code>"


def _changed(step: Step, language: str) -> str:
    texts = [html.say(text, language) for text in step["changed"]]
    texts += [html.say(one["title"], language) for one in step["derived"] if one["title"] is not None]
    if step["position"] == "recipe":
        texts.append(html.say(words.STATED, language))
    texts.append(f"{escape(step['software'])}, <code>{escape(step['recipe_sha256'][:12])}</code>")
    return "<ul>" + "".join(f"<li>{text}</li>" for text in texts if text) + "</ul>"


def _field(column: str | None) -> str:
    return "" if column is None else f" (<code>{escape(column)}</code>)"


def _checked(step: Step, language: str) -> str:
    counts = {name: number(count, language) for name, count in step["counts"].items()}
    said = escape(words.COUNTED.get(language).format(**counts))
    decisions = "".join(
        f"<li>{html.say(one['title'], language)}: {number(one['count'], language)} × "
        f"{html.say(one['reason'], language)}{_field(one['column'])}</li>"
        for one in step["gate"]
    )
    return f"<p>{said}</p><ul>{decisions}</ul>" if decisions else f"<p>{said}</p>"


def _published(step: Step, language: str) -> str:
    instants = (moment(step[name], language) for name in ("published_at", "holds_from"))
    return f"<p>{_filled(words.REVISION.get(language), step['revision'], *instants)}</p>"


_SAID: dict[str, Callable[[Step, str], str]] = {
    "source": _source,
    "fetched": _fetched,
    "changed": _changed,
    "checked": _checked,
    "published": _published,
}
