"""CSV cut down to its header and a few rows."""

import csv
import io
from itertools import islice
from pathlib import Path

from ingest.connectors.rows import SEPARATOR_LINE
from ingest.scaffold.dialect import Dialect
from ingest.scaffold.mask import KEPT, MASK, Mask


def cut_csv(source: Path, dialect: Dialect, mask: Mask) -> dict[str, bytes]:
    """A table with a few rows, in its own encoding and with its own separator."""
    encoding = dialect.options.get("encoding", "utf-8")
    with source.open(encoding=encoding.replace("utf-8", "utf-8-sig"), newline="") as stream:
        line = stream.readline()
        if SEPARATOR_LINE.fullmatch(line.strip()):
            line = stream.readline()
        separator = dialect.options.get("separator") or max(",;\t|", key=line.count)
        header = next(csv.reader([line], delimiter=separator))
        rows = list(islice(csv.reader(stream, delimiter=separator), KEPT))
    hidden = {at for at, name in enumerate(header) if mask.hides(name.strip())}
    told = io.StringIO()
    writer = csv.writer(told, delimiter=separator, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([MASK if at in hidden and cell else mask.value(cell) for at, cell in enumerate(row)])
    # The mask has signs that old encodings lack.
    return {f"answer{dialect.suffix}": told.getvalue().encode(encoding, "replace")}
