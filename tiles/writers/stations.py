"""Stations: counters, air stations and stops are columns that stand on the ground.

One small mesh is drawn at every station (instances). What a station measures is not in here: clients join
it by feature id, and stretch or colour the column.

Options: ``height_m`` (6), ``radius_m`` (0.8), ``encoding``.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiles.build import Built, Order
from tiles.gltf import Mesh, coordinate_error, write_glb
from tiles.overlay import (
    NO_GROUND,
    WRONG_KIND,
    Account,
    arranged,
    depth,
    geometries,
    ground_of,
    nothing,
    row,
)
from tiles.quadtree import quadtree
from tiles.tree import Node, frame_at, to_local
from twin.errors import TilingError

HEIGHT_M, RADIUS_M = 6.0, 0.8
_SIDES = 12
_STATIONS = 5_000
"""Most stations in one tile."""


def write(order: Order) -> Built:
    """Tile a layer of points.

    Raises:
        TilingError: if nothing can be drawn.
    """
    import shapely

    account = Account()
    owners: list[int] = []
    places: list[Any] = []
    for number, geometry in geometries(order, account):
        parts = shapely.get_parts(geometry)
        if any(part.geom_type != "Point" for part in parts):
            account.leave_out(order.features[number], WRONG_KIND)
            continue
        owners += [number] * len(parts)
        places += [shapely.get_coordinates(part)[0] for part in parts]
    xy = np.array(places, np.float64).reshape(-1, 2)
    numbers = np.array(owners, np.int64)
    ground = ground_of(order)
    heights = ground.heights(xy)
    lost = np.unique(numbers[np.isnan(heights)])
    for number in lost:
        account.leave_out(order.features[number], NO_GROUND)
    keep = ~np.isin(numbers, lost)
    points, numbers = np.column_stack([xy, heights])[keep], numbers[keep]
    if not len(points):
        raise TilingError(nothing(order, account))
    column = _column(float(order.option("height_m", HEIGHT_M)), float(order.option("radius_m", RADIUS_M)))
    top = quadtree(points[:, :2], np.ones(len(points), np.int64), _STATIONS)
    leaves = list(top.leaves())
    contents: list[str] = []
    size = 0
    nodes: list[Node] = []
    for leaf in leaves:
        node, data = _tile(order, points[leaf.members], numbers[leaf.members], column)
        node.content = order.put(data, "glb")
        nodes.append(node)
        contents.append(node.content)
        size += len(data)
        order.step(len(nodes), len(leaves))
    root = arranged(top, {id(leaf): node for leaf, node in zip(leaves, nodes, strict=True)})
    assert root is not None  # every leaf has its stations
    return Built(
        tileset=order.tileset(root),
        contents=tuple(dict.fromkeys(contents)),
        report={
            "writer": "stations",
            "features": len(order.features) - len(account.left_out),
            "tiles": len(leaves),
            "levels": depth(root),
            "triangles": len(column[2]) * len(points),
            "bytes": size,
            "repaired": account.repaired,
            "left_out": account.left_out,
            "points": len(points),
            "points_on_stated_ground": int(np.isnan(ground.measured(points[:, :2])).sum()),
        },
    )


def _tile(
    order: Order,
    points: NDArray[np.float64],
    numbers: NDArray[np.int64],
    column: tuple[NDArray[np.float64], NDArray[np.float32], NDArray[np.uint32]],
) -> tuple[Node, bytes]:
    owners, ids = np.unique(numbers, return_inverse=True)
    ecef = order.geodesy.to_ecef(points)
    frame = frame_at(ecef.mean(axis=0))
    feet = to_local(frame, ecef)
    positions, normals, indices = column
    mesh = Mesh(
        positions,
        indices.ravel(),
        "station",
        normals,
        feature_ids=ids.astype(np.uint32),
        instances=feet,
    )
    data = write_glb(
        [mesh],
        schema=order.layer.schema_,
        rows=[row(order.features[int(owner)]) for owner in owners],
        copyright=order.copyright,
        encoding=order.encoding,
    )
    # Instances are never quantised.
    margin = coordinate_error(float(np.abs(feet).max() + np.abs(positions).max()), "plain")
    low, high = feet.min(axis=0) + positions.min(axis=0), feet.max(axis=0) + positions.max(axis=0)
    return Node(frame, low - margin, high + margin, 0.0), data


def _column(
    height: float, radius: float
) -> tuple[NDArray[np.float64], NDArray[np.float32], NDArray[np.uint32]]:
    """Positions, normals and triangles of a closed column whose foot is the origin."""
    turn = 2 * np.pi * np.arange(_SIDES) / _SIDES
    around = np.column_stack([np.cos(turn), np.sin(turn), np.zeros(_SIDES)])
    foot, head = around * radius, around * radius + [0, 0, height]
    up = np.tile([0.0, 0.0, 1.0], (_SIDES, 1))
    here, after = np.arange(_SIDES), (np.arange(_SIDES) + 1) % _SIDES
    side = [
        np.column_stack([here, after, after + _SIDES]),
        np.column_stack([here, after + _SIDES, here + _SIDES]),
    ]
    fan = np.column_stack([np.full(_SIDES - 2, 0), here[1:-1], here[2:]])
    lid, base = fan + 2 * _SIDES, fan[:, ::-1] + 3 * _SIDES
    return (
        np.concatenate([foot, head, head, foot]),
        np.concatenate([around, around, up, -up]).astype(np.float32),
        np.concatenate([*side, lid, base]).astype(np.uint32),
    )
