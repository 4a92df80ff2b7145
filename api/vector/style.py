"""How maps draw a layer: a Mapbox/MapLibre style (version 8) with the viewer's colours by day."""

from datetime import datetime
from typing import Any, Protocol

from twin import times
from twin.layer import Layer, Theme
from twin.schema import Column

SHADES = ("#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7", "#8c8c8c")
"""Okabe and Ito (2008), by the place of a choice."""
RAMP = ("#fde725", "#a0da39", "#4ac16d", "#1fa187", "#277f8e", "#365c8d", "#46327e", "#440154")
"""Viridis (van der Walt and Smith, 2015), from little to much."""
THEMES = {
    Theme.TRAFFIC: "#1f68a8",
    Theme.CONSTRUCTION: "#e8740c",
    Theme.ENVIRONMENT: "#2b7350",
    Theme.MODEL: "#8a7f8f",
}
SITE_DONE = "#9a8f80"
EDGE = "#5a4f44"
GROUND = {
    "building": "#fbf6ec",
    "model": "#fbf6ec",
    "street": "#d0cabd",
    "water": "#a7c4d4",
    "green": "#c9d6b0",
    "tree": "#a6ba88",
}
"""What all else lies on, by kind of layer."""
OUTLINED = ("district", "boundary", "weather-warning")
"""Large things that contain others: only their border is drawn."""
VANISHING = "weather-warning"
"""What has ended is no longer shown: a warning that is over warns nobody."""
BORDER = [5, 3]
"""Dashes of their borders, in widths of the line: none is taken for a way."""
SITES = "roadwork"
RIM = "#ffffff"
VEIL = 0.5
VEIL_DONE = 0.25
DASH = [2.5, 1.8]
"""Of what is still to come: widths of its line, drawn and left out by turns."""

_DRAWN = ("fill", "line", "circle")
_BELOW = ("green", "water", "street")

Expression = Any


class Values(Protocol):
    """Features that know which values a column has."""

    def values(self, column: str) -> set[Any]:
        """The different values of a column."""


def layers(layer: Layer, sheet: Values, at: datetime) -> list[dict[str, Any]]:
    """The style's layers, from below: areas, their borders, lines, points.

    Args:
        layer: What is drawn.
        sheet: Its features: of choices that lie on each other the first that there is, is shown.
        at: The instant: what is over by then is drawn as over.
    """
    kind = layer.schema_id.partition("/")[0]
    colour = colours(layer, kind)
    ground = kind in GROUND
    own = _holding(at) if kind == VANISHING else _instead(layer, sheet)
    made: list[dict[str, Any]] = []
    geometry = layer.schema_.geometry
    if kind == SITES:
        return _sites(layer, geometry, at)
    if geometry not in ("line", "point"):
        if kind not in OUTLINED:
            paint = {"fill-color": colour, "fill-opacity": 1.0 if ground else VEIL}
            made.append(_drawn(layer, "area", "fill", "Polygon", own, paint))
        edge = EDGE if kind in ("building", "model") else colour
        wide = {"line-color": edge, "line-width": 0.5 if ground else 1.5}
        dashed = {"line-dasharray": BORDER} if kind in OUTLINED else {}
        made.append(_drawn(layer, "border", "line", "Polygon", own, wide | dashed))
    if geometry in ("line", "any"):
        made.append(
            _drawn(layer, "line", "line", "LineString", own, {"line-color": colour, "line-width": 3.2})
        )
    if geometry in ("point", "any"):
        paint = {"circle-color": colour, "circle-radius": 3 if ground else 5}
        rim = {} if ground else {"circle-stroke-color": RIM, "circle-stroke-width": 1}
        made.append(_drawn(layer, "point", "circle", "Point", own, paint | rim))
    return made


