"""A made-up town as one CityGML 2.0 file in the dialect of the German surveying authorities (AdV, LDBV).

``python -m benchmarks.lod2 FILE N`` writes N LoD2 buildings of about 21 kB of text each: detached and row
houses, blocks with flat roofs, L-shaped farms, buildings with parts, some of them odd as real ones are.
EPSG:25832 around Munich with DHHN2016 heights. The same N and seed give the same bytes.
"""

import math
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from pathlib import Path

from benchmarks.lod2_shapes import ANGLES, SHAPES, Body, Shape, shape

_URN = "urn:adv:crs:ETRS89_UTM32*DE_DHHN2016_NH*GCG2016"
_EAST, _NORTH, _GROUND = 686_000.0, 5_331_000.0, 515.0
_LOT, _LOTS = 25.0, 40
"""Metres from door to door, and lots along a side of a 1 km tile."""
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<core:CityModel xmlns:core="http://www.opengis.net/citygml/2.0" \
xmlns:bldg="http://www.opengis.net/citygml/building/2.0" \
xmlns:gen="http://www.opengis.net/citygml/generics/2.0" \
xmlns:grp="http://www.opengis.net/citygml/cityobjectgroup/2.0" \
xmlns:app="http://www.opengis.net/citygml/appearance/2.0" xmlns:gml="http://www.opengis.net/gml" \
xmlns:xAL="urn:oasis:names:tc:ciq:xsdschema:xAL:2.0" xmlns:xlink="http://www.w3.org/1999/xlink" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<gml:name>LoD2_made_up</gml:name>
<gml:boundedBy>
<gml:Envelope srsName="{urn}" srsDimension="3">
<gml:lowerCorner>{west:.3f} {south:.3f} 500.000</gml:lowerCorner>
<gml:upperCorner>{east:.3f} {north:.3f} 560.000</gml:upperCorner>
</gml:Envelope>
</gml:boundedBy>
"""
_FUNCTIONS = (
    "31001_1000",
    "31001_1010",
    "31001_1122",
    "31001_2020",
    "31001_2463",
    "31001_3021",
    "31001_9998",
)
_STREETS = (
    "Arcisstraße",
    "Bergweg",
    "Am Anger",
    "Lindenallee",
    "Müllerstraße",
    "Schulgasse",
    "Zeppelinstraße",
)

# Slots of a template; corners follow from `_CORNERS` on.
_ID, _HEX, _HEIGHT, _FUNCTION, _STOREYS, _ADDRESS, _KEY, _CORNERS = range(8)


def write(path: Path | str, buildings: int, seed: int = 1) -> None:
    """Write a town of `buildings` buildings to `path`."""
    tiles = math.ceil(buildings / _LOTS**2)
    side = max(1, math.ceil(math.sqrt(tiles)))
    head = _HEAD.format(
        urn=_URN,
        west=_EAST,
        south=_NORTH,
        east=_EAST + 1000 * side,
        north=_NORTH + 1000 * math.ceil(tiles / side),
    )
    with Path(path).open("w", encoding="utf-8", newline="\n", buffering=1 << 22) as file:
        file.write(head)
        file.writelines(_buildings(buildings, side, random.Random(seed)))
        file.write("</core:CityModel>\n")


def _buildings(count: int, side: int, dice: random.Random) -> Iterator[str]:
    for number in range(count):
        tile, lot = divmod(number, _LOTS**2)
        row, column = divmod(lot, _LOTS)
        angle = tile * 5 % ANGLES
        # A street after every fifth lot, a lane after every second row.
        x = 1000.0 * (tile % side) + _LOT * column + (column % 5 - 2) * -0.8 + 12.5
        y = 1000.0 * (tile // side) + _LOT * row + (1.5 if row % 2 else -1.5) + 12.5
        z = _GROUND + 6 * math.sin(x / 1700) + 4 * math.cos(y / 1300) + dice.random() * 0.4
        chosen = dice.randrange(SHAPES)
        if number % 101 == 100:
            chosen = SHAPES + dice.randrange(5)  # the odd ones
        rise = 0.35 * dice.randrange(0, 12)
        text = _template(chosen, angle)
        form = text.shape
        x, y, top = _EAST + x + dice.random(), _NORTH + y + dice.random(), z + rise
        slots = [
            f"DEBY_LOD2_{4_000_000 + number}",
            f"{number * 2654435761 % (1 << 32):08x}",
            f"{form.height + rise:.3f}",
            dice.choice(_FUNCTIONS),
            str(1 + int((form.height + rise) / 3.2)),
            f"{dice.choice(_STREETS)} {1 + dice.randrange(180)}",
            f"0918{4000 + tile % 100}",
        ]
        at = (x, y, z, top)
        slots += (text.positions % tuple([at[axis] + by for axis, by in text.numbers])).split(",")
        yield "".join(text.pick(text.constants + slots))


@dataclass(frozen=True, slots=True)
class _Text:
    """A building's text, cut where ids and coordinates go in."""

    shape: Shape
    constants: list[str]
    pick: Callable[[list[str]], tuple[str, ...]]
    """From the constants and the slots behind them, the pieces in their order."""
    positions: str
    """Format of all corners."""
    numbers: list[tuple[int, float]]
    """For each number of a corner: 0 east, 1 north, 2 ground, 3 top; and metres to add."""


