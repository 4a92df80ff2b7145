"""Forms in 3D over HTTP: JSON-FG's polyhedra, read from the tiles, and outlines with heights in CRS84h."""

import io
from datetime import timedelta
from urllib.parse import urlencode

import numpy as np
import pyogrio
import pytest
import shapely
from made import NOON
from pyproj import Transformer

from api.solids import lifted
from api.solids.form import Form, form_of
from catalog import keys
from tests.api.solids_made import VOLUMES, at, filled, town
from tests.tiles import houses_made as houses
from twin.store import FileStore

ITEMS = "/ogc/collections/test.buildings/items"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
CRS84H = "http://www.opengis.net/def/crs/OGC/0/CRS84h"
GROUND = houses.GROUND + houses.UNDULATION
FINE = 0.02
"""Metres: half a step of the lattice on which tiles of this size lie."""


@pytest.fixture(scope="module")
def town_store(tmp_path_factory):
    return filled(FileStore(tmp_path_factory.mktemp("town")))


@pytest.fixture(scope="module")
def look(town_store, client_of):
    return client_of(town_store, now=lambda: NOON + timedelta(minutes=1))


def asked(path=ITEMS, **query):
    return f"{path}?{urlencode(query)}"


def by_name(page):
    return {feature["id"].rpartition(".")[2]: feature for feature in page["features"]}


def shells(place):
    """The shells of a polyhedron or of several, each (m, 4, 3) closed triangles."""
    bodies = [place["coordinates"]] if place["type"] == "Polyhedron" else place["coordinates"]
    for body in bodies:
        (shell,) = body
        yield np.array([ring for (ring,) in shell])


def metres(points):
    east, north = Transformer.from_crs("OGC:CRS84", "EPSG:25832").transform(points[..., 0], points[..., 1])
    return np.stack([east - houses.EAST, north - houses.NORTH, points[..., 2]], axis=-1)


def volume(place):
    """By the divergence theorem: positive if the faces look outwards."""
    found = 0.0
    for shell in shells(place):
        a, b, c, again = np.moveaxis(metres(shell), 1, 0)
        np.testing.assert_array_equal(a, again)
        found += float(np.einsum("ij,ij", a, np.cross(b, c))) / 6
    return found


@pytest.mark.parametrize("encoding", ["meshopt", "quantised", "plain"])
def test_json_fg_has_the_solids_as_the_publisher_made_them(tmp_path, client_of, encoding):
    look = client_of(filled(FileStore(tmp_path), encoding=encoding), now=lambda: NOON + timedelta(minutes=1))
    page = look.json(asked(f="jsonfg"))
    found = by_name(page)
    for name, wanted in VOLUMES.items():
        place = found[name]["place"]
        assert volume(place) == pytest.approx(wanted, rel=0.02)
        heights = np.concatenate([shell[..., 2].ravel() for shell in shells(place)])
        assert heights.min() == pytest.approx(GROUND + (2.0 if name == "gabled" else 0.0), abs=FINE)
        assert found[name]["geometry"] is None
    assert found["apart"]["place"]["type"] == "MultiPolyhedron"
    assert len(found["apart"]["place"]["coordinates"]) == 2
    assert found["flat"]["place"]["type"] == "Polyhedron"


def test_every_edge_of_a_shell_is_there_once_in_each_direction(look):
    for feature in look.json(asked(f="jsonfg"))["features"]:
        for shell in shells(feature["place"]) if feature["place"] else ():
            edges = [(tuple(ring[i]), tuple(ring[i + 1])) for ring in shell.tolist() for i in range(3)]
            assert len(set(edges)) == len(edges)
            assert {(b, a) for a, b in edges} == set(edges)


def test_what_is_open_or_not_drawn_keeps_its_outline(look):
    found = by_name(look.json(asked(f="jsonfg")))
    for name in ("open", "none"):
        assert found[name]["place"] is None
        assert found[name]["geometry"]["type"] == "Polygon"
        assert len(found[name]["geometry"]["coordinates"][0][0]) == 2


