"""Write the reference parts of the documentation from the code, or check that they tell the truth.

``python -m docs.generate`` writes, ``--check`` fails where a page, a link, a command or the changelog lies.
"""

import inspect
import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

from pydantic import BaseModel

from docs import editors, examples, overlays
from ingest.connectors import CONNECTORS
from ingest.connectors.options import documented
from ingest.fields import FUNCTIONS
from ingest.load import RECIPES, city_folders, load_city
from tiles.build import WRITERS
from twin.city import City, Heights
from twin.layer import Layer, Mapping, Reading, Retention, Station, Theme, Tiling
from twin.licence import LICENCES
from twin.rule import Coarsen, Rule
from twin.schemas import SCHEMAS
from twin.settings import PREFIX, Settings
from twin.source import Columns, Gap, Source

ROOT = Path(__file__).parent.parent
_MARK = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def _fields(model: type[BaseModel]) -> Iterator[str]:
    """One row a key: name, whether it must be there, and the sentence under the field."""
    yield f"#### `{model.__name__}`\n\n{inspect.getdoc(model)}\n"
    yield "| key | | what |\n|---|---|---|"
    needed = {field.alias or name for name, field in model.model_fields.items() if field.is_required()}
    for name, words in editors.sentences(model):
        if not words:
            raise SystemExit(f"{model.__name__}.{name} has no sentence under it; write one")
        yield f"| `{name}` | {'required' if name in needed else ''} | {_markdown(words)} |"
    yield ""


def _markdown(text: str) -> str:
    """Code in docstrings is ``so``, on pages `so`; a bar would end the cell."""
    return text.replace("``", "`").replace("|", "\\|")


def keys() -> Iterator[str]:
    """All keys of recipes and cities."""
    for model in (
        Layer,
        Source,
        Columns,
        Mapping,
        Reading,
        Station,
        Retention,
        Rule,
        Coarsen,
        Tiling,
        City,
        Heights,
        Gap,
    ):
        yield from _fields(model)


def functions() -> Iterator[str]:
    """The mapping functions, with examples that are worked out."""
    yield "| `by` | what it makes | for example |\n|---|---|---|"
    for name, function in FUNCTIONS.items():
        if name not in examples.EXAMPLES:
            raise SystemExit(f"docs/examples.py has no example of the function {name}; add one")
        words = _markdown(" ".join((inspect.getdoc(function) or "").split()))
        yield f"| `{name}` | {words} | {'<br>'.join(_markdown(line) for line in examples.lines(name))} |"


def _summaries(table: dict[str, str]) -> Iterator[str]:
    from importlib import import_module

    for name, target in table.items():
        module = import_module(target.partition(":")[0])
        yield f"| `{name}` | {_markdown((inspect.getdoc(module) or '').splitlines()[0])} |"


def connectors() -> Iterator[str]:
    """The connectors with all their options, and a recipe that uses each."""
    from importlib import import_module

    used = dict(_uses())
    for name, target in CONNECTORS.items():
        words = inspect.getdoc(import_module(target.partition(":")[0])) or ""
        yield f"#### `{name}`\n\n{_markdown(words.splitlines()[0])}"
        if name in used:
            yield f"For example [{used[name].stem}](../{used[name].relative_to(ROOT).as_posix()})."
        yield ""
        options = documented(name)
        if options is not None:
            yield "```"
            yield options
            yield "```\n"


def _uses() -> Iterator[tuple[str, Path]]:
    """(connector, a recipe that uses it); shared recipes first."""
    files = [
        file for file in RECIPES.rglob("*.toml") if file.name != "city.toml" and "samples" not in file.parts
    ]
    for file in sorted(
        files, key=lambda file: (file.parent.name == "demo", len(file.parts), file), reverse=True
    ):
        connector = tomllib.loads(file.read_text("utf-8")).get("source", {}).get("connector")
        if connector is not None:
            yield connector, file


def writers() -> Iterator[str]:
    """The tile writers."""
    yield "| `writer` | what it makes |\n|---|---|"
    yield from _summaries(dict(WRITERS))


def schemas() -> Iterator[str]:
    """The schemas with their columns."""
    for schema in SCHEMAS.values():
        yield f"#### `{schema.id}` – {schema.title.en}\n\nGeometry: {schema.geometry}.\n"
        yield "| column | kind | unit | what |\n|---|---|---|---|"
        for column in schema.columns:
            choices = ", ".join(f"`{c.value}`" for c in column.choices)
            codes = ", ".join(f"`{c.value}`" for c in column.codelist)
            words = column.title.en + (f": {choices}" if choices else "")
            words += f"; shown in words: {codes}" if codes else ""
            yield f"| `{column.name}` | {column.kind} | {column.unit or ''} | {words} |"
        if schema.properties:
            yield "\n| observed property | unit | what |\n|---|---|---|"
            yield from (f"| `{p.name}` | {p.unit} | {p.title.en} |" for p in schema.properties)
        yield ""


