"""Small CityGML documents for tests, in both dialects met in the wild."""

NAMESPACES = (
    'xmlns="http://www.opengis.net/citygml/{v}" xmlns:bldg="http://www.opengis.net/citygml/building/{v}" '
    'xmlns:gen="http://www.opengis.net/citygml/generics/{v}" xmlns:gml="http://www.opengis.net/gml" '
    'xmlns:grp="http://www.opengis.net/citygml/cityobjectgroup/{v}" '
    'xmlns:xlink="http://www.w3.org/1999/xlink"'
)
FLOOR = "0 0 5 0 8 5 8 8 5 8 0 5 0 0 5"
ROOF = "0 0 9 8 0 9 8 8 9 0 8 9 0 0 9"
WALL = "0 0 5 8 0 5 8 0 9 0 0 9 0 0 5"


def ring(numbers, bound="exterior"):
    return f"<gml:{bound}><gml:LinearRing><gml:posList>{numbers}</gml:posList></gml:LinearRing></gml:{bound}>"


def polygon(numbers, name=None, *holes):
    tag = f' gml:id="{name}"' if name else ""
    rings = ring(numbers) + "".join(ring(hole, "interior") for hole in holes)
    return f"<gml:Polygon{tag}>{rings}</gml:Polygon>"


def member(inside):
    if inside.startswith("#"):
        return f'<gml:surfaceMember xlink:href="{inside}"/>'
    return f"<gml:surfaceMember>{inside}</gml:surfaceMember>"


def multi(*polygons, lod=2, extra=""):
    inside = "".join(map(member, polygons))
    tag = f"bldg:lod{lod}MultiSurface"
    return f"<{tag}><gml:MultiSurface{extra}>{inside}</gml:MultiSurface></{tag}>"


def surface(kind, *polygons, **more):
    return f"<bldg:boundedBy><bldg:{kind}>{multi(*polygons, **more)}</bldg:{kind}></bldg:boundedBy>"


def solid(*polygons, lod=2):
    inside = "".join(map(member, polygons))
    shell = f"<gml:exterior><gml:CompositeSurface>{inside}</gml:CompositeSurface></gml:exterior>"
    return f"<bldg:lod{lod}Solid><gml:Solid>{shell}</gml:Solid></bldg:lod{lod}Solid>"


def part(*inside):
    return (
        "<bldg:consistsOfBuildingPart><bldg:BuildingPart>"
        + "".join(inside)
        + "</bldg:BuildingPart></bldg:consistsOfBuildingPart>"
    )


def building(*inside, name="B1"):
    whole = f'<bldg:Building gml:id="{name}">{"".join(inside)}</bldg:Building>'
    return f"<cityObjectMember>{whole}</cityObjectMember>"


def model(*members, version="1.0", crs="EPSG:25832", head=""):
    envelope = f'<gml:boundedBy><gml:Envelope srsName="{crs}"/></gml:boundedBy>' if crs else ""
    spaces = NAMESPACES.format(v=version)
    return f'<?xml version="1.0"?>{head}<CityModel {spaces}>{envelope}{"".join(members)}</CityModel>'
