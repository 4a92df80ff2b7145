"""What ``twin convert`` draws: progress while it works, and a table of what became of everything."""

import re
import signal
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
from rich.markup import escape
from rich.table import Table

from api.progress import Shown
from ingest.convert import Converted, Options, Part, convert
from ingest.convert.frame import degrees
from twin.errors import StoreError
from twin.settings import Settings

_KINDS = 12
"""Repairs and remarks that the table tells, the most frequent first."""
_TREES = {
    "form": "of the form {}",
    "height_source": "heights {}",
    "crown_source": "crowns {}",
}
"""What is told of trees: how often each value occurs, and in which words."""
_SOURCES = {
    "measured": "as the source states them",
    "form": "of the form that the source draws",
    "derived": "derived from the other size",
    "assumed": "assumed by the form of the tree",
}
_HEAD = 200
_BEGINS = re.compile(rb'\{\n  "crs": (null|"[^"\n]*"),\n  "place": ')
"""How a report begins: a file of that name that does not is somebody else's."""
_NAMED = 5
"""Things left out that the table names; the report has them all."""


def converted(
    inputs: Sequence[Path],
    out: Path,
    options: Options,
    settings: Settings,
    executor: Executor | None,
    report: Path | None,
) -> None:
    """Convert, draw, and write the report.

    Raises:
        TwinError: nothing was converted; or, after a disk has filled, only the report is missing.
    """
    if report is not None:
        _check(report, inputs, out)
    with _asked_to_end(), Shown() as progress:
        try:
            done = convert(inputs, out, options, settings, executor=executor, progress=progress)
        except OSError as error:  # of a scratch file: what is read or kept has sentences of its own
            raise StoreError(
                f"scratch files cannot be written: {error.strerror or error}; make room, or name another "
                "place in TMPDIR"
            ) from None
    if report is not None:
        try:
            report.write_bytes(orjson.dumps(told(done), option=orjson.OPT_INDENT_2))
        except OSError as error:
            raise _unwritten(report, error) from None
    for part in done.parts:
        progress.console.print(_table(part))
    _tell(done, out, progress)


@contextmanager
def _asked_to_end() -> Iterator[None]:
    """A request to end (SIGTERM) unwinds like an interruption, so that nothing half done stays behind."""

    def end(*_: object) -> None:
        sys.exit(128 + signal.SIGTERM)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _check(report: Path, inputs: Sequence[Path], out: Path) -> None:
    """Say what is wrong with the place of the report before there is anything to report."""
    if report.is_dir() or not report.parent.is_dir():
        raise StoreError(f"the report {report} cannot be written: name a file in a folder that exists")
    if out.resolve() in report.resolve().parents:
        raise StoreError(f"the report {report} would lie among the tiles; write it beside {out}")
    if report.resolve() in [each.resolve() for each in inputs]:
        raise StoreError(f"the report {report} would overwrite what is to be converted; name another file")
    there = report.exists()
    try:
        foreign = report.is_file() and not _may_go(report)
        report.open("ab").close()
        if not there:
            report.unlink()
    except OSError as error:
        raise _unwritten(report, error) from None
    if foreign:  # perhaps it lies in a folder that is to be converted, or beside a file that is
        raise StoreError(f"{report} is there and no report of an earlier run; name another file")


def _may_go(file: Path) -> bool:
    """Whether a file is empty, or begins as what `told` makes."""
    with file.open("rb") as stream:
        head = stream.read(_HEAD)
    return not head or _BEGINS.match(head) is not None


def _unwritten(report: Path, error: OSError) -> StoreError:
    return StoreError(f"the report {report} cannot be written: {error.strerror}; name another file")


def told(done: Converted) -> dict[str, Any]:
    """The whole report, ready for JSON."""
    return {
        "crs": done.crs,
        "place": None if done.place is None else [round(number, 4) for number in done.place],
        "heights": done.heights.model_dump() if done.heights else None,
        "remarks": done.remarks,
        "bytes": done.bytes,
        "bytes_transferred": done.transferred,
        "layers": {part.layer: _facts(part) for part in done.parts},
    }