def test_the_document_says_what_it_is(look):
    answer = look(asked(f="jsonfg", limit=2))
    page = answer.json()
    assert answer.headers["content-crs"] == f"<{CRS84H}>"
    assert page["coordRefSys"] == CRS84H
    assert page["conformsTo"] == [
        f"http://www.opengis.net/spec/json-fg-1/1.0/conf/{name}"
        for name in ("core", "polyhedra", "types-schemas")
    ]
    assert page["featureType"] == "building"
    assert look(asked(f="jsonfg", crs=CRS84H, limit=2)).json()["features"] == page["features"]
    one = look.json(f"{ITEMS}/test.buildings.flat?f=jsonfg")
    assert one["place"] == by_name(look.json(asked(f="jsonfg")))["flat"]["place"]
    assert one["coordRefSys"] == CRS84H
    again = look(asked(f="jsonfg", limit=2), if_none_match=answer.headers["etag"])
    assert again.status_code == 304


def test_another_crs_and_other_layers_have_outlines_as_before(look):
    page = look.json(asked(f="jsonfg", crs="http://www.opengis.net/def/crs/EPSG/0/25832"))
    assert {feature["place"]["type"] for feature in page["features"]} <= {"Polygon", "MultiPolygon"}
    assert not any(name.endswith("polyhedra") for name in page["conformsTo"])
    other = look("/ogc/collections/probe.construction-sites/items?f=jsonfg")
    assert other.headers["content-crs"] == f"<{CRS84}>"
    bare = look.json(asked(f="jsonfg", skipGeometry="true"))
    assert {(one["place"], one["geometry"]) for one in bare["features"]} == {(None, None)}


def test_crs84h_is_listed_where_there_are_heights_and_refused_elsewhere(look):
    assert CRS84H in look.json("/ogc/collections/test.buildings")["crs"]
    assert CRS84H not in look.json("/ogc/collections/probe.construction-sites")["crs"]
    answer = look(f"/ogc/collections/probe.construction-sites/items?crs={CRS84H}")
    assert answer.status_code == 400
    assert "CRS84h" not in answer.json()["detail"]
    assert CRS84H in look(asked(crs="EPSG:99999")).json()["detail"]


def test_in_crs84h_outlines_lie_on_the_ground(look):
    answer = look(asked(crs=CRS84H))
    assert answer.headers["content-crs"] == f"<{CRS84H}>"
    flat = by_name(look.json(ITEMS))
    for name, feature in by_name(answer.json()).items():
        if name == "none":
            assert feature["geometry"] is None
            continue
        ring, plain = (np.array(one["geometry"]["coordinates"][0]) for one in (feature, flat[name]))
        if plain.ndim == 3:
            ring, plain = ring[0], plain[0]
        np.testing.assert_array_equal(ring[:, :2], plain)
        wanted = GROUND + (2.0 if name == "gabled" else 0.0)
        np.testing.assert_allclose(ring[:, 2], wanted, atol=FINE)
        assert feature["properties"] == flat[name]["properties"]
    one = look.json(f"{ITEMS}/test.buildings.flat?{urlencode({'crs': CRS84H})}")
    assert one["geometry"] == by_name(answer.json())["flat"]["geometry"]


@pytest.mark.parametrize("name", ["fgb", "gpkg", "parquet"])
def test_files_keep_the_heights(look, name, tmp_path):
    data = look(asked(crs=CRS84H, f=name)).content
    if name == "parquet":
        import geopandas

        read = geopandas.read_parquet(io.BytesIO(data))
        assert read.crs.to_authority() == ("OGC", "CRS84h")
    else:
        path = tmp_path / f"x.{name}"
        path.write_bytes(data)
        read = pyogrio.read_dataframe(path)
        assert read.crs.to_authority() == ("EPSG", "4979")
    read = read.set_index("id")
    assert read.geometry["test.buildings.none"] is None
    there = read[read.geometry.notna()]
    assert there.has_z.all()
    low = shapely.get_coordinates(there.geometry["test.buildings.flat"], include_z=True)[:, 2]
    np.testing.assert_allclose(low, GROUND, atol=FINE)


def test_a_spreadsheet_has_them_too(look):
    text = look(asked(crs=CRS84H, f="csv")).text
    assert "POLYGON Z ((" in text


