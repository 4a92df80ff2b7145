"""Houses: bodies with a use. Single houses that stand free: villas, terraces, slabs, towers, garages."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from ingest.demo import roofs
from ingest.demo.place import Point
from ingest.demo.rings import rectangle
from ingest.demo.roofs import Body

# AdV code list "Gebäudefunktion", as LoD2 writes it.
DWELLING, DWELLING_AND_TRADE, OFFICE, GARAGE = "31001_1010", "31001_1121", "31001_2020", "31001_2463"
SCHOOL, MUSEUM, CHURCH, UNKNOWN = "31001_3021", "31001_3034", "31001_3041", "31001_9998"
STOREY = 3.25


@dataclass(frozen=True, slots=True)
class House:
    """One building: its shells (several if it has parts) and what it is for."""

    bodies: tuple[Body, ...]
    function: str
    storeys: int | None
    street: str

    def year(self, number: int) -> int | None:
        """When the house with this number was built; of one in nine nobody knows, and of no museum.

        One of them stands only since some weeks before the first start, whenever that was.
        """
        if number % 9 == 4 or self.function == MUSEUM:
            return None
        first, last = (1886, 1938) if self.storeys is not None and self.storeys < 6 else (1958, 2019)
        return first + (number * 37) % (last - first)

    @property
    def footprint(self) -> list[Point]:
        """Corners of all its ground faces."""
        return [
            (x, y)
            for body in self.bodies
            for face in body.faces
            if face.kind == roofs.GROUND
            for x, y, _ in face.rings[0]
        ]


def lowered(house: House, storeys: int) -> House:
    """The same house as it was before it was raised by so many storeys."""
    down = storeys * STOREY
    bodies = tuple(roofs.lowered(body, down) for body in house.bodies)
    return replace(house, bodies=bodies, storeys=house.storeys and house.storeys - storeys)


def pitched(corners: Sequence[Point], eaves: float, rise: float, kind: str) -> Body:
    """A rectangle (counter-clockwise, front first) under a roof of this kind."""
    a, b, c, d = corners
    if kind == roofs.FLAT:
        return roofs.flat(corners, eaves + 0.4)
    if kind in (roofs.HIPPED, roofs.PYRAMID):
        return roofs.hipped(corners, eaves, eaves + rise)
    if kind == roofs.SHED:
        return roofs.band([a, b], [d, c], roofs.shed_profile(eaves, eaves + rise), roofs.SHED)
    if kind == roofs.MANSARD:
        return roofs.band([a, b], [d, c], roofs.mansard_profile(eaves, eaves + rise), roofs.MANSARD)
    return roofs.band([a, b], [d, c], roofs.gabled_profile(eaves, eaves + rise), roofs.GABLED)


def villas(ring: Sequence[Point], street: str, rng: Random) -> list[House]:
    """Free-standing houses in gardens along the edges of a block, some with a garage."""
    lots = Lots(ring, 3.0)
    houses = []
    for a, b, length in _edges(ring):
        along = rng.uniform(5, 9)
        while along < length - 13:
            width, depth = rng.uniform(10, 15), rng.uniform(9.5, 12.5)
            setback = rng.uniform(4, 7)
            corners = rectangle(a, b, along, setback, width, depth)
            if lots.take(corners):
                storeys = rng.choice((2, 2, 2, 3))
                kind = rng.choices((roofs.HIPPED, roofs.GABLED, roofs.PYRAMID, roofs.FLAT), (5, 5, 1, 1))[0]
                if kind == roofs.GABLED and rng.random() < 0.4:  # gable to the street
                    corners = [*corners[1:], corners[0]]
                eaves = storeys * 2.9 + rng.uniform(-0.3, 0.6)
                body = pitched(corners, eaves, rng.uniform(3.0, 4.6), kind)
                houses.append(House((body,), DWELLING, storeys, street))
                garage = rectangle(a, b, along + width + 1.2, setback + 1, 3.2, 6)
                if rng.random() < 0.3 and lots.take(garage):
                    houses.append(House((roofs.flat(garage, rng.uniform(2.5, 3.0)),), GARAGE, 1, street))
            along += width + rng.uniform(6, 11)
    return houses


def terraces(ring: Sequence[Point], street: str, rng: Random) -> list[House]:
    """Rows of narrow houses, wall to wall, behind small front gardens."""
    lots = Lots(ring, 4.0)
    houses = []
    for a, b, length in _edges(ring):
        along = rng.uniform(7, 12)
        while along < length - 20:
            count = min(rng.randint(4, 8), int((length - along - 6) / 6.6))
            while count >= 2 and not lots.take(rectangle(a, b, along, 5, count * 6.6, 10.5)):
                count -= 1
            eaves, rise = 6.0 + rng.uniform(0, 0.8), rng.uniform(3.6, 4.6)
            for number in range(count if count >= 2 else 0):
                step = 0.35 * (number % 2)
                corners = rectangle(a, b, along + number * 6.6, 5 + step, 6.6, 10.5 - step)
                houses.append(House((pitched(corners, eaves, rise, roofs.GABLED),), DWELLING, 2, street))
            along += max(count, 1) * 6.6 + rng.uniform(7, 12)
    return houses


def slabs(ring: Sequence[Point], street: str, rng: Random) -> list[House]:
    """Parallel long houses of the sixties, each with several entrances."""
    a, b, length = max(_edges(ring), key=lambda edge: edge[2])
    lots = Lots(ring, 12.0)
    houses = []
    along = 7.0
    storeys = rng.choice((4, 4, 5, 6))
    kind = roofs.FLAT if storeys > 4 else roofs.GABLED
    while along < length - 14:
        for entrances in (5, 4, 3, 2):
            if lots.take(rectangle(a, b, along, 7, 11.5, entrances * 15.0)):
                for number in range(entrances):
                    front, *rest = rectangle(a, b, along, 7 + number * 15.0, 11.5, 15.0)
                    corners = [*rest, front]  # the long side is the front
                    body = pitched(corners, storeys * 2.85 + 0.6, 2.6, kind)
                    houses.append(House((body,), DWELLING, storeys, street))
                break
        along += 11.5 + rng.uniform(21, 25)
    return houses


def towers(ring: Sequence[Point], street: str, rng: Random) -> list[House]:
    """A point tower on a low base: one building of two parts, beside it two low ones."""
    a, b, length = max(_edges(ring), key=lambda edge: edge[2])
    lots = Lots(ring, 8.0)
    houses = []
    for at, storeys in ((0.2, rng.randint(13, 18)), (0.62, rng.randint(5, 6))):
        base = rectangle(a, b, at * length - 6, 9, 34, 26)
        if not lots.take(base):
            continue
        p, q = base[0], base[1]
        shaft = rectangle(p, q, 7, 4, 20, 18)
        low = roofs.flat(base, 5.2)
        high = roofs.flat(shaft, storeys * 3.15 + 1.4)
        houses.append(House((low, high), OFFICE if storeys > 10 else DWELLING_AND_TRADE, storeys, street))
    return houses


class Lots:
    """What is already built on in a block, so that houses keep their distance."""

    def __init__(self, ring: Sequence[Point], gap: float) -> None:
        import shapely

        self._block = shapely.Polygon(ring)
        shapely.prepare(self._block)
        self._gap = gap
        self._taken: list[object] = []

    def take(self, corners: Sequence[Point], gap: float | None = None) -> bool:
        """Occupy this ground if it is inside the block and free."""
        import shapely

        shape = shapely.Polygon(corners)
        if not self._block.contains(shape):
            return False
        distance = self._gap if gap is None else gap
        if self._taken and bool(shapely.dwithin(self._taken, shape, distance).any()):
            return False
        self._taken.append(shape)
        return True


def _edges(ring: Sequence[Point]) -> list[tuple[Point, Point, float]]:
    from math import dist

    return [(a, b, dist(a, b)) for a, b in zip(ring, [*ring[1:], ring[0]], strict=True)]
