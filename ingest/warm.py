"""Warm: what workers import before they are asked for anything. Imported by the fork server alone."""

import brotli  # noqa: F401
import mapbox_earcut  # noqa: F401
import meshopt  # noqa: F401
import pyarrow.compute  # noqa: F401
import pyproj  # noqa: F401
import shapely  # noqa: F401

import ingest.connectors.citygml
import ingest.prepare  # noqa: F401
import tiles.patch  # noqa: F401
from twin.arrow import without_pandas

without_pandas()
