"""Shelf: the features of a layer with solids, kept on disk while the layer is made.

Only what is needed to lay them out stays in memory (some 60 bytes a feature), so that a city of any size
fits into any machine.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from twin import batch as batches
from twin.errors import StoreError
from twin.record import Feature
from twin.schema import Schema

if TYPE_CHECKING:
    import pyarrow as pa

PICTURES = "pictures"
"""Folder beside the shelf, where pictures on features lie under their SHA-256."""
_PAGE = 2048
"""Features that are held as objects at a time."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Some features of a shelf, to be read where they are needed; small to send."""

    path: str
    batches: NDArray[np.int32]
    """(n,) number of each row's batch in the file."""
    places: NDArray[np.int32]
    """(n,) place of each row in its batch."""

    def __len__(self) -> int:
        return len(self.places)

    @property
    def pictures(self) -> Path:
        """Folder of the pictures that `twin.record.Skin.images` names."""
        return Path(self.path).parent / PICTURES

    def load(self, columns: Sequence[str] | None = None) -> "pa.RecordBatch":
        """Read them, in this order, all columns or some."""
        import pyarrow as pa

        order = np.argsort(self.batches, kind="stable")
        numbers, starts = np.unique(self.batches[order], return_index=True)
        with pa.memory_map(self.path) as source:
            reader = pa.ipc.open_file(source)
            found = []
            for number, places in zip(
                numbers.tolist(), np.split(self.places[order], starts[1:]), strict=True
            ):
                whole = reader.get_batch(number)
                found.append((whole.select(columns) if columns is not None else whole).take(pa.array(places)))
            joined = pa.Table.from_batches(found).combine_chunks().to_batches()[0]
        if (order[1:] > order[:-1]).all():
            return joined
        back = np.empty(len(order), dtype=np.int64)
        back[order] = np.arange(len(order))
        return joined.take(pa.array(back))


class Shelf(Sequence[Feature]):
    """Features in the order of their ids, whatever the order they came in. Fill it, then `close` it."""

    def __init__(self, folder: Path, schema: Schema) -> None:
        """Begin an empty one; its file lies in `folder`, which is the caller's to remove."""
        self.schema = schema
        self.path = folder / f"{schema.id.replace('/', '-')}.arrow"
        self._writer: Any = None
        self._sink: Any = None
        self._ids: list[str] = []
        self._arrays: list[tuple[NDArray[np.float64], NDArray[np.int64], list[str]]] = []
        self._rows = Rows(str(self.path), np.zeros(0, np.int32), np.zeros(0, np.int32))
        self.centres = np.zeros((0, 2))
        """(n, 2) easting, northing of each feature's middle in the city's CRS."""
        self.weights = np.zeros(0, np.int64)
        """(n,) points of each feature's solid."""
        self.checksums: list[str] = []
        self.filled: set[str] = set()
        """Columns in which at least one feature has a value."""

    def add(self, batch: "pa.RecordBatch") -> None:
        """Lay down features that `twin.batch.pack` packed.

        Raises:
            StoreError: the disk is full or cannot be written.
        """
        import pyarrow as pa

        try:
            if self._writer is None:
                self._sink = pa.OSFile(str(self.path), "wb")
                self._writer = pa.ipc.new_file(self._sink, batch.schema)
            self._writer.write_batch(batch)
        except OSError as error:
            raise StoreError(
                f"cannot write to {self.path.parent}: {error.strerror or 'the disk may be full'}; "
                "make room, or name another folder in TMPDIR"
            ) from None
        _, counts = batches.flat(batch, batches.POINTS)
        centres = np.column_stack((batch.column(batches.X), batch.column(batches.Y)))
        self._arrays.append((centres, counts // 3, batch.column(batches.CHECKSUM).to_pylist()))
        self.filled.update(
            name for name in batch.schema.names if batch.column(name).null_count < batch.num_rows
        )
        self._ids += batch.column("id").to_pylist()

    def close(self) -> None:
        """No more will come: sort, and make readable."""
        if self._writer is not None:
            self._writer.close()
            self._sink.close()
        lengths = [len(weights) for _, weights, _ in self._arrays]
        order = np.array(sorted(range(len(self._ids)), key=self._ids.__getitem__), dtype=np.int64)
        numbers = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
        places = np.concatenate([np.arange(n, dtype=np.int32) for n in lengths] or [self._rows.places])
        self._rows = Rows(str(self.path), numbers[order], places[order])
        if lengths:
            self.centres = np.concatenate([centres for centres, _, _ in self._arrays])[order]
            self.weights = np.concatenate([weights for _, weights, _ in self._arrays])[order]
        told = [checksum for _, _, checksums in self._arrays for checksum in checksums]
        self.checksums = [told[i] for i in order]
        self._ids = [self._ids[i] for i in order]
        self._arrays = []

    @property
    def ids(self) -> Sequence[str]:
        """Ids of all features, ascending."""
        return self._ids

    def rows(self, numbers: NDArray[np.integer]) -> Rows:
        """The features at some places, in that order."""
        return Rows(self._rows.path, self._rows.batches[numbers], self._rows.places[numbers])

    def column(self, name: str) -> "Iterator[pa.Array]":
        """Yield one column in pieces, in the order in which they came."""
        import pyarrow as pa

        if not len(self):
            return
        with pa.memory_map(self._rows.path) as source:
            reader = pa.ipc.open_file(source)
            for number in range(reader.num_record_batches):
                yield reader.get_batch(number).column(name)

    def __len__(self) -> int:
        return len(self._ids)

    def __getitem__(self, number: Any) -> Any:
        numbers = np.arange(len(self))[number]
        if numbers.ndim:
            return batches.unpack(self.rows(numbers).load(), self.schema)
        return batches.unpack(self.rows(numbers[None]).load(), self.schema)[0]

    def __iter__(self) -> Iterator[Feature]:
        for start in range(0, len(self), _PAGE):
            yield from self[start : start + _PAGE]
