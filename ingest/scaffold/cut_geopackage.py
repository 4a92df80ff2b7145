"""A GeoPackage cut down to a few features: written anew, as free pages hold what was deleted."""

import sqlite3
from collections.abc import Callable, Collection
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

from ingest.extrusion import geopackage

_HEAD = """
PRAGMA application_id = 1196444487;
PRAGMA user_version = 10300;
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT,
    organization_coordsys_id INTEGER, definition TEXT, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT, identifier TEXT, description TEXT,
    last_change TEXT, min_x REAL, min_y REAL, max_x REAL, max_y REAL, srs_id INTEGER);
CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name TEXT,
    srs_id INTEGER, z INTEGER, m INTEGER);
INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('things', 'features', 'things');
"""
"""What OGC 12-128r19 wants to be there; 1196444487 is ``GPKG``."""


def cut_geopackage(
    path: Path, kept: int, personal: Collection[str], mask: str, masked: Callable[[Any], Any]
) -> bytes:
    """The first features of a GeoPackage with one layer, as a GeoPackage.

    Args:
        path: the file.
        kept: how many features.
        personal: columns of which every value becomes `mask`.
        mask: what stands there instead.
        masked: what becomes of all other texts. Values that are no numbers and no texts are left out.

    Raises:
        SourceBroken: no GeoPackage, or a damaged one.
        RecipeError: it has several layers.
    """

    def value(column: str, found: Any) -> Any:
        if found is None or isinstance(found, bytes):
            return None  # a picture says as much of people as a text
        return mask if column in personal else masked(found)

    batches = geopackage.rows(path, path.name, lambda columns: columns, None, geopackage.ANY, kept)
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as base:
        base.executescript(_HEAD)
        for crs, names, _, rows in islice(batches, 1):
            columns = list(rows[0][1]) if rows else sorted(names)
            shape = "geom"
            while shape in (column.lower() for column in columns):
                shape += "_"
            listed = ", ".join('"' + name.replace('"', '""') + '"' for name in (shape, *columns))
            base.execute(f"CREATE TABLE things ({listed})")
            code = int(crs.partition(":")[2]) if crs else 0
            base.execute(
                "INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, 'undefined', NULL)",
                (crs or "undefined", code, "EPSG" if crs else "NONE", code),
            )
            base.execute(
                "INSERT INTO gpkg_geometry_columns VALUES ('things', ?, 'GEOMETRY', ?, 2, 2)", (shape, code)
            )
            base.execute("UPDATE gpkg_contents SET srs_id = ?", (code,))
            marks = ", ".join("?" * (len(columns) + 1))
            base.executemany(
                f"INSERT INTO things VALUES ({marks})",
                [(blob, *(value(name, row[name]) for name in columns)) for blob, row in rows[:kept]],
            )
        return base.serialize()
