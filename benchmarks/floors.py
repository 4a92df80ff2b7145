"""Floors: how fast a city model can merely be read, by one process or by two with half of the file each."""

import io
import mmap
import multiprocessing
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

_OBJECT = b"<core:cityObjectMember>"
_END = b"</core:CityModel>\n"
_MEMBER = "{http://www.opengis.net/citygml/2.0}cityObjectMember"
_POSITIONS = "{http://www.opengis.net/gml}posList"
_CHUNK = 1 << 20

Span = tuple[int, int]
Floor = Callable[[Path, Span], int]


class _Piece(io.RawIOBase):
    """The objects of a byte range as a whole document: head of the file, range, end."""

    def __init__(self, path: Path, span: Span) -> None:
        self._chunks = self._read(path, span)

    def _read(self, path: Path, span: Span) -> Iterator[bytes]:
        with path.open("rb") as file:
            yield file.read(_CHUNK).partition(_OBJECT)[0]
            file.seek(span[0])
            left = span[1] - span[0]
            while left:
                data = file.read(min(_CHUNK, left))
                left -= len(data)
                yield data
        yield _END

    def read(self, size: int = -1) -> bytes:
        return next(self._chunks, b"")


def lxml_into_numpy(path: Path, span: Span) -> int:
    """Parse with lxml, every posList into an array; returns the number of objects."""
    import numpy as np
    from lxml import etree

    count = 0
    for _, element in etree.iterparse(_Piece(path, span), tag=_MEMBER, huge_tree=True):
        for positions in element.iter(_POSITIONS):
            np.fromstring(positions.text, sep=" ").reshape(-1, 3)
        count += 1
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
    return count


def expat_alone(path: Path, span: Span) -> int:
    """Parse with expat, which tells nobody what it sees; returns 0."""
    from xml.parsers import expat

    piece, parser = _Piece(path, span), expat.ParserCreate()
    while data := piece.read():
        parser.Parse(data)
    parser.Parse(b"", True)
    return 0


def orjson_alone(path: Path, span: Span) -> int:
    """Parse each line of a sequence with orjson; returns their number."""
    import orjson

    count = 0
    with path.open("rb") as file:
        file.seek(span[0])
        while file.tell() < span[1]:
            orjson.loads(file.readline())
            count += 1
    return count


def span_of(path: Path) -> Span:
    """From the first object of a file to its end."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if path.suffix == ".jsonl":
            return data.find(b"\n") + 1, len(data)
        return data.find(_OBJECT), data.rfind(_END)


def halves(path: Path) -> list[Span]:
    """The two halves of a file, cut between objects."""
    start, end = span_of(path)
    cut = re.compile(b"\n" if path.suffix == ".jsonl" else _OBJECT)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        found = cut.search(data, (start + end) // 2)
        assert found is not None
        middle = found.end() if path.suffix == ".jsonl" else found.start()
    return [(start, middle), (middle, end)]


def _timed(floor: Floor, path: Path, span: Span, pipe: "multiprocessing.connection.Connection") -> None:
    floor(path, (span[0], span[0]))  # imports are not counted
    pipe.send(None)
    pipe.recv()
    start, before = time.monotonic(), time.process_time()
    floor(path, span)
    pipe.send((start, time.monotonic(), time.process_time() - before))


def seconds(floor: Floor, path: Path, spans: list[Span]) -> tuple[float, float]:
    """Merely read, one process a span.

    Returns:
        Seconds from the first start to the last end, start-up not counted; processor seconds of all.
    """
    context = multiprocessing.get_context("spawn")
    pipes, processes = [], []
    for span in spans:
        here, there = context.Pipe()
        processes.append(context.Process(target=_timed, args=(floor, path, span, there)))
        processes[-1].start()
        pipes.append(here)
    for pipe in pipes:
        pipe.recv()
    for pipe in pipes:
        pipe.send(None)
    times = [pipe.recv() for pipe in pipes]
    for process in processes:
        process.join()
    starts, ends, processor = zip(*times, strict=True)
    return max(ends) - min(starts), sum(processor)
