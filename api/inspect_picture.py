"""Pictures of a tile tree as SVG: every level from above, and where the bytes are."""

from html import escape

import numpy as np
from numpy.typing import NDArray

from tiles.inspect.report import Report
from tiles.inspect.volumes import frame

STEPS = 6
"""Classes of the colour scale; ``.s0`` … ``.s5`` in the page's style."""
_WIDTH, _ROW = 1000, 34
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


def plans(report: Report, tip: str) -> list[tuple[int, int, str]]:
    """One plan for each level: depth, tiles, SVG. Tiles are seen from above, north is up.

    Args:
        report: What was found.
        tip: Words for a tile with braces for name, bytes and error.
    """
    hulls = _hulls(report)
    known = [hull for hull in hulls if hull is not None]
    if not known:
        return []
    # The root's volume may be the whole earth: what has content sets the frame.
    filled = [hull for hull, size in zip(hulls, sizes(report), strict=True) if hull is not None and size]
    points = np.concatenate(filled or known)
    low, high = points.min(axis=0), points.max(axis=0)
    scale = _WIDTH / max(float((high - low).max()), 1e-9)
    height = max(int((high[1] - low[1]) * scale), 40)
    width = max(int((high[0] - low[0]) * scale), 40)
    own, ends = sizes(report), bounds(sizes(report))
    wrong = {fault.tile for fault in report.faults}
    drawn = []
    for level in report.levels:
        shapes, count = [], 0
        for number, (tile, hull) in enumerate(zip(report.tree.tiles, hulls, strict=True)):
            if tile.depth != level.depth or hull is None:
                continue
            count += 1
            places = " ".join(f"{(x - low[0]) * scale:.0f},{(high[1] - y) * scale:.0f}" for x, y in hull)
            kind = f"s{int(np.searchsorted(ends, own[number]))}" if own[number] else "none"
            mark = " wrong" if tile.name in wrong else ""
            words = escape(tip.format(name=tile.name, bytes=own[number], error=tile.error))
            shapes.append(f'<polygon class="{kind}{mark}" points="{places}"><title>{words}</title></polygon>')
        # Those with faults last, so that nothing hides their outline.
        shapes.sort(key=lambda shape: "wrong" in shape)
        box = f'viewBox="-6 -6 {width + 12} {height + 12}" role="img" aria-label="{level.depth}"'
        drawn.append((level.depth, count, f"<svg {box}>{''.join(shapes)}</svg>"))
    return drawn


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
