"""Large GeoJSON, not held as objects: features are cut out of the text and read in batches."""

import re
from collections.abc import Iterator
from dataclasses import replace

from ingest.bodies import parse_json
from ingest.connectors.features import Collection, collection_of

LARGE = 8_000_000
"""Bytes from which a document is cut; parsed at once, JSON takes five to ten times its size."""
_BATCH = 1000
_STRING = rb'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)'
_BRACES = re.compile(_STRING + rb"|[{}]", re.DOTALL)
_BRACKETS = re.compile(_STRING + rb"|[{}\[\]]", re.DOTALL)
_AFTER = re.compile(rb"\s*([,\]])\s*")
_ARRAY = re.compile(rb"\s*:\s*\[\s*")


def collections(data: bytes, place: str, large: int = LARGE) -> Iterator[tuple[int, int, Collection]]:
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
        collection = collection_of(parse_json(data, place), place)
        yield 0, len(collection.features), collection
        return
    frame, spans = cut
    whole = collection_of(parse_json(frame, place), place)
    for start in range(0, len(spans), _BATCH):
        batch = b",".join(data[a:b] for a, b in spans[start : start + _BATCH])
        features = parse_json(b"[" + batch + b"]", f"{place}, feature {start + 1} and following")
        yield start, len(spans), replace(whole, features=features)


def _cut(data: bytes) -> tuple[bytes, list[tuple[int, int]]] | None:
    """The document without its features, and where each feature stands; None if it is not laid out so."""
    begin = _features(data)
    if begin is None:
        return None
    spans: list[tuple[int, int]] = []
    depth, start = 0, begin
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
                spans.append((start, at + 1))
                after = _AFTER.match(data, at + 1)
                if after is None:
                    return None
                if after[1] == b"]":
                    return data[:begin] + b"]" + data[after.end() :], spans
                start = after.end()
        elif depth == 0:  # a text among the features
            return None
    return None


def _features(data: bytes) -> int | None:
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
