"""Coordinates: geometries as GeoJSON (RFC 7946), many at once."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import orjson
from numpy.typing import NDArray

_POINT, _LINE, _POLYGON, _MULTIPOLYGON = 0, 1, 3, 6
"""Types of geometries as GEOS numbers them."""
FEW = 8
"""So many are faster written one by one."""
_SMALL = 200
"""So many vertices, too: beyond, numbers are the work, and NumPy's are written faster."""
_OTHER = 99
"""What is empty or has heights."""
Texts = list[bytes]
Written = tuple[bytes, Texts]
"""A form with one place, and what stands there in each."""


def written(shapes: NDArray[np.object_]) -> Texts:
    """GeoJSON of each geometry, ``null`` where there is none.

    All coordinates are turned into text in one call and the text is cut where vertices begin, because writing
    geometry after geometry takes most of the time of a page of features. Coordinates have as many digits as
    tell them apart, and a geometry has the same bytes whichever others it is written with.
    """
    import shapely

    if len(shapes) < FEW and shapely.get_num_coordinates(shapes).sum() < _SMALL:
        return [b"null" if text is None else _as_here(text) for text in shapely.to_geojson(shapes)]
    kinds = shapely.get_type_id(shapes)
    kinds[shapely.is_empty(shapes) | shapely.has_z(shapes)] = _OTHER
    if len(kinds) and kinds[0] in _KINDS and (kinds == kinds[0]).all():
        return list(_KINDS[kinds[0]](shapes))
    found = [b"null"] * len(shapes)
    for kind in np.unique(kinds).tolist():
        if kind >= 0:  # else there is none
            rows = np.flatnonzero(kinds == kind)
            write = _KINDS.get(kind, _others)
            for row, text in zip(rows.tolist(), write(shapes[rows]), strict=True):
                found[row] = text
    return found


def _others(shapes: NDArray[np.object_]) -> Iterator[bytes]:
    import shapely

    return (_as_here(text) for text in shapely.to_geojson(shapes))


def _as_here(text: str) -> bytes:
    """GeoJSON of GEOS, whose numbers have up to a digit more than they need."""
    return orjson.dumps(orjson.loads(text))


def _points(shapes: NDArray[np.object_]) -> Iterator[bytes]:
    return (b'{"type":"Point","coordinates":%b}' % text[1:-1] for text in _sequences(shapes))


def _lines(shapes: NDArray[np.object_]) -> Iterator[bytes]:
    return (b'{"type":"LineString","coordinates":%b}' % text for text in _sequences(shapes))


def _polygons(shapes: NDArray[np.object_]) -> Iterator[bytes]:
    return (b'{"type":"Polygon","coordinates":%b}' % text for text in _ringed(shapes))


def _multipolygons(shapes: NDArray[np.object_]) -> Iterator[bytes]:
    import shapely

    parts, owners = shapely.get_parts(shapes, return_index=True)
    together = _together(_ringed(parts), owners, len(shapes))
    return (b'{"type":"MultiPolygon","coordinates":%b}' % text for text in together)


def _ringed(shapes: NDArray[np.object_]) -> Texts:
    import shapely

    if not shapely.get_num_interior_rings(shapes).any():
        return [b"[%b]" % text for text in _sequences(shapes)]
    rings, owners = shapely.get_rings(shapes, return_index=True)
    return _together(_sequences(rings), owners, len(shapes))


def _together(texts: Sequence[bytes], owners: NDArray[np.int64], number: int) -> Texts:
    """JSON arrays of the texts of each owner; every one has some, and they stand in order."""
    if len(texts) == number:
        return [b"[%b]" % text for text in texts]
    ends = np.searchsorted(owners, np.arange(number), side="right").tolist()
    starts = [0, *ends[:-1]]
    return [b"[%b]" % b",".join(texts[start:end]) for start, end in zip(starts, ends, strict=True)]


def _sequences(shapes: NDArray[np.object_]) -> Texts:
    """``[[x,y],[x,y],…]`` of each geometry, which is a point, a line, a ring or a polygon of one."""
    import shapely

    points, owners = shapely.get_coordinates(shapes, return_index=True)
    return _paths(points, np.searchsorted(owners, np.arange(len(shapes))))


def points(pairs: NDArray[np.float64]) -> Written:
    """Points, (n, 2)."""
    return b'{"type":"Point","coordinates":%b}', runs(pairs, np.arange(len(pairs)))


def polygons(pairs: NDArray[np.float64], firsts: NDArray[np.int64]) -> Written:
    """Polygons of one ring: all vertices, (m, 2), and which is the first of each."""
    return b'{"type":"Polygon","coordinates":[[%b]]}', runs(pairs, firsts)


def _paths(pairs: NDArray[np.float64], firsts: NDArray[np.int64]) -> Texts:
    """``[[x,y],[x,y],…]`` from each of the first vertices to the next."""
    return [b"[%b]" % text for text in runs(pairs, firsts)]


def runs(pairs: NDArray[np.float64], firsts: NDArray[np.int64]) -> Texts:
    """``[x,y],[x,y],…`` from each of the first vertices to the next."""
    text = orjson.dumps(np.ascontiguousarray(pairs), option=orjson.OPT_SERIALIZE_NUMPY)
    # Where the vertices begin; the first bracket is that of all of them.
    begins = (np.frombuffer(text, np.uint8) == ord("[")).nonzero()[0][1:][firsts]
    starts, ends = begins.tolist(), [*(begins[1:] - 1).tolist(), len(text) - 1]
    return [text[start:end] for start, end in zip(starts, ends, strict=True)]


_KINDS: dict[int, Callable[[NDArray[np.object_]], Iterator[bytes]]] = {
    _POINT: _points,
    _LINE: _lines,
    _POLYGON: _polygons,
    _MULTIPOLYGON: _multipolygons,
}
"""What is written here; shapely writes the others one by one."""
