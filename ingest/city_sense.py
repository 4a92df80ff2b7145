"""Sense of a city: what ``city.toml`` says in good TOML and cannot mean, each with line and remedy."""

import re
from collections.abc import Iterator
from pathlib import Path

from ingest.faults import line_of
from ingest.load import city_folders
from ingest.undulation import misstated
from twin.city import City, Heights
from twin.errors import GeodesyError, UnknownCRS

_ADDRESS = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}\.[^@\s.]{1,63}|https?://[^\s/]{1,253}\S{0,500}")


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
    wrong = None if told is None else misstated(told, lon, lat)
    if wrong is not None:
        yield ["heights", "undulation_m"], wrong


def _laid_out(city: City) -> Iterator[Fault]:
    """Whether a run could lay tiles out in the city's CRS."""
    import numpy as np

    from tiles.geodesy import Geodesy

    try:
        geodesy = Geodesy(city.crs, Heights(undulation_m=0.0), stated=True)
        centre = geodesy.from_lonlat(np.array([city.centre]))
    except UnknownCRS as error:  # its remedies are those for data
        yield ["crs"], f"cannot be used: {str(error).partition('; ')[0]}; write for example EPSG:25832"
        return
    except GeodesyError as error:
        yield ["crs"], f"cannot be used: {error}"
        return
    if not np.isfinite(centre).all():
        yield ["crs"], "does not reach the city's centre; write for example EPSG:25832"