def _facts(part: Part) -> dict[str, Any]:
    tiling = part.built.report
    return {
        "counts": part.report.counts(),
        "features": tiling.get("features", 0),
        "levels": tiling.get("levels", 0),
        "levels_of_detail": dict(sorted(part.report.levels.items())),
        "tiles": tiling.get("tiles", 0),
        "triangles": tiling.get("triangles", 0),
        "bytes": tiling.get("bytes", 0),
        "repaired": dict(sorted((part.report.notes | tiling.get("repaired", {})).items())),
        "repaired_ids": dict(sorted((part.report.noted | tiling.get("repaired_ids", {})).items())),
        "left_out": _left_out(part),
        **{name: tiling[name] for name in ("gap", "implicit", "beyond_terrain", *_TREES) if name in tiling},
    }


def _left_out(part: Part) -> list[dict[str, str | None]]:
    read = [
        {"id": error.id or None, "place": error.place, "reason": error.reason}
        for error in part.report.examples
    ]
    return read + [
        {"id": entry["id"], "place": None, "reason": entry["reason"]}
        for entry in part.built.report.get("left_out", ())
    ]


def _table(part: Part) -> Table:
    facts = _facts(part)
    table = Table(show_header=False, box=None, pad_edge=False, title=part.layer, title_justify="left")
    table.add_column(justify="right")
    table.add_column()
    for name in ("features", "levels", "tiles", "triangles", "bytes"):
        table.add_row(f"{facts[name]:,}", name)
    for level, times in facts["levels_of_detail"].items():
        table.add_row(f"{times:,}", f"drawn in the source's level of detail {escape(level)}")
    repaired = sorted(facts["repaired"].items(), key=lambda item: -item[1])
    for words, times in repaired[:_KINDS]:
        table.add_row(f"{times:,}", escape(words))
    if len(repaired) > _KINDS:
        table.add_row(
            "", f"and {len(repaired) - _KINDS:,} things more, all of them in the report (--report FILE)"
        )
    if gap := facts.get("gap"):
        words = f"metres between ground and terrain, {gap['p05_m']} to {gap['p95_m']} for nine in ten"
        table.add_row(str(gap["median_m"]), words)
    for name, words in _TREES.items():
        for value, times in sorted(facts.get(name, {}).items(), key=lambda item: (-item[1], item[0])):
            table.add_row(f"{times:,}", words.format(value if name == "form" else _SOURCES[value]))
    if implicit := facts.get("implicit"):
        table.add_row(f"{implicit['subtrees']:,}", f"subtrees of {implicit['subtree_levels']} levels")
        if implicit["sticking_out"]:
            words = f"tiles reach up to {implicit['sticking_out_m']} m out of their quarter"
            table.add_row(f"{implicit['sticking_out']:,}", f"{words}, as the subtrees' metadata says")
    reasons: dict[str, list[str]] = {}
    for entry in facts["left_out"]:
        reasons.setdefault(entry["reason"], []).append(entry["id"] or entry["place"] or "without an id")
    for reason, names in reasons.items():
        more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
        words = f"left out: {reason} ({', '.join(names[:_NAMED])}{more})"
        table.add_row(f"{len(names):,}", escape(words))
    return table


def _tell(done: Converted, out: Path, progress: Shown) -> None:
    say = progress.console.print
    for remark in done.remarks:
        say(escape(remark))
    if done.place is not None:
        say(f"It lies at {degrees(*done.place)} ({escape(done.crs)})")
    if done.heights is not None:
        words = {"grid": "by the grid", "stated": "by the stated"}[done.heights.method]
        say(f"Heights made ellipsoidal {words} {escape(done.heights.detail)}")
    say(
        f"[green]✓[/] {escape(str(out))}: {done.bytes:,} bytes, {done.transferred:,} as transferred",
        soft_wrap=True,
    )
