"""Height rasters of a published terrain layer."""

import hashlib
from datetime import datetime

from catalog import keys, parquet, parts, revisions
from twin.errors import Damaged
from twin.store import Store


def rasters(store: Store, layer_id: str, at: datetime | None = None) -> list[bytes]:
    """The GeoTIFFs of the terrain that held at `at` (None: the newest), in the order of the features.

    Empty if the layer was never published. `Damaged` if one is not what its name says.
    """
    revision = revisions.current(store, layer_id, at)
    if revision is None:
        return []
    names = parquet.read_table(parts.load(store, revision), columns=["raster"])["raster"].to_pylist()
    return [_read(store, layer_id, name) for name in names if name]


def _read(store: Store, layer_id: str, name: str) -> bytes:
    data = store.get(keys.inside(layer_id, name))
    if hashlib.sha256(data).hexdigest() != keys.sha_of(name):
        raise Damaged(f"{layer_id}: {name} has other bytes than its name says; publish the terrain again")
    return data
