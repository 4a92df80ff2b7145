"""Which format a visitor gets: by ``f=`` if given, else by Accept. ``/ogc`` speaks through here."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Literal

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from api import build, profiles, registers, responses
from api import page as front
from api.formats import csv, gdal, geojson, geoparquet, html_features, jsonfg
from api.formats.page import Page
from api.ogc.links import QUERYABLES
from twin.errors import NotAcceptable

_LONGEST = 2000
_VARY = "Accept, Accept-Encoding"
_READING = f"{_VARY}, Accept-Language"
_WORDS = "`json` or `html`; otherwise the Accept header decides."

DocumentFormat = Annotated[Literal["json", "html"] | None, Query(alias="f", description=_WORDS)]
FeatureFormat = Annotated[
    Literal["json", "html", "jsonfg", "csv", "fgb", "gpkg", "parquet"] | None,
    Query(
        alias="f",
        description="`json` (GeoJSON), `html`, `jsonfg` (JSON-FG), `csv`, `fgb` (FlatGeobuf), `gpkg` "
        "(GeoPackage) or `parquet` (GeoParquet); otherwise the Accept header decides.",
    ),
]


@dataclass(frozen=True)
class Format:
    """One way to write an answer down."""

    name: str
    """As in ``f=``."""
    media: str
    title: str
    also: tuple[str, ...] = ()
    """More media types that a visitor may ask for and be content with it."""
    profile: str | None = None
    """Which profile of its media type it is."""

    @cached_property
    def told(self) -> str:
        """Media type in links: in which bytes a text comes is not part of it there."""
        return self.media.replace("; charset=utf-8", "")

    @cached_property
    def accepted(self) -> tuple[str, ...]:
        """Media types without parameters."""
        return (self.media.partition(";")[0], *self.also)

    @cached_property
    def hint(self) -> dict[str, Any]:
        """What a link to it says beside its media type, where that is another format's, too."""
        return {"profile": [profiles.BASE + self.profile]} if self.profile == profiles.JSONFG else {}


JSON = Format("json", responses.JSON, "JSON")
HTML = Format("html", responses.HTML, "HTML", ("application/xhtml+xml",))
DOCUMENTS = (JSON, HTML)
GEOJSON = Format(
    "json", responses.GEOJSON, "GeoJSON", (responses.JSON, "application/vnd.geo+json"), profiles.RFC7946
)
JSONFG = Format("jsonfg", responses.GEOJSON, "JSON-FG", jsonfg.BEFORE, profiles.JSONFG)
FEATURES: dict[Format, Callable[[Page], bytes]] = {
    GEOJSON: geojson.write,
    JSONFG: jsonfg.write,
    Format("csv", csv.MEDIA, "CSV"): csv.write,
    Format("fgb", gdal.FLATGEOBUF, "FlatGeobuf", ("application/vnd.flatgeobuf",)): gdal.flatgeobuf,
    Format("gpkg", gdal.GEOPACKAGE, "GeoPackage", ("application/vnd.sqlite3",)): gdal.geopackage,
    Format(
        "parquet", responses.PARQUET, "GeoParquet", ("application/vnd.apache.arrow.parquet",)
    ): geoparquet.write,
}
"""Every way to write features for machines."""
ALL: tuple[Format, ...] = (GEOJSON, HTML, *[format_ for format_ in FEATURES if format_ is not GEOJSON])


def of_page(request: Request, name: str | None, profile: str | None) -> Format:
    """The format to write features in; `NotAcceptable` if the visitor reads none of them."""
    found = chosen(request, name, ALL)
    accept = request.headers.get("accept", "") if name is None else ""
    if found is not GEOJSON or (profile is None and "profile" not in accept):
        return found
    wanted = profiles.wanted(profile, accept[:_LONGEST].lower())
    return JSONFG if wanted == profiles.JSONFG else found


def chosen(request: Request, name: str | None, formats: tuple[Format, ...]) -> Format:
    """The format to answer in; `NotAcceptable` if the visitor reads none of them."""
    if name is not None:
        return next(format_ for format_ in formats if format_.name == name)
    header = request.headers.get("accept", "")[:_LONGEST]
    if header in ("", "*/*"):
        return formats[0]
    wishes = [wish for part in header.lower().split(",") if (wish := _wish(part)) is not None]
    if not wishes:
        return formats[0]
    weight, best = max(((_weight(f, wishes), f) for f in formats), key=lambda pair: pair[0])
    if weight <= 0:
        there = ", ".join(f"{format_.accepted[0]} (f={format_.name})" for format_ in formats)
        raise NotAcceptable(f"nothing that Accept names can be had here; there is {there}")
    return best


def document(
    request: Request,
    name: str | None,
    body: dict[str, Any],
    read: Callable[[dict[str, Any], str], str],
    media: str = responses.JSON,
) -> Response:
    """Answer with a document as JSON, or as the page that `read` makes of it and a language."""
    format_ = chosen(request, name, (Format("json", media, "JSON", (responses.JSON,)), HTML))
    body = _leading(body, name, format_)
    if format_ is HTML:
        return _page(request, read(body, registers.language_of(request)))
    return responses.respond(request, responses.encode(body), media, headers={"Vary": _VARY})


