"""GeoJSON files: local, in a folder, or at an address; also ``.gz``, and with a ``crs`` member.

Options:
    axes: ``yx`` where coordinates come as latitude, longitude.
    geometry: property with a better geometry; the feature's own is taken where it has none there.
    measured: true where a feature's properties tell what is measured there now; it then comes a second time,
        as an observation.
"""

from collections.abc import Iterator

from ingest.connectors.features import ColumnCheck, records_of
from ingest.connectors.options import options
from ingest.connectors.split import collections_of
from ingest.fetch import Fetch
from twin.errors import RecipeError
from twin.record import Record, Shape
from twin.source import Source

_RFC_7946 = "OGC:CRS84"


def read(source: Source, fetch: Fetch) -> Iterator[Record]:
    """Yield one record per feature: its properties, its id as ``@id``, its geometry as 2D WKB.

    The CRS is that of the ``crs`` member, else the recipe's, else OGC:CRS84 as RFC 7946 says.

    Raises:
        SourceBroken: no FeatureCollection.
        SourceChanged: a file with other properties than the recipe's columns; names it.
    """
    asked = options(source, ("axes", "geometry", "measured"))
    if not isinstance(asked.get("measured", False), bool):
        raise RecipeError("options.measured is true or false")
    for record in from_files(source, fetch, source.crs or _RFC_7946):
        yield record
        if asked.get("measured") is True:
            yield Record(record.place, record.values, shape=Shape.OBSERVATION)


def from_files(source: Source, fetch: Fetch, crs: str) -> Iterator[Record]:
    """Yield the features of files; `crs` holds where a file names none."""
    swap, shape = swapped(source), str(source.options.get("geometry") or "")
    for file in fetch.files(source.url, (".geojson", ".json")):
        columns = ColumnCheck(source.columns, file.name)  # each file by itself: one may be a stranger's
        for before, count, batch in collections_of(file):
            columns.look_at(batch.features)
            note = None
            if before == 0 and batch.total not in (None, count):
                note = f"{file.name} has {count} of the {batch.total} features that it speaks of"
            yield from records_of(batch, file.name, crs, swap=swap, before=before, note=note, shape=shape)
        columns.close()


def swapped(source: Source) -> bool:
    """True if the recipe says that coordinates come as latitude, longitude."""
    axes = source.options.get("axes", "xy")
    if axes not in ("xy", "yx"):
        raise RecipeError("options.axes is xy (longitude first) or yx (latitude first)")
    return bool(axes == "yx")
