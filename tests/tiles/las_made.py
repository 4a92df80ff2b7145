"""Small LAS and LAZ files for tests."""

import laspy
import numpy as np
import pyproj


def made_las(
    path,
    points,
    *,
    version="1.2",
    point_format=3,
    crs="EPSG:25832",
    wkt=False,
    colours=None,
    classes=2,
    intensity=7,
    withheld=None,
):
    """Write (n, 3) positions; the same arguments give the same points."""
    header = laspy.LasHeader(point_format=point_format, version=version)
    header.scales = [0.001] * 3
    header.offsets = np.floor(points.min(axis=0))
    if crs:
        header.add_crs(pyproj.CRS(crs), keep_compatibility=not wkt)
    las = laspy.LasData(header)
    las.x, las.y, las.z = points.T
    las.classification = np.broadcast_to(classes, len(points))
    las.intensity = np.broadcast_to(intensity, len(points))
    if colours is not None:
        las.red, las.green, las.blue = np.asarray(colours).T
    if withheld is not None:
        las.withheld = withheld
    las.write(path)
    return path


def hill(count, side=200.0, seed=1, west=690000.0, south=5334000.0):
    """Points on a bumpy ground."""
    rng = np.random.default_rng(seed)
    xy = rng.uniform(0, side, (count, 2))
    z = 510 + 6 * np.sin(xy[:, 0] / 30) * np.cos(xy[:, 1] / 40)
    return np.column_stack([west + xy[:, 0], south + xy[:, 1], z])
