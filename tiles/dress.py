"""Dress: shapes become meshes that show their pictures, all of a tile in one atlas."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tiles.atlas import SIDE, atlas
from tiles.mesh import Mesh
from tiles.shapes import Shapes, meshes
from tiles.skins import Skins


def dressed(shapes: Shapes, side: int = SIDE) -> list[Mesh]:
    """One mesh per material for what is plain, and one for what shows pictures.

    The same shapes and pictures give the same bytes.

    Args:
        shapes: With a skin or without.
        side: Most pixels along a side of the atlas.
    """
    skin = shapes.skin
    if skin is None:
        return meshes(shapes)
    starts = np.flatnonzero(np.r_[True, skin.faces[1:] != skin.faces[:-1]])
    chosen, paths = _named(skin, starts)
    found = atlas(paths, chosen, skin.uv, np.r_[starts, len(skin.faces)], side)
    if found is None:
        return meshes(shapes)
    shown = np.asarray(np.isfinite(found.uv).all(axis=1))
    return [
        *meshes(shapes, ~shown),
        *meshes(shapes, shown, np.where(shown[:, None], found.uv, np.float32(0)), found.data),
    ]


def coloured(
    plain: Sequence[Mesh], classes: Sequence[str | None], materials: Mapping[str, Mapping[str, str]]
) -> list[Mesh]:
    """The same meshes with other materials on things of some classes; those with pictures stay as they are.

    Args:
        plain: They share their vertices.
        classes: Of the features, by their numbers.
        materials: Class → material → what is drawn in its place.
    """
    found: dict[str, list[Mesh]] = {}
    for mesh in plain:
        assert mesh.feature_ids is not None
        owners = mesh.feature_ids[mesh.indices[::3]]
        names = [mesh.material] * len(classes)
        if mesh.picture is None:
            names = [materials.get(str(name), {}).get(mesh.material, mesh.material) for name in classes]
        each = np.array(names, object)[owners]
        for name in sorted(set(each.tolist())):
            corners = mesh.indices.reshape(-1, 3)[each == name].ravel()
            group = found.setdefault(f"{name} {mesh.picture is not None}", [])
            group.append(replace(mesh, material=name, indices=corners))
    return [
        replace(group[0], indices=np.concatenate([mesh.indices for mesh in group]))
        for group in found.values()
    ]


def _named(skin: Skins, starts: NDArray[np.intp]) -> tuple[NDArray[np.int32], list[Path]]:
    """Pictures of the faces that begin at `starts`: places in a list that is sorted by checksum."""
    own = skin.chosen[starts]
    order = np.argsort(np.array(skin.images))
    rank = np.full(len(order) + 1, -1, np.int32)
    rank[order] = np.arange(len(order))
    return rank[own], [skin.folder / skin.images[place] for place in order.tolist()]
