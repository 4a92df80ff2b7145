"""Past: what happened to the features of a layer, laid out feature by feature.

A chain of a thousand revisions is a thousand small tables. To look into each of them for one feature takes
long, and every visitor asks for another one: sorted once by feature, the story of each lies in one place.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from catalog import changes
from catalog.changes import ColumnChange

if TYPE_CHECKING:
    import pyarrow as pa


class Past:
    """The changes of a chain of revisions, by feature. Never changes; safe in several threads."""

    def __init__(self, tables: "Sequence[pa.Table]") -> None:
        """Sort the tables of a chain's steps (as `catalog.changes.read` gives them), in order of time."""
        import pyarrow as pa

        self.columns: dict[int, list[ColumnChange]] = {}
        """Step → what happened to whole columns in it, where something did."""
        for step, table in enumerate(tables):
            found = changes.columns(table)
            if found:
                self.columns[step] = found
        whole = pa.concat_tables(tables, promote_options="none")
        ids = pa.chunked_array(whole["id"].chunks, pa.string()).dictionary_encode().combine_chunks()
        if isinstance(ids, pa.ChunkedArray):
            ids = ids.chunk(0) if ids.num_chunks else pa.array([], pa.string()).dictionary_encode()
        codes = ids.indices.to_numpy(zero_copy_only=False)
        order = np.argsort(codes, kind="stable")  # in each feature the order of time stays
        self._ids = ids.dictionary
        self._starts = np.concatenate(([0], np.cumsum(np.bincount(codes, minlength=len(self._ids)))))
        steps = np.repeat(np.arange(len(tables), dtype=np.int32), [len(table) for table in tables])
        self._steps = steps[order]
        # large: the texts of all steps together may be longer than 2 GiB
        wide = pa.schema([(name, pa.large_string()) for name in ("change", "before", "after")])
        self._told = whole.select(wide.names).cast(wide).combine_chunks().take(pa.array(order))

    def __len__(self) -> int:
        """How many changes of features there are."""
        return len(self._steps)

    def of(self, feature_id: str) -> list[tuple[int, dict[str, Any]]]:
        """What happened to a feature, in order of time: the step's place in the chain, and the row."""
        import pyarrow as pa
        import pyarrow.compute as pc

        place = pc.index(self._ids, pa.scalar(feature_id, pa.string())).as_py()
        if place < 0:
            return []
        start, end = self._starts[place], self._starts[place + 1]
        rows = self._told.slice(start, end - start).to_pylist()
        return list(zip(self._steps[start:end].tolist(), rows, strict=True))
