"""What ``twin inspect`` says: a tileset's levels, attributes and faults, as text, JSON or a page."""

import json
import math
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tiles.inspect.attributes import Attribute
from tiles.inspect.faults import Fault, Found
from tiles.inspect.report import Level, Report, inspect
from twin.errors import TilingError

_SHOWN = 5
"""Faults of one kind that are told one by one on the terminal."""


def inspect_tileset(tileset: Path, *, html: Path | None, json_file: Path | None, language: str) -> bool:
    """Look at a tileset, print what was found, write the files asked for.

    Args:
        tileset: A ``tileset.json``, or the folder it lies in.
        html: Where the page goes.
        json_file: Where the facts go.
        language: Of the page and of the faults, ``en`` or ``de``.

    Returns:
        Whether it has no fault.

    Raises:
        TilingError: if there is no tileset there, or a file cannot be written.
    """
    console = Console(highlight=False)
    with console.status("reading …") as status:
        report = inspect(tileset, lambda done, total: status.update(f"reading tile {done:,} of {total:,} …"))
    _print(console, report, language)
    if json_file is not None:
        write(json_file, json.dumps(facts(report), ensure_ascii=False, indent=1) + "\n")
    if html is not None:
        from api.inspect_page import page

        write(html, page(report, language))
    return not report.faults


def write(file: Path, text: str) -> None:
    """Write a file; `TilingError` if it cannot be."""
    try:
        file.write_text(text, "utf-8")
    except OSError as error:
        raise TilingError(f"{file} cannot be written: {error.strerror}") from None


def _print(console: Console, report: Report, language: str) -> None:
    console.print(f"[bold]{escape(str(report.tree.file))}[/]", soft_wrap=True)
    for line in headlines(report):
        console.print(f"  {escape(line)}", soft_wrap=True)
    table = Table(box=None, padding=(0, 1), header_style="dim")
    for name in ("level", "tiles", "size", "sent", "triangles", "vertices", "features", "error m"):
        table.add_column(name, justify="right", no_wrap=True)
    for level in report.levels:
        table.add_row(str(level.depth), *_row(level))
    table.add_section()
    table.add_row("all", *_row(report.total()), style="bold")
    console.print(table)
    if report.attributes:
        columns = Table(box=None, padding=(0, 1), header_style="dim")
        for name in ("attribute", "type", "unit", "filled", "values"):
            columns.add_column(name, overflow="fold")
        for attribute in report.attributes:
            columns.add_row(*(escape(cell) for cell in attribute_row(attribute)))
        console.print(columns)
    print_verdict(console, report, language)


def headlines(report: Report) -> Iterator[str]:
    """The tileset in a few lines."""
    total = report.total()
    version = report.tree.asset.get("version", "?")
    drawn = f"{total.triangles:,} triangles" + (f", {total.points:,} points" if total.points else "")
    yield f"3D Tiles {version}: {total.tiles:,} tiles, {report.features:,} features, {drawn}"
    if report.extent is not None:
        west, south, east, north, low, high = report.extent.tolist()
        wide, deep = sides(west, south, east, north)
        yield f"{west:.5f} {south:.5f} to {east:.5f} {north:.5f} degrees, {wide:,.0f} m by {deep:,.0f} m"
        yield f"{low:.2f} to {high:.2f} m above the ellipsoid"
    if report.extensions:
        yield f"extensions: {', '.join(report.extensions)}"
    yield from report.copyrights


def sides(west: float, south: float, east: float, north: float) -> tuple[float, float]:
    """Width and depth in metres of an extent in degrees."""
    degree = math.pi / 180 * 6_371_000
    return (east - west) * degree * math.cos(math.radians((south + north) / 2)), (north - south) * degree


def _row(level: Level) -> list[str]:
    low, high = level.errors
    best = level.gzip if level.brotli is None else level.brotli
    sent = (amount(size) or "–" for size in (level.size, best))
    counts = (f"{n:,}" for n in (level.triangles, level.vertices + level.points, level.features))
    return [f"{level.tiles:,}", *sent, *counts, span(low, high)]


def span(low: float, high: float, language: str = "en") -> str:
    """A range of metres without their unit."""

    def written(metres: float) -> str:
        text = f"{metres:,.0f}" if metres >= 1000 else f"{metres:.3g}"
        return text.translate(str.maketrans(",.", ".,")) if language == "de" else text

    return written(low) if low == high else f"{written(low)}–{written(high)}"


