"""Large GeoJSON, not held in memory: features are cut out of the text, which lies on the disk, in batches."""

import mmap
import re
import shutil
import tempfile
from array import array
from collections.abc import Iterator
from dataclasses import replace

from ingest.bodies import parse_json, refuse_markup
from ingest.connectors.features import Collection, collection_of
from ingest.files import File

LARGE = 8_000_000
"""Bytes from which a document is cut; parsed at once, JSON takes five to ten times its size."""
_BATCH = 1000
_HEAD = 4096
_KEPT = 16 << 20
"""Bytes behind the place of reading that may stay in memory."""
_STRING = rb'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)'
_BRACES = re.compile(_STRING + rb"|[{}]", re.DOTALL)
_BRACKETS = re.compile(_STRING + rb"|[{}\[\]]", re.DOTALL)
_AFTER = re.compile(rb"\s*([,\]])\s*")
_ARRAY = re.compile(rb"\s*:\s*\[\s*")


Text = bytes | mmap.mmap


def collections_of(file: File) -> Iterator[tuple[int, int, Collection]]:
    """Yield a file's features in batches, as `collections` does; memory does not grow with the file.

    Raises:
        SourceBroken: as `collections`, or a web page or an exception in its place.
        SourceRefused: more inflated bytes than a body may have.
    """
    text = _text(file)
    refuse_markup(text[:_HEAD], file.name)
    yield from collections(text, file.name)


def _text(file: File) -> Text:
    """All inflated bytes; large ones in a file of our own, which nobody shortens while it is mapped."""
    with file.open() as stream:
        head = stream.read(LARGE)
        if len(head) < LARGE:
            return head
        with tempfile.TemporaryFile(prefix="twin-") as copy:
            copy.write(head)
            del head
            shutil.copyfileobj(stream, copy, 1 << 20)
            copy.flush()
            return mmap.mmap(copy.fileno(), 0, access=mmap.ACCESS_READ)


def _forget(text: Text, before: int) -> None:
    """Take what lies before a place out of memory; it is read from the disk should it be wanted again."""
    if isinstance(text, mmap.mmap) and before > mmap.PAGESIZE:
        text.madvise(mmap.MADV_DONTNEED, 0, before // mmap.PAGESIZE * mmap.PAGESIZE)


def collections(data: Text, place: str, large: int = LARGE) -> Iterator[tuple[int, int, Collection]]:
    """Yield a document's features in batches: features before it, features in all, the batch.

    Every batch has the CRS and the counts of the whole document.

    Args:
        data: the document.
        place: where it comes from, for messages.
        large: documents below this size come as one batch.

    Raises:
        SourceBroken: no readable JSON, or no FeatureCollection.
    """
    cut = _cut(data) if len(data) >= large else None
    if cut is None:  # small, or of a form that only a whole reading can judge
        collection = collection_of(parse_json(data[:], place), place)
        yield 0, len(collection.features), collection
        return
    frame, spans, count = cut
    whole = collection_of(parse_json(frame, place), place)
    forgotten = 0
    for number, (start, end) in enumerate(zip(spans[::2], spans[1::2], strict=True)):
        before = number * _BATCH
        features = parse_json(b"[" + data[start:end] + b"]", f"{place}, feature {before + 1} and following")
        if end - forgotten > _KEPT:
            _forget(data, forgotten := end)
        yield before, count, replace(whole, features=features)


def _cut(data: Text) -> tuple[bytes, "array[int]", int] | None:
    """The document without its features, begin and end of each batch, and how many features there are.

    None if it is not laid out so.
    """
    begin = _features(data)
    if begin is None:
        return None
    spans = array("Q")
    depth, start, count, forgotten = 0, begin, 0, 0
    for token in _BRACES.finditer(data, begin):
        at = token.start()
        letter = data[at]
        if letter == 0x7B:  # {
            if depth == 0 and at != start:
                return None
            depth += 1
        elif letter == 0x7D:  # }
            depth -= 1
            if depth == 0:
                if count % _BATCH == 0:
                    spans.extend((start, at + 1))
                spans[-1] = at + 1
                count += 1
                after = _AFTER.match(data, at + 1)
                if after is None:
                    return None
                if after[1] == b"]":
                    return data[:begin] + b"]" + data[after.end() :], spans, count
                start = after.end()
                if start - forgotten > _KEPT:
                    _forget(data, forgotten := start)
        elif depth == 0:  # a text among the features
            return None
    return None


def _features(data: Text) -> int | None:
    """Where the first feature stands: behind the bracket of the outermost object's ``features``."""
    depth = 0
    for token in _BRACKETS.finditer(data):
        letter = data[token.start()]
        if letter in b"{[":
            depth += 1
        elif letter in b"}]":
            depth -= 1
        elif depth == 1 and token[0] == b'"features"' and (array := _ARRAY.match(data, token.end())):
            return array.end()
    return None
