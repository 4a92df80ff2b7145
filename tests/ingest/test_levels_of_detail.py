"""Of several levels of detail the best that is whole: CityGML and CityJSON alike."""

import numpy as np
import pytest

from ingest.connectors.whole import BROKEN, MIXED, SKIPPED, shells
from tests.ingest import cityjson as cj
from tests.ingest.asking import records
from tests.ingest.gml import building, model, part, polygon, surface
from tests.ingest.test_citygml_parts import both
from twin.record import Solid

GROUND = [(0, 0, 0), (0, 8, 0), (10, 8, 0), (10, 0, 0)]
ROOF = [(0, 0, 6), (10, 0, 6), (10, 8, 6), (0, 8, 6)]
SIDES = [
    [(0, 0, 0), (10, 0, 0), (10, 0, 6), (0, 0, 6)],
    [(10, 0, 0), (10, 8, 0), (10, 8, 6), (10, 0, 6)],
    [(10, 8, 0), (0, 8, 0), (0, 8, 6), (10, 8, 6)],
    [(0, 8, 0), (0, 0, 0), (0, 0, 6), (0, 8, 6)],
]
BOX = [GROUND, ROOF, *SIDES]
KINDS = ["GroundSurface", "RoofSurface", *["WallSurface"] * 4]
INGOLSTADT = (678_000, 5_404_000, 370)


def gml_ring(corners, shift=0.0, around=INGOLSTADT):
    x0, y0, z0 = around
    return " ".join(f"{x + x0 + shift} {y + y0} {z + z0}" for x, y, z in [*corners, corners[0]])


def shell(lod, without=(), shift=0.0, turned=()):
    """A box of CityGML, without some of its faces; `turned` ones look inwards."""
    faces = [
        (kind, face[::-1] if place in turned else face)
        for place, (kind, face) in enumerate(zip(KINDS, BOX, strict=True))
        if place not in without
    ]
    return "".join(surface(kind, polygon(gml_ring(face, shift)), lod=lod) for kind, face in faces)


def porch(lod):
    """A closed little box in front of the door."""
    small = [[(x / 10, y / 10 - 1, z / 3) for x, y, z in face] for face in BOX]
    return "".join(
        surface(kind, polygon(gml_ring(face)), lod=lod) for kind, face in zip(KINDS, small, strict=True)
    )


def balcony(inside):
    tag = "bldg:outerBuildingInstallation"
    return f"<{tag}><bldg:BuildingInstallation>{inside}</bldg:BuildingInstallation></{tag}>"


@pytest.mark.parametrize(
    ("inside", "lod", "faces", "notes"),
    [
        ([shell(1), shell(2), shell(3)], 3, 6, ()),
        ([shell(2), shell(3, without=[0])], 3, 5, ()),  # nobody misses the ground
        ([shell(2), shell(3, turned=[1, 3])], 3, 6, ()),  # which is repaired
        ([shell(2), shell(3, without=[2])], 2, 6, (SKIPPED,)),
        ([shell(2), shell(3, without=[1])], 2, 6, (SKIPPED,)),
        ([shell(1), shell(2, without=[1]), shell(3, without=[3])], 1, 6, (SKIPPED, SKIPPED)),
        ([shell(1, without=[1]), shell(2, without=[2]), shell(3, without=[3])], 3, 5, (BROKEN,)),
        ([shell(1), shell(4)], 4, 6, ()),
        ([shell(1, without=[1]), shell(4, without=[1])], 1, 5, (BROKEN, SKIPPED)),
        ([shell(2), porch(3)], 2, 6, (SKIPPED,)),
        ([shell(2, without=[2]), porch(3)], 2, 5, (BROKEN, SKIPPED)),
        ([shell(2), balcony(porch(3))], 2, 6, (SKIPPED,)),
        ([shell(2), balcony(porch(2))], 2, 12, ()),
        ([shell(0, without=[1, 2, 3, 4, 5]), shell(2, without=[2])], 2, 5, (BROKEN,)),
        ([shell(0, without=[1, 2, 3, 4, 5])], 0, 1, ()),
        ([part(shell(3), shell(2)), part(shell(2, shift=10))], 2, 12, (SKIPPED,)),
        ([part(shell(3)), part(shell(2, shift=10))], 3, 12, (MIXED,)),
        ([shell(1), part(shell(3)), part(shell(3, shift=10))], 3, 12, ()),
    ],
)
def test_citygml(tmp_path, monkeypatch, inside, lod, faces, notes):
    """Read quickly and carefully."""
    path = tmp_path / "a.gml"
    path.write_text(model(building(*inside), building(shell(2), name="B2")))
    (record, plain), taken = both(path, monkeypatch)
    assert (record.values["lod"], len(record.geometry.faces), record.notes) == (lod, faces, notes)
    assert (plain.values["lod"], len(plain.geometry.faces), plain.notes) == (2, 6, ())
    assert taken == 1 if [*{*inside}] != [shell(2)] else 2


