"""stac-api-validator and pystac's validation, both with schemas given locally."""

import json

import pystac
import pytest
import requests
from pystac.validation import RegisteredValidator
from requests.adapters import HTTPAdapter
from stac_api_validator.validations import QueryConfig, validate_api

from tests.api.listening import files, listening
from tests.api.stac_schemas import extensions, schema

AREA = {"type": "Polygon", "coordinates": [[[11.4, 48], [11.7, 48], [11.7, 48.3], [11.4, 48.3], [11.4, 48]]]}
CLASSES = ["core", "collections", "children", "features", "item-search"]
CLASSES += [f"{kind}#{part}" for kind in ("features", "item-search") for part in ("fields", "sort", "query")]
CLASSES += ["item-search#filter"]
ASKED = QueryConfig(
    query_comparison_field="table:row_count",
    query_eq_value="25",
    query_neq_value="30",
    query_lt_value="30",
    query_lte_value="30",
    query_gt_value="1",
    query_gte_value="1",
    query_substring_field="license",
    query_starts_with_value="DL",
    query_ends_with_value="2.0",
    query_contains_value="BY",
    query_in_field="twin:theme",
    query_in_values="model,traffic",
)
NAMES = {
    "eo%3Acloud_cover": "table%3Arow_count",
    "eo:cloud_cover": "table:row_count",
    "mission": "twin:theme",
}


@pytest.fixture(scope="module")
def address(filled):
    with listening(filled) as url:
        yield url


@pytest.fixture
def offline(monkeypatch):
    """Nothing but our own server answers, and schemas come from here."""
    send = HTTPAdapter.send
    missed = []

    def ours(self, request, **options):
        if request.url.startswith("http://127.0.0.1:"):
            return send(self, request, **options)
        document = schema(request.url)
        if document is None:
            missed.append(request.url)
            raise requests.ConnectionError("there is no network here")
        answer = requests.Response()
        answer.status_code, answer.url, answer.request = 200, request.url, request
        answer._content = json.dumps(document).encode()
        return answer

    monkeypatch.setattr(HTTPAdapter, "send", ours)
    return missed


@pytest.fixture
def renamed(monkeypatch, offline):
    """The validator filters by fields of satellites; they are asked as fields that cities have."""
    send = HTTPAdapter.send

    def asked(self, request, **options):
        for theirs, our in NAMES.items():
            request.url = request.url.replace(theirs, our)
            if request.body:
                request.body = request.body.replace(theirs.encode(), our.encode())
                request.headers["Content-Length"] = str(len(request.body))
        return send(self, request, **options)

    monkeypatch.setattr(HTTPAdapter, "send", asked)


@pytest.mark.filterwarnings("default")  # theirs
def test_stac_api_validator_finds_no_fault(address, offline, renamed):
    warnings, errors = validate_api(
        root_url=f"{address}/stac",
        ccs_to_validate=CLASSES,
        collection="probe.buildings",
        geometry=json.dumps(AREA),
        auth_bearer_token=None,
        auth_query_parameter=None,
        fields_nested_property="properties.table:row_count",
        validate_pagination=True,
        query_config=ASKED,
        transaction_collection=None,
        headers={},
        stac_check_config=None,
    )
    # it looks for `in` among the letters of a value that is no list, and asks for `between` as drafts had it
    known = ('{"in": ["model", "traffic"]}', "[0, 50]")
    assert [error for error in errors if not any(part in error for part in known)] == []
    # what a schema does not ask for, items that say whose they are, a search that shall find nothing
    known = ("stac-check recommendations", "contained extra fields", "returned 0 results")
    assert [one for one in warnings if not any(part in one for part in known)] == []
    assert offline == []


@pytest.fixture
def given(monkeypatch):
    validator = RegisteredValidator.get_validator()
    monkeypatch.setattr(validator, "schema_cache", validator.schema_cache | extensions())


def test_pystac_validates_the_static_catalog_from_a_plain_file_server(filled, offline, given):
    with files(filled.root) as url:
        catalog = pystac.Catalog.from_file(f"{url}/stac/catalog.json")
        assert catalog.validate_all() == 4  # items; the collections beside them
        named = {name for item in catalog.get_items(recursive=True) for name in item.stac_extensions}
        for item in catalog.get_items(recursive=True):
            for asset in item.assets.values():
                assert requests.head(asset.get_absolute_href(), timeout=30).status_code == 200
    assert named <= set(extensions())
    assert len(named) == 6


def test_pystac_validates_what_the_service_sends(address, offline, given):
    catalog = pystac.Catalog.from_file(f"{address}/stac")
    catalog.validate()
    for collection in catalog.get_children():
        collection.validate()
        page = requests.get(f"{collection.get_self_href()}/items", timeout=60).json()
        for item in page["features"]:
            pystac.Item.from_dict(item).validate()


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("assets", "features", "file:size"), -1),
        (("assets", "features", "file:sise"), 1),
        (("assets", "tileset", "proj:code"), 4978),
        (("properties", "table:columns"), None),
        (("properties", "published"), 5),
        (("properties", "version"), 2),
        (("links",), []),
    ],
)
def test_the_schemas_find_faults(address, offline, given, place, value):
    item = requests.get(f"{address}/stac/collections/probe.buildings/items/000002", timeout=60).json()
    pystac.Item.from_dict(item).validate()
    *way, last = place
    inner = item
    for name in way:
        inner = inner[name]
    inner[last] = value
    if value is None:
        del inner[last]
    from pystac.validation import validate_dict

    with pytest.raises(pystac.STACValidationError):
        validate_dict(item)
