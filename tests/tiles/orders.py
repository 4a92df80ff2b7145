"""Layers, cities and stores for tests of the writers."""

import hashlib

import numpy as np
import shapely
from glbread import Glb

from tiles.build import build
from tiles.geodesy import Geodesy
from tiles.ground import Ground
from twin.city import City, Heights
from twin.layer import Layer, Tiling
from twin.record import Feature, Raster
from twin.source import Source

WEST, NORTH = 690000.5, 5336999.5
HEIGHTS = Heights(undulation_m=45.66, undulation_error_m=0.1)
GEODESY = Geodesy("EPSG:25832", HEIGHTS.model_copy(update={"crs": "EPSG:5783"}))


def city(ground_m=None):
    return City(
        id="test",
        title={"de": "Test", "en": "Test"},
        area=(11, 48, 12, 49),
        centre=(11.5, 48.1),
        contact="twin@example.org",
        heights=HEIGHTS.model_copy(update={"ground_m": ground_m}),
        notice={"de": "Erfunden", "en": "Made up"},
    )


def layer(schema, writer, **options):
    return Layer(
        id="test.things",
        title={"de": "Dinge", "en": "Things"},
        summary={"de": "Dinge.", "en": "Things."},
        theme="model",
        schema=schema,
        source=Source(
            connector="geojson",
            url="demo:things",
            interval="1d",
            licence="CC-BY-4.0",
            attribution="© Testamt",
            publisher="Testamt",
        ),
        tiles=Tiling(writer=writer, options={"encoding": "quantised", **options}),
    )


def hilly(rows=300, columns=300, west=WEST, north=NORTH):
    y, x = np.mgrid[:rows, :columns].astype(float)
    heights = 510 + 4 * np.sin(x / 25) * np.cos(y / 31) + 0.02 * x
    return Raster(heights.astype(np.float32), west, north, 1.0)


def feature(number, geometry, **values):
    """A feature whose geometry is given as metres east and south of the raster's corner."""
    if geometry is None:
        return Feature(f"id-{number}", f"source-{number}", values, None)
    placed = shapely.transform(
        geometry, lambda p: GEODESY.to_lonlat(np.column_stack([WEST + p[:, 0], NORTH - p[:, 1]]))
    )
    return Feature(f"id-{number}", f"source-{number}", values, shapely.to_wkb(placed))


class Tiled:
    """A built layer in memory, read back."""

    def __init__(self, features, layer, ground=None, ground_m=None, executor=None):
        self.contents = {}
        self.ground = ground
        self.built = build(
            layer,
            city(ground_m),
            features,
            geodesy=GEODESY,
            ground=ground,
            put=self._put,
            executor=executor,
        )
        self.report = self.built.report

    def _put(self, data, suffix, packed=None):
        key = f"content/{hashlib.sha256(data).hexdigest()}.{suffix}"
        self.contents[key] = data
        return key

    def tiles(self):
        """Yield (glb, matrix to EPSG:4978, tile JSON) of all tiles with content."""

        def walk(tile, matrix):
            if "transform" in tile:
                matrix = matrix @ np.array(tile["transform"]).reshape(4, 4).T
            if "content" in tile:
                yield Glb(self.contents[tile["content"]["uri"].removeprefix("../../")]), matrix, tile
            for child in tile.get("children", []):
                yield from walk(child, matrix)

        yield from walk(self.built.tileset["root"], np.eye(4))

    def primitives(self, afar=False):
        """Yield (material, city coordinates, indices, ids, mode) of what is drawn; `afar`: on all levels."""
        for glb, matrix, tile in self.tiles():
            parts = glb.primitives() if afar or not tile["geometricError"] else ()
            for material, positions, indices, _, ids, mode in parts:
                yield material, to_city(positions @ matrix[:3, :3].T + matrix[:3, 3]), indices, ids, mode


def to_city(ecef):
    """City coordinates back from EPSG:4978, by PROJ alone."""
    import pyproj

    back = pyproj.Transformer.from_crs("EPSG:4936", "EPSG:4937", always_xy=True)
    lon, lat, h = back.transform(*np.vstack([ecef, ecef[:1]]).T)
    x, y = pyproj.Transformer.from_crs("EPSG:4258", "EPSG:25832", always_xy=True).transform(lon, lat)
    return np.column_stack([x, y, h - 45.66])[:-1]


def areas(points, triangles):
    """Signed areas in the plane."""
    a, b, c = (points[triangles[:, i], :2] for i in range(3))
    return ((b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])) / 2


def terrain_ground(*pieces, stated=None):
    return Ground(pieces or (hilly(),), stated)
