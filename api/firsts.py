"""The first few things of a layer in words: what is built where, what was counted, how the air is."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from api import words
from api.service import Service
from api.units import unit
from twin.errors import StoreError
from twin.layer import Layer
from twin.revision import Revision
from twin.schema import Property

_SHOWN = 6
_LOOKED_AT = 400
_INDEX = "air_quality_index"
_ZONE = ZoneInfo("Europe/Berlin")


def firsts(
    service: Service, layer: Layer, revision: Revision, language: str, at: datetime | None = None
) -> tuple[list[str], int]:
    """(sentences, how many more there are) for sites and stations, as of `at` (None: now); else nothing."""
    kind = layer.schema_id.partition("/")[0]
    if kind != "roadwork" and not layer.schema_.properties:
        return [], 0
    now = service.now() if at is None else at
    try:
        page = service.features.page(layer, revision, now, _LOOKED_AT)
    except StoreError as error:
        service.damaged[f"features {layer.id}"] = str(error)
        return [], 0
    rows = [orjson.loads(feature)["properties"] for feature in page.features]
    if kind == "roadwork":
        rows = sorted((row for row in rows if row["phase"] != "done"), key=_urgency)
        found = [_site(row, language) for row in rows]
    else:
        found = [_station(layer, row, language) for row in rows]
    found = list(dict.fromkeys(found))
    return found[:_SHOWN], max(0, len(found) - _SHOWN)


def number(value: float, language: str) -> str:
    """A number as people write it."""
    text = f"{value:,.0f}" if abs(value) >= 100 or float(value).is_integer() else f"{value:,.1f}"
    return text if language == "en" else text.translate(str.maketrans(",.", ".,"))


def day(text: str | None, language: str) -> str:
    """A date as people write it, in local time."""
    if text is None:
        return ""
    local = datetime.fromisoformat(text).astimezone(_ZONE)
    return f"{local:%d.%m.%Y}" if language != "en" else f"{local.day} {local:%B %Y}"


def last_day(text: str, language: str) -> str:
    """The last day that still counts of a time that ends at `text`, itself excluded.

    Sources that state a last day are kept with the midnight after it.
    """
    local = datetime.fromisoformat(text).astimezone(_ZONE)
    if local.time() == time():
        local -= timedelta(seconds=1)
    return day(local.isoformat(), language)


def moment(text: str, language: str) -> str:
    """A date with its time of day."""
    local = datetime.fromisoformat(text).astimezone(_ZONE)
    return f"{day(text, language)}, {local:%H:%M}" + (" Uhr" if language != "en" else "")


def _urgency(row: dict[str, Any]) -> tuple[bool, str]:
    return row["phase"] != "running", row["valid_from"] or ""


def _site(row: dict[str, Any], language: str) -> str:
    title = row.get("title") or row["source_id"]
    phase = words.PHASES[row["phase"]].get(language)
    if row["phase"] == "coming":
        when = f" {words.FROM.get(language)} {day(row['valid_from'], language)}"
    elif row["valid_to"]:
        when = f" {words.UNTIL.get(language)} {last_day(row['valid_to'], language)}"
    else:
        when = ""
    return f"{title}: {phase}{when}"


def _station(layer: Layer, row: dict[str, Any], language: str) -> str:
    name = row.get("name") or row["source_id"]
    for told in layer.schema_.properties:
        total = row["last_24h"].get(told.name)
        if total is not None:
            usual = row["usual_24h"].get(told.name)
            hint = "" if usual is None else f" ({words.USUAL.get(language).format(number(usual, language))})"
            title = told.title.get(language)
            if language == "en":  # English nouns are small within a sentence
                title = title[:1].lower() + title[1:]
            text = f"{number(total, language)} {title}"
            return f"{name}: {text} {words.LAST_DAY.get(language)}{hint}"
    values = [
        _value(told, latest["value"], language)
        for told in sorted(
            layer.schema_.properties, key=lambda told: told.name != _INDEX
        )  # words before numbers
        if (latest := row["latest"].get(told.name)) is not None
    ]
    if not values:
        return f"{name}: {words.NO_VALUE.get(language)}"
    newest = max(latest["observed_at"] for latest in row["latest"].values())
    return f"{name}: {'; '.join(values[:5])} ({words.AS_OF.get(language)} {moment(newest, language)})"


def _value(told: Property, value: float, language: str) -> str:
    title = told.title.get(language)
    if told.name == _INDEX and 0 <= value < len(words.AIR):
        return f"{title}: {words.AIR[int(value)].get(language)}"
    return f"{title}: {number(value, language)} {unit(told.unit)}".strip()
