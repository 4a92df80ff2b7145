"""Read cities and recipes: TOML in, nouns out, every fault with file, line and remedy."""

import hashlib
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import BaseModel, ValidationError

from ingest.faults import line_of, told
from ingest.faults import nearest as nearest
from twin.city import City, id_of
from twin.errors import RecipeError
from twin.layer import Layer

RECIPES = Path(__file__).parent / "recipes"
Model = TypeVar("Model", bound=BaseModel)


def city_folders() -> dict[str, Path]:
    """Return the cities among the recipes: id → folder."""
    return {path.parent.name: path.parent for path in sorted(RECIPES.rglob("city.toml"))}


def load_city(name: str) -> City:
    """Load a city with all its layers.

    Args:
        name: an id among the recipes (``muenchen``) or the path of a folder with ``city.toml``.

    Raises:
        RecipeError: no such city, or some of its files are wrong; names each fault's file, line and remedy.
    """
    city, faults = load_sound(name)
    if faults:
        raise RecipeError("\n".join(faults.values()))
    return city


def load_sound(name: str, *, sensible: bool = True) -> tuple[City, dict[str, str]]:
    """Load a city with those of its layers that are sound, and tell the faults of the others.

    Args:
        name: as for `load_city`.
        sensible: whether what is well written and cannot be meant (a key that names no field) is a fault.

    Returns:
        The city, and short name of each faulty layer → its faults, a line each with file, line and remedy.

    Raises:
        RecipeError: no such city, or its ``city.toml`` is wrong.
    """
    folder = city_folders().get(name, Path(name))
    file = folder / "city.toml"
    if not file.is_file():
        known = ", ".join(city_folders())
        raise RecipeError(f"there is no city {name!r}; known are {known}, or give a folder with city.toml")
    data, text = _read(file)
    if "layers" in data:
        raise RecipeError(f"{file.name}: layers are the other files of the folder; remove 'layers'")
    if "folder" in data:
        raise RecipeError(f"{file.name}: the folder is where this file lies; remove 'folder'")
    if "faulty" in data:
        raise RecipeError(f"{file.name}: which recipes are faulty is found out; remove 'faulty'")
    if "id" not in data:
        data["id"] = id_of(folder.resolve().name)
    city = _validated(City, data, text, file.name)
    layers, faults = [], {}
    for path in sorted(folder.glob("*.toml")):
        if path == file:
            continue
        try:
            layer = load_layer(path, city.id)
            if sensible:
                _check_sense(city, layer, path)
            layers.append(layer)
        except RecipeError as error:
            faults[path.stem] = str(error)
    layers.sort(key=lambda layer: (layer.schema_.geometry != "terrain", layer.name))
    more = {"layers": tuple(layers), "folder": folder.resolve(), "faulty": faults}
    return city.model_copy(update=more), faults


def load_layer(file: Path, city: str) -> Layer:
    """Load one recipe as a layer of `city`; its short name is the file's."""
    data, text = _read(file)
    data = _like(data, file.name, text=text)
    if "id" in data:
        where = line_of(text, ["id"])
        raise RecipeError(f"{file.name}{where}: the id is {city}.{file.stem} by the file's name; remove 'id'")
    data["id"] = f"{city}.{file.stem}"
    layer = _validated(Layer, data, text, file.name)
    _check_tables(layer, text, file.name)
    return layer


def shared(name: str) -> dict[str, Any]:
    """The shared recipe ``de/by/buildings`` (for example) as plain data."""
    return _like({"like": name}, name)


def overlay(file: Path) -> tuple[str | None, dict[str, Any]]:
    """What a recipe lies over (its ``like``; None if nothing), and what it says itself."""
    data, _ = _read(file)
    return data.pop("like", None), data


PLAIN = ("title", "summary")
"""Texts of a layer that may be in Leichte Sprache, too."""
_OPEN = {"url": "https://example.org", "licence": "CC0-1.0", "publisher": "-", "attribution": "-"}
"""What a shared recipe may leave to the city."""


def shared_layer(name: str) -> Layer:
    """The shared recipe called `name` by itself, for its proof; what it leaves to the city stands open."""
    data = _merged({"source": dict(_OPEN)}, shared(name)) | {"id": f"proof.{Path(name).name}"}
    layer = _validated(Layer, data, "", name)
    _check_tables(layer, "", name)
    return layer


def recipe_sha256(layer: Layer) -> str:
    """Checksum of the layer as written down; a changed recipe is a changed layer.

    What it is called in Leichte Sprache is in nothing that is published of it, and changes nothing.
    """
    plain = {name: {"ls"} for name in PLAIN}
    return hashlib.sha256(layer.model_dump_json(by_alias=True, exclude=plain).encode()).hexdigest()


def _shared() -> list[Path]:
    """Files of the shared recipes."""
    return [
        file
        for file in sorted(RECIPES.glob("de/**/*.toml"))
        if "samples" not in file.parts and not (file.parent / "city.toml").is_file()
    ]


