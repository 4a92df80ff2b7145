"""Account: what a run says of itself, in words and as the provenance beside the snapshot."""

import errno
import importlib.metadata
import traceback
from collections.abc import Iterable, Iterator
from copy import copy
from datetime import datetime
from pathlib import Path
from typing import Any

from catalog.runs import Run
from ingest.load import recipe_sha256
from ingest.normalise import ONE_KEY
from ingest.personal import scrub
from ingest.place import PLACELESS
from twin.base import Text
from twin.city import City
from twin.decision import decisions
from twin.errors import StoreError, TwinError
from twin.layer import Layer
from twin.licence import licence
from twin.progress import Progress
from twin.provenance import HeightsStatement, Origin, Provenance
from twin.record import Record
from twin.report import Report
from twin.revision import Revision
from twin.settings import ROOT

SOFTWARE = f"stadtzwilling {importlib.metadata.version('stadtzwilling')}"

_TILES = 4
"""Raised when the same features would give other tiles, so that layers are tiled again."""


def basis(layer: Layer) -> str:
    """What, beside its features, makes a snapshot what it is: the recipe and the way we tile."""
    return f"{recipe_sha256(layer)}/{_TILES}"


def counted(records: Iterable[Record], progress: Progress, layer: str) -> Iterator[Record]:
    """Pass records on and tell how many there were."""
    number = 0
    for number, record in enumerate(records, 1):
        if number % 500 == 0:
            progress.step(layer, "fetch", number)
        yield record
    progress.step(layer, "fetch", number, number)


def hushed(error: TwinError) -> TwinError:
    """The same error without what a source's words in its message tell of people."""
    words, classes = scrub(str(error))
    if not classes:
        return error
    quiet = copy(error)
    quiet.args = (words or "the message could not be checked for personal data and is not shown",)
    return quiet


_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM)


def is_machines(error: Exception) -> bool:
    """Whether it is the machine that says no: its disk is full, or a folder is closed to us."""
    return isinstance(error, OSError) and error.errno in _NO_ROOM


def internal(layer: Layer, error: Exception) -> TwinError:
    """A fault of ours or of the machine, without the values and paths that the exception may carry."""
    if isinstance(error, OSError) and is_machines(error):
        return StoreError(
            f"{layer.id}: a file that a run needs cannot be read or written: {error.strerror}; make room, "
            "give the city's folder to the user who runs twin, or name other folders in TWIN_KEPT and "
            "TMPDIR. The last revision stays."
        )
    frames = traceback.extract_tb(error.__traceback__)
    last = next((f for f in reversed(frames) if f.filename.startswith(str(ROOT))), frames[-1])
    return TwinError(
        f"{layer.id}: an error of ours ({type(error).__name__} in {Path(last.filename).name}, line "
        f"{last.lineno}); the last revision stays. Please report it."
    )


def in_words(report: Report, revision: Revision, news: bool) -> str:
    """How a run ended, in one line."""
    things, values = several(revision.features, "feature"), several(report.observations, "new value")
    left = [
        f"{n:,} {words}"
        for word, words in (("held", "held back"), ("broken", "broken"), ("duplicate", "duplicate"))
        if (n := report.counts()[word])
    ]
    if report.notes.get(PLACELESS, 0) >= max(1, revision.features):
        left.append("none has a place: its recipe has no [tiles]")
    if twice := report.notes.get(ONE_KEY, 0):
        left.append(f"{twice:,} with a key that another one has, too")
    if news:
        told = [f"revision {revision.name}: {things}", *([values] if report.observations else [])]
    elif report.observations:
        told = [values]
    else:
        told = [f"unchanged since revision {revision.name}: {things}"]
    words = ", ".join([*told, *left])
    return words if news or not report.observations else f"{words}; features as in revision {revision.name}"


def several(number: int, word: str) -> str:
    """``1 feature``, ``1,200 features``."""
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def in_few_words(revision: Revision, traffic: tuple[int, int]) -> str:
    """How a run ended that had nothing to read; `traffic` are its requests and the bytes that came."""
    asked = several(traffic[0], "request")
    head = f"unchanged since revision {revision.name}"
    return f"{head}: the source says what it said ({asked}, {several(traffic[1], 'byte')})"


def provenance(
    layer: Layer,
    city: City,
    origins: tuple[Origin, ...],
    report: Report,
    times: tuple[datetime, datetime],
    heights: HeightsStatement | None,
    tiling: dict[str, Any] | None,
) -> Provenance:
    """Write down where a snapshot comes from; `times` are (fetched, observed)."""
    terms = licence(layer.source.licence)
    return Provenance(
        layer=layer.id,
        title=layer.title,
        summary=layer.summary,
        theme=layer.theme.value,
        schema=layer.schema_id,
        publisher=layer.source.publisher,
        licence=terms.id,
        licence_title=terms.title,
        licence_url=terms.url,
        attribution=layer.source.attribution,
        notice=city.notice,
        origins=origins,
        fetched_at=times[0],
        observed_at=times[1],
        recipe_sha256=recipe_sha256(layer),
        columns=_columns(layer, set(report.fields)),
        software=SOFTWARE,
        counts=report.counts(),
        observations=report.observations,
        reasons=report.reasons,
        notes=report.notes,
        gate=decisions(report.gate),
        examples=tuple(
            {"place": e.place, "verdict": e.verdict.value, "reason": e.reason} for e in report.examples
        ),
        changed=_changed(layer, heights),
        heights=heights,
        tiling=tiling,
    )


def run_of(layer: Layer, origins: Iterable[Origin], report: Report, at: datetime) -> Run:
    """Where the values of this run come from."""
    return Run(
        recorded_at=at,
        origins=tuple(origins),
        recipe_sha256=recipe_sha256(layer),
        software=SOFTWARE,
        observations=report.observations,
    )


def _columns(layer: Layer, fields: set[str]) -> dict[str, str] | None:
    """Column → the fields of this very source that feed it; None if it delivered none."""
    if not fields:
        return None
    fed = {}
    for column, mapping in layer.fields.items():
        names = (mapping.source,) if isinstance(mapping.source, str) else mapping.source or ()
        if not names or fields & set(names):
            fed[column] = f"{mapping.by}({', '.join(name for name in names if name in fields)})"
    shape = layer.source.options.get("geometry")
    fed["geometry"] = shape if isinstance(shape, str) and shape in fields else "geometry"
    return fed


def _changed(layer: Layer, heights: HeightsStatement | None) -> tuple[Text, ...]:
    texts = [Text(de="In unsere Spalten übersetzt.", en="Translated into our columns.")]
    texts += [rule.reason for rule in layer.gate if not rule.allow]
    if layer.schema_.geometry == "building":
        texts.append(Text(de="Adressen weggelassen.", en="Addresses left out."))
    if heights is not None:
        error_de = str(heights.error_m).replace(".", ",")
        texts.append(
            Text(
                de=f"Höhen auf das Ellipsoid umgerechnet (Fehler höchstens {error_de} m).",
                en=f"Heights converted to the ellipsoid (error at most {heights.error_m} m).",
            )
        )
    return tuple(texts)
