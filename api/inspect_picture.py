"""Pictures of a tile tree as SVG: every level from above, and where the bytes are."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

from tiles.inspect.report import Report
from tiles.inspect.volumes import frame

STEPS = 6
"""Classes of the colour scale; ``.s0`` … ``.s5`` in the page's style."""
_WIDTH, _ROW = 1000, 34
_SPECK = 3
"""A level that is so many times smaller than the whole is drawn larger."""
_THIN = 0.6
"""Pieces of the second picture narrower than this many of its 1000 units are drawn as one."""


def sizes(report: Report) -> list[int]:
    """Bytes of each tile's own contents."""
    return [sum(seen.size for seen in group) for group in report.seen]


def bounds(values: list[int]) -> list[float]:
    """Upper ends of the colour classes, in bytes: quantiles, so that all colours are used."""
    there = sorted(value for value in values if value)
    if not there:
        return [0.0] * (STEPS - 1)
    return [float(np.quantile(there, step / STEPS)) for step in range(1, STEPS)]


@dataclass(frozen=True, slots=True)
class Plan:
    """One level of a tileset, seen from above."""

    depth: int
    tiles: int
    times: int
    """How many times larger it is drawn than the other levels; 1 for most."""
    svg: str


def plans(report: Report, tip: str) -> list[Plan]:
    """The plans of all levels; north is up.

    All have the frame of the whole, but for levels that would be specks in it.

    Args:
        report: What was found.
        tip: Words for a tile with braces for name, bytes and error.
    """
    hulls = _hulls(report)
    known = [hull for hull in hulls if hull is not None]
    if not known:
        return []
    # The root's volume may be the whole earth: what has content sets the frame.
    own = sizes(report)
    filled = [hull for hull, size in zip(hulls, own, strict=True) if hull is not None and size]
    whole = _Frame.around(filled or known)
    ends = bounds(own)
    wrong = {fault.tile for fault in report.faults}
    drawn = []
    for level in report.levels:
        there = [
            (number, tile, hull)
            for number, (tile, hull) in enumerate(zip(report.tree.tiles, hulls, strict=True))
            if tile.depth == level.depth and hull is not None
        ]
        near = _Frame.around([hull for *_, hull in there]) if there else whole
        times = int(near.scale / whole.scale)
        frame = near if times >= _SPECK else whole
        shapes = []
        for number, tile, hull in there:
            kind = f"s{int(np.searchsorted(ends, own[number]))}" if own[number] else "none"
            mark = " wrong" if tile.name in wrong else ""
            words = escape(tip.format(name=tile.name, bytes=own[number], error=tile.error))
            points = frame.places(hull)
            shapes.append(f'<polygon class="{kind}{mark}" points="{points}"><title>{words}</title></polygon>')
        # Those with faults last, so that nothing hides their outline.
        shapes.sort(key=lambda shape: "wrong" in shape)
        box = f'viewBox="-6 -6 {frame.width + 12} {frame.height + 12}" role="img" aria-label="{level.depth}"'
        svg = f"<svg {box}>{''.join(shapes)}</svg>"
        drawn.append(Plan(level.depth, len(there), times if frame is near else 1, svg))
    return drawn


@dataclass(frozen=True, slots=True)
class _Frame:
    """A part of the plane as a picture."""

    west: float
    north: float
    scale: float
    """Units of the picture in a metre."""
    width: int
    height: int

    @classmethod
    def around(cls, hulls: Sequence[NDArray[np.float64]]) -> "_Frame":
        points = np.concatenate(hulls)
        low, high = points.min(axis=0), points.max(axis=0)
        scale = _WIDTH / max(float((high - low).max()), 1e-9)
        width, height = (max(int(side * scale), 40) for side in (high - low).tolist())
        return cls(float(low[0]), float(high[1]), scale, width, height)

    def places(self, hull: NDArray[np.float64]) -> str:
        """A hull as the points of a polygon."""
        return " ".join(
            f"{(x - self.west) * self.scale:.0f},{(self.north - y) * self.scale:.0f}" for x, y in hull
        )


def _hulls(report: Report) -> list[NDArray[np.float64] | None]:
    """(k, 2) metres east and north of each tile's footprint; None without a volume."""
    volumes = [tile.volume for tile in report.tree.tiles]
    first = next((volume for volume in volumes if volume is not None), None)
    if first is None:
        return [None] * len(volumes)
    middle = first.samples().mean(axis=0)
    axes = frame(middle) if np.linalg.norm(middle) > 1e6 else np.eye(3)  # not all stand on the earth
    return [None if v is None else _hull((v.samples() - middle) @ axes[:2].T) for v in volumes]


def _hull(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Convex hull of a few points, counter-clockwise (Andrew 1979)."""
    ordered = sorted({(round(x, 3), round(y, 3)) for x, y in points.tolist()})
    chains: list[tuple[float, float]] = []
    for run in (ordered, ordered[::-1]):
        chain: list[tuple[float, float]] = []
        for point in run:
            while len(chain) > 1 and _turn(chain[-2], chain[-1], point) <= 0:
                chain.pop()
            chain.append(point)
        chains += chain[:-1]
    return np.array(chains or ordered)


def _turn(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def icicle(report: Report, tip: str) -> str:
    """The tree from its root downwards; a tile is as wide as the bytes of all that hangs on it."""
    tiles, own = report.tree.tiles, sizes(report)
    whole = own.copy()
    for number in range(len(tiles) - 1, 0, -1):
        parent = tiles[number].parent
        if parent is not None:
            whole[parent] += whole[number]
    if not tiles or not whole[0]:
        return ""
    ends, scale = bounds(own), _WIDTH / whole[0]
    wrong = {fault.tile for fault in report.faults}
    shapes, starts = [], {0: 0.0}
    rest: dict[tuple[int, int], float] = {}
    for number, tile in enumerate(tiles):
        if number not in starts:
            continue
        left, wide = starts[number], whole[number] * scale
        inside = left
        for child in tile.children:
            starts[child] = inside
            inside += whole[child] * scale
        if wide < _THIN and tile.name not in wrong:
            key = (tile.depth, int(left))
            rest[key] = rest.get(key, 0.0) + wide
            continue
        kind = f"s{int(np.searchsorted(ends, own[number]))}" if own[number] else "none"
        mark = " wrong" if tile.name in wrong else ""
        words = escape(tip.format(name=tile.name, bytes=own[number], error=tile.error))
        shapes.append(
            f'<rect class="{kind}{mark}" x="{left:.1f}" y="{tile.depth * _ROW}" '
            f'width="{max(wide - 0.8, 0.6):.1f}" height="{_ROW - 2}"><title>{words}</title></rect>'
        )
    shapes += [
        f'<rect class="s0" x="{x}" y="{depth * _ROW}" width="{min(wide, 1.0):.1f}" height="{_ROW - 2}"/>'
        for (depth, x), wide in rest.items()
    ]
    box = f'viewBox="0 0 {_WIDTH} {len(report.levels) * _ROW}" role="img" aria-label="{len(tiles)}"'
    return f'<svg {box} preserveAspectRatio="none">{"".join(shapes)}</svg>'
