"""Property tables: what is known about each feature, inside the tile (EXT_structural_metadata 1.0)."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tiles.glb import Container
from twin.schema import Column, Kind, Schema

NO_DATA = "no-data"
"""Name of the enum value that stands for "the source does not say"."""
NO_NUMBER = -9999.0
NO_INTEGER = -(2**31)
_NO_DATA_TITLE = "nicht angegeben / not stated"
_SEMANTICS = {"id": "ID", "name": "NAME", "title": "NAME"}


def add_property_table(
    container: Container, schema: Schema, rows: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Write the columns that go into tiles; return the document's EXT_structural_metadata object.

    A row lacks a column, or has None there: the column's noData value is written. Times become RFC 3339
    texts, booleans an enum, so that each of them has a noData value too.

    Args:
        container: Takes the columns' bytes.
        schema: Only its columns with ``tiles`` are written.
        rows: At least one, in the order of the feature ids.
    """
    columns = [column for column in schema.columns if column.tiles]
    name = identifier(schema.id.partition("/")[0])
    enums = {column.name: _enum(column) for column in columns if column.kind in (Kind.ENUM, Kind.BOOLEAN)}
    metadata: dict[str, Any] = {
        "schema": {
            "id": identifier(schema.id),
            "version": schema.id.partition("/")[2],
            "classes": {
                name: {
                    "name": _both(schema),
                    "properties": {column.name: _property(column) for column in columns},
                }
            },
        },
        "propertyTables": [
            {
                "name": name,
                "class": name,
                "count": len(rows),
                "properties": {
                    column.name: _values(container, column, [row.get(column.name) for row in rows])
                    for column in columns
                },
            }
        ],
    }
    if enums:
        metadata["schema"]["enums"] = enums
    return metadata


def identifier(text: str) -> str:
    """A name that metadata schemas allow: letters, digits and underscores."""
    return re.sub(r"[^A-Za-z0-9_]", "_", text)


def _both(titled: Any) -> str:
    return f"{titled.title.de} / {titled.title.en}"


def _choices(column: Column) -> list[tuple[str, str]]:
    if column.kind is Kind.BOOLEAN:
        return [("false", "nein / no"), ("true", "ja / yes")]
    return [(choice.value, _both(choice)) for choice in column.choices]


def _enum(column: Column) -> dict[str, Any]:
    values = [
        {"name": name, "value": number, "description": title}
        for number, (name, title) in enumerate(_choices(column))
    ]
    values.append({"name": NO_DATA, "value": len(values), "description": _NO_DATA_TITLE})
    return {"name": _both(column), "valueType": "UINT8", "values": values}


def _property(column: Column) -> dict[str, Any]:
    entry: dict[str, Any] = {"name": _both(column)}
    if column.unit:
        entry["description"] = f"Unit (UCUM): {column.unit}"
    if column.name in _SEMANTICS:
        entry["semantic"] = _SEMANTICS[column.name]
    match column.kind:
        case Kind.NUMBER:
            return entry | {"type": "SCALAR", "componentType": "FLOAT32", "noData": NO_NUMBER}
        case Kind.INTEGER:
            return entry | {"type": "SCALAR", "componentType": "INT32", "noData": NO_INTEGER}
        case Kind.ENUM | Kind.BOOLEAN:
            return entry | {"type": "ENUM", "enumType": column.name, "noData": NO_DATA}
        case _:
            return entry | {"type": "STRING", "noData": ""}


def _values(container: Container, column: Column, values: list[Any]) -> dict[str, Any]:
    match column.kind:
        case Kind.NUMBER:
            numbers = [NO_NUMBER if value is None else value for value in values]
            return {"values": container.view(np.array(numbers, dtype="<f4").tobytes())}
        case Kind.INTEGER:
            numbers = [NO_INTEGER if value is None else value for value in values]
            return {"values": container.view(np.array(numbers, dtype="<i4").tobytes())}
        case Kind.ENUM | Kind.BOOLEAN:
            names = [name for name, _ in _choices(column)]
            number = {name: i for i, name in enumerate(names)}
            texts = [str(value).lower() if isinstance(value, bool) else value for value in values]
            codes = [number.get(text, len(names)) for text in texts]
            return {"values": container.view(np.array(codes, dtype=np.uint8).tobytes())}
        case _:
            return _strings(container, ["" if value is None else _text(value) for value in values])


def _text(value: Any) -> str:
    return value if isinstance(value, str) else value.isoformat().replace("+00:00", "Z")


def _strings(container: Container, texts: list[str]) -> dict[str, Any]:
    encoded = [text.encode() for text in texts]
    ends = np.cumsum([0, *map(len, encoded)])
    narrow = ends[-1] <= 0xFFFF
    body = b"".join(encoded)
    return {
        # A bufferView cannot be empty, even if every text is.
        "values": container.view(body or b"\0"),
        "stringOffsets": container.view(ends.astype("<u2" if narrow else "<u4").tobytes()),
        "stringOffsetType": "UINT16" if narrow else "UINT32",
    }
