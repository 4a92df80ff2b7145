"""Status of a layer in the store: replaced at every attempt, beside the revisions."""

from catalog import documents, keys
from twin.errors import Damaged, NotFound
from twin.status import Status
from twin.store import Store


def read_status(store: Store, layer_id: str) -> Status | None:
    """The last attempts at a layer, or None if there was none; `Damaged` if it cannot be read."""
    try:
        return documents.read(Status, store, keys.status(layer_id))
    except NotFound:
        return None


def last_status(store: Store, layer_id: str) -> Status | None:
    """As `read_status`; a damaged one counts as none, for whoever is about to write it anew."""
    try:
        return read_status(store, layer_id)
    except Damaged:
        return None


def write_status(store: Store, status: Status) -> None:
    """Replace the status of its layer."""
    store.put(keys.status(status.layer), documents.encode(status))
