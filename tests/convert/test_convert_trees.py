"""Single trees of city models and maps: as they are drawn where somebody drew them, else as instances."""

import json

import numpy as np
import pyproj
import pytest

from ingest.convert.frame import First, frame_of
from ingest.convert.options import Options
from tests.convert.inputs_made import EAST, GROUND, NORTH, citygml, cityjson, osm, polygon, row, terrain
from tests.convert.test_convert_inputs import to_ecef, write

VEG = "http://www.opengis.net/citygml/vegetation/"
FORM = [[(-0.5, 0, 0), (0.5, 0, 0), (0.5, 0, 2), (-0.5, 0, 2)], [(0, -0.5, 0), (0, 0.5, 0), (0, 0, 2)]]
"""Two upright faces, 1 m wide and 2 m high."""


def plant(name, body, attributes="", version="2.0"):
    whole = f'<v:SolitaryVegetationObject xmlns:v="{VEG}{version}" gml:id="{name}">{attributes}{body}'
    return f"<cityObjectMember>{whole}</v:SolitaryVegetationObject></cityObjectMember>"


def placed(x, y, form, matrix="1 0 0 0 0 1 0 0 0 0 1 0 0 0 0 1", lod=2):
    point = f"<gml:Point><gml:pos>{x} {y} {GROUND}</gml:pos></gml:Point>"
    inside = f"<core:transformationMatrix>{matrix}</core:transformationMatrix>{form}"
    inside += f"<core:referencePoint>{point}</core:referencePoint>"
    body = f"<core:ImplicitGeometry>{inside}</core:ImplicitGeometry>"
    return f"<v:lod{lod}ImplicitRepresentation>{body}</v:lod{lod}ImplicitRepresentation>"


def park(version):
    """Every way in which a plant may come without faces of its own, one that has some, and one nowhere."""
    faces = "".join(polygon(face) for face in FORM)
    form = "relativeGeometry" if version == "3.0" else "relativeGMLGeometry"
    drawn = f'<core:{form}><gml:MultiSurface gml:id="form">{faces}</gml:MultiSurface></core:{form}>'
    link = f'<core:{form} xlink:href="#form"/>'
    library = "<core:libraryObject>https://example.org/tree.wrl</core:libraryObject>"
    thrice = "3 0 0 0 0 3 0 0 0 0 4 0 0 0 0 1"
    moved = f"1 0 0 {EAST + 21} 0 1 0 {NORTH + 30} 0 0 1 0 0 0 0 1"
    point = f"<gml:Point><gml:pos>{EAST + 50} {NORTH + 30} {GROUND + 2}</gml:pos></gml:Point>"
    corners = (
        f"<gml:lowerCorner>{EAST + 59} {NORTH + 29} {GROUND}</gml:lowerCorner>"
        f"<gml:upperCorner>{EAST + 61} {NORTH + 31} {GROUND + 9}</gml:upperCorner>"
    )
    box = f"<gml:boundedBy><gml:Envelope>{corners}</gml:Envelope></gml:boundedBy>"
    own = "".join(polygon([(x + EAST + 70, y + NORTH + 30, z + GROUND) for x, y, z in f]) for f in FORM)
    size = '<v:height uom="m">12</v:height><v:trunkDiameter uom="cm">40</v:trunkDiameter>'
    plants = [
        plant("form", placed(EAST, NORTH + 30, drawn, thrice), "<v:species>Tilia cordata</v:species>"),
        plant(
            "link",
            placed(EAST + 10, NORTH + 30, link),
            f'<v:class>1060</v:class>{size}<v:crownDiameter uom="m">5</v:crownDiameter>',
        ),
        plant("twice", placed(EAST + 21, NORTH + 30, link, moved)),
        plant("library", placed(EAST + 30, NORTH + 30, library), '<v:height uom="m">9</v:height>'),
        plant("point", f"<v:lod1Geometry>{point}</v:lod1Geometry>", '<v:height uom="m">7.5</v:height>'),
        plant("box", "", box),
        plant("faces", f"<v:lod2Geometry><gml:MultiSurface>{own}</gml:MultiSurface></v:lod2Geometry>"),
        plant("nowhere", "", '<v:height uom="m">5</v:height>'),
    ]
    return "".join(plants).replace(VEG + "2.0", VEG + version)


