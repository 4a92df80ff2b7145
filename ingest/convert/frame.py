"""Frame: where on earth the inputs lie, and what their heights refer to; stated, found, or refused."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ingest.convert.options import Options
from ingest.undulation import EARTH, in_germany, misstated
from tiles.crs import split_crs
from tiles.geodesy import resolve_crs, transform_2d
from twin.base import Text
from twin.city import City, Heights
from twin.errors import GeodesyError, MissingGeoid, SourceBroken, UnknownCRS

GERMAN_HEIGHTS = "EPSG:7837"
"""DHHN2016, in which all surveying authorities of Germany deliver."""
ANY_HEIGHTS = "EPSG:5714"
"""Heights above mean sea level, of whatever country: with a stated undulation only."""
_GERMAN_CRS = ("25831", "25832", "25833", "4647", "5650", "5651", "5652", "5653", "31466", "31467", "31468")
_SLACK_DEGREES = 5.0
"""UTM zones are used a little beyond their borders: all of Bavaria is delivered in zone 32."""


@dataclass(frozen=True, slots=True)
class First:
    """The first things of the inputs that lie somewhere."""

    name: str
    """Its file, for messages."""
    crs: str | None
    """As the file states it."""
    places: tuple[tuple[float, float], ...]
    """Positions of one or some of its things, in that CRS."""
    flat: bool = False
    """Whether they have no heights at all, as in OpenStreetMap: then those of the terrain count."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a conversion works."""

    city: City
    """A city without layers."""
    remarks: tuple[str, ...]
    """What was concluded, in words."""


def frame_of(first: First, stated: Options, terrain: First | None = None) -> Frame:
    """The frame in which inputs are converted.

    Args:
        first: Of the inputs.
        stated: Fills what the inputs do not say.
        terrain: The first height model among them.

    Raises:
        GeodesyError: the stated undulation is none that occurs.
        UnknownCRS: neither the file nor the operator names a CRS, or nobody knows it.
        SourceBroken: the coordinates cannot be in that CRS.
        MissingGeoid: nothing says what the heights refer to.
    """
    lowest, highest = EARTH
    if stated.undulation_m is not None and not lowest <= stated.undulation_m <= highest:
        raise GeodesyError(
            f"--undulation {stated.undulation_m:g}: nowhere is the geoid that far from the ellipsoid; it is "
            f"between {lowest:g} and {highest:g} m, 45.7 in Munich"
        )
    crs, words = _crs(first.crs, stated, first.name)
    horizontal, vertical = split_crs(crs)
    position = _position(first, horizontal, stated.crs)
    if vertical is None and first.flat and terrain is not None and terrain.crs is not None:
        vertical = split_crs(resolve_crs(terrain.crs))[1]
    if vertical is None:
        vertical, remark = _vertical(horizontal, position, stated, first.name)
        words += remark
    if not in_germany(*position) and in_germany(*position[::-1]):
        words += (
            f"{first.name} lies at {degrees(*position)}: with latitude and longitude swapped it would lie in "
            "Germany; if that is where it belongs, mend the file",
        )
    if vertical == GERMAN_HEIGHTS and stated.undulation_m is not None:
        wrong = misstated(stated.undulation_m, *position)
        words += () if wrong is None else (f"--undulation {wrong}",)
    city = City(
        id="convert",
        title=Text(de=first.name, en=first.name),
        area=_area(horizontal),
        centre=position,
        crs=horizontal if _in_metres(horizontal) else _utm(position),
        heights=Heights(crs=vertical, undulation_m=stated.undulation_m),
        contact="",
    )
    return Frame(city, words)


def _crs(named: str | None, stated: Options, name: str) -> tuple[str, tuple[str, ...]]:
    typed = resolve_crs(stated.crs) if stated.crs else None
    if named is None:
        if typed is None:
            raise UnknownCRS(
                f"{name} does not say in which CRS its coordinates are; say it with --crs, "
                "for example --crs EPSG:25832+7837"
            )
        return typed, ()
    try:
        found = resolve_crs(named)
    except UnknownCRS as error:
        raise UnknownCRS(f"{name}: {error}. On the command line: --crs EPSG:25832+7837") from None
    if typed is None or typed == found:
        return found, ()
    horizontal, vertical = split_crs(found)
    if split_crs(typed)[0] == horizontal and vertical is None:
        return typed, ()
    return found, (f"the file names {found}; --crs {typed} was not needed",)


