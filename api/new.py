"""The questions of ``twin new``: asked of a person, or answered by options."""

import sys
from pathlib import Path

import typer

from ingest.load import city_folders, shared
from ingest.new import New, room_for, scaffold, unaddressed
from ingest.scaffold.fitting import GENERAL, shared_for
from ingest.scaffold.look import Looked, looked_at
from ingest.scaffold.mapping import MEASURES, business_key, nearly_keys, not_keys, schemas_for
from twin.errors import RecipeError
from twin.licence import LICENCES, licence
from twin.schemas import SCHEMAS, schema
from twin.settings import Settings
from twin.source import INTERVAL

_SHOWN = 5
_SHAPES = {"building": "solids", "terrain": "a raster of heights", "cloud": "a cloud of points"}
_QUESTIONS = {
    "title_de": "What is it called, in German?",
    "title_en": "And in English?",
    "licence": f"Under which licence? One of {', '.join(LICENCES)}",
    "publisher": "Who publishes it?",
}


def new_layer(layer: str, given: dict[str, str | None], settings: Settings) -> bool:
    """Look at a source and write its recipe; False if something is wrong with it.

    Args:
        layer: ``<city>.<name>``, or a name with the option ``city``.
        given: options by name; those that are None are asked for.
        settings: caps and contact.
    """
    folder, name = _where(layer, given["city"])
    room_for(folder, name)  # before anything is asked or looked at
    _sound(given)
    address = given["source"] or _ask("Where is the source? An address, or a file", "--source")
    with looked_at(address, settings, given["crs"]) as looked:
        _describe(looked)
        like, schema_id = _what(looked, given)
        answers = _answers(given, like) | {
            "url": looked.url if "://" in address else _beside(folder, address),
            "interval": given["interval"] or ("" if like else "1d"),
        }
        made = scaffold(folder, name, looked, answers, schema_id, like, lambda words: print(f"! {words}"))
    _tell(made)
    return made.ok


def _sound(given: dict[str, str | None]) -> None:
    """Refuse options that no recipe may have, before anything is asked or written."""
    from tiles.crs import resolve_crs

    if given["interval"] and not INTERVAL.fullmatch(given["interval"]):
        raise RecipeError(f"--interval {given['interval']!r} is no length of time; write 15min, 1h or 1d")
    if given["licence"]:
        licence(given["licence"])
    if given["schema"]:
        schema(given["schema"])
    if given["like"]:
        shared(given["like"])
    if given["crs"]:
        resolve_crs(given["crs"])


def _answers(given: dict[str, str | None], like: str | None) -> dict[str, str]:
    """Name, licence and publisher; what a shared recipe says already need not be said again."""
    below = shared(like) if like else {}
    title, source = below.get("title", {}), below.get("source", {})
    known = {"title_de": title.get("de"), "title_en": title.get("en")}
    known |= {key: source.get(key) for key in ("licence", "publisher")}
    answers = {}
    for key, question in _QUESTIONS.items():
        told, default = given[key], known.get(key)
        if told is None and default is not None and not sys.stdin.isatty():
            told = default
        told = told or _ask(question, f"--{key.replace('_', '-')}", default)
        answers[key] = "" if told == default else told
    if answers["licence"]:
        licence(answers["licence"])  # before anything is written
    for pair in (("title_de", "title_en"), ("licence", "publisher")):  # said together, or not at all
        if any(answers[key] for key in pair):
            answers |= {key: answers[key] or str(known[key]) for key in pair}
    return answers


def _where(layer: str, city: str | None) -> tuple[Path, str]:
    before, _, name = layer.rpartition(".")
    if not name.replace("-", "").isalnum() or not name.isascii() or name != name.lower():
        raise RecipeError(
            f"{layer!r} is no name for a layer; write small letters, digits and -, as in bike-counts"
        )
    told = city or before or "."
    return city_folders().get(told, Path(told)), name


