"""Keys: the names of what lies in a store, relative POSIX paths."""

from twin.errors import StoreError


def checked(key: str) -> str:
    """The key; `StoreError` for one that is none, or leads out of the store."""
    if not key or key[0] == "/" or "\\" in key or "\0" in key or ".." in key.split("/"):
        raise StoreError(f"{key[:80]!r} is not a key of the store")
    return key
