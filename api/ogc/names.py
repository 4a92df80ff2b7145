"""Names: where what is called something lies, for searches that happen at the visitor's own place."""

from collections import OrderedDict
from datetime import datetime
from threading import Lock

from api import responses
from api.service import Service
from catalog import keys, names, parts
from twin.city import City
from twin.errors import Damaged
from twin.layer import Layer
from twin.revision import Revision
from twin.store import Store

_KEPT = 64 * 1024 * 1024
"""Bytes of documents of layers that are kept; those not used for longest go."""
_PLACES = 5
"""Decimals of degrees: about a metre."""


class Index:
    """Documents of layers, each made once for a snapshot. Safe to use from several threads."""

    def __init__(self, store: Store) -> None:
        """Read the snapshots of `store`."""
        self._store = store
        self._lock = Lock()
        self._size = 0
        self._kept: OrderedDict[tuple[str, str], bytes] = OrderedDict()

    def layer(self, revision: Revision, column: str) -> bytes:
        """A revision's names as JSON; one is read at a time.

        Raises:
            Damaged: The features are missing or not what the revision says.
        """
        key = (revision.layer, revision.snapshot)
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                found = self._kept[key] = _written(
                    revision, names.read(parts.load(self._store, revision), column)
                )
                self._size += len(found)
                while len(self._kept) > 1 and self._size > _KEPT:
                    self._size -= len(self._kept.popitem(last=False)[1])
            self._kept.move_to_end(key)
            return found


def document(service: Service, index: Index, cities: list[City], at: datetime | None) -> bytes:
    """The names of all layers of some cities as they were at `at` (None: now).

    A layer that is damaged is named without its names (``damaged``), and remembered for ``/ops/health``.
    """
    found = (_layer(service, index, layer, at) for city in cities for layer in city.layers)
    return b'{"layers":[%b]}' % b",".join(each for each in found if each is not None)


def _layer(service: Service, index: Index, layer: Layer, at: datetime | None) -> bytes | None:
    column = names.column_of(layer.schema_)
    if column is None:
        return None
    revision = None
    try:
        revision = service.current(layer.id, at)
        return None if revision is None else index.layer(revision, column)
    except Damaged as error:
        if revision is not None:
            service.damaged[keys.inside(layer.id, f"{revision.snapshot}/{keys.FEATURES}")] = str(error)
        return responses.encode({"layer": layer.id, "damaged": True})


def _written(revision: Revision, found: names.Names) -> bytes:
    return responses.encode(
        {
            "layer": revision.layer,
            "revision": revision.number,
            "left_out": found.left_out,
            "names": found.texts,
            "ids": found.ids,
            "lon": [round(place, _PLACES) for place in found.places[:, 0].tolist()],
            "lat": [round(place, _PLACES) for place in found.places[:, 1].tolist()],
            "reach_m": [round(metres) for metres in found.reach_m.tolist()],
        }
    )
