"""A CityGML file is cut between its objects, so that they can be read in parallel and in little memory.

Plain local files are cut into ranges of bytes: whoever reads a range starts with the first object that
begins in it and ends with the last one. Where a range ends its objects decide, not its length: an object
that is put in or taken out changes one or two ranges, and the others are what they were, only elsewhere.
Everything else comes as a stream and is cut into pieces of text. Objects in comments are none; only a
comment longer than a whole part would hide that it is one.
"""

import codecs
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from ingest.connectors.citygml_head import Head, encoding_of, first_member, head_of
from ingest.connectors.citygml_scan import PAD, masked
from ingest.files import File
from ingest.mapped import mapped
from twin.errors import SourceBroken, SourceRefused

PIECE = 8_000_000
"""Bytes of a part: some four hundred buildings. Smaller ones are read no faster, and each costs a millisecond
even if nothing in it has changed."""
LARGEST = 100_000_000
"""Bytes between two whole objects; more would be held in memory, many times over."""
_CHUNK = 1 << 20
_BEHIND = 1 << 16
_CHOICE = 16
"""This share of a part is where its end is looked for."""
_ENDS = (b">", b" ", b"\t", b"\r", b"\n", b"/")
"""What may follow a tag's name."""
_TOLD = 256
"""Bytes behind an object's first tag that tell it from others: its id is there."""


class Digest(Protocol):
    """Works out a checksum."""

    def update(self, data: bytes | memoryview, /) -> object:
        """Take more bytes."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A run of whole objects: as text, or as the place where it lies."""

    head: Head
    offset: int
    """Place of the text, or begin of the range, in the (inflated) file."""
    data: bytes | None = None
    path: str = ""
    end: int = 0
    """End of the range: objects that begin behind it belong to the next one."""
    is_even: bool = False
    """Whether the range begins with an object, and ends where one begins or with the file."""

    def text(self, *, careful: bool = False) -> tuple[bytes, int]:
        """Return the objects' text with `PAD` around it, and its place in the file.

        Args:
            careful: do not take what stands in comments or CDATA sections for tags. It costs time, and is
                only needed where the quick answer turns out to be no run of whole objects.
        """
        if self.data is not None:
            return PAD + self.data + PAD, self.offset
        return _ranged(self, careful)

    def hash_into(self, digest: Digest) -> None:
        """Feed a hash with what `text` is made of, without the copies that it makes."""
        if self.data is not None or not self.is_even:
            digest.update(self.text()[0])
            return
        with mapped(self.path, self.offset, self.end) as objects:
            digest.update(objects)


def cuts(file: File, *, local: bool) -> Iterator[Cut]:
    """Cut a file.

    Args:
        file: the file.
        local: it lies on a disk that whoever reads the parts can see.

    Raises:
        SourceRefused: a DOCTYPE, or an object that would fill the memory.
        SourceBroken: no CityGML, or a file that is cut off.
    """
    with file.open() as raw:
        start = raw.read(_CHUNK)
        encoding = encoding_of(start, file.name)
        stream = Text(raw, start, encoding, file.name)
        buffer = bytearray()
        while True:
            piece = stream.read(_CHUNK)
            buffer += piece
            found = head_of(bytes(buffer), file.name, whole=not piece)
            if found is not None:
                break
            _check_size(len(buffer), file)
        head, first = found
        if local and file.is_plain and encoding is None:
            yield from _ranges(file, head, first)
        else:
            yield from _pieces(stream, file, head, buffer, first)


def _check_size(size: int, file: File) -> None:
    if size > LARGEST:
        raise SourceRefused(f"{file.name}: one object of more than {LARGEST / 1e6:g} MB; split it up")


def _cut_off(name: str) -> SourceBroken:
    return SourceBroken(f"{name}: cut off, the end of its CityModel is missing; fetch it again")


def _ranges(file: File, head: Head, first: int) -> Iterator[Cut]:
    size = file.path.stat().st_size
    path = str(file.path)
    with file.path.open("rb", buffering=0) as raw:
        raw.seek(max(size - _BEHIND, 0))
        if head.end not in masked(raw.read()):
            raise _cut_off(file.name)
        begin: int = first
        is_even, rank = True, 0
        while begin < size:
            end, ends_even = min(begin + PIECE, size), True
            if end < size:
                end, ends_even, rank = _landmark(raw, head, begin, rank)
            yield Cut(head, begin, None, path, end, is_even and ends_even)
            begin, is_even = end, ends_even