@cache
def _template(chosen: int, angle: int) -> _Text:
    form = shape(chosen, angle)
    dice = random.Random(chosen)
    out: list[str | int] = ['<core:cityObjectMember>\n<bldg:Building gml:id="', _ID, '">\n<gml:name>', _ID]
    out += ["</gml:name>\n<core:creationDate>2022-09-01</core:creationDate>\n<core:externalReference>\n"]
    out += ["<core:informationSystem>http://repository.gdi-de.org/schemas/adv/citygml/fdv/art.htm#_9100"]
    out += ["</core:informationSystem>\n<core:externalObject>\n<core:name>DEBYvAAAA", _HEX]
    out += ["</core:name>\n</core:externalObject>\n</core:externalReference>\n"]
    for name, value in (
        ("DatenquelleDachhoehe", "1000"),
        ("DatenquelleLage", "1000"),
        ("DatenquelleBodenhoehe", "1100"),
        ("Geometrietyp2DReferenz", "3000"),
        ("Grundrissaktualitaet", "2022-07-01"),
        ("Methode", "2000"),
    ):
        out += [
            f'<gen:stringAttribute name="{name}">\n<gen:value>{value}</gen:value>\n</gen:stringAttribute>\n'
        ]
    out += ['<gen:stringAttribute name="Gemeindeschluessel">\n<gen:value>', _KEY]
    out += ["</gen:value>\n</gen:stringAttribute>\n<bldg:function>", _FUNCTION, "</bldg:function>\n"]
    first, *parts = form.bodies
    if parts:
        out += _body_own(first, height=False)
        for place, part in enumerate(form.bodies):
            out += ['<bldg:consistsOfBuildingPart>\n<bldg:BuildingPart gml:id="', _ID, f'_part{place}">\n']
            out += ["<core:creationDate>2022-09-01</core:creationDate>\n"]
            out += _body_own(part, height=True) + _surfaces(part, form, dice, f"p{place}")
            out += ["</bldg:BuildingPart>\n</bldg:consistsOfBuildingPart>\n"]
    else:
        out += _body_own(first, height=True) + _surfaces(first, form, dice, "b")
    out += ["<bldg:address>\n<core:Address>\n<core:xalAddress>\n<xAL:AddressDetails>\n<xAL:Country>\n"]
    out += ['<xAL:CountryName>Germany</xAL:CountryName>\n<xAL:Locality Type="City">\n']
    out += ["<xAL:LocalityName>Musterstadt"]
    out += ['</xAL:LocalityName>\n<xAL:Thoroughfare Type="Street">\n<xAL:ThoroughfareName>', _ADDRESS]
    out += [
        "</xAL:ThoroughfareName>\n</xAL:Thoroughfare>\n</xAL:Locality>\n</xAL:Country>\n</xAL:AddressDetails>\n"
    ]
    out += [
        "</core:xalAddress>\n</core:Address>\n</bldg:address>\n</bldg:Building>\n</core:cityObjectMember>\n"
    ]
    return _cut(out, form)


