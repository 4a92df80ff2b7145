"""Source: where a layer is pulled from."""

import re
from datetime import timedelta
from typing import Any

from pydantic import Field, field_validator

from twin.base import Noun, Text
from twin.errors import RecipeError
from twin.licence import licence

_INTERVAL = re.compile(r"(\d+)\s*(min|h|d)")
_UNITS = {"min": "minutes", "h": "hours", "d": "days"}


class Columns(Noun):
    """The columns the source is known to deliver; any other one means that it changed."""

    required: tuple[str, ...] = ()
    """Must all be there."""
    optional: tuple[str, ...] = ()
    """May be there. Known, so that a new one (which may be personal) is noticed."""

    def difference(self, found: set[str]) -> tuple[list[str], list[str]]:
        """Return (missing, unknown) of the columns `found` in an answer."""
        required = set(self.required)
        return sorted(required - found), sorted(found - required - set(self.optional))


class Source(Noun):
    """Where a layer is pulled from, how often, and under which licence."""

    connector: str
    """Name in the table of connectors (``ingest.connectors.CONNECTORS``)."""
    url: str
    """Address. ``file:NAME`` is a file or folder beside ``city.toml``; ``demo:NAME`` comes from the demo."""
    interval: str
    """How often to ask: ``15min``, ``1h``, ``1d``."""
    licence: str
    """SPDX id. No licence, no publication."""
    attribution: str
    """The line the licence wants to be shown."""
    publisher: str
    """Who publishes the source."""
    crs: str | None = None
    """CRS where the source's own answer does not say; never guessed."""
    timezone: str = "Europe/Berlin"
    """Zone of naive times in the source."""
    columns: Columns | None = None
    """Known columns; None where the protocol fixes them."""
    options: dict[str, Any] = Field(default_factory=dict)
    """What the connector understands beyond the address."""

    @field_validator("interval")
    @classmethod
    def _readable(cls, value: str) -> str:
        if not _INTERVAL.fullmatch(value):
            raise ValueError(f"interval {value!r} is not understood; write for example 15min, 1h or 7d")
        return value

    @field_validator("licence")
    @classmethod
    def _known(cls, value: str) -> str:
        try:
            return licence(value).id
        except RecipeError as error:
            raise ValueError(str(error)) from None

    @property
    def every(self) -> timedelta:
        """The interval as a duration."""
        match = _INTERVAL.fullmatch(self.interval)
        assert match is not None  # checked on construction
        return timedelta(**{_UNITS[match[2]]: int(match[1])})


class Gap(Noun):
    """A theme for which the city has no open source, named with its reason."""

    name: str
    """Short name of the missing layer."""
    title: Text
    """What people would call it."""
    reason: Text
    """Why there is none."""
