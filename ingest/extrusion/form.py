"""How high a building stands and what its roof is like, from what its source says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ingest.extrusion.numbers import degrees, metres, storeys

STOREY_M = 3.0
_LOWEST_M, _HIGHEST_M = 0.5, 1000.0
_UNUSABLE = "a height or number of storeys that cannot be was ignored"
_FROM_STOREYS = "a height taken from storeys, at {:g} m each"
_ASSUMED = "a building without height or storeys: {:g} m assumed"
_NO_BASE = "a base that nobody states: the building stands at 0 m"
_FLAT_ONLY = "a roof as high as its building was drawn flat"
_UNKNOWN_ROOF = "a roof of a form we cannot draw was drawn flat"
_NEAREST = "a roof of a rare form was drawn as the nearest simple one"

_SHAPES = {
    "flat": "flat", "gabled": "gabled", "hipped": "hipped", "half-hipped": "half-hipped",
    "pyramidal": "pyramidal", "skillion": "skillion", "gambrel": "gambrel", "mansard": "mansard",
    "dome": "dome", "onion": "onion", "round": "round", "cone": "cone", "saltbox": "saltbox",
    # Overture and older OSM names for the same forms
    "gable": "gabled", "pitched": "gabled", "hip": "hipped", "half_hipped": "half-hipped",
    "halfhipped": "half-hipped", "pyramid": "pyramidal", "lean_to": "skillion", "shed": "skillion",
    "spherical": "dome", "conical": "cone", "barrel": "round",
    # CityGML code list of the German surveying authorities (AdV)
    "1000": "flat", "2100": "skillion", "3100": "gabled", "3200": "hipped", "3300": "half-hipped",
    "3400": "mansard", "3500": "pyramidal", "3600": "cone", "3700": "dome", "3900": "round",
    "satteldach": "gabled", "walmdach": "hipped", "flachdach": "flat", "pultdach": "skillion",
    "zeltdach": "pyramidal", "krüppelwalmdach": "half-hipped", "mansarddach": "mansard",
    "tonnendach": "round",
}  # fmt: skip
_SIMPLER = {
    "gabled_row": "gabled", "side_hipped": "hipped", "side_half-hipped": "half-hipped", "quadruple_saltbox":
    "hipped", "double_saltbox": "gabled", "crosspitched": "gabled", "cross_gabled": "gabled", "sawtooth":
    "flat", "butterfly": "flat", "hipped-and-gabled": "half-hipped", "hip-and-gable": "half-hipped",
    "lean_to_saltbox": "saltbox", "monitor": "gabled", "2200": "skillion", "3800": "flat",
    "4000": "pyramidal",
}  # fmt: skip
"""Forms that are drawn as a simpler one, with a note."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a recipe states for buildings whose source says nothing."""

    assumed_height: float = 2 * STOREY_M
    base: float | None = None
    storey_height: float = STOREY_M
    flat: bool = False
    """True draws no roofs (LoD 1)."""


@dataclass(slots=True)
class Form:
    """The form of one building or part of one; heights in metres above `base`."""

    base: float | None
    """Height of the ground it stands on, in the source's vertical CRS; None if nobody states it."""
    bottom: float
    """Where it begins above the ground: more than 0 for what hangs over a passage."""
    top: float
    """Its highest point; with `rise_open` still without the roof."""
    roof: str
    """One of the shapes of OSM's Simple 3D Buildings."""
    rise: float | None
    """Height of the roof, part of `top` if that was stated; None: from the roof's own form."""
    rise_open: bool
    """The roof comes on top of `top`, which counts the storeys below it."""
    angle: float | None
    direction: float | None
    across: bool
    stated: float | None
    """The height as the source states it."""
    assumed: bool
    notes: tuple[str, ...]


def form_of(said: Mapping[str, Any], rules: Rules, ground: float | None = None) -> Form:
    """Decide on a form.

    Args:
        said: what `columns.Columns.of` found.
        rules: what holds where the source is silent.
        ground: height of the outline itself, where it is three-dimensional.
    """
    notes: list[str] = []
    height = _height(said, "height", notes, _LOWEST_M)
    levels = _levels(said, "storeys", notes)
    bottom = _height(said, "bottom", notes, 0.0)
    if bottom is None:
        level = _levels(said, "bottom_storeys", notes)
        bottom = 0.0 if level is None or level < 0 else level * rules.storey_height
    roof = _roof(said, notes) if not rules.flat and "roof" in said else "flat"
    rise = _height(said, "roof_height", notes, 0.0)
    if rise is None and (roof_levels := _levels(said, "roof_storeys", notes)):
        rise = roof_levels * rules.storey_height
    assumed, rise_open = False, False
    if height is not None and height > bottom:
        top = height
    elif levels is not None and levels * rules.storey_height + (rise or 0) > bottom:
        notes.append(_FROM_STOREYS.format(rules.storey_height))
        top, rise_open = levels * rules.storey_height, True
    else:
        if height is not None:
            notes.append(_UNUSABLE)
        notes.append(_ASSUMED.format(rules.assumed_height))
        height, top, assumed = None, bottom + rules.assumed_height, True
    if rise_open and (roof == "flat" or rise is not None):
        top, rise_open = top + (rise or 0), False
    if roof != "flat" and rise is not None and rise > top - bottom + 1e-9:
        notes.append(_FLAT_ONLY)
        roof = "flat"
    base = metres(said["base"]) if "base" in said else None
    base = next((value for value in (base, ground, rules.base) if value is not None), None)
    if base is not None and not -500 < base < 9000:
        notes.append(_UNUSABLE)
        base = None
    if base is None:
        notes.append(_NO_BASE)
    angle = metres(said.get("roof_angle"))
    return Form(
        base,
        bottom,
        top,
        roof,
        rise if roof != "flat" else 0.0,
        rise_open,
        angle if angle is not None and 1 <= angle <= 85 else None,
        degrees(said.get("direction")),
        str(said.get("orientation", "")).strip().lower() == "across",
        height,
        assumed,
        tuple(dict.fromkeys(notes)),
    )


def _height(said: Mapping[str, Any], role: str, notes: list[str], least: float) -> float | None:
    if role not in said:
        return None
    value = metres(said[role])
    if value is None or not least <= value <= _HIGHEST_M:
        if value != 0:  # how many a source writes "unknown"
            notes.append(_UNUSABLE)
        return None
    return value


def _levels(said: Mapping[str, Any], role: str, notes: list[str]) -> float | None:
    if role not in said:
        return None
    value = storeys(said[role])
    if value is None or not -10 <= value <= 250:
        notes.append(_UNUSABLE)
        return None
    return value if value >= 0 else None


def _roof(said: Mapping[str, Any], notes: list[str]) -> str:
    written = str(said["roof"]).strip().lower().rpartition("#")[2]
    if written in _SHAPES:
        return _SHAPES[written]
    notes.append(_NEAREST if written in _SIMPLER else _UNKNOWN_ROOF)
    return _SIMPLER.get(written, "flat")
