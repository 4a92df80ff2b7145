"""Normalise: records in the source's words become features and observations of the layer's schema.

A record that does not fit is counted and named in the report; it never stops the layer.
"""

import difflib
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any

import orjson

from ingest.columns import blank, columns
from ingest.fields.texts import clean
from ingest.measured import Measured
from ingest.place import Placed, place
from ingest.readings import Reader
from twin.city import City
from twin.errors import SourceChanged
from twin.features import Features
from twin.layer import Layer
from twin.record import Feature, Raster, Record, Shape, Solid
from twin.report import Report, Verdict

TWICE = "the source delivers the same thing twice"
ONE_KEY = "its key is that of another thing, too: told apart by their content"
_BATCH = 512  # enough to make PROJ calls cheap, few enough to keep memory flat


def normalise(
    records: Iterable[Record],
    layer: Layer,
    city: City,
    observed_at: datetime,
    report: Report,
    whence: Callable[[str], int] | None = None,
) -> Iterator[Feature | Measured]:
    """Yield what fits the schema; count the rest as broken or duplicate in `report`.

    `whence` tells by its place in which piece of the source a record stands, see `ingest.whence`. Positions
    come out as 2D WKB in OGC:CRS84, solids and rasters in the city's 3D CRS.
    """
    reader = Reader(layer)
    ids = Identities()
    stream = iter(records)
    fields: set[str] = set()
    nothing = blank(layer, observed_at)
    while batch := list(islice(stream, _BATCH)):
        things = [record for record in batch if record.shape is Shape.FEATURE]
        report.taken += len(batch) - len(things)
        places, found = fitting(things, layer, city, observed_at, report, fields)
        found.origins = None if whence is None else [whence(each) for each in places]
        for where, feature in zip(places, found.rows(nothing), strict=True):
            own = ids.of(feature.source_id, feature.checksum)
            if own is None:
                report.count(Verdict.DUPLICATE, where, TWICE)
            elif own == feature.id:
                yield feature
            else:
                report.note(ONE_KEY, identity=feature.source_id)
                yield replace(feature, id=own)
        if len(things) < len(batch):
            measured = reader.read_all((r for r in batch if r.shape is Shape.OBSERVATION), report)
            if measured.places:
                yield measured
    report.fields = tuple(sorted(fields))
    all_there(layer, fields)


def all_there(layer: Layer, fields: set[str]) -> None:
    """A field that the recipe names and no record has is a slip of the pen, or the source has changed.

    Args:
        layer: Its recipe.
        fields: Names of all fields of all records; empty if there were none.

    Raises:
        SourceChanged: a field is missing.
    """
    if not fields:
        return
    known = layer.source.columns
    stated = {*known.required, *known.optional} if known else set()
    for dialect in layer.source.options.get("dialects", ()):
        stated.update(dialect.get("required", ()), dialect.get("optional", ()))
    wanted: list[tuple[tuple[str, ...], str]] = [(layer.business_key, "is the business_key")]
    for column, mapping in layer.fields.items():
        names = (mapping.source,) if isinstance(mapping.source, str) else mapping.source or ()
        wanted.append((names, f"column {column} comes from"))
    for names, what in wanted:
        if names and not fields & set(names) and not stated & set(names):
            alike = [name for name in fields if name.casefold() == names[0].casefold()]
            close = sorted(alike) or difflib.get_close_matches(names[0], fields, 1, 0.6)
            hint = f"did you mean {close[0]!r}? " if close else ""
            raise SourceChanged(
                f"{layer.id}: no record has the field {names[0]!r} that {what}; {hint}The source has: "
                f"{', '.join(sorted(fields))}. If it may be absent, list it under [source.columns] optional."
            )


def stated_stations(layer: Layer, known: set[str], observed_at: datetime) -> Iterator[Feature]:
    """Stations that the recipe states and the source did not deliver itself."""
    from shapely import Point, to_wkb

    for station, stated in layer.stations.items():
        if station not in known:
            values = blank(layer, observed_at) | {"name": stated.name, "station": station}
            yield Feature(station, station, values, to_wkb(Point(stated.lon, stated.lat)))