def _like(data: dict[str, Any], name: str, depth: int = 0, text: str = "") -> dict[str, Any]:
    """Lay a recipe over the shared one it names with ``like``; tables merge, everything else replaces."""
    if "like" not in data:
        return data
    shared = (RECIPES / f"{data['like']}.toml").resolve()
    if depth > 3 or not shared.is_relative_to(RECIPES.resolve()) or not shared.is_file():
        known = [each.relative_to(RECIPES).with_suffix("").as_posix() for each in _shared()]
        where = line_of(text, ["like"])
        raise RecipeError(
            f"{name}{where}: {data['like']!r} is no shared recipe{nearest(str(data['like']), known)}"
        )
    below, _ = _read(shared)
    below = _like(below, shared.name, depth + 1)
    for key in PLAIN:
        if isinstance(data.get(key), dict) and "de" in data[key]:
            below.get(key, {}).pop("ls", None)  # it said the same as another German text
    return _merged(below, {key: value for key, value in data.items() if key != "like"})


def _merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    result = dict(below)
    for key, value in above.items():
        both = isinstance(value, dict) and isinstance(result.get(key), dict)
        result[key] = _merged(result[key], value) if both else value
    return result


def _read(file: Path) -> tuple[dict[str, Any], str]:
    try:
        text = file.read_text("utf-8-sig")  # Windows' editors put a mark before it
        return tomllib.loads(text), text
    except FileNotFoundError:
        raise RecipeError(f"{file.name} does not exist") from None
    except UnicodeDecodeError:
        raise RecipeError(f"{file.name} is not UTF-8; save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise RecipeError(_no_toml(file.name, str(error))) from None


_REMEDIES = {
    "Cannot overwrite": "a key or table stands there twice; remove one",
    "Cannot declare": "a table stands there twice; put all of it in one place",
    "Illegal character '\\n'": "a text does not end in its line; close it with a quote",
    "Unterminated string": "a text does not end; close it with a quote",
    "Invalid value": "what stands behind = is no value; texts want quotes, lists brackets, yes is true",
    "Invalid initial character": "a key does not begin with a letter, digit, - or _; write it in quotes",
    "Expected '=' after a key": "a key wants = and a value",
    "Expected ']' at the end of a table": "the name of a table is not closed with ]",
    "Unclosed array": "a list is not closed with ]",
    "Unclosed inline": "a table { … } is not closed, or goes over several lines",
    "Expected newline": "something stands behind a value; put it in a line of its own, or behind #",
    "Invalid statement": "the line is no key = value; remarks begin with #",
    "Unescaped '\\\\'": "a backslash wants to be written twice",
    "Duplicate inline": "a key stands there twice; remove one",
}
"""Beginning of what the reader of TOML says → what it means."""


def _no_toml(name: str, said: str) -> str:
    """What is wrong with a file that is no TOML, with its line and the remedy."""
    place = re.search(r"\(at line (\d+), column (\d+)\)|\(at end of document\)", said)
    line = f", line {place[1]}" if place and place[1] else ", at its end" if place else ""
    words = next((told for start, told in _REMEDIES.items() if said.startswith(start)), said)
    return f"{name}{line}: not valid TOML: {words}"


def _validated(model: type[Model], data: dict[str, Any], text: str, name: str) -> Model:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise RecipeError("\n".join(told(model, error, text, name))) from None


def _check_sense(city: City, layer: Layer, file: Path) -> None:
    """What ``twin check`` refuses by looking at the recipe alone, no run publishes: ids would change."""
    from ingest.asked import unknown_options
    from ingest.sense import nonsense

    if city.generator is not None:  # ours, whose sources need not be stated
        return
    found = [*unknown_options(layer, file), *nonsense(city, layer, file.read_text("utf-8"), file.name)]
    if found:
        raise RecipeError("\n".join(dict.fromkeys(found)))


def _check_tables(layer: Layer, text: str, name: str) -> None:
    """Names in a recipe come from closed tables and from the layer's schema."""
    from ingest.connectors import CONNECTORS
    from ingest.fields import FUNCTIONS
    from tiles.build import WRITERS

    def refuse(where: list[str], what: str, word: str, known: Iterable[str]) -> None:
        raise RecipeError(f"{name}{line_of(text, where)}: {word!r} is no {what}{nearest(word, known)}")

    try:
        ZoneInfo(layer.source.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        refuse(["source", "timezone"], "time zone", layer.source.timezone, sorted(available_timezones()))
    if layer.source.connector not in CONNECTORS:
        refuse(["connector"], "connector", layer.source.connector, CONNECTORS)
    if layer.tiles and layer.tiles.writer not in WRITERS:
        refuse(["writer"], "writer", layer.tiles.writer, WRITERS)
    if layer.schema_id == "air-cell/1" and not any(rule.coarsen for rule in layer.gate):
        raise RecipeError(
            f"{name}{line_of(text, ['schema'])}: air-cell/1 holds means of several sensors, never "
            "single ones; add a [[gate]] with coarsen, or start from like = 'de/citizen-air', which has one"
        )
    properties = {p.name for p in layer.schema_.properties}
    for column, mapping in layer.fields.items():
        if column not in layer.schema_.names:
            refuse([column], f"column of {layer.schema_id}", column, layer.schema_.names)
        if mapping.by not in FUNCTIONS:
            refuse([column], "mapping function", mapping.by, FUNCTIONS)
    for reading in layer.readings:
        named = {p for wide in reading.values.values() for p in wide} | set(reading.kinds.values())
        for word in sorted(named - properties):
            refuse([word], f"property of {layer.schema_id}", word, properties)
