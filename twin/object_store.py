"""A store on S3 or in memory: `twin.store.Store` through obstore."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from twin.errors import AlreadyExists, NotFound, StoreError
from twin.store_key import checked

_CHECK = (
    "check bucket, endpoint and credentials "
    "(AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION)"
)


class ObjectStore:
    """A store on S3 or in memory, through obstore. S3 is configured by the usual ``AWS_*`` variables."""

    def __init__(self, url: str) -> None:
        import obstore.exceptions
        import obstore.store

        self.url = url
        self._store: Any
        if url.startswith("memory:"):
            self._store = obstore.store.MemoryStore()
            return
        # An operator's own S3 may speak plain http; only the address in the environment says so.
        endpoint = os.environ.get("AWS_ENDPOINT_URL", "")
        if endpoint and not endpoint.startswith(("http://", "https://")):
            raise StoreError("AWS_ENDPOINT_URL is no address; write https:// (or http://) before the host")
        plain = endpoint.startswith("http:")
        try:
            self._store = obstore.store.S3Store.from_url(url, client_options={"allow_http": plain})
        except obstore.exceptions.BaseError as error:  # one half of the credentials, an endpoint that is none
            said = str(error).partition("\n")[0]
            raise StoreError(f"{url} cannot be opened ({said}); {_CHECK}") from None

    def get(self, key: str) -> bytes:
        """Read an object; `NotFound` if there is none."""
        import obstore

        with _told(key):
            return bytes(obstore.get(self._store, checked(key)).bytes())

    def size(self, key: str) -> int | None:
        """Size in bytes, or None if there is no such object."""
        import obstore

        try:
            with _told(key):
                return int(obstore.head(self._store, checked(key))["size"])
        except NotFound:
            return None

    def stamp(self, key: str) -> str | None:
        """What the store calls this version of the object (``ETag``), with its size and time."""
        import obstore

        try:
            with _told(key):
                head = obstore.head(self._store, checked(key))
        except NotFound:
            return None
        name = head["e_tag"]
        return None if name is None else f"{name} {head['size']} {head['last_modified'].timestamp()}"

    def put(self, key: str, data: bytes) -> None:
        """Write or replace an object; durable when the call returns."""
        import obstore

        try:
            with _told(key):
                obstore.put(self._store, checked(key), data)
        except NotFound:
            raise StoreError(f"{key} cannot be written: there is no bucket for {self.url}") from None

    def create(self, key: str, data: bytes) -> None:
        """Claim `key`; an unclear answer is settled by reading back what stands there."""
        import obstore
        from obstore.exceptions import AlreadyExistsError

        try:
            with _told(key):
                obstore.put(self._store, checked(key), data, mode="create")
        except AlreadyExistsError:
            # A retry after a lost answer reports our own object as somebody else's.
            if self.get(key) != data:
                raise AlreadyExists(f"{key} exists already") from None

    def remove(self, key: str) -> None:
        """Remove an object; nothing happens if there is none."""
        import obstore

        try:
            with _told(key):
                obstore.delete(self._store, checked(key))
        except NotFound:
            return

    def sync(self) -> None:
        """Nothing to do: `put` returns when the object is durable."""

    def list(self, prefix: str) -> Iterator[str]:
        """Keys below the folder `prefix`, in order."""
        import obstore

        with _told(prefix):
            keys = [meta["path"] for page in obstore.list(self._store, prefix or None) for meta in page]
        yield from sorted(keys)


@contextmanager
def _told(key: str) -> Iterator[None]:
    """The errors of the object store in our own words."""
    from obstore.exceptions import AlreadyExistsError, BaseError

    try:
        yield
    except FileNotFoundError:
        raise NotFound(f"{key} is not in the store") from None
    except AlreadyExistsError:
        raise
    except BaseError as error:
        kind = type(error).__name__.removesuffix("Error")
        said = "does not answer as one" if kind == "Generic" else f"answers {kind}"
        raise StoreError(f"{key or 'the store'}: the object store {said}; {_CHECK}") from None