def _sites(layer: Layer, geometry: str, at: datetime) -> list[dict[str, Any]]:
    """Sites by phase, told apart without colour: coming dashed and empty, running filled, done faint."""
    over, coming = _over(at), _coming(at)
    begun: Expression = ["!", coming]
    colour = ["case", over, SITE_DONE, THEMES[Theme.CONSTRUCTION]]
    dashed = {"line-color": THEMES[Theme.CONSTRUCTION], "line-dasharray": DASH}
    made: list[dict[str, Any]] = []
    if geometry not in ("line", "point"):
        veil = {"fill-color": colour, "fill-opacity": ["case", over, VEIL_DONE, VEIL]}
        edge = {"line-color": colour, "line-width": ["case", over, 0.8, 1.5]}
        made += [
            _drawn(layer, "area", "fill", "Polygon", begun, veil),
            _drawn(layer, "border", "line", "Polygon", begun, edge),
            _drawn(layer, "border-coming", "line", "Polygon", coming, dashed | {"line-width": 2}),
        ]
    if geometry in ("line", "any"):
        thick = {"line-color": colour, "line-width": ["case", over, 2, 3.2]}
        made += [
            _drawn(layer, "line", "line", "LineString", begun, thick),
            _drawn(layer, "line-coming", "line", "LineString", coming, dashed | {"line-width": 3.2}),
        ]
    if geometry in ("point", "any"):
        paint = {
            "circle-color": ["case", coming, RIM, colour],
            "circle-radius": 5,
            "circle-stroke-color": ["case", coming, THEMES[Theme.CONSTRUCTION], RIM],
            "circle-stroke-width": ["case", coming, 2, 1],
        }
        made.append(_drawn(layer, "point", "circle", "Point", None, paint))
    return made


def place(layer: Layer, drawn: dict[str, Any]) -> tuple[int, int]:
    """Where one of a layer's style layers belongs among those of others: points on lines on areas.

    Of the areas green, water and streets lie lowest, then other ground, such as buildings, then what
    is told of it.
    """
    kind = layer.schema_id.partition("/")[0]
    ground = _BELOW.index(kind) if kind in _BELOW else len(_BELOW)
    return _DRAWN.index(drawn["type"]), ground if kind in GROUND else len(_BELOW) + 1


def colouring(layer: Layer) -> Column | None:
    """The column that colours areas and lines: the first with class breaks, else the first with choices."""
    kind = layer.schema_id.partition("/")[0]
    if kind in GROUND or kind in OUTLINED or kind == SITES or layer.schema_.geometry == "point":
        return None
    columns = layer.schema_.columns
    ordered = (column for column in columns if column.breaks)
    return next(ordered, next((column for column in columns if len(column.choices) > 1), None))


def colours(layer: Layer, kind: str) -> Expression:
    """A colour, or an expression that finds one by a feature's properties."""
    if kind in GROUND:
        return GROUND[kind]
    plain = THEMES[layer.theme]
    column = colouring(layer)
    if column is None:
        return plain
    if column.breaks:
        classes = len(column.breaks) + 1
        steps: list[Any] = [RAMP[step(0, classes)]]
        for number, least in enumerate(column.breaks, 1):
            steps += [least, RAMP[step(number, classes)]]
        of = ["get", column.name]
        return ["case", ["==", ["typeof", of], "number"], ["step", ["to-number", of], *steps], plain]
    pairs: list[str] = []
    for place, choice in enumerate(column.choices):
        pairs += [choice.value, SHADES[place % len(SHADES)]]
    return ["match", ["get", column.name], *pairs, plain]


def step(index: int, classes: int) -> int:
    """The step of the ramp for a class: few classes use the whole ramp, too."""
    return int(index * (len(RAMP) - 1) / max(1, classes - 1) + 0.5)


def _over(at: datetime) -> Expression:
    """Whether something has ended. Times are texts of one form, whose order is that of the times."""
    return ["all", ["has", "valid_to"], ["<=", ["get", "valid_to"], times.iso(at)]]


def _coming(at: datetime) -> Expression:
    """Whether something has not begun yet, nor ended all the same."""
    return ["all", ["!", _over(at)], ["has", "valid_from"], [">", ["get", "valid_from"], times.iso(at)]]


def _holding(at: datetime) -> Expression:
    """A filter for what has begun and is not over."""
    now = times.iso(at)
    begun = ["any", ["!", ["has", "valid_from"]], ["<=", ["get", "valid_from"], now]]
    return ["all", begun, ["any", ["!", ["has", "valid_to"]], [">", ["get", "valid_to"], now]]]


def _instead(layer: Layer, sheet: Values) -> Expression | None:
    """A filter for the first choice that there is, where features of different choices lie on each other."""
    column = next((column for column in layer.schema_.columns if column.alternatives), None)
    if column is None:
        return None
    there = sheet.values(column.name)
    first = next((choice.value for choice in column.choices if choice.value in there), None)
    return None if first is None else ["==", ["get", column.name], first]


def _drawn(
    layer: Layer, name: str, how: str, form: str, own: Expression | None, paint: dict[str, Any]
) -> dict[str, Any]:
    shape = ["match", ["geometry-type"], [form, f"Multi{form}"], True, False]
    return {
        "id": f"{layer.id}-{name}",
        "type": how,
        "source": layer.id,
        "source-layer": layer.id,
        "filter": shape if own is None else ["all", shape, own],
        "paint": paint,
    }
