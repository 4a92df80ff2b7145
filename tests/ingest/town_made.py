"""A made-up town, for tests of runs."""

import json
from pathlib import Path

CITY = """
id = "town"
title = { de = "Stadt", en = "Town" }
area = [11.0, 47.9, 12.2, 48.5]
centre = [11.57, 48.14]
contact = "twin@example.org"
"""


def recipe(url: str, *source: str, title: str = "Bezirke") -> str:
    """A layer of areas with names; `source` are further lines of its source, which come last in the file."""
    return f"""
title = {{ de = "{title}", en = "{title}" }}
summary = {{ de = "{title}.", en = "{title}." }}
theme = "model"
schema = "district/1"
fields = {{ name = {{ from = "name" }} }}
business_key = ["name"]

[source]
connector = "geojson"
url = "{url}"
interval = "1h"
attribution = "Stadt"
publisher = "Stadt"
""" + "".join(f"{line}\n" for line in source or ('licence = "CC0-1.0"',))


def districts(*names: str, swapped: int = 0) -> bytes:
    """GeoJSON with an area for each name; in the first `swapped` of them latitude comes first."""
    features = []
    for number, name in enumerate(names):
        ring = [[11.5, 48.1], [11.6, 48.1], [11.6, 48.2], [11.5, 48.1]]
        ring = [[y, x] for x, y in ring] if number < swapped else ring
        geometry = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": {"name": name}, "geometry": geometry})
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def two_layers(folder: Path) -> Path:
    """Write the town with the same areas as layers `a` and `b`."""
    folder.mkdir()
    (folder / "city.toml").write_text(CITY)
    for name in ("a", "b"):
        (folder / f"{name}.toml").write_text(recipe("file:districts.geojson"))
    (folder / "districts.geojson").write_bytes(districts("Au"))
    return folder
