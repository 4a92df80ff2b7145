"""The mapping functions of recipes: a closed table, because a recipe is data and never a program.

Each takes the values of the fields named by ``from`` and returns the column's value, or None where the
source has none. `ValueError` means: this record does not fit. Messages never carry the value.
"""

import hashlib
import html
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ingest.fields_flags import boolean
from ingest.fields_lists import flag_texts, texts
from ingest.fields_noise import noise_from, noise_indicator, noise_to
from ingest.fields_roads import metres, osm_cycling, osm_lanes, osm_oneway, osm_speed
from ingest.fields_trees import tree_crown, tree_crown_source, tree_form, tree_height, tree_height_source
from ingest.fields_years import year
from twin.record import Solid

_TAG = re.compile(r"<[^<>]{0,2000}>")
_HREF = re.compile(r"""href\s*=\s*["']?(https?://[^\s"'<>]{1,2000})""", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s\"'<>]{1,2000}")
_DATE_DE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


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


def clean(value: Any) -> str | None:
    """A value as one line of text without surrounding blanks; None if nothing is left."""
    if value is None:
        return None
    if type(value) is str and value.isascii() and value.isprintable() and " " not in value:
        return value or None  # the usual case, nothing to be done
    if isinstance(value, bool) or not isinstance(value, str):
        value = str(value)
    # Lone surrogates cannot be written as UTF-8 and make pyarrow refuse a whole table.
    text = " ".join(value.encode("utf-8", "replace").decode("utf-8").split())
    return text or None


def text(values: Sequence[Any], context: Context) -> str | None:
    """Text without surrounding or double blanks. Option ``missing``: words that mean "no value"."""
    if isinstance(values[0], dict | list):
        raise ValueError("is not a plain value")
    result = clean(values[0])
    return None if result in context.options.get("missing", ()) else result


def first(values: Sequence[Any], context: Context) -> str | None:
    """The first of several fields that is not empty."""
    return next((found for value in values if (found := text([value], context))), None)


def join(values: Sequence[Any], context: Context) -> str | None:
    """Several fields as one text. Option ``with``: what stands between them (default a blank)."""
    parts = [found for value in values if (found := text([value], context))]
    return str(context.options.get("with", " ")).join(parts) or None


def constant(values: Sequence[Any], context: Context) -> Any:
    """The same value for every record. Option ``value``."""
    return context.options["value"]


def plain(values: Sequence[Any], context: Context) -> str | None:
    """Text without HTML tags and entities."""
    raw = clean(values[0])
    return clean(html.unescape(_TAG.sub(" ", raw))) if raw else None


def link(values: Sequence[Any], context: Context) -> str | None:
    """The first http(s) address in an HTML anchor or a text; anything else is dropped."""
    raw = clean(values[0])
    if not raw:
        return None
    found = _HREF.search(raw) or _URL.search(raw)
    if found is None:
        return None
    return html.unescape(found[1] if found.re is _HREF else found[0].rstrip(".,;)"))


def listing(values: Sequence[Any], context: Context) -> str | None:
    """A comma list written evenly: ``Gehweg,Radweg`` becomes ``Gehweg, Radweg``."""
    raw = clean(values[0])
    return ", ".join(part for word in raw.split(",") if (part := word.strip())) or None if raw else None


def flags(values: Sequence[Any], context: Context) -> str | None:
    """What is true in an object such as ``{"foot": true, "car": false}``, with commas.

    Option ``map``: the source's word → ours.
    """
    return ", ".join(flag_texts(values, context) or ()) or None


def among(values: Sequence[Any], context: Context) -> bool | None:
    """Whether the value is one of the option ``words``; None without a value."""
    found = text(values, context)
    return None if found is None else found in context.options.get("words", ())


def number(values: Sequence[Any], context: Context) -> float | None:
    """A number. Options ``comma`` (true for a decimal comma), ``factor``, ``missing``."""
    if type(values[0]) is float and not context.options and math.isfinite(values[0]):
        return values[0]
    raw = text(values, context)
    if raw is None:
        return None
    if context.options.get("comma"):
        raw = raw.replace(".", "").replace(",", ".")
    try:
        result = float(raw)
    except ValueError:
        raise ValueError("is not a number") from None
    if not math.isfinite(result):
        raise ValueError("is not a finite number")
    return result * float(context.options.get("factor", 1))


def integer(values: Sequence[Any], context: Context) -> int | None:
    """A whole number. Option ``missing``."""
    result = number(values, context)
    if result is None:
        return None
    if result != int(result):
        raise ValueError("is not a whole number")
    return int(result)


def choice(values: Sequence[Any], context: Context) -> str | None:
    """One of the column's choices. Options ``map`` (source's word → ours), ``prefix`` (the same by the
    beginning of the word, longest first), ``otherwise`` (for words in neither).
    """
    raw = text(values, context)
    if raw is None:
        return context.options.get("empty")
    exact = context.options.get("map", {})
    if raw in exact:
        return str(exact[raw])
    prefixes = context.options.get("prefix", {})
    for start in sorted(prefixes, key=len, reverse=True):
        if raw.startswith(start):
            return str(prefixes[start])
    if "otherwise" in context.options:
        return str(context.options["otherwise"])
    raise ValueError("is not one of the words the recipe knows")


