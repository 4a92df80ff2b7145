"""What a part of a filter costs, told before it is reckoned: about microseconds of one processor."""

from api.sta.columns import Column, Constant, Values
from api.sta.model import KINDS
from api.sta.moment import Duration
from api.sta.syntax import COMPARISONS
from api.sta.world import STATIONS
from twin.errors import TooMuch

_TEXT = 8_000_000
"""Characters that one function may make for the entities that are looked at together."""
_NODE, _ROW = 2.0, 0.02
"""Of any part, and for each entity; numbers and times are reckoned together."""
_EACH = {"text": 0.25, "true": 0.05, "number": 0.02, "moment": 0.05, "shape": 0.8, "any": 2.0}
"""For each entity, by the most costly kind of values that something works on."""
_SINGLY = 6.0
"""For each entity, where values are looked at one by one."""
_READ, _TAKEN = 1.0, 0.05
"""For each entity a value is read of; of what is a column already."""
_LETTER = 0.002
_CORNER = 0.01
_RECKONED = ("add", "sub", "mul", "div", "mod")
_SINGLE = ("st_relate", "geo.length")
_COLUMNS = ("result", "resultTime", "phenomenonTime", "observedArea", "time")
_KEPT = ("name", "id", "@iot.id", "location", "feature")
"""Columns that are kept for all stations."""


def of_path(kind: str, names: tuple[str, ...], number: int) -> float:
    """Of reading values at the end of a path from so many entities of a kind."""
    for name in names[:-1]:
        link = KINDS[kind].links.get(name)
        kind = kind if link is None else link.target
    column = names[-1] in _COLUMNS or (kind in STATIONS and names[-1] in _KEPT)
    return _NODE + number * (_TAKEN if column else _READ)


def of_values(name: str, parts: list[Values], number: int) -> float:
    """Of an operator or a function with these values.

    Raises:
        TooMuch: it would make more text than is held at once.
    """
    columns = [part for part in parts if isinstance(part, Column)]
    if not columns:
        return _NODE
    kinds = {part.kind for part in columns}
    singly = (name in _RECKONED and kinds != {"number"} and not _moved(parts)) or name in _SINGLE
    each = _SINGLY if singly else max(_EACH[kind] for kind in kinds) * (len(parts) - 1 if name == "in" else 1)
    reads = kinds <= {"text"} and name not in (*COMPARISONS, "in")
    letters = sum(_letters(part, number) for part in parts) if reads else 0
    if name == "concat" and letters > _TEXT:
        raise TooMuch("concat in $filter makes texts that are too long; put fewer together")
    corners = sum(_corners(part) for part in parts) * number if "shape" in kinds else 0
    return _NODE + number * (_ROW + each) + letters * _LETTER + corners * _CORNER


def _moved(parts: list[Values]) -> bool:
    """Whether it is times that are moved by one duration."""
    other = parts[1]
    return isinstance(other, Constant) and isinstance(other.value, Duration)


def _letters(values: Values, number: int) -> int:
    if isinstance(values, Constant):
        return len(values.value) * number if isinstance(values.value, str) else 0
    return sum(len(value) for value in values.values if value is not None)


def _corners(values: Values) -> int:
    import shapely

    shape = values.value if isinstance(values, Constant) else None
    return int(shapely.get_num_coordinates(shape)) if isinstance(shape, shapely.Geometry) else 0
