"""References between objects of CityGML, and what CityGML 3 divides a building into."""

import pytest

from ingest.connectors import citygml_cut
from tests.ingest.asking import records
from tests.ingest.gml import FLOOR, ROOF, WALL, building, model, part, polygon, solid, surface
from tests.ingest.test_citygml_forms import THREE, core
from twin.record import Face

TURNED = '<gml:OrientableSurface orientation="-"><gml:baseSurface xlink:href="#{}"/></gml:OrientableSurface>'
FIRST = [[0, 0, 5], [8, 0, 5], [8, 0, 9], [0, 0, 9]]
LAST = [FIRST[0], *FIRST[:0:-1]]


@pytest.fixture
def read(tmp_path):
    def read(text, **options):
        (tmp_path / "a.gml").write_text(text)
        return records("citygml", tmp_path / "a.gml", options=options)

    return read


def corners(record, place):
    solid = record.geometry
    first, last = solid.rings[solid.polygons[place]], solid.rings[solid.polygons[place] + 1]
    return solid.points[first:last].tolist()


def neighbours(between=""):
    """The second house has no wall of its own towards the first one."""
    first = building(surface("WallSurface", polygon(WALL, "w")), solid("#w"), name="A")
    second = building(surface("RoofSurface", polygon(ROOF, "r")), solid("#r", TURNED.format("w")), name="B")
    return first + between + second


@pytest.mark.parametrize("turn", [False, True])
def test_a_wall_of_the_neighbour_belongs_to_both(read, turn):
    both = neighbours()
    if turn:  # what is referred to comes behind
        at = both.index("<cityObjectMember>", 1)
        both = both[at:] + both[:at]
    found = {record.values["gml_id"]: record for record in read(model(both))}
    assert corners(found["A"], 0) == FIRST
    assert corners(found["B"], 1) == LAST
    assert found["B"].notes == ()


def test_a_neighbour_in_another_part_of_the_file_is_found_if_it_is_near(read, monkeypatch):
    monkeypatch.setattr(citygml_cut, "PIECE", 2000)
    far = "".join(building(surface("RoofSurface", polygon(ROOF)), name=f"C{n}") for n in range(40))
    *_, last = read(model(neighbours(between=far)))
    assert (len(last.geometry.faces), last.notes) == (2, ())
    monkeypatch.setattr("ingest.connectors.citygml_library._NEAR", 500)
    *_, last = read(model(neighbours(between=far)))
    assert len(last.geometry.faces) == 1
    assert [note.endswith("or too far off, was left out") for note in last.notes] == [True]


def test_a_surface_made_of_surfaces_is_found_whole(read):
    inner = (
        f"<gml:CompositeSurface><gml:surfaceMember>{polygon(ROOF)}</gml:surfaceMember></gml:CompositeSurface>"
    )
    outer = (
        f'<gml:CompositeSurface gml:id="both"><gml:surfaceMember>{inner}</gml:surfaceMember>'
        f"<gml:surfaceMember>{polygon(WALL)}</gml:surfaceMember></gml:CompositeSurface>"
    )
    first = building(surface("WallSurface", outer), name="A")
    *_, second = read(model(first, building(solid("#both"), name="B")))
    assert len(second.geometry.faces) == 2


def test_a_wall_between_two_parts_is_seen_from_both(read):
    one = part(surface("WallSurface", polygon(WALL, "w")), solid("#w"))
    two = part(surface("RoofSurface", polygon(ROOF, "r")), solid("#r", TURNED.format("w")))
    (record,) = read(model(building(one, two)))
    assert [Face(face) for face in record.geometry.faces] == [Face.WALL, Face.ROOF, Face.WALL]
    assert (corners(record, 0), corners(record, 2)) == (FIRST, LAST)


def shell(*polygons, lod=2):
    return solid(*polygons, lod=lod).replace("bldg:", "core:")


def divided(kind, *inside, of="buildingSubdivision"):
    return f"<bldg:{of}><bldg:{kind}>{''.join(inside)}</bldg:{kind}></bldg:{of}>"


def three(*inside):
    whole = f'<bldg:Building gml:id="A">{"".join(inside)}</bldg:Building>'
    return THREE.format(f"<core:cityObjectMember>{whole}</core:cityObjectMember>")


def test_a_building_of_constructive_elements_with_a_window_in_one(read):
    window = (
        f"<core:boundary><con:WindowSurface>{core(3, polygon(FLOOR))}</con:WindowSurface></core:boundary>"
    )
    window = f"<con:filling><con:Window>{window}</con:Window></con:filling>"
    element = divided(
        "BuildingConstructiveElement", shell(polygon(WALL), lod=3), window, of="buildingConstructiveElement"
    )
    (record,) = read(three(element))
    assert (len(record.geometry.faces), record.values["lod"], record.notes) == (2, 3, ())


def test_storeys_and_units_stand_for_a_building_without_an_outer_form(read):
    high = ROOF.replace("9", "13")
    unit = divided("BuildingUnit", shell(polygon(FLOOR), polygon(ROOF)), of="buildingUnit")
    room = divided("BuildingRoom", shell(polygon(WALL)), of="buildingRoom")
    upper = divided(
        "Storey", shell(polygon(ROOF), polygon(high)), divided("BuildingUnit", shell(polygon(WALL)))
    )
    (record,) = read(three(divided("Storey", unit, room), upper))
    # Floor and top; neither the ceiling between the two nor rooms, nor units of a storey with its own form.
    assert [corners(record, place)[0][2] for place in range(2)] == [13, 5]
    assert record.notes == ("a building without an outer form was drawn by its storeys and units",)
    (record,) = read(three(shell(polygon(WALL)), upper))
    assert (len(record.geometry.faces), record.notes) == (1, ())


@pytest.mark.parametrize("name", ["<gml:name>Rathaus</gml:name>", "<gml:name> Rathaus </gml:name><x/>"])
def test_the_name_of_a_building_is_an_attribute(read, name):
    inside = (name, surface("RoofSurface", polygon(ROOF)), part("<gml:name>Turm</gml:name>"))
    assert [r.values["generic"] for r in read(model(building(*inside)), attributes="all")] == [
        {"name": "Rathaus"}
    ]
    assert [r.values["generic"] for r in read(model(building(*inside)))] == [{}]
