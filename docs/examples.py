"""Examples of the mapping functions: shown in docs/recipes.md with what they give, worked out when written.

A row is: values of the fields named by ``from``, options; what comes out is never written by hand. Every
option that a function understands occurs in one of its rows.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from ingest.fields import FUNCTIONS, Context
from twin.record import Raster, Solid
from twin.times import iso

_GROUND = Raster(np.array([[500.25, 501.5], [502.0, 503.75]], np.float32), 691000.0, 5335000.0, 1.0)
_HOUSE = Solid(
    np.array([[0, 0, 500.0], [8, 0, 500.0], [8, 10, 509.5]]),
    np.array([0, 3]),
    np.array([0, 1]),
    np.array([0], np.uint8),
)
_SHAPE = b"\1\1\0\0\0" + bytes(16)

_Row = tuple[tuple[Any, ...], dict[str, Any]]
EXAMPLES: MappingProxyType[str, tuple[_Row, ...]] = MappingProxyType(
    {
        "text": ((("  Am   Anger ",), {}), (("k. A.",), {"missing": ["k. A."]})),
        "first": (((None, "", "Anger"), {}),),
        "join": ((("Stadt", "München"), {}), (("B 2", "R"), {"with": " / "})),
        "constant": (((), {"value": "municipality"}),),
        "plain": ((("<b>Kanal&shy;bau</b> &amp; Strom",), {}),),
        "link": ((('<a href="https://example.org/x">mehr</a>',), {}), (("javascript:alert(1)",), {})),
        "list": ((("Gehweg,Radweg ,",), {}),),
        "flags": (
            (({"foot": True, "car": False, "bike": True},), {"map": {"foot": "Fußweg", "bike": "Radweg"}}),
        ),
        "texts": (
            ((["16", " N19 ", "16", ""],), {}),
            (("Gehweg,Radweg ,",), {"separator": ","}),
            (("U3", ["U6"]), {}),
            ((["-", "Radweg"],), {"missing": ["-"]}),
            (("16, 17",), {}),
        ),
        "flag_texts": (
            (({"foot": True, "car": False, "bike": True},), {"map": {"foot": "Fußweg", "bike": "Radweg"}}),
        ),
        "among": (
            (("gesperrt",), {"words": ["gesperrt", "voll gesperrt"]}),
            (("offen",), {"words": ["gesperrt"]}),
        ),
        "number": (
            (("12.5",), {}),
            (("1.234,5",), {"comma": True}),
            (("250",), {"factor": 0.01}),
            (("-999",), {"missing": ["-999"]}),
            (("many",), {}),
        ),
        "integer": ((("12",), {}), (("12.5",), {}), (("?",), {"missing": ["?"]})),
        "choice": (
            (("3100",), {"map": {"3100": "gabled"}, "otherwise": "other"}),
            (("31001_1010",), {"prefix": {"31001_1": "residential"}}),
            (("9999",), {"map": {"3100": "gabled"}, "otherwise": "other"}),
            ((None,), {"map": {"3100": "gabled"}, "empty": "unknown"}),
        ),
        "boolean": (
            (("Ja",), {}),
            (("offen",), {"true": ["offen"], "false": ["zu"]}),
            (("k. A.",), {"missing": ["k. A."]}),
        ),
        "day_start": ((("27.06.2025",), {}), (("2025-12-01",), {})),
        "day_end": ((("27.06.2025",), {}),),
        "instant": ((("2026-07-31T08:30:00+02:00",), {}), (("2026-07-31 08:30",), {})),
        "group": ((("01.07.2026", "31.07.2026"), {}),),
        "building_height": (((9.2, [], None), {}), ((None, [4.0, 11.5], None), {}), ((None, [], None), {})),
        "building_height_source": (((9.2, [], None), {}), ((None, [], None), {})),
        "raster_lowest": (((), {}),),
        "raster_highest": (((), {}),),
        "raster_step": (((), {}),),
        "metres": ((("3,5 m",), {}), (("12'",), {})),
        "osm_cycling": (
            (("residential", None, None, None, "lane", None, None, None, None, None, None), {}),
            (("cycleway", None, None, None, None, None, None, None, None, None, None), {}),
        ),
        "osm_lanes": ((("2",), {}), (("2;3",), {})),
        "osm_oneway": ((("yes", None, "residential"), {}), ((None, "roundabout", "primary"), {})),
        "osm_speed": ((("30 mph",), {}), (("DE:urban",), {}), (("none",), {})),
        "noise_from": ((("Lden5559",), {}), (("> 75",), {})),
        "noise_to": ((("Lden5559",), {}), (("> 75",), {})),
        "year": ((("1911-05",), {}), (("~1900",), {})),
        "noise_indicator": ((("Lnight5054",), {}), (("55-59", "LDEN"), {})),
        "tree_form": ((("Picea abies",), {}), (("unbekannt",), {})),
        "tree_height": (
            (("14", "8", "Tilia cordata"), {}),
            ((None, None, "Tilia cordata"), {}),
            (("519.2", "14.5"), {"between": [2, 60]}),
        ),
        "tree_height_source": (((None, "8", "Tilia cordata"), {}),),
        "tree_crown": ((("14", None, "Tilia cordata"), {}),),
        "tree_crown_source": (((None, None, None), {}),),
    }
)
"""Function → rows."""


def told(name: str, values: tuple[Any, ...], options: dict[str, Any]) -> str:
    """What a function makes of values, as it is shown."""
    geometry: Any = _SHAPE
    if name.startswith("raster"):
        geometry = _GROUND
    elif name.startswith("building"):
        geometry = _HOUSE
    try:
        result = FUNCTIONS[name](list(values), Context(options, ZoneInfo("Europe/Berlin"), geometry))
    except ValueError as error:
        return f"broken: its value {error}"
    return (
        "no value"
        if result is None
        else f"`{iso(result) if isinstance(result, datetime) else _json(result)}`"
    )


def lines(name: str) -> Iterator[str]:
    """The rows of a function's examples: ``"12.5" → 12.5``."""
    for values, options in EXAMPLES[name]:
        given = ", ".join(_json(value) for value in values if value is not None or len(values) < 4)
        more = (
            " with " + ", ".join(f"{key} = {_toml(value)}" for key, value in options.items())
            if options
            else ""
        )
        yield f"`{given or 'no field'}{more}` → {told(name, values, options)}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_json(key)} = {_toml(each)}" for key, each in value.items()) + " }"
    return _json(value)
