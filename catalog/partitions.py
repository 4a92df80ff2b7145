"""Files of observations: one folder a UTC day, files named by their content, never changed.

Only `catalog.retention` puts others in their place, once what they say is safe in these.
"""

import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from catalog import keys
from catalog.tables import read_table
from twin.errors import Damaged
from twin.store import Store

if TYPE_CHECKING:
    import pyarrow as pa

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY_US = 86_400_000_000
_MICROSECOND = timedelta(microseconds=1)
Days = Mapping[int, tuple[str, ...]]
"""Day, since 1970 → keys of its files, in order of the days."""


def micros(instant: datetime) -> int:
    """Microseconds since 1970, UTC."""
    return (instant - EPOCH) // _MICROSECOND


def instant(value: int) -> datetime:
    """The instant that `micros` gave `value` for."""
    return EPOCH + timedelta(microseconds=int(value))


def files(store: Store, layer_id: str) -> dict[int, tuple[str, ...]]:
    """Day (days since 1970) → keys of its files, in order of the days."""
    found: dict[int, list[str]] = {}
    for key in store.list(keys.observations(layer_id)):
        if key.endswith(".parquet"):
            text = key.rpartition("/")[0].rpartition("date=")[2]
            found.setdefault((date.fromisoformat(text) - EPOCH.date()).days, []).append(key)
    return {day: tuple(found[day]) for day in sorted(found)}


CONDENSED = ".condensed"
"""Stands in the names of files that hold condensed values, before ``.parquet``."""


def checksum(listed: Days, more: str) -> str:
    """Tells listings apart, and what else `more` says."""
    names = "\n".join(key for day in listed for key in listed[day])
    return hashlib.sha256(f"{more}\n{names}".encode()).hexdigest()


def by_day(rows: "Rows") -> list[tuple[int, "Rows"]]:
    """Rows apart by UTC day, in order of the days."""
    day_of = rows.observed // DAY_US
    order = np.argsort(day_of, kind="stable")
    days, starts = np.unique(day_of[order], return_index=True)
    ends = np.append(starts[1:], len(order))
    return [
        (int(day), rows.take(order[start:end]))
        for day, start, end in zip(days, starts, ends[: len(days)], strict=True)
    ]


def folder(layer_id: str, day: int) -> str:
    """Folder of a day's files."""
    return f"{keys.observations(layer_id)}/date={EPOCH.date() + timedelta(days=day)}"


@dataclass(slots=True)
class Rows:
    """Observations as columns; texts as numbers into `words`."""

    words: list[str]
    station: NDArray[np.int32]
    property: NDArray[np.int32]
    unit: NDArray[np.int32]
    quality: NDArray[np.int32]
    value: NDArray[np.float64]
    """NaN where the source has none."""
    observed: NDArray[np.int64]
    """Microseconds since 1970."""
    recorded: NDArray[np.int64]
    """Likewise."""
    until: NDArray[np.int64]
    """Likewise: end of the interval for which a condensed value stands; 0 for one as it was measured."""
    made_of: NDArray[np.int64]
    """Of how many values a condensed one is made; 0 for one as it was measured."""

    def __len__(self) -> int:
        return len(self.observed)

    def take(self, index: NDArray[Any]) -> "Rows":
        """The rows at `index` (or where it is true)."""
        return Rows(self.words, *(column[index] for column in self.columns()))

    def columns(self) -> tuple[NDArray[Any], ...]:
        """All arrays, in order."""
        texts = (self.station, self.property, self.unit, self.quality)
        return (*texts, self.value, self.observed, self.recorded, self.until, self.made_of)

    def sorted(self) -> "Rows":
        """The same rows in an order of their own: by the words, time and record."""
        rank = np.empty(len(self.words), np.int64)
        rank[sorted(range(len(self.words)), key=self.words.__getitem__)] = np.arange(len(self.words))
        order = (self.recorded, self.observed, rank[self.property], rank[self.station])
        return self.take(np.lexsort(order))

    def newest(self) -> "Rows":
        """One row for each (station, property, time), the last recorded; sorted by the three."""
        order = np.lexsort((self.recorded, self.observed, self.property, self.station))  # stable
        rows = self.take(order)
        if not len(rows):
            return rows
        last = np.ones(len(rows), dtype=bool)
        last[:-1] = (
            (rows.station[1:] != rows.station[:-1])
            | (rows.property[1:] != rows.property[:-1])
            | (rows.observed[1:] != rows.observed[:-1])
        )
        return rows.take(last)


