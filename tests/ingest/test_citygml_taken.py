"""Whether a surface is known by a pattern or read by itself must make no difference but time."""

import numpy as np
import pytest

from ingest.connectors import citygml_taken
from ingest.connectors.citygml_scan import places
from tests.ingest.asking import records
from tests.ingest.gml import building, model, multi, part, polygon, ring, solid, surface

KINDS = ("GroundSurface", "WallSurface", "RoofSurface")


@pytest.fixture
def both(tmp_path, monkeypatch):
    """Read a model with patterns and without; returns the records and how many surfaces were taken out."""
    taken = []
    find = citygml_taken._found

    def spied(text, learned):
        found = find(text, learned)
        taken.append(sum(len(rows) for _, rows, _ in found[1]) if found else 0)
        return found

    def told(path, **options):
        found = []
        for record in records("citygml", path, options=options):
            own = record.geometry
            arrays = own and [
                getattr(own, name).tolist() for name in ("points", "rings", "polygons", "faces")
            ]
            found.append((record.place, dict(record.values), arrays, record.crs, record.notes))
        return found

    def both(text, **options):
        path = tmp_path / "a.gml"
        path.write_text(text)
        citygml_taken.known.cache_clear()
        with monkeypatch.context() as patch:
            patch.setattr(citygml_taken, "TRIES", 0)
            alone = told(path, **options)
        citygml_taken.known.cache_clear()
        with monkeypatch.context() as patch:
            patch.setattr(citygml_taken, "_found", spied)
            assert told(path, **options) == alone
        return alone, taken.pop()

    return both


def square(x, z=0, size=8):
    return f"{x} 0 {z} {x + size} 0 {z} {x + size} 8 {z} {x} 8 {z} {x} 0 {z}"


def house(number, *extra, holes=()):
    names = [f"p{number}_{kind}" for kind in KINDS]
    drawn = [
        surface(kind, polygon(square(number * 20, z), name, *holes))
        for z, (kind, name) in enumerate(zip(KINDS, names, strict=True))
    ]
    return building(solid(*(f"#{name}" for name in names)), *drawn, *extra, name=f"B{number}")


def test_all_surfaces_of_a_file_are_known_by_three_patterns(both):
    found, taken = both(model(*(house(n) for n in range(6))))
    assert taken == 18
    assert [values["gml_id"] for _, values, *_ in found] == [f"B{n}" for n in range(6)]
    assert all(arrays[3] == [0, 1, 2] for _, _, arrays, *_ in found)


STRANGE = {
    "hole": surface("RoofSurface", polygon(square(0), "h", square(2, size=2))),
    "two polygons": surface("RoofSurface", polygon(square(0)), polygon(square(1))),
    "another CRS in a gap": surface("WallSurface", polygon(square(0), 'p" srsName="EPSG:25833')),
    "flat": surface("WallSurface", polygon(square(0), 'p" srsDimension="2')),
    "no number": surface("WallSurface", polygon("0 0 0 1 x 0 1 1 0 0 0 0", "p")),
    "open ring": surface("WallSurface", polygon("0 0 0 1 0 0 1 1 0 0 1 0", "p")),
    "entity": surface("WallSurface", polygon(square(0), "p&amp;q")),
    "other level": surface("WallSurface", polygon(square(0), "p"), lod=3),
    "in a part": part(*(surface(kind, polygon(square(5), f"part{kind}")) for kind in KINDS)),
    "inside": "<bldg:interiorRoom><bldg:Room>"
    + surface("RoofSurface", polygon(square(0), "r"))
    + "</bldg:Room></bldg:interiorRoom>",
    "in an installation": "<bldg:outerBuildingInstallation><bldg:BuildingInstallation>"
    + surface("RoofSurface", polygon(square(0), "i"))
    + "</bldg:BuildingInstallation></bldg:outerBuildingInstallation>",
    "beside its kinds": multi(polygon(square(0), "m")),
    "reference to nothing": solid("#p_nowhere"),
    "reference to a neighbour": solid("#p1_RoofSurface"),
    "reference twice": solid("#p3_RoofSurface", "#p3_RoofSurface"),
    "comment": f"<!-- {surface('RoofSurface', polygon(square(0), 'c'))} -->",
    "words between": "words",
}


@pytest.mark.parametrize("strange", STRANGE.values(), ids=STRANGE.keys())
def test_a_strange_surface_changes_nothing_for_its_neighbours(both, strange):
    houses = [house(n, strange if n == 3 else "") for n in range(8)]
    found, taken = both(model(*houses))
    assert taken >= 24
    assert [values["gml_id"] for _, values, *_ in found] == [f"B{n}" for n in range(8)]


def test_surfaces_of_many_polygons_are_taken_once(both):
    twice = surface("WallSurface", polygon(square(0), "a", square(2, size=2)), polygon(square(3), "b"))
    found, taken = both(model(*(building(twice, twice, name=f"B{n}") for n in range(5))))
    assert taken == 10
    assert all(len(arrays[3]) == 4 for _, _, arrays, *_ in found)


def test_every_building_written_in_another_way(both):
    houses = [house(n).replace("<gml:LinearRing>", f"<gml:LinearRing{' ' * n}>") for n in range(40)]
    found, taken = both(model(*houses))
    assert len(found) == 40
    assert taken < 40


def test_a_ring_of_curves_is_no_surface(both):
    curve = ring(square(0)).replace("gml:LinearRing", "gml:Ring")
    found, _ = both(model(*(house(n) for n in range(3))).replace(ring(square(0, 1)), curve))
    assert len(found) == 3


@pytest.mark.parametrize("share", [0, 0.01, 0.2, 1])
@pytest.mark.parametrize("size", [0, 1, 8, 9, 5000])
def test_places_are_those_of_numpy(size, share):
    found = np.random.default_rng(7).random(size) < share
    assert places(found).tolist() == np.flatnonzero(found).tolist()
