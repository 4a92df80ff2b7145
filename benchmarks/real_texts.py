"""Every text in a folder of real data, however it is packed: what the gate must leave as it is."""

import csv
import gzip
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_NUMBERS = re.compile(r"[\d\s.,:;eE+-]*")
_DATA = (".json", ".geojson", ".csv", ".txt", ".xml", ".gml", ".osm", ".kml", ".md")


def texts(folder: Path) -> set[str]:
    """The different texts of all files: values of JSON and CSV, text and attributes of XML, lines of the
    rest. What is nothing but numbers is left out.
    """
    found: set[str] = set()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        if path.name.endswith(".pbf"):
            found.update(_pbf(path))
        else:
            for name, data in _opened(path.name, path.read_bytes()):
                found.update(_of(name, data))
    return {text for text in found if not _NUMBERS.fullmatch(text)}


def _opened(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    if name.endswith(".gz"):
        yield from _opened(name.removesuffix(".gz"), gzip.decompress(data))
    elif name.endswith((".zip", ".kmz")):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for inner in packed.namelist():
                yield from _opened(inner, packed.read(inner))
    elif name.endswith(_DATA):
        yield name, data


def _of(name: str, data: bytes) -> Iterator[str]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("iso-8859-1")
    if name.endswith((".json", ".geojson")):
        yield from _json(json.loads(text))
    elif name.endswith((".csv", ".txt")):
        first = text.partition("\n")[0]
        mark = max(",;\t|", key=first.count)
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark):
            yield from (cell.strip() for cell in row)
    elif text.lstrip()[:1] == "<":
        yield from _xml(data)
    else:
        yield from text.splitlines()


def _json(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _json(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _json(inner)


def _xml(data: bytes) -> Iterator[str]:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, recover=True)
    for element in etree.fromstring(data, parser).iter():
        yield from (value for value in element.attrib.values() if isinstance(value, str))
        for text in (element.text, element.tail):
            if isinstance(text, str) and text.strip():
                yield " ".join(text.split())


def _pbf(path: Path) -> Iterator[str]:
    import osmium

    for thing in osmium.FileProcessor(str(path)):
        for tag in thing.tags:
            yield tag.k
            yield tag.v
