"""Hostile XML read as a stream: chosen elements one by one, named without their namespaces.

For protocols whose documents come in several versions of one namespace, and whose vendors add elements of
none. Nothing outside is fetched, no entity is defined, and a document larger than its cap is refused.
"""

from collections.abc import Callable, Iterator
from typing import IO, Any, cast

from ingest.files import File
from twin.errors import SourceBroken, SourceRefused

LARGEST = 64_000_000
"""Bytes, inflated."""
_DEEPEST = 60
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"

Element = Any
"""An ``lxml`` element: it has no types of its own here, because lxml is imported late."""


class _Capped:
    """A stream that ends with a refusal where it grows too large."""

    def __init__(self, stream: IO[bytes], name: str, largest: int) -> None:
        self._stream, self._name, self._left = stream, name, largest

    def read(self, size: int = -1) -> bytes:
        piece = self._stream.read(min(size, 1 << 20) if size >= 0 else 1 << 20)
        self._left -= len(piece)
        if self._left < 0:
            raise SourceRefused(f"{self._name} is larger than XML of its kind ever is; ask its publisher")
        return piece


def elements(file: File, wanted: frozenset[str], largest: int = LARGEST) -> Iterator[tuple[str, Element]]:
    """Yield (local name, element) of the wanted elements of a file, as `stream_of` does."""
    with file.open() as stream:
        yield from stream_of(stream, file.name, wanted, largest=largest)


def stream_of(
    stream: IO[bytes],
    name: str,
    wanted: frozenset[str],
    *,
    parents: frozenset[str] = frozenset(),
    root: dict[str, str] | None = None,
    largest: int = LARGEST,
) -> Iterator[tuple[str, Element]]:
    """Yield (local name, element) of the wanted elements; each is emptied when the next is asked for.

    An element inside a wanted one is not yielded by itself.

    Args:
        stream: of inflated bytes.
        name: of the document, for messages.
        wanted: local names.
        parents: local names of elements whose children are wanted, whatever they are called.
        root: gets the attributes of the outermost element, and its local name under ``""``.
        largest: bytes.

    Raises:
        SourceRefused: a DOCTYPE, or more than `largest` bytes.
        SourceBroken: no XML, nested too deeply, or cut off.
    """
    from lxml import etree

    events = _events(stream, name, largest)
    depth = inside = 0
    try:
        for event, element in events:
            if event == "start":
                if depth == 0:
                    _look_at_root(element, name, root)
                depth += 1
                if depth > _DEEPEST:
                    raise SourceBroken(f"{name} is nested too deeply to be honest data; ask its publisher")
                # Names are worked out only outside of what is wanted: that is most of the work.
                if inside or local(element) in wanted or (parents and local(element.getparent()) in parents):
                    inside += 1
                continue
            depth -= 1
            if inside:
                inside -= 1
                if inside:
                    continue
                yield local(element), element
            _forget(element)
    except etree.XMLSyntaxError as error:
        raise SourceBroken(
            f"{name} is not readable XML (line {error.lineno or 1}); ask again, or its publisher"
        ) from None


def thinned(
    stream: IO[bytes],
    name: str,
    is_thing: Callable[[Element], bool],
    keeps: Callable[[Element], bool],
    *,
    largest: int = LARGEST,
) -> Element:
    """The outermost element of a document, with only those of its things that are to be kept.

    Memory grows with what is kept, not with the document.

    Args:
        stream: of inflated bytes.
        name: of the document, for messages.
        is_thing: whether an element is one of those that may be left out; asked where it begins.
        keeps: whether to keep it; asked where it ends.
        largest: bytes.

    Raises:
        SourceRefused, SourceBroken: as for `stream_of`.
    """
    from lxml import etree

    root: Element = None
    outer: Element = None
    left: Element = None  # the parser still stands on it: it goes when the next one comes
    depth = 0
    try:
        for event, element in _events(stream, name, largest):
            if event == "start":
                if depth == 0:
                    _look_at_root(element, name, None)
                    root = element
                depth += 1
                if depth > _DEEPEST:
                    raise SourceBroken(f"{name} is nested too deeply to be honest data; ask its publisher")
                if outer is None and depth > 1 and is_thing(element):
                    outer = element
                continue
            depth -= 1
            if element is outer:
                outer = None
                if left is not None:
                    left.getparent().remove(left)
                left = None if keeps(element) else element
    except etree.XMLSyntaxError as error:
        raise SourceBroken(
            f"{name} is not readable XML (line {error.lineno or 1}); ask again, or its publisher"
        ) from None
    if left is not None:
        left.getparent().remove(left)
    return root


def _events(stream: IO[bytes], name: str, largest: int) -> Iterator[tuple[str, Element]]:
    from lxml import etree

    return cast(
        Iterator[tuple[str, Element]],
        etree.iterparse(
            cast(IO[bytes], _Capped(stream, name, largest)),
            events=("start", "end"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        ),
    )


def _look_at_root(element: Element, name: str, root: dict[str, str] | None) -> None:
    if element.getroottree().docinfo.doctype:
        raise SourceRefused(f"{name} has a DOCTYPE; XML that defines its own entities is not read")
    if root is not None:
        root.update({key.rpartition("}")[2]: value for key, value in element.attrib.items()})
        root[""] = local(element)


def _forget(element: Element) -> None:
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]


def local(element: Element | None) -> str:
    """The element's name without its namespace; empty for None."""
    tag = None if element is None else element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def kind(element: Element) -> str | None:
    """The element's ``xsi:type`` without prefix."""
    stated = element.get(_TYPE)
    return stated.rpartition(":")[2].strip() if stated else None


def children(element: Element, name: str) -> list[Element]:
    """The children of that name."""
    return list(element.iterchildren(f"{{*}}{name}"))


def below(element: Element, name: str) -> Iterator[Element]:
    """All elements of that name inside, in order."""
    return cast(Iterator[Element], element.iterdescendants(f"{{*}}{name}"))


def at(element: Element | None, *path: str) -> Element | None:
    """The first element at a path of names; None if one is missing."""
    for name in path:
        if element is None:
            return None
        element = next(element.iterchildren(f"{{*}}{name}"), None)
    return element


def words(element: Element | None, *path: str) -> str | None:
    """The text of the element at a path, without surrounding blanks; None if empty or missing."""
    found = at(element, *path)
    text = found.text.strip() if found is not None and found.text else ""
    return text or None


def in_language(element: Element | None, language: str = "de") -> str | None:
    """Of ``values/value`` with languages the wanted text, else the first; also of a plain text."""
    if element is None:
        return None
    values = [value for value in below(element, "value") if value.text and value.text.strip()]
    if not values:
        return words(element)
    best = next((v for v in values if (v.get("lang") or "").lower().startswith(language)), values[0])
    return str(best.text).strip()