def _body_own(body: Body, *, height: bool) -> list[str | int]:
    out: list[str | int] = [f"<bldg:roofType>{body.roof_type}</bldg:roofType>\n"]
    if height:
        out += ['<bldg:measuredHeight uom="urn:adv:uom:m">', _HEIGHT, "</bldg:measuredHeight>\n"]
        out += ["<bldg:storeysAboveGround>", _STOREYS, "</bldg:storeysAboveGround>\n"]
    return out


def _surfaces(body: Body, form: Shape, dice: random.Random, mark: str) -> list[str | int]:
    tails = [
        f"-{dice.getrandbits(16):04x}-4{dice.getrandbits(12):03x}-{mark}-{dice.getrandbits(48):012x}"
        for _ in body.faces
    ]
    out: list[str | int] = []
    if body.solid:
        out += ["<bldg:lod2Solid>\n<gml:Solid>\n<gml:exterior>\n<gml:CompositeSurface>\n"]
        for tail in tails:
            out += ['<gml:surfaceMember xlink:href="#', _ID, "_", _HEX, f'{tail}_poly"/>\n']
        out += ["</gml:CompositeSurface>\n</gml:exterior>\n</gml:Solid>\n</bldg:lod2Solid>\n"]
    ground = next(rings[0] for kind, rings in body.faces if kind == "GroundSurface")
    out += [
        "<bldg:lod2TerrainIntersection>\n<gml:MultiCurve>\n<gml:curveMember>\n<gml:LineString>\n<gml:posList>"
    ]
    out += _positions([*ground, ground[0]])
    out += [
        "</gml:posList>\n</gml:LineString>\n</gml:curveMember>\n</gml:MultiCurve>\n</bldg:lod2TerrainIntersection>\n"
    ]
    for tail, (kind, rings) in zip(tails, body.faces, strict=True):
        out += [f'<bldg:boundedBy>\n<bldg:{kind} gml:id="', _ID, "_", _HEX, f'{tail}">\n']
        out += ["<core:creationDate>2022-09-01</core:creationDate>\n<bldg:lod2MultiSurface>\n"]
        out += [
            '<gml:MultiSurface gml:id="ID_',
            _HEX,
            f'{tail[:5]}{tail}">\n<gml:surfaceMember>\n<gml:Polygon gml:id="',
        ]
        out += [_ID, "_", _HEX, f'{tail}_poly">\n']
        for number, ring in enumerate(rings):
            bound = "interior" if number else "exterior"
            out += [
                f'<gml:{bound}>\n<gml:LinearRing gml:id="',
                _ID,
                "_",
                _HEX,
                f'{tail}_poly_{number}_">\n<gml:posList>',
            ]
            out += _positions([*ring, ring[0]])
            out += [f"</gml:posList>\n</gml:LinearRing>\n</gml:{bound}>\n"]
        out += ["</gml:Polygon>\n</gml:surfaceMember>\n</gml:MultiSurface>\n</bldg:lod2MultiSurface>\n"]
        out += [f"</bldg:{kind}>\n</bldg:boundedBy>\n"]
    return out


def _positions(ring: list[int]) -> list[str | int]:
    out: list[str | int] = []
    for corner in ring:
        out += [_CORNERS + corner, " "]
    return out[:-1]


def _cut(pieces: list[str | int], form: Shape) -> _Text:
    merged: list[str | int] = []
    for piece in pieces:
        if merged and isinstance(piece, str) and isinstance(merged[-1], str):
            merged[-1] += piece
        else:
            merged.append(piece)
    constants = list(dict.fromkeys(piece for piece in merged if isinstance(piece, str)))
    place = {text: number for number, text in enumerate(constants)}
    order = [place[piece] if isinstance(piece, str) else len(constants) + piece for piece in merged]
    numbers: list[tuple[int, float]] = []
    for east, north, up in form.corners:
        numbers += [(0, east), (1, north), (3 if up else 2, up)]
    return _Text(
        form, constants, itemgetter(*order), ",".join(["%.3f %.3f %.3f"] * len(form.corners)), numbers
    )


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
