"""One face told twice: publishers write a solid and, beside it, the same surfaces with their kinds."""

from ingest.connectors.cityjson_faces import Draft, Polygon
from twin.record import Face

_Corners = tuple[tuple[int, ...], ...]


def without_repeats(drafts: list[Draft]) -> list[Draft]:
    """Keep each face once, in the geometry where it stands first, with the kind that any of them tells.

    Args:
        drafts: one per geometry; walls between two parts are turned round, so both of their sides are kept.
    """
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
