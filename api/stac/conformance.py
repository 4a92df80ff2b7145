"""The classes that the STAC door keeps to.

Of what was renumbered both are named: the newest, and the one that clients of today look for
(https://github.com/stac-api-extensions: sort 1.0.0 and 1.1.0, collection search 1.0.0-rc.1 and 1.0.0).
"""

from catalog import cql

_API = "https://api.stacspec.org/"
CONFORMANCE = (
    f"{_API}v1.0.0/core",
    f"{_API}v1.0.0/collections",
    f"{_API}v1.0.0-rc.2/children",
    f"{_API}v1.0.0/ogcapi-features",
    f"{_API}v1.0.0/ogcapi-features#fields",
    f"{_API}v1.0.0/ogcapi-features#query",
    f"{_API}v1.0.0/ogcapi-features#sort",
    f"{_API}v1.1.0/ogcapi-features#sort",
    f"{_API}v1.0.0-rc.1/ogcapi-features#free-text",
    f"{_API}v1.0.0/item-search",
    f"{_API}v1.0.0/item-search#fields",
    f"{_API}v1.0.0/item-search#filter",
    f"{_API}v1.0.0/item-search#query",
    f"{_API}v1.0.0/item-search#sort",
    f"{_API}v1.1.0/item-search#sort",
    f"{_API}v1.1.0/item-search#sortables",
    f"{_API}v1.0.0-rc.1/item-search#free-text",
    f"{_API}v1.0.0/collection-search",
    f"{_API}v1.0.0/collection-search#fields",
    f"{_API}v1.0.0/collection-search#filter",
    f"{_API}v1.1.0/collection-search#sort",
    f"{_API}v1.1.0/collection-search#sortables",
    f"{_API}v1.0.0-rc.1/collection-search",
    f"{_API}v1.0.0-rc.1/collection-search#fields",
    f"{_API}v1.0.0-rc.1/collection-search#filter",
    f"{_API}v1.0.0-rc.1/collection-search#free-text",
    f"{_API}v1.0.0-rc.1/collection-search#sort",
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/simple-query",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/sortables",
    *cql.CONFORMANCE,
)
