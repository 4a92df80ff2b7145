"""Provenance: who published it, from which bytes, when, under which licence, and what we changed."""

import re
from datetime import datetime
from typing import Any, Self

from pydantic import (
    Field,
    SerializerFunctionWrapHandler,
    field_validator,
    model_serializer,
    model_validator,
)

from twin.base import Noun, Text
from twin.decision import Decision

_SECRET = re.compile(
    r"(?i)([?&;](?:[\w.-]{0,40}[_.-])?(?:api-?key|key|token|secret|password|passwd|pwd|pass|auth|signature|sig|"
    r"app_?id|user|username|credential)=)[^&#;]*"
)
_USER = re.compile(r"(?<=://)[^/?#@]{0,500}@")


def masked(url: str) -> str:
    """An address without user, password and keys, which may be told to everybody."""
    return _SECRET.sub(r"\1***", _USER.sub("", url))


class Origin(Noun):
    """One body of bytes that a snapshot was made from."""

    url: str
    """Address as asked, or the file's name; never a path of somebody's machine, nor a key or password."""
    sha256: str | None = None
    """64 hexadecimal digits; None where it has a BLAKE3."""
    blake3: str | None = None
    """The same for very large files: as safe, at four times the speed (`b3sum` works it out)."""
    size: int
    """Bytes, inflated."""
    fetched_at: datetime

    @property
    def checksum(self) -> dict[str, str]:
        """Name of the checksum that it has (``sha256`` or ``blake3``) → the checksum."""
        known = {"sha256": self.sha256, "blake3": self.blake3}
        return {name: value for name, value in known.items() if value is not None}

    @model_serializer(mode="wrap")
    def _told(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in handler(self).items() if value is not None}

    @model_validator(mode="after")
    def _with_checksum(self) -> Self:
        if len(self.checksum) != 1:
            raise ValueError("bytes have one checksum, sha256 or blake3")
        return self

    @field_validator("url")
    @classmethod
    def _without_secrets(cls, value: str) -> str:
        return masked(value)


class HeightsStatement(Noun):
    """How orthometric heights became ellipsoidal ones."""

    method: str
    """``grid`` or ``stated``."""
    detail: str
    """Name of the grid, or the constant in metres."""
    error_m: float
    """How wrong a height may be through this."""


class Provenance(Noun):
    """Where a snapshot comes from. Written as ``provenance.json`` beside it."""

    layer: str
    title: Text
    summary: Text
    theme: str
    schema_id: str = Field(alias="schema")
    publisher: str
    licence: str
    """SPDX id."""
    licence_title: str
    licence_url: str
    attribution: str
    notice: Text | None
    """For example "Demo – made-up data"."""
    origins: tuple[Origin, ...]
    fetched_at: datetime
    observed_at: datetime
    """Since when the snapshot holds."""
    recipe_sha256: str
    columns: dict[str, str] | None = None
    """Column (and ``geometry``) → the source's fields that fed it; None where nobody wrote it down."""
    software: str
    counts: dict[str, int]
    """``in, published, held, broken, duplicate``; the first is the sum of the others."""
    observations: int
    reasons: dict[str, dict[str, int]]
    notes: dict[str, int]
    gate: tuple[Decision, ...] = ()
    """What the gate left out, coarsened or held back, and why, without the values."""
    examples: tuple[dict[str, str], ...]
    changed: tuple[Text, ...]
    """What was changed on the way, in words for people."""
    heights: HeightsStatement | None
    tiling: dict[str, Any] | None
    """The tiling's own report: tiles, bytes, repaired, left out with ids and reasons."""
