"""What a mapping function is given, and what it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Context:
    """What a mapping function may look at beside the values."""

    options: dict[str, Any] = field(default_factory=dict)
    """``options`` of the recipe's mapping."""
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Europe/Berlin"))
    """Zone of the source's naive times."""
    geometry: Any = None
    """The record's geometry: WKB, `Solid`, `Raster` or None."""


Function = Callable[[Sequence[Any], Context], Any]
