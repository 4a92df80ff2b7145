"""Query parameters that several doors share, and how they are read."""

import math
import re
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any

from fastapi import Query
from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from twin import times
from twin.errors import RequestError

MOST = 10_000
"""Most items of one page; higher limits are brought down to it."""

_WHOLE = re.compile(r"[+-]?[0-9]+")
_DEGREES = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


def _digits(value: Any) -> Any:
    """Refuse what Python reads as a whole number but nobody else does, such as ``1_0``."""
    if isinstance(value, str) and not _WHOLE.fullmatch(value.strip()):
        raise PydanticCustomError("digits", "write a whole number in digits")
    return value


Datetime = Annotated[
    str | None,
    Query(
        description="RFC 3339 instant, date, or interval (a/b, a/.., ../b). Gives the twin as it was then; "
        "an interval means its end.",
        examples=["2026-03-01T12:00:00Z"],
    ),
]
Carried = Annotated[
    str | None,
    Query(
        description="Changes nothing: what lies here is the same for ever. CesiumJS carries it on from the "
        "address of the tileset that it opened.",
        examples=["2026-03-01T12:00:00Z"],
    ),
]
Observed = Annotated[
    str | None,
    Query(
        alias="property",
        max_length=80,
        description="An observed property: the chain of one value of it, with `observed_at`.",
        examples=["bicycles"],
    ),
]
ObservedAt = Annotated[
    str | None,
    Query(description="Instant of that value, RFC 3339.", examples=["2026-03-01T11:45:00Z"]),
]
Bbox = Annotated[
    str | None,
    Query(
        description="west,south,east,north in degrees (OGC:CRS84), or six numbers with heights, which are "
        "not looked at.",
        examples=["11.55,48.13,11.58,48.15"],
    ),
]
Limit = Annotated[
    int,
    Field(ge=1),  # before the validator: behind it the interface's description has no word for it
    BeforeValidator(_digits),
    Query(description=f"Items of a page; at most {MOST}, higher ones are brought down to it."),
]
Offset = Annotated[
    int, Field(ge=0, le=2**53), BeforeValidator(_digits), Query(description="Items to pass over.")
]
Format = Annotated[str | None, Query(alias="f", pattern="^json$", description="Only `json` so far.")]


def asked(datetime_: str | None, now: datetime) -> datetime:
    """The instant that ``datetime=`` asks for; now without it, and for intervals without an end."""
    if datetime_ is None:
        return now
    first, last = times.interval(datetime_)
    return last if last is not None else max(first or now, now)


def open_ended(datetime_: str | None) -> bool:
    """Whether ``datetime=`` goes on to now, so that what it means is another from moment to moment."""
    return datetime_ is None or times.interval(datetime_)[1] is None


def pinned(datetime_: str | None, at: datetime) -> str:
    """``datetime=`` as it was asked for where its end is fixed; else with `at` as its end, for next pages."""
    if datetime_ is None:
        return times.iso(at)
    first, last = times.interval(datetime_)
    return f"{times.iso(first)}/{times.iso(at)}" if last is None and first is not None else datetime_


def full(datetime_: str | None) -> str | None:
    """``datetime=`` in the one way that STAC takes, too: RFC 3339 with time and zone."""
    if datetime_ is None:
        return None
    first, last = times.interval(datetime_)
    if "/" not in datetime_ and first is not None:
        return times.iso(first)
    return "/".join(".." if end is None else times.iso(end) for end in (first, last))


Box = tuple[float, float, float, float]


def box(bbox: str | None) -> Box | None:
    """Read ``bbox=``; `RequestError` says what is wrong with it."""
    if bbox is None:
        return None
    numbers = corners(bbox)
    half = len(numbers) // 2
    (west, south), (east, north) = numbers[:2], numbers[half : half + 2]
    if south > north:
        raise RequestError("bbox has its south above its north; write west,south,east,north")
    if west > east:
        raise RequestError(
            "bbox crosses the antimeridian or has west and east swapped; ask for both sides apart"
        )
    if max(abs(west), abs(east)) > 180 or max(abs(south), abs(north)) > 90:
        raise RequestError("bbox leaves the Earth; longitudes go to 180 and latitudes to 90 degrees")
    return west, south, east, north


def boxes(bbox: str | None) -> tuple[Box, ...]:
    """``bbox`` as one box, as two where it crosses the antimeridian; none if it is not there."""
    if bbox is None:
        return ()
    sides = [bbox]
    if crosses(bbox):
        numbers = corners(bbox)
        (west, south), (east, north) = numbers[:2], numbers[len(numbers) // 2 :][:2]
        if max(abs(west), abs(east)) > 180:
            raise RequestError("bbox leaves the Earth; longitudes go to 180 degrees")
        sides = [f"{west},{south},180,{north}", f"-180,{south},{east},{north}"]
    return tuple(found for side in sides if (found := box(side)) is not None)


def crosses(bbox: str | None) -> bool:
    """Whether a box's west lies east of its east: it reaches over the antimeridian."""
    if bbox is None:
        return False
    numbers = corners(bbox)
    return numbers[0] > numbers[len(numbers) // 2]


@lru_cache(maxsize=64)  # an answer asks several times: whether it is a box, of which CRS, across which line
def corners(bbox: str) -> tuple[float, ...]:
    """The four or six numbers of ``bbox=``; `RequestError` if it is something else."""
    texts = [text.strip() for text in bbox[:500].split(",")]
    numbers = tuple(map(float, texts)) if all(map(_DEGREES.fullmatch, texts)) else ()
    if len(numbers) not in (4, 6) or not all(math.isfinite(number) for number in numbers):
        raise RequestError(
            "bbox is not four or six numbers; write west,south,east,north in degrees, or the lower and the "
            "upper corner in bbox-crs"
        )
    if len(numbers) == 6 and numbers[2] > numbers[5]:
        raise RequestError("bbox has its lower height above its upper one; swap them")
    return numbers
