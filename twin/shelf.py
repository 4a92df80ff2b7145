"""Shelf: the features of a layer with solids, kept on disk while the layer is made.

Only what is needed to lay them out stays in memory (some 40 bytes a feature), so that a city of any size
fits into any machine.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from twin import batch as batches
from twin.laid import WEIGHT, Laid, lay, read
from twin.record import Feature
from twin.schema import Schema
from twin.whence import UNKNOWN

if TYPE_CHECKING:
    import pyarrow as pa

PICTURES = "pictures"
"""Folder beside the shelf, where pictures on features lie under their SHA-256."""
_PLACED = (batches.X, batches.Y, WEIGHT)
"""Columns that say where a feature lies, and how much of it there is."""
_PAGE = 2048
"""Features that are held as objects at a time."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Some features of a shelf, to be read where they are needed; small to send."""

    folder: str
    """Of the shelf."""
    paths: tuple[str, ...]
    """Files in which they lie."""
    files: NDArray[np.int32]
    """(n,) place of each row's file in `paths`."""
    places: NDArray[np.int32]
    """(n,) place of each row in its file."""
    packed: frozenset[int]
    """Places in `paths` of the files whose columns are compressed."""

    def __len__(self) -> int:
        return len(self.places)

    @property
    def pictures(self) -> Path:
        """Folder of the pictures that `twin.record.Skin.images` names."""
        return Path(self.folder, PICTURES)

    def load(self, columns: Sequence[str] | None = None) -> "pa.RecordBatch":
        """Read them, in this order, all columns or some."""

        def some(number: int) -> "pa.RecordBatch":
            return read(self.paths[number], columns, packed=number in self.packed)

        return _picked(some, self.files, self.places)


def _picked(
    some: "Callable[[int], pa.RecordBatch]", files: NDArray[np.int32], places: NDArray[np.int32]
) -> "pa.RecordBatch":
    """Rows at `places` of what ``some(file)`` reads, in their order."""
    import pyarrow as pa

    order = np.argsort(files, kind="stable")
    numbers, starts = np.unique(files[order], return_index=True)
    found = [
        some(number).take(pa.array(own))
        for number, own in zip(numbers.tolist(), np.split(places[order], starts[1:]), strict=True)
    ]
    joined = pa.Table.from_batches(found).combine_chunks().to_batches()[0]
    if (order[1:] > order[:-1]).all():
        return joined
    back = np.empty(len(order), dtype=np.int64)
    back[order] = np.arange(len(order))
    return joined.take(pa.array(back))


