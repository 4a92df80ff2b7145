"""Textures of CityGML 1 to 3: which picture lies on a ring, and where its corners lie in it.

They stand in the object they belong to, or in the model beside all objects, often behind them. The latter
are looked for in the whole file, once a process.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from lxml import etree
from numpy.typing import NDArray

from ingest.connectors.citygml_cut import LARGEST, Text
from ingest.connectors.citygml_head import Head, encoding_of
from ingest.connectors.citygml_roles import local
from ingest.files import File

_TAG = re.compile(
    rb"<(/?)(?:[\w.-]+:)?(appearanceMember|ParameterizedTexture|GeoreferencedTexture|X3DMaterial)(?:\s[^<>]*)?(?<!/)>"
)
_CHUNK = 1 << 22
_TAIL = 1 << 10
"""Longest tag that is recognised where a file is read piece by piece."""
_MOST_BYTES = 400_000_000
"""Memory for the textures of one file; what is beyond stays plain."""
_RING_BYTES = 250
"""What a ring takes beside its places."""
LOST = "textures beyond what fits into memory were left out; give the file in pieces"
MATRIX = "textures laid on by a matrix were left out"
NOT_DRAWN = {
    "GeoreferencedTexture": "pictures laid on by coordinates (GeoreferencedTexture) are not drawn",
    "X3DMaterial": "colours of faces (X3DMaterial) are not drawn: each kind of face has its own",
}
"""Other appearances → what is said of them, once for whoever has some."""
_KINDS = ("{*}ParameterizedTexture", *(f"{{*}}{name}" for name in NOT_DRAWN))
UNREADABLE = "a texture that cannot be read was left out"


@dataclass(slots=True)
class Textures:
    """Pictures by the rings they lie on; of several on one ring, the first one counts."""

    images: list[str] = field(default_factory=list)
    """Addresses as written, blanks included."""
    rings: dict[str, tuple[int, NDArray[np.float32]]] = field(default_factory=dict)
    """Id of a ring → number of its picture, and (n, 2) places in it, the first one repeated at the end."""
    notes: list[str] = field(default_factory=list)
    size: int = 0
    """Bytes of all this, about."""
    _numbers: dict[str, int] = field(default_factory=dict)

    def add(self, texture: etree._Element) -> None:
        """Take over an ``app:ParameterizedTexture``; of other appearances only that they are there."""
        if other := NOT_DRAWN.get(local(texture.tag)):
            self.notes += [] if other in self.notes else [other]
            return
        address = next((child.text for child in texture if local(child.tag) == "imageURI"), None)
        if not address or not address.strip():
            self.notes.append(UNREADABLE)
            return
        if address not in self._numbers:
            self._numbers[address] = len(self.images)
            self.images.append(address)
        image = self._numbers[address]
        for element in texture.iter(etree.Element):
            name = local(element.tag)
            if name == "TexCoordList":
                for ring, written in _coordinates(element):
                    self._lay(image, ring, written)
            elif name == "TexCoordGen":
                self.notes.append(MATRIX)

    def _lay(self, image: int, ring: str, written: str) -> None:
        try:
            with np.errstate(over="ignore"):  # what gets too large is told below
                places = np.array(written.split(), np.float32)
        except ValueError:
            places = np.zeros(1, np.float32)
        if not len(places) or len(places) % 2 or not np.isfinite(places).all():
            self.notes.append(UNREADABLE)
        elif self.size + places.nbytes + _RING_BYTES > _MOST_BYTES:
            self.notes += [] if LOST in self.notes else [LOST]
        elif self.rings.setdefault(ring, (image, places.reshape(-1, 2)))[0] == image:
            self.size += places.nbytes + _RING_BYTES


def _coordinates(element: etree._Element) -> Iterator[tuple[str, str]]:
    """Ids of rings and their places: the id is an attribute, in CityGML 3 an element of its own."""
    written = [child for child in element if local(child.tag) == "textureCoordinates"]
    rings = [child.text or "" for child in element if local(child.tag) == "ring"]
    for number, child in enumerate(written):
        ring = child.get("ring") or (rings[number] if number < len(rings) else "")
        if ring:
            yield ring.strip().rpartition("#")[2], (child.text or "").replace(",", " ")


def of_object(element: etree._Element) -> Textures:
    """The textures that stand in an object."""
    found = Textures()
    for texture in element.iter(*_KINDS):
        found.add(texture)
    return found


def of_model(file: File, head: Head) -> Textures:
    """The textures that stand beside the objects of a file, wherever in it."""
    return _of_model(file, head, file.path.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _of_model(file: File, head: Head, changed: int) -> Textures:
    found = Textures()
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True, remove_pis=True
    )
    for text in _beside_objects(file):
        try:
            member = etree.fromstring(head.wrap(text), parser)
        except etree.XMLSyntaxError:
            found.notes.append(UNREADABLE)
            continue
        for texture in member.iter(*_KINDS):
            found.add(texture)
    return found


def _beside_objects(file: File) -> Iterator[bytes]:
    """All textures and colours in ``appearanceMember``, each as if alone in it; cut where too long."""
    buffer, at, begin, member = b"", 0, -1, b""
    with file.open() as raw:
        start = raw.read(_CHUNK)
        stream = Text(raw, start, encoding_of(start, file.name), file.name)
        while data := stream.read(_CHUNK):
            buffer += data
            if not member and buffer.find(b"appearanceMember", at) < 0:
                buffer, at = buffer[-_TAIL:], 0
                continue
            for match in _TAG.finditer(buffer, at):
                at = match.end()
                if match[2] == b"appearanceMember":
                    member = b"" if match[1] else match[0]  # it may declare prefixes of its own
                elif not match[1]:
                    begin = match.start() if member else -1
                elif begin >= 0:
                    yield member + buffer[begin:at] + b"</" + member[1:-1].split(None, 1)[0] + b">"
                    begin = -1
            at = max(at, len(buffer) - _TAIL)
            if begin >= 0 and len(buffer) - begin > LARGEST:
                yield b""
                begin = -1
            kept = begin if begin >= 0 else at
            buffer, at, begin = buffer[kept:], at - kept, begin - kept if begin >= 0 else -1