def _ask(question: str, option: str, default: str | None = None) -> str:
    if not sys.stdin.isatty():
        raise RecipeError(f"{question.rstrip('?')}: nobody is there to be asked; say it with {option}")
    suffix = " " if question.endswith("?") and default is None else ": "
    return str(typer.prompt(question, default=default, prompt_suffix=suffix)).strip()


def _beside(folder: Path, address: str) -> str:
    """A file beside ``city.toml`` can be named in the recipe; any other one only on the command line."""
    path = Path(address).resolve()
    if path.is_relative_to(folder.resolve()):
        return f"file:{path.relative_to(folder.resolve()).as_posix()}"
    return f"https://example.org/{path.name}"  # the recipe says that it stands in for the address


def _describe(looked: Looked) -> None:
    where = f", {_SHAPES.get(looked.geometry, looked.geometry)}" if looked.geometry else ", no positions"
    crs = f" in {looked.crs}{' (guessed)' if looked.crs_guessed else ''}" if looked.crs else ""
    print(
        f"It is {looked.dialect.said}: {looked.count:,} records looked at{where}{crs}; "
        f"connector {looked.dialect.connector}."
    )
    no_keys = dict(not_keys(looked.fields)) if business_key(looked.fields) is None else {}
    for field in looked.fields:
        mark = f"   personal: {field.personal}; masked and dropped" if field.personal else ""
        key = ", differs from thing to thing" if field.unique else ""
        if field.name in no_keys and no_keys[field.name] != MEASURES:
            key += f" but is not taken as key: {no_keys[field.name]}"
        print(f"  {field.name}: {field.kind}, {field.filled} filled{key}{mark}")
    if not looked.observations and business_key(looked.fields) is None:
        for name, places in nearly_keys(looked.fields, looked.records):
            print(f"! {name} would be the key, but one value is there twice: {' and '.join(places)}")


def _what(looked: Looked, given: dict[str, str | None]) -> tuple[str | None, str | None]:
    """A shared recipe, or a schema."""
    if given["schema"] and not given["like"] and looked.dialect.connector not in GENERAL:
        for like in shared_for(looked):
            if shared(like).get("schema") == given["schema"]:
                print(f"! the shared recipe {like} reads such a source, too, and more of it: --like {like}")
    if given["like"] or given["schema"]:
        return given["like"], given["schema"]
    known = shared_for(looked)
    if len(known) == 1 and not sys.stdin.isatty():
        print(f"! taken over the shared recipe {known[0]}; --schema writes one of its own instead")
        return known[0], None
    if known:
        return _choose("There are shared recipes for it", known, "--like"), None
    fitting = schemas_for(looked.geometry, looked.fields)[:_SHOWN] or sorted(SCHEMAS)
    titles = [f"{each} ({SCHEMAS[each].title.en})" for each in fitting]
    return None, _choose("What are they?", titles, "--schema").partition(" ")[0]


def _choose(question: str, choices: list[str], option: str) -> str:
    if not sys.stdin.isatty():
        raise RecipeError(f"{question.rstrip('?')}: say it with {option}; likely are {', '.join(choices)}")
    print(question)
    for number, choice in enumerate(choices, 1):
        print(f"  {number} {choice}")
    answer = _ask("Number, or another name", option, "1")
    return choices[int(answer) - 1] if answer.isdecimal() and 0 < int(answer) <= len(choices) else answer


def _tell(made: New) -> None:
    print(f"\nWritten: {made.recipe}" + (f"\n         {made.sample}" if made.sample else ""))
    for column in made.columns:
        how = f" by {column.by}" if column.by != "text" else ""
        print(f"  {column.column} from {column.field}{how}")
    if made.personal:
        names = ", ".join(field.name for field in made.personal)
        print(f"{'Left out as personal' if made.columns else 'Masked in the sample'}: {names}")
    left = unaddressed(made.recipe) if made.ok else ""
    sign = ("✓ " if made.proven and not left else "! ") if made.ok else "✗ "
    print(sign + made.verdict)
    print("Read the recipe once, line by line; docs/recipes.md explains every key.")
    if left:
        print(f"It cannot be used yet: {left}; then: twin check {made.recipe}")
