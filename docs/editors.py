"""JSON Schemas of recipes and cities, for editors that complete and check while somebody types."""

import inspect
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from ingest.connectors import CONNECTORS
from ingest.fields import FUNCTIONS
from tiles.build import WRITERS
from twin.city import City
from twin.layer import Layer, Mapping, Tiling
from twin.licence import LICENCES
from twin.schemas import SCHEMAS
from twin.source import Source

_TABLES: tuple[tuple[type[BaseModel], str, list[str]], ...] = (
    (Layer, "schema", list(SCHEMAS)),
    (Source, "connector", list(CONNECTORS)),
    (Source, "licence", list(LICENCES)),
    (Mapping, "by", list(FUNCTIONS)),
    (Tiling, "writer", list(WRITERS)),
)
"""Keys whose values come from a closed table."""
_DIALECT = "http://json-schema.org/draft-07/schema#"


def documents() -> Iterator[tuple[str, str]]:
    """Yield (file name, text) of each schema."""
    recipe = _described(Layer)
    del recipe["properties"]["id"]  # the file's name says it
    recipe["properties"]["like"] = {
        "type": "string",
        "description": "A shared recipe that this one lies over, such as de/by/buildings.",
    }
    needed = [name for name in recipe.pop("required") if name != "id"]
    recipe["anyOf"] = [{"required": ["like"]}, {"required": needed}]
    for model in ("Source", "Tiling", "Text"):  # with like, the shared recipe has what is left out
        recipe["$defs"][model].pop("required", None)
    yield "recipe.schema.json", _text(recipe, "A recipe of Stadtzwilling")
    city = _described(City)
    for name in ("layers", "folder", "faulty"):  # the other files of the folder, and what is found out
        city["properties"].pop(name, None)
    city["required"] = [name for name in city["required"] if name != "id"]
    yield "city.schema.json", _text(city, "A city of Stadtzwilling")


def _text(schema: dict[str, Any], title: str) -> str:
    used = json.dumps({key: value for key, value in schema.items() if key != "$defs"})
    kept: dict[str, Any] = {}
    while True:  # only what is referred to
        more = {name for name in re.findall(r"#/\$defs/(\w+)", used) if name not in kept}
        if not more:
            break
        for name in more:
            kept[name] = schema["$defs"][name]
            used += json.dumps(kept[name])
    ordered = {"$schema": _DIALECT, **schema, "title": title, "$defs": dict(sorted(kept.items()))}
    return json.dumps(ordered, ensure_ascii=False, indent=1) + "\n"


def _described(model: type[BaseModel]) -> dict[str, Any]:
    schema = model.model_json_schema(by_alias=True)
    schema.setdefault("$defs", {})
    for each in _models(model, set()):
        place = schema if each is model else schema["$defs"].get(each.__name__)
        if place is None or "properties" not in place:
            continue
        for name, words in sentences(each):
            if name in place["properties"]:
                place["properties"][name]["description"] = words
        for of, key, values in _TABLES:
            if of is each:
                place["properties"][key]["enum"] = values
    return schema


def _models(model: Any, seen: set[Any]) -> Iterator[type[BaseModel]]:
    """The model and all that its fields are made of."""
    if isinstance(model, type) and issubclass(model, BaseModel):
        if model not in seen:
            seen.add(model)
            yield model
            for field in model.model_fields.values():
                yield from _models(field.annotation, seen)
    else:
        for part in getattr(model, "__args__", ()):
            yield from _models(part, seen)


def sentences(model: type[BaseModel]) -> Iterator[tuple[str, str]]:
    """Yield (key, the sentence under the field) of each field of a model; the sentence may be empty."""
    source = inspect.getsource(model)
    for name, field in model.model_fields.items():
        said = re.search(
            rf'^    {name}\b[^\n]*?(?:\([^)]*\))?\n    """(.*?)"""', source, re.DOTALL | re.MULTILINE
        )
        yield field.alias or name, " ".join(said[1].split()) if said else ""


def folder() -> Path:
    """Where the schemas lie."""
    return Path(__file__).parent
