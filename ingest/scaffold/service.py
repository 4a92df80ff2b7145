"""Service: what the address of a map service, as people copy it, says of how the recipe has to ask."""

import re
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from ingest.connectors.arcgis import ALL, layer_of
from ingest.scaffold.dialect import Dialect

_ASKED = {
    "typenames": "type",
    "typename": "type",
    "srsname": "srsName",
    "cql_filter": "filter",
    "bbox": "bbox",
    "outputformat": "format",
}
"""Parameter of a WFS → option of the connector. All others of ``GetFeature`` it sends itself."""
_DEFAULT = ("format", "application/json")
"""What the connector asks for by itself."""
_OWN = (
    *("service", "version", "request", "count", "maxfeatures", "startindex", "sortby"),
    *_ASKED,
)
_MEMBER = re.compile(rb"<(?:[\w.-]+:)?(?:featureMembers?|member)\b[^>]*>\s*<([\w.-]+(?::[\w.-]+)?)")
_ID = re.compile(rb'"id"\s*:\s*"([\w.-]{1,80})\.[^".]{1,40}"')
_NOT_1_1 = b"opengis.net/wfs/2.0"


def asked(address: str, dialect: Dialect, head: bytes) -> tuple[str, Dialect]:
    """The address without what the connector asks by itself, and the dialect with the options that say it.

    Args:
        address: as typed; of a file nothing is known but what is in it.
        dialect: as told by the bytes.
        head: some first bytes of the answer; a feature's name in them is the type's.
    """
    if dialect.connector == "ogc_features":
        return address.partition("?")[0], dialect
    if dialect.connector == "arcgis":
        (layer, more), where = layer_of(address)
        return layer + more, replace(dialect, options={} if where == ALL else {"where": where})
    if dialect.connector != "wfs":
        return address, dialect
    options: dict[str, Any] = {}
    parts = urlsplit(address)
    given = parse_qsl(parts.query) if "://" in address else []
    for name, value in given:
        if name.lower() in _ASKED and (_ASKED[name.lower()], value) != _DEFAULT:
            options.setdefault(_ASKED[name.lower()], value)
    named = (_MEMBER if dialect.suffix == ".gml" else _ID).search(head)
    if named is not None:
        options.setdefault("type", named[1].decode())
    if dialect.suffix == ".gml":
        options["format"] = ""  # the server's own
        if _NOT_1_1 not in head:
            options["version"] = "1.1.0"
    rest = urlencode([(name, value) for name, value in given if name.lower() not in _OWN])
    plain = urlunsplit(parts._replace(query=rest, fragment="")) if given else address
    return plain, Dialect(dialect.connector, options, dialect.suffix, dialect.said)
