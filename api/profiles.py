"""Profiles of GeoJSON (OGC 21-045r1, GeoJSON Profiles and JSON-FG in Web APIs): which one a visitor wants."""

import re
from typing import Annotated

from fastapi import Query

from twin.errors import RequestError

BASE = "http://www.opengis.net/def/profile/OGC/0/"
"""Before the name of a profile, its URI."""
RFC7946, JSONFG = "rfc7946", "jsonfg"
_KNOWN = (RFC7946, JSONFG)
_LONGEST = 500
_WRITTEN = re.compile(r"https?://[^\s<>\"]+|\[[\w-]+:[\w.-]+\]|[\w.-]+", re.ASCII)
_OURS = re.compile(r"https?://www\.opengis\.net/def/profile/ogc/0/(.+)|\[ogc-profile:(.+)\]", re.IGNORECASE)
_ACCEPTED = re.compile(r'application/(?:geo\+)?json\s*;[^,"]*?\bprofile\s*=\s*(?:"([^"]*)"|([^\s,;"]+))')

Profile = Annotated[
    str | None,
    Query(
        description="Profiles of GeoJSON, comma between, the most welcome first: `rfc7946` (default) or "
        "`jsonfg` (JSON-FG), by name, URI or `[ogc-profile:…]`. What is not one of these is passed over.",
        examples=["jsonfg"],
    ),
]


def wanted(profile: str | None, accept: str) -> str | None:
    """The first profile of ours that is asked for; None if none is.

    Args:
        profile: The query parameter; if it is not there the header decides.
        accept: The Accept header, in lower case.

    Raises:
        RequestError: The parameter is no list of profiles.
    """
    if profile is None:
        found = _ACCEPTED.search(accept)
        return None if found is None else _first((found[1] or found[2]).split())
    names = [name.strip() for name in profile.split(",")] if len(profile) <= _LONGEST else []
    if not names or not all(map(_WRITTEN.fullmatch, names)):
        raise RequestError("profile is no list of profiles; write rfc7946 or jsonfg")
    return _first(names)


def _first(names: list[str]) -> str | None:
    plain = ((found[1] or found[2]) if (found := _OURS.fullmatch(name)) else name for name in names)
    return next((name for name in plain if name in _KNOWN), None)


def header(name: str) -> str:
    """The link to a profile, as in the header ``Link``."""
    return f'<{BASE}{name}>; rel="profile"'


def link(name: str) -> dict[str, str]:
    """The link to a profile, in a document: every link of OGC API Features has a media type."""
    return {"rel": "profile", "href": BASE + name, "type": "text/html"}