def _vertical(
    horizontal: str, position: tuple[float, float], stated: Options, name: str
) -> tuple[str, tuple[str, ...]]:
    here = in_germany(*position)
    code = horizontal.removeprefix("EPSG:")
    if here and (code in _GERMAN_CRS or code in ("32631", "32632", "32633", "4258", "4326", "OGC:CRS84")):
        return GERMAN_HEIGHTS, (
            f"no vertical CRS is named; in Germany heights are DHHN2016 ({GERMAN_HEIGHTS})",
        )
    if stated.undulation_m is not None:
        return ANY_HEIGHTS, (f"no vertical CRS is named; {stated.undulation_m:g} m were added, as stated",)
    raise MissingGeoid(
        f"{name} does not say what its heights refer to ({horizontal} is horizontal only). Say how far the "
        "geoid lies above the ellipsoid there, such as --undulation 45.7 (0 for ellipsoidal heights), or "
        "name a compound CRS whose grid is at hand, such as --crs EPSG:25832+7837"
    )


def _position(first: First, horizontal: str, typed: str | None) -> tuple[float, float]:
    """Longitude and latitude of the first things; `typed` is what the operator said."""
    here = np.array(first.places)
    lonlat = transform_2d(here, horizontal)
    west, south, east, north = _area(horizontal)
    fits = ((lonlat >= (west, south)) & (lonlat <= (east, north))).all(axis=1)
    if fits.any():
        # The middle one: neither a single thing that is astray nor its direction decides.
        away = np.abs(lonlat[fits] - np.median(lonlat[fits], axis=0)).sum(axis=1)
        lon, lat = lonlat[fits][away.argmin()].tolist()
        return lon, lat
    lon, lat = lonlat[0].tolist()
    found = f"at {degrees(lon, lat)}" if np.isfinite((lon, lat)).all() else "nowhere on earth"
    swapped = transform_2d(here[:1, ::-1], horizontal)[0].tolist()
    hint = "is it the right CRS?"
    if west <= swapped[0] <= east and south <= swapped[1] <= north:
        hint = "with easting and northing swapped they would fit."
    own = first.crs is not None and first.crs != typed
    remedy = "The file itself names that CRS: mend it there" if own else "Say the right one with --crs"
    raise SourceBroken(
        f"{first.name}: its coordinates do not fit {horizontal}: read so they lie {found}, while it is used "
        f"from {degrees(west, south)} to {degrees(east, north)}; {hint} {remedy}"
    )


def degrees(lon: float, lat: float) -> str:
    """A place on earth in words, to 10 km."""
    return f"{abs(lat):.1f}° {'N' if lat >= 0 else 'S'}, {abs(lon):.1f}° {'E' if lon >= 0 else 'W'}"


@lru_cache(maxsize=32)
def _area(horizontal: str) -> tuple[float, float, float, float]:
    """West, south, east, north in degrees where a CRS is used, and a little around."""
    import pyproj

    area = pyproj.CRS.from_user_input(horizontal).area_of_use
    if area is None:
        return (-180.0, -90.0, 180.0, 90.0)
    return (
        max(area.west - _SLACK_DEGREES, -180.0),
        max(area.south - _SLACK_DEGREES, -90.0),
        min(area.east + _SLACK_DEGREES, 180.0),
        min(area.north + _SLACK_DEGREES, 90.0),
    )


def _in_metres(horizontal: str) -> bool:
    import pyproj

    crs = pyproj.CRS.from_user_input(horizontal)
    return crs.is_projected and all(axis.unit_conversion_factor == 1 for axis in crs.axis_info)


def _utm(position: tuple[float, float]) -> str:
    """The UTM zone of a place: of ETRS89 in Europe, else of WGS 84."""
    zone = int((position[0] + 180) // 6) + 1
    if 28 <= zone <= 38 and 34 <= position[1] <= 84:
        return f"EPSG:{25800 + zone}"
    return f"EPSG:{(32600 if position[1] >= 0 else 32700) + zone}"
