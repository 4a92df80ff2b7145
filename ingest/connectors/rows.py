"""CSV files as records: separators, BOM, padding and index columns as authorities write them."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import cast

from ingest.bodies import refuse_markup
from ingest.connectors.features import UNREADABLE, refuse_columns
from ingest.connectors.wkb import NoGeometry, point
from ingest.files import File
from twin.errors import RecipeError, SourceBroken
from twin.record import Record, Shape
from twin.source import Columns

RAGGED = "a row that has not as many fields as the header"
SEPARATOR_LINE = re.compile(r'"?sep=[,;\t|]"?\s*', re.IGNORECASE)
"""What Excel wants above the header to know the separator; it is no row."""
_SEPARATORS = ",;\t|"
_LONGEST_HEADER = 1 << 16


class Table:
    """One open CSV file: its header and its rows.

    Args:
        file: inflated on the way.
        encoding: how its text is written; a BOM is ignored.
        separator: between fields; None for the one that the header has most of.

    Raises:
        SourceBroken: empty, a web page, or not in that encoding.
    """

    def __init__(self, file: File, encoding: str = "utf-8", separator: str | None = None) -> None:
        self.name = file.name
        self._encoding = encoding
        self._separator = separator
        self._stream = file.open()
        try:
            self._open()
        except BaseException:
            self._stream.close()
            raise

    def __enter__(self) -> "Table":
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def _open(self) -> None:
        refuse_markup(cast(io.BufferedReader, self._stream).peek(4096), self.name)
        encoding = "utf-8-sig" if self._encoding == "utf-8" else self._encoding
        try:
            self._text = io.TextIOWrapper(self._stream, encoding, newline="")
        except LookupError:
            raise RecipeError(
                f"options.encoding: {encoding[:40]!r} is no encoding; write utf-8 or cp1252"
            ) from None
        with self._read():
            line = self._text.readline(_LONGEST_HEADER)
            self._above = int(SEPARATOR_LINE.fullmatch(line) is not None)
            if self._above:
                line = self._text.readline(_LONGEST_HEADER)
        if not line.strip() or len(line) == _LONGEST_HEADER:
            raise SourceBroken(f"{self.name} has no header line; ask its publisher")
        separator = self._separator or max(_SEPARATORS, key=line.count)
        self.header = [name.strip() for name in next(csv.reader([line], delimiter=separator))]
        """Names of the columns; "" for an index column without one, which is not read."""
        named = [name for name in self.header if name]
        if len(set(named)) < len(named):
            raise SourceBroken(f"{self.name} names a column twice; ask its publisher")
        self._reader = csv.reader(self._text, delimiter=separator)

    @property
    def columns(self) -> set[str]:
        """The names in the header."""
        return set(self.header) - {""}

    def records(self, shape: Shape) -> Iterator[Record]:
        """Yield the rows as records: header → text without surrounding blanks; empty lines are no rows."""
        reader, strip, name, header, width = self._reader, str.strip, self.name, self.header, len(self.header)
        above = 1 + self._above
        unnamed = "" in header
        with self._read():
            for row in reader:
                if len(row) == width:
                    # No zip(strict=…) here: it costs 50,000 rows a second, and the lengths are equal.
                    values = dict(zip(header, map(strip, row)))  # noqa: B905
                    if unnamed:
                        del values[""]
                    yield Record(f"{name}, line {reader.line_num + above}", values, None, None, shape)
                elif row:
                    yield Record(f"{name}, line {reader.line_num + above}", {}, shape=shape, notes=(RAGGED,))

    def _read(self) -> "_Readable":
        return _Readable(self.name, self._encoding)


class _Readable:
    """Says in our words why a file cannot be read."""

    def __init__(self, name: str, encoding: str) -> None:
        self._name = name
        self._encoding = encoding

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, UnicodeError):
            other = "cp1252" if self._encoding == "utf-8" else "utf-8"
            raise SourceBroken(
                f'{self._name} is not {self._encoding}; try encoding = "{other}" under [source.options]'
            ) from None
        if isinstance(error, csv.Error):
            raise SourceBroken(f"{self._name} is not readable CSV; open it in an editor") from None


def check_columns(table: Table, dialects: Sequence[Columns]) -> None:
    """`SourceChanged` if the header fits none of the dialects; names what the nearest one misses."""
    if not dialects:
        return
    missing, unknown = min(
        (d.difference(table.columns) for d in dialects), key=lambda d: len(d[0]) + len(d[1])
    )
    if missing or unknown:
        refuse_columns(table.name, missing, unknown)


def stations(table: Table) -> Iterator[Record]:
    """Yield the rows of a table with ``latitude`` and ``longitude`` as features, positions in EPSG:4326."""
    for record in table.records(Shape.FEATURE):
        if record.values:
            geometry, notes = position(record.values["longitude"], record.values["latitude"])
            record = replace(record, geometry=geometry, crs="EPSG:4326", notes=notes)
        yield record


def position(longitude: object, latitude: object) -> tuple[bytes | None, tuple[str, ...]]:
    """A point from two texts or numbers; None and a remark if they are none."""
    try:
        return point(_degrees(longitude), _degrees(latitude)), ()
    except NoGeometry as error:
        return None, (f"{UNREADABLE}: {error}",)


def _degrees(written: object) -> float:
    try:
        number = float(str(written).strip().replace(",", "."))
    except ValueError:
        raise NoGeometry("its position is no pair of numbers") from None
    if not -180 <= number <= 180:
        raise NoGeometry("its position is not in degrees")
    return number


def is_stations(table: Table) -> bool:
    """True if the table places stations."""
    return {"latitude", "longitude"} <= table.columns
