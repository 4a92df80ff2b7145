"""Rule: what the gate does with a source beside what it does with every source. Data, for people to read."""

from typing import Any, Self

from pydantic import Field, field_validator, model_validator

from twin.base import Noun, Text

CLASSES = (
    "e-mail address",
    "phone number",
    "person's name",
    "IBAN",
    "vehicle identification number",
    "licence plate",
    "device id",
    "social media handle",
    "date of birth",
    "identity number",
)
"""What the gate recognises in texts; `Rule.matches` names some of them."""

_SPANS = {"min": 60, "h": 3600, "d": 86400}


class Coarsen(Noun):
    """Single things become cells of the European grid (EPSG:3035), with what several have in common."""

    cell_m: int = Field(ge=100, le=100_000)
    """Width of a cell in metres; the position of what is published is the cell's centre."""
    things: str
    """Field that tells the things apart (a sensor's id). It is counted, never published."""
    min_count: int = Field(default=3, ge=2)
    """Cells (and means) of fewer different things are held back."""
    position: tuple[str, str] | None = None
    """Fields with longitude and latitude in degrees; without it the record's geometry counts."""
    mean: dict[str, tuple[float, float]] = Field(default_factory=dict)
    """Field → the range in which its values make sense. The mean of the things' means is published.
    Without it cells are features with the number of things."""
    when: tuple[str, ...] = ()
    """Fields that, joined by a space, say when the values were measured; needed for `mean`."""
    period: str = "1h"
    """Length of the intervals (``5min``, ``1h``, ``1d``) of which means are made."""

    @field_validator("period")
    @classmethod
    def _readable(cls, value: str) -> str:
        number = value.rstrip("minhd")
        if not number.isdecimal() or value.removeprefix(number) not in _SPANS or not 0 < int(number) <= 60:
            raise ValueError(f"period {value[:20]!r} is not understood; write for example 5min, 1h or 1d")
        return value

    @model_validator(mode="after")
    def _dated(self) -> Self:
        if self.mean and not self.when:
            raise ValueError("mean needs when: the fields that say when the values were measured")
        if any(not low < high for low, high in self.mean.values()):
            raise ValueError("mean is written { field = [lowest, highest] }")
        return self

    @property
    def seconds(self) -> int:
        """Length of a period."""
        number = self.period.rstrip("minhd")
        return int(number) * _SPANS[self.period.removeprefix(number)]


class Rule(Noun):
    """One rule of the gate for this layer, with the reason people will read. It says one of `hold`, `drop`,
    `coarsen` and `allow`; of `equals`, `unless`, `matches`, `min_count`, `moves` at most one.
    """

    hold: str | tuple[str, ...] = ()
    """Name of the source's field, or several: the row is held back where one of them fits."""
    drop: str | tuple[str, ...] = ()
    """Name of the source's field, or several, whose value is dropped: always, or where it fits."""
    coarsen: Coarsen | None = None
    """Single things are published as cells."""
    allow: str | tuple[str, ...] = ()
    """Name of the source's field, or several, that the gate would drop by its name (``uid``) and need not."""
    equals: tuple[str, ...] = ()
    """Fits where the value is one of these."""
    unless: tuple[str, ...] = ()
    """Fits unless the value is one of these, however written; so does a row without a value."""
    matches: tuple[str, ...] = ()
    """Fits where the value has something of these classes: ``person's name``, ``phone number`` …"""
    min_count: int | None = Field(default=None, ge=2)
    """Fits where the value is a count from 1 to below this: small groups tell of single people."""
    moves: bool = False
    """Fits where one value is seen in several places (single vehicles and devices); only with `hold`."""
    reason: Text
    """Why, in words that are published with the count."""

    @field_validator("matches")
    @classmethod
    def _known(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for word in value:
            if word not in CLASSES:
                raise ValueError(f"{word[:40]!r} is no class of the gate; known are {', '.join(CLASSES)}")
        return value

    @model_validator(mode="after")
    def _one_verb(self) -> Self:
        verbs = [n for n in ("hold", "drop", "coarsen", "allow") if getattr(self, n)]
        known = ("equals", "unless", "matches", "min_count", "moves")
        conditions = [name for name in known if getattr(self, name)]
        if len(verbs) != 1:
            raise ValueError("a rule says one of hold, drop, coarsen and allow")
        if len(conditions) > 1:
            raise ValueError("a rule has one condition: equals, unless, matches, min_count or moves")
        if verbs == ["hold"] and not conditions:
            raise ValueError(
                'hold needs a condition: equals, unless, matches, min_count or moves (unless = [""] holds '
                "every row that has a value)"
            )
        if conditions and verbs[0] in ("coarsen", "allow"):
            raise ValueError(f"{verbs[0]} has no condition")
        if self.moves and verbs != ["hold"]:
            raise ValueError("moves goes with hold")
        return self

    @property
    def condition(self) -> str:
        """Name of the rule's condition; empty if it has none."""
        return next(
            (n for n in ("equals", "unless", "matches", "min_count", "moves") if getattr(self, n)), ""
        )

    @property
    def fields(self) -> tuple[str, ...]:
        """The source's fields that the rule looks at."""
        named: Any = self.hold or self.drop or self.allow
        return (named,) if isinstance(named, str) else tuple(named)
