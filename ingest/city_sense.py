"""Sense of a city: what ``city.toml`` says in good TOML and cannot mean, each with line and remedy."""

import re
from collections.abc import Iterator
from pathlib import Path

from ingest.faults import line_of
from ingest.load import city_folders
from twin.city import City, Heights
from twin.errors import GeodesyError, UnknownCRS

_ADDRESS = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}\.[^@\s.]{1,63}|https?://[^\s/]{1,253}\S{0,500}")
_EARTH = (-110.0, 90.0)
"""Between these the geoid lies above the ellipsoid, in metres (EGM2008)."""
_GERMANY = (5.8, 47.2, 15.1, 55.1)
_GERMAN = (33.0, 52.0)
"""The same within Germany, 36 to 50, and a little more."""


def city_nonsense(city: City, file: Path) -> Iterator[str]:
    """Each fault as ``file, line: words; remedy``.

    Args:
        city: as read.
        file: its ``city.toml``.
    """
    text = file.read_text("utf-8")
    for where, words in (*_called(city), *_lies(city), *_laid_out(city)):
        yield f"{file.name}{line_of(text, where)}: {'.'.join(where)} {words}"


def remark(city: City, file: Path) -> str | None:
    """What is to be known of a city without a stated geoid; None if it states one."""
    if city.heights.undulation_m is not None:
        return None
    place = f"{file.name}{line_of(file.read_text('utf-8'), ['heights'])}"
    return (
        f"{place}: heights.undulation_m is not stated: where the geoid's grid is not at hand, layers with "
        "tiles are refused; add it under [heights] (docs/cities.md)"
    )


Fault = tuple[list[str], str]


def _called(city: City) -> Iterator[Fault]:
    other = city_folders().get(city.id)
    if other is not None and city.folder is not None and other.resolve() != city.folder:
        yield (
            ["id"],
            f"{city.id!r} is another city's; write your own, or remove it: then it is the folder's name",
        )
    if not _ADDRESS.fullmatch(city.contact.strip()):
        yield ["contact"], "is no address; write an e-mail address of a role, or a page with https://"


def _lies(city: City) -> Iterator[Fault]:
    west, south, east, north = city.area
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        yield ["area"], "is no area in degrees; write west, south, east, north"
        return
    lon, lat = city.centre
    if not (west <= lon <= east and south <= lat <= north):
        swapped = west <= lat <= east and south <= lon <= north
        remedy = "swap its numbers: longitude comes first" if swapped else "look at both"
        yield ["centre"], f"lies outside the city's area; {remedy}"
        return
    told = city.heights.undulation_m
    german = _GERMANY[0] <= lon <= _GERMANY[2] and _GERMANY[1] <= lat <= _GERMANY[3]
    low, high = _GERMAN if german else _EARTH
    if told is not None and not low <= told <= high:
        where = "in Germany" if german else "on earth"
        yield (
            ["heights", "undulation_m"],
            f"is {told:g}: {where} the geoid lies {low:g} to {high:g} m above the ellipsoid; "
            "look at sign and point",
        )


def _laid_out(city: City) -> Iterator[Fault]:
    """Whether a run could lay tiles out in the city's CRS."""
    import numpy as np

    from tiles.geodesy import Geodesy

    try:
        geodesy = Geodesy(city.crs, Heights(undulation_m=0.0), stated=True)
        centre = geodesy.from_lonlat(np.array([city.centre]))
    except (UnknownCRS, GeodesyError) as error:
        yield ["crs"], f"cannot be used: {error}"
        return
    if not np.isfinite(centre).all():
        yield ["crs"], "does not reach the city's centre; write for example EPSG:25832"
