"""Made-up sources of any size in binary formats, and models made of many cells or buildings."""

import math
from pathlib import Path
from typing import Any

from benchmarks import cityjsonseq, lod2
from benchmarks.dialects import dump, feature, pages, place

_UTM = "EPSG:25832"


def citygml(folder: Path, rows: int) -> None:
    """Buildings of about 21 kB each; a row is a building."""
    lod2.write(folder / "town.gml", rows)


def cityjson(folder: Path, rows: int) -> None:
    """A sequence of buildings; a row is a building."""
    cityjsonseq.write(folder / "town.city.jsonl", rows)


def footprints(folder: Path, rows: int) -> None:
    """Squares with a number of storeys, line by line."""

    def square(n: int) -> dict[str, Any]:
        (lon, lat), d = place(n), 1e-4
        ring = [[lon, lat], [lon + d, lat], [lon + d, lat + d], [lon, lat + d], [lon, lat]]
        item = feature(n, {"id": n, "storeys": 1 + n % 6})
        return {**item, "geometry": {"type": "Polygon", "coordinates": [ring]}}

    with (folder / "town.geojsonl").open("w", encoding="utf-8") as file:
        file.writelines(f"{dump(square(n))}\n" for n in range(rows))


def geotiff(folder: Path, rows: int) -> None:
    """Tiles of a million cells; a row is a cell."""
    import numpy as np
    import rasterio
    from rasterio.transform import Affine

    from tiles.proj_data import give_rasterio_its_database

    give_rasterio_its_database()
    kind: dict[str, Any] = {"driver": "GTiff", "count": 1, "dtype": "float32", "crs": _UTM, "nodata": -9999.0}
    for number in range(max(1, round(rows / 1e6))):
        east, north = 690 + number % 10, 5334 + number // 10
        name = folder / f"{east}_{north}.tif"
        where = Affine(1.0, 0.0, east * 1000.0, 0.0, -1.0, north * 1000.0 + 1000.0)
        side = min(1000, math.isqrt(rows))
        grid = (510 + np.add.outer(np.arange(side) % 97, np.arange(side) % 89) / 100).astype(np.float32)
        with rasterio.open(
            name, "w", width=side, height=side, transform=where, compress="LZW", **kind
        ) as file:
            file.write(grid, 1)


def gtfs_rt(folder: Path, rows: int) -> None:
    """Trips of twenty stops each; a row is a forecast at a stop."""
    from google.transit import gtfs_realtime_pb2 as gtfs

    at, stops = 1790706896, max(1, min(2000, rows // 10))
    head = gtfs.FeedMessage()
    head.header.gtfs_realtime_version, head.header.timestamp = "2.0", at
    with (folder / "realtime-free.pb").open("wb") as file:
        file.write(head.SerializeToString())
        for page, numbers in pages(rows, 20):
            part = gtfs.FeedMessage()
            entity = part.entity.add()
            entity.id, entity.trip_update.trip.trip_id = str(page), f"t{page}"
            for n in numbers:
                told = entity.trip_update.stop_time_update.add(
                    stop_id=f"de:09162:{n % stops}", stop_sequence=n % 20
                )
                told.departure.delay, told.departure.time = n % 300, at + n % 3000
            file.write(part.SerializePartialToString())


def hgt(folder: Path, rows: int) -> None:
    """Degrees of 1201 by 1201 cells; a row is a cell."""
    import numpy as np

    y, x = np.mgrid[:1201, :1201]
    heights = (300 + x // 10 + y // 5).astype(">i2").tobytes()
    for number in range(max(1, round(rows / 1201**2))):
        (folder / f"N48E{number + 5:03}.hgt").write_bytes(heights)


def las(folder: Path, rows: int) -> None:
    """One cloud; a row is a point."""
    import laspy
    import numpy as np
    import pyproj

    header = laspy.LasHeader(point_format=3, version="1.2")
    header.scales, header.offsets = [0.01] * 3, [690_000.0, 5_334_000.0, 0]
    header.add_crs(pyproj.CRS(_UTM))
    cloud, number = laspy.LasData(header), np.arange(float(rows))
    cloud.x, cloud.y, cloud.z = 690_000 + number % 1000, 5_334_000 + number // 1000, 510 + number % 7
    cloud.write(folder / "690_5334.las")


def vector(folder: Path, rows: int) -> None:
    """Trees as one GeoPackage."""
    import pyogrio
    import shapely

    for page, numbers in pages(rows, 50_000):
        east = [690_000.0 + n % 2000 for n in numbers]
        north = [5_334_000.0 + n // 2000 for n in numbers]
        columns: list[list[Any]] = [list(numbers), [519.0] * len(numbers), [5.0 + n % 20 for n in numbers]]
        pyogrio.raw.write(
            folder / "trees.gpkg",
            shapely.to_wkb(shapely.points(east, north)),
            _arrays(columns),
            ["id", "dgmhoehe", "baumhoehe"],
            layer="trees",
            geometry_type="Point",
            crs=_UTM,
            append=page > 0,
        )


def _arrays(columns: list[list[Any]]) -> list[Any]:
    import numpy as np

    return [np.array(column) for column in columns]


def xyz(folder: Path, rows: int) -> None:
    """Tiles of a million lines; a row is a line."""
    for page, numbers in pages(rows, 1_000_000):
        side, west = math.isqrt(len(numbers)), 690_000 + 1000 * page
        with (folder / f"{690 + page}_5334.xyz").open("w", encoding="ascii") as file:
            for y in range(side):
                north = 5_334_000.5 + y
                file.writelines(
                    f"{west + x + 0.5} {north} {510 + (x + y) % 97 / 100:.2f}\n" for x in range(side)
                )
