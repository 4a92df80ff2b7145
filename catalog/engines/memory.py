"""A snapshot in memory: immutable, indexed by place and id, its features ready as GeoJSON bytes."""

from collections.abc import Collection
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog import at_hand, crs, parquet, several
from catalog.cql.folds import fold
from catalog.engines import coordinates
from catalog.engines.cells import Numbers, Words
from catalog.engines.heads import Heads
from catalog.engines.places import Box, Places
from catalog.engines.properties import Properties
from catalog.engines.vertices import Vertices

_AT_ONCE = 20_000
"""Rows that are looked at in a millisecond or two."""
_FEW = 4
_MANY = 64
"""So many rows are picked faster by Arrow than one by one."""
_NO_TIME = np.iinfo(np.int64).min
_BEFORE = b'{"type":"Feature","id":%b,"geometry":%b,"properties":'


class Snapshot:
    """An index over one features file. Features are written when asked for."""

    def __init__(self, data: parquet.Table, lists: Collection[str] = ()) -> None:
        """Build the index.

        Args:
            data: A features file.
            lists: Names of the columns of several texts; in older files they are one text each.

        Raises:
            Damaged: `data` is none.
        """
        table = several.fitted(parquet.read_table(data), lists)
        self._geometry = table[parquet.GEOMETRY].combine_chunks()
        self._values = table.drop_columns([parquet.GEOMETRY, parquet.BBOX]).combine_chunks()
        self._columns = {name: self._values[name].combine_chunks() for name in self._values.column_names}
        bbox = table[parquet.BBOX].combine_chunks()
        corners = [bbox.field(i).to_numpy(zero_copy_only=False).astype(np.float64) for i in range(4)]
        self._bounds = np.column_stack(corners)
        self._places = Places(self._bounds)
        self._properties = Properties(self._values)
        self._vertices = Vertices(self._geometry)
        self.nowhere: NDArray[np.int64] = np.flatnonzero(np.isnan(self._bounds[:, 0]))
        """Rows without a geometry."""
        ids = table["id"].to_pylist()
        self._rows = dict(zip(ids, range(len(ids)), strict=True))
        self.ids: list[str] = ids
        self._heads = Heads(lambda rows: self.made(rows, None, True, crs.CRS84))
        self._folded: dict[tuple[str, frozenset[str]], Any] = {}
        self._turns: dict[tuple[str, ...], NDArray[np.int64]] = {}
        """Time columns → their instants, ascending."""

    def __len__(self) -> int:
        return len(self.ids)

    def row(self, feature_id: str) -> int | None:
        """Row of a feature, None if there is none of this id."""
        return self._rows.get(feature_id)

    def rows(self, ids: list[str]) -> NDArray[np.int64]:
        """Rows (n,) of many features; -1 where there is none of an id."""
        import pyarrow as pa
        import pyarrow.compute as pc

        found = pc.index_in(pa.array(ids, pa.string()), value_set=self.column("id").cast(pa.string()))
        rows: NDArray[np.int64] = found.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
        return rows

    def times(self, column: str) -> NDArray[np.int64]:
        """A time column as microseconds since 1970; the smallest int64 where there is none."""
        return _instants(self.column(column))

    def turn(self, columns: tuple[str, ...], until: int) -> int | None:
        """The newest instant of some time columns that is not after `until`, microseconds since 1970."""
        turns = self._turns.get(columns)
        if turns is None:
            turns = np.unique(np.concatenate([self.times(name) for name in columns]))
            turns = self._turns[columns] = turns[turns != _NO_TIME]
        place = int(np.searchsorted(turns, until, side="right"))
        return int(turns[place - 1]) if place else None

    @property
    def bounds(self) -> NDArray[np.float64]:
        """(n, 4) west, south, east, north of each geometry, NaN where there is none."""
        return self._bounds

    def column(self, name: str) -> Any:
        """A column as Arrow array; nothing but nulls if the snapshot was written before there was one."""
        import pyarrow as pa

        found = self._columns.get(name)
        return pa.nulls(len(self)) if found is None else found

    def folded(self, name: str, ways: frozenset[str]) -> Any:
        """A column of text, or of several as one, without case, accents or both; made when asked for."""
        import pyarrow as pa

        found = self._folded.get((name, ways))
        if found is None:
            coded = several.as_text(self.column(name)).cast(pa.string()).dictionary_encode()
            words = [fold(word, ways) for word in coded.dictionary.to_pylist()]
            found = pa.array(words, pa.string()).take(coded.indices)
            self._folded[name, ways] = found
        return found

    def compared(
        self, op: str, name: str, value: str | float, rows: NDArray[np.int64] | None
    ) -> NDArray[np.bool_] | None:
        """Where a column surely compares so to a value, of some rows or all; None: read it for that."""
        cells = self._properties.cells.get(name)
        if isinstance(cells, Words) and op == "=" and isinstance(value, str):
            return cells.compared(value, rows)
        if isinstance(cells, Numbers) and op != "<>" and not isinstance(value, str):
            return cells.compared(op, float(value), rows)
        return None

    def shapes(self, rows: NDArray[np.int64]) -> NDArray[np.object_]:
        """Geometries of some rows."""
        import shapely

        if len(rows) < _MANY:
            wkb = self._vertices.wkb(rows)
        else:
            wkb = self._geometry.take(rows).to_numpy(zero_copy_only=False)
        shapes: NDArray[np.object_] = shapely.from_wkb(wkb)
        return shapes

    def near(self, box: Box) -> NDArray[np.int64]:
        """Rows whose bounds meet a box, in the file's order."""
        return self._places.near(box)

    def within(self, box: Box) -> NDArray[np.int64]:
        """Rows whose geometry meets a box (west, south, east, north), in the file's order."""
        rows = self.near(box)
        if len(rows) > _AT_ONCE:
            at_hand.leave()
        bounds = self._bounds.take(rows, axis=0)
        west, south, east, north = box
        inside = (
            (bounds[:, 0] >= west)
            & (bounds[:, 1] >= south)
            & (bounds[:, 2] <= east)
            & (bounds[:, 3] <= north)
        )
        edge = (~inside).nonzero()[0]
        if len(edge):
            inside[edge] = self._touches(rows[edge], bounds[edge], box)
        return rows[inside]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns that are shown."""
        return tuple(self._values.column_names)

    def cells(self, name: str, rows: NDArray[np.int64]) -> list[bytes]:
        """A column as JSON values, in the order of some rows."""
        return self._properties.column(name, rows)

    def outlines(self, rows: NDArray[np.int64]) -> list[bytes]:
        """Geometries of some rows as GeoJSON, OGC:CRS84; ``null`` where there is none."""
        form, told = self._outlines(rows, crs.CRS84)
        return [form % text for text in told]

    def heads(self, rows: NDArray[np.int64]) -> list[bytes]:
        """GeoJSON of features without the closing ``}}``, so that members can follow the properties."""
        return self._heads(rows)

    def _touches(self, rows: NDArray[np.int64], bounds: NDArray[np.float64], box: Box) -> NDArray[np.bool_]:
        """Which rows meet a box, whose bounds do."""
        import shapely

        west, south, east, north = box
        found = np.zeros(len(rows), bool)
        if west < east and south < north:
            # What hangs together and goes through a box from side to side, or ends in it, meets it.
            across = (bounds[:, 0] >= west) & (bounds[:, 2] <= east)
            found = across | (bounds[:, 1] >= south) & (bounds[:, 3] <= north)
            found &= self._vertices.whole(rows)
        rest = (~found).nonzero()[0]
        if len(rest) > _FEW:  # fewer are asked of GEOS in less time than is needed to look at vertices
            found[rest] = self._vertices.inside(rows[rest], box)
            rest = (~found).nonzero()[0]
        if len(rest):
            found[rest] = shapely.intersects(self.shapes(rows[rest]), shapely.box(*box))
        return found

    def made(
        self, rows: NDArray[np.int64], names: Collection[str] | None, geometry: bool, uri: str
    ) -> list[bytes]:
        """As `heads`, with some properties only, without geometry, or in another CRS (its URI)."""
        form, told = self._outlines(rows, uri) if geometry else (b"%b", [b"null"] * len(rows))
        ids = self._properties.column("id", rows)
        before = _BEFORE % (b"%b", form)
        return self._properties.written(rows, names, {"id": ids}, (before, (ids, told)))

    def _outlines(self, rows: NDArray[np.int64], uri: str) -> coordinates.Written:
        import shapely

        told = self._vertices.written(rows) if uri == crs.CRS84 and len(rows) >= coordinates.FEW else None
        if told is None:
            # RFC 7946: outer rings run counterclockwise
            told = b"%b", coordinates.written(crs.given(shapely.orient_polygons(self.shapes(rows)), uri))
        return told


class View:
    """Some rows of a snapshot, for a filter (`catalog.cql.rows.Rows`)."""

    def __init__(self, snapshot: Snapshot, rows: NDArray[np.int64] | None) -> None:
        """None: all rows."""
        self._snapshot = snapshot
        self._rows = rows

    def __len__(self) -> int:
        return len(self._snapshot if self._rows is None else self._rows)

    @cached_property
    def bounds(self) -> NDArray[np.float64]:
        """(n, 4) west, south, east, north of each geometry, NaN where there is none."""
        return self._snapshot.bounds if self._rows is None else self._snapshot.bounds[self._rows]

    def column(self, name: str) -> Any:
        """A column as Arrow array."""
        return self._some(self._snapshot.column(name))

    def compared(self, op: str, name: str, value: str | float) -> NDArray[np.bool_] | None:
        """As the snapshot's."""
        return self._snapshot.compared(op, name, value, self._rows)

    def folded(self, name: str, ways: frozenset[str]) -> Any:
        """A column of text without case, accents or both."""
        return self._some(self._snapshot.folded(name, ways))

    def times(self, name: str) -> NDArray[np.int64]:
        """A column of times as microseconds since 1970."""
        return _instants(self.column(name))

    def shapes(self, places: NDArray[np.int64]) -> NDArray[np.object_]:
        """Geometries of some of the rows."""
        return self._snapshot.shapes(places if self._rows is None else self._rows[places])

    def _some(self, column: Any) -> Any:
        return column if self._rows is None else column.take(self._rows)


def _instants(array: Any) -> NDArray[np.int64]:
    import pyarrow as pa

    array = array.cast(pa.timestamp("us", tz="UTC"))
    instants: NDArray[np.int64] = array.cast(pa.int64()).fill_null(_NO_TIME).to_numpy(zero_copy_only=False)
    return instants
