"""Ledger: what is asked first of all parts of a layer, in one file (Arrow IPC, a batch for each part).

A city has hundreds of parts: to open a file for each takes longer than to read what stands in them all.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    import pyarrow as pa

Entry = tuple[dict[str, Any], "pa.RecordBatch"]
"""What is told of a part, and its features' columns without geometries."""
_TOLD = b"parts"


class Ledger:
    """What stands in a file that `write` wrote; nothing if it is not there, or damaged.

    Args:
        path: Of the file. It stays mapped as long as anything is used that came from here.
    """

    def __init__(self, path: Path) -> None:
        import pyarrow as pa

        self._lock = Lock()  # Arrow does not say that several threads may read one file
        self._places: dict[str, int] = {}
        self._told: list[dict[str, Any]] = []
        try:
            self._file = pa.ipc.open_file(pa.memory_map(str(path)))
            told = orjson.loads(self._file.schema.metadata[_TOLD])
            self._places = {name: place for place, name in enumerate(told["names"])}
            self._told = told["told"]
        except (pa.ArrowException, OSError, ValueError, KeyError, TypeError):
            self._places = {}

    def __contains__(self, name: str) -> bool:
        return name in self._places

    def get(self, name: str) -> Entry | None:
        """What stands here of a part; None if it does not."""
        import pyarrow as pa

        place = self._places.get(name)
        if place is None:
            return None
        try:
            with self._lock:
                batch = self._file.get_batch(place)
        except (pa.ArrowException, OSError):
            return None
        return self._told[place], batch.replace_schema_metadata(None)


def write(path: Path, entries: Iterable[tuple[str, Entry]]) -> bool:
    """Write a ledger, whole or not at all.

    Args:
        path: Of the file.
        entries: Name of each part, and what is to stand there.

    Returns:
        Whether there is one now: parts that do not have the same columns stay by themselves.
    """
    import pyarrow as pa

    names, found = [], []
    for name, entry in entries:
        names.append(name)
        found.append(entry)
    kinds = [batch.schema for _, batch in found if batch.num_columns]
    if not kinds or any(kind != kinds[0] for kind in kinds):
        return False
    metadata = {_TOLD: orjson.dumps({"names": names, "told": [told for told, _ in found]})}
    schema = kinds[0].with_metadata(metadata)
    partial = path.with_suffix(f".{os.getpid()}.part")
    with pa.OSFile(str(partial), "wb") as sink, pa.ipc.new_file(sink, schema) as file:
        for _, batch in found:
            file.write_batch(batch if batch.num_columns else _empty(schema))
    partial.replace(path)
    return True


def _empty(schema: "pa.Schema") -> "pa.RecordBatch":
    import pyarrow as pa

    return pa.RecordBatch.from_arrays([pa.array([], field.type) for field in schema], schema=schema)
