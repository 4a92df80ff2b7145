"""What stands before the first object of a CityGML file: its root with the namespaces, and its CRS."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape

from ingest.connectors.citygml_names import MEMBERS
from ingest.connectors.citygml_scan import masked
from twin.errors import SourceBroken, SourceRefused

_ROOT = re.compile(rb"<([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>")
_PREFIX = re.compile(rb"""\sxmlns(?::([\w.-]+))?\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_ENCODING = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_ENVELOPE = re.compile(rb"""<(?:[\w.-]+:)?Envelope\s[^>]*?srsName\s*=\s*["']([^"']*)["']""")
_ROOTS = (b"CityModel", b"FeatureCollection")
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_PLAIN = ("utf-8", "utf8", "us-ascii", "ascii")
DOCTYPE = "{} has a DOCTYPE; XML that defines its own entities is not read"
NO_MODEL = "{} is no CityGML 1.0, 2.0 or 3.0: it has no CityModel"


@dataclass(frozen=True, slots=True)
class Head:
    """What an object needs to be read on its own."""

    name: str
    """The file's name, for messages."""
    root: bytes
    """Start tag of the root, with the namespaces."""
    end: bytes
    """How its end tag begins: ``</core:CityModel``."""
    prefixes: tuple[bytes, ...]
    """Prefixes declared at the root, without colon; empty for the default one."""
    crs: str | None
    """``srsName`` of the model's envelope."""
    members: tuple[bytes, ...]
    """How the start tag of an object may begin, ``<core:cityObjectMember``; the first object's one first."""

    def wrap(self, objects: bytes) -> bytes:
        """Return a document that consists of `objects` alone."""
        return self.root + objects + self.end + b">"


def encoding_of(start: bytes, name: str) -> str | None:
    """Return the encoding that a file states; None for UTF-8 and ASCII, which are read as they are."""
    for bom, known in _BOMS:
        if start.startswith(bom):
            return None if known == "utf-8" else known
    if start[:4] in (b"<\0?\0", b"\0<\0?"):
        return "utf-16-le" if start[0] else "utf-16-be"
    match = _ENCODING.match(start.lstrip())
    encoding = match[1].decode().lower() if match else "utf-8"
    return None if encoding in _PLAIN else encoding


def head_of(start: bytes, name: str, *, whole: bool) -> tuple[Head, int] | None:
    """Read the head of a file.

    Args:
        start: the file's first bytes, in UTF-8.
        name: of the file.
        whole: there are no more bytes.

    Returns:
        The head, and the place of the first object (the length of `start` if it has none); None if more
        bytes are needed to tell.

    Raises:
        SourceRefused: a DOCTYPE.
        SourceBroken: no CityGML.
    """
    text = masked(start)
    if re.search(rb"<!(?:DOCTYPE|ENTITY)", text):
        raise SourceRefused(DOCTYPE.format(name))
    match = _ROOT.search(text)
    if match is None:
        if whole or (text.strip() and not text.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")):
            raise SourceBroken(NO_MODEL.format(name))
        return None
    if match[2] not in _ROOTS or text[: match.start()].strip(b"\xef\xbb\xbf \t\r\n"):
        raise SourceBroken(NO_MODEL.format(name))
    prefixes = tuple(sorted({declared[0] for declared in _PREFIX.findall(match[3])} | {b""}))
    members = [
        b"<" + (prefix + b":" if prefix else b"") + name.encode() for prefix in prefixes for name in MEMBERS
    ]
    first = first_member(text, members, match.end())
    if first < 0 and not whole:
        return None
    stop = first if first >= 0 else len(text)
    members.sort(key=lambda tag: not text.startswith(tag, stop))
    envelope = _ENVELOPE.search(text, match.end(), stop)
    crs = unescape(envelope[1].decode(errors="replace")).strip() or None if envelope else None
    root, end = match[0], b"</" + (match[1] or b"") + match[2]
    if root.endswith(b"/>"):
        end = b"/>"  # a model without anything in it
    return Head(name, root, end, prefixes, crs, tuple(members)), stop


def first_member(text: bytes | bytearray, members: Iterable[bytes], start: int = 0) -> int:
    """Place of the first start tag of an object at or behind `start`; -1 if there is none."""
    found = -1
    for tag in members:
        at, stop = start, len(text) if found < 0 else found
        while (at := text.find(tag, at, stop)) >= 0:
            if text[at + len(tag) : at + len(tag) + 1] in (b">", b" ", b"\t", b"\r", b"\n", b"/"):
                found = at
                break
            at += len(tag)
    return found
