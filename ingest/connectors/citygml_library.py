"""Geometries that are referred to from elsewhere: forms of implicit ones, and walls shared with neighbours.

Forms are found wherever in their file they are drawn, all else only near by: what is referred to from far
away would have the whole of a large file in memory.
"""

import re
from functools import lru_cache
from pathlib import Path

from lxml import etree

from ingest.connectors.citygml_cut import LARGEST, Cut

_FORM = re.compile(rb"<((?:[\w.-]+:)?relative(?:GML)?Geometry)(?:\s[^>]*)?(?<!/)>(.*?)</\1\s*>", re.DOTALL)
_ID = re.compile(rb"""\s(?:[\w.-]+:)?id\s*=\s*["']([^"']*)["']""")
_SURFACE = re.compile(
    rb"<((?:[\w.-]+:)?(?:Polygon|Surface|CompositeSurface|OrientableSurface|MultiSurface|TriangulatedSurface))"
    rb"""\s[^<>]*?(?<![\w.-])id\s*=\s*["']([^"']*)["'][^<>]*(?<!/)>"""
)
_NEAR = 1 << 23
"""Bytes before and behind a run of objects in which is looked for what it refers to."""


class Library:
    """Looks a form up: in the run of objects at hand, then in the whole file if it lies here."""

    def __init__(self, cut: Cut, data: bytes) -> None:
        self._head, self._path, self._data, self._cut = cut.head, cut.path, data, cut
        self._near: tuple[bytes, dict[bytes, tuple[int, bytes]]] | None = None
        self.asked = False
        """Whether it was looked beyond the run of objects: what is made then may change with that."""

    def find(self, name: str) -> etree._Element | None:
        """Return an element with the geometry of this id in it, None if the file has none."""
        self.asked |= bool(self._path)
        forms = _forms(self._path) if self._path else _in(self._data)
        found = forms.get(name.encode()) or self._surface(name.encode())
        if found is None:
            return None
        parser = etree.XMLParser(
            resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True
        )
        try:
            return etree.fromstring(self._head.wrap(found), parser)
        except etree.XMLSyntaxError:
            return None

    def _surface(self, name: bytes) -> bytes | None:
        """The text of the surface with this id that lies near by."""
        if self._near is None:
            text = self._around()
            places = {found[2]: (found.start(), found[1]) for found in _SURFACE.finditer(text)}
            self._near = text, places
        text, places = self._near
        if name not in places:
            return None
        begin, tag = places[name]
        depth = 0
        for mark in re.finditer(rb"<(/?)" + re.escape(tag) + rb"(?:\s[^<>]*?)?(/?)>", text[begin:]):
            depth += 0 if mark[2] else -1 if mark[1] else 1
            if not depth:
                return text[begin : begin + mark.end()]
        return None

    def _around(self) -> bytes:
        if not self._path:
            return self._data
        with Path(self._path).open("rb") as raw:
            begin = max(self._cut.offset - _NEAR, 0)
            raw.seek(begin)
            return raw.read(self._cut.end + _NEAR - begin)


@lru_cache(maxsize=2)
def _forms(path: str) -> dict[bytes, bytes]:
    """All forms of a plain file, by id."""
    forms: dict[bytes, bytes] = {}
    size = 0
    with Path(path).open("rb") as raw:
        rest = b""
        while data := raw.read(1 << 24):
            data = rest + data
            found = _in(data)
            forms |= found
            size += sum(map(len, found.values()))
            if size > LARGEST:
                break
            rest = data[-(1 << 22) :]
    return forms


def _in(data: bytes) -> dict[bytes, bytes]:
    forms = {}
    for match in _FORM.finditer(data):
        name = _ID.search(match[2], 0, match[2].find(b">") + 1)
        if name:
            forms[name[1]] = match[2].strip()
    return forms
