"""CRS names: the many ways in which sources write one become ``EPSG:25832+7837``.

AdV's names (GeoInfoDok, "Koordinatenreferenzsysteme") are unknown to PROJ, so they are read here. A name
is only looked up if it is a code: PROJ also guesses at free text and opens files.
"""

import re
from functools import lru_cache

from twin.errors import UnknownCRS

_ADV = re.compile(r"urn:adv:crs:([A-Za-z0-9_-]+)(?:\*([A-Za-z0-9_]+))?(?:\*[A-Za-z0-9_]+)?")
_ADV_HORIZONTAL = {
    "ETRS89_UTM31": "25831",
    "ETRS89_UTM32": "25832",
    "ETRS89_UTM33": "25833",
    "ETRS89_Lat-Lon": "4258",
    "DE_DHDN_3GK2": "31466",
    "DE_DHDN_3GK3": "31467",
    "DE_DHDN_3GK4": "31468",
    "DE_DHDN_3GK5": "31469",
}
_ADV_VERTICAL = {
    "DE_DHHN2016_NH": "7837",
    "DE_DHHN92_NH": "5783",
    "DE_DHHN85_NOH": "5784",
    "DE_DHHN12_NOH": "7699",
}
# The surveying authorities write these for DHHN2016 heights, though EPSG means DHHN92, for which PROJ
# would add 0 m without a word.
_MEANT = {"5554": "25831+7837", "5555": "25832+7837", "5556": "25833+7837"}

_CODE = re.compile(
    r"(?:urn:(?:x-)?ogc:def:crs,crs:|urn:(?:x-)?ogc:def:crs:|crs:)?EPSG:(?:[0-9.]*:)?([0-9]{4,6})",
    re.IGNORECASE,
)
_URL = re.compile(r"https?://www\.opengis\.net/def/crs/EPSG/[0-9.]+/([0-9]{4,6})/?", re.IGNORECASE)
_OLD_URL = re.compile(r"https?://www\.opengis\.net/gml/srs/epsg\.xml#([0-9]{4,6})", re.IGNORECASE)
_COMPOUND_URL = re.compile(r"https?://www\.opengis\.net/def/crs-compound\?1=(.+)&2=(.+)", re.IGNORECASE)
_SHORT = re.compile(r"EPSG:([0-9]{4,6})\s*[+,;]\s*(?:EPSG:)?([0-9]{4,6})", re.IGNORECASE)
_URN_PAIR = re.compile(
    r"urn:(?:x-)?ogc:def:crs:EPSG:[0-9.]*:([0-9]{4,6})[+,](?:(?:urn:(?:x-)?ogc:def:)?(?:crs:)?EPSG:[0-9.]*:)?([0-9]{4,6})",
    re.IGNORECASE,
)
_URL_PAIR = re.compile(
    r"https?://www\.opengis\.net/def/crs/EPSG/[0-9.]+/([0-9]{4,6})\+([0-9]{4,6})", re.IGNORECASE
)
_CRS84 = re.compile(
    r"(?:urn:(?:x-)?ogc:def:crs:OGC:[0-9.]*:CRS84|OGC:CRS84|CRS84|https?://www\.opengis\.net/def/crs/OGC/[0-9.]+/CRS84)",
    re.IGNORECASE,
)
# Names that publishers write in place of a code; compared without blanks and underscores.
_NAMED = {
    "ch1903": "21781",
    "ch1903/lv03": "21781",
    "ch1903lv03": "21781",
    "lv03": "21781",
    "ch1903+": "2056",
    "ch1903+/lv95": "2056",
    "ch1903+lv95": "2056",
    "lv95": "2056",
    "etrs89/utmzone32n": "25832",
    "etrs89/utmzone33n": "25833",
    "etrs89utm32": "25832",
    "etrs89utm33": "25833",
    "amersfoort/rdnew": "28992",
    "mgi/austriagkeast": "31256",
}
_WKT = re.compile(r"(?:PROJCRS|PROJCS|GEOGCRS|GEOGCS|GEODCRS|COMPOUNDCRS|COMPD_CS|BOUNDCRS)\[")
_LONGEST_WKT = 20_000

_REMEDY = "state the CRS, for example EPSG:25832+7837 with --crs, or as crs under [source] in the recipe"