def amount(size: int | None, language: str = "en") -> str:
    """Bytes for people: ``1.72 MB``; empty for None."""
    if size is None:
        return ""
    value, unit = float(size), "B"
    for bigger in ("kB", "MB", "GB"):
        if value < 1000:
            break
        value, unit = value / 1000, bigger
    text = f"{value:.0f}" if unit == "B" or value >= 100 else f"{value:.3g}"
    return f"{text.replace('.', ',') if language == 'de' else text} {unit}"


def attribute_row(attribute: Attribute) -> tuple[str, str, str, str, str]:
    """Name, type, unit, share filled and values of an attribute, in words."""
    return (
        attribute.name,
        attribute.kind.lower(),
        attribute.unit or "",
        f"{math.floor(attribute.share * 1000) / 10:g} %",  # 100 % only if all are there
        values(attribute),
    )


def values(attribute: Attribute) -> str:
    """Range of numbers, the most frequent words, the only one, or how many different ones."""
    if attribute.least is not None and attribute.greatest is not None:
        least, greatest = (f"{value:.6g}" for value in (attribute.least, attribute.greatest))
        return least if least == greatest else f"{least} … {greatest}"
    most = attribute.most()
    if most:
        more = len(attribute.counts) - len(most)
        return ", ".join(f"{value} {times:,}" for value, times in most) + (f", {more:,} more" if more else "")
    if len(attribute.counts) == 1:
        return str(next(iter(attribute.counts)))
    return f"{len(attribute.counts):,} different" if attribute.counts else ""


def grouped(findings: list[Fault]) -> list[tuple[str, list[Fault]]]:
    """Faults of one kind together, in the order of their kinds."""
    ordered = sorted(findings, key=lambda fault: (fault.remark, fault.kind))
    return [(kind, list(group)) for kind, group in groupby(ordered, key=lambda fault: fault.kind)]


def print_verdict(console: Console, report: Found, language: str) -> None:
    """The findings of a report of any kind, and what they come to."""
    for line in told(report.findings, language):
        console.print(f"  {line}", soft_wrap=True)
    count = len(report.faults)
    verdict = f"[red]✗ {count:,} faults[/]" if count else "[green]✓ no faults[/]"
    console.print(f"{verdict}, {len(report.remarks):,} remarks")


def told(findings: list[Fault], language: str) -> Iterator[str]:
    """The findings in lines, the first few of each kind."""
    for _, group in grouped(findings):
        sign = "[yellow]△[/]" if group[0].remark else "[red]✗[/]"
        for fault in group[:_SHOWN]:
            yield f"{sign} {fault.tile}: {escape(fault.words(language))}"
        if len(group) > _SHOWN:
            yield f"{sign} … and {len(group) - _SHOWN:,} more of this kind (--json FILE names all)"


def facts(report: Report) -> dict[str, Any]:
    """Everything that was found, for machines."""
    extent = None if report.extent is None else report.extent.tolist()
    return {
        "tileset": report.tree.file.name,
        "asset": report.tree.asset,
        "geometricError": report.tree.error,
        "features": report.features,
        "extent": extent
        and dict(zip(("west", "south", "east", "north", "low_m", "high_m"), extent, strict=True)),
        "extensions": report.extensions,
        "copyrights": report.copyrights,
        "levels": [_level(level) for level in report.levels],
        "total": {key: value for key, value in _level(report.total()).items() if key != "level"},
        "attributes": [_attribute(attribute) for attribute in report.attributes],
        "faults": [fault_facts(fault) for fault in report.faults],
        "remarks": [fault_facts(fault) for fault in report.remarks],
    }


def _level(level: Level) -> dict[str, Any]:
    names = ("tiles", "contents", "size", "gzip", "brotli", "triangles", "vertices", "points", "features")
    low, high = level.errors
    return {
        "level": level.depth,
        **{name: getattr(level, name) for name in names},
        "error_min_m": low if math.isfinite(low) else None,
        "error_max_m": high,
    }


def _attribute(attribute: Attribute) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "class": attribute.class_,
        "name": attribute.name,
        "title": attribute.title,
        "type": attribute.kind,
        "unit": attribute.unit,
        "features": attribute.features,
        "filled": attribute.filled,
    }
    if attribute.least is not None:
        return entry | {"min": attribute.least, "max": attribute.greatest}
    return entry | {"different": len(attribute.counts), "most": dict(attribute.most(20))}


def fault_facts(fault: Fault) -> dict[str, Any]:
    """One fault, for machines."""
    return {
        "tile": fault.tile,
        "kind": fault.kind,
        "uri": fault.uri,
        "words": fault.words(),
        # JSON has no word for infinity.
        "facts": {
            key: str(value) if isinstance(value, float) and not math.isfinite(value) else value
            for key, value in fault.facts.items()
        },
    }
