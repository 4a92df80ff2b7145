"""A sound recipe with its sample, for tests that break it."""

import json

CITY = """
id = "town"
title = { de = "Stadt", en = "Town" }
area = [11.0, 48.0, 12.0, 49.0]
centre = [11.5, 48.5]
contact = "twin@example.org"
"""
RECIPE = """schema = "parking/1"
theme = "traffic"
title = { de = "Parken", en = "Parking" }
summary = { de = "Parken.", en = "Parking." }
business_key = ["nr"]
min_features = 1

[source]
connector = "geojson"
url = "https://opendata.muenchen.de/p.geojson"
interval = "1h"
licence = "CC-BY-4.0"
publisher = "Amt"
attribution = "Amt"
timezone = "Europe/Berlin"

[source.options]
measured = true

[source.columns]
required = ["nr", "name", "plaetze", "frei", "stand"]
optional = ["telefon"]

[[gate]]
drop = ["telefon"]
reason = { de = "Telefon.", en = "Phone." }

[fields.name]
from = "name"

[fields.capacity]
from = "plaetze"
by = "integer"

[[readings]]
when = ["frei", "stand"]
station = "nr"
start = ["stand"]
span = "15min"
[readings.values.15min]
free = "frei"

[[retention]]
every = "15min"
keep = "90d"

[[retention]]
every = "1h"

[tiles]
writer = "stations"
"""
SAMPLE = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [11.5, 48.1]},
            "properties": {"nr": f"P{n}", "name": "Ost", "plaetze": 9, "frei": 3, "telefon": None}
            | {"stand": "2026-11-20T08:00:00Z"},
        }
        for n in (1, 2)
    ],
}
EXPECTED = {
    "counts": {"in": 4, "published": 4, "held": 0, "broken": 0, "duplicate": 0},
    "rows": [{"source_id": "P1", "name": "Ost", "capacity": 9}],
    "values": [["P1", "free", "2026-11-20T08:00:00Z", 3]],
}


def town(folder, recipe=RECIPE, sample=SAMPLE, expected=EXPECTED):
    """Write the town; returns its recipe."""
    proof = folder / "town" / "samples" / "parking"
    (proof / "source").mkdir(parents=True)
    (folder / "town" / "city.toml").write_text(CITY, "utf-8")
    texts = {
        folder / "town" / "parking.toml": recipe,
        proof / "source" / "a.geojson": sample,
        proof / "expected.json": expected,
    }
    for path, told in texts.items():
        if isinstance(told, bytes):
            path.write_bytes(told)
        elif told is not None:
            path.write_text(told if isinstance(told, str) else json.dumps(told, indent=1), "utf-8")
    return folder / "town" / "parking.toml"
