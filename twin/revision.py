"""Revision: the numbered act of publishing a snapshot. Create-only; the only thing that makes data public."""

from datetime import datetime

from twin.base import Noun


class Entry(Noun):
    """Size and checksum of one object of a snapshot."""

    size: int
    sha256: str


class Part(Noun):
    """A file with some features of a large layer."""

    name: str
    """``content/<sha256>.parquet``: GeoParquet 1.1 by itself, but that ``observed_at`` is empty."""
    made_of: str
    """Checksum of the features and of the way they were made: the same need not be made again."""
    features: int
    bbox: tuple[float, float, float, float] | None
    """As `Revision.bbox`, of these features."""


class Cut(Noun):
    """The features of a large layer, cut into several files that neighbouring revisions share."""

    observed_at: datetime
    """When all of them were looked at."""
    parts: tuple[Part, ...]
    """In Hilbert order, as are the features in each."""


class Revision(Noun):
    """The numbered act of publishing a snapshot."""

    layer: str
    number: int
    claim: str
    """Random; settles whether an unclear answer to the claim was ours."""
    snapshot: str
    """Folder of the snapshot, relative to the layer's: ``snapshots/<id>``."""
    published_at: datetime
    holds_from: datetime
    """Since when the twin was so: the source's own time where it states one."""
    digest: str
    """Checksum of the content; equal content publishes nothing new."""
    features: int
    bbox: tuple[float, float, float, float] | None
    """West, south, east, north in OGC:CRS84; None for a layer without positions."""
    objects: dict[str, Entry]
    """Key relative to the layer's folder → size and checksum."""
    cut: Cut | None = None
    """Where the features lie if they are many; None: in the snapshot's ``features.parquet``."""

    @property
    def name(self) -> str:
        """Six digits, as in file names and URLs."""
        return f"{self.number:06d}"
