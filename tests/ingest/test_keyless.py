"""Things without a key of their own: their id is made of what the source says, not of where PROJ puts it."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

import ingest.place
from ingest.load import load_city
from ingest.normalise import fitting
from twin.layer import Layer
from twin.record import Face, Record, Solid
from twin.report import Report
from twin.times import now

CITY = load_city("muenchen")
EAST, NORTH = 691_000.0, 5_335_000.0


def keyless(name):
    of = CITY.layer(name).model_dump(by_alias=True, exclude={"fields", "readings", "tiles"})
    return Layer.model_validate({**of, "business_key": (), "hashed": ()})


SITES, BUILDINGS = keyless("construction-sites"), keyless("buildings")


def ids(layer, *records):
    return fitting(records, layer, CITY, now(), Report(), set())[1].ids


def plot(ring, crs="EPSG:25832"):
    return Record("a", {"use": "meadow"}, shapely.to_wkb(shapely.Polygon(ring)), crs)


def house(tall):
    ground = np.array([[0, 0], [9, 0], [9, 7], [0, 7]]) + ZONE_33[0]
    floor, roof = (np.column_stack((ground, np.full(4, z))) for z in (510.0, 510.0 + tall))
    faces = np.array([Face.GROUND, Face.ROOF], np.uint8)
    points = np.vstack((floor[::-1], roof))
    return Record("a", {}, Solid(points, np.array([0, 4, 8]), np.array([0, 1, 2]), faces), "EPSG:25833+7837")


RING = [(EAST, NORTH), (EAST + 40, NORTH), (EAST + 40, NORTH + 9), (EAST, NORTH + 9)]
ZONE_33 = [(243_800.0, 5_337_600.0), (243_840.0, 5_337_600.0), (243_840.0, 5_337_630.0)]


def newer(monkeypatch, name, by):
    """Another PROJ puts things elsewhere by a little: nothing that one may run beside this one here."""
    before = getattr(ingest.place, name)

    def after(points, *crs):
        return before(points, *crs) + by

    monkeypatch.setattr(ingest.place, name, after)


@pytest.mark.parametrize(("ring", "crs"), [(RING, "EPSG:25832"), (ZONE_33, "EPSG:25833")])
def test_a_newer_proj_gives_an_area_no_new_id(monkeypatch, ring, crs):
    (before,) = ids(SITES, plot(ring, crs))
    placed = ingest.place.place([plot(ring, crs)], SITES, CITY)[0][0].wkb
    newer(monkeypatch, "transform_2d", 4e-9)
    assert ingest.place.place([plot(ring, crs)], SITES, CITY)[0][0].wkb != placed
    assert ids(SITES, plot(ring, crs)) == [before]


def test_a_newer_proj_gives_a_building_no_new_id(monkeypatch):
    (before,) = ids(BUILDINGS, house(8.0))
    newer(monkeypatch, "to_city_3d", 0.0004)
    assert ids(BUILDINGS, house(8.0)) == [before]
    assert ids(BUILDINGS, house(8.001)) != [before]


@given(first=st.integers(0, 3), back=st.booleans(), aside=st.sampled_from([0.0, 0.001, -3.0]))
def test_an_area_is_the_same_wherever_its_ring_begins(first, back, aside):
    ring = [(east + aside, north) for east, north in RING[first:] + RING[:first]]
    same = ids(SITES, plot(ring[::-1] if back else ring)) == ids(SITES, plot(RING))
    assert same == (aside == 0)


def test_what_the_source_says_beside_the_place_counts_too():
    field = Record("a", {"use": "field"}, plot(RING).geometry, "EPSG:25832")
    assert len({*ids(SITES, plot(RING), field)}) == 2
