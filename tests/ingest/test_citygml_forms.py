import pytest

from tests.ingest.asking import records
from tests.ingest.gml import FLOOR, ROOF, WALL, building, member, model, multi, polygon, ring, solid, surface
from twin.errors import RecipeError
from twin.record import Face

TRIANGLE = "0 0 0 1 0 0 0 2 0 0 0 0"
THREE = (
    '<core:CityModel xmlns:core="http://www.opengis.net/citygml/3.0" '
    'xmlns:bldg="http://www.opengis.net/citygml/building/3.0" '
    'xmlns:con="http://www.opengis.net/citygml/construction/3.0" '
    'xmlns:tran="http://www.opengis.net/citygml/transportation/3.0" '
    'xmlns:gen="http://www.opengis.net/citygml/generics/3.0" '
    'xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:xlink="http://www.w3.org/1999/xlink">'
    '<gml:boundedBy><gml:Envelope srsName="urn:ogc:def:crs:EPSG::25832"/></gml:boundedBy>{}</core:CityModel>'
)


@pytest.fixture
def read(tmp_path):
    def read(text, **options):
        path = tmp_path / "a.gml"
        path.write_text(text)
        return records("citygml", path, options=options)

    return read


def core(lod, *polygons):
    return multi(*polygons, lod=lod).replace("bldg:", "core:")


def feature(name, *inside, space="bldg"):
    whole = f'<{space}:{name} gml:id="{name}1">{"".join(inside)}</{space}:{name}>'
    return f"<cityObjectMember>{whole}</cityObjectMember>"


def placed(relative, matrix="1 0 0 0 0 1 0 0 0 0 1 0 0 0 0 1", point="100 200 5", lod=2):
    inside = f"<transformationMatrix>{matrix}</transformationMatrix>{relative}"
    where = f'<gml:Point srsName="EPSG:25833"><gml:pos>{point}</gml:pos></gml:Point>'
    where = f"<referencePoint>{where}</referencePoint>"
    tag = f"bldg:lod{lod}ImplicitRepresentation"
    return f"<{tag}><ImplicitGeometry>{inside}{where}</ImplicitGeometry></{tag}>"


def drawn(name="form"):
    inside = member(polygon(TRIANGLE))
    form = f'<gml:MultiSurface gml:id="{name}">{inside}</gml:MultiSurface>'
    return f"<relativeGMLGeometry>{form}</relativeGMLGeometry>"


def test_citygml_3(read):
    window = f"<con:WindowSurface>{core(3, polygon(FLOOR))}</con:WindowSurface>"
    window = f"<con:fillingSurface>{window}</con:fillingSurface>"
    wall = (
        f"<core:boundary><con:WallSurface>{core(3, polygon(WALL))}{window}</con:WallSurface></core:boundary>"
    )
    roof = f"<core:boundary><con:RoofSurface>{core(3, polygon(ROOF))}</con:RoofSurface></core:boundary>"
    guess = "<con:Height><con:status>estimated</con:status><con:value>9</con:value></con:Height>"
    guess = f"<con:height>{guess}</con:height>"
    height = guess.replace("estimated", "measured").replace("<con:value>9", '<con:value uom="m">4.5')
    attribute = (
        "<core:genericAttribute><gen:{0}><gen:name>{1}</gen:name>{2}</gen:{0}></core:genericAttribute>"
    )
    year = attribute.format("IntAttribute", "year", "<gen:value>1903</gen:value>")
    inside = attribute.format("StringAttribute", "heat", "<gen:value>gas</gen:value>").replace(
        "core:", "gen:"
    )
    part = f"<bldg:BuildingPart>{guess}{roof}</bldg:BuildingPart>"
    part = f"<bldg:buildingPart>{part}</bldg:buildingPart>"
    (record,) = read(
        THREE.format(
            '<core:cityObjectMember><bldg:Building gml:id="A">'
            + "<core:creationDate>2022-01-01</core:creationDate>"
            + year
            + attribute.format("GenericAttributeSet", "energy", inside)
            + f"{wall}{guess}{height}<bldg:storeysAboveGround>2</bldg:storeysAboveGround>{part}"
            + "</bldg:Building></core:cityObjectMember>"
        ),
        attributes="all",
    )
    assert [Face(face) for face in record.geometry.faces] == [Face.WALL, Face.WALL, Face.ROOF]
    assert (record.values["lod"], record.values["measured_height"], record.values["storeys"]) == (3, 4.5, "2")
    assert record.values["generic"] == {"year": 1903, "energy.heat": "gas"}
    assert record.crs == "urn:ogc:def:crs:EPSG::25832"


