"""Triples: lines of three numbers become arrays, in pieces, whatever separates the numbers.

Height models as text have millions of lines, all of one width or a few: then every place of the line is a
column of digits, and numpy adds them up. Other pieces go through Arrow's reader.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from twin.errors import SourceBroken

_PIECE = 1 << 20
"""Bytes read at a time: what stays in the processor's cache is read fastest."""
_LONGEST = 1000
"""Bytes in a line."""
_WIDTHS = 8
"""Lines of so many widths are read as columns of digits."""
_NEWLINE, _POINT, _ZERO = 10, 46, 48
_INT32_DIGITS = 9

Columns = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]


def triples(stream: BinaryIO, name: str) -> Iterator[Columns]:
    """Yield the three columns of a text, piece by piece.

    Separators are blanks, tabs, semicolons or commas; beside another separator the comma may be the
    decimal point. A first line that holds no numbers is a header.

    Raises:
        SourceBroken: a line does not hold three numbers; the message says about where.
    """
    rest, line, table = b"", 0, None
    while piece := stream.read(_PIECE):
        block, newline, rest = (rest + piece).rpartition(b"\n")
        if not newline:
            if len(rest) > _LONGEST:
                raise _broken(name, line)
            continue
        if table is None:
            block, table = _begin(block, name)
        if block:
            columns = _columns(block + b"\n", table, name, line)
            line += len(columns[0])
            yield columns
    if rest.strip():
        if table is None:
            rest, table = _begin(rest, name)
        if rest:
            yield _columns(rest + b"\n", table, name, line)


def _begin(block: bytes, name: str) -> tuple[bytes, bytes]:
    """Take off header and byte order mark; the table makes all separators blanks, the decimal a point."""
    block = block.removeprefix(b"\xef\xbb\xbf").lstrip()
    line, _, others = block.partition(b"\n")
    table = _table(line)
    if not _numbers(line, table):
        block = others
        line = block.partition(b"\n")[0]
        table = _table(line)
        if block and not _numbers(line, table):
            raise _broken(name, 0)
    return block, table


def _table(line: bytes) -> bytes:
    separated = b";" in line or b"\t" in line
    fields = line.split()
    if b"," in line and (separated or (len(fields) == 3 and not any(f.endswith(b",") for f in fields))):
        return bytes.maketrans(b",;\t", b".  ")
    return bytes.maketrans(b",;\t", b"   ")


def _numbers(line: bytes, table: bytes) -> bool:
    try:
        return len([float(field) for field in line.translate(table).split()]) == 3
    except ValueError:
        return False


def _columns(block: bytes, table: bytes, name: str, line: int) -> Columns:
    found = _fixed(block)  # as it is: most files separate by one blank
    if found is None:
        block = _plain(block, table)
        if not block:
            return np.zeros(0), np.zeros(0), np.zeros(0)
        found = _fixed(block) or _free(block, name, line)
    if not (np.isfinite(found[0]).all() and np.isfinite(found[1]).all()):
        raise _broken(name, line)
    return found


def _plain(block: bytes, table: bytes) -> bytes:
    """The same numbers with points, one blank between them and none around."""
    block = block.translate(table, b"\r")
    for unwanted, wanted in ((b"  ", b" "), (b"\n ", b"\n"), (b" \n", b"\n")):
        while unwanted in block:
            block = block.replace(unwanted, wanted)
    return block.lstrip()


def _fixed(block: bytes) -> Columns | None:
    """Read lines of a few widths, those of one width all built alike; None if they are not."""
    buffer = np.frombuffer(block, np.uint8)
    width = block.find(b"\n") + 1
    if len(block) % width == 0 and (buffer[width - 1 :: width] == _NEWLINE).all():
        return _alike(buffer.reshape(-1, width))
    ends = np.flatnonzero(buffer == _NEWLINE)
    widths = np.diff(ends, prepend=-1)
    found: list[Columns] = []
    for width in np.flatnonzero(np.bincount(widths)).tolist():
        lines = ends[widths == width, None] + np.arange(1 - width, 1)
        columns = _alike(buffer[lines]) if len(found) < _WIDTHS else None
        if columns is None:
            return None
        found.append(columns)
    east, north, height = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return east, north, height


def _alike(lines: NDArray[np.uint8]) -> Columns | None:
    places = np.ascontiguousarray(lines.T)
    first = bytes(places[:, 0])
    if first.count(b" ") != 2:
        return None
    found: list[NDArray[np.float64]] = []
    start = 0
    for end in (first.index(b" "), first.rindex(b" "), len(first) - 1):
        number = _number(places[start:end], first[start:end])
        if number is None or (places[end] != first[end]).any():
            return None
        found.append(number)
        start = end + 1
    return found[0], found[1], found[2]


def _number(places: NDArray[np.uint8], first: bytes) -> NDArray[np.float64] | None:
    digits = len(first) - first.count(b".")
    if first.count(b".") > 1 or not 0 < digits <= 15:  # as many as a double holds exactly
        return None
    total: NDArray[Any] = np.zeros(places.shape[1], np.int32 if digits <= _INT32_DIGITS else np.int64)
    for place, symbol in zip(places, first, strict=True):
        if symbol == _POINT:
            if (place != _POINT).any():
                return None
            continue
        digit = place - np.uint8(_ZERO)  # what is no digit becomes more than 9
        if digit.max() > 9:
            return None
        total *= 10
        total += digit
    decimals = len(first) - 1 - first.index(b".") if b"." in first else 0
    number: NDArray[np.float64] = total / 10.0**decimals
    return number


def _free(block: bytes, name: str, line: int) -> Columns:
    import pyarrow as pa
    import pyarrow.csv as pc

    names = ["e", "n", "h"]
    try:
        table = pc.read_csv(
            pa.BufferReader(block),
            read_options=pc.ReadOptions(column_names=names),
            parse_options=pc.ParseOptions(delimiter=" ", quote_char=False),
            convert_options=pc.ConvertOptions(column_types=dict.fromkeys(names, pa.float64())),
        )
    except pa.ArrowInvalid:
        raise _broken(name, line) from None
    e, n, h = (table[column].to_numpy() for column in names)
    return e, n, h


def _broken(name: str, line: int) -> SourceBroken:
    return SourceBroken(
        f"{name}: somewhere after line {line:,} a line does not hold three numbers (easting, northing, "
        "height); correct or leave out that line"
    )
