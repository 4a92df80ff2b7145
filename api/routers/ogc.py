"""OGC API under ``/ogc``: Common and Features, in all formats of `api.negotiation`."""

from collections.abc import Callable
from functools import partial
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api import asking, describe, documentation, functions, named, negotiation, params, responses, stale
from api.asking import Asked
from api.contents import Contents
from api.formats import html_chain, html_collections, html_history, html_more
from api.formats.page import Page
from api.negotiation import DocumentFormat, FeatureFormat
from api.ogc import collection as one
from api.ogc import history as past
from api.ogc import items as content
from api.ogc import landing as first
from api.ogc import provenance as origin
from api.ogc.definition import Definition
from api.ogc.items import Answer
from api.ogc.landing import CONFORMANCE
from api.ogc.links import link, path_of
from api.ogc.openapi30 import MEDIA
from api.params import Bbox, Datetime, Limit, Offset
from api.profiles import Profile
from api.referred import has_outlines
from api.routing import DirectRoute, StrictRoute, at_once, join
from api.service import Service
from api.solids.forms import Forms
from catalog import at_hand, deadline

_AT_ONCE = 250
"""Features of a page that is made in less time than others would notice."""


def router(service: Service, contents: Contents) -> APIRouter:
    """The routes of this door; `contents` are also those that other doors read."""
    forms = Forms(contents)
    routes = APIRouter(prefix="/ogc", route_class=StrictRoute, tags=["OGC API"])
    # Not strict: which names are known depends on the layer.
    named_too = APIRouter(prefix="/ogc", route_class=DirectRoute)

    @routes.get("/", include_in_schema=False)  # where OGC's own test suites look for it
    @routes.get("", summary="What this service has, and its cities", operation_id="getLandingPage")
    def landing(request: Request, datetime: Datetime = None, f: DocumentFormat = None) -> Response:
        return negotiation.document(request, f, first.landing(service, datetime), html_collections.start)

    @routes.get("/conformance", summary="Conformance classes", operation_id="getConformance")
    def conformance(request: Request, f: DocumentFormat = None) -> Response:
        return negotiation.document(request, f, {"conformsTo": CONFORMANCE}, html_more.conformance)

    @routes.get("/functions", summary="Functions that filters may have", operation_id="getFunctions")
    def own_functions(request: Request, f: DocumentFormat = None) -> Response:
        found = functions.examples(service)
        body = functions.document(service, "/ogc/functions", found)
        return negotiation.document(request, f, body, partial(html_more.functions, examples=found))

    defined = Definition(service)

    def in_words(layer: str, page: Callable[..., str]) -> Callable[[dict[str, Any], str], str]:
        """A page that calls the layer and its columns as people do."""
        city, found = service.layer(layer)
        return partial(page, layer=found, notice=city.notice)

    @routes.get("/api", summary="This interface as OpenAPI 3.0", operation_id="getAPI")
    def api(request: Request, f: DocumentFormat = None) -> Response:
        framework = request.app.openapi()
        body = defined.older(framework)
        return negotiation.document(request, f, body, lambda *_: documentation.page(framework), MEDIA)

    @routes.get("/collections", summary="All layers, published or not", operation_id="getCollectionsList")
    def collections(request: Request, datetime: Datetime = None, f: DocumentFormat = None) -> Response:
        found = [one.collection(service, city, layer, datetime) for city, layer in service.layers()]
        links = [link(service, "self", path_of("/ogc/collections", {"datetime": datetime}), responses.JSON)]
        names = {city.id: city.title for city in service.cities()}
        body = {"collections": found, "links": links}
        answer = negotiation.document(
            request, f, body, lambda body, language: html_collections.collections(body, language, names)
        )
        at = None if datetime is None else params.asked(datetime, service.now())
        answer.headers.update(stale.headers(service, [layer for _, layer in service.layers()], at))
        return answer

    @routes.get("/collections/{layer}", summary="One layer", operation_id="getCollection")
    def collection(
        request: Request, layer: str, datetime: Datetime = None, f: DocumentFormat = None
    ) -> Response:
        body = one.collection(service, *service.layer(layer), datetime)
        return negotiation.document(request, f, body, html_collections.collection)

    @named_too.get(
        "/collections/{layer}/items",
        summary="Features of a layer",
        tags=["OGC API"],
        openapi_extra={"parameters": [named.ANY]},
    )
    @at_once
    def items(
        request: Request,
        layer: str,
        bbox: Bbox = None,
        bbox_crs: asking.BboxCrs = None,
        datetime: Datetime = None,
        limit: Limit = 10,
        offset: Offset | None = None,
        filter: asking.Filter = None,
        filter_lang: asking.FilterLang = None,
        filter_crs: asking.FilterCrs = None,
        sortby: asking.Sort = None,
        properties: asking.Properties = None,
        skip_geometry: asking.SkipGeometry = None,
        q: asking.Words = None,
        crs: asking.Crs = None,
        token: asking.Token = None,
        f: FeatureFormat = None,
        profile: Profile = None,
    ) -> Response:
        if limit > _AT_ONCE:
            at_hand.leave()
        asked = Asked(
            bbox=bbox,
            bbox_crs=bbox_crs,
            datetime=datetime,
            limit=limit,
            offset=offset,
            filter=filter,
            filter_lang=filter_lang,
            filter_crs=filter_crs,
            sortby=sortby,
            properties=properties,
            skip_geometry=skip_geometry,
            q=q,
            crs=crs,
            token=token,
            more=named.given(request, asking.OWN, service.layer(layer)[1].schema_),
        )
        solid = _form(request, f, profile) is negotiation.JSONFG
        with deadline.within(service.settings.query_s):
            found = content.items(service, forms, layer, asked, solid)
            return negotiation.features(request, f, profile, _page(service, layer, asked.datetime, found))

    join(routes, named_too)

    @routes.get(
        "/collections/{layer}/items/{feature:path}/history", summary="What happened to one feature over time"
    )
    def history(
        request: Request,
        layer: str,
        feature: str,
        datetime: Datetime = None,
        limit: Limit = past.USUAL,
        token: asking.Token = None,
        f: DocumentFormat = None,
    ) -> Response:
        body = past.history(service, layer, feature, datetime, limit, token)
        return negotiation.document(request, f, body, in_words(layer, html_history.history))

    @routes.get(
        "/collections/{layer}/items/{feature:path}/provenance",
        summary="Where one feature comes from, step by step",
    )
    def provenance(
        request: Request,
        layer: str,
        feature: str,
        datetime: Datetime = None,
        property: params.Observed = None,
        observed_at: params.ObservedAt = None,
        f: DocumentFormat = None,
    ) -> Response:
        body = origin.provenance(service, layer, feature, datetime, property, observed_at)
        return negotiation.document(request, f, body, in_words(layer, html_chain.chain))

    @routes.get("/collections/{layer}/items/{feature:path}", summary="One feature")
    @at_once
    def item(
        request: Request,
        layer: str,
        feature: str,
        datetime: Datetime = None,
        crs: asking.Crs = None,
        f: FeatureFormat = None,
        profile: Profile = None,
    ) -> Response:
        solid = _form(request, f, profile) is negotiation.JSONFG
        found = content.item(service, forms, layer, feature, datetime, crs, solid)
        return negotiation.features(request, f, profile, _page(service, layer, datetime, found, single=True))

    return routes


def _form(request: Request, f: str | None, profile: str | None) -> negotiation.Format:
    """The format to answer in; all but GeoJSON take their time."""
    form = negotiation.of_page(request, f, profile)
    if form is not negotiation.GEOJSON:
        at_hand.leave()
    return form


def _page(service: Service, layer_id: str, datetime: str | None, found: Answer, single: bool = False) -> Page:
    city, layer = service.layer(layer_id)
    at = None if datetime is None else params.asked(datetime, service.now())
    return Page(
        city,
        layer,
        {**found.frame, **stale.of(service, layer, at).fields()},
        found.features,
        schema=service.url(f"/ogc/collections/{layer.id}/schema"),
        tell=lambda: describe.layer(service, city, layer, at),
        crs=found.shown.crs,
        columns=found.shown.names,
        geometry=found.shown.geometry,
        forms=found.forms,
        single=single,
        beside=lambda: [
            other
            for other in city.layers
            if other != layer and has_outlines(other) and service.listing.current(other.id, at) is not None
        ],
        published=None if found.revision is None else found.revision.published_at,
    )
