"""Feed: the tables of a GTFS feed, read as they stream by, whatever their size."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.archive import is_zip
from ingest.bodies import refuse_markup
from ingest.connectors.features import refuse_columns
from ingest.files import File, unpacked
from twin.errors import SourceBroken

_STREAMED = 16
"""A table is never held as a whole, so it may be so many times longer than what is."""
_BLOCK = 1_000_000
"""Bytes of a table that are looked at at a time; Arrow reads up to 32 such blocks ahead."""
_ROWS = 4096
"""Rows of it that are texts at a time, which take much more."""


class Feed:
    """The tables of one feed.

    Args:
        files: The feed's ``.txt`` tables, or zip archives of them.
        name: Of the feed, for messages.
    """

    def __init__(self, files: Iterable[File], name: str) -> None:
        self.name = name
        self._ragged: dict[str, int] = {}
        self._files: dict[str, File] = {}
        for file in files:
            if is_zip(file.path) and file.member is None:
                longer = replace(file, limit=file.limit * _STREAMED)
                for inner in unpacked(longer, (".txt",)):
                    self._files.setdefault(inner.stem, inner)
            else:
                self._files.setdefault(file.stem, replace(file, limit=file.limit * _STREAMED))

    def __contains__(self, table: str) -> bool:
        """Whether it has a table; a file without a word is none: some feeds leave tables out that way."""
        file = self._files.get(table)
        if file is None:
            return False
        with file.open() as stream:
            return bool(stream.read(64).strip(b"\xef\xbb\xbf \t\r\n"))

    def batches(self, table: str, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> Iterator[Any]:
        """Yield a table as Arrow batches of text columns, in the order asked for; null where it is empty.

        A table that is missing and has no required columns gives nothing.

        Raises:
            SourceBroken: the table is missing, no CSV, or not UTF-8.
            SourceChanged: a required column is missing.
        """
        import pyarrow as pa
        from pyarrow import csv

        file = self._files[table] if table in self else None
        self._ragged[table] = 0
        if file is None:
            if required:
                raise SourceBroken(f"{self.name} has no table {table}.txt; it is no GTFS feed, or cut off")
            return
        wanted = [*required, *optional]
        with file.open() as stream:
            refuse_markup(stream.peek(4096), file.name)  # type: ignore[attr-defined]
            try:
                reader = csv.open_csv(
                    stream,
                    csv.ReadOptions(use_threads=False, block_size=_BLOCK),
                    # Only texts of a stop or a line may hold line breaks; the long table has none.
                    csv.ParseOptions(
                        newlines_in_values=table != "stop_times",
                        invalid_row_handler=partial(self._skip, table),
                    ),
                    csv.ConvertOptions(
                        column_types=dict.fromkeys(wanted, pa.string()),
                        null_values=[""],
                        strings_can_be_null=True,
                        include_columns=wanted,
                        include_missing_columns=True,
                    ),
                )
                head = True
                for batch in reader:
                    if head:
                        self._complete(file, batch, required)
                    head = False
                    yield batch
            except pa.ArrowInvalid:
                raise SourceBroken(f"{file.name} is no CSV in UTF-8; ask its publisher") from None

    def rows(
        self, table: str, required: tuple[str, ...], optional: tuple[str, ...] = ()
    ) -> Iterator[tuple[str | None, ...]]:
        """Yield the rows of a short table: texts without surrounding blanks, None where they are empty."""
        for batch in self.batches(table, required, optional):
            for start in range(0, batch.num_rows, _ROWS):
                some = batch.slice(start, _ROWS)
                columns = [[_stripped(v) for v in column.to_pylist()] for column in some.columns]
                yield from zip(*columns, strict=True)

    @property
    def ragged(self) -> int:
        """Rows left out because they have not as many fields as their header."""
        return sum(self._ragged.values())

    def _skip(self, table: str, row: Any) -> str:
        self._ragged[table] += 1
        return "skip"

    def _complete(self, file: File, batch: Any, required: tuple[str, ...]) -> None:
        """A required column that is empty from top to bottom of the first batch is not there."""
        missing = [name for name in required if batch.num_rows and batch[name].null_count == batch.num_rows]
        if missing:
            refuse_columns(file.name, missing, [])


def codes(column: Any, of: Callable[[str], int]) -> NDArray[np.int64]:
    """(n,) what each text of an Arrow column stands for, worked out once for each text; -1 for null."""
    encoded = column.dictionary_encode()
    words = np.array([of(word) for word in encoded.dictionary.to_pylist()] + [-1], dtype=np.int64)
    places = encoded.indices.fill_null(len(words) - 1).to_numpy(zero_copy_only=False)
    found: NDArray[np.int64] = words[places]
    return found


def whole(word: str) -> int:
    """A whole number that is not negative; -1 for anything else."""
    word = word.strip()
    return int(word) if word.isascii() and word.isdecimal() and len(word) < 10 else -1


def seconds(word: str) -> int:
    """Seconds since the service day began, of ``H:MM:SS``; beyond 24 hours for the night after; else -1."""
    parts = word.strip().split(":")
    if len(parts) != 3 or not all(part.isascii() and part.isdecimal() and len(part) <= 3 for part in parts):
        return -1
    hours, minutes, rest = map(int, parts)
    return hours * 3600 + minutes * 60 + rest if minutes < 60 and rest < 60 and hours < 100 else -1


def degrees(word: str | None) -> float:
    """A coordinate; NaN for anything else."""
    try:
        value = float(word or "nan")
    except ValueError:
        return np.nan
    return value if abs(value) <= 180 else np.nan


def _stripped(value: str | None) -> str | None:
    return (value.strip() or None) if value else None