def spot(x, y, z):
    """A place in metres from the corner of the model, in EPSG:4978."""
    return to_ecef([(EAST + x, NORTH + y, GROUND + z)] * 2)[0]


def standing(ran, name="trees.json"):
    """Id → (foot in EPSG:4978, row of the property table) of every instance of the leaves."""
    found = {}
    for tile in ran.tiles(name):
        if tile.children:
            continue
        table = tile.content.table()
        for primitive in tile.content.primitives:
            feet = tile.ecef(primitive.instances)
            for foot, number in zip(feet, primitive.instance_ids.tolist(), strict=True):
                found[table[number]["id"]] = foot, table[number]
    return found


@pytest.mark.parametrize("version", ["1.0", "2.0", "3.0"])
def test_plants_of_citygml_stand_where_and_as_tall_as_the_source_says(convert, tmp_path, version):
    write(tmp_path / "park.gml", citygml(row(2), version, extra=park(version)))
    ran = convert(tmp_path / "park.gml")
    assert ran.code == 0, ran.err
    assert len(ran.ids_of("buildings.json")) == 2
    assert ran.ids_of("objects.json") == ["faces"]  # drawn as it is
    found = standing(ran)
    assert sorted(found) == ["box", "form", "library", "link", "point", "twice"]
    feet = {"form": 0, "link": 10, "twice": 21, "library": 30, "point": 50, "box": 60}
    for name, x in feet.items():
        there = spot(x, 30, 2 * (name == "point"))
        assert np.linalg.norm(found[name][0] - there) < 0.05, name
    rows = {name: line for name, (_, line) in found.items()}
    assert rows["form"]["species"] == "Tilia cordata"
    told = {name: (line["form"], line["height_m"], line["height_source"]) for name, line in rows.items()}
    assert told == {
        "form": ("broadleaf", 8, "form"),
        "link": ("conifer", 12, "measured"),
        "twice": ("unknown", 2, "form"),
        "library": ("unknown", 9, "measured"),
        "point": ("unknown", 7.5, "measured"),
        "box": ("unknown", 10, "assumed"),
    }
    crowns = {name: (line["crown_m"], line["crown_source"]) for name, line in rows.items()}
    assert crowns["form"] == (3, "form")
    assert crowns["link"] == (5, "measured")
    assert crowns["point"][1] == "derived"
    assert rows["link"]["trunk_m"] == pytest.approx(0.4)
    assert rows["point"]["ground_m"] == pytest.approx(GROUND + 2)
    facts = ran.layer("trees")
    assert facts["counts"] | {"in": 7, "published": 7} == facts["counts"]
    assert [entry["id"] for entry in facts["left_out"]] == ["nowhere"]
    assert facts["height_source"] == {"assumed": 1, "form": 2, "measured": 3}
    assert facts["form"] == {"broadleaf": 1, "conifer": 1, "unknown": 4}
    assert "heights assumed by the form of the tree" in ran.out
    assert ran.report["layers"]["trees"]["repaired_ids"][
        "a place that a form's matrix states as well as its point was taken once"
    ] == ["twice"]


