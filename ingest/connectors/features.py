"""GeoJSON FeatureCollections become records; shared by all connectors whose sources speak GeoJSON."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ingest.connectors.wkb import NoGeometry, wkb_of
from ingest.personal import scrub
from twin.errors import SourceBroken, SourceChanged
from twin.record import Record
from twin.source import Columns

_COUNT = re.compile(r"[0-9]{1,18}")
_CUT = "exceededTransferLimit"
"""With it an ArcGIS server says that it has more than it sends at a time."""
UNREADABLE = "its geometry cannot be read"
"""Start of the note on a record whose geometry was there but is unusable (geometry None)."""


@dataclass(frozen=True, slots=True)
class Collection:
    """One document of features."""

    features: list[Any]
    crs: str | None
    """Name in the ``crs`` member; None without one."""
    total: int | None
    """How many features the server says there are in all."""
    returned: int | None
    """How many it says are in this document."""

    @property
    def ids(self) -> set[Any]:
        """The server's ids of the features, where it gives some."""
        found = {feature.get("id") for feature in self.features if isinstance(feature, dict)}
        return {name for name in found if isinstance(name, str | int)}


def is_cut(document: dict[str, Any]) -> bool:
    """Whether an ArcGIS server says that it has more than it sent: in the document or in its properties."""
    more = document.get("properties")
    return True in (document.get(_CUT), more.get(_CUT) if isinstance(more, dict) else None)


def whole(document: dict[str, Any]) -> dict[str, Any]:
    """The document without saying that there is more: of a sample nobody expects all."""
    more = document.get("properties")
    inner = {name: value for name, value in more.items() if name != _CUT} if isinstance(more, dict) else more
    kept = {name: value for name, value in document.items() if name != _CUT}
    return kept | ({"properties": inner} if "properties" in kept else {})


def collection_of(document: Any, place: str) -> Collection:
    """Understand a parsed document.

    Raises:
        SourceBroken: it is no FeatureCollection, or says that there are more.
    """
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        raise SourceBroken(f"{place} is no GeoJSON FeatureCollection; check the address and its parameters")
    if is_cut(document):
        raise SourceBroken(
            f'{place}: an ArcGIS server cut the answer off ({_CUT}); connector = "arcgis" with the layer\'s '
            "address (…/FeatureServer/0) has it send all"
        )
    return Collection(
        features=features,
        crs=_crs(document.get("crs")),
        total=_count(document, "numberMatched", "totalFeatures"),
        returned=_count(document, "numberReturned"),
    )


def records_of(
    collection: Collection,
    place: str,
    crs: str | None,
    *,
    swap: bool = False,
    before: int = 0,
    note: str | None = None,
    shape: str = "",
) -> Iterator[Record]:
    """Yield the features as records.

    Values are the feature's properties, and its own id as ``@id``. A feature that is none gives a record
    without values; a geometry that cannot be read gives None and a note beginning with `UNREADABLE`.

    Args:
        collection: the document.
        place: where it comes from, for messages.
        crs: CRS where the document names none.
        swap: coordinates come as latitude, longitude.
        before: number of features of the document that came earlier.
        note: remark on the whole document, hung on the first record.
        shape: name of a property that may hold a better geometry than the feature's own.
    """
    for number, feature in enumerate(collection.features, before + 1):
        if not isinstance(feature, dict):
            feature = {}
        properties = feature.get("properties")
        values = dict(properties) if isinstance(properties, dict) else {}
        if "id" in feature:
            values["@id"] = feature["id"]
        notes: tuple[str, ...]
        better = values.get(shape) if shape else None
        try:
            geometry, notes = wkb_of(feature.get("geometry") if better is None else better, swap=swap)
        except NoGeometry as error:
            geometry, notes = None, (f"{UNREADABLE}: {error}",)
        if note is not None and number == before + 1:
            notes = (*notes, note)
        yield Record(f"{place}, feature {number}", values, geometry, collection.crs or crs, notes=notes)


class ColumnCheck:
    """Compares the property names of all features of a file or an answer with those the recipe knows."""

    def __init__(self, columns: Columns | None, place: str) -> None:
        self._columns = columns
        self._place = place
        self._found: set[str] = set()

    def look_at(self, features: list[Any]) -> None:
        """Note the names in some features; `SourceChanged` at once for names nobody knows."""
        if self._columns is None:
            return
        for feature in features:
            properties = feature.get("properties") if isinstance(feature, dict) else None
            if isinstance(properties, dict):
                self._found.update(properties)
        _, unknown = self._columns.difference(self._found)
        if unknown:
            self._refuse()

    def close(self) -> None:
        """`SourceChanged` if required names were nowhere in it."""
        if self._columns is not None and self._found and self._columns.difference(self._found)[0]:
            self._refuse()

    def _refuse(self) -> None:
        assert self._columns is not None
        refuse_columns(self._place, *self._columns.difference(self._found))


def refuse_columns(place: str, missing: list[str], unknown: list[str]) -> None:
    """Raise `SourceChanged` naming the columns that are missing and those nobody knows."""
    parts = [
        f"{word}: {', '.join(printable(name) for name in names[:20])}"
        for word, names in (("missing", missing), ("unknown", unknown))
        if names
    ]
    raise SourceChanged(
        f"{place}: the columns changed ({'; '.join(parts)}); look at them, then state them in the recipe"
    )


def printable(name: str) -> str:
    """A foreign name fit for a message: without what tells of a person, and short."""
    told = scrub(name[:1000])[0] or "?"  # before it is cut: half a number is not known as one
    return "".join(c if c.isprintable() else "?" for c in told[:60])


def _crs(member: Any) -> str | None:
    properties = member.get("properties") if isinstance(member, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    return name if isinstance(name, str) and name else None


def _count(document: dict[str, Any], *names: str) -> int | None:
    for name in names:
        value = document.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if isinstance(value, str) and _COUNT.fullmatch(value):
            return int(value)
    return None
