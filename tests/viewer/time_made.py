"""A made-up town with a past: sites and bicycles for hire, published at several times."""

import json
import os
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.viewer.conftest import ROOT, twin
from tests.viewer.kinds_layers import box, point
from tests.viewer.kinds_made import recipe

CITY = """id = "wandel"
title = { de = "Wandelstadt", en = "Changetown" }
area = [11.45, 48.06, 11.75, 48.26]
centre = [11.5695, 48.1396]
crs = "EPSG:25832"
contact = "demo@stadtzwilling.example"

[heights]
crs = "EPSG:7837"
undulation_m = 45.66
undulation_error_m = 0.3
ground_m = 517.0
"""
_SITES: dict[str, Any] = {
    "schema": "roadwork/2",
    "theme": "construction",
    "title": "Baustellen",
    "writer": "areas",
}
_BIKES: dict[str, Any] = {
    "schema": "rental-station/1",
    "theme": "traffic",
    "title": "Leihräder",
    "writer": "stations",
    "interval": "15min",
    "readings": ["vehicles_available", "docks_available"],
}
_Found = tuple[dict[str, Any], dict[str, Any]]
MARCH, JUNE = datetime(2026, 3, 1, 12, tzinfo=UTC), datetime(2026, 6, 1, 12, tzinfo=UTC)


class Town:
    """Its recipes, its sources and its store, in a folder."""

    def __init__(self, folder: Path) -> None:
        """Write the recipes down; nothing is published yet."""
        self.store = folder / "store"
        self._city = folder / "wandel"
        self._city.mkdir()
        (self._city / "city.toml").write_text(CITY, encoding="utf-8")
        fields = {"title": "", "kind": "", "valid_from": "instant", "valid_to": "instant"}
        (self._city / "sites.toml").write_text(recipe(_SITES, fields), encoding="utf-8")
        stations = {"name": "", "station": "", "capacity": "integer"}
        (self._city / "bikes.toml").write_text(recipe(_BIKES, stations), encoding="utf-8")

    def sites(self, count: int, at: datetime | None = None) -> None:
        """Publish so many sites, as they were at an instant."""
        ends = {"valid_from": "2025-01-01T00:00:00Z", "valid_to": "2035-01-01T00:00:00Z"}
        found = [
            (
                {"id": f"b{i}", "title": f"Bau {i + 1}", "kind": "roadworks", **ends},
                box(-150 + 90 * i, -60, 50, 90),
            )
            for i in range(count)
        ]
        self._run("sites", found, at)

    def bikes(self, available: int, at: datetime | None = None) -> None:
        """Publish how many bicycles the one station has, as it was at an instant."""
        when = ((at or datetime.now(UTC)) - timedelta(seconds=30)).isoformat()
        told = {"id": "r1", "name": "Marktplatz", "station": "r1", "capacity": 40, "at": when}
        counts = {"vehicles_available": available, "docks_available": 40 - available}
        self._run("bikes", [({**told, **counts}, point(0, 150))], at)

    def _run(self, layer: str, found: list[_Found], at: datetime | None) -> None:
        features = [
            {"type": "Feature", "geometry": geometry, "properties": properties}
            for properties, geometry in found
        ]
        source = self._city.parent / f"{layer}.geojson"
        source.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
        then = () if at is None else ("--observed-at", at.isoformat())
        command = twin("run", str(self._city), layer, "--source", f"{layer}={source}", *then)
        command += ["--store", str(self.store), "--workers", "1"]
        done = subprocess.run(command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
