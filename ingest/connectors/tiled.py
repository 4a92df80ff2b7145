"""Files cut into tiles: an address with ``{E}`` and ``{N}``, a metalink, or plain files."""

import hashlib
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from lxml import etree

from ingest.files import File, opened
from twin.errors import RecipeError, SourceBroken, SourceRefused
from twin.source import Source

if TYPE_CHECKING:
    from ingest.fetch import Fetch

_TILE = re.compile(r"\d{1,4}_\d{1,5}")
_METALINK = "{urn:ietf:params:xml:ns:metalink}"


def files(source: Source, fetch: "Fetch", suffixes: tuple[str, ...]) -> Iterator[File]:
    """Yield the files of a source.

    Args:
        source: its ``url`` is a file, a folder, an address, an address with ``{E}`` and ``{N}`` (filled
            from ``options.tiles``, such as ``691_5336``), or that of a metalink (``.meta4``).
        fetch: the client.
        suffixes: endings of the wanted files.

    Raises:
        RecipeError: tiles are missing or not written as ``E_N``.
        SourceBroken: a file is not what the metalink's checksum says.
    """
    if fetch.is_local(source.url):
        yield from fetch.files(source.url, suffixes)  # archives among them are opened already
    elif "{E}" in source.url:
        for east, north in _tiles(source):
            for file in fetch.files(source.url.replace("{E}", east).replace("{N}", north), suffixes):
                yield from opened(file, suffixes)
    elif source.url.partition("?")[0].endswith(".meta4"):
        yield from _from_metalink(source, fetch, suffixes)
    else:
        for file in fetch.files(source.url, suffixes):
            yield from opened(file, suffixes)


def _tiles(source: Source) -> list[tuple[str, str]]:
    names = [str(name) for name in source.options.get("tiles", ())]
    for name in names:
        if not _TILE.fullmatch(name):
            raise RecipeError(
                f"options.tiles: {name[:40]!r} is no tile; write easting_northing, such as 691_5336"
            )
    if not names:
        raise RecipeError("the address has {E} and {N}: name the tiles wanted in options.tiles")
    return [(name.partition("_")[0], name.partition("_")[2]) for name in names]


def _from_metalink(source: Source, fetch: "Fetch", suffixes: tuple[str, ...]) -> Iterator[File]:
    body = fetch.get(source.url)
    wanted = {f"{east}_{north}" for east, north in _tiles(source)} if "tiles" in source.options else None
    hosts = tuple(source.options.get("hosts", ()))
    for name, link, digest in _entries(body.data, body.place):
        if not name.lower().endswith((*suffixes, ".zip")):
            continue
        if wanted is not None:
            tile = _TILE.search(name)
            if tile is None or tile[0] not in wanted:
                continue
            wanted.discard(tile[0])
        file = fetch.download(fetch.follow(source.url, link, hosts))
        if _sha256(file) != digest:
            raise SourceBroken(f"{name} is not what the metalink's checksum says; fetch it again")
        yield from opened(file, suffixes)
    if wanted:
        raise SourceBroken(f"{body.place} has no file for tile {min(wanted)}; correct options.tiles")


def _entries(data: bytes, place: str) -> Iterator[tuple[str, str, str]]:
    """Name, first address and SHA-256 of each file in a metalink (RFC 5854)."""
    if b"<!DOCTYPE" in data[:4096]:
        raise SourceRefused(f"{place} has a DOCTYPE; XML that defines its own entities is not read")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        raise SourceBroken(f"{place} is no readable metalink; look at the address in a browser") from None
    for file in root.iter(f"{_METALINK}file"):
        link = file.findtext(f"{_METALINK}url")
        digest = next((h.text for h in file.iter(f"{_METALINK}hash") if h.get("type") == "sha-256"), None)
        if not link or not digest:
            raise SourceBroken(f"{place}: an entry lacks its address or its sha-256; ask its publisher")
        yield (file.get("name") or link).rpartition("/")[2], link.strip(), digest.strip().lower()


def _sha256(file: File) -> str:
    with file.path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