def resolve_crs(name: str | None) -> str:
    """Return the canonical form of a CRS name: ``EPSG:25832``, ``EPSG:25832+7837`` or ``OGC:CRS84``.

    Args:
        name: As the source writes it: AdV or OGC URN, OGC URL, ``EPSG:25832+7837``, WKT.

    Raises:
        UnknownCRS: if it is missing, or is not a code that EPSG knows.
    """
    if name is None or not name.strip():
        raise UnknownCRS(f"the data name no CRS; {_REMEDY}")
    return _resolve(name.strip())


def split_crs(canonical: str) -> tuple[str, str | None]:
    """``EPSG:25832+7837`` → (``EPSG:25832``, ``EPSG:7837``); the second None if there is no vertical CRS."""
    horizontal, _, vertical = canonical.partition("+")
    return horizontal, f"EPSG:{vertical}" if vertical else None


@lru_cache(maxsize=256)
def _resolve(name: str) -> str:
    if _CRS84.fullmatch(name):
        return "OGC:CRS84"
    if match := _ADV.fullmatch(name):
        return _adv(name, match)
    for pattern in (_SHORT, _URN_PAIR, _URL_PAIR):
        if match := pattern.fullmatch(name):
            return _pair(f"EPSG:{match[1]}", f"EPSG:{match[2]}")
    if code := _NAMED.get(name.lower().replace(" ", "").replace("_", "")):
        return _known(code)
    if match := _COMPOUND_URL.fullmatch(name):
        return _pair(match[1], match[2])
    if name.lower().startswith(("urn:ogc:def:crs,", "urn:x-ogc:def:crs,")) and name.count(",") == 2:
        _, first, second = name.split(",")
        return _pair(first, second)
    for pattern in (_CODE, _URL, _OLD_URL):
        if match := pattern.fullmatch(name):
            return _known(match[1])
    if len(name) <= _LONGEST_WKT and _WKT.match(name):
        return _wkt(name)
    raise UnknownCRS(f"CRS {_short(name)} is not a name we can read; {_REMEDY}")


def _adv(name: str, match: re.Match[str]) -> str:
    horizontal = _ADV_HORIZONTAL.get(match[1])
    vertical = _ADV_VERTICAL.get(match[2]) if match[2] else ""
    if horizontal is None or vertical is None:
        raise UnknownCRS(f"AdV's CRS {_short(name)} is not one we know; {_REMEDY}")
    return f"EPSG:{horizontal}+{vertical}" if vertical else f"EPSG:{horizontal}"


def _pair(first: str, second: str) -> str:
    horizontal, vertical = (_resolve(part) for part in (first, second))
    if _crs(horizontal).is_vertical or "+" in horizontal or not _crs(vertical).is_vertical:
        raise UnknownCRS(
            f"{_short(first)} and {_short(second)} are not a horizontal and a vertical CRS; {_REMEDY}"
        )
    return f"{horizontal}+{vertical.removeprefix('EPSG:')}"


def _known(code: str) -> str:
    if code in _MEANT:
        return f"EPSG:{_MEANT[code]}"
    crs = _crs(f"EPSG:{code}")
    if crs.is_compound:
        return "EPSG:" + "+".join(str(part.to_epsg()) for part in crs.sub_crs_list)
    return f"EPSG:{code}"


def _wkt(text: str) -> str:
    crs = _crs(text)
    if crs.is_compound:
        codes = [part.to_epsg() for part in crs.sub_crs_list]
        if None not in codes and len(codes) == 2:
            return _pair(f"EPSG:{codes[0]}", f"EPSG:{codes[1]}")
    elif (code := crs.to_epsg()) is not None:
        return _known(str(code))
    raise UnknownCRS(f"the CRS written as WKT is none that EPSG lists; {_REMEDY}")


def _crs(name: str):  # type: ignore[no-untyped-def] # pyproj.CRS, imported on use
    import pyproj

    try:
        return pyproj.CRS.from_user_input(name)
    except pyproj.exceptions.CRSError:
        raise UnknownCRS(f"{_short(name)} is not a CRS that EPSG lists; {_REMEDY}") from None


def _short(name: str) -> str:
    return repr(name if len(name) <= 80 else name[:77] + "…")