def features(request: Request, name: str | None, profile: str | None, page: Page) -> Response:
    """Answer with features in any format; those without room for links have them in the header."""
    format_ = of_page(request, name, profile)
    if profile is not None and format_.profile is not None:
        name = format_.name  # as links ask for it
    page.frame["links"] = _with_alternates(page.links, name, format_, ALL)
    if format_ is HTML:
        return _page(request, html_features.write(page, registers.language_of(request)))
    told = {"Vary": _VARY, "Content-Crs": f"<{page.crs}>"}
    if format_.profile is None:
        told |= _said_in_headers(page, format_)
    else:
        page.links.append(profiles.link(format_.profile))
        links = [_header(one for one in page.links if one["rel"] == QUERYABLES)] if not page.single else []
        told["Link"] = ", ".join([*links, profiles.header(format_.profile)])
    if format_ is GEOJSON:
        return responses.respond(request, geojson.write(page), format_.media, headers=told)
    tag = build.tag(format_.name.encode(), *page.parts())
    media = format_.media
    if format_ is JSONFG:
        accept = request.headers.get("accept", "")[:_LONGEST].lower()
        media = next((before for before in jsonfg.BEFORE if before in accept), media)
        tag = build.tag(tag.encode(), media.encode())
    return responses.respond(request, lambda: FEATURES[format_](page), media, etag=tag, headers=told)


def of_features(rel: str, href: str) -> list[dict[str, str]]:
    """Links to features, one for each media type.

    JSON-FG has GeoJSON's: some clients would take it, the first or the last one, for GeoJSON. It is among the
    alternates of the features.
    """
    return [
        {
            "rel": rel,
            "href": href if format_ is GEOJSON else tagged(href, format_.name),
            "type": format_.told,
            "title": format_.title,
        }
        for format_ in ALL
        if format_ is not JSONFG
    ]


def tagged(href: str, name: str) -> str:
    """The address with ``f=``."""
    return _untold(href) + name


def _untold(href: str) -> str:
    """The address with ``f=``, behind which the name of a format is to come."""
    path, _, query = href.partition("?")
    kept = [f"{part}&" for part in query.split("&") if part and not part.startswith("f=")]
    return f"{path}?{''.join(kept)}f="


def _leading(body: dict[str, Any], name: str | None, given: Format) -> dict[str, Any]:
    """A document, and the collections in it, with links to their other formats."""
    if "collections" in body:
        body = {**body, "collections": [_leading(found, name, given) for found in body["collections"]]}
    if "links" in body:
        body = {**body, "links": _with_alternates(body["links"], name, given, DOCUMENTS)}
    return body


def _with_alternates(
    links: list[dict[str, str]], name: str | None, given: Format, formats: tuple[Format, ...]
) -> list[dict[str, str]]:
    """The links, self and next in the format given, and self in all others."""
    found = []
    for link in links:
        if link["rel"] in ("self", "next", "prev"):
            href = link["href"] if name is None else tagged(link["href"], name)
            media = link["type"] if given.name == "json" else given.told
            link = {**link, "href": href, "type": media, **given.hint}
        found.append(link)
        if link["rel"] == "self":
            untold = _untold(link["href"])
            found += [
                {"rel": "alternate", "href": untold + f.name, "type": f.told, "title": f.title, **f.hint}
                for f in formats
                if f.name != given.name
            ]
    return found


def _page(request: Request, text: str) -> Response:
    headers = {"Content-Security-Policy": front.CSP, "Vary": _READING}
    return responses.respond(request, text.encode(), responses.HTML, headers=headers)


def _said_in_headers(page: Page, format_: Format) -> dict[str, str]:
    shown = ("self", "next", "prev", "collection", "license", QUERYABLES)
    links = [link for link in page.links if link["rel"] in shown]
    headers = {
        "Link": _header(links),
        "Content-Disposition": f'attachment; filename="{page.name}.{format_.name}"',
    }
    for member, header in (("numberMatched", "OGC-NumberMatched"), ("numberReturned", "OGC-NumberReturned")):
        if member in page.frame:
            headers[header] = str(page.frame[member])
    return headers


def _header(links: Iterable[dict[str, str]]) -> str:
    return ", ".join(f'<{link["href"]}>; rel="{link["rel"]}"; type="{link["type"]}"' for link in links)


def _wish(part: str) -> tuple[str, float] | None:
    """(media range, weight) of one part of an Accept header; None if it is none."""
    media, *parameters = (piece.strip() for piece in part.split(";"))
    if media.count("/") != 1:
        return None
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "q":
            try:
                return media, min(max(float(value), 0.0), 1.0)
            except ValueError:
                return None
    return media, 1.0


def _weight(format_: Format, wishes: list[tuple[str, float]]) -> float:
    """How welcome a format is: the weight of the most exact range that it fits (RFC 9110)."""
    best = (-1, 0.0)
    for media in format_.accepted:
        for wish, weight in wishes:
            exactness = {media: 2, f"{media.partition('/')[0]}/*": 1, "*/*": 0}.get(wish, -1)
            best = max(best, (exactness, weight))
    return best[1] if best[0] >= 0 else 0.0
