"""What ``twin inspect`` says of a quantized-mesh terrain: levels, sizes and faults, as text or JSON."""

import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from api.inspect import fault_facts, print_verdict, write
from api.inspect_figures import amount
from tiles.inspect.terrain import TerrainLevel, TerrainReport, inspect_terrain
from twin.errors import TilingError


def inspect_layer(path: Path, *, html: Path | None, json_file: Path | None, language: str) -> bool:
    """Look at a terrain, print what was found, write the file asked for.

    Args:
        path: A ``layer.json``, or the folder it lies in.
        html: Refused: the page draws 3D Tiles.
        json_file: Where the facts go.
        language: Of the faults, ``en`` or ``de``.

    Returns:
        Whether it has no fault.

    Raises:
        TilingError: there is no such terrain, or a file cannot be written.
    """
    if html is not None:
        raise TilingError(
            "--html draws 3D Tiles; a terrain (layer.json) is told as text, and with --json FILE"
        )
    console = Console(highlight=False)
    with console.status("reading …") as status:
        report = inspect_terrain(
            path, lambda done, total: status.update(f"reading tile {done:,} of {total:,} …")
        )
    _print(console, report, language)
    if json_file is not None:
        write(json_file, json.dumps(facts(report), ensure_ascii=False, indent=1) + "\n")
    return not report.faults


def _print(console: Console, report: TerrainReport, language: str) -> None:
    console.print(f"[bold]{escape(str(report.file))}[/]", soft_wrap=True)
    for line in _headlines(report):
        console.print(f"  {escape(line)}", soft_wrap=True)
    table = Table(box=None, padding=(0, 1), header_style="dim")
    for name in ("level", "tiles", "size", "inflated", "triangles", "vertices", "heights m"):
        table.add_column(name, justify="right", no_wrap=True)
    for level in report.levels:
        table.add_row(str(level.level), *_row(level))
    table.add_section()
    table.add_row("all", *_row(_total(report)), style="bold")
    console.print(table)
    print_verdict(console, report, language)


def _headlines(report: TerrainReport) -> list[str]:
    document, total = report.document, _total(report)
    extensions = ", ".join(str(each) for each in document.get("extensions") or ())
    lines = [
        f"terrain, {document['format']}: {len(report.levels)} levels, {total.tiles:,} tiles, "
        f"{total.triangles:,} triangles"
    ]
    if isinstance(box := document.get("bounds"), list) and len(box) == 4:
        west, south, east, north = box
        lines.append(f"{west} {south} to {east} {north} degrees")
    if extensions:
        lines.append(f"extensions: {extensions}")
    if document.get("attribution"):
        lines.append(str(document["attribution"]))
    return lines


def _total(report: TerrainReport) -> TerrainLevel:
    whole = TerrainLevel(-1)
    for level in report.levels:
        for name in ("tiles", "size", "inflated", "vertices", "triangles"):
            setattr(whole, name, getattr(whole, name) + getattr(level, name))
        whole.low, whole.high = min(whole.low, level.low), max(whole.high, level.high)
    return whole


def _row(level: TerrainLevel) -> list[str]:
    heights = f"{level.low:,.1f} … {level.high:,.1f}" if level.tiles else ""
    sizes = (amount(level.size), amount(level.inflated))
    return [f"{level.tiles:,}", *sizes, f"{level.triangles:,}", f"{level.vertices:,}", heights]


def facts(report: TerrainReport) -> dict[str, Any]:
    """Everything that was found, for machines."""
    return {
        "terrain": report.file.name,
        "format": report.document["format"],
        "bounds": report.document.get("bounds"),
        "levels": [_level(level) for level in report.levels],
        "total": {key: value for key, value in _level(_total(report)).items() if key != "level"},
        "faults": [fault_facts(fault) for fault in report.faults],
        "remarks": [fault_facts(fault) for fault in report.remarks],
    }


def _level(level: TerrainLevel) -> dict[str, Any]:
    names = ("level", "tiles", "size", "inflated", "triangles", "vertices")
    known = level.tiles > 0
    return {
        **{name: getattr(level, name) for name in names},
        "low_m": level.low if known else None,
        "high_m": level.high if known else None,
    }
