"""Property tables: EXT_structural_metadata 1.0 decoded by its own schema, every type of it.

``tables(Glb(data))`` gives what a client knows about each feature; `Table.rows` as plain dictionaries.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tiles.inspect.faults import UNREADABLE, said
from twin.glb import Broken, Glb

NUMBERS = {
    "INT8": "<i1", "UINT8": "<u1", "INT16": "<i2", "UINT16": "<u2", "INT32": "<i4", "UINT32": "<u4",
    "INT64": "<i8", "UINT64": "<u8", "FLOAT32": "<f4", "FLOAT64": "<f8",
}  # fmt: skip
_WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}
_UNIT = re.compile(r"UCUM\)?:\s*(\S+)")


class Views(Protocol):
    """A file with bufferViews: a glb or a subtree."""

    json: dict[str, Any]

    def view(self, number: int) -> bytes:
        """Bytes of a bufferView."""


@dataclass(frozen=True, slots=True)
class Column:
    """One property of all features."""

    name: str
    title: str
    kind: str
    """``STRING``, ``ENUM``, ``BOOLEAN``, or the component type of numbers (``FLOAT32``); arrays end in []."""
    unit: str | None
    """UCUM code."""
    values: list[Any]
    """One for each feature; None where the table says noData. Enums by name, vectors as lists."""


@dataclass(frozen=True, slots=True)
class Table:
    """One property table."""

    name: str
    class_: str
    count: int
    columns: tuple[Column, ...]
    """Those that could be decoded."""
    faults: tuple[str, ...] = field(default=())
    """What could not, and why."""
    of: str = "features"
    """What a row is about: ``features`` or ``vertices``."""

    def rows(self) -> list[dict[str, Any]]:
        """One dictionary for each feature."""
        names = [column.name for column in self.columns]
        return [
            dict(zip(names, row, strict=True))
            for row in zip(*(column.values for column in self.columns), strict=True)
        ]

    def column(self, name: str) -> Column | None:
        """The column called `name`."""
        return next((column for column in self.columns if column.name == name), None)


def tables(glb: Glb) -> list[Table]:
    """All property tables of a glb.

    Raises:
        Broken: if the extension as a whole cannot be read; a single bad column is in `Table.faults`.
    """
    metadata = glb.json.get("extensions", {}).get("EXT_structural_metadata")
    if metadata is None:
        return []
    if "schema" not in metadata and metadata.get("propertyTables"):
        raise Broken("its schema lies in another file (schemaUri), which is not read")
    return [table_of(entry, metadata["schema"], glb) for entry in metadata.get("propertyTables", [])]


def table_of(entry: Mapping[str, Any], schema: Mapping[str, Any], file: Views) -> Table:
    """One property table of a glb or a subtree.

    Raises:
        Broken: if it cannot be read at all; a single bad column is in `Table.faults`.
    """
    count = entry["count"]
    if not isinstance(count, int) or count < 1:
        raise Broken(f"a count of {count} rows")
    if entry["class"] not in schema.get("classes", {}):
        raise Broken(f"there is no class {entry['class']}")
    properties = schema["classes"][entry["class"]].get("properties", {})
    columns, faults = [], []
    for name, stated in properties.items():
        place = entry.get("properties", {}).get(name)
        if place is None:
            if stated.get("required"):
                faults.append(f"{name} is required and missing")
            continue
        try:
            values = _Decoder(stated, schema.get("enums", {}), count, file).column(place)
        except UNREADABLE as error:
            faults.append(f"{name}: {said(error)}")
            continue
        columns.append(Column(name, str(stated.get("name", name)), kind_of(stated), unit_of(stated), values))
    faults += [
        f"{name} is not in the schema" for name in entry.get("properties", {}) if name not in properties
    ]
    return Table(str(entry.get("name", "")), entry["class"], count, tuple(columns), tuple(faults))


def kind_of(stated: Mapping[str, Any]) -> str:
    """The type of a property in one word."""
    name = stated["type"] if stated["type"] in ("STRING", "ENUM", "BOOLEAN") else stated["componentType"]
    wide = f" {stated['type']}" if _WIDTHS.get(stated["type"], 1) > 1 else ""
    return f"{name}{wide}{'[]' if stated.get('array') else ''}"


def unit_of(stated: Mapping[str, Any]) -> str | None:
    """UCUM code of a property's unit, where it is told."""
    # The format has no place for units; they stand in the description (or in extras).
    found = stated.get("extras", {}).get("unit") or _UNIT.search(str(stated.get("description", "")))
    return found if found is None or isinstance(found, str) else found[1]


