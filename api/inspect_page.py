"""The page of ``twin inspect --html``: one file, no script, nothing fetched."""

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from api import inspect_words as words
from api.inspect_figures import amount, attribute_row, grouped, sides, span
from api.inspect_picture import STEPS, Plan, bounds, icicle, plans, sizes
from api.inspect_style import STYLE
from tiles.inspect.report import Level, Report
from twin.base import Text

_SHOWN = 50
"""Faults of one kind that are listed one by one."""


def page(report: Report, language: str) -> str:
    """The whole page.

    Args:
        report: What was found.
        language: ``en`` or ``de``.
    """

    def say(text: Text) -> str:
        return escape(text.get(language))

    file = report.tree.file
    folder = report.tree.folder  # of a store's snapshot: that of the layer
    title = str(Path(folder.name) / file.relative_to(folder))
    tip = words.TIP.get(language)
    levels = "".join(
        f"<figure><figcaption>{_caption(plan, language)}</figcaption>{plan.svg}</figure>"
        for plan in plans(report, tip)
    )
    return f"""<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} – twin inspect</title>
<style>{STYLE}</style>
</head>
<body>
<header>
<p class="verdict {"bad" if report.faults else "good"}">{_verdict(report, language)}</p>
<h1>{escape(title)}</h1>
<ul class="figures">{_figures(report, language)}</ul>
<dl>{_facts(report, language)}</dl>
</header>
<main>
<section><h2>{say(words.PLAN)}</h2><p>{say(words.PLAN_HELP)}</p>
{_legend(report, language)}
<div class="plans">{levels}</div></section>
<section><h2>{say(words.BYTES_PLAN)}</h2><p>{say(words.BYTES_HELP)}</p>
<div class="icicle">{icicle(report, tip)}</div></section>
<section><h2>{say(words.LEVELS)}</h2>{_levels(report, language)}</section>
<section><h2>{say(words.ATTRIBUTES)}</h2><p>{say(words.ATTRIBUTES_HELP)}</p>
{_attributes(report, language)}</section>
<section><h2>{say(words.FAULTS)}</h2>{_faults(report, language)}</section>
</main>
</body>
</html>
"""


def _caption(plan: Plan, language: str) -> str:
    tiles = words.TILE if plan.tiles == 1 else words.TILES
    parts = [
        f"{words.LEVEL.get(language)} {plan.depth}",
        f"{_number(plan.tiles, language)} {tiles.get(language)}",
    ]
    if plan.times > 1:
        parts.append(words.ENLARGED.get(language).format(_number(plan.times, language)))
    return escape(" · ".join(parts))


def _verdict(report: Report, language: str) -> str:
    faults, remarks = len(report.faults), len(report.remarks)
    told = [("✗ " + words.FAULTY.get(language).format(_number(faults, language))) if faults else ""]
    told[0] = told[0] or "✓ " + words.SOUND.get(language)
    if remarks:
        told.append(words.REMARKS.get(language).format(_number(remarks, language)))
    return escape(" · ".join(told))


def _figures(report: Report, language: str) -> str:
    total = report.total()
    figures = [
        (words.TILES, _number(total.tiles, language)),
        (words.FEATURES, _number(report.features, language) if report.features else ""),
        (words.TRIANGLES, _number(total.triangles, language)),
        (words.POINTS, _number(total.points, language) if total.points else ""),
        (words.BYTES, amount(total.size, language)),
        (words.SENT, amount(total.brotli, language)),
        (words.SENT_GZIP, amount(total.gzip, language) if total.brotli is None else ""),
    ]
    return "".join(
        f"<li><b>{value}</b> {escape(name.get(language))}</li>" for name, value in figures if value
    )