def licences() -> Iterator[str]:
    """The licences."""
    yield "| `licence` | name |\n|---|---|"
    yield from (f"| `{x.id}` | [{x.title}]({x.url}) |" for x in LICENCES.values())


def layers() -> Iterator[str]:
    """The layers of all cities among the recipes, each once, with the cities that have it."""
    found: dict[str, list[Layer]] = {}
    for name in city_folders():
        city = load_city(name)
        for layer in city.layers if city.generator is None else ():
            found.setdefault(layer.name, []).append(layer)
    order = {theme: number for number, theme in enumerate(Theme)}
    yield "| theme | layer | source | licence | every | cities |\n|---|---|---|---|---|---|"
    for name, same in sorted(found.items(), key=lambda item: (order[item[1][0].theme], item[0])):
        s = same[0].source
        where = ", ".join(layer.city for layer in same)
        licence = "unclear: not shown until cleared" if s.unclear else s.licence
        who = "; ".join(dict.fromkeys(layer.source.publisher for layer in same))
        yield f"| {same[0].theme} | `{name}` | {who} ({s.connector}) | {licence} | {s.interval} | {where} |"


def commands() -> Iterator[str]:
    """The command line."""
    from api.cli import app

    yield "| command | does |\n|---|---|"
    for command in app.registered_commands:
        assert command.callback is not None
        yield f"| `twin {command.callback.__name__}` | {inspect.getdoc(command.callback)} |"


def settings() -> Iterator[str]:
    """The settings of an installation."""
    yield "| variable | default | what for |\n|---|---|---|"
    for name, words in editors.sentences(Settings):
        if not words:
            raise SystemExit(f"Settings.{name} has no sentence under it; write one")
        default = Settings.model_fields[name].default
        if isinstance(default, Path):
            default = default.relative_to(ROOT).as_posix()
        elif isinstance(default, float):
            default = f"{default:g}"
        shown = "" if default in (None, "") else f"`{default}`"
        yield f"| `{PREFIX}{name.upper()}` | {shown} | {_markdown(words)} |"


PARTS: dict[str, Callable[[], Iterator[str]]] = {
    "keys": keys,
    "functions": functions,
    "connectors": connectors,
    "writers": writers,
    "schemas": schemas,
    "licences": licences,
    "layers": layers,
    "shared": overlays.lines,
    "commands": commands,
    "settings": settings,
}


def pages() -> list[Path]:
    """All pages people read."""
    return [
        *sorted(ROOT.glob("*.md")),
        *sorted((ROOT / "docs").glob("*.md")),
        ROOT / "benchmarks" / "README.md",
        ROOT / "deploy" / "README.md",
    ]


def written(text: str) -> str:
    """The page with its generated parts written anew."""
    return _MARK.sub(lambda m: f"{m[1]}{chr(10).join(PARTS[m[2]]())}\n{m[3]}", text)


def _anchors(text: str) -> set[str]:
    """The names of a page's headings in links, as GitHub makes them."""
    headings = re.findall(
        r"^#+ (.+)$", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE), re.M
    )
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def faults() -> Iterator[str]:
    """Everything in which the documentation does not tell the truth."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for page in pages():
        text = page.read_text("utf-8")
        if written(text) != text:
            yield f"{page.name}: generated parts are old; run python -m docs.generate"
        for link, _, anchor in re.findall(r"\]\(([^)#\s]*)(#([^)\s]+))?[^)]*\)", text):
            if "://" in link or link.startswith("mailto:"):
                continue
            file = page.parent / link if link else page
            if not file.exists():
                yield f"{page.name}: {link} does not exist"
            elif anchor and file.suffix == ".md" and anchor not in _anchors(file.read_text("utf-8")):
                yield f"{page.name}: {link} has no heading #{anchor}"
        for target in re.findall(r"^\s*make ([a-z-]+)", text, re.MULTILINE):
            if target not in targets:
                yield f"{page.name}: there is no make {target}"
    for name, text in editors.documents():
        file = editors.folder() / name
        if not file.exists() or file.read_text("utf-8") != text:
            yield f"docs/{name} is old; run python -m docs.generate"
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    if f"## {version}" not in (ROOT / "CHANGELOG.md").read_text("utf-8"):
        yield f"CHANGELOG.md has no section {version}"


def main() -> int:
    """Write, or check."""
    if "--check" in sys.argv:
        found = list(faults())
        print("\n".join(found) or f"docs: {len(pages())} pages tell the truth")
        return bool(found)
    for page in pages():
        page.write_text(written(page.read_text("utf-8")), "utf-8")
    for name, text in editors.documents():
        (editors.folder() / name).write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