def join(words: list[str], parts: Iterable[Rows]) -> Rows:
    """Several rows with the same `words` as one."""
    columns = zip(_empty().columns(), *(rows.columns() for rows in parts), strict=True)
    joined: list[Any] = [np.concatenate(column) for column in columns]
    return Rows(words, *joined)


def _empty() -> Rows:
    code, micro = np.empty(0, np.int32), np.empty(0, np.int64)
    return Rows([], code, code, code, code, np.empty(0, np.float64), micro, micro, micro, micro)


def write(rows: Rows) -> tuple[str, bytes]:
    """(name, bytes) of a file with these rows; the name is the start of the checksum."""
    import pyarrow.parquet as pq

    buffer = io.BytesIO()
    pq.write_table(table(rows), buffer, compression="zstd")
    data = buffer.getvalue()
    mark = CONDENSED if (rows.until > 0).any() else ""
    return f"{hashlib.sha256(data).hexdigest()[:12]}{mark}.parquet", data


def table(rows: Rows) -> "pa.Table":
    """The rows as files have them.

    Columns: ``station``, ``property``, ``value``, ``unit``, ``observed_at``, ``quality``, ``recorded_at``;
    where something is condensed also ``until`` and ``made_of``, null for what is as it was measured.
    """
    import pyarrow as pa

    used, inverse = np.unique(
        np.concatenate([rows.station, rows.property, rows.unit, rows.quality]), return_inverse=True
    )
    words = pa.array([rows.words[i] for i in used], pa.string())
    texts = [
        pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), words).cast(pa.string())
        for codes in np.split(inverse.astype(np.int32), 4)
    ]
    utc = pa.timestamp("us", tz="UTC")
    condensed = rows.until > 0
    more = (
        {
            "until": pa.array(rows.until, utc, mask=~condensed),
            "made_of": pa.array(rows.made_of, pa.int32(), mask=~condensed),
        }
        if condensed.any()
        else {}
    )
    return pa.table(
        {
            "station": texts[0],
            "property": texts[1],
            "value": pa.array(rows.value, mask=np.isnan(rows.value)),
            "unit": texts[2],
            "observed_at": pa.array(rows.observed, utc),
            "quality": texts[3],
            "recorded_at": pa.array(rows.recorded, utc),
        }
        | more
    )


def read(store: Store, keys_: Sequence[str], codes: dict[str, int], words: list[str]) -> Rows:
    """Read files, one at least, one after the other; texts are numbered by `codes` and `words`, which grow.

    `Damaged` naming the file that cannot be read.
    """
    import pyarrow as pa

    tables = []
    key = ""
    try:
        for key in keys_:
            tables.append(read_table(store.get(key)))
        found = pa.concat_tables(tables, promote_options="default") if len(tables) > 1 else tables[0]
        return Rows(
            words,
            station=_coded(found["station"], codes, words),
            property=_coded(found["property"], codes, words),
            unit=_coded(found["unit"], codes, words),
            quality=_coded(found["quality"], codes, words),
            value=found["value"].to_numpy().astype(np.float64),
            observed=found["observed_at"].cast(pa.int64()).to_numpy(),
            recorded=found["recorded_at"].cast(pa.int64()).to_numpy(),
            until=_numbers(found, "until"),
            made_of=_numbers(found, "made_of"),
        )
    except (pa.ArrowException, OSError, KeyError) as error:
        raise Damaged(f"{key} cannot be read; restore it from a backup or delete it and run again") from error


def _numbers(table: "pa.Table", name: str) -> NDArray[np.int64]:
    """A column that files may lack; 0 where there is nothing."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if name not in table.column_names:
        return np.zeros(len(table), np.int64)
    found: NDArray[np.int64] = pc.fill_null(table[name].cast(pa.int64()), 0).to_numpy()
    return found


def code(word: str, codes: dict[str, int], words: list[str]) -> int:
    """Number of a word; a new one gets the next."""
    number = codes.get(word)
    if number is None:
        number = codes[word] = len(words)
        words.append(word)
    return number


def _coded(column: "pa.ChunkedArray", codes: dict[str, int], words: list[str]) -> NDArray[np.int32]:
    encoded = column.combine_chunks().dictionary_encode()
    told = encoded.dictionary.to_pylist()
    news = [word for word in told if word not in codes]
    if news:  # each once: it is a dictionary
        codes.update(zip(news, range(len(words), len(words) + len(news)), strict=True))
        words += news
    own = np.fromiter(map(codes.__getitem__, told), np.int32, len(told))
    return own[encoded.indices.to_numpy()] if len(own) else np.empty(0, np.int32)
