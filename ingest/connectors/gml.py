"""Feature collections in GML, as WFS 1.1 and 2.0 answer them: read as if they were GeoJSON."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import IO, Any

from ingest.bodies import refuse_markup
from ingest.connectors.axes import northing_first
from ingest.connectors.features import Collection
from ingest.connectors.gml_geometry import NAMES, geojson_of
from ingest.connectors.wkb import NoGeometry
from ingest.connectors.xml_stream import Element, local, stream_of
from twin.errors import SourceBroken

_MEMBERS = frozenset({"member", "featureMember", "featureMembers"})
_COUNT = re.compile(r"[0-9]{1,18}")
_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_GML_ID = re.compile(r"(?:\{.*\})?(?:id|fid|gml_id)")
_SKIPPED = ("boundedBy", "metaDataProperty")
_DEPTH = 4
_BATCH = 1000
HEAD = 4096
"""Bytes of a document that show what it is."""
_FIELDS = 500


def is_markup(data: bytes) -> bool:
    """Whether an answer is XML."""
    return data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def collection_of_gml(data: bytes, name: str, axes: str | None) -> Collection:
    """Read one page.

    Args:
        data: the answer.
        name: for messages.
        axes: ``xy`` or ``yx`` where the recipe states it; else the order follows from how the CRS is written.

    Raises:
        SourceBroken: an exception in its place, or another document.
        SourceRefused: a DOCTYPE, or too large.
    """
    parts = list(gml_batches(io.BytesIO(data), name, data[:HEAD], axes))
    return replace(parts[-1], features=[feature for part in parts for feature in part.features])


def gml_batches(stream: IO[bytes], name: str, head: bytes, axes: str | None) -> Iterator[Collection]:
    """Read a document in batches of features, at least one; each has the counts of the whole document.

    Args:
        stream: of its inflated bytes.
        name: for messages.
        head: its first `HEAD` bytes, in which an exception would show.
        axes: as above.

    Raises:
        SourceBroken, SourceRefused: as above.
    """
    if b"FeatureCollection" not in head:
        refuse_markup(head, name)
    root: dict[str, str] = {}
    reader = _Reader(axes)
    features: list[Any] = []

    def batch() -> Collection:
        if root.get("") != "FeatureCollection":
            raise SourceBroken(f"{name} is no feature collection; check the address and its parameters")
        returned = _count(root.get("numberReturned") or root.get("numberOfFeatures"))
        return Collection(features, reader.crs, _count(root.get("numberMatched")), returned)

    came = 0
    for called, element in stream_of(stream, name, frozenset(), parents=_MEMBERS, root=root):
        if called != "FeatureCollection":
            features.append(reader.feature(element))
        if len(features) == _BATCH:
            yield batch()
            came, features = came + 1, []
    if features or not came:
        yield batch()


def _count(stated: str | None) -> int | None:
    return int(stated) if stated and _COUNT.fullmatch(stated) else None


class _Reader:
    """Turns feature elements into GeoJSON features; remembers their CRS."""

    def __init__(self, axes: str | None) -> None:
        self.crs: str | None = None
        self._axes = axes

    def feature(self, element: Element) -> dict[str, Any]:
        properties: dict[str, Any] = {}
        geometry = self._take(element, properties, "", 0)
        name = next((value for key, value in element.attrib.items() if _GML_ID.fullmatch(key)), None)
        found: dict[str, Any] = {"type": "Feature", "geometry": geometry, "properties": properties}
        return found if name is None else found | {"id": name}

    def _take(self, element: Element, properties: dict[str, Any], under: str, depth: int) -> Any:
        """Read fields into `properties`; return the first geometry met."""
        geometry = None
        for child in element:
            name = local(child)
            if name in _SKIPPED or len(properties) >= _FIELDS:
                continue
            shape = next((inner for inner in child if local(inner) in NAMES), None)
            if shape is not None:
                geometry = self._geometry(shape) if geometry is None else geometry
            elif not len(child):
                text = None if child.get(_NIL) in ("true", "1") else (child.text or "").strip() or None
                key = under + name
                both = properties.get(key)
                properties[key] = f"{both}, {text}" if both and text else text or both
            elif depth < _DEPTH:
                inner_geometry = self._take(child, properties, f"{under}{name}.", depth + 1)
                geometry = inner_geometry if geometry is None else geometry
        return geometry

    def _geometry(self, shape: Element) -> dict[str, Any]:
        named = (shape.get("srsName"), *(e.get("srsName") for e in shape.iter() if e.get("srsName")))
        crs = next((name for name in named if name), None)
        if crs is not None:
            if self.crs is not None and crs != self.crs:
                return {"type": "in another CRS than the features before"}
            self.crs = crs
        first = self.crs
        swap = self._axes == "yx" if self._axes else bool(first and northing_first(first))
        try:
            return geojson_of(shape, swap=swap)
        except NoGeometry as error:
            return {"type": str(error)}
