"""No import leads round in a circle, not even one within a function: a file stands above what it uses."""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from twin.settings import ROOT

ROOMS = ("twin", "catalog", "tiles", "ingest", "api", "docs", "benchmarks")


def at_run(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that run while a module is imported, or later."""
    for statement in body:
        yield statement
        inner = [getattr(statement, name, []) for name in ("body", "orelse", "finalbody")]
        inner += [handler.body for handler in getattr(statement, "handlers", [])]
        inner += [case.body for case in getattr(statement, "cases", [])]
        for below in inner if not is_for_types(statement) else ():
            yield from at_run(below)


def is_for_types(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.If) and ast.unparse(statement.test) == "TYPE_CHECKING"


def name_of(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imported(source: str, modules: set[str]) -> set[str]:
    """Those of the modules that a source imports, at once or when it needs them."""
    found = set()
    for statement in at_run(ast.parse(source).body):
        if isinstance(statement, ast.Import):
            found |= {alias.name for alias in statement.names}
        elif isinstance(statement, ast.ImportFrom) and statement.module is not None:
            for alias in statement.names:
                inner = f"{statement.module}.{alias.name}"
                found.add(inner if inner in modules else statement.module)
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
    assert imported("def f():\n    import c", modules) == {"c"}
    assert imported("try:\n    pass\nexcept E:\n    with d:\n        import c", modules) == {"c"}
    assert imported("match d:\n    case 1:\n        import c", modules) == {"c"}
    assert imported("if TYPE_CHECKING:\n    import c", modules) == set()
