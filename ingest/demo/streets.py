"""Main streets, drawn by hand: boulevard, avenue, ring, diagonals, the streets along park and river."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random

from ingest.demo import names
from ingest.demo.names import StreetNames
from ingest.demo.place import CORE, Point, Quarter

PARK = ((318, -135), (345, 60), (326, 300), (345, 610), (560, 640), (700, 560), (700, 200), (640, -150))
"""The core's park between its street and the river."""


@dataclass(frozen=True)
class Street:
    """A street's middle line with its width between the houses."""

    name: str
    kind: str
    width: float
    line: tuple[Point, ...]


@dataclass(frozen=True)
class _Drawn:
    name: str
    kind: str
    width: float
    corners: Sequence[Point]
    everywhere: bool = True
    """Every quarter has one like it."""
    whole: bool = False
    """It leads on beyond the quarter's edge; others end there."""


_DRAWN = (
    _Drawn(
        names.BOULEVARD,
        "Hauptstraße",
        38.0,
        ((-60, -1000), (-92, -480), (-40, 0), (-84, 430), (-60, 1000)),
        whole=True,
    ),
    _Drawn(
        names.AVENUE,
        "Hauptstraße",
        27.0,
        ((-1000, -70), (-500, -150), (-40, -95), (330, -165), (1000, -70)),
        whole=True,
    ),
    _Drawn(
        names.RING,
        "Ringstraße",
        31.0,
        (
            (742, -622),
            (420, -690),
            (-76, -590),
            (-420, -545),
            (-655, -160),
            (-585, 330),
            (-300, 590),
            (180, 640),
            (792, 592),
        ),
        whole=True,
    ),
    _Drawn(names.DIAGONAL, "Sammelstraße", 21.0, ((-318, -118), (-560, 200), (-860, 520))),
    _Drawn(names.RADIAL, "Sammelstraße", 20.0, ((-76, -590), (40, -760), (150, -1000))),
    _Drawn(
        names.PARK_STREET,
        "Sammelstraße",
        18.0,
        ((320, -165), (345, 60), (326, 300), (345, 632)),
        everywhere=False,
        whole=True,
    ),
    _Drawn(
        names.BANK,
        "Sammelstraße",
        16.0,
        ((742, -622), (690, -480), (790, -90), (800, 250), (792, 592)),
        everywhere=False,
        whole=True,
    ),
)

_PATHS = (
    ((330, 60), (372, 130), (440, 196), (530, 150), (560, 60), (480, 20), (400, 30), (330, 60)),
    ((330, 300), (372, 300), (430, 290), (500, 330), (470, 420), (380, 430), (345, 540)),
    ((440, 172), (430, 308)),
    ((478, 352), (575, 380), (600, 590)),
    ((545, -150), (575, 0), (582, 150), (590, 300), (562, 385)),
)


def main_streets(quarter: Quarter, rng: Random, given: StreetNames) -> list[tuple[Street, bool]]:
    """Main streets of a quarter and whether they lead on beyond its edge.

    The core has them as drawn; in other quarters they are bent a little and bear other names.
    """
    cx, cy = quarter.centre
    core = quarter == CORE
    streets = []
    for drawn in _DRAWN:
        if not (core or drawn.everywhere):
            continue
        last = len(drawn.corners) - 1
        wide = 0 if core else 55
        corners = [
            (cx + x + (0 if at in (0, last) else rng.uniform(-wide, wide)), cy + y)
            for at, (x, y) in enumerate(drawn.corners)
        ]
        name = drawn.name if core else given.take()
        whole = drawn.whole and (core or drawn.kind == "Hauptstraße")
        streets.append((Street(name, drawn.kind, drawn.width, _smooth(corners)), whole))
    return streets


def park_paths() -> list[Street]:
    """Paths through the core's park; nothing is built along them."""
    return [Street(names.PATH, "Weg", 3.5, _smooth(path)) for path in _PATHS]


def _smooth(points: Sequence[Point]) -> tuple[Point, ...]:
    """Round the corners of a line by cutting them three times (Chaikin)."""
    for _ in range(3):
        cut = [points[0]]
        for (ax, ay), (bx, by) in pairwise(points):
            cut += [
                (0.75 * ax + 0.25 * bx, 0.75 * ay + 0.25 * by),
                (0.25 * ax + 0.75 * bx, 0.25 * ay + 0.75 * by),
            ]
        points = [*cut, points[-1]]
    return tuple((float(x), float(y)) for x, y in points)
