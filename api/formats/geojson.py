"""GeoJSON: features as they are kept, in their frame."""

import orjson

from api.formats.page import Page


def write(page: Page) -> bytes:
    """The page as GeoJSON (RFC 7946, in WGS 84; OGC API Features 2 in others)."""
    frame = orjson.dumps(page.frame)
    if page.single:
        return b"%b,%b" % (page.features[0][:-1], frame[1:])
    return b'%b,"features":[%b]}' % (frame[:-1], b",".join(page.features))