def test_plants_of_cityjson_are_drawn_once_for_many_or_only_a_point(convert, tmp_path):
    model = json.loads(cityjson(row(1)))
    first = len(model["vertices"])
    model["vertices"] += [[40_000 * n, 30_000, 1000] for n in range(4)]
    matrix = [2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 3, 0, 0, 0, 0, 1]
    template = {"type": "MultiSurface", "lod": "2", "boundaries": [[[0, 1, 2]], [[0, 2, 1]]]}
    model["geometry-templates"] = {
        "templates": [template],
        "vertices-templates": [[-0.5, 0, 0], [0.5, 0, 0], [0, 0, 2]],
    }

    def instance(vertex, template=0):
        return [
            {
                "type": "GeometryInstance",
                "template": template,
                "boundaries": [first + vertex],
                "transformationMatrix": matrix,
            }
        ]

    kind = {"type": "SolitaryVegetationObject"}
    surface = {"type": "MultiSurface", "lod": "1", "boundaries": [[[0, 1, 2]]]}
    model["CityObjects"] |= {
        "instance": kind | {"geometry": instance(0), "attributes": {"species": "Pinus", "Vitality": "x"}},
        "lost": kind | {"geometry": instance(1, template=7), "attributes": {"height": 5}},
        "point": kind
        | {
            "geometry": [{"type": "MultiPoint", "lod": "0", "boundaries": [first + 2]}],
            "attributes": {"height": 11.5, "crownDiameter": 4, "trunkDiameter": 0.3, "class": "1070"},
        },
        "extent": kind | {"geographicalExtent": [EAST, NORTH + 60, GROUND, EAST + 4, NORTH + 64, GROUND + 9]},
        "strange": kind | {"geometry": [{"type": "MultiPoint", "boundaries": [10**9]}], "attributes": 3},
        "faces": kind | {"geometry": [surface], "attributes": {"height": 6}},
    }
    (tmp_path / "park.city.json").write_text(json.dumps(model), "utf-8")
    ran = convert(tmp_path / "park.city.json", "--crs", "EPSG:25832+7837", "--attributes", "all")
    assert ran.code == 0, ran.err
    assert ran.ids_of("objects.json") == ["faces"]
    found = standing(ran)
    assert sorted(found) == ["extent", "instance", "lost", "point"]
    there = {"instance": (0, 30, 1), "lost": (40, 30, 1), "point": (80, 30, 1), "extent": (2, 62, 0)}
    for name, (x, y, z) in there.items():
        foot = spot(x, y, z)
        assert np.linalg.norm(found[name][0] - foot) < 0.05, name
    told = {
        name: (line["form"], line["height_m"], line["height_source"], line["crown_source"])
        for name, (_, line) in found.items()
    }
    assert told == {
        "instance": ("conifer", 6, "form", "form"),
        "lost": ("unknown", 5, "measured", "derived"),
        "point": ("broadleaf", 11.5, "measured", "measured"),
        "extent": ("unknown", 10, "assumed", "assumed"),
    }
    assert found["point"][1]["trunk_m"] == pytest.approx(0.3)
    assert found["instance"][1]["Vitality"] == "x"
    assert "generic_species" not in found["instance"][1]
    assert [entry["id"] for entry in ran.layer("trees")["left_out"]] == ["strange"]


TREES = """
<node id="71" version="1" lon="11.5710" lat="48.1500"><tag k="natural" v="tree"/>
 <tag k="species" v="Betula pendula"/><tag k="height" v="14 m"/><tag k="circumference" v="1.2"/>
 <tag k="operator" v="Erika Mustermann"/></node>
<node id="72" version="1" lon="11.5711" lat="48.1500"><tag k="natural" v="tree"/>
 <tag k="leaf_type" v="needleleaved"/><tag k="height" v="tall"/><tag k="start_date" v="1987-05"/></node>
<node id="73" version="1" lon="11.5712" lat="48.1500"><tag k="natural" v="peak"/></node>
"""