def fitting(
    records: Sequence[Record],
    layer: Layer,
    city: City,
    observed_at: datetime,
    report: Report,
    fields: set[str],
) -> tuple[list[str], Features]:
    """Return where each record that fits stands, and the features; ids are the source's, and may occur again.

    Args:
        records: Those of things; some hundred at a time keep PROJ calls cheap and memory flat.
        layer: Its recipe.
        city: For CRS and area.
        observed_at: Of the features.
        report: Counts what came in and what is broken.
        fields: Gets the names of all fields.
    """
    report.taken += len(records)
    placed, solids = place(records, layer, city)
    geometries = [p.geometry or record.geometry for record, p in zip(records, placed, strict=True)]
    sound = [number for number, p in enumerate(placed) if not p.fault]
    whole = len(sound) == len(records)
    made, faults = columns(
        records if whole else [records[i] for i in sound],
        geometries if whole else [geometries[i] for i in sound],
        layer,
    )
    names = () if layer.schema_.has_solids else layer.hashed
    found = Features([], [], {}, [], [], [], [], [], [])
    places: list[str] = []
    kept: list[int] = []
    sound_ones = iter(range(len(sound)))
    for record, p, geometry in zip(records, placed, geometries, strict=True):
        fields.update(record.values)
        key = [clean(record.values.get(name)) for name in layer.business_key]
        known_as = ":".join(part for part in key if part)
        if p.fault:
            report.count(Verdict.BROKEN, record.place, p.fault, known_as)
            continue
        for note in (*record.notes, *p.notes):
            report.note(note, identity=known_as)
        number = next(sound_ones)
        if number in faults:
            report.count(Verdict.BROKEN, record.place, faults[number], known_as)
            continue
        kept.append(number)
        places.append(record.place)
        # What has a solid is published anew whenever anything about it changes, so all of it counts.
        checksum = content(record, p.own or geometry, names)
        found.ids.append(known_as or f"h-{_own(record, p, checksum, names)[:20]}")
        found.checksums.append(checksum)
        found.geometries.append(p.wkb)
        found.solids.append(p.solid)
        found.rasters.append(p.raster)
        found.clouds.append(p.cloud)
        found.generic.append(record.values.get("generic"))
    found.source_ids = [*found.ids]
    found.values = {"observed_at": [observed_at] * len(kept)}
    found.values |= made if len(kept) == len(sound) else {n: [of[i] for i in kept] for n, of in made.items()}
    found.gathered = solids if solids is not None and len(solids) == len(kept) else None
    return places, found


class Identities:
    """Gives every thing its id: the source's, told apart where the source gives one to different things."""

    def __init__(self) -> None:
        self._seen: dict[str, str] = {}

    def all_new(self, sources: Sequence[str], checksums: Sequence[str]) -> bool:
        """Whether each of these ids occurs here for the first time; then they are the things' own.

        If not, nothing is remembered: ask for one after the other.
        """
        news = dict(zip(sources, checksums, strict=True))
        if len(news) < len(sources) or not self._seen.keys().isdisjoint(news):
            return False
        self._seen |= news
        return True

    def of(self, source_id: str, checksum: str) -> str | None:
        """Return the id, or None if the very same thing was there before."""
        before = self._seen.get(source_id)
        if before is None:
            self._seen[source_id] = checksum
            return source_id
        if before == checksum:
            return None
        # The source gives one id to different things: both survive, told apart by their content.
        own = f"{source_id}~{checksum[:8]}"
        if own in self._seen:
            return None
        self._seen[own] = checksum
        return own


def content(record: Record, geometry: Any, names: tuple[str, ...]) -> str:
    """SHA-256 of what the recipe says makes up the thing; of everything if it says nothing."""
    digest = hashlib.sha256()
    if isinstance(geometry, Solid) and not names:
        arrays = (geometry.points, geometry.rings, geometry.polygons, geometry.faces)
        digest.update(b"".join([_all_words(record), *[array.tobytes() for array in arrays]]))
        if geometry.skin is not None:
            digest.update("\n".join(geometry.skin.images).encode())
            digest.update(geometry.skin.chosen.tobytes() + geometry.skin.uv.tobytes())
        return digest.hexdigest()
    for name in names or sorted(record.values):
        if name != "geometry":
            value = record.values.get(name)
            digest.update(f"{name}={clean(value) or ''}|".encode())
    if not names or "geometry" in names:
        if isinstance(geometry, bytes):
            digest.update(geometry)
        elif isinstance(geometry, Solid):
            digest.update(geometry.points.tobytes() + geometry.rings.tobytes() + geometry.polygons.tobytes())
        elif isinstance(geometry, Raster):
            digest.update(geometry.heights.tobytes())
    return digest.hexdigest()


def _own(record: Record, placed: Placed, checksum: str, names: tuple[str, ...]) -> str:
    """What tells a thing without a key from others: made of what the source says, not where PROJ puts it."""
    stands = placed.geometry
    if placed.own or stands is None or stands is record.geometry:
        return checksum
    return content(record, record.geometry, names)


def _all_words(record: Record) -> bytes:
    try:
        return orjson.dumps(record.values, option=orjson.OPT_SORT_KEYS, default=str)
    except TypeError:  # a lone surrogate, a key that is no text
        return repr(sorted(record.values.items(), key=str)).encode("ascii", "backslashreplace")
