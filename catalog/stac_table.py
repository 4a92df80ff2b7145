"""The table extension: which columns a layer's features have."""

from twin.schema import Kind, Schema
from twin.schemas import SCHEMAS

TABLE = "https://stac-extensions.github.io/table/v1.2.0/schema.json"
_TYPES = {
    Kind.TEXT: "string",
    Kind.ENUM: "string",
    Kind.INTEGER: "int64",
    Kind.NUMBER: "double",
    Kind.BOOLEAN: "bool",
    Kind.TIME: "timestamp[us, tz=UTC]",
    Kind.TEXTS: "list<string>",
}
"""Kind → Arrow's word for it."""


def columns(schema: Schema) -> list[dict[str, str]]:
    """``table:columns`` of a layer: the schema's, and what GeoParquet adds."""
    named = [
        {
            "name": column.name,
            "type": _TYPES[column.kind],
            "description": column.title.en + (f" ({column.unit})" if column.unit else ""),
        }
        for column in schema.columns
    ]
    return [
        *named,
        {"name": "geometry", "type": "binary", "description": "WKB, OGC:CRS84"},
        {"name": "bbox", "type": "struct", "description": "xmin, ymin, xmax, ymax of the geometry"},
    ]


def column_names(schema_id: str) -> tuple[str, ...]:
    """Names in ``table:columns``; none if the schema is not known any more."""
    schema = SCHEMAS.get(schema_id)
    return () if schema is None else tuple(column["name"] for column in columns(schema))
