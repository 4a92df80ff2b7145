"""No import leads round in a circle: every module can be imported first, whatever came before it."""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from twin.settings import ROOT

ROOMS = ("twin", "catalog", "tiles", "ingest", "api", "docs", "benchmarks")


def at_import(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that run while a module is imported."""
    for statement in body:
        yield statement
        for name in ("body", "orelse", "finalbody"):
            if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef) and not is_for_types(
                statement
            ):
                yield from at_import(getattr(statement, name, []))


def is_for_types(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.If) and ast.unparse(statement.test) == "TYPE_CHECKING"


def name_of(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imported(source: str, modules: set[str]) -> set[str]:
    """Those of the modules that a source imports at once."""
    found = set()
    for statement in at_import(ast.parse(source).body):
        if isinstance(statement, ast.Import):
            found |= {alias.name for alias in statement.names}
        elif isinstance(statement, ast.ImportFrom) and statement.module is not None:
            inner = {f"{statement.module}.{alias.name}" for alias in statement.names}
            found |= inner | {statement.module}
    return found & modules


def test_no_import_leads_round_in_a_circle() -> None:
    files = {name_of(file): file for room in ROOMS for file in (ROOT / room).rglob("*.py")}
    assert len(files) > 300
    graph = {name: imported(file.read_text("utf-8"), set(files)) - {name} for name, file in files.items()}
    assert {"twin.settings", "catalog.keys", "api.near"} <= graph["api.service"]
    TopologicalSorter(graph).prepare()


def test_a_circle_would_be_seen() -> None:
    modules = {"a", "a.b", "c"}
    sources = {"a.b": "if 1:\n    from c import x", "c": "from a import b"}
    graph = {name: imported(text, modules) for name, text in sources.items()}
    with pytest.raises(CycleError, match="cycle"):
        TopologicalSorter(graph).prepare()
    assert imported("def f():\n    import c", modules) == set()
    assert imported("if TYPE_CHECKING:\n    import c", modules) == set()
