"""Buildings as the surveying authorities deliver them: CityGML 1.0 in the AdV's LoD2 profile."""

from collections.abc import Container, Sequence
from pathlib import Path

from ingest.demo.flaws import EVERY, NO_HEIGHT_AT_ALL, spoil
from ingest.demo.houses import House
from ingest.demo.names import LOCALITY, MUNICIPALITY_KEY
from ingest.demo.place import CRS_NAME, NOTICE, ORIGIN, SIDE, Quarter
from ingest.demo.roofs import Body, Vertex
from ingest.demo.town import Sited

_HEAD = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<!-- {notice} -->
<core:CityModel xmlns="http://www.opengis.net/citygml/1.0" xmlns:core="http://www.opengis.net/citygml/1.0" \
xmlns:gen="http://www.opengis.net/citygml/generics/1.0" \
xmlns:bldg="http://www.opengis.net/citygml/building/1.0" \
xmlns:gml="http://www.opengis.net/gml" xmlns:xAL="urn:oasis:names:tc:ciq:xsdschema:xAL:2.0" \
xmlns:xlink="http://www.w3.org/1999/xlink">
<gml:description>{notice}</gml:description>
<gml:name>LoD2_32_{tile}_2_DEMO</gml:name>
<gml:boundedBy><gml:Envelope srsName="{crs}">
<gml:lowerCorner srsDimension="3">{west:.1f} {south:.1f} {low:.3f}</gml:lowerCorner>
<gml:upperCorner srsDimension="3">{east:.1f} {north:.1f} {high:.3f}</gml:upperCorner>
</gml:Envelope></gml:boundedBy>
"""

_BUILDING = """<core:cityObjectMember>
<bldg:Building gml:id="{id}">
<core:creationDate>{created}</core:creationDate>
<core:externalReference>
<core:informationSystem>http://repository.gdi-de.org/schemas/adv/citygml/fdv/art.htm#_9100</core:informationSystem>
<core:externalObject><core:name>{oid}</core:name></core:externalObject>
</core:externalReference>
<gen:stringAttribute name="DatenquelleDachhoehe"><gen:value>1000</gen:value></gen:stringAttribute>
<gen:stringAttribute name="DatenquelleLage"><gen:value>1000</gen:value></gen:stringAttribute>
<gen:stringAttribute name="DatenquelleBodenhoehe"><gen:value>1100</gen:value></gen:stringAttribute>
<gen:stringAttribute name="Gemeindeschluessel"><gen:value>{municipality}</gen:value></gen:stringAttribute>
<gen:stringAttribute name="Geometrietyp2DReferenz"><gen:value>3000</gen:value></gen:stringAttribute>
<gen:stringAttribute name="Grundrissaktualitaet"><gen:value>{created}</gen:value></gen:stringAttribute>
<bldg:function>{function}</bldg:function>
"""

_SURFACE = """<bldg:boundedBy><bldg:{kind}Surface gml:id="{id}_s"><bldg:lod2MultiSurface><gml:MultiSurface>\
<gml:surfaceMember><gml:Polygon gml:id="{id}">{rings}</gml:Polygon></gml:surfaceMember>\
</gml:MultiSurface></bldg:lod2MultiSurface></bldg:{kind}Surface></bldg:boundedBy>
"""

_ADDRESS = """<bldg:address><core:Address><core:xalAddress><xAL:AddressDetails><xAL:Country>\
<xAL:CountryName>Germany</xAL:CountryName><xAL:Locality Type="Town">\
<xAL:LocalityName>{town}</xAL:LocalityName>\
<xAL:Thoroughfare Type="Street"><xAL:ThoroughfareNumber>{number}</xAL:ThoroughfareNumber>\
<xAL:ThoroughfareName>{street}</xAL:ThoroughfareName></xAL:Thoroughfare></xAL:Locality></xAL:Country>\
</xAL:AddressDetails></core:xalAddress></core:Address></bldg:address>
"""

_TAIL = "</core:CityModel>\n"


def write_tile(
    path: Path, quarter: Quarter, built: Sequence[Sited], without: Container[int] = frozenset()
) -> None:
    """Write a quarter's buildings into one file; ids follow from their place in the order.

    Args:
        path: Where to.
        quarter: Which one.
        built: All its buildings.
        without: Places in the order that do not stand.
    """
    cx, cy = quarter.centre
    half = SIDE / 2
    tops = [sited.ground + max(body.height for body in sited.house.bodies) for sited in built]
    head = _HEAD.format(
        notice=NOTICE,
        tile=quarter.tile,
        crs=CRS_NAME,
        west=ORIGIN[0] + cx - half,
        south=ORIGIN[1] + cy - half,
        east=ORIGIN[0] + cx + half,
        north=ORIGIN[1] + cy + half,
        low=min(sited.ground for sited in built),
        high=max(tops),
    )
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(head)
        for place, sited in enumerate(built):
            if place not in without:
                file.write(_building(quarter.number * 10_000 + place, sited))
        file.write(_TAIL)


def _building(number: int, sited: Sited) -> str:
    house = sited.house
    name = f"DEMO_LOD2_{number:07d}"
    created = f"{2019 + number % 7}-{1 + number % 12:02d}-{1 + number % 28:02d}"
    text = [
        _BUILDING.format(
            id=name,
            created=created,
            oid=f"DEMOAL{number:010d}",
            municipality=MUNICIPALITY_KEY,
            function=house.function,
        )
    ]
    built = house.year(number)
    if built is not None:
        text.append(f"<bldg:yearOfConstruction>{built}</bldg:yearOfConstruction>\n")
    silent = number % EVERY == NO_HEIGHT_AT_ALL
    unmeasured = silent or number % 61 == 60
    storeys = "" if silent or house.storeys is None else _storeys(house)
    if len(house.bodies) == 1:
        text.append(_body(name, spoil(number, house.bodies[0]), sited.ground, unmeasured, storeys))
    else:
        text.append(storeys)
        for part, body in enumerate(house.bodies, start=1):
            own = f"{name}_p{part}"
            text.append(f'<bldg:consistsOfBuildingPart><bldg:BuildingPart gml:id="{own}">\n')
            text.append(f"<bldg:function>{house.function}</bldg:function>\n")
            solid = spoil(number, body) if part == 1 else body
            text.append(_body(own, solid, sited.ground, unmeasured, ""))
            text.append("</bldg:BuildingPart></bldg:consistsOfBuildingPart>\n")
    if number % 3 == 0:
        address = _ADDRESS.format(town=LOCALITY, number=1 + number % 90, street=house.street)
        text.append(address)
    text.append("</bldg:Building>\n</core:cityObjectMember>\n")
    return "".join(text)


def _storeys(house: House) -> str:
    return f"<bldg:storeysAboveGround>{house.storeys}</bldg:storeysAboveGround>\n"


def _body(name: str, body: Body, ground: float, unmeasured: bool, storeys: str) -> str:
    """Roof type, height, solid and surfaces of one shell, in the order the schema asks for."""
    text = [f"<bldg:roofType>{body.roof}</bldg:roofType>\n"]
    if not unmeasured:
        text.append(f'<bldg:measuredHeight uom="urn:adv:uom:m">{body.height:.3f}</bldg:measuredHeight>\n')
    text.append(storeys)
    ids = [f"{name}_{at}" for at in range(len(body.faces))]
    members = "".join([f'<gml:surfaceMember xlink:href="#{own}"/>' for own in ids])
    text.append("<bldg:lod2Solid><gml:Solid><gml:exterior><gml:CompositeSurface>")
    text.append(members)
    text.append("</gml:CompositeSurface></gml:exterior></gml:Solid></bldg:lod2Solid>\n")
    east, north = ORIGIN
    written: dict[Vertex, str] = {}
    for own, face in zip(ids, body.faces, strict=True):
        rings = []
        tag = "exterior"
        for ring in face.rings:
            for vertex in ring:
                if vertex not in written:
                    written[vertex] = (
                        f"{vertex[0] + east:.3f} {vertex[1] + north:.3f} {vertex[2] + ground:.3f}"
                    )
            positions = " ".join([written[vertex] for vertex in (*ring, ring[0])])
            rings.append(
                f'<gml:{tag}><gml:LinearRing><gml:posList srsDimension="3">{positions}</gml:posList>'
                f"</gml:LinearRing></gml:{tag}>"
            )
            tag = "interior"
        text.append(_SURFACE.format(kind=face.kind, id=own, rings="".join(rings)))
    return "".join(text)
