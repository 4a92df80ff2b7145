"""Which abstract tests there are: of every class that issue 5 asks for, by the ids of its annex.

Sources: OGC 19-072 and 20-024 (Common 1 and 2), 17-069r4, 18-058r1, 19-079r2 (Features 1 to 3), 23-058r2
(Common 3), 21-065r2 (CQL2), 20-057 (Tiles), 21-045r1 (JSON-FG); of 18-088 (SensorThings 1.1) the
requirements, which its annex goes through.
"""

SPEC = "http://www.opengis.net/spec/"
_COMMON, _FEATURES, _CQL2 = "ogcapi-common-1/1.0/conf/", "ogcapi-features-", "cql2/1.0/conf/"
_TILES, _STA = "ogcapi-tiles-1/1.0/conf/", "iot_sensing/1.1/req/"
_SCHEMAS = "ogcapi-common-3/1.0/conf/"
_JSON_FG = "json-fg-1/1.0/conf/"
_SPATIAL = (
    "s_intersects",
    "s_disjoint",
    "s_equals",
    "s_touches",
    "s_crosses",
    "s_within",
    "s_contains",
    "s_overlaps",
)
_KINDS = (
    "thing",
    "location",
    "historical-location",
    "datastream",
    "sensor",
    "observed-property",
    "observation",
)

