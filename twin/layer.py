"""Layer: one published theme of a city. Written down as a recipe; a recipe is not a second concept."""

import re
from datetime import timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any, Self

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from twin.base import Noun, Text
from twin.errors import RecipeError
from twin.rule import Rule
from twin.schema import Schema
from twin.schemas import schema
from twin.source import Source
from twin.telling import telling


class Theme(StrEnum):
    """The four sections of the viewer."""

    TRAFFIC = "traffic"
    CONSTRUCTION = "construction"
    ENVIRONMENT = "environment"
    MODEL = "model"


class Mapping(Noun):
    """How one column of the schema comes from the source's record."""

    source: str | tuple[str, ...] | None = Field(default=None, alias="from")
    """Name of the source's field, or several."""
    by: str = "text"
    """Name of a function in the closed table ``ingest.fields.FUNCTIONS``."""
    options: dict[str, Any] = Field(default_factory=dict)
    """What the function needs beyond the value."""


class Reading(Noun):
    """How a record becomes observations: who measured, when, and which properties."""

    when: tuple[str, ...]
    """Fields that a record must have for this reading; the first reading that fits is taken."""
    station: str
    """Field that names the station."""
    start: tuple[str, ...]
    """Fields that, joined by a space, say when the interval began."""
    end: tuple[str, ...] = ()
    """Fields that say when it ended; with `start` they tell the span."""
    span: str | None = None
    """Length of the interval (``15min``, ``1h``, ``1d``) where the source does not say."""
    values: dict[str, dict[str, str]] = Field(default_factory=dict)
    """Wide rows: span → property of the schema → field."""
    kind: str | None = None
    """Long rows: field that names the property in the source's terms."""
    kinds: dict[str, str] = Field(default_factory=dict)
    """Long rows: the source's term → property of the schema."""
    value: str | None = None
    """Long rows: field with the value."""
    missing: tuple[str, ...] = ()
    """Words with which the source says that it has no value."""


class Station(Noun):
    """A station as the recipe states it, for sources whose values come without positions."""

    name: str
    """Its name for people."""
    lon: float
    """Degrees, OGC:CRS84."""
    lat: float
    """Degrees, OGC:CRS84."""


_SPAN = re.compile(r"(\d{1,4})\s*(min|h|d|y)")
_SPANS = {
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "y": timedelta(days=365.25),
}


def _length(value: str) -> timedelta:
    match = _SPAN.fullmatch(value)
    if match is None or int(match[1]) == 0:
        raise ValueError(f"{value!r} is no length of time; write for example 15min, 1h, 90d or 2y")
    return int(match[1]) * _SPANS[match[2]]


class Retention(Noun):
    """How long values of one interval are kept; what is older is condensed to the interval of the next."""

    every: str
    """Length of the interval: ``15min``, ``1h`` or ``1d`` (a day in the source's time zone)."""
    keep: str | None = None
    """For how long, ``90d`` or ``2y``; without it for ever, in the last of them only. Where the last of them
    has one, what is older is removed for good."""

    @field_validator("every")
    @classmethod
    def _whole(cls, value: str) -> str:
        length = _length(value)
        if length > timedelta(days=1) or timedelta(days=1) % length:
            raise ValueError(f"every {value!r} does not fill a day; write for example 15min, 1h or 1d")
        return value

    @field_validator("keep")
    @classmethod
    def _readable(cls, value: str | None) -> str | None:
        if value is not None:
            _length(value)
        return value

    @property
    def length(self) -> timedelta:
        """The interval as a duration."""
        return _length(self.every)

    @property
    def lasts(self) -> timedelta | None:
        """How long values are kept; None for ever."""
        return None if self.keep is None else _length(self.keep)


class Tiling(Noun):
    """How the layer becomes 3D Tiles."""

    writer: str
    """Name in the table ``tiles.build.WRITERS``: buildings, terrain, areas, lines, stations."""
    options: dict[str, Any] = Field(default_factory=dict)
    """What the writer understands."""


class Layer(Noun):
    """One published theme of a city."""

    id: str
    """``<city>.<name>``."""
    title: Text
    """What the layer is called, in German and English; with ``ls`` in Leichte Sprache, too."""
    summary: Text
    """One sentence for people, likewise."""
    theme: Theme
    """Section of the viewer: traffic, construction, environment or model."""
    schema_id: str = Field(alias="schema")
    """Id of the schema, such as ``roadwork/1``."""
    source: Source
    """Where the layer is pulled from."""
    business_key: tuple[str, ...] = ()
    """Fields of the source that identify a thing; where all are empty the content's hash does."""
    hashed: tuple[str, ...] = ()
    """Fields (and ``geometry``, as the source has it) that make up the content hash."""
    fields: dict[str, Mapping] = Field(default_factory=dict)
    """Column of the schema → how it comes from the record."""
    gate: tuple[Rule, ...] = ()
    """What must not be published of this source, beside the general rules."""
    readings: tuple[Reading, ...] = ()
    """For station layers: how records become observations."""
    stations: dict[str, Station] = Field(default_factory=dict)
    """For station layers: positions stated here; what the source says itself comes first."""
    retention: tuple[Retention, ...] = ()
    """For station layers: how long values are kept in which detail, the finest first; else all for ever."""
    min_features: int = Field(default=1, ge=0)
    """Fewer features than this: the old revision stays and the alarm is raised."""
    tiles: Tiling | None = None
    """How the layer becomes 3D Tiles; without it the layer has features and no tiles."""

    @field_validator("schema_id")
    @classmethod
    def _known(cls, value: str) -> str:
        try:
            return schema(value).id
        except RecipeError as error:
            raise ValueError(str(error)) from None

    @field_validator("retention")
    @classmethod
    def _tiers(cls, tiers: tuple[Retention, ...]) -> tuple[Retention, ...]:
        for finer, coarser in pairwise(tiers):
            if finer.lasts is None or finer.length >= coarser.length:
                raise ValueError("state the shortest interval first, and how long each but the last is kept")
            if coarser.lasts is not None and coarser.lasts <= finer.lasts:
                raise ValueError(f"every {coarser.every} must be kept longer than every {finer.every}")
        return tiers

    @model_validator(mode="after")
    def _telling_nothing(self) -> Self:
        """A recipe cannot publish what has a telling name by mistake; it can say why it may."""
        allowed = {name for rule in self.gate if rule.allow for name in rule.fields}
        named: list[tuple[str, tuple[str | int, ...]]]
        named = [(name, ("business_key",)) for name in self.business_key]
        named += [(each.station, ("readings", i, "station")) for i, each in enumerate(self.readings)]
        for column, mapping in self.fields.items():
            source = (mapping.source,) if isinstance(mapping.source, str) else mapping.source or ()
            named += [(name, ("fields", column, "from")) for name in source]
        for name, where in named:
            kind = telling(name)
            if kind is not None and name not in allowed:
                words = (
                    f"the field {name!r} is dropped by the gate, as its name tells of a {kind}; leave it "
                    f"out, or if it tells of none, add [[gate]] with allow = [{name!r}] and the reason"
                )
                raise PydanticCustomError("value_error", "{words}", {"words": words, "where": where})
        return self

    @property
    def city(self) -> str:
        """Id of the city."""
        return self.id.partition(".")[0]

    @property
    def name(self) -> str:
        """Short name, without the city."""
        return self.id.partition(".")[2]

    @property
    def schema_(self) -> Schema:
        """The schema itself."""
        return schema(self.schema_id)