def test_six_numbers_and_crs84h_are_a_box(look):
    (west, south), (east, north) = at(-1, -1), at(13, 10)
    four = look.json(asked(bbox=f"{west},{south},{east},{north}"))
    assert four["numberMatched"] == 1
    six = {"bbox": f"{west},{south},0,{east},{north},999"}
    for query in (six, {**six, "bbox-crs": CRS84H}, {**six, "bbox-crs": CRS84}):
        assert look.json(asked(**query))["features"] == four["features"]


def test_pages_with_forms_are_short_and_lose_nothing(look, monkeypatch):
    monkeypatch.setattr(lifted, "MOST", 2)
    path, found = asked(f="jsonfg", limit=100), []
    while path:
        page = look.json(path)
        assert page["numberReturned"] <= 2
        found += [feature["id"] for feature in page["features"]]
        path = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)
    assert sorted(found) == sorted(feature.id for feature in town())


def test_a_tile_that_is_missing_is_said_and_not_left_out(tmp_path, client_of):
    store = filled(FileStore(tmp_path))
    for key in list(store.list(keys.inside("test.buildings", "content/"))):
        if key.endswith(".glb"):
            store.remove(key)
    look = client_of(store, now=lambda: NOON + timedelta(minutes=1))
    answer = look(asked(f="jsonfg"))
    assert (answer.status_code, answer.json()["type"]) == (500, "/docs#problem-damaged")
    assert look(ITEMS).status_code == 200


def test_gdal_reads_the_solids(look, tmp_path):
    if "JSONFG" not in pyogrio.list_drivers():
        pytest.skip("this GDAL has no JSON-FG")
    path = tmp_path / "town.json"
    path.write_bytes(look(asked(f="jsonfg", filter="id LIKE '%flat'")).content)
    with pytest.raises(pyogrio.errors.GeometryError, match="1015"):  # pyogrio has no PolyhedralSurface Z
        pyogrio.read_info(path)


CUBE = np.array(
    [[[x, y, z] for x, y, z in face] for face in (
        ((0, 0, 0), (0, 1, 0), (1, 1, 0)), ((0, 0, 0), (1, 1, 0), (1, 0, 0)),
        ((0, 0, 1), (1, 0, 1), (1, 1, 1)), ((0, 0, 1), (1, 1, 1), (0, 1, 1)),
        ((0, 0, 0), (1, 0, 0), (1, 0, 1)), ((0, 0, 0), (1, 0, 1), (0, 0, 1)),
        ((0, 1, 0), (0, 1, 1), (1, 1, 1)), ((0, 1, 0), (1, 1, 1), (1, 1, 0)),
        ((0, 0, 0), (0, 0, 1), (0, 1, 1)), ((0, 0, 0), (0, 1, 1), (0, 1, 0)),
        ((1, 0, 0), (1, 1, 0), (1, 1, 1)), ((1, 0, 0), (1, 1, 1), (1, 0, 1)),
    )], float)  # fmt: skip
EARTH = np.eye(4) + np.array([[0, 0, 0, 4_177_000.0], [0, 0, 0, 855_000.0], [0, 0, 0, 4_727_000.0], [0] * 4])


def test_bodies_that_touch_along_an_edge_are_two():
    both = form_of(np.concatenate([CUBE, CUBE + np.array([1.0, 1.0, 0.0])]), EARTH)
    assert [len(body) for body in both.bodies] == [12, 12]
    assert both.geometry()["type"] == "MultiPolyhedron"
    assert form_of(CUBE, EARTH).geometry()["type"] == "Polyhedron"


def test_a_hole_or_a_turned_face_is_no_body():
    assert form_of(CUBE[1:], EARTH).geometry() is None
    turned = CUBE.copy()
    turned[0] = turned[0, ::-1]
    assert form_of(turned, EARTH).geometry() is None


def test_triangles_without_area_do_not_matter():
    flat = np.array([[[0, 0, 0], [0, 0, 0], [1, 1, 0]]], float)
    form = form_of(np.concatenate([flat, CUBE]), EARTH)
    assert isinstance(form, Form)
    assert len(form.triangles) == 12
    assert len(form.bodies) == 1
