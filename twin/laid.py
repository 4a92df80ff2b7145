"""Laid: a batch of features in a file of its own, and what has to be known of it without reading it.

Whoever makes a batch lays it down; whoever gathers batches gets a few columns and the place, not the solids.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twin import batch as batches
from twin.errors import StoreError

if TYPE_CHECKING:
    import pyarrow as pa

INDEX = ("id", "source_id", batches.CHECKSUM, batches.X, batches.Y)
WEIGHT = "weight"


@dataclass(frozen=True, slots=True)
class Laid:
    """Where a batch lies."""

    path: str
    index: "pa.RecordBatch"
    """Columns `INDEX` and `WEIGHT` (the points of each feature's solid), and whatever else is at hand."""
    filled: frozenset[str]
    """Columns in which at least one feature has a value."""
    packed: bool = False
    """Whether the columns are compressed: then a row costs as much as all of them."""


def lay(batch: "pa.RecordBatch", path: Path) -> Laid:
    """Write a batch that `twin.batch.pack` packed, so that any row can be read at once.

    Raises:
        StoreError: the disk is full or cannot be written.
    """
    import pyarrow as pa

    try:
        with pa.OSFile(str(path), "wb") as sink:
            file = pa.ipc.new_file(sink, batch.schema)
            file.write_batch(batch)
            file.close()
    except OSError as error:
        raise StoreError(
            f"cannot write to {path.parent}: {error.strerror or 'the disk may be full'}; "
            "make room, or name another folder in TMPDIR"
        ) from None
    return Laid(str(path), index_of(batch), filled(batch))


def index_of(batch: "pa.RecordBatch") -> "pa.RecordBatch":
    """The columns of `Laid.index`, in memory of their own."""
    import pyarrow as pa

    _, counts = batches.flat(batch, batches.POINTS)
    columns: dict[str, Any] = {name: batch.column(name) for name in INDEX}
    return pa.RecordBatch.from_pydict(columns | {WEIGHT: pa.array(counts // 3, pa.int64())})


def filled(batch: "pa.RecordBatch") -> frozenset[str]:
    """The columns of `Laid.filled`."""
    return frozenset(name for name in batch.schema.names if batch.column(name).null_count < batch.num_rows)


def read(path: str, columns: Sequence[str] | None = None, *, packed: bool = True) -> "pa.RecordBatch":
    """The batch that lies at a path, or some of its columns.

    Args:
        path: Where it lies.
        columns: What is wanted of it; None means all.
        packed: Whether its columns may be compressed. Then what is not wanted is not even unpacked; else
            all are laid over the file, which costs half as much as choosing before reading.

    Raises:
        StoreError: it is gone, or damaged.
    """
    import pyarrow as pa

    try:
        with pa.memory_map(path) as source:
            file = pa.ipc.open_file(source)
            if columns is None:
                return file.get_batch(0)
            if not packed:
                return file.get_batch(0).select(list(columns))
            places = [file.schema.get_field_index(name) for name in columns]
            file = pa.ipc.open_file(source, options=pa.ipc.IpcReadOptions(included_fields=places))
            return file.get_batch(0).select(list(columns))
    except (pa.ArrowException, OSError):
        folder = Path(path).parent
        raise StoreError(f"a file in {folder} is damaged or gone; remove that folder and run again") from None
