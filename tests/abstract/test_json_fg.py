"""JSON-FG 1.0 (21-045r1): documents, solids, types, profiles of GeoJSON, and how they are asked for."""

from datetime import timedelta
from itertools import pairwise

import jsonschema
import made
import numpy as np
import pytest
import shapely
from pyproj import CRS

from api.app import create_app
from tests.abstract import named
from tests.abstract.client import Client, media
from tests.abstract.json_fg_schema import ROOT
from tests.api import solids_made
from twin.settings import Settings
from twin.store import FileStore

PART = "json-fg-1/1.0/conf/"
SPEC = "http://www.opengis.net/spec/json-fg-1/1.0/conf/"
PROFILE = "http://www.opengis.net/def/profile/OGC/0/"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
core, polyhedra, types, profiles, api = (
    named.of(PART + name) for name in ("core", "polyhedra", "types-schemas", "profiles", "api")
)
SOLIDS = {"Polyhedron", "MultiPolyhedron"}
HERE = (47.0, 49.0, 10.0, 13.0)
"""South, north, west, east of all that is made up."""


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """Houses with forms in 3D."""
    store = solids_made.filled(FileStore(tmp_path_factory.mktemp("town")))
    settings = Settings(viewer="no-viewer", public_url=Client.BASE)
    with Client(create_app(settings, store, now=lambda: made.NOON + timedelta(minutes=1))) as client:
        yield client


@pytest.fixture(scope="module")
def documents(ask, town, filled):
    """JSON-FG root objects: pages in every CRS, and a feature of each collection."""
    found = []
    for client, names in ((ask, filled), (town, ("test.buildings", "probe.construction-sites"))):
        for name in names:
            path = f"/ogc/collections/{name}/items"
            for crs in (None, *client.json(f"/ogc/collections/{name}")["crs"]):
                query = {"profile": "jsonfg", "limit": 100} | ({} if crs is None else {"crs": crs})
                found.append(client.json(path, query, "application/geo+json"))
            for one in found[-1]["features"][:3]:
                found.append(
                    client.json(f"{path}/{one['id']}", {"profile": "jsonfg"}, "application/geo+json")
                )
    return found


def features(document):
    return document.get("features", [document])


def shapes(documents, member):
    """(geometry, its root object), of all that have one."""
    return [(one[member], document) for document in documents for one in features(document) if one[member]]


def positions(coordinates):
    if isinstance(coordinates[0], int | float):
        yield tuple(coordinates)
    else:
        for part in coordinates:
            yield from positions(part)


@core("schema-valid")
def test_schema_valid(documents):
    """Every document is what the schema of root objects wants."""
    validator = jsonschema.Draft202012Validator(ROOT)
    for document in documents:
        validator.validate(document)
    for lacking in ("conformsTo", "features"):
        assert not validator.is_valid({**documents[0], lacking: None})


@core("metadata-geometry-extension", "metadata-measures", "metadata-types-schemas")
def test_metadata_geometry_extension_metadata_measures_metadata_types_schemas(documents):
    """What is used of JSON-FG's extensions is declared."""
    for document in documents:
        kinds = {one["place"]["type"] for one in features(document) if one["place"]}
        assert not kinds & SOLIDS or f"{SPEC}polyhedra" in document["conformsTo"]
        assert kinds <= SOLIDS | {"Point", "LineString", "Polygon", "MultiPolygon"}
        assert "measures" not in str(document)
        assert f"{SPEC}types-schemas" in document["conformsTo"]


@core("interval-start-end")
def test_interval_start_end(documents):
    """No interval ends before it begins."""
    times = [one["time"]["interval"] for document in documents for one in features(document) if one["time"]]
    closed = [(start, end) for start, end in times if ".." not in (start, end)]
    assert closed
    assert all(start <= end for start, end in closed)


@core("instant-and-interval-a", "instant-and-interval-bc", "instant-and-interval-de")
def test_instant_and_interval_a_instant_and_interval_bc_instant_and_interval_de(documents):
    """There is one way to tell a time, so that none contradicts another."""
    assert all(
        one["time"] is None or set(one["time"]) == {"interval"}
        for document in documents
        for one in features(document)
    )


@core("coordinate-dimension-geometry", "coordinate-dimension-place")
@pytest.mark.parametrize("member", ["geometry", "place"])
def test_coordinate_dimension_geometry_coordinate_dimension_place(documents, member):
    """All positions of a document have equally many numbers."""
    for document in documents:
        found = {len(at) for shape, _ in shapes([document], member) for at in positions(shape["coordinates"])}
        assert len(found) <= 1
        assert all(size >= 2 for size in found)


@core("geometry-wgs84", "geometry-no-jsonfg-extension")
def test_geometry_wgs84_geometry_no_jsonfg_extension(documents):
    """In ``geometry`` stand degrees, and nothing that GeoJSON does not know."""
    found = shapes(documents, "geometry")
    assert found
    for shape, _ in found:
        assert set(shape) == {"type", "coordinates"}
        for lon, lat, *_ in positions(shape["coordinates"]):
            assert HERE[2] < lon < HERE[3]
            assert HERE[0] < lat < HERE[1]


@core("valid-geometry")
def test_valid_geometry(documents):
    """What Simple Features knows is valid there."""
    for member in ("geometry", "place"):
        flat = [shape for shape, _ in shapes(documents, member) if shape["type"] not in SOLIDS]
        assert flat
        assert all(shapely.geometry.shape(shape).is_valid for shape in flat)


