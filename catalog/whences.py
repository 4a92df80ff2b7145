"""Whences: in which of the files that a snapshot was made from each of its features lay, kept beside it.

One number a feature, in the order in which the features lie in their own files, so that none is named again:
along a Hilbert curve neighbours mostly lay in one file, and the numbers of a city take next to no room.
"""

import hashlib
import io
from collections.abc import Sequence

import numpy as np
import orjson

from catalog import keys, parquet, parts
from twin.errors import Damaged, NotFound
from twin.record import Feature
from twin.revision import Revision
from twin.shelf import Shelf
from twin.store import Store
from twin.whence import UNKNOWN, Piece, Whence

_PIECES = b"pieces"
_NUMBER = "piece"


def encode(whence: Whence, features: Sequence[Feature], table: bytes | None) -> bytes:
    """Write down where features lay, as an Arrow file.

    Args:
        whence: In the order of `features`.
        features: All of the snapshot.
        table: Their file; None if they are on a shelf, and cut as `catalog.parts` does.
    """
    import pyarrow as pa

    if table is None:
        assert isinstance(features, Shelf)
        numbers = whence.numbers[np.concatenate(parts.ranges(features.centres))]
    else:
        ids = features.ids if isinstance(features, Shelf) else [feature.id for feature in features]
        known = dict(zip(ids, whence.numbers.tolist(), strict=True))
        there = parquet.read_table(table, ["id"])["id"].to_pylist()
        numbers = np.fromiter((known[name] for name in there), np.int32, len(there))
    told = orjson.dumps([[piece.origin, piece.file] for piece in whence.pieces])
    column = pa.array(numbers, pa.int32(), mask=numbers == UNKNOWN)
    batch = pa.RecordBatch.from_arrays([column], [_NUMBER]).replace_schema_metadata({_PIECES: told})
    sink = io.BytesIO()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_file(sink, batch.schema, options=options) as file:
        file.write_batch(batch)
    return sink.getvalue()


def read(store: Store, revision: Revision, row: int) -> Piece | None:
    """The piece in which the feature at a row of a revision's features lay; None if nobody wrote it down.

    Raises:
        Damaged: what was written down is missing or cannot be read.
    """
    import pyarrow as pa

    name = f"{revision.snapshot}/{keys.WHENCE}"
    if name not in revision.objects:
        return None
    place = keys.inside(revision.layer, name)
    try:
        data = store.get(place)
    except NotFound:
        raise Damaged(f"{place} is missing; publish the layer again") from None
    if hashlib.sha256(data).hexdigest() != revision.objects[name].sha256:
        raise Damaged(f"{place} has other bytes than its revision says; publish the layer again")
    with pa.ipc.open_file(pa.BufferReader(data)) as file:
        number = file.get_batch(0).column(_NUMBER)[row].as_py()
        return None if number is None else Piece(*orjson.loads(file.schema.metadata[_PIECES])[number])
