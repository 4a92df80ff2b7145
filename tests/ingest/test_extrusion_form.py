import math

import pytest

from ingest.extrusion.columns import Columns, personal
from ingest.extrusion.form import Rules, form_of
from ingest.extrusion.numbers import degrees, metres, storeys
from ingest.extrusion.plane import Plane, utm
from twin.errors import UnknownCRS


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (12, 12), (12.5, 12.5), ("12", 12), ("12 m", 12), ("12m", 12), ("12,5", 12.5), ("12.5 metres", 12.5),
        ("39'", 11.8872), ("39 ft", 11.8872), ("39'6\"", 12.0396), ("~8", 8), ("ca. 8 m", 8), ("850 cm", 8.5),
        ("-3", -3), (True, None), (None, None), ("", None), ("high", None), ("12;14", None), ("1e3", None),
        (math.nan, None), (math.inf, None), ("NaN", None), ("9" * 400, None), (10**400, None), ([1], None),
    ],
)  # fmt: skip
def test_lengths(written, expected):
    assert metres(written) == (None if expected is None else pytest.approx(expected))


@pytest.mark.parametrize(
    ("written", "expected"), [("3", 3), ("2,5", 2.5), ("2;3", None), ("II", None), (4.0, 4)]
)
def test_storeys(written, expected):
    assert storeys(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"), [("N", 0), ("nnw", 337.5), ("45", 45), ("370°", 10), (-90, 270), ("up", None)]
)
def test_bearings(written, expected):
    assert degrees(written) == expected


ASSUMED = "a building without height or storeys: 6 m assumed"
STOREYS = "a height taken from storeys, at 3 m each"
UNUSABLE = "a height or number of storeys that cannot be was ignored"


@pytest.mark.parametrize(
    ("said", "bottom", "top", "stated", "note"),
    [
        ({"height": "12 m", "storeys": 2}, 0, 12, 12, None),
        ({"storeys": "3"}, 0, 9, None, STOREYS),
        ({"storeys": "3", "roof_storeys": "1"}, 0, 12, None, STOREYS),
        ({"storeys": "3", "roof_height": "2"}, 0, 11, None, STOREYS),
        ({"height": 0, "storeys": 2}, 0, 6, None, STOREYS),
        ({}, 0, 6, None, ASSUMED),
        ({"height": "-9999"}, 0, 6, None, UNUSABLE),
        ({"height": 1e300}, 0, 6, None, UNUSABLE),
        ({"height": "tall", "storeys": "500"}, 0, 6, None, ASSUMED),
        ({"height": 10, "bottom": 4}, 4, 10, 10, None),
        ({"height": 10, "bottom_storeys": "1"}, 3, 10, 10, None),
        ({"height": 10, "bottom_storeys": "-1"}, 0, 10, 10, None),
        ({"height": 3, "bottom": 4}, 4, 10, None, UNUSABLE),
        ({"storeys": "0"}, 0, 6, None, ASSUMED),
    ],
)
def test_a_missing_height_is_never_silent(said, bottom, top, stated, note):
    form = form_of(said, Rules())
    assert (form.bottom, form.top, form.stated) == (bottom, top, stated)
    assert form.assumed == (ASSUMED in form.notes)
    assert note is None or note in form.notes
    assert stated is None or UNUSABLE not in form.notes


def test_what_a_recipe_states_stands_in_the_note():
    form = form_of({}, Rules(assumed_height=4.5, base=510.0))
    assert form.notes == ("a building without height or storeys: 4.5 m assumed",)
    assert (form.base, form.top) == (510.0, 4.5)
    assert form_of({"base": "498,5"}, Rules(base=1.0), 3.0).base == 498.5
    assert form_of({}, Rules(base=1.0), 3.0).base == 3.0
    assert form_of({}, Rules()).base is None


@pytest.mark.parametrize(
    ("written", "roof", "noted"),
    [
        ("gabled", "gabled", 0), ("Hipped", "hipped", 0), ("3100", "gabled", 0), (3100, "gabled", 0),
        ("Zeltdach", "pyramidal", 0),
        ("https://codes/RoofType#3200", "hipped", 0), ("crosspitched", "gabled", 1), ("many", "flat", 1),
    ],
)  # fmt: skip
def test_roofs_by_any_name(written, roof, noted):
    form = form_of({"height": 9, "roof": written, "base": 1}, Rules())
    assert (form.roof, len(form.notes)) == (roof, noted)
    assert form_of({"height": 9, "roof": written, "base": 1}, Rules(flat=True)).roof == "flat"


def test_columns_are_found_without_case_best_first_and_options_overrule():
    found = Columns().of({"HOEHE": 9, "AOG": 2, "building:levels": "3", "Name": "", "foo": 1})
    assert found == {"height": 9, "storeys": "3"}
    found = Columns({"height": "Foo"}).of({"HOEHE": 9, "foo": 1})
    assert found == {"height": 1}
    assert all(map(personal, ("addr:street", "Owner_Name", "@user", "uid", "contact:phone", "Eigentuemer")))
    assert not any(map(personal, ("height", "roof:shape", "function")))


@pytest.mark.parametrize(
    ("lon", "lat", "crs"),
    [
        (11.5, 48.1, "EPSG:25832"), (13.4, 52.5, "EPSG:25833"), (-3.7, 40.4, "EPSG:25830"),
        (39.5, 57.0, "EPSG:25837"),
        (-70.6, -33.4, "EPSG:32719"), (139.7, 35.7, "EPSG:32654"), (180.0, 10.0, "EPSG:32660"),
    ],
)  # fmt: skip
def test_degrees_become_the_zone_they_lie_in(lon, lat, crs):
    assert utm(lon, lat) == crs


def test_planes_keep_metres_and_leave_degrees_feet_and_mercator():
    import numpy as np

    munich = np.array([[11.57, 48.14], [400.0, 48.0], [np.nan, 1.0]])
    plane = Plane("OGC:CRS84")
    moved = plane.to_metres(munich)
    assert plane.crs == "EPSG:25832"
    assert moved[0] == pytest.approx([691_222, 5_334_836], abs=500)
    assert np.isnan(moved[1:]).all()
    assert Plane("EPSG:25832+7837").crs == "EPSG:25832+7837"
    assert Plane(None).crs is None
    assert Plane(None).to_metres(munich[:1]).tolist() == munich[:1].tolist()
    mercator = Plane("EPSG:3857")
    moved = mercator.to_metres(np.array([[1_287_966.0, 6_130_000.0]]))
    assert mercator.crs == "EPSG:25832"
    assert 5_300_000 < moved[0, 1] < 5_360_000
    feet = Plane("EPSG:8035")
    moved = feet.to_metres(np.array([[1_640_416.7, 13_123_333.3]]))
    assert moved[0] == pytest.approx([500_000, 4_000_000], abs=9)
    assert feet.crs == "EPSG:32620"
    stated = Plane("OGC:CRS84", None, "EPSG:25833")
    assert stated.to_metres(munich[:1]).shape == (1, 2)
    assert stated.crs == "EPSG:25833"
    fallback = Plane("Lambert III", "EPSG:25833")
    assert (fallback.crs, len(fallback.notes)) == ("EPSG:25833", 1)
    with pytest.raises(UnknownCRS):
        Plane("Lambert III")
    with pytest.raises(UnknownCRS, match="in metres"):
        Plane("OGC:CRS84", None, "EPSG:4326")
