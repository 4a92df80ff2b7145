"""Records per second and memory of connectors on real data, each file in a process of its own.

Real data lie in ``../shared/data``, or the folder that ``SHARED`` names. What is small says little of speed:
the time of starting is in it.
"""

from typing import Any

from benchmarks.connectors import Figures, read_all
from benchmarks.measure import apart, table
from benchmarks.muenchen import SHARED
from benchmarks.sources import FIXED
from ingest.load import shared_layer
from twin.source import Source

REAL: tuple[tuple[str, str], ...] = (
    ("de/bike-counts", "traffic/munich-bike-counters/radzaehldaten_stunde_2017-2020.csv.gz"),
    ("de/air-quality", "environment/uba-air-quality/air_quality_2024-01-01_08.csv.gz"),
    ("de/citizen-air", "environment/nuremberg-sensor-community/sensor_community_2023-09-15.json.gz"),
    ("de/weather-warnings", "environment/dwd"),
    ("de/roads", "vector/north-bayreuth-osm/north-bayreuth.osm.gz"),
    ("de/roads", "vector/kotka-osm-pbf/test.osm.pbf"),
    ("de/datex2-parking", "parking/parkapi/aachen-static.xml"),
    ("citygml", "buildings/selfkant-nrw-lod2/LoD2_32_280_5659_1_NW.gml.gz"),
    ("citygml", "buildings/ingolstadt-lod3/ingolstadt_lod3_citygml2.zip"),
    ("cityjson", "buildings/vienna-lod2/vienna.jsonl.gz"),
    ("cityjson", "buildings/delft-multitype/delft.json.gz"),
    ("geotiff", "terrain/munich-dgm1"),
    ("hgt", "terrain/srtm/N49E011.hgt.zip"),
    ("geojson", "vector/nuremberg-osm/data_green.geojson.gz"),
    ("geojson", "construction/nuremberg-osm/landuse_construction.geojson.gz"),
    ("wzdx", "construction/wzdx-spec-examples"),
)
"""Shared recipe, or connector where no recipe reads such data; and file or folder."""


def source(reader: str, place: str) -> Source:
    """A real file as a source."""
    url = str(SHARED / place)
    if "/" in reader:
        return shared_layer(reader).source.model_copy(update={"url": url})
    return Source.model_validate({"connector": reader, "url": url, **FIXED})


def row(reader: str, place: str) -> tuple[Any, ...]:
    """A line of the table."""
    read = source(reader, place)
    figures: Figures
    figures, memory = apart(read_all, read)
    count, seconds, cpu, _ = figures
    path = SHARED / place
    size = sum(p.stat().st_size for p in ([path] if path.is_file() else path.rglob("*")) if p.is_file())
    speed = (f"{count / seconds:,.0f}", f"{count / cpu:,.0f}")
    return (
        read.connector,
        place,
        f"{size / 1e6:,.2f}",
        f"{count:,}",
        f"{seconds:.2f}",
        *speed,
        f"{memory:,.0f}",
    )


def main() -> None:
    """Print the table."""
    head = (
        *("connector", "real data", "MB", "records", "seconds", "records/s"),
        *("records a processor second", "peak MiB"),
    )
    table("Connectors on real data", head, [row(*each) for each in REAL if (SHARED / each[1]).exists()])
