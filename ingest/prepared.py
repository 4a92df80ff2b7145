"""Prepared: a part of a source as features, and how it is kept for the next run."""

import hashlib
import os
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import orjson

from ingest.ledger import Entry, Ledger
from twin import batch as batches
from twin.laid import WEIGHT, Laid
from twin.report import RecordError, Report, Verdict

_TOLD = b"prepared"
INDEX = ".index"
_HEAVY = (batches.GEOMETRY, batches.GENERIC, *batches.SOLID)
"""Columns that only those need who draw."""


@dataclass(slots=True)
class Prepared:
    """What a worker gives back for each layer."""

    laid: Laid | None = None
    """Where the features lie; their ids are the source's and may occur again. None if there are none."""
    places: list[str] = field(default_factory=list)
    """Where each feature stands in the source."""
    fields: set[str] = field(default_factory=set)
    """Names of all fields of all records."""
    report: Report = field(default_factory=Report)
    """All but what is published or duplicate."""
    kept: tuple[str, str] | None = None
    """Names of the part's place and of the file by which the next run will know it; None if it will not."""


@dataclass(frozen=True, slots=True)
class Known:
    """How a part may be known again by a later run."""

    folder: str
    place: str
    """Name made of where its bytes lie, their number and their times."""
    basis: str
    """Whatever else decides what becomes of it."""
    content: str | None = None
    """Name of the file with what was last prepared of a part at the same place."""
    ledger: Ledger | None = None
    """Where to look first; for this process alone."""

    def alone(self) -> "Known":
        """The same for another process."""
        return replace(self, ledger=None)

    def found(self) -> Prepared | None:
        """What was prepared of a part at the same place."""
        if self.content is None or "/" in self.content:
            return None
        return self._known(self.content)

    def found_by(self, checksum: str) -> Prepared | None:
        """What was prepared of a part with the same content, wherever it lay."""
        return self._known(self._name(checksum))

    def keep(self, done: Prepared, batch: Any, checksum: str) -> None:
        """Write what was prepared, with the batch itself; a reader sees all of it or nothing."""
        name = self._name(checksum)
        _write(done, batch, Path(self.folder, name))
        done.kept = self.place, name

    def _known(self, name: str) -> Prepared | None:
        entry = self.ledger.get(name) if self.ledger is not None else None
        if entry is None:
            entry = by_itself(Path(self.folder, name))
        done = None if entry is None else _read(f"{self.folder}/{name}", entry)
        if done is not None:
            done.kept = self.place, name
        return done

    def _name(self, checksum: str) -> str:
        return hashlib.sha256(f"{self.basis}\0{checksum}".encode()).hexdigest() + ".arrow"


def _write(done: Prepared, batch: Any, path: Path) -> None:
    """The batch, packed, and beside it in a small file all that is asked first."""
    import pyarrow as pa

    told = {"places": done.places, "fields": sorted(done.fields), "report": asdict(done.report), "size": 0}
    index = pa.RecordBatch.from_pydict({})
    path.parent.mkdir(parents=True, exist_ok=True)
    if done.laid is not None:
        plain = [name for name in batch.schema.names if name not in _HEAVY]
        index = batch.select(plain).append_column(WEIGHT, done.laid.index.column(WEIGHT))
        told["filled"] = sorted(done.laid.filled)
        # Much smaller, for next to no time.
        told["size"] = _file(batch, path, pa.ipc.IpcWriteOptions(compression="lz4"))
    _file(index.replace_schema_metadata({_TOLD: orjson.dumps(told)}), path.with_suffix(INDEX))


def _file(batch: Any, path: Path, options: Any = None) -> int:
    """Write a batch, whole or not at all; returns the size of the file."""
    import pyarrow as pa

    partial = path.with_suffix(f"{path.suffix}.{os.getpid()}.part")
    with (
        pa.OSFile(str(partial), "wb") as sink,
        pa.ipc.new_file(sink, batch.schema, options=options) as file,
    ):
        file.write_batch(batch)
    size = partial.stat().st_size
    partial.replace(path)
    return size


def by_itself(path: Path) -> Entry | None:
    """What `_write` wrote beside a file, as a ledger has it; None if it is not there, or damaged."""
    import pyarrow as pa

    index = path.with_suffix(INDEX)
    try:
        with pa.memory_map(str(index)) as source:
            file = pa.ipc.open_file(source)
            told, batch = orjson.loads(file.schema.metadata[_TOLD]), file.get_batch(0)
        os.utime(index)  # used: not to be swept away
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError):
        return None
    return told, batch.replace_schema_metadata(None)


def _read(path: str, entry: Entry) -> Prepared | None:
    """What `_write` wrote there, the features left where they are; None if they are gone, or damaged."""
    told, index = entry
    try:
        laid = None
        if told["size"]:
            if os.stat(path).st_size != told["size"]:
                return None
            laid = Laid(path, index, frozenset(told["filled"]), packed=True)
            os.utime(path)  # used: not to be swept away
        report = _report(told["report"])
        return Prepared(laid, told["places"], set(told["fields"]), report)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _report(told: dict[str, Any]) -> Report:
    examples = [
        RecordError(each["place"], Verdict(each["verdict"]), each["reason"], each["id"])
        for each in told["examples"]
    ]
    return Report(**{**told, "examples": examples})