def _facts(report: Report, language: str) -> str:
    facts: list[tuple[Text, str]] = []
    if report.extent is not None:
        west, south, east, north, low, high = report.extent.tolist()
        wide, deep = (_number(round(side), language) for side in sides(west, south, east, north))
        degrees = f"{west:.5f} {south:.5f} – {east:.5f} {north:.5f} {words.DEGREES.get(language)}"
        metres = f"{low:.2f} – {high:.2f} m"
        if language == "de":
            degrees, metres = degrees.replace(".", ","), metres.replace(".", ",")
        facts.append((words.EXTENT, f"{degrees}, {wide} m {words.BY.get(language)} {deep} m"))
        facts.append((words.HEIGHTS, metres))
    facts.append((words.EXTENSIONS, ", ".join(report.extensions) or "–"))
    facts += [(words.COPYRIGHT, each) for each in report.copyrights]
    return "".join(f"<dt>{escape(name.get(language))}</dt><dd>{escape(value)}</dd>" for name, value in facts)


def _legend(report: Report, language: str) -> str:
    ends = bounds(sizes(report))
    shown = [f"{words.UP_TO.get(language)} {amount(round(end), language)}" for end in ends]
    shown.append(f"{words.UP_TO.get(language)} {amount(max(sizes(report), default=0), language)}")
    entries = [(f"s{step}", shown[step]) for step in range(STEPS)]
    entries.append(("none", words.GROUPS.get(language)))
    items = "".join(f'<li><i class="{kind}"></i>{escape(text)}</li>' for kind, text in entries)
    return f'<ul class="legend">{items}</ul>'


def _levels(report: Report, language: str) -> str:
    heads = (
        words.LEVEL, words.TILES, words.CONTENTS, words.BYTES, Text(de="gzip", en="gzip"),
        Text(de="Brotli", en="brotli"), words.TRIANGLES, words.VERTICES, words.FEATURES, words.ERROR,
    )  # fmt: skip
    rows = [[str(level.depth), *_level(level, language)] for level in report.levels]
    rows.append([words.ALL.get(language), *_level(report.total(), language)])
    return _table([head.get(language) for head in heads], rows, numbers=True)


def _level(level: Level, language: str) -> list[str]:
    return [
        _number(level.tiles, language),
        _number(level.contents, language),
        *(amount(size, language) or "–" for size in (level.size, level.gzip, level.brotli)),
        _number(level.triangles, language),
        _number(level.vertices + level.points, language),
        _number(level.features, language),
        f"{span(*level.errors, language)} m",
    ]


def _attributes(report: Report, language: str) -> str:
    heads = (words.CLASS, words.NAME, words.TYPE, words.UNIT, words.FILLED, words.VALUES)
    rows = [[attribute.class_, *attribute_row(attribute)] for attribute in report.attributes]
    return _table([head.get(language) for head in heads], rows) if rows else "<p>–</p>"


def _faults(report: Report, language: str) -> str:
    if not report.findings:
        return f"<p>{escape(words.NONE_FOUND.get(language))}</p>"
    parts = []
    for kind, group in grouped(report.findings):
        sign, name = ("△", words.REMARK) if group[0].remark else ("✗", words.FAULT)
        count = len(group)
        times = words.TIMES.get(language).format(_number(count, language)) if count > 1 else ""
        rows = [[fault.tile, fault.words(language)] for fault in group[:_SHOWN]]
        more = count - _SHOWN
        rest = (
            f"<p>{escape(words.MORE.get(language).format(_number(more, language)))}</p>" if more > 0 else ""
        )
        table = _table([words.TILE.get(language), words.WHAT.get(language)], rows)
        parts.append(
            f"<details{'' if group[0].remark else ' open'}><summary>{sign} {escape(name.get(language))} "
            f"<code>{kind}</code> {escape(times)}</summary>{table}{rest}</details>"
        )
    return "".join(parts)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: bool = False) -> str:
    top = "".join(f"<th scope=col>{escape(head)}</th>" for head in heads)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    kind = ' class="numbers"' if numbers else ""
    return f'<div class="wide"><table{kind}><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'


def _number(value: int, language: str) -> str:
    text = f"{value:,}"
    return text.replace(",", ".") if language == "de" else text