class _Decoder:
    """Decodes one column."""

    def __init__(self, stated: Mapping[str, Any], enums: Mapping[str, Any], count: int, file: Views) -> None:
        self._stated, self._enums, self._count, self._file = stated, enums, count, file

    def column(self, place: Mapping[str, Any]) -> list[Any]:
        stated = self._stated
        for key in ("values", "stringOffsets", "arrayOffsets"):
            if key in place and self._file.json["bufferViews"][place[key]].get("byteOffset", 0) % 8:
                raise Broken(f"its {key} do not begin at a multiple of 8 bytes")
        ends = self._array_ends(place)
        total = self._count if ends is None else int(ends[-1])
        if stated["type"] == "STRING":
            values: list[Any] = self._texts(place, total)
        elif stated["type"] == "BOOLEAN":
            values = self._bits(place, total)
        elif stated["type"] == "ENUM":
            values = self._names(place, total)
        else:
            values = self._scalars(place, total)
        if ends is not None:
            values = [values[a:b] for a, b in pairwise(ends.tolist())]
        missing = stated.get("noData")
        if missing is None or (stated["type"] == "SCALAR" and not stated.get("array")):
            return values
        return [None if value == missing else value for value in values]

    def _array_ends(self, place: Mapping[str, Any]) -> NDArray[Any] | None:
        if not self._stated.get("array"):
            return None
        if "count" in self._stated:
            return np.arange(self._count + 1) * int(self._stated["count"])
        return self._offsets(place["arrayOffsets"], place.get("arrayOffsetType", "UINT32"), self._count)

    def _offsets(self, view: int, kind: str, count: int) -> NDArray[Any]:
        ends = self._numbers(view, kind, count + 1).astype(np.int64)
        if ends[0] != 0 or (np.diff(ends) < 0).any():
            raise Broken("its offsets do not rise from 0")
        return ends

    def _numbers(self, view: int, kind: str, count: int) -> NDArray[Any]:
        dtype = np.dtype(NUMBERS[kind])
        data = self._file.view(view)
        need = count * dtype.itemsize
        if len(data) < need:
            raise Broken(f"{count:,} values of {kind} do not fit into {len(data):,} bytes")
        if len(data) > need:
            raise Broken(f"{count:,} values of {kind} leave {len(data) - need:,} of {len(data):,} bytes over")
        return np.frombuffer(data, dtype, count)

    def _texts(self, place: Mapping[str, Any], total: int) -> list[Any]:
        ends = self._offsets(place["stringOffsets"], place.get("stringOffsetType", "UINT32"), total)
        body = self._file.view(place["values"])
        if ends[-1] != len(body):
            raise Broken(f"its texts end at byte {int(ends[-1]):,} of {len(body):,}")
        try:
            return [body[a:b].decode() for a, b in pairwise(ends.tolist())]
        except UnicodeDecodeError:
            raise Broken("a text is not UTF-8, or offsets cut it apart") from None

    def _bits(self, place: Mapping[str, Any], total: int) -> list[Any]:
        data = self._numbers(place["values"], "UINT8", -(-total // 8))
        bits: list[Any] = np.unpackbits(data, bitorder="little")[:total].astype(bool).tolist()
        return bits

    def _names(self, place: Mapping[str, Any], total: int) -> list[Any]:
        enum = self._enums[self._stated["enumType"]]
        names = {value["value"]: value["name"] for value in enum["values"]}
        codes = self._numbers(place["values"], enum.get("valueType", "UINT16"), total)
        unknown = sorted(set(np.unique(codes).tolist()) - set(names))
        if unknown:
            raise Broken(f"its enum has no value {unknown[0]}")
        missing = self._stated.get("noData")
        if isinstance(missing, str) and missing not in names.values():
            raise Broken(f"its noData {missing} is no value of its enum")
        return [names[code] for code in codes.tolist()]

    def _scalars(self, place: Mapping[str, Any], total: int) -> list[Any]:
        wide, kind = _WIDTHS[self._stated["type"]], self._stated["componentType"]
        numbers = self._numbers(place["values"], kind, total * wide)
        if numbers.dtype.kind == "f" and not np.isfinite(numbers).all():
            raise Broken("it has numbers that are not finite")
        single = wide == 1 and not self._stated.get("array")
        # noData is compared before anything is scaled, in the type of the values.
        missing = self._stated.get("noData") if single else None
        lost = [] if missing is None else np.flatnonzero(numbers == numbers.dtype.type(missing)).tolist()
        if self._stated.get("normalized") and numbers.dtype.kind != "f":
            numbers = np.maximum(numbers / np.iinfo(numbers.dtype).max, -1.0)
        scale, offset = (place.get(key, self._stated.get(key)) for key in ("scale", "offset"))
        if single and (scale is not None or offset is not None):
            numbers = numbers * (1.0 if scale is None else scale) + (0.0 if offset is None else offset)
        values: list[Any] = (numbers if wide == 1 else numbers.reshape(-1, wide)).tolist()
        for row in lost:
            values[row] = None
        return values
