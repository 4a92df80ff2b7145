"""How lengths, amounts, attributes and faults of a tileset are written, on the terminal as on the page."""

import math
from itertools import groupby

from tiles.inspect.attributes import Attribute
from tiles.inspect.faults import Fault


def sides(west: float, south: float, east: float, north: float) -> tuple[float, float]:
    """Width and depth in metres of an extent in degrees."""
    degree = math.pi / 180 * 6_371_000
    return (east - west) * degree * math.cos(math.radians((south + north) / 2)), (north - south) * degree


def span(low: float, high: float, language: str = "en") -> str:
    """A range of metres without their unit."""

    def written(metres: float) -> str:
        text = f"{metres:,.0f}" if metres >= 1000 else f"{metres:.3g}"
        return text.translate(str.maketrans(",.", ".,")) if language == "de" else text

    return written(low) if low == high else f"{written(low)}–{written(high)}"


def amount(size: int | None, language: str = "en") -> str:
    """Bytes for people: ``1.72 MB``; empty for None."""
    if size is None:
        return ""
    value, unit = float(size), "B"
    for bigger in ("kB", "MB", "GB"):
        if value < 1000:
            break
        value, unit = value / 1000, bigger
    text = f"{value:.0f}" if unit == "B" or value >= 100 else f"{value:.3g}"
    return f"{text.replace('.', ',') if language == 'de' else text} {unit}"


def attribute_row(attribute: Attribute) -> tuple[str, str, str, str, str]:
    """Name, type, unit, share filled and values of an attribute, in words."""
    return (
        attribute.name,
        attribute.kind.lower(),
        attribute.unit or "",
        f"{math.floor(attribute.share * 1000) / 10:g} %",  # 100 % only if all are there
        values(attribute),
    )


def values(attribute: Attribute) -> str:
    """Range of numbers, the most frequent words, the only one, or how many different ones."""
    if attribute.least is not None and attribute.greatest is not None:
        least, greatest = (f"{value:.6g}" for value in (attribute.least, attribute.greatest))
        return least if least == greatest else f"{least} … {greatest}"
    most = attribute.most()
    if most:
        more = len(attribute.counts) - len(most)
        return ", ".join(f"{value} {times:,}" for value, times in most) + (f", {more:,} more" if more else "")
    if len(attribute.counts) == 1:
        return str(next(iter(attribute.counts)))
    return f"{len(attribute.counts):,} different" if attribute.counts else ""


def grouped(findings: list[Fault]) -> list[tuple[str, list[Fault]]]:
    """Faults of one kind together, in the order of their kinds."""
    ordered = sorted(findings, key=lambda fault: (fault.remark, fault.kind))
    return [(kind, list(group)) for kind, group in groupby(ordered, key=lambda fault: fault.kind)]
