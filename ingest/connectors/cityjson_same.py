"""One face told twice: publishers write a solid and, beside it, the same surfaces with their kinds."""

from ingest.connectors.cityjson_faces import Draft, Polygon
from twin.record import Face

_Corners = tuple[tuple[int, ...], ...]


def without_repeats(drafts: list[Draft]) -> list[Draft]:
    """Keep each face of one object once, in the geometry where it stands first, with the kind that any tells.

    Args:
        drafts: one per geometry of the object, all of one level of detail.
    """
    if len(drafts) < 2:
        return drafts
    if len(drafts) == 2 and drafts[0].polygons == drafts[1].polygons:  # the usual case, written alike
        first, second = drafts
        pairs = zip(first.kinds, second.kinds, strict=True)
        first.kinds = [other if kind == Face.OTHER else kind for kind, other in pairs]
        if any(second.pictures) and not any(first.pictures):
            first.pictures = second.pictures
        first.notes += second.notes
        return [first]
    return _once_each(drafts)


def _once_each(drafts: list[Draft]) -> list[Draft]:
    kept: dict[_Corners, tuple[Draft, int]] = {}
    found: list[Draft] = []
    for draft in drafts:
        left = Draft(draft.base, draft.count, notes=draft.notes)
        for i, (polygon, kind) in enumerate(zip(draft.polygons, draft.kinds, strict=True)):
            home, place = kept.setdefault(_corners(polygon), (left, len(left.polygons)))
            if home is left:
                left.polygons.append(polygon)
                left.kinds.append(kind)
                left.pictures += draft.pictures[i : i + 1]
                continue
            if home.kinds[place] == Face.OTHER:
                home.kinds[place] = kind
            if draft.pictures and home.pictures[place] is None:
                home.pictures[place] = draft.pictures[i]
        found.append(left)
    return found


def _corners(polygon: Polygon) -> _Corners:
    """Its rings, each beginning with its smallest number."""
    rings = []
    for ring in polygon:
        first = ring.index(min(ring))
        rings.append((*ring[first:], *ring[:first]))
    return tuple(rings)