def test_roads_of_citygml_3_have_their_areas_as_parts(read):
    area = f"<tran:TrafficArea>{core(2, polygon(ROOF))}</tran:TrafficArea>"
    area = f"<core:boundary>{area}</core:boundary>"
    space = f"<tran:trafficSpace><tran:TrafficSpace>{area}{area}</tran:TrafficSpace></tran:trafficSpace>"
    road = (
        f'<tran:Road gml:id="R"><tran:section><tran:Section>{space}</tran:Section></tran:section></tran:Road>'
    )
    text = THREE.format(f"<core:cityObjectMember>{road}</core:cityObjectMember>")
    (record,) = read(text, classes=["Road"])
    assert (record.values["class"], record.values["gml_id"], len(record.geometry.faces)) == ("Road", "R", 2)
    assert read(text) == []


def test_only_the_classes_asked_for(read):
    water = surface("WaterSurface", polygon(ROOF))
    relief = (
        "<bldg:lod>2</bldg:lod><bldg:reliefComponent><bldg:TINRelief><bldg:lod>2</bldg:lod><bldg:tin>"
        "<gml:TriangulatedSurface><gml:trianglePatches>"
        f"<gml:Triangle>{ring(TRIANGLE)}</gml:Triangle></gml:trianglePatches></gml:TriangulatedSurface>"
        "</bldg:tin></bldg:TINRelief></bldg:reliefComponent>"
    )
    area = (
        f"<bldg:trafficArea><bldg:TrafficArea>{multi(polygon(FLOOR))}</bldg:TrafficArea></bldg:trafficArea>"
    )
    bridge = f"<bldg:BridgePart>{solid(polygon(ROOF))}</bldg:BridgePart>"
    bridge = f"<bldg:consistsOfBridgePart>{bridge}</bldg:consistsOfBridgePart>"
    text = model(
        feature("WaterBody", water),
        feature("ReliefFeature", relief),
        feature("Road", area, multi(polygon(ROOF), lod=1)),
        feature("Bridge", bridge),
        feature("LandUse", multi(polygon(FLOOR), lod=0)),
        feature("CityFurniture", placed(drawn())),
        building(surface("RoofSurface", polygon(ROOF))),
        version="2.0",
    )
    classes = ["WaterBody", "ReliefFeature", "Road", "Bridge", "LandUse", "CityFurniture"]
    found = read(text, classes=classes)
    assert [(r.values["class"], r.values["lod"], len(r.geometry.faces)) for r in found] == [
        ("WaterBody", 2, 1),
        ("ReliefFeature", 2, 1),
        ("Road", 2, 1),
        ("Bridge", 2, 1),
        ("LandUse", 0, 1),
        ("CityFurniture", 2, 1),
    ]
    assert [r.values["class"] for r in read(text)] == ["Building"]
    with pytest.raises(RecipeError, match="did you mean 'Bridge'"):
        read(text, classes=["bridge"])
    with pytest.raises(RecipeError, match="attributes"):
        read(text, attributes="some")


def test_forms_are_turned_scaled_and_placed(read):
    quarter = "0 -2 0 10 1 0 0 20 0 0 1 30 0 0 0 1"
    text = model(feature("CityFurniture", placed(drawn(), quarter)), version="2.0", crs=None)
    (record,) = read(text, classes=["CityFurniture"])
    assert record.geometry.points.tolist() == [[110, 220, 35], [110, 221, 35], [106, 220, 35]]
    assert record.crs == "EPSG:25833"


@pytest.mark.parametrize("name", ["form", "form7"])
def test_forms_are_found_wherever_the_file_draws_them(read, monkeypatch, name):
    monkeypatch.setattr("ingest.connectors.citygml_cut.PIECE", 900)
    link = f'<relativeGMLGeometry xlink:href="#{name}"/>'
    forms = [feature("CityFurniture", placed(drawn(f"form{n or ''}"))) for n in range(9)]
    text = model(feature("CityFurniture", placed(link)), *forms, version="2.0")
    first, *_ = read(text, classes=["CityFurniture"])
    assert first.geometry.points.tolist()[0] == [100, 200, 5]