@core("place-geometries")
def test_place_geometries(documents):
    """What GeoJSON could say does not stand in ``place``."""
    found = shapes(documents, "place")
    assert {shape["type"] for shape, _ in found} >= SOLIDS | {"Point", "Polygon"}
    for shape, document in found:
        assert shape["type"] in SOLIDS or document["coordRefSys"].startswith(EPSG)
    assert all(one["geometry"] != one["place"] for d in documents for one in features(d) if one["place"])


@core("axis-order")
def test_axis_order(documents):
    """Positions are in the order of the CRS that the document names."""
    seen = set()
    for shape, document in shapes(documents, "place"):
        uri = document["coordRefSys"]
        if uri.startswith(EPSG) and uri not in seen:
            seen.add(uri)
            crs = CRS.from_epsg(int(uri.rpartition("/")[2]))
            first, second = next(positions(shape["coordinates"]))[:2]
            if crs.is_geographic:
                assert crs.axis_info[0].direction == "north"
                assert (HERE[0] < first < HERE[1], HERE[2] < second < HERE[3]) == (True, True)
            else:
                assert crs.axis_info[0].direction == "east"
                assert first < second / 3
    assert len(seen) >= 3


@pytest.fixture(scope="module")
def solids(documents):
    """(solid, its document)."""
    return [pair for pair in shapes(documents, "place") if pair[0]["type"] in SOLIDS]


@polyhedra("coordinates")
def test_coordinates(solids):
    """Solids have three numbers to a position, in a CRS of three axes."""
    for shape, document in solids:
        assert {len(at) for at in positions(shape["coordinates"])} == {3}
        assert document["coordRefSys"].endswith("/OGC/0/CRS84h")


@polyhedra("valid-geometry")
def test_polyhedra_valid_geometry(solids):
    """Shells are closed and look outwards, all of their faces alike."""
    assert {shape["type"] for shape, _ in solids} == SOLIDS
    for shape, _ in solids:
        bodies = [shape["coordinates"]] if shape["type"] == "Polyhedron" else shape["coordinates"]
        for body in bodies:
            assert len(body) == 1  # no voids
            rings = [ring for face in body[0] for ring in face]
            assert all(ring[0] == ring[-1] and len(ring) == 4 for ring in rings)
            edges = [(tuple(a), tuple(b)) for ring in rings for a, b in pairwise(ring)]
            assert len(set(edges)) == len(edges)
            assert {(b, a) for a, b in edges} == set(edges)
            corners = np.array([ring[:3] for ring in rings])
            corners -= corners.reshape(-1, 3).mean(axis=0)
            assert np.linalg.det(corners).sum() > 0


@types("feature-type-1", "feature-type-2", "single-feature-schema")
def test_feature_type_1_feature_type_2_single_feature_schema(documents):
    """A document says once what all of its features are, and where their schema is."""
    kinds = {document["type"] for document in documents}
    assert kinds == {"Feature", "FeatureCollection"}
    for document in documents:
        assert isinstance(document["featureType"], str)
        assert isinstance(document["featureSchema"], str)
        assert all("featureType" not in one for one in document.get("features", ()))


@types("feature-schemas")
def test_feature_schemas(ask, town, documents):
    """The schemas are those of OGC API Features 5, and know all properties."""
    for document in documents:
        client = town if "test.buildings" in document["featureSchema"] else ask
        answer = client(document["featureSchema"], accept="application/schema+json")
        assert (answer.status_code, media(answer)) == (200, "application/schema+json")
        schema = answer.json()
        assert schema["$id"] == document["featureSchema"]
        assert all(set(one["properties"]) <= set(schema["properties"]) for one in features(document))


@profiles("rfc7946")
@api("profile-parameter-rfc7946")
def test_profile_parameter_rfc7946(ask, filled):
    """The plain profile has nothing of JSON-FG, and says that it is plain."""
    for name in filled:
        path = f"/ogc/collections/{name}/items"
        first = ask.items(name, limit=1)["features"][0]["id"]
        for query in ({"profile": "rfc7946"}, {}):
            for answer in (ask(one, query, "application/geo+json") for one in (path, f"{path}/{first}")):
                document = answer.json()
                assert (answer.status_code, media(answer)) == (200, "application/geo+json")
                assert f'<{PROFILE}rfc7946>; rel="profile"' in answer.headers["link"]
                assert {one["href"] for one in document["links"] if one["rel"] == "profile"} == {
                    f"{PROFILE}rfc7946"
                }
                assert document["type"] in ("Feature", "FeatureCollection")
                assert "conformsTo" not in document
                assert all("place" not in one for one in features(document))


@profiles("json-fg")
@api("profile-parameter-jsonfg")
def test_json_fg_by_profile_parameter_jsonfg(ask, filled):
    """Asked for by the parameter, documents are JSON-FG and say so."""
    for name in filled:
        path = f"/ogc/collections/{name}/items"
        first = ask.items(name, limit=1)["features"][0]["id"]
        for one in (path, f"{path}/{first}"):
            answer = ask(one, {"profile": "jsonfg"}, "application/geo+json")
            assert (answer.status_code, media(answer)) == (200, "application/geo+json")
            assert f'<{PROFILE}jsonfg>; rel="profile"' in answer.headers["link"]
            document = answer.json()
            assert {one["href"] for one in document["links"] if one["rel"] == "profile"} == {
                f"{PROFILE}jsonfg"
            }
            jsonschema.Draft202012Validator(ROOT).validate(document)
            assert f"{SPEC}core" in document["conformsTo"]
            head = ask(one, {"profile": "jsonfg"}, "application/geo+json", method="HEAD")
            assert head.headers["link"] == answer.headers["link"]
