"""What the document says of staleness is what comes: at every address, old and fresh."""

from datetime import timedelta

import jsonschema
import pytest
from made import AIR, BUILDINGS, COUNTS, NOON, SITES, fill

from api.app import create_app
from catalog.status import write_status
from tests.api.addresses import address
from tests.api.asgi import Client
from twin.settings import Settings
from twin.status import Status
from twin.store import open_store

HEADER = "Stadtzwilling-Stale"
DOCUMENT = create_app(Settings(), open_store("memory://")).openapi()
PATHS = [path for path in DOCUMENT["paths"] if path != "/live"]
"""All; what does not end says of each layer by itself how old it is."""
COUNTING = "/ops/metrics"
"""Is another answer each time."""
CHECKING = "/ops/conformance"
"""May be another answer until all is checked."""
FIELDS = {"stale", "state", "as_of", "due_since"}
WITH_FIELDS = [
    "Collection",
    "FeatureCollection",
    "FeatureCollectionFG",
    "OneFeature",
    "OneFeatureFG",
    "History",
    "Provenance",
    "VectorTileset",
    "TileJSON",
    "StacCollection",
    "WholeItem",
    "FreshnessOfLayers",
    "Entity",
]


@pytest.fixture(scope="module")
def asks():
    """Two who ask: while everything is fresh, and long after."""
    store = open_store("memory://")
    fill(store)
    for layer in (AIR, BUILDINGS, COUNTS, SITES):
        write_status(store, Status(layer=layer.id, interval_s=3600, last_attempt=NOON, last_success=NOON))
    apps = [
        create_app(Settings(viewer="no"), store, ttl=0, now=lambda at=at: at)
        for at in (NOON + timedelta(minutes=4), NOON + timedelta(days=30))
    ]
    return [Client(app) for app in apps]


def described(path, status):
    answer = DOCUMENT["paths"][path]["get"]["responses"][str(status)]
    return HEADER in answer.get("headers", {})


@pytest.mark.parametrize("path", PATHS)
def test_the_header_comes_where_it_is_described_and_nowhere_else(asks, path):
    fresh, old = asks
    target = address(fresh, path)
    if path == CHECKING:
        assert any(old(target).json()["checked_at"] for _ in range(60))
    assert HEADER not in fresh(target).headers
    answer = old(target)
    assert answer.status_code == 200, answer.text
    assert (HEADER in answer.headers) == described(path, 200)
    if HEADER in answer.headers:
        schema = DOCUMENT["components"]["headers"][HEADER]["schema"]
        jsonschema.validate(answer.headers[HEADER], schema)
    if "304" in DOCUMENT["paths"][path]["get"]["responses"] and path != COUNTING:
        known = old(target, if_none_match=answer.headers["etag"])
        assert (known.status_code, HEADER in known.headers) == (304, described(path, 304))


def test_what_is_empty_may_be_stale_and_what_never_changes_is_not(asks):
    _, old = asks
    tile = "/ogc/collections/{layer}/tiles/WebMercatorQuad/{z}/{y}/{x}"
    nothing = old("/ogc/collections/probe.bike-counts/tiles/WebMercatorQuad/16/22739/34870")
    part = old(f"{address(old, tile)}?revision=000002", range="bytes=0-3")
    for answer, status in ((nothing, 204), (part, 206)):
        assert answer.status_code == status
        assert (HEADER in answer.headers) == described(tile, status) == (status == 204)


@pytest.mark.parametrize("name", WITH_FIELDS)
def test_schemas_name_the_fields(name):
    assert any({name.removeprefix("twin:") for name in found} >= FIELDS for found in properties(name))


def properties(schema, seen=()):
    """The names of every object within a schema, those that it refers to included."""
    if isinstance(schema, str):
        if schema not in seen:
            yield from properties(DOCUMENT["components"]["schemas"][schema], (*seen, schema))
        return
    if "$ref" in schema:
        yield from properties(schema["$ref"].rpartition("/")[2], seen)
    yield set(schema.get("properties", ()))
    for inner in (*schema.get("properties", {}).values(), *schema.get("allOf", ()), *schema.get("anyOf", ())):
        yield from properties(inner, seen)
    if "items" in schema:
        yield from properties(schema["items"], seen)
