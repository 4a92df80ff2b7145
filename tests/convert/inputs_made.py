"""A row of small houses in the dialects of the sources, whose sizes are known."""

import json
import os
import signal
from dataclasses import dataclass

EAST, NORTH, GROUND = 691_000.0, 5_336_000.0, 515.0
"""EPSG:25832 and metres DHHN2016: Munich."""
URN = "urn:adv:crs:ETRS89_UTM32*DE_DHHN2016_NH*GCG2016"
SPACES = (
    'xmlns="http://www.opengis.net/citygml/{v}" xmlns:core="http://www.opengis.net/citygml/{v}" '
    'xmlns:bldg="http://www.opengis.net/citygml/building/{v}" '
    'xmlns:con="http://www.opengis.net/citygml/construction/{v}" '
    'xmlns:tran="http://www.opengis.net/citygml/transportation/{v}" '
    'xmlns:gen="http://www.opengis.net/citygml/generics/{v}" '
    'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:gml="{g}"'
)


@dataclass(frozen=True)
class House:
    """A box with a flat roof; ground in metres above sea level."""

    name: str
    east: float = EAST
    north: float = NORTH
    width: float = 10.0
    depth: float = 8.0
    height: float = 6.0
    ground: float = GROUND

    @property
    def corners(self):
        """(8, 3): bottom ring, counterclockwise, then the top one."""
        x, y = (self.east, self.east + self.width), (self.north, self.north + self.depth)
        plan = ((x[0], y[0]), (x[1], y[0]), (x[1], y[1]), (x[0], y[1]))
        return [(*p, z) for z in (self.ground, self.ground + self.height) for p in plan]

    @property
    def faces(self):
        """Kind and corners of each, seen from outside."""
        c = self.corners
        walls = [("WallSurface", [c[i], c[(i + 1) % 4], c[4 + (i + 1) % 4], c[4 + i]]) for i in range(4)]
        return [("GroundSurface", c[3::-1]), ("RoofSurface", c[4:]), *walls]

    @property
    def area(self):
        return 2 * (self.width * self.depth + (self.width + self.depth) * self.height)

    @property
    def volume(self):
        return self.width * self.depth * self.height


