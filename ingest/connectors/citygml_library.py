"""Forms that implicit geometries refer to, wherever in their file they are drawn."""

import re
from functools import lru_cache
from pathlib import Path

from lxml import etree

from ingest.connectors.citygml_cut import LARGEST, Cut

_FORM = re.compile(rb"<((?:[\w.-]+:)?relative(?:GML)?Geometry)(?:\s[^>]*)?(?<!/)>(.*?)</\1\s*>", re.DOTALL)
_ID = re.compile(rb"""\s(?:[\w.-]+:)?id\s*=\s*["']([^"']*)["']""")


class Library:
    """Looks a form up: in the run of objects at hand, then in the whole file if it lies here."""

    def __init__(self, cut: Cut, data: bytes) -> None:
        self._head, self._path, self._data = cut.head, cut.path, data

    def find(self, name: str) -> etree._Element | None:
        """Return the geometry with this id, None if the file has none."""
        forms = _forms(self._path) if self._path else _in(self._data)
        found = forms.get(name.encode())
        if found is None:
            return None
        parser = etree.XMLParser(
            resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True
        )
        try:
            return etree.fromstring(self._head.wrap(found), parser)
        except etree.XMLSyntaxError:
            return None


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