@pytest.mark.parametrize(
    ("relative", "matrix", "note"),
    [
        (
            "<libraryObject>http://127.0.0.1/tree.wrl</libraryObject>",
            "1",
            "a form in another file was left out",
        ),
        (
            '<relativeGMLGeometry xlink:href="#gone"/>',
            "1",
            "a form that the file does not draw, or a packed one too far off, was left out",
        ),
        (drawn(), "1 0 0", "a form without a readable place was left out"),
        (drawn(), "x", "a form without a readable place was left out"),
    ],
)
def test_forms_that_cannot_be_placed_are_named_and_never_fetched(read, relative, matrix, note):
    text = model(feature("CityFurniture", placed(relative, matrix)), version="2.0")
    (record,) = read(text, classes=["CityFurniture"])
    assert (record.geometry, record.notes) == (None, (note,))


def test_surfaces_that_are_turned_around(read):
    turned = (
        "<gml:OrientableSurface orientation='-'><gml:baseSurface>{}</gml:baseSurface></gml:OrientableSurface>"
    )
    corners = [[0, 0, 0], [1, 0, 0], [0, 2, 0]]
    (record,) = read(model(building(surface("RoofSurface", turned.format(polygon(TRIANGLE))))))
    assert record.geometry.points.tolist() == [corners[0], corners[2], corners[1]]
    link = turned.format("").replace(
        "<gml:baseSurface></gml:baseSurface>", '<gml:baseSurface xlink:href="#p"/>'
    )
    hidden = f"<bldg:x>{polygon(TRIANGLE, 'p')}</bldg:x>"
    (record,) = read(model(building(surface("RoofSurface", link), hidden)))
    assert record.geometry.points.tolist() == [corners[0], corners[2], corners[1]]
    twice = turned.format(turned.format(polygon(TRIANGLE)))
    (record,) = read(model(building(surface("RoofSurface", twice))))
    assert record.geometry.points.tolist() == corners


def test_rings_of_curves(read):
    line = "<gml:curveMember><gml:LineString><gml:posList>{}</gml:posList></gml:LineString></gml:curveMember>"
    curves = line.format("0 0 0 1 0 0") + line.format("1 0 0 0 2 0 0 0 0")
    shape = f"<gml:Polygon><gml:exterior><gml:Ring>{curves}</gml:Ring></gml:exterior></gml:Polygon>"
    (record,) = read(model(building(surface("RoofSurface", shape))))
    assert record.geometry.points.tolist() == [[0, 0, 0], [1, 0, 0], [0, 2, 0]]


def test_a_level_without_a_usable_face_gives_way_to_the_next(read):
    broken = surface("RoofSurface", polygon("0 0 9 8 0 9"))
    (record,) = read(model(building(broken, solid(polygon(FLOOR), lod=1))))
    assert (record.values["lod"], len(record.geometry.faces)) == (1, 1)
    assert record.notes == ("a level of detail without a usable face was passed over",)
    (record,) = read(model(building(broken)))
    assert (record.values["lod"], record.geometry) == (2, None)
    assert record.notes == ("a face with fewer than three corners was left out",)


def test_triangles_of_one_rectangle_are_not_taken_for_each_other(read):
    second = "0 2 0 1 0 0 1 2 0 0 2 0"
    (record,) = read(model(building(surface("RoofSurface", polygon(TRIANGLE)), solid(polygon(second)))))
    assert len(record.geometry.faces) == 2


def test_generic_attributes_are_typed_and_flattened(read):
    def attribute(kind, name, value):
        return f'<gen:{kind}Attribute name="{name}"><gen:value>{value}</gen:value></gen:{kind}Attribute>'

    inside = attribute("string", "owner &amp; co", "city") + attribute("measure", "area", "12.5")
    values = (
        attribute("string", "Gemeindeschluessel", "09162000"),
        attribute("int", "year", "1903"),
        attribute("int", "odd", "about 1900"),
        attribute("double", "slope", "0.25"),
        attribute("double", "nan", "nan"),
        attribute("date", "day", "2020-01-02"),
        attribute("uri", "link", "http://a.example/"),
        attribute("string", "empty", ""),
    )
    roof = surface("RoofSurface", polygon(ROOF))
    plain = {
        "Gemeindeschluessel": "09162000",
        "year": 1903,
        "odd": "about 1900",
        "slope": 0.25,
        "day": "2020-01-02",
        "link": "http://a.example/",
    }
    sets = f'<gen:genericAttributeSet name="set">{inside}</gen:genericAttributeSet>'
    text = model(building(*values, roof), building(*values, sets, roof), version="2.0")
    first, second = read(text, attributes="all")
    assert first.values["generic"] == plain
    assert second.values["generic"] == plain | {"set.owner & co": "city", "set.area": 12.5}
    assert [record.values["generic"] for record in read(text)] == [{}, {}]
    assert {record.values["municipality_key"] for record in read(text)} == {"09162000"}
