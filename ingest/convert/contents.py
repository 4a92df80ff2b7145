"""Contents: tiles that wait in a scratch folder until they get their names."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from twin.errors import StoreError


class Contents:
    """Keeps contents under their checksums, as they are."""

    def __init__(self, folder: Path) -> None:
        """Keep them in `folder`, which goes away with the conversion's other scratch files."""
        self._folder = folder
        folder.mkdir()

    def put(self, data: bytes, suffix: str, packed: Mapping[str, bytes] | None = None) -> str:
        """Keep content once; returns ``<sha256>.<suffix>``. Its siblings would not fit it later on."""
        key = f"{hashlib.sha256(data).hexdigest()}.{suffix}"
        try:
            (self._folder / key).write_bytes(data)
        except OSError as error:
            raise StoreError(
                f"scratch files cannot be written: {error.strerror}; "
                "make room, or name another place in TMPDIR"
            ) from None
        return key

    def read(self, key: str) -> bytes:
        """What was kept."""
        return (self._folder / key).read_bytes()
