"""JSON cut down: features, the list that a table is made of, or every long list of a protocol's document."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingest.bodies import parse_json
from ingest.scaffold.dialect import Dialect
from ingest.scaffold.mask import KEPT, LOOKED_AT, MASK, Mask, few

_FEATURES = ("arcgis", "geojson", "wfs", "ogc_features", "wzdx")
_HEADS = ("type", "crs", "feed_info", "road_event_feed_info")
_FEW = 8
"""Entries that an object may have in a protocol's document without being a list of things."""


def cut_json(source: Path, dialect: Dialect, mask: Mask) -> dict[str, bytes]:
    """A JSON document, or a folder of them, with a few things each; name → bytes."""
    import orjson

    if source.is_dir():
        ids: set[str] = set()
        files = sorted(source.glob("*.json"), key=lambda file: "information" not in file.name)
        return {
            file.name: _written(thinned(_read(file), mask, ids))
            for file in files
            if "bike_status" not in file.name
        }
    document = _read(source)
    if dialect.connector in _FEATURES and isinstance(document, dict) and "features" in document:
        cut = _features(document, mask)
        features = ",\n ".join(orjson.dumps(feature).decode() for feature in cut.pop("features"))
        text = f'{orjson.dumps(cut).decode()[:-1]},"features":[\n {features}\n]}}\n'
        return {f"answer{dialect.suffix}": text.encode()}
    if dialect.connector == "json":
        tables = dialect.options.get("tables") or [{}]
        return {f"answer{dialect.suffix}": _written(_along(document, _ways(tables), mask, ""))}
    return {f"answer{dialect.suffix}": _written(thinned(document, mask))}


def _read(file: Path) -> Any:
    return parse_json(file.read_bytes(), file.name)


def _written(document: Any) -> bytes:
    import orjson

    return orjson.dumps(document, option=orjson.OPT_INDENT_2) + b"\n"


def _features(document: dict[str, Any], mask: Mask) -> dict[str, Any]:
    """A collection, masked, with few features and without most of what stands beside them."""
    import orjson

    features = document.get("features") or []
    sizes = [len(orjson.dumps(feature)) for feature in features[:LOOKED_AT]]
    kept = {key: document[key] for key in _HEADS if key in document}
    return dict(masked(kept | {"features": [features[at] for at in few(sizes)]}, mask))


def _ways(tables: list[dict[str, Any]]) -> list[list[str]]:
    ways = [[name for name in str(table.get("items", "")).split(".") if name] for table in tables]
    return [list(way) for way in dict.fromkeys(map(tuple, ways))]


def _along(document: Any, ways: list[list[str]], mask: Mask, path: str) -> Any:
    """What lies on the ways to the lists that are read; nothing else."""
    if [] in ways:
        return masked(document[:KEPT] if isinstance(document, list) else document, mask, path)
    if ["*"] in ways:
        return {key: masked(item, mask) for key, item in list(document.items())[:KEPT]}
    below: dict[str, list[list[str]]] = {}
    for way in ways:
        below.setdefault(way[0], []).append(way[1:])
    return {key: _along(document[key], rest, mask, "") for key, rest in below.items() if key in document}


def masked(value: Any, mask: Mask, path: str = "") -> Any:
    """A value with everything personal hidden; fields are known by the way to them, or their own name."""
    if path in mask.names:
        return _hidden(value)
    if isinstance(value, dict):
        return {
            key: _hidden(each) if mask.hides(key) else masked(each, mask, _below(path, key))
            for key, each in value.items()
        }
    if isinstance(value, list):
        return [masked(each, mask, path) for each in value]
    return mask.value(value)


def _hidden(value: Any) -> Any:
    """Of the same shape, as fields are known by the way to them, without what it says."""
    if isinstance(value, dict):
        return {key: _hidden(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_hidden(each) for each in value[:1]]
    return None if value is None else MASK


def _below(path: str, key: str) -> str:
    """Fields of features are known by their own name, all others by the way to them."""
    return key if path in ("features", "properties") or not path else f"{path}.{key}"


def thinned(document: Any, mask: Mask, ids: set[str] | None = None) -> Any:
    """A protocol's document of which every list of things has a few, masked.

    Args:
        document: as read.
        mask: hides what is personal.
        ids: stations kept so far; where it has some, those are kept, so that documents fit each other.
    """
    if isinstance(document, dict):
        entries = list(document.items())
        if len(entries) > _FEW and all(isinstance(value, dict | list) for _, value in entries):
            entries = entries[:KEPT]
        return {
            key: _hidden(value) if mask.hides(key) else thinned(value, mask, ids) for key, value in entries
        }
    if isinstance(document, list):
        if document and all(_is_thing(each) for each in document):
            return [thinned(each, mask, ids) for each in _chosen(document, ids)]
        return [thinned(each, mask, ids) for each in document]
    return mask.value(document)


def _is_thing(value: Any) -> bool:
    """Coordinates are lists, too, but of numbers."""
    return isinstance(value, dict) or (
        isinstance(value, list) and bool(value) and not isinstance(value[0], list | int | float)
    )


def _chosen(things: list[Any], ids: set[str] | None) -> Iterator[Any]:
    """The first small things, or those whose stations were kept before."""
    import orjson

    named = ids is not None and all(isinstance(each, dict) and "station_id" in each for each in things)
    if ids is not None and named and ids:
        yield from (each for each in things if str(each["station_id"]) in ids)
        return
    for at in few([len(orjson.dumps(each)) for each in things[:LOOKED_AT]]):
        if ids is not None and named:
            ids.add(str(things[at]["station_id"]))
        yield things[at]