class Shelf(Sequence[Feature]):
    """Features in the order of their ids, whatever the order they came in. Fill it, then `close` it."""

    def __init__(self, folder: Path, schema: Schema) -> None:
        """Begin an empty one; its files lie in `folder`, which is the caller's to remove."""
        self.schema = schema
        self._folder = folder
        self._laid: list[Laid] = []
        self._where: list[NDArray[np.float64]] = []
        """(k, 3) easting, northing and weight of each feature of what was taken, until all is sorted."""
        self._origins: list[int] = []
        self.origins = np.zeros(0, np.int32)
        """(n,) number of the piece of the source that each feature lay in, see `twin.whence`."""
        self._paths: list[str] = []
        self._own = 0
        self._files = self._places = np.zeros(0, np.int32)
        self.centres = np.zeros((0, 2))
        """(n, 2) easting, northing of each feature's middle in the city's CRS."""
        self.weights = np.zeros(0, np.int64)
        """(n,) points of each feature's solid."""
        self.filled: set[str] = set()
        """Columns in which at least one feature has a value."""
        self._joined: pa.Array | None = None

    def add(self, batch: "pa.RecordBatch", origin: int = UNKNOWN) -> None:
        """Lay down features that `twin.batch.pack` packed.

        Raises:
            StoreError: the disk is full or cannot be written.
        """
        self.take(lay(batch, self._next()), origin)

    def take(self, laid: Laid, origin: int = UNKNOWN) -> None:
        """Take features that lie somewhere already, and stay there as long as the shelf is used; all lay in
        one piece of the source."""
        self._laid.append(_light(laid))
        self._where.append(np.column_stack([laid.index.column(name) for name in _PLACED]))
        self._origins.append(origin)
        self.filled |= laid.filled

    def _next(self) -> Path:
        self._own += 1
        return self._folder / f"{self.schema.id.replace('/', '-')}-{self._own}.arrow"

    def close(self) -> None:
        """No more will come: sort, and make readable."""
        import pyarrow as pa
        import pyarrow.compute as pc

        if not self._laid:
            return
        self._paths = [each.path for each in self._laid]
        # Bytes of UTF-8 have the order of the characters that they stand for.
        order = np.asarray(pc.sort_indices(pa.chunked_array(self.column("id")))).astype(np.int64)
        lengths = [len(each) for each in self._where]
        self.origins = np.repeat(np.array(self._origins, np.int32), lengths)[order]
        self._files = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)[order]
        self._places = np.concatenate([np.arange(n, dtype=np.int32) for n in lengths])[order]
        where = np.concatenate(self._where)[order]
        self.centres, self.weights = where[:, :2].copy(), where[:, 2].astype(np.int64)
        self._where = []

    @property
    def ids(self) -> list[str]:
        """Ids of all features, ascending; made anew each time."""
        return _texts(self.columns(["id"])) if len(self) else []

    def ids_of(self, numbers: Sequence[int]) -> list[str]:
        """Ids of some features, in that order."""
        return _texts(self.columns_of(np.array(numbers, np.int64), ["id"])) if len(numbers) else []

    def told(self, numbers: NDArray[np.integer] | None = None) -> memoryview:
        """``id\\0checksum\\0`` of some features, or of all, one behind the other: to be hashed."""
        import pyarrow as pa
        import pyarrow.compute as pc

        if not len(self):
            return memoryview(b"")
        if self._joined is None:
            columns = self.columns(["id", batches.CHECKSUM]).columns
            self._joined = pc.binary_join_element_wise(*columns, "", "\0", null_handling="replace")
        array = self._joined if numbers is None else self._joined.take(pa.array(numbers))
        return memoryview(array.buffers()[2])[: pc.sum(pc.binary_length(array)).as_py()]

    def unpack(self, numbers: NDArray[np.integer]) -> None:
        """Lay open the files in which some features lie: rows will be read from there a few at a time."""
        for number in np.unique(self._files[numbers]).tolist():
            laid = self._laid[number]
            if laid.packed:
                self._laid[number] = _light(lay(read(laid.path), self._next()))
                self._paths[number] = self._laid[number].path

    def rows(self, numbers: NDArray[np.integer]) -> Rows:
        """The features at some places, in that order."""
        used, files = np.unique(self._files[numbers], return_inverse=True)
        paths = tuple(self._paths[number] for number in used.tolist())
        packed = frozenset(place for place, number in enumerate(used.tolist()) if self._laid[number].packed)
        return Rows(str(self._folder), paths, files.astype(np.int32), self._places[numbers], packed)

    def column(self, name: str) -> "Iterator[pa.Array]":
        """Yield one column in pieces, in the order in which they came."""
        for place in range(len(self._laid)):
            yield self._some(place, [name]).column(name)

    def columns_of(self, numbers: NDArray[np.integer], names: Sequence[str]) -> "pa.RecordBatch":
        """Some columns of some features (one at least), in that order; nothing of the others is kept."""

        def some(place: int) -> "pa.RecordBatch":
            return self._some(place, names)

        return _picked(some, self._files[numbers], self._places[numbers])

    def columns(self, names: Sequence[str]) -> "pa.RecordBatch":
        """Some columns of all features."""
        import pyarrow as pa

        found = [self._some(place, names) for place in range(len(self._laid))]
        starts = np.cumsum([0, *(batch.num_rows for batch in found)])[:-1]
        order = starts[self._files] + self._places
        table = pa.Table.from_batches(found).combine_chunks()
        return table.take(pa.array(order)).combine_chunks().to_batches()[0]

    def _some(self, place: int, names: Sequence[str]) -> "pa.RecordBatch":
        laid = self._laid[place]
        if set(names) <= set(laid.index.schema.names):
            return laid.index.select(list(names))
        return read(laid.path, names, packed=laid.packed)

    def __len__(self) -> int:
        return len(self.weights)

    def __getitem__(self, number: Any) -> Any:
        numbers = np.arange(len(self))[number]
        if numbers.ndim:
            return batches.unpack(self.rows(numbers).load(), self.schema)
        return batches.unpack(self.rows(numbers[None]).load(), self.schema)[0]

    def __iter__(self) -> Iterator[Feature]:
        for start in range(0, len(self), _PAGE):
            yield from self[start : start + _PAGE]


def _light(laid: Laid) -> Laid:
    """Without the index of what lies open: it is read there as quickly, without staying in memory."""
    return laid if laid.packed else replace(laid, index=laid.index.select([]))


def _texts(batch: "pa.RecordBatch") -> list[str]:
    """The values of a batch of one column; what is missing is empty."""
    return [text or "" for text in batch.column(0).to_pylist()]
