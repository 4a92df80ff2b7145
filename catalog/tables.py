"""Tables: Parquet files that are in memory already, read as Arrow tables."""

from typing import TYPE_CHECKING

from twin.arrow import without_pandas

if TYPE_CHECKING:
    import pyarrow as pa


def read_table(data: bytes, columns: list[str] | None = None) -> "pa.Table":
    """Read a Parquet file, or some of its columns.

    Nothing is read ahead: threads that do so still hold the bytes when the process ends, and then bring it
    down ("terminate called without an active exception", pyarrow 26).

    Raises:
        pa.ArrowException, OSError: it is none, or damaged.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    without_pandas()
    with pq.ParquetFile(pa.BufferReader(data), pre_buffer=False) as file:
        return file.read(columns=columns, use_threads=False)