def _landmark(raw: BinaryIO, head: Head, begin: int, rank: int) -> tuple[int, bool, int]:
    """Where the range from `begin` on ends: of some objects at the one whose first bytes hash lowest.

    How far on these are the first object of the range decides. Ranges that begin at other objects than they
    did soon come upon one that they know: with equal lengths they would go on side by side.

    Returns:
        The place, whether an object begins there, and its hash, which is the `rank` of the next range.
    """
    width = PIECE // _CHOICE
    shortest = PIECE * 5 // 8
    start = begin + shortest + rank % (PIECE - shortest - width)
    raw.seek(start)
    text, tag = raw.read(width + _TOLD), head.members[0]
    found, lowest, at = None, 1 << 32, -1
    while (at := text.find(tag, at + 1, width)) >= 0:
        told = at + len(tag)
        hashed = zlib.crc32(text[told : told + _TOLD])
        if hashed < lowest and text[told : told + 1] in _ENDS:
            found, lowest = start + at, hashed
    return (begin + PIECE, False, 0) if found is None else (found, True, lowest)


def _pieces(stream: "Text", file: File, head: Head, buffer: bytearray, first: int) -> Iterator[Cut]:
    offset = first
    del buffer[:first]
    ends = tuple(b"</" + tag[1:] for tag in head.members)
    while True:
        piece = stream.read(_CHUNK)
        buffer += piece
        if piece and len(buffer) < PIECE:
            continue
        data = bytes(buffer)
        # Looking for one rare byte is ten times as fast as for "<!".
        text = masked(data) if b"!" in data or b"?" in data else data
        if not piece:
            stop = text.rfind(head.end)
            if stop < 0:
                raise _cut_off(file.name)
            yield Cut(head, offset, data[:stop])
            return
        last = -1
        for end in ends:  # the usual one first: the others are then looked for behind it only
            last = max(last, text.rfind(end, last + 1))
        stop = text.find(b">", last) + 1 if last >= 0 else 0
        if stop > 0:
            yield Cut(head, offset, data[:stop])
            offset += stop
            del buffer[:stop]
        _check_size(len(buffer), file)


def _ranged(cut: Cut, careful: bool) -> tuple[bytes, int]:
    """The objects that begin in a range, however far the last one goes."""
    name, head = cut.head.name, cut.head
    try:
        raw = open(cut.path, "rb")  # noqa: SIM115 - closed below
    except OSError as error:
        raise SourceBroken(f"{name} cannot be read: {error.strerror}") from None
    with raw:
        size = os.fstat(raw.fileno()).st_size
        begin = _outside(raw, cut.offset) if careful else cut.offset
        raw.seek(begin)
        data = raw.read(max(cut.end - begin, 0) + _BEHIND)
        while True:
            text = masked(data) if careful else data
            if careful and b"<!" in text and begin + len(data) < size and len(data) < LARGEST:
                data += raw.read(len(data))  # a comment goes on behind what was read
                continue
            start = first_member(text, head.members)
            if start < 0 or begin + start >= cut.end:
                return PAD + PAD, cut.offset
            stop = first_member(text, head.members, max(cut.end - begin, start + 1))
            if stop >= 0:
                return b"".join((PAD, memoryview(data)[start:stop], PAD)), begin + start
            if begin + len(data) >= size:
                stop = text.rfind(head.end)
                if stop < start:
                    raise _cut_off(name)
                return b"".join((PAD, memoryview(data)[start:stop], PAD)), begin + start
            if len(data) - (cut.end - begin) > LARGEST:
                raise SourceRefused(f"{name}: one object of more than {LARGEST / 1e6:g} MB; split it up")
            data += raw.read(max(_CHUNK, len(data) // 4))


def _outside(raw: BinaryIO, begin: int) -> int:
    """A place from `begin` on that is not inside a comment, a CDATA section or an instruction."""
    raw.seek(max(begin - _CHUNK, 0))
    before = raw.read(min(_CHUNK, begin) + 8)  # the mark itself may have been cut in two
    for opening, closing in ((b"<!--", b"-->"), (b"<![CDATA[", b"]]>"), (b"<?", b"?>")):
        if before.rfind(opening) > before.rfind(closing):
            raw.seek(begin)
            return begin + max(raw.read(LARGEST).find(closing), 0)
    return begin


class Text:
    """A file's bytes as UTF-8, whatever they were."""

    def __init__(self, raw: BinaryIO, start: bytes, encoding: str | None, name: str) -> None:
        self._raw, self._start, self._name = raw, start, name
        try:
            self._decoder = codecs.getincrementaldecoder(encoding)() if encoding else None
        except LookupError:
            raise SourceBroken(f"{name} states an encoding that is not known; save it as UTF-8") from None

    def read(self, size: int) -> bytes:
        """At most `size` bytes of the file; empty at its end."""
        data, self._start = (self._start, b"") if self._start else (self._raw.read(size), b"")
        if self._decoder is None:
            return data
        try:
            return self._decoder.decode(data, final=not data).encode()
        except UnicodeError:
            raise SourceBroken(f"{self._name} is not in the encoding it states; ask its publisher") from None
