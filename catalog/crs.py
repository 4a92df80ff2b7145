"""The coordinate reference systems in which features are asked for and given."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from twin.errors import RequestError

if TYPE_CHECKING:
    from pyproj import Transformer

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
CRS84H = "http://www.opengis.net/def/crs/OGC/0/CRS84h"
"""The same with heights above the ellipsoid, in metres, as third axis."""
KNOWN = {
    CRS84: "OGC:CRS84",
    "http://www.opengis.net/def/crs/EPSG/0/25832": "EPSG:25832",
    "http://www.opengis.net/def/crs/EPSG/0/4258": "EPSG:4258",
    "http://www.opengis.net/def/crs/EPSG/0/3857": "EPSG:3857",
}
"""URI → its name for PROJ. Axes are in the order that the authority states: 4258 is latitude, longitude."""
_PLACES = {"EPSG:25832": 4, "EPSG:3857": 4}
"""Decimals of metres that are given; of degrees nine, a tenth of a millimetre."""
_FAR = 1e8
"""No coordinate on Earth is larger, in metres or degrees."""
_ALONG = 16
"""Points put on every edge of a question's shape, whose straight edges are bent by the projection."""


def known(uri: str | None, parameter: str, heights: bool = False) -> str:
    """The URI of a CRS of ours, CRS84 if None; `RequestError` names those there are.

    ``EPSG:25832``, ``OGC:CRS84`` and URIs in brackets are understood, too.

    Args:
        uri: As the visitor wrote it.
        parameter: Which one it is.
        heights: Whether there are heights, so that CRS84h is one of them.
    """
    if uri is None:
        return CRS84
    plain = uri.strip().removeprefix("[").removesuffix("]").replace("https://", "http://", 1)
    there = KNOWN | ({CRS84H: "OGC:CRS84H"} if heights else {})
    for name, short in there.items():
        if plain == name or plain.upper() == short:
            return name
    raise RequestError(f"{parameter} is no CRS of this service; write one of: {', '.join(there)}")


def given(shapes: NDArray[np.object_], uri: str) -> NDArray[np.object_]:
    """Geometries in CRS84 as they are given in another CRS, in its axis order."""
    import shapely

    if uri == CRS84:
        return shapes
    name = KNOWN[uri]
    move = _transformer("OGC:CRS84", name)
    places = _PLACES.get(name, 9)

    def moved(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.round(_moved(move, points), places)

    found: NDArray[np.object_] = shapely.transform(shapes, moved)
    return found


def asked(shape: Any, uri: str, parameter: str) -> Any:
    """A geometry of a question in CRS84; `RequestError` if it leaves the Earth or what the CRS is for."""
    import shapely

    beyond = RequestError(f"{parameter} leaves the Earth; mind the order of axes of its CRS")
    if uri != CRS84:
        if np.abs(shape.bounds).max() > _FAR:
            raise beyond
        move = _transformer(KNOWN[uri], "OGC:CRS84")
        longest = max(shape.bounds[2] - shape.bounds[0], shape.bounds[3] - shape.bounds[1])
        dense = shapely.segmentize(shape, longest / _ALONG) if longest > 0 else shape
        shape = shapely.transform(dense, lambda points: _moved(move, points))
    points = shapely.get_coordinates(shape)
    if not np.isfinite(points).all() or (np.abs(points) > (180, 90)).any():
        raise beyond
    return shape


def _moved(move: "Transformer", points: NDArray[np.float64]) -> NDArray[np.float64]:
    first, second = np.ascontiguousarray(points.T)
    if len(first) == 1:  # which pyproj would take for a number
        return np.array([move.transform(float(first[0]), float(second[0]))])
    return np.column_stack(move.transform(first, second))


@lru_cache(maxsize=16)
def _transformer(source: str, target: str) -> "Transformer":
    from pyproj import Transformer

    return Transformer.from_crs(source, target)
