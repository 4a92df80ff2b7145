"""Which made-up source stands for each connector, how much of it makes a row, and how many records it has."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import dialects_binary as binary
from benchmarks import dialects_json as documents
from benchmarks import dialects_served as served
from benchmarks import dialects_texts as texts
from benchmarks.server import Asked, Reply
from ingest.load import RECIPES, shared_layer
from twin.source import Source

FIXED = {"interval": "1d", "licence": "CC0-1.0", "attribution": "-", "publisher": "-"}


@dataclass(frozen=True, slots=True)
class Made:
    """A made-up source."""

    connector: str
    write: Callable[[Path, int], None] | None
    """Writes rows into a folder; None for what a server makes up page by page."""
    recipe: str = ""
    """Shared recipe with the source's columns and options, and the sample."""
    gives: Callable[[int], int] = lambda rows: rows
    """Records that come of so many rows."""
    share: float = 1.0
    """Rows of this source for each row asked for: less where a million is absurd, or takes long."""
    row: str = "thing"
    """What a row is."""
    how: str = "one file"
    serve: Callable[[int, Asked], Reply] | None = None
    at: str = ""
    """Path below a server's address."""
    more: dict[str, Any] = field(default_factory=dict)

    def source(self, url: str) -> Source:
        """The made-up source at a path or an address."""
        url += self.at
        if self.recipe:
            source = shared_layer(self.recipe).source
            options = {**source.options, **self.more.get("options", {})}
            return source.model_copy(update={**self.more, "url": url, "options": options})
        return Source(connector=self.connector, url=url, **{**FIXED, **self.more})

    @property
    def sample(self) -> tuple[Source, int] | None:
        """The recipe's sample and how many records it should give; None without a recipe."""
        if not self.recipe:
            return None
        path = RECIPES / self.recipe
        folder = path.parent / "samples" / path.name
        wanted = json.loads((folder / "expected.json").read_text("utf-8"))["counts"]["in"]
        return shared_layer(self.recipe).source.model_copy(update={"url": str(folder / "source")}), wanted


def _up(rows: int, size: int) -> int:
    return -(-rows // size)


_TREE = {"options": {"lon": "lon", "lat": "lat"}, "crs": "EPSG:4326"}
_STOPS = {"options": {"prefix": ["de:09162:"]}}
_CELLS: dict[str, Any] = {"row": "cell", "how": "files of a million"}

MADE = (
    Made("arcgis", None, share=0.1, how="pages of 1,000", serve=served.arcgis, at="/FeatureServer/0"),
    Made("autobahn", documents.autobahn, "de/autobahn", share=0.1, row="message", how="documents of 100"),
    Made("cap", texts.cap, "de/weather-warnings", share=0.01, row="warning", how="one archive"),
    Made("ckan_csv", texts.ckan_csv, "de/bike-counts", row="value", how="files of 100,000"),
    Made("csv", texts.csv, more=_TREE),
    Made("citygml", binary.citygml, "de/by/buildings", share=0.01, row="building"),
    Made("cityjson", binary.cityjson, share=0.01, row="building"),
    Made("datex2", texts.datex2, "de/datex2-roadworks", share=0.1, row="roadwork", how="documents of 50,000"),
    Made(
        "departures",
        documents.departures,
        "de/by/nuernberg/departures",
        lambda rows: _up(rows, 20),
        row="departure",
        how="documents of 20",
        more={"options": {"stops": []}},
    ),
    Made(
        "dwd",
        texts.dwd,
        "de/climate",
        lambda rows: 2 * rows + _up(rows, 10_000),
        row="hour",
        how="archives of 10,000",
        more={"options": {"stations": []}},
    ),
    Made("footprints", binary.footprints, more={"options": {"base": 510.0}}, share=0.1, row="footprint"),
    Made("gbfs", documents.gbfs, "de/rental-bikes", lambda rows: 2 * rows, 0.01, "station", "one document"),
    Made("geojson", documents.geojson, "de/construction-geojson"),
    Made("geotiff", binary.geotiff, "de/by/terrain", lambda rows: max(1, round(rows / 1e6)), 10, **_CELLS),
    Made("gtfs", texts.gtfs, "de/gtfs-stops", lambda _: 2000, row="stop time", how="tables"),
    Made(
        "gtfs_rt",
        binary.gtfs_rt,
        "de/transit-delays",
        lambda rows: min(2000, rows // 10),
        row="forecast",
        more=_STOPS,
    ),
    Made("hgt", binary.hgt, gives=lambda rows: max(1, round(rows / 1201**2)), share=10, **_CELLS),
    Made("json", documents.json_tables, "de/citizen-air", row="reading", how="documents of 1,000"),
    Made("las", binary.las, gives=lambda _: 1, row="point"),
    Made(
        "ogc_features",
        None,
        share=0.1,
        how="pages of 1,000",
        serve=served.ogc_features,
        more={"options": {"collection": "t"}},
    ),
    Made("osm", texts.osm, "de/roads", lambda rows: rows // 5, row="node", how="XML, gzip"),
    Made(
        "parkapi",
        documents.parkapi,
        "de/parkapi",
        lambda rows: 2 * rows,
        row="car park",
        how="documents of 1,000",
    ),
    Made("rest_json", documents.rest_json, "de/air-quality", row="value", how="documents of a year"),
    Made(
        "sensorthings",
        documents.sensorthings,
        "de/bike-counts-sensorthings",
        lambda rows: rows + _up(rows, 20),
        row="value",
        how="documents of 1,000",
    ),
    Made("vector", binary.vector, "de/by/trees", how="GeoPackage"),
    Made("wfs", texts.wfs, "de/tree-register", share=0.1, how="GML, one file"),
    Made(
        "wfs",
        None,
        "de/tree-register",
        share=0.1,
        how="pages of 1,000",
        serve=served.wfs,
        more={"options": {"type": "t:t"}},
    ),
    Made("wzdx", documents.wzdx, "de/wzdx-roadworks", row="work zone"),
    Made("xyz", binary.xyz, gives=lambda rows: _up(rows, 1_000_000), row="line", more={"crs": "EPSG:25832"}),
)
