"""Sampled: whether a sample, which everybody can read, tells of somebody."""

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from ingest.personal import scrub

_READABLE = (".json", ".geojson", ".jsonl", ".csv", ".txt", ".xml", ".gml", ".osm")
_TEXTS = re.compile(r"[^\"<>;|\t\n]{3,400}")
_PHONE = re.compile(r"[+0][0-9 /()-]{6,24}")
_LETTER = re.compile(r"[^\W\d_]")
_MADE_UP = re.compile(
    r"muster|beispiel|example\.(?:org|com|net)|\bmax\b|erika|089 ?/? ?123|0171 ?/? ?234", re.IGNORECASE
)
"""What everybody knows to be nobody."""
_MOST = 5_000


def people_in(sample: Path, most: int = 3) -> Iterator[str]:
    """The first places in a sample that look like somebody, as ``file, line 7: a phone number``."""
    found = (
        f"{file.name}, line {number}: {' and '.join(classes)}"
        for file in sorted(sample.rglob("*"))
        if file.is_file() and file.name.lower().endswith(_READABLE)
        for number, classes in _lines(file)
    )
    yield from islice(found, most)


def _lines(file: Path) -> Iterator[tuple[int, list[str]]]:
    with file.open(encoding="utf-8", errors="replace") as stream:
        for number, line in enumerate(islice(stream, _MOST), 1):
            classes: dict[str, None] = {}
            for match in _TEXTS.finditer(line[:20_000]):
                text = match[0].strip()
                if _MADE_UP.search(text) or not (_LETTER.search(text) or _PHONE.fullmatch(text)):
                    continue
                classes |= dict.fromkeys(scrub(text)[1])
            if classes:
                yield number, list(classes)
