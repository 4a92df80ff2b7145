"""Forms of a layer's features in 3D, found in the tiles of a revision: no other file holds them."""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from api.contents import Contents
from api.solids.form import Form, to_degrees
from api.solids.tile import forms
from catalog import deadline, keys
from twin.layer import Layer
from twin.revision import Revision

_TREES_KEPT = 8
_SLACK = 1e-6
"""Degrees (a tenth of a metre) by which an outline may stand out of its tile: outlines are not quantised."""

Floats = NDArray[np.float64]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A tile of the finest level."""

    contents: tuple[str, ...]
    """Names, as a revision has them."""
    matrix: Floats
    """(4, 4) from its frame to ECEF."""
    box: Box
    """West, south, east, north of what lies in it."""


class Forms:
    """Reads forms from tiles; safe to use from several threads."""

    def __init__(self, contents: Contents) -> None:
        """Nothing is read before it is asked for."""
        self._contents = contents
        self._lock = Lock()
        self._trees: OrderedDict[tuple[str, str], list[_Leaf]] = OrderedDict()

    def of(self, revision: Revision, wanted: Mapping[str, Box]) -> dict[str, Form]:
        """Id → form, of those features that the tiles of a revision draw.

        Args:
            revision: Of a layer whose features have forms, see `has_forms`.
            wanted: Id → box of the outline (west, south, east, north).

        Raises:
            Damaged: A tile is missing or not what the revision says.
            TooMuch: To read them takes longer than a question may.
        """
        found: dict[str, Form] = {}
        ids, boxes = list(wanted), np.array(list(wanted.values())).reshape(-1, 4)
        for leaf in self._leaves(revision):
            deadline.check()
            west, south, east, north = leaf.box
            inside = (
                (boxes[:, 0] >= west - _SLACK)
                & (boxes[:, 1] >= south - _SLACK)
                & (boxes[:, 2] <= east + _SLACK)
                & (boxes[:, 3] <= north + _SLACK)
            )
            near = {ids[place] for place in np.flatnonzero(inside)} - found.keys()
            if near:
                files = [self._contents.promised(revision, name) for name in leaf.contents]
                found |= forms(files, leaf.matrix, near)
        return found

    def _leaves(self, revision: Revision) -> list[_Leaf]:
        key = (revision.layer, revision.snapshot)
        with self._lock:
            if key in self._trees:
                self._trees.move_to_end(key)
                return self._trees[key]
        name = f"{revision.snapshot}/{keys.TILESET}"
        if name not in revision.objects:
            return []
        root = orjson.loads(self._contents.promised(revision, name))["root"]
        leaves = list(_walked(root, np.eye(4)))
        with self._lock:
            self._trees[key] = leaves
            while len(self._trees) > _TREES_KEPT:
                self._trees.popitem(last=False)
        return leaves


def has_forms(layer: Layer) -> bool:
    """Whether features of a layer have forms that can be read from its tiles."""
    return layer.schema_.has_solids and layer.tiles is not None


def _walked(tile: dict[str, Any], above: Floats) -> Iterator[_Leaf]:
    matrix = above @ np.array(tile.get("transform", np.eye(4).ravel()), float).reshape(4, 4).T
    if tile.get("children"):
        for child in tile["children"]:
            yield from _walked(child, matrix)
        return
    contents = tile.get("contents", [tile["content"]] if "content" in tile else [])
    names = tuple(content["uri"].removeprefix("../../") for content in contents)
    if names:
        yield _Leaf(names, matrix, _box(tile["boundingVolume"], matrix))


def _box(volume: dict[str, Any], matrix: Floats) -> Box:
    """Of a box in the tile's frame, or a region; 3D Tiles 1.1, section 7.3."""
    if "region" in volume:
        west, south, east, north = np.degrees(volume["region"][:4]).tolist()
        return west, south, east, north
    if "box" not in volume:
        return -180.0, -90.0, 180.0, 90.0
    told = np.array(volume["box"]).reshape(4, 3)
    signs = np.array(np.meshgrid(*[(-1, 1)] * 3)).reshape(3, -1).T
    corners = (told[0] + signs @ told[1:]) @ matrix[:3, :3].T + matrix[:3, 3]
    lon, lat, _ = to_degrees().transform(*np.ascontiguousarray(corners.T))
    return float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())
