"""OGR: rows of a file that one of its drivers reads. None is asked what a file is: the caller has looked."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from twin.errors import SourceBroken

Rows = Iterator[tuple[str | None, set[str], int, list[tuple[Any, dict[str, Any]]]]]
"""(CRS, all columns' names, number of the first, [(WKB or None, values)]), in batches."""
Chosen = Callable[[list[str]], list[str]]
"""Chooses among the names of columns."""


def rows(path: Path, damaged: str, chosen: Chosen, batch: int, *, encoding: str | None = None) -> Rows:
    """Yield the rows of a file's only layer.

    Args:
        path: under a name of our own, whose ending is the driver's.
        damaged: what to say if it cannot be read.
        chosen: which of the columns are read.
        batch: rows at a time.
        encoding: of its texts; None where the file says it.

    Raises:
        SourceBroken: it cannot be read.
    """
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError, FeatureError

    try:
        info = pyogrio.read_info(path, encoding=encoding)
        names = [str(field) for field in info["fields"]]
        with pyogrio.open_arrow(
            path, columns=chosen(names), encoding=encoding, batch_size=batch, use_pyarrow=True
        ) as (meta, reader):
            at, shape = 1, meta["geometry_name"] or "wkb_geometry"
            for found in reader:
                shapes = found.column(shape).to_pylist()
                columns = {n: found.column(n).to_pylist() for n in found.schema.names if n != shape}
                values = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
                values = values or [{} for _ in shapes]
                yield info["crs"], set(names), at, list(zip(shapes, values, strict=True))
                at += len(shapes)
    except (
        DataSourceError,
        DataLayerError,
        FeatureError,
        LookupError,
        ValueError,
        OSError,
    ):
        raise SourceBroken(damaged) from None
