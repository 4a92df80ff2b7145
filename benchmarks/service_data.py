"""What the service is measured with: a made-up region of towns: outlines, and gauges with a value each.

Written as sources write them (GeoPackages, a document of stations) and published by ``twin run``: as areas
with nine attributes, and as buildings with 23 and a solid each. The peers get the same rows, as our own store
then has them.
"""

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.convert import TWIN
from benchmarks.watch import watched

CITY = "messregion"
AREAS, BUILDINGS, GAUGES = f"{CITY}.land-use", f"{CITY}.buildings", f"{CITY}.water-levels"
TOWNS = 60
_TOML = """title = { de = "Messregion", en = "Region of measurements" }
area = [10.6, 47.3, 12.9, 48.9]
centre = [11.55, 48.13]
crs = "EPSG:25832"
contact = "demo@stadtzwilling.example"

[heights]
crs = "EPSG:7837"
undulation_m = 45.66
undulation_error_m = 0.3
ground_m = 500.0
"""
SOURCE = """
publisher = "Stadtzwilling (erfunden)"
licence = "CC0-1.0"
attribution = "Demo – erfundene Daten / made-up data"
"""
_BUILDINGS = """schema = "building/1"
theme = "model"
title = { de = "Gebäude", en = "Buildings" }
summary = { de = "Erfundene Gebäude einer Region.", en = "Made-up buildings of a region." }
business_key = ["gml_id"]

[source]
connector = "footprints"
url = "given on the command line"
interval = "7d"
crs = "EPSG:25832"
[source.options]
base = 500.0
lod = 1
"""
_FIELDS = """
[fields.height_m]
from = ["measured_height", "part_heights", "height_assumed"]
by = "building_height"
[fields.height_source]
from = ["measured_height", "part_heights", "height_assumed"]
by = "building_height_source"
[fields.storeys]
from = "storeys"
by = "integer"
[fields.use]
from = "function"
by = "choice"
[fields.use.options]
otherwise = "unknown"
[fields.use.options.map]
residential = "residential"
commercial = "commercial"
public = "public"
"""
_AREAS = """schema = "land-use/1"
theme = "model"
title = { de = "Flächen", en = "Areas" }
summary = { de = "Erfundene Flächen einer Region.", en = "Made-up areas of a region." }
business_key = ["gml_id"]

[source]
connector = "vector"
url = "given on the command line"
interval = "7d"
crs = "EPSG:25832"
nothing_personal = true

[fields.kind]
from = "function"
by = "choice"
[fields.kind.options]
otherwise = "mixed"
[fields.kind.options.map]
residential = "residential"
commercial = "industry"
public = "public"
[fields.source_kind]
from = "function"
[fields.name]
from = "name"
[fields.area_m2]
from = "area"
by = "number"
"""
_GAUGES = """like = "de/water-levels"

[source]
url = "given on the command line"
"""
_FORMS = [
    ((0, 0), (1, 0), (1, 1), (0, 1)),
    ((0, 0), (1, 0), (1, 0.45), (0.5, 0.45), (0.5, 1), (0, 1)),
    ((0, 0), (1, 0), (1, 0.5), (0.7, 0.5), (0.7, 1), (0.3, 1), (0.3, 0.5), (0, 0.5)),
    ((0, 0), (1, 0), (1, 1), (0.75, 1), (0.75, 0.4), (0.25, 0.4), (0.25, 1), (0, 1)),
    ((0, 0), (0.4, 0), (0.4, 0.1), (0.6, 0.1), (0.6, 0), (1, 0), (1, 0.8), (0.9, 1), (0.1, 1), (0, 0.8)),
]
"""Outlines in a unit square: houses, corners, and larger ones."""


def towns(random: np.random.Generator, count: int) -> NDArray[np.int64]:
    """(count,) town of each of so many things: the first has a fifth of all, the last a handful."""
    share = 1 / np.arange(1, TOWNS + 1)
    return random.choice(TOWNS, count, p=share / share.sum())


def centres(random: np.random.Generator) -> NDArray[np.float64]:
    """(TOWNS, 2) easting and northing of the towns' centres; the first is in the middle."""
    found = np.column_stack(
        (random.uniform(625_000, 765_000, TOWNS), random.uniform(5_265_000, 5_395_000, TOWNS))
    )
    found[0] = 691_500, 5_335_000
    return found


