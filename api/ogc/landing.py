"""What the OGC API is: its first document, and the classes it keeps to."""

from datetime import datetime as Instant
from typing import Any

from api import describe, functions, params, responses
from api.formats import jsonfg
from api.ogc.links import link, path_of
from api.ogc.openapi30 import MEDIA
from api.service import Service
from api.vector import documents as vector
from catalog import cql
from catalog.stac_documents import both
from twin.city import City

BEFORE = (
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/schemas",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/core-roles-features",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/returnables-and-receivables",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/sortables",
)
"""What the drafts of Features 5 called the classes that are Common 3 since OGC 23-058r2; clients (QGIS) look
for these."""
CONFORMANCE = (
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/landing-page",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/json",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables-query-parameters",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter",
    "http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/schemas",
    "http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/advanced-property-roles",
    "http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/returnables-and-receivables",
    "http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/sortables",
    *BEFORE,
    *jsonfg.CONFORMANCE,
    *cql.CONFORMANCE,
    *vector.CONFORMANCE,
)


def landing(service: Service, datetime: str | None = None) -> dict[str, Any]:
    """The document at ``/ogc``; its links keep `datetime`."""
    kept = {"datetime": datetime}
    at = None if datetime is None else params.asked(datetime, service.now())
    cities = service.cities()
    notices = [f"{city.title.en}: {both(city.notice)}." for city in cities if city.notice is not None]
    return {
        "title": "Stadtzwilling",
        "description": " ".join(["Digital twins of cities, from open data.", *notices]),
        "links": [
            link(service, "self", path_of("/ogc", kept), responses.JSON),
            link(service, "service-desc", "/ogc/api", MEDIA),
            link(service, "service-doc", "/docs", "text/html"),
            link(service, "conformance", "/ogc/conformance", responses.JSON),
            link(service, "data", path_of("/ogc/collections", kept), responses.JSON),
            link(service, functions.REL, "/ogc/functions", responses.JSON, "Functions that filters may have"),
            vector.together(service, path_of("", kept)),
            vector.schemes(service),
            link(
                service,
                "alternate",
                path_of("/stac", {"datetime": params.full(datetime)}),
                responses.JSON,
                "The same as STAC",
            ),
        ],
        "cities": [_city(service, city, at, kept) for city in cities],
    }


def _city(service: Service, city: City, at: Instant | None, kept: dict[str, str | None]) -> dict[str, Any]:
    told = describe.city(service, city, at)
    if told["tileset"] is not None:
        told["tileset"] = path_of(told["tileset"], kept)
    return told