def test_trees_of_openstreetmap_stand_on_the_terrain_or_are_said_to_have_no_ground(convert, tmp_path):
    text = osm(1).replace("</osm>", TREES + "</osm>")
    (tmp_path / "a.osm").write_text(text, "utf-8")
    ran = convert(tmp_path / "a.osm")
    assert ran.code == 0, ran.err
    rows = {name: line for name, (_, line) in standing(ran).items()}
    assert sorted(rows) == ["node/71", "node/72"]
    birch, other = rows["node/71"], rows["node/72"]
    assert (birch["form"], birch["height_m"], birch["height_source"]) == ("slender", 14, "measured")
    assert birch["trunk_m"] == pytest.approx(1.2 / np.pi, abs=1e-3)
    assert (other["form"], other["height_source"], other["planted"]) == ("conifer", "assumed", 1987)
    assert "ground_m" not in birch  # nobody knows it
    repaired = ran.layer("trees")["repaired"]
    assert repaired["a base that nobody states: the tree stands at 0 m"] == 2
    assert repaired["a size of a tree that cannot be read was ignored"] == 1
    assert "Mustermann" not in "".join(map(str, rows.values()))


def test_trees_of_geojson_are_no_buildings_and_stand_on_the_terrain(convert, tmp_path):
    to_lonlat = pyproj.Transformer.from_crs(25832, 4326, always_xy=True).transform

    def feature(number, x, z, **tags):
        point = [*to_lonlat(EAST + x, NORTH + 10), *z]
        geometry = {"type": "Point", "coordinates": point}
        properties = {"type": "node", "id": number, "tags": tags}
        return {"type": "Feature", "geometry": geometry, "properties": properties}

    features = [
        feature(1, 5, (), natural="tree", genus="Acer", diameter_crown="6"),
        feature(2, 15, (0,), natural="tree"),
        feature(3, 25, (600.0,), natural="tree"),
        feature(4, 35, (), leisure="playground"),
        feature(5, 9000, (), natural="tree"),
    ]
    (tmp_path / "trees.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    ran = convert(tmp_path / "trees.geojson", terrain(tmp_path / "dgm.tif"))
    assert ran.code == 0, ran.err
    assert "buildings" not in ran.report["layers"]
    assert ran.ids_of("areas.json") == ["4"]
    found = standing(ran)
    assert sorted(found) == ["1", "2", "3", "5"]
    heights = {name: line["ground_m"] for name, (_, line) in found.items()}
    assert heights["1"] == pytest.approx(GROUND - 1, abs=1)
    assert heights["2"] == pytest.approx(GROUND - 1, abs=1)
    assert (heights["3"], heights["5"]) == (600, None)
    foot = spot(5, 10, heights["1"] - GROUND)
    assert np.linalg.norm(found["1"][0] - foot) < 0.05
    assert found["1"][1]["height_source"] == "derived"
    repaired = ran.layer("trees")["repaired"]
    assert repaired["height unknown: put on the terrain"] == 2
    assert repaired["a base that nobody states, and no terrain under it: the tree stands at 0 m"] == 1


def test_a_file_of_trees_alone_and_names_of_attributes(convert, tmp_path):
    (tmp_path / "a.osm").write_text(osm(0).replace("</osm>", TREES + "</osm>"), "utf-8")
    ran = convert(tmp_path / "a.osm", "--attributes", "species,height_m")
    assert ran.code == 0, ran.err
    found = standing(ran, "tileset.json")
    assert set(found["node/71"][1]) == {"id", "species", "height_m"}
    again = convert(tmp_path / "a.osm", "--attributes", "species,height_m", out="again", workers=2)
    assert {p.name: p.read_bytes() for p in again.folder.rglob("*.glb")} == {
        p.name: p.read_bytes() for p in ran.folder.rglob("*.glb")
    }


@pytest.mark.parametrize(("flat", "heights"), [(True, "EPSG:5773"), (False, "EPSG:7837")])
def test_what_has_no_heights_takes_those_of_the_terrain_beside_it(flat, heights):
    """OpenStreetMap on satellite heights needs no grid between two sea levels; surveyors' models do."""
    first = First("a.osm", "EPSG:25832", ((EAST, NORTH),), flat=flat)
    terrain = First("N48E011.hgt", "EPSG:4326+5773", ((11.5, 48.5),))
    assert frame_of(first, Options(undulation_m=47.0), terrain).city.heights.crs == heights
