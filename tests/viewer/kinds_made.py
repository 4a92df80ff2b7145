"""A made-up city of many kinds of layers, as a folder of recipes with their sources beside."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.viewer.kinds_layers import LAT, LON, Fields, layers

CITY = f"""id = "vielfeld"
title = {{ de = "Vielfeld", en = "Manyfield" }}
area = [11.45, 48.06, 11.75, 48.26]
centre = [{LON}, {LAT}]
crs = "EPSG:25832"
contact = "demo@stadtzwilling.example"

[heights]
crs = "EPSG:7837"
undulation_m = 45.66
undulation_error_m = 0.3
ground_m = 517.0
"""


def write_city(folder: Path, now: datetime, more: int = 1) -> Path:
    """Write the city's recipes and sources; `more` times as many features where that makes sense."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "city.toml").write_text(CITY, encoding="utf-8")
    for name, (head, fields, features) in layers(now, more).items():
        collection = {
            "type": "FeatureCollection",
            "features": [
                {"type": "Feature", "geometry": geometry, "properties": properties}
                for properties, geometry in features
            ],
        }
        source = folder / f"{name}.geojson"
        source.write_text(json.dumps(collection), encoding="utf-8")
        (folder / f"{name}.toml").write_text(recipe(head, fields), encoding="utf-8")
    return folder


def sources(folder: Path) -> list[str]:
    """Arguments for ``twin run``: where each layer's source lies."""
    return [
        text
        for path in sorted(folder.glob("*.geojson"))
        for text in ("--source", f"{path.stem}={path.resolve()}")
    ]


def recipe(head: dict[str, Any], fields: Fields) -> str:
    """The text of a layer's recipe."""
    title = head["title"]
    lines = [
        f'schema = "{head["schema"]}"',
        f'theme = "{head["theme"]}"',
        f'title = {{ de = "{title}", en = "{title}" }}',
        f'summary = {{ de = "{title}, erfunden.", en = "{title}, made up." }}',
        'business_key = ["id"]',
        "min_features = 1",
        "[source]",
        'connector = "geojson"',
        'url = "https://vielfeld.example/data.geojson"',
        f'interval = "{head.get("interval", "1d")}"',
        'timezone = "Europe/Berlin"',
        'licence = "CC0-1.0"',
        'publisher = "Stadt Vielfeld"',
        'attribution = "Stadt Vielfeld – erfunden"',
    ]
    if "readings" in head:
        lines += ["[source.options]", "measured = true", "[[readings]]", 'when = ["id", "at"]']
        lines += ['station = "id"', 'start = ["at"]', 'span = "15min"', "[readings.values.15min]"]
        lines += [f'{name} = "{name}"' for name in head["readings"]]
    for name, by in fields.items():
        lines += [f"[fields.{name}]", f'from = "{name}"', *([f'by = "{by}"'] if by else [])]
    return "\n".join([*lines, "[tiles]", f'writer = "{head["writer"]}"', *head.get("options", []), ""])