TESTS: dict[str, tuple[str, ...]] = {
    f"{_COMMON}core": (
        *("http", "query-param-name-unknown", "query-param-value-invalid", "query-param-capitalization"),
        *("query-param-list-delimiter", "query-param-list-escape", "query-param-list-empty"),
        *("query-param-value-boolean", "query-param-value-integer", "query-param-value-decimal"),
        "query-param-value-double",
    ),
    f"{_COMMON}landing-page": (
        *("root-op", "root-success", "api-definition-op", "api-definition-success"),
        *("conformance-op", "conformance-success"),
    ),
    f"{_COMMON}json": ("definition", "content"),
    f"{_COMMON}html": ("definition", "content"),
    f"{_COMMON}oas30": (
        *("completeness", "exceptions-codes", "oas-definition-1", "oas-definition-2", "oas-impl", "security"),
    ),
    "ogcapi-common-2/1.0/conf/collections": (
        *("rc-md-op", "rc-md-success", "rc-md-links", "rc-md-timestamp", "rc-md-items", "src-md-op"),
        *("src-md-success", "rc-md-collection-content", "rc-md-items-links", "rc-md-extent"),
    ),
    f"{_FEATURES}1/1.0/conf/core": (
        *("http", "crs84", "root-op", "root-success", "api-definition-op", "api-definition-success"),
        *("conformance-op", "conformance-success", "fc-md-op", "fc-md-success", "fc-md-links", "fc-md-items"),
        *("fc-md-items-links", "fc-md-extent", "sfc-md-op", "sfc-md-success", "fc-op", "fc-bbox-definition"),
        *("fc-bbox-response", "fc-limit-definition", "fc-limit-response", "fc-time-definition"),
        *("fc-time-response", "query-param-invalid", "query-param-unknown", "fc-response", "fc-links"),
        *("fc-timeStamp", "fc-numberMatched", "fc-numberReturned", "f-op", "f-success", "f-links"),
    ),
    f"{_FEATURES}1/1.0/conf/geojson": ("definition", "content"),
    f"{_FEATURES}1/1.0/conf/html": ("definition", "content"),
    f"{_FEATURES}1/1.0/conf/oas30": (
        *("completeness", "exceptions-codes", "oas-definition-1", "oas-definition-2", "oas-impl", "security"),
    ),
    f"{_FEATURES}2/1.0/conf/crs": (
        *("crs-uri", "default-crs", "storageCrs", "crs-parameter", "crs-parameter-invalid"),
        *("crs-parameter-default", "crs-parameter-transform", "bbox-crs-parameter"),
        *("bbox-crs-parameter-invalid", "bbox-crs-parameter-default"),
    ),
    f"{_FEATURES}3/1.0/conf/queryables": ("get-conformance", "get-queryables-uris", "get-queryables"),
    f"{_FEATURES}3/1.0/conf/queryables-query-parameters": ("get-conformance", "query-param"),
    f"{_FEATURES}3/1.0/conf/filter": (
        *("get-conformance", "filter-param", "filter-lang-default", "expression-construction"),
        *("filter-crs-wgs84", "filter-crs-param", "get-functions"),
    ),
    f"{_FEATURES}3/1.0/conf/features-filter": (
        *("get-conformance", "get-collections", "get-collection", "filter-on-items", "mixing-expression"),
    ),
    f"{_SCHEMAS}schemas": (
        *("basic-schema-inspection", "role", "role-id", "property-seq", "unit", "definition", "nullvalues"),
    ),
    f"{_SCHEMAS}advanced-property-roles": (
        "role-primary-geometry",
        "role-primary-temporal",
        "role-type",
    ),
    f"{_SCHEMAS}returnables-and-receivables": (
        *("get-conformance", "link", "op-and-response", "response-1", "response-2"),
    ),
    f"{_SCHEMAS}queryables": ("get-conformance", "link", "op-and-response"),
    f"{_SCHEMAS}sortables": ("get-conformance", "link", "op-and-response"),
    f"{_CQL2}cql2-text": ("validate", "escaping"),
    f"{_CQL2}cql2-json": ("validate",),
    f"{_CQL2}basic-cql2": ("basic-test", "comparison", "is-null", "boolean", "test-data", "logical"),
    f"{_CQL2}advanced-comparison-operators": ("like", "between", "in", "test-data", "logical"),
    f"{_CQL2}case-insensitive-comparison": ("casei", "casei-like", "test-data", "logical"),
    f"{_CQL2}accent-insensitive-comparison": (
        *("accenti", "accenti-like", "accenti-casei", "accenti-casei-like", "test-data", "logical"),
    ),
    f"{_CQL2}basic-spatial-functions": ("s_intersects", "test-data", "logical"),
    f"{_CQL2}basic-spatial-functions-plus": ("s_intersects", "test-data"),
    f"{_CQL2}spatial-functions": (*_SPATIAL, "test-data", "logical"),
    f"{_CQL2}temporal-functions": ("temporal-functions-1", "temporal-functions-2", "test-data", "logical"),
    f"{_CQL2}array-functions": ("array-predicates", "logical"),
    f"{_CQL2}property-property": (
        *("comparison-value-property", "comparison-property-property", "comparison-value-value"),
        *("test-data", "logical"),
    ),
    f"{_CQL2}functions": ("functions",),
    f"{_CQL2}arithmetic": ("arithmetic", "test-data", "logical"),
    f"{_TILES}core": (
        *("conformance-success", "tc-op", "tc-tilematrix-definition", "tc-tilerow-definition"),
        *("tc-tilecol-definition", "tc-success", "tc-error"),
    ),
    f"{_TILES}tileset": ("conformance-success", "description"),
    f"{_TILES}tilesets-list": ("conformance-success", "tileset-links"),
    f"{_TILES}geodata-tilesets": ("conformance-success", "desc-links", "operation"),
    f"{_TILES}dataset-tilesets": ("conformance-success", "landingpage", "operation"),
    f"{_TILES}collections-selection": ("query-collections", "collections-response"),
    f"{_TILES}mvt": ("content",),
    f"{_TILES}oas30": ("completeness", "operation-ids"),
    f"{_JSON_FG}core": (
        *("schema-valid", "metadata-geometry-extension", "metadata-measures", "metadata-types-schemas"),
        *("interval-start-end", "instant-and-interval-a", "instant-and-interval-bc"),
        *("instant-and-interval-de", "coordinate-dimension-geometry", "coordinate-dimension-place"),
        *("geometry-wgs84", "geometry-no-jsonfg-extension", "valid-geometry", "place-geometries"),
        "axis-order",
    ),
    f"{_JSON_FG}polyhedra": ("coordinates", "valid-geometry"),
    f"{_JSON_FG}types-schemas": (
        *("feature-type-1", "feature-type-2", "geometry-dimension", "feature-schemas"),
        "single-feature-schema",
    ),
    f"{_JSON_FG}profiles": ("rfc7946", "json-fg", "jsonfg-plus"),
    f"{_JSON_FG}api": ("profile-parameter-rfc7946", "profile-parameter-jsonfg"),
    f"{_STA}datamodel": (
        *(
            f"{kind}/{what}"
            for kind in (*_KINDS, "feature-of-interest")
            for what in ("properties", "relations")
        ),
        "entity-control-information/common-control-information",
    ),
    f"{_STA}resource-path": ("resource-path-to-entities",),
    f"{_STA}request-data": (
        *("status-code", "query-status-code", "order", "expand", "select", "orderby", "top", "skip", "count"),
        *("filter", "built-in-filter-operations", "built-in-query-functions", "pagination"),
    ),
    f"{_STA}data-array": ("data-array",),
}
"""Class → its abstract tests. What the issue asks for; each class is claimed, or listed in `UNCLAIMED`."""

UNCLAIMED: dict[str, str] = {
    f"{_STA}resource-path": "its requirement is claimed by itself",
    f"{_STA}data-array": "read-only, so no CreateObservations; reading data arrays is tested all the same",
}
"""Class that is not claimed → why. Its cases hold as soon as it is claimed."""

LEFT_OUT: dict[str, str] = {
    f"{_COMMON}oas30/security": "there are no access controls: everything is public",
    f"{_FEATURES}1/1.0/conf/oas30/security": "there are no access controls: everything is public",
    f"{_SCHEMAS}returnables-and-receivables/response-2": "read-only: features are not received",
    f"{_JSON_FG}types-schemas/geometry-dimension": "no document tells geometryDimension, which is optional",
    f"{_JSON_FG}profiles/jsonfg-plus": "this profile is not offered, nor does the class api ask for it",
    "ogcapi-common-2/1.0/conf/collections/rc-md-timestamp": "the list tells no timeStamp, which is optional",
}
"""Abstract test that does not apply → why."""
