"""Property tables: what is known about each feature, inside the tile (EXT_structural_metadata 1.0)."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tiles.glb import Container
from tiles.property_values import NO_DATA, Writer, choices, sort_of
from twin.schema import Column, Schema

if TYPE_CHECKING:
    import pyarrow as pa

_NO_DATA_TITLE = "nicht angegeben / not stated"
_SEMANTICS = {"id": "ID", "name": "NAME", "title": "NAME"}
_SPELT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})


def add_property_table(
    container: Container,
    schema: Schema,
    table: "Mapping[str, pa.Array] | pa.RecordBatch | Sequence[Mapping[str, Any]]",
) -> dict[str, Any]:
    """Write the columns that go into tiles; return the document's EXT_structural_metadata object.

    A column or row lacks a value, or has None there: the column's noData value is written. Times become
    RFC 3339 texts, booleans an enum, so that each of them has a noData value too. Columns with the same
    content share their bytes. A column of texts that are all missing is not in this tile's schema: no
    bufferView can be empty, and one with a byte to spare contradicts its offsets.

    Args:
        container: Takes the columns' bytes.
        schema: Only its columns with ``tiles`` are written, under names that `identifier` allows.
        table: Arrow arrays by the columns' names, all as long; or a record batch; or one mapping per row.
            In the order of the feature ids, and at least one.
    """
    columns = {name: column for name, column in _named(schema) if column.tiles}
    name = identifier(schema.id.partition("/")[0])
    values = Writer(container, table)
    written = {key: made for key, column in columns.items() if (made := values.write(column))}
    metadata: dict[str, Any] = {
        "schema": {
            "id": identifier(schema.id),
            "version": schema.id.partition("/")[2],
            "classes": {
                name: {
                    "name": _both(schema),
                    "properties": {
                        key: _property(key, columns[key], kind) for key, (kind, _) in written.items()
                    },
                }
            },
        },
        "propertyTables": [
            {
                "name": name,
                "class": name,
                "count": values.count,
                "properties": {key: place for key, (_, place) in written.items()},
            }
        ],
    }
    enums = {key: _enum(column) for key, column in columns.items() if sort_of(column) == "ENUM"}
    if enums:
        metadata["schema"]["enums"] = enums
    return metadata


def identifier(text: str) -> str:
    """A name that metadata schemas allow: letters, digits and underscores, no digit first."""
    plain = unicodedata.normalize("NFKD", text.translate(_SPELT))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    name = re.sub(r"[^A-Za-z0-9_]", "_", plain)
    return f"_{name}" if not name or name[0].isdigit() else name


def _named(schema: Schema) -> list[tuple[str, Column]]:
    """Each column with an identifier of its own; those that need no change come first to theirs."""
    taken = {column.name for column in schema.columns if identifier(column.name) == column.name}
    named = []
    for column in schema.columns:
        name = identifier(column.name)
        if name != column.name:
            stem, number = name, 2
            while name in taken:
                name, number = f"{stem}_{number}", number + 1
            taken.add(name)
        named.append((name, column))
    return named


def _both(titled: Any) -> str:
    de, en = titled.title.de, titled.title.en
    return de if de == en else f"{de} / {en}"


def _enum(column: Column) -> dict[str, Any]:
    values: list[dict[str, Any]] = []
    for number, (name, title) in enumerate(choices(column)):
        values.append({"name": name, "value": number, "description": _both(title)})
    values.append({"name": NO_DATA, "value": len(values), "description": _NO_DATA_TITLE})
    return {"name": _both(column), "valueType": "UINT8", "values": values}


def _property(key: str, column: Column, kind: dict[str, Any]) -> dict[str, Any]:
    entry: dict[str, Any] = {"name": _both(column)}
    if column.unit:
        entry["description"] = f"Unit (UCUM): {column.unit}"
    if column.name in _SEMANTICS:
        entry["semantic"] = _SEMANTICS[column.name]
    return entry | ({**kind, "enumType": key} if kind["type"] == "ENUM" else kind)
