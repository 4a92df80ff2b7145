"""Siblings: the same file compressed beside it, as servers hand it out."""

import zlib
from collections.abc import Iterator
from pathlib import Path


def siblings(path: Path) -> tuple[Path, Path]:
    """Where the file compressed with gzip and with brotli would be."""
    return path.with_name(path.name + ".gz"), path.with_name(path.name + ".br")


def compressed(path: Path, data: bytes) -> Iterator[tuple[Path, int | None, bool]]:
    """Sibling, its bytes (None if it is not there), and whether it holds `data`; gzip first."""
    for sibling, unpack in zip(siblings(path), (_gunzip, _unbrotli), strict=True):
        if sibling.is_file():
            packed = sibling.read_bytes()
            yield sibling, len(packed), unpack(packed, len(data)) == data
        else:
            yield sibling, None, True


def _gunzip(packed: bytes, length: int) -> bytes | None:
    try:
        return zlib.decompressobj(wbits=31).decompress(packed, length + 1)
    except zlib.error:
        return None


def _unbrotli(packed: bytes, length: int) -> bytes | None:
    import brotli

    try:
        # A limit keeps a wrong sibling from growing without end.
        return bytes(brotli.Decompressor().process(packed, output_buffer_limit=length + 1))
    except brotli.error:
        return None