def row(count, **more):
    """Houses 20 m apart, every one another size."""
    return [
        House(
            f"DEBY_LOD2_{n}", EAST + 20 * (n % 20), NORTH + 20 * (n // 20), 10 + n % 5, 8, 6 + n % 4, **more
        )
        for n in range(count)
    ]


def citygml(houses, version="2.0", crs=URN, extra="", head=""):
    gml = "http://www.opengis.net/gml/3.2" if version == "3.0" else "http://www.opengis.net/gml"
    envelope = (
        f'<gml:boundedBy><gml:Envelope srsName="{crs}" srsDimension="3"/></gml:boundedBy>' if crs else ""
    )
    inside = "".join(member(house, version) for house in houses)
    spaces = SPACES.format(v=version, g=gml)
    whole = f"<CityModel {spaces}>{envelope}{inside}{extra}</CityModel>"
    return f'<?xml version="1.0" encoding="UTF-8"?>{head}{whole}'


def member(house, version="2.0", inside=None, attributes=""):
    """A building as a member of the model; `inside` in place of its surfaces."""
    surfaces = surfaces3 if version == "3.0" else surfaces2
    body = surfaces(house) if inside is None else inside
    height = f'<bldg:measuredHeight uom="urn:adv:uom:m">{house.height}</bldg:measuredHeight>'
    if version == "3.0":
        height = f"<con:height><con:Height><con:value>{house.height}</con:value></con:Height></con:height>"
    own = f"{attributes}<bldg:function>31001_1010</bldg:function><bldg:roofType>1000</bldg:roofType>{height}"
    whole = f'<bldg:Building gml:id="{house.name}">{own}{body}</bldg:Building>'
    return f"<cityObjectMember>{whole}</cityObjectMember>"


def polygon(corners):
    numbers = " ".join(f"{value:.3f}" for corner in [*corners, corners[0]] for value in corner)
    ring = f"<gml:LinearRing><gml:posList>{numbers}</gml:posList></gml:LinearRing>"
    inside = f"<gml:Polygon><gml:exterior>{ring}</gml:exterior></gml:Polygon>"
    return f"<gml:surfaceMember>{inside}</gml:surfaceMember>"


def surfaces2(house):
    return "".join(
        f"<bldg:boundedBy><bldg:{kind}><bldg:lod2MultiSurface><gml:MultiSurface>{polygon(face)}"
        f"</gml:MultiSurface></bldg:lod2MultiSurface></bldg:{kind}></bldg:boundedBy>"
        for kind, face in house.faces
    )


def surfaces3(house):
    return "".join(
        f"<core:boundary><con:{kind}><core:lod2MultiSurface><gml:MultiSurface>{polygon(face)}"
        f"</gml:MultiSurface></core:lod2MultiSurface></con:{kind}></core:boundary>"
        for kind, face in house.faces
    )


def road(name="R1", houses=()):
    """A road in front of the houses, at height 0 as digitised plans have it."""
    face = [(EAST, NORTH - 9, 0), (EAST + 60, NORTH - 9, 0), (EAST + 60, NORTH - 3, 0), (EAST, NORTH - 3, 0)]
    body = (
        f"<tran:lod1MultiSurface><gml:MultiSurface>{polygon(face)}</gml:MultiSurface></tran:lod1MultiSurface>"
    )
    return f'<cityObjectMember><tran:Road gml:id="{name}">{body}</tran:Road></cityObjectMember>'


def cityjson(houses, version="2.0", crs="https://www.opengis.net/def/crs/EPSG/0/25832"):
    """A document; the vertices of all houses one behind the other."""
    objects, vertices = {}, []
    for house in houses:
        objects[house.name] = _object(house, len(vertices))
        vertices += _vertices(house)
    document = _head(version, crs) | {"CityObjects": objects, "vertices": vertices}
    return json.dumps(document)


def sequence(houses, version="2.0", crs="https://www.opengis.net/def/crs/EPSG/0/25832"):
    lines = [_head(version, crs) | {"CityObjects": {}, "vertices": []}]
    lines += [
        {
            "type": "CityJSONFeature",
            "id": house.name,
            "CityObjects": {house.name: _object(house, 0)},
            "vertices": _vertices(house),
        }
        for house in houses
    ]
    return "".join(json.dumps(line) + "\n" for line in lines)


def _head(version, crs):
    transform = {"scale": [0.001] * 3, "translate": [EAST, NORTH, GROUND]}
    head = {"type": "CityJSON", "version": version, "transform": transform}
    return head | ({"metadata": {"referenceSystem": crs}} if crs else {})


def _vertices(house):
    return [
        [round((value - low) * 1000) for value, low in zip(corner, (EAST, NORTH, GROUND), strict=True)]
        for corner in house.corners
    ]


def _object(house, first):
    place = {corner: first + number for number, corner in enumerate(house.corners)}
    kinds = ["GroundSurface", "RoofSurface", "WallSurface"]
    return {
        "type": "Building",
        "attributes": {"measuredHeight": house.height, "function": "31001_1010", "Baujahr": 1907},
        "geometry": [
            {
                "type": "Solid",
                "lod": "2",
                "boundaries": [[[[place[corner] for corner in face]] for _, face in house.faces]],
                "semantics": {
                    "surfaces": [{"type": kind} for kind in kinds],
                    "values": [[kinds.index(kind) for kind, _ in house.faces]],
                },
            }
        ],
    }


def osm(count=3):
    """Buildings of OpenStreetMap: one with a height, one with storeys, one with neither."""
    tags = (
        {"building": "yes", "height": "9"},
        {"building": "house", "building:levels": "2", "roof:shape": "gabled"},
        {"building": "yes"},
    )
    nodes, ways = [], []
    for number in range(count):
        lon, lat = 11.57 + number * 0.0004, 48.15
        refs = []
        for x, y in ((0, 0), (1e-4, 0), (1e-4, 1e-4), (0, 1e-4)):
            refs.append(len(nodes) + 1)
            nodes.append(f'<node id="{len(nodes) + 1}" version="1" lon="{lon + x:.7f}" lat="{lat + y:.7f}"/>')
        inside = "".join(f'<nd ref="{ref}"/>' for ref in [*refs, refs[0]])
        inside += "".join(f'<tag k="{k}" v="{v}"/>' for k, v in tags[number % 3].items())
        ways.append(f'<way id="{100 + number}" version="1">{inside}</way>')
    return f'<?xml version="1.0"?><osm version="0.6">{"".join(nodes + ways)}</osm>'


def footprints(folder, houses=None):
    """The houses' outlines as GeoPackage, GeoJSON and Parquet; returns the three files."""
    import geopandas
    import shapely

    houses = houses or row(6)
    frame = geopandas.GeoDataFrame(
        {"gml_id": [h.name for h in houses], "height": [h.height for h in houses]},
        geometry=[shapely.box(h.east, h.north, h.east + h.width, h.north + h.depth) for h in houses],
        crs=25832,
    )
    files = [folder / f"plan.{ending}" for ending in ("gpkg", "geojson", "parquet")]
    frame.to_file(files[0], layer="plan", engine="pyogrio")
    frame.to_crs(4326).to_file(files[1], engine="pyogrio")
    frame.to_parquet(files[2])
    return files


def terrain(path, height=GROUND - 1):
    """A height model 400 m wide under the houses, falling a little to the east."""
    import numpy as np
    import rasterio

    heights = np.full((200, 200), height, dtype=np.float32) - np.arange(200, dtype=np.float32) * 0.01
    transform = rasterio.Affine(2, 0, EAST - 100, 0, -2, NORTH + 300)
    with rasterio.open(
        path, "w", "GTiff", 200, 200, 1, "EPSG:25832", transform, "float32", nodata=-9999
    ) as file:
        file.write(heights, 1)
    return path


def killed(task):
    """A worker that memory ran out for."""
    os.kill(os.getpid(), signal.SIGKILL)
