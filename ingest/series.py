"""Series: an archive of a source, a file for each time, published so that each holds from its own time."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from ingest.job import Job, Outcome
from ingest.pipeline import run
from twin.errors import RecipeError
from twin.layer import Layer
from twin.progress import Progress
from twin.times import iso

_WRITTEN = re.compile(
    r"(?<!\d)(\d{4})[-_.]?(\d{2})[-_.]?(\d{2})(?:[T_ -]?(\d{2})[-_:.]?(\d{2})(?:[-_:.]?(\d{2}))?)?(Z)?(?!\d)"
)


def dated(folder: Path, zone: ZoneInfo) -> list[tuple[datetime, Path]]:
    """The files of a folder by the times in their names, in order of time.

    Args:
        folder: ``sites_2026-07-20.geojson``, ``sites_2026-07-20T204826Z.geojson``, ``20260720_2048.csv`` …
        zone: Of times without ``Z``; a day without a time means its first moment.

    Raises:
        RecipeError: no folder, no files, a name without a time, or two with the same.
    """
    if not folder.is_dir():
        raise RecipeError("--series wants --source LAYER=FOLDER with a file for each time")
    found: dict[datetime, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.is_file() and not path.name.startswith("."):
            at = _instant(path.name, zone)
            if at in found:
                raise RecipeError(f"{path.name} and {found[at].name} say the same time; keep one of them")
            found[at] = path
    if not found:
        raise RecipeError(f"{folder.name} has no files; --series wants one for each time")
    return sorted(found.items())


def _instant(name: str, zone: ZoneInfo) -> datetime:
    written = _WRITTEN.search(name)
    if written is not None:
        numbers = [int(each or 0) for each in written.groups()[:6]]
        try:
            year, month, day, hour, minute, second = numbers
            naive = datetime(year, month, day, hour, minute, second)
            return naive.replace(tzinfo=UTC if written[7] else zone).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
    raise RecipeError(f"{name} has no time in its name; write it like sites_2026-07-20.geojson")


def with_folders(layers: Sequence[Layer], sources: Mapping[str, str]) -> list[Layer]:
    """The layers that have a folder of their own; `RecipeError` if none has one."""
    found = [layer for layer in layers if layer.id in sources]
    if not found:
        raise RecipeError("--series wants --source LAYER=FOLDER with a file for each time")
    return found


def replay(job: Job, layers: Sequence[Layer]) -> list[Outcome]:
    """Publish every file of each layer's folder, as of the time in its name; one that fails stops no other.

    Layers without a folder of their own in `job.sources` are left alone; `RecipeError` if none has one.
    """
    outcomes: list[Outcome] = []
    for layer in with_folders(layers, job.sources):
        for at, path in dated(Path(job.sources[layer.id]), ZoneInfo(layer.source.timezone)):
            sources = {**job.sources, layer.id: str(path)}
            told = _Dated(job.progress, at)
            outcomes += run(replace(job, sources=sources, observed_at=at, progress=told), [layer])
    return outcomes


@dataclass(frozen=True, slots=True)
class _Dated:
    """Progress that says of which time it tells."""

    inner: Progress
    at: datetime

    def step(self, layer: str, stage: str, done: int, total: int | None = None) -> None:
        """Pass on."""
        self.inner.step(layer, stage, done, total)

    def finish(self, layer: str, words: str, ok: bool | None) -> None:
        """Pass on, with the time."""
        self.inner.finish(layer, f"{layer}: {iso(self.at)}: {words.removeprefix(f'{layer}: ')}", ok)
