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


@dataclass(frozen=True, slots=True)
class Known:
    """How a part may be known again by a later run."""

    folder: str
    place: str
    """Name made of where its bytes lie, their number and their times."""
    basis: str
    """Whatever else decides what becomes of it."""

    def found(self) -> Prepared | None:
        """What was prepared of a part at the same place."""
        try:
            content = self._mark.read_text()
        except OSError:
            return None
        done = _read(Path(self.folder, content))
        if done is not None:
            self._mark.touch()
        return done

    def found_by(self, checksum: str) -> Prepared | None:
        """What was prepared of a part with the same content, wherever it lay."""
        done = _read(self._path(checksum))
        if done is not None:
            self._mark.write_text(self._path(checksum).name)
        return done

    def keep(self, done: Prepared, batch: Any, checksum: str) -> None:
        """Write what was prepared, with the batch itself; a reader sees all of it or nothing."""
        _write(done, batch, self._path(checksum))
        self._mark.write_text(self._path(checksum).name)

    @property
    def _mark(self) -> Path:
        return Path(self.folder, f"{self.place}.same")

    def _path(self, checksum: str) -> Path:
        name = hashlib.sha256(f"{self.basis}\0{checksum}".encode()).hexdigest()
        return Path(self.folder, f"{name}.arrow")


def _write(done: Prepared, batch: Any, path: Path) -> None:
    import pyarrow as pa

    told = {"places": done.places, "fields": sorted(done.fields), "report": asdict(done.report)}
    if batch is None or done.laid is None:
        batch = pa.RecordBatch.from_pydict({})
    else:
        told |= {"filled": sorted(done.laid.filled), WEIGHT: done.laid.index.column(WEIGHT).to_pylist()}
    metadata = {**(batch.schema.metadata or {}), _TOLD: orjson.dumps(told)}
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}.part")
    batch = batch.replace_schema_metadata(metadata)
    packed = pa.ipc.IpcWriteOptions(compression="lz4")  # much smaller, for next to no time
    with (
        pa.OSFile(str(partial), "wb") as sink,
        pa.ipc.new_file(sink, batch.schema, options=packed) as file,
    ):
        file.write_batch(batch)
    partial.replace(path)


def _read(path: Path) -> Prepared | None:
    """What `_write` wrote there, the features left where they are; None if it is not there, or damaged."""
    import pyarrow as pa

    try:
        with pa.memory_map(str(path)) as source:
            file = pa.ipc.open_file(source)
            told = orjson.loads(file.schema.metadata[_TOLD])
            laid = None
            if file.schema.names:
                columns = [file.schema.get_field_index(name) for name in INDEX]
                file = pa.ipc.open_file(source, options=pa.ipc.IpcReadOptions(included_fields=columns))
                index = file.get_batch(0).replace_schema_metadata(None).select(list(INDEX))
                index = index.append_column(WEIGHT, pa.array(told[WEIGHT], pa.int64()))
                laid = Laid(str(path), index, frozenset(told["filled"]), packed=True)
        path.touch()  # used: not to be swept away
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
