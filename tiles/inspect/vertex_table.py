"""Property attributes: what EXT_structural_metadata says of single vertices, such as points of a cloud."""

from collections.abc import Mapping
from typing import Any

from tiles.inspect.faults import UNREADABLE, said
from tiles.inspect.table import Column, Table, kind_of, unit_of
from twin.glb import Glb


def vertex_tables(glb: Glb) -> list[Table]:
    """One table for each primitive whose vertices have properties; a row is a vertex.

    Raises:
        Broken: if a primitive refers to what is not there.
    """
    metadata = glb.json.get("extensions", {}).get("EXT_structural_metadata", {})
    found = []
    for mesh in glb.json.get("meshes", []):
        for primitive in mesh["primitives"]:
            used = primitive.get("extensions", {}).get("EXT_structural_metadata", {})
            for number in used.get("propertyAttributes", []):
                stated = metadata["propertyAttributes"][number]
                found.append(_table(glb, stated, metadata["schema"], primitive["attributes"]))
    return found


def _table(
    glb: Glb, stated: Mapping[str, Any], schema: Mapping[str, Any], attributes: Mapping[str, int]
) -> Table:
    columns, faults = [], []
    properties = schema["classes"][stated["class"]]["properties"]
    for name, place in stated["properties"].items():
        try:
            rows = glb.accessor(attributes[place["attribute"]])
            values = (rows[:, 0] if rows.shape[1] == 1 else rows).tolist()
            kind = properties[name]
            if kind["type"] == "ENUM":
                names = {x["value"]: x["name"] for x in schema["enums"][kind["enumType"]]["values"]}
                values = [names[value] for value in values]
            missing = kind.get("noData")
            if missing is not None:
                values = [None if value == missing else value for value in values]
        except UNREADABLE as error:
            faults.append(f"{name}: {said(error)}")
            continue
        columns.append(Column(name, str(kind.get("name", name)), kind_of(kind), unit_of(kind), values))
    count = glb.json["accessors"][attributes["POSITION"]]["count"]
    return Table(
        str(stated.get("name", "")), stated["class"], count, tuple(columns), tuple(faults), "vertices"
    )
