"""Pages of other origins can read every header that answers have."""

import pytest

from tests.api.test_manners import EVERY, ITEMS

ALWAYS_READABLE = {"cache-control", "content-language", "content-length", "content-type", "expires", "date"}
"""CORS-safelisted response headers, and what browsers keep to themselves or nobody reads by program."""
FOR_BROWSERS = {
    "access-control-allow-headers",
    "access-control-allow-methods",
    "access-control-allow-origin",
    "access-control-expose-headers",
    "access-control-max-age",
    "content-security-policy",
    "cross-origin-resource-policy",
    "referrer-policy",
    "x-content-type-options",
}
MORE = [
    f"{ITEMS}?f=csv",
    f"{ITEMS}?limit=1&crs=http://www.opengis.net/def/crs/EPSG/0/25832",
    "/nowhere",
    f"{ITEMS}?limit=0",
]


@pytest.mark.parametrize("path", [*EVERY, *MORE])
def test_every_header_is_exposed(client_of, filled, path):
    ask = client_of(filled, rate_per_s=0.001, rate_burst=1)
    answers = [ask(path, accept_encoding="gzip"), ask(path), ask(path, "OPTIONS"), ask(path, "DELETE")]
    for answer in answers:
        told = answer.headers["access-control-expose-headers"]
        exposed = {name.strip().lower() for name in told.split(",")}
        assert set(answer.headers) - ALWAYS_READABLE - FOR_BROWSERS <= exposed


def test_nginx_exposes_the_same():
    from api.manners import ALWAYS
    from tests.api.proxy import SHIPPED

    exposed = dict(ALWAYS)[b"access-control-expose-headers"].decode()
    assert SHIPPED.read_text("utf-8").count(f'Access-Control-Expose-Headers "{exposed}"') == 1