def _day(values: Sequence[Any]) -> date | None:
    raw = clean(values[0])
    if raw is None:
        return None
    match = _DATE_DE.fullmatch(raw)
    try:
        return date(int(match[3]), int(match[2]), int(match[1])) if match else date.fromisoformat(raw[:10])
    except ValueError:
        raise ValueError("is not a date") from None


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def day_start(values: Sequence[Any], context: Context) -> datetime | None:
    """A day (``dd.mm.yyyy`` or ``yyyy-mm-dd``): its first moment in the source's zone."""
    day = _day(values)
    return None if day is None else _midnight(day, context.zone)


def day_end(values: Sequence[Any], context: Context) -> datetime | None:
    """A last day, itself included: the first moment of the next day in the source's zone."""
    day = _day(values)
    return None if day is None else _midnight(day + timedelta(days=1), context.zone)


def instant(values: Sequence[Any], context: Context) -> datetime | None:
    """A time; one without an offset is read in the source's zone."""
    raw = clean(values[0])
    if raw is None:
        return None
    try:
        result = datetime.fromisoformat(raw)
    except ValueError:
        raise ValueError("is not a time") from None
    return (result if result.tzinfo else result.replace(tzinfo=context.zone)).astimezone(UTC)


def group(values: Sequence[Any], context: Context) -> str:
    """A short checksum of the fields and the geometry: equal for records that belong together."""
    digest = hashlib.sha256(context.geometry if isinstance(context.geometry, bytes) else b"")
    for value in values:
        digest.update(f"|{clean(value) or ''}".encode())
    return digest.hexdigest()[:12]


def _derived_height(geometry: Any) -> float | None:
    if not isinstance(geometry, Solid) or len(geometry.points) == 0:
        return None
    heights = geometry.points[:, 2]
    return round(float(heights.max() - heights.min()), 3)


_PLAINLY = Context()
"""To read what comes without options."""


def _height(values: Sequence[Any], context: Context) -> tuple[float | None, str | None]:
    measured = number(values[:1], _PLAINLY)
    if measured is not None and measured > 0:
        return measured, "measured"
    if len(values) > 2 and values[2]:
        return _derived_height(context.geometry), "assumed"
    parts = [float(part) for part in (values[1] if len(values) > 1 else None) or () if part]
    if parts:
        return max(parts), "part"
    derived = _derived_height(context.geometry)
    return (derived, "derived") if derived else (None, None)


def building_height(values: Sequence[Any], context: Context) -> float | None:
    """Height of a building: measured; else its highest part's; else from its geometry."""
    return _height(values, context)[0]


def building_height_source(values: Sequence[Any], context: Context) -> str | None:
    """Where `building_height` has its value from: ``measured``, ``part``, ``derived`` or ``assumed``."""
    return _height(values, context)[1]


def raster_lowest(values: Sequence[Any], context: Context) -> float:
    """Lowest height of a raster, in metres."""
    import numpy as np

    return round(float(np.nanmin(context.geometry.heights)), 3)


def raster_highest(values: Sequence[Any], context: Context) -> float:
    """Highest height of a raster, in metres."""
    import numpy as np

    return round(float(np.nanmax(context.geometry.heights)), 3)


def raster_step(values: Sequence[Any], context: Context) -> float:
    """Distance of neighbouring heights of a raster, in metres."""
    return float(context.geometry.step)


FUNCTIONS: dict[str, Function] = {
    "text": text,
    "first": first,
    "join": join,
    "constant": constant,
    "plain": plain,
    "link": link,
    "list": listing,
    "flags": flags,
    "texts": texts,
    "flag_texts": flag_texts,
    "among": among,
    "number": number,
    "integer": integer,
    "choice": choice,
    "boolean": boolean,
    "day_start": day_start,
    "day_end": day_end,
    "instant": instant,
    "group": group,
    "building_height": building_height,
    "building_height_source": building_height_source,
    "raster_lowest": raster_lowest,
    "raster_highest": raster_highest,
    "raster_step": raster_step,
    "metres": metres,
    "osm_cycling": osm_cycling,
    "osm_lanes": osm_lanes,
    "osm_oneway": osm_oneway,
    "osm_speed": osm_speed,
    "noise_from": noise_from,
    "noise_to": noise_to,
    "noise_indicator": noise_indicator,
    "year": year,
    "tree_form": tree_form,
    "tree_height": tree_height,
    "tree_height_source": tree_height_source,
    "tree_crown": tree_crown,
    "tree_crown_source": tree_crown_source,
}
"""Name in a recipe's ``by`` → function."""


def _measured(value: Any) -> float | None:
    return value if type(value) is float and 0 < value < math.inf else None


SHORTCUTS: dict[str, Callable[[Any], Any]] = {
    "building_height": _measured,
    "building_height_source": lambda value: None if _measured(value) is None else "measured",
}
"""Functions whose first field often says all: what it gives alone, None if the function has to be asked."""

WORDS_ALONE = frozenset(
    {
        "text",
        "first",
        "join",
        "texts",
        "number",
        "integer",
        "year",
        "choice",
        "boolean",
        "day_start",
        "day_end",
        "instant",
    }
    | {"metres", "osm_cycling", "osm_lanes", "osm_oneway", "osm_speed"}
)
"""Functions that give the same for the same words, whatever the geometry."""
