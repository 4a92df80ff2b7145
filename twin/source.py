"""Source: where a layer is pulled from."""

import re
from datetime import timedelta
from typing import Any

from pydantic import Field, field_validator, model_validator

from twin.base import Noun, Text
from twin.errors import RecipeError
from twin.licence import UNCLEAR, licence

INTERVAL = re.compile(r"([1-9]\d{0,4})\s*(min|h|d)")
"""How a length of time is written: ``15min``, ``1h``, ``1d``."""
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
    """Address. ``file:NAME`` is a file or folder beside ``city.toml``; ``demo:NAME`` comes from the demo.
    ``{west}``, ``{south}``, ``{east}`` and ``{north}`` stand for the city's borders in degrees."""
    interval: str
    """How often to ask: ``15min``, ``1h``, ``1d``."""
    licence: str
    """SPDX id. No licence, no publication; ``NOASSERTION`` where nobody states one, and then `unclear`."""
    unclear: Text | None = None
    """Why it is not clear that the source may be published. Then nothing of it is pulled or shown, and it is
    named as missing with this reason, until an operator lists the layer in ``TWIN_PUBLISH_UNCLEAR``."""
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
    nothing_personal: bool = False
    """The source carries nothing about people, in no field: its answers may be kept as they came, so that an
    unchanged one need not be sent again."""
    longest: str | None = None
    """How long a run may take (``30min``, ``2h``) where the installation's own limit does not fit."""
    ahead: str | None = None
    """How far in the future times may lie (``10d``), for forecasts; values from further on are refused."""
    options: dict[str, Any] = Field(default_factory=dict)
    """What the connector understands beyond the address. ``hosts`` lists further hosts that may be asked."""

    @field_validator("interval", "longest", "ahead")
    @classmethod
    def _readable(cls, value: str | None) -> str | None:
        if value is not None and not INTERVAL.fullmatch(value):
            raise ValueError(f"interval {value!r} is not understood; write for example 15min, 1h or 7d")
        return value

    @field_validator("licence")
    @classmethod
    def _known(cls, value: str) -> str:
        try:
            return licence(value).id
        except RecipeError as error:
            raise ValueError(str(error)) from None

    @model_validator(mode="after")
    def _stated(self) -> "Source":
        if self.licence == UNCLEAR and self.unclear is None:
            raise ValueError(f"licence {UNCLEAR} needs a reason; write it as unclear = {{ de = …, en = … }}")
        return self

    @property
    def every(self) -> timedelta:
        """The interval as a duration."""
        return _duration(self.interval)

    @property
    def limit(self) -> timedelta | None:
        """`longest` as a duration."""
        return None if self.longest is None else _duration(self.longest)

    @property
    def ahead_by(self) -> timedelta | None:
        """`ahead` as a duration."""
        return None if self.ahead is None else _duration(self.ahead)


def _duration(text: str) -> timedelta:
    match = INTERVAL.fullmatch(text)
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
