"""Sample: an answer cut down to a few things, with everything personal masked; it proves the recipe."""

import csv
import io
from collections.abc import Collection
from pathlib import Path
from typing import Any

from ingest.bodies import parse_json
from ingest.fields import clean
from ingest.personal import scrub
from ingest.scaffold.cut_geopackage import cut_geopackage
from ingest.scaffold.dialect import Dialect

MASK = "[…]"
KEPT = 4
"""Things in a sample: enough for a proof, few enough to be read."""
_IN_JSON = ("geojson", "wfs", "ogc_features", "json")
_LONGEST = 300
"""Characters of a text, and positions of a line, that a sample shows."""


def cut_down(path: Path, dialect: Dialect, personal: Collection[str]) -> tuple[str, bytes] | None:
    """Name and bytes of a sample; None where the dialect cannot be cut down by us.

    Args:
        path: the answer.
        dialect: what it is.
        personal: names of fields whose values are masked; all other texts are searched by the gate, too.
    """
    if dialect.connector in _IN_JSON and dialect.suffix != ".zip":
        import orjson

        masked = _items(parse_json(path.read_bytes(), path.name), dialect, frozenset(personal))
        if dialect.connector == "json":
            text = orjson.dumps(masked, option=orjson.OPT_INDENT_2).decode()
        else:  # a thing a line: coordinates would take a line each
            features = ",\n ".join(orjson.dumps(feature).decode() for feature in masked.pop("features"))
            text = f'{orjson.dumps(masked).decode()[:-1]},"features":[\n {features}\n]}}'
        return f"answer{dialect.suffix}", f"{text}\n".encode()
    if dialect.connector == "csv" and dialect.suffix == ".csv":
        encoding = dialect.options.get("encoding", "utf-8")
        return "answer.csv", _rows(path, encoding.replace("utf-8", "utf-8-sig"), personal).encode(encoding)
    if dialect.connector == "vector" and dialect.suffix == ".gpkg":
        return "answer.gpkg", cut_geopackage(path, KEPT, personal, MASK, _plain)
    return None


def _items(document: Any, dialect: Dialect, personal: frozenset[str]) -> Any:
    """The document, masked, with few items in the list that is read and without what stands beside it."""
    if dialect.connector != "json":
        kept = {key: document[key] for key in ("type", "crs") if key in document}
        return _masked(kept | {"features": document.get("features", [])[:KEPT]}, personal)
    tables = dialect.options.get("tables", [{}])
    way = [name for name in tables[0].get("items", "").split(".") if name]
    return _cut(document, way, personal)


def _cut(document: Any, way: list[str], personal: frozenset[str]) -> Any:
    if not way:
        return _masked(document[:KEPT] if isinstance(document, list) else document, personal)
    if way == ["*"]:
        return {key: _masked(item, personal) for key, item in list(document.items())[:KEPT]}
    return {way[0]: _cut(document[way[0]], way[1:], personal)}


def _masked(value: Any, personal: frozenset[str], path: str = "") -> Any:
    if path in personal and value is not None:
        return MASK
    if isinstance(value, dict):
        return {key: _masked(each, personal, _below(path, key)) for key, each in value.items()}
    if isinstance(value, list):
        return [_masked(each, personal, path) for each in value]
    return _plain(value)


def _below(path: str, key: str) -> str:
    """Fields of features are known by their own name, all others by the way to them."""
    return key if path in ("features", "properties") or not path else f"{path}.{key}"


def _plain(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    text = scrub(clean(value) or "")[0]
    return MASK if text is None else text[:_LONGEST]


def _rows(path: Path, encoding: str, personal: Collection[str]) -> str:
    with path.open(encoding=encoding, newline="") as stream:
        line = stream.readline()
        separator = max(",;\t|", key=line.count)
        header = next(csv.reader([line], delimiter=separator))
        rows = [row for _, row in zip(range(KEPT), csv.reader(stream, delimiter=separator), strict=False)]
    hidden = {at for at, name in enumerate(header) if name.strip() in personal}
    told = io.StringIO()
    writer = csv.writer(told, delimiter=separator, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([MASK if at in hidden and cell else _plain(cell) for at, cell in enumerate(row)])
    return told.getvalue()
