"""Which stores a web server can be given files of."""

from twin.errors import TwinError
from twin.store import FileStore, Store


def linkable(store: Store) -> FileStore:
    """The store, whose files can be linked to.

    Raises:
        TwinError: it does not lie in a folder.
    """
    if not isinstance(store, FileStore):
        raise TwinError("TWIN_PUBLIC needs a store in a folder; leave it out, and let nginx ask the service")
    return store
