"""Mapping functions for a record as a whole: what is the same for all, and what tells who belong together."""

import hashlib
from collections.abc import Sequence
from typing import Any

from ingest.fields.context import Context
from ingest.fields.texts import clean


def constant(values: Sequence[Any], context: Context) -> Any:
    """The same value for every record. Option ``value``."""
    return context.options["value"]


def group(values: Sequence[Any], context: Context) -> str:
    """A short checksum of the fields and the geometry: equal for records that belong together."""
    digest = hashlib.sha256(context.geometry if isinstance(context.geometry, bytes) else b"")
    for value in values:
        digest.update(f"|{clean(value) or ''}".encode())
    return digest.hexdigest()[:12]
