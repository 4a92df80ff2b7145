"""CityJSON cut down to a few objects with their parts and only the corners that these use."""

from pathlib import Path
from typing import Any

from ingest.bodies import parse_json
from ingest.scaffold.cut_json import masked
from ingest.scaffold.dialect import Dialect
from ingest.scaffold.mask import LARGEST, LOOKED_AT, Mask, few

_HEAD = ("type", "version", "transform", "metadata", "extensions", "geometry-templates")
_UNREAD = ("address", "Address", "texture", "material")
"""Addresses are of people; pictures and colours are large."""


def cut_cityjson(source: Path, dialect: Dialect, mask: Mask) -> dict[str, bytes]:
    """A document, or a sequence with its first line, with a few buildings; name → bytes."""
    import orjson

    if dialect.suffix == ".jsonl":
        with source.open("rb") as stream:
            head = _plain(parse_json(stream.readline(), source.name))
            lines = [line for line, _ in zip(stream, range(LOOKED_AT), strict=False) if line.strip()]
        kept = [
            _plain(parse_json(lines[at], source.name))
            for at in few([len(line) for line in lines], 3, 4 * LARGEST)
        ]
        return {"answer.jsonl": b"".join(orjson.dumps(_hidden(each, mask)) + b"\n" for each in (head, *kept))}
    document = _plain(parse_json(source.read_bytes(), source.name))
    objects = document.get("CityObjects", {})
    tops = [
        key for key, each in objects.items() if not each.get("parents") and each.get("type") == "Building"
    ]
    tops = (tops or [key for key, each in objects.items() if not each.get("parents")])[:LOOKED_AT]
    families = [_family(objects, key) for key in tops]
    sizes = [len(orjson.dumps([objects[key] for key in family])) for family in families]
    chosen = {key: objects[key] for at in few(sizes, 3, 4 * LARGEST) for key in families[at]}
    cut = {key: document[key] for key in _HEAD if key in document} | {"CityObjects": chosen}
    cut["vertices"] = _renumbered(chosen, document.get("vertices", []))
    return {f"answer{dialect.suffix}": orjson.dumps(_hidden(cut, mask)) + b"\n"}


def _family(objects: dict[str, Any], key: str, depth: int = 0) -> list[str]:
    """An object and its parts."""
    below = objects[key].get("children", []) if depth < 4 else []
    return [
        key,
        *(each for child in below if child in objects for each in _family(objects, child, depth + 1)),
    ]


def _renumbered(objects: dict[str, Any], corners: list[Any]) -> list[Any]:
    """Number the corners that the objects use from 0 on; returns them."""
    numbers: dict[int, int] = {}

    def anew(value: Any) -> Any:
        if isinstance(value, list):
            return [anew(each) for each in value]
        return numbers.setdefault(value, len(numbers)) if isinstance(value, int) else value

    for each in objects.values():
        for geometry in each.get("geometry", []):
            geometry["boundaries"] = anew(geometry.get("boundaries", []))
    return [corners[number] for number in numbers if number < len(corners)]


def _plain(value: Any) -> Any:
    """Without what is not read."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items() if key not in (*_UNREAD, "appearance")}
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [_plain(each) for each in value]
    return value


def _hidden(document: dict[str, Any], mask: Mask) -> dict[str, Any]:
    """With masked attributes; all else is structure."""
    objects = document.get("CityObjects", {})
    for each in objects.values():
        if "attributes" in each:
            each["attributes"] = masked(each["attributes"], mask)
    if "metadata" in document:
        kept = ("referenceSystem", "geographicalExtent")
        document["metadata"] = {key: value for key, value in document["metadata"].items() if key in kept}
    return document