def test_what_is_asked_for_is_drawn_however_it_is(tmp_path):
    path = tmp_path / "a.gml"
    path.write_text(model(building(shell(1), shell(2, without=[1, 2]), shell(3))))
    (record,) = records("citygml", path, options={"lod": 2})
    assert (record.values["lod"], len(record.geometry.faces), record.notes) == (2, 4, ())


def test_a_face_that_cannot_be_read_is_missing(tmp_path):
    path = tmp_path / "a.gml"
    spoilt = surface("WallSurface", polygon("0 0 5 8 0 nan 8 8 9 0 0 5"), lod=3)
    path.write_text(model(building(shell(2), shell(3), spoilt)))
    (record,) = records("citygml", path)
    assert (record.values["lod"], record.notes) == (2, (SKIPPED,))


def faces(*without):
    return [face for place, face in enumerate(cj.SHELL) if place not in without]


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
@pytest.mark.parametrize(
    ("given", "lod", "count", "notes"),
    [
        ([("1.2", ()), ("2.2", ()), ("3.0", ())], 3, 6, ()),
        ([("1.2", ()), ("2.2", ())], 2.2, 6, ()),
        ([("1.2", ()), ("2.2", [0])], 2.2, 5, ()),
        ([("1.2", ()), ("1.3", ()), ("2.2", [1])], 1.3, 6, (SKIPPED,)),
        ([("2.2", ()), ("3.3", [1, 2])], 2.2, 6, (SKIPPED,)),
        ([("0", [1, 2, 3, 4, 5]), ("1.2", [3]), ("2.2", [1])], 2.2, 5, (BROKEN,)),
    ],
)
def test_cityjson(tmp_path, name, given, lod, count, notes):
    objects = {
        "b": cj.thing("Building", *[cj.surfaces(own, faces(*without)) for own, without in given]),
        "plain": cj.thing("Building", cj.solid("2")),
    }
    if name == "a.json":
        content = cj.json.dumps(cj.document(objects))
    else:
        content = cj.sequence(*[cj.feature({key: value}) for key, value in objects.items()])
    (tmp_path / name).write_text(content)
    one, other = records("cityjson", tmp_path / name)
    assert (one.values["lod"], len(one.geometry.faces), one.notes) == (lod, count, notes)
    assert (other.values["lod"], other.notes) == (2, ())


def solid_of(corners):
    points = np.array([corner for face in corners for corner in face], float)
    ends = np.arange(0, 4 * len(corners) + 1, 4, dtype=np.int32)
    count = len(corners)
    kinds = np.full(count, 255, np.uint8)
    return Solid(points, ends, np.arange(count + 1, dtype=np.int32), kinds)


def test_degrees_and_coordinates_that_are_none():
    box = solid_of(BOX)
    degrees = box.points * [1e-5, 1e-5, 1] + [35.68, 139.76, 0]
    astray = box.points.copy()
    astray[3] = [1e300, -1e300, 1e300]
    moved = [Solid(points, box.rings, box.polygons, box.faces) for points in (degrees, astray, box.points)]
    found = shells([*moved, solid_of(BOX[:2]), solid_of(BOX[2:])])
    assert found.whole.tolist() == [True, False, True, False, False]
    assert found.plan[2] == pytest.approx(80)
