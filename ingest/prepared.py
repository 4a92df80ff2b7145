"""Prepared: a part of a source as features, and how it is kept for the next run."""

import hashlib
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import orjson

from twin.laid import INDEX, WEIGHT, Laid
from twin.record import RecordError, Report, Verdict

_TOLD = b"prepared"
_INDEX = ".index"


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

    def found(self) -> Prepared | None:
        """What was prepared of a part at the same place."""
        if self.content is None or "/" in self.content:
            return None
        return self._known(Path(self.folder, self.content))

    def found_by(self, checksum: str) -> Prepared | None:
        """What was prepared of a part with the same content, wherever it lay."""
        return self._known(self._path(checksum))

    def keep(self, done: Prepared, batch: Any, checksum: str) -> None:
        """Write what was prepared, with the batch itself; a reader sees all of it or nothing."""
        path = self._path(checksum)
        _write(done, batch, path)
        done.kept = self.place, path.name

    def _known(self, path: Path) -> Prepared | None:
        done = _read(path)
        if done is not None:
            done.kept = self.place, path.name
        return done

    def _path(self, checksum: str) -> Path:
        name = hashlib.sha256(f"{self.basis}\0{checksum}".encode()).hexdigest()
        return Path(self.folder, f"{name}.arrow")


def _write(done: Prepared, batch: Any, path: Path) -> None:
    """The batch, packed, and beside it in a small file all that is asked first."""
    import pyarrow as pa

    told = {"places": done.places, "fields": sorted(done.fields), "report": asdict(done.report), "size": 0}
    index = pa.RecordBatch.from_pydict({})
    path.parent.mkdir(parents=True, exist_ok=True)
    if done.laid is not None:
        index = done.laid.index
        told["filled"] = sorted(done.laid.filled)
        # Much smaller, for next to no time.
        told["size"] = _file(batch, path, pa.ipc.IpcWriteOptions(compression="lz4"))
    _file(index.replace_schema_metadata({_TOLD: orjson.dumps(told)}), path.with_suffix(_INDEX))


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


def _read(path: Path) -> Prepared | None:
    """What `_write` wrote there, the features left where they are; None if it is not there, or damaged."""
    import pyarrow as pa

    try:
        with pa.memory_map(str(path.with_suffix(_INDEX))) as source:
            file = pa.ipc.open_file(source)
            told = orjson.loads(file.schema.metadata[_TOLD])
            index = file.get_batch(0).replace_schema_metadata(None)
        laid = None
        if told["size"]:
            if path.stat().st_size != told["size"]:
                return None
            laid = Laid(str(path), index.select([*INDEX, WEIGHT]), frozenset(told["filled"]), packed=True)
            os.utime(path)  # used: not to be swept away
        os.utime(path.with_suffix(_INDEX))
        return Prepared(
            laid=laid,
            places=told["places"],
            fields=set(told["fields"]),
            report=_report(told["report"]),
        )
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError):
        return None


def _report(told: dict[str, Any]) -> Report:
    examples = [
        RecordError(each["place"], Verdict(each["verdict"]), each["reason"], each["id"])
        for each in told.pop("examples")
    ]
    return Report(**told, examples=examples)
