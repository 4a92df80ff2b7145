"""Faults of a recipe in our own words: where it is wrong, what is wrong there, and what to write instead."""

import difflib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

_HEADER = re.compile(r"\s*\[(\[?)\s*([^\]]+?)\s*\]")
_KEY = re.compile(r"\s*([A-Za-z0-9_.\"'-]{1,200}?)\s*=")
_KIND = re.compile(r"str|int|float|bool|\w+\[.*\]")
_TYPES = {
    "int": "is no whole number; write it without quotes and without a point",
    "float": "is no number; write it without quotes, with a point",
    "decimal": "is no number; write it without quotes, with a point",
    "bool": "is neither true nor false; write one of them, without quotes",
    "string": "is no text; write it in quotes",
    "list": "is no list; write it as [ … ]",
    "tuple": "is no list; write it as [ … ]",
    "set": "is no list; write it as [ … ]",
    "frozen_set": "is no list; write it as [ … ]",
    "dict": "is no table; write it as { … }",
    "model": "is no table; write it as { … }",
    "mapping": "is no table; write it as { … }",
}
"""First word of a type of fault of pydantic's → what we say."""
_SIGNS = {"[a-z0-9-]+": "has other signs than small letters, digits and -; write it as in my-town"}
"""Pattern → the same in words."""
_LIMITS = {
    "greater_than": ("gt", "more than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
}


def told(model: type[BaseModel], error: ValidationError, text: str, name: str) -> list[str]:
    """All faults that pydantic found, each as ``file, line: key is …; remedy``, each place once.

    Args:
        model: what was to be read.
        error: what came of it.
        text: the file as it is written; empty if the data come from several.
        name: the file's name.
    """
    found: dict[tuple[Any, ...], str] = {}
    typed = _typed(model, error)
    for fault in error.errors():
        if fault["type"] == "missing" and fault["loc"] in typed:
            continue  # it is there, with a slip of the pen that is told
        where = fault["loc"]
        if len(where) > 1 and _KIND.fullmatch(str(where[-1])):
            where = where[:-1]  # which of several kinds was tried
        few = fault["type"] == "missing" and isinstance(where[-1], int)
        found.setdefault(where[:-1] if few else where, _told(model, {**fault, "loc": where}, text, name))
    return list(found.values())


def _typed(model: type[BaseModel], error: ValidationError) -> set[tuple[Any, ...]]:
    """Places of keys that are missing because they were written wrongly."""
    places = set()
    for fault in error.errors():
        if fault["type"] == "extra_forbidden":
            *above, key = fault["loc"]
            close = difflib.get_close_matches(str(key), _keys(model, above), 1, 0.5)
            places |= {(*above, each) for each in close}
    return places


def _told(model: type[BaseModel], fault: Any, text: str, name: str) -> str:
    # A rule about a layer as a whole says itself which key broke it.
    where = [str(part) for part in fault["loc"] or fault.get("ctx", {}).get("where", ())]
    if not where:
        return f"{name}: {_said(fault)}"
    key = where[-1]
    place = f"{name}{line_of(text, where)}: {'.'.join(where)}"
    if fault["type"] == "extra_forbidden":
        return f"{place} is not a key we know{nearest(key, _keys(model, fault['loc'][:-1]))}"
    if fault["type"] == "missing":
        if isinstance(fault["loc"][-1], int):  # a list of so many numbers, such as a city's area
            few = ".".join(where[:-1])
            return f"{name}{line_of(text, where[:-1])}: {few} has too few values; add what is missing"
        place = f"{name}{line_of(text, where[:-1])}: {'.'.join(where)}"
        return f"{place} is missing; {_added(model, fault['loc'], text)}"
    said = _said(fault)
    if len(fault["loc"]) == 1 and _is_model(model, key) and _is_text(model, key):
        said = said.replace("{ … }", "{ de = …, en = … }")
    return f"{place} {said}" if fault["type"] != "value_error" else f"{place}: {said}"


def _said(fault: Any) -> str:
    """What is wrong with a value; never the value itself."""
    kind, more = fault["type"], fault.get("ctx", {})
    if kind == "value_error":
        return str(fault["msg"].removeprefix("Value error, "))
    if kind in ("literal_error", "enum"):
        return f"is none of {more['expected']}; write one of them"
    if kind == "string_pattern_mismatch":
        pattern = more["pattern"].strip("^$")
        return _SIGNS.get(pattern, f"is not written as {pattern}")
    if kind in _LIMITS:
        key, words = _LIMITS[kind]
        return f"has to be {words} {more[key]}"
    if kind == "too_long":
        return f"has too many values; {more['max_length']} are wanted"
    if kind in ("too_short", "string_too_short"):
        return f"is too short; at least {more['min_length']} wanted"
    if kind.startswith("int_from_float"):
        return _TYPES["int"]
    told = _TYPES.get(re.sub(r"_(type|parsing|parsing_size|attributes_type)$", "", kind))
    return told or f"cannot be understood ({fault['msg']})"


def _added(model: type[BaseModel], where: tuple[Any, ...], text: str) -> str:
    """The remedy for a missing key: what to write, and under which heading."""
    table, key = [part for part in where[:-1] if not isinstance(part, int)], where[-1]
    what = f"{key} = …"
    if not table and _is_model(model, key):
        if not _is_text(model, key):
            return f"add a table [{key}]"
        what = f"{key} = {{ de = …, en = … }}"
    if not table:
        return f"add {what} at the top"
    path = ".".join(map(str, table))
    if re.search(rf"(^|[\s{{,]){re.escape(str(table[-1]))}\s*=\s*{{", text):  # written in one line
        return f"add {what} to {table[-1]} = {{ … }}"
    lists = any(isinstance(part, int) for part in where)
    return f"add {what} under {f'[[{path}]]' if lists else f'[{path}]'}"


def _is_model(model: type[BaseModel], key: Any) -> bool:
    field = model.model_fields.get(str(key))
    inner = field.annotation if field else None
    return isinstance(inner, type) and issubclass(inner, BaseModel)


def _is_text(model: type[BaseModel], key: Any) -> bool:
    inner = model.model_fields[str(key)].annotation
    return set(getattr(inner, "model_fields", {})) >= {"de", "en"}


def line_of(text: str, where: list[str]) -> str:
    """Find the line that a fault is about, as ``, line 7``.

    It is that of the longest beginning of the fault's path that is written down; else that of the last part
    of the path that occurs as a key anywhere; else nothing.
    """
    lines = _lines(text)
    for length in range(len(where), 0, -1):
        number = lines.get(tuple(where[:length]))
        if number is not None:
            return f", line {number}"
    for key in reversed(where):
        pattern = re.compile(rf"(^|[\s{{,.\[\"]){re.escape(key)}[\"\]]*\s*(=|\]|\.)")
        for number, line in enumerate(text.splitlines(), 1):
            if pattern.search(line):
                return f", line {number}"
    return ""


def _lines(text: str) -> dict[tuple[str, ...], int]:
    """Path of each table and each key that begins a line → number of its line."""
    found: dict[tuple[str, ...], int] = {}
    above: tuple[str, ...] = ()
    counts: dict[tuple[str, ...], int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            above = _counted(_parts(header[2]), counts)
            if header[1]:
                counts[above] = counts.get(above, -1) + 1
                found.setdefault(above, number)
                above = (*above, str(counts[above]))
        elif key := _KEY.match(line):
            parts = _parts(key[1])
            for length in range(1, len(parts) + 1):
                found.setdefault((*above, *parts[:length]), number)
            continue
        else:
            continue
        found.setdefault(above, number)
    return found


def _parts(dotted: str) -> tuple[str, ...]:
    """The keys of ``fields."Straße 1".options``."""
    return tuple(part.strip("\"'") for part in re.findall(r"\"[^\"]*\"|'[^']*'|[^.\s]+", dotted))


def _counted(path: tuple[str, ...], counts: dict[tuple[str, ...], int]) -> tuple[str, ...]:
    """A path with the number of the element it lies in, where it goes through lists of tables."""
    walked: tuple[str, ...] = ()
    for place, part in enumerate(path):
        walked = (*walked, part)
        if walked in counts and place < len(path) - 1:
            walked = (*walked, str(counts[walked]))
    return walked


_PLACES = (
    (re.compile(r"that column (\w+) comes from"), ("fields", 1, "from")),
    (re.compile(r"the columns changed"), ("source", "columns")),
    (re.compile(r"options\.(\w+)"), ("source", "options", 1)),
    (re.compile(r"\bCRS '"), ("source", "crs")),
)
"""What a fault of the sample says → where in the recipe to look."""


def placed(words: str, file: Path) -> str:
    """A fault that the sample shows, with the line of the recipe that is to blame, where one is."""
    for pattern, path in _PLACES:
        found = pattern.search(words)
        if found is not None:
            where = [found[part] if isinstance(part, int) else part for part in path]
            return f"{file.name}{line_of(file.read_text('utf-8'), where)}: {words.partition(': ')[2]}"
    return words


def nearest(word: str, known: Iterable[str]) -> str:
    """``; did you mean 'title'?`` or the list of what is known."""
    names = list(known)
    alike = [name for name in names if name.casefold() == word.casefold()]
    close = alike or difflib.get_close_matches(word, names, 3, 0.55)
    close.sort(key=lambda name: not name.startswith(word))  # a letter that was forgotten at the end
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; known are {', '.join(names)}" if names else ""


def _keys(model: Any, where: Iterable[Any]) -> list[str]:
    """Names of the keys allowed at a place inside `model`."""
    for part in where:
        field = getattr(model, "model_fields", {}).get(part)
        if field is None:
            candidates = [f for f in getattr(model, "model_fields", {}).values() if f.alias == part]
            field = candidates[0] if candidates else None
        inner = field.annotation if field else None
        found = [t for t in _flatten(inner) if isinstance(t, type) and issubclass(t, BaseModel)]
        model = found[0] if found else model
    return [f.alias or n for n, f in getattr(model, "model_fields", {}).items()]


def _flatten(annotation: Any) -> list[Any]:
    inner = getattr(annotation, "__args__", ())
    return [annotation, *(a for arg in inner for a in _flatten(arg))]
