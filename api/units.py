"""Units as people write them on the pages that need no JavaScript."""

_UNITS = {
    "ug/m3": "µg/m³",
    "mg/m3": "mg/m³",
    "m2": "m²",
    "m3": "m³",
    "km2": "km²",
    "m3/s": "m³/s",
    "J/cm2": "J/cm²",
    "Cel": "°C",
    "deg": "°",
    "uSv/h": "µSv/h",
    "1": "",
    "1/15min": "/ 15 min",
    "1/h": "/ h",
    "1/d": "/ d",
}
"""UCUM code → as people write it, where that is not the same."""


def unit(code: str | None) -> str:
    """A unit as people write it."""
    return "" if code is None else _UNITS.get(code, code)
