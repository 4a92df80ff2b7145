"""Schema: the typed columns a layer may have. It is also the privacy allow-list."""

import re
from enum import StrEnum
from functools import cached_property
from typing import Self

from pydantic import Field, model_validator

from twin.base import Noun, Text


class Kind(StrEnum):
    """Type of a column's values."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    TIME = "time"
    """UTC instant."""
    ENUM = "enum"
    TEXTS = "texts"
    """Several texts, in no order that matters and none of them twice."""


_CODE = re.compile(r"[a-zäöüß0-9][a-zäöüß0-9 _:/-]*")


class Choice(Noun):
    """One allowed value of an enum column, whose place in the list is its number in property tables; or one
    code of a codelist."""

    value: str
    title: Text


class Column(Noun):
    """One column, with its unit in its name (``height_m``) and again for machines."""

    name: str
    title: Text
    kind: Kind
    unit: str | None = None
    """UCUM code: ``m``, ``km2``, ``ug/m3``."""
    choices: tuple[Choice, ...] = ()
    """For enums: all values."""
    codelist: tuple[Choice, ...] = ()
    """For texts: codes that sources write in them (``asphalt``, ``northbound``), and what people say in their
    place. What is published stays as the source wrote it."""
    breaks: tuple[float, ...] = Field(default=(), max_length=7)
    """Class breaks, ascending, in the unit: maps colour by them, from what is below the first to what is not
    below the last."""
    alternatives: bool = False
    """Features of different choices lie on each other: a map shows the first choice that there is."""
    tiles: bool = False
    """Goes into the property tables of tiles."""
    free_text: bool = False
    """Written by people for people: the gate reads it with special care."""

    @model_validator(mode="after")
    def _no_list_in_tiles(self) -> Self:
        if self.tiles and self.kind is Kind.TEXTS:
            raise ValueError(f"{self.name} is a list, and property tables of tiles have one value a feature")
        return self

    @model_validator(mode="after")
    def _codes_in_texts(self) -> Self:
        if self.codelist and self.kind is not Kind.TEXT:
            raise ValueError(f"{self.name} is no text; values of an enum are told by choices")
        if odd := [code.value for code in self.codelist if not _CODE.fullmatch(code.value)]:
            raise ValueError(
                f"{self.name}: codes have small letters, figures and none but -_:/ between them: {odd}"
            )
        return self

    def in_words(self, text: str, language: str) -> str:
        """Return `text` with words in `language` ("de", "en" or "ls") in place of the codes within it."""
        if self._codes is None:
            return text
        titles = {code.value: code.title.get(language) for code in self.codelist}
        # What only looks like a code ("aſphalt") is found as well.
        return self._codes.sub(lambda found: titles.get(found[0].lower(), found[0]), text)

    @cached_property
    def _codes(self) -> re.Pattern[str] | None:
        """Finds the longest code at any place where a word begins; None if there are none."""
        codes = sorted((code.value for code in self.codelist), key=len, reverse=True)
        if not codes:
            return None
        return re.compile(rf"(?<!\w)(?:{'|'.join(codes)})(?!\w)", re.IGNORECASE)


class Combine(StrEnum):
    """How values of one interval become the value of a longer one."""

    SUM = "sum"
    MEAN = "mean"
    MAX = "max"


class Property(Noun):
    """One observed property of a station layer."""

    name: str
    """As in the observation files' ``property`` column."""
    title: Text
    unit: str
    """UCUM code."""
    combine: Combine | None = None
    """How retention makes values of longer intervals of it; None: it is left as it is."""
    into: dict[str, str] = Field(default_factory=dict)
    """Longer interval (``1h``, ``1d``) → property that its values belong to; else they keep this name."""

    @property
    def condensed(self) -> tuple[str, ...]:
        """Names under which values of longer intervals may stand for its own."""
        return (*self.into.values(), self.name)

    @property
    def every(self) -> str | None:
        """Length of the interval that its unit tells, ``15min`` of ``1/15min``; None if it tells none."""
        return {"1/15min": "15min", "1/h": "1h", "1/d": "1d"}.get(self.unit)


class Schema(Noun):
    """The columns of a kind of layer, versioned."""

    id: str
    """``name/version``, for example ``roadwork/1``."""
    title: Text
    geometry: str
    """``building`` or ``model`` (faces in 3D), ``terrain`` (raster), ``cloud``, ``area``, ``line``,
    ``point``, or ``any`` of the last three."""
    columns: tuple[Column, ...]
    properties: tuple[Property, ...] = ()
    """Observed properties, for station layers."""

    @property
    def has_solids(self) -> bool:
        """Whether its features carry faces in 3D."""
        return self.geometry in ("building", "model")

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of all columns, in order."""
        return tuple(column.name for column in self.columns)

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Names of the columns of text."""
        return tuple(column.name for column in self.columns if column.kind is Kind.TEXT)

    @cached_property
    def lists(self) -> tuple[str, ...]:
        """Names of the columns of several texts."""
        return tuple(column.name for column in self.columns if column.kind is Kind.TEXTS)

    @cached_property
    def allowed(self) -> dict[str, frozenset[str]]:
        """Name of each enum column → its values."""
        return {
            column.name: frozenset(choice.value for choice in column.choices)
            for column in self.columns
            if column.kind is Kind.ENUM
        }

    def column(self, name: str) -> Column:
        """Return the column called `name`; KeyError if the schema has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)
