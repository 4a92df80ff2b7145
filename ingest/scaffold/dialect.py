"""Dialect: how the answer of a source is read."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Dialect:
    """How an answer is read."""

    connector: str
    options: dict[str, Any] = field(default_factory=dict)
    suffix: str = ".json"
    """Ending that the connector expects of a file."""
    said: str = ""
    """What it is, in words for people."""
    like: str | None = None
    """Shared recipe that knows this very source."""
