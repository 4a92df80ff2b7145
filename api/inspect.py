"""What ``twin inspect`` says: a tileset's levels, attributes and faults, as text, JSON or a page."""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from api.inspect_figures import amount, attribute_row, grouped, sides, span
from api.inspect_page import page
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


def _row(level: Level) -> list[str]:
    low, high = level.errors
    best = level.gzip if level.brotli is None else level.brotli
    sent = (amount(size) or "–" for size in (level.size, best))
    counts = (f"{n:,}" for n in (level.triangles, level.vertices + level.points, level.features))
    return [f"{level.tiles:,}", *sent, *counts, span(low, high)]


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