def write_outlines(file: Path, count: int) -> None:
    """A GeoPackage of outlines along streets, EPSG:25832, denser towards the middle of each town."""
    import pyogrio
    import shapely

    random = np.random.default_rng(5)
    middle, town = centres(random), np.sort(towns(random, count))
    turn = random.uniform(0, np.pi / 2, TOWNS)[town]
    first = np.searchsorted(town, town)
    rank = np.arange(count) - first
    # plots of 22 m on a spiral from the centre outwards; every fifth row is a street
    ring = np.sqrt(rank) * 13.0 * np.exp(random.normal(0, 0.12, count))
    angle = rank * 2.399963
    across, along = (np.round(ring * np.cos(angle) / 22), np.round(ring * np.sin(angle) / 22))
    plot = np.column_stack((across * 22 + across // 5 * 9, along * 22 + along // 5 * 9))
    plot += random.uniform(-2, 2, plot.shape)
    size = np.exp(random.normal(2.45, 0.28, (count, 2))).clip(5, 45)
    form = random.choice(len(_FORMS), count, p=[0.55, 0.2, 0.1, 0.1, 0.05])
    shapes = np.empty(count, dtype=object)
    for number, outline in enumerate(_FORMS):
        mine = np.flatnonzero(form == number)
        corners = np.array((*outline, outline[0]))[None] * size[mine][:, None] + plot[mine][:, None]
        cos, sin = np.cos(turn[mine])[:, None], np.sin(turn[mine])[:, None]
        east = corners[..., 0] * cos - corners[..., 1] * sin + middle[town[mine], 0][:, None]
        north = corners[..., 0] * sin + corners[..., 1] * cos + middle[town[mine], 1][:, None]
        shapes[mine] = shapely.polygons(np.round(np.stack((east, north), axis=-1), 2))
    storeys = 1 + random.poisson(2.2 * np.exp(-ring / 4000), count)
    values = {
        "gml_id": np.array([f"DEBY_LOD2_{4_000_000 + n}" for n in random.permutation(count)], dtype=object),
        "name": np.array([f"Flur {n % 900} / {n}" for n in range(count)], dtype=object),
        "area": np.round(shapely.area(shapes), 1),
        "height": np.round(storeys * 3.1 + random.uniform(0, 4, count), 2),
        "storeys": storeys,
        "function": random.choice(
            np.array(["residential", "commercial", "public", "garage"], object),
            count,
            p=[0.7, 0.12, 0.03, 0.15],
        ),
    }
    pyogrio.raw.write(
        file, shapely.to_wkb(shapes), list(values.values()), list(values), layer="outlines",
        driver="GPKG", geometry_type="Polygon", crs="EPSG:25832",
    )  # fmt: skip


def write_gauges(file: Path, count: int) -> None:
    """Stations of PEGELONLINE's dialect, one value each within the hour before now."""
    from pyproj import Transformer

    random = np.random.default_rng(6)
    spread = centres(random)[towns(random, count)] + random.normal(0, 3500, (count, 2))
    to_degrees = Transformer.from_crs("EPSG:25832", "OGC:CRS84", always_xy=True)
    lon, lat = to_degrees.transform(spread[:, 0], spread[:, 1])
    last = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(hours=1)
    kinds = {"shortname": "W", "longname": "WASSERSTAND ROHDATEN", "unit": "cm", "equidistance": 15}
    with file.open("w", encoding="utf-8") as sink:
        for number in range(count):
            at = (last - timedelta(minutes=number % 15)).isoformat()
            measured: dict[str, Any] = {"timestamp": at, "value": round(100 + number % 997 * 0.5, 1)}
            station = {
                "number": f"{10_000_000 + number}",
                "shortname": f"PEGEL {number}",
                "longname": f"PEGEL {number}",
                "km": round(number % 4000 / 10, 1),
                "longitude": round(float(lon[number]), 6),
                "latitude": round(float(lat[number]), 6),
                "water": {"shortname": "MESSBACH", "longname": f"MESSBACH {number % 300}"},
                "timeseries": [{**kinds, "currentMeasurement": measured}],
            }
            sink.write(("[" if number == 0 else ",\n") + json.dumps(station))
        sink.write("]\n")


def publish(folder: Path, polygons: int, gauges: int) -> Path:
    """Make everything up and publish it, but for what the folder has already; returns the store."""
    city, store = folder / CITY, folder / "store"
    city.mkdir(parents=True, exist_ok=True)
    (city / "city.toml").write_text(_TOML, "utf-8")
    recipes = {"land-use": _AREAS, "buildings": _BUILDINGS + _FIELDS, "water-levels": _GAUGES}
    for layer, text in recipes.items():
        (city / f"{layer}.toml").write_text(text.replace("interval", f"{SOURCE.strip()}\ninterval"), "utf-8")
    outlines, stations = folder / "outlines.gpkg", folder / "stations.json"
    for file, write, count in ((outlines, write_outlines, polygons), (stations, write_gauges, gauges)):
        if not file.exists():
            write(file, count)
    for layer in recipes:
        if not (store / "layers" / f"{CITY}.{layer}" / "revisions").exists():
            source = f"{layer}={stations if layer == 'water-levels' else outlines}"
            words = [TWIN, "run", city, layer, "--source", source, "--store", store, "--workers", "2"]
            cost = watched([str(word) for word in words])
            print(f"{layer}: {cost.seconds:.0f} s, {cost.largest:.0f} MiB", file=sys.stderr)
    return store
