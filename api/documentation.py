"""The page at ``/docs``: every address of the service, from its own OpenAPI document and our own files."""

from html import escape
from typing import Any

from api.responses import PROBLEMS

_LIMITS = (
    (
        "rate",
        "429 · Too many requests",
        "This client has asked too often; Retry-After says when to ask again.",
    ),
    (
        "range",
        "416 · Nothing of this range is there",
        "A Range lies beyond the file's end; Content-Range says how long it is.",
    ),
    ("body", "413, 408 · The body is not taken", "A request's body is too large, or did not come in time."),
)
"""Code, title and words of the problems that come before any question is read."""


def page(openapi: dict[str, Any]) -> str:
    """The page."""
    groups: dict[str, list[str]] = {}
    for path, methods in openapi["paths"].items():
        operation = methods["get"]
        groups.setdefault(operation["tags"][0], []).append(_operation(path, operation))
    sections = "\n".join(
        f"<section><h2>{escape(tag)}</h2>{''.join(rows)}</section>" for tag, rows in groups.items()
    )
    problems = "".join(
        f'<dt id="problem-{kind.code}">{status} · {escape(title)}</dt><dd>{escape(kind.__doc__ or "")}</dd>'
        for kind, status, title in PROBLEMS
    ) + "".join(
        f'<dt id="problem-{code}">{escape(title)}</dt><dd>{escape(words)}</dd>'
        for code, title, words in _LIMITS
    )
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Interfaces – Stadtzwilling</title>
<link rel="icon" href="/static/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/static/page.css">
</head>
<body>
<div class="page">
<header><nav><a href="/">Stadtzwilling</a></nav><h1>Interfaces</h1>
<p class="lead">Everything is read-only, open to every origin and needs no key. All times are UTC;
<code>datetime=</code> gives the twin as it was then. For machines: <a href="/openapi.json">OpenAPI</a>.</p>
</header>
<main>
{sections}
<section><h2>Problems</h2><p>Errors are <code>application/problem+json</code> (RFC 9457);
<code>detail</code> says what to do next.</p><dl class="wide">{problems}</dl></section>
</main>
</div>
</body>
</html>
"""


def _operation(path: str, operation: dict[str, Any]) -> str:
    rows = "".join(
        f"<dt><code>{escape(p['name'])}</code></dt><dd>{escape(p.get('description', ''))}</dd>"
        for p in operation.get("parameters", ())
        if p["in"] == "query"
    )
    shown = (
        f"<code>{escape(path)}</code>"
        if "{" in path
        else f'<a href="{escape(path)}"><code>{escape(path)}</code></a>'
    )
    table = f"<dl>{rows}</dl>" if rows else ""
    return f"<article><h3>{shown}</h3><p>{escape(operation['summary'])}</p>{table}</article>"
