"""Footprints and what is said about them become records with solids, a batch at a time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ingest.connectors.features import UNREADABLE
from ingest.extrusion.flat import flat_solids
from ingest.extrusion.form import Form, Rules, form_of
from ingest.extrusion.outlines import Outlines, outlines
from ingest.extrusion.plane import Plane
from ingest.extrusion.roofs import NOT_FITTING, Roof, roofed
from ingest.extrusion.wkb import Polygons
from twin.record import Record, Solid

BATCH = 2000
"""Buildings raised at once."""


@dataclass(slots=True)
class Piece:
    """One area of a building and what is said about it (see `columns.NAMES`)."""

    area: Polygons | None
    said: Mapping[str, Any]


@dataclass(slots=True)
class Building:
    """A building before it is raised: one piece, or several where the source knows its parts."""

    place: str
    said: Mapping[str, Any]
    pieces: list[Piece]
    fault: str | None = None
    """Why it has no readable area."""
    notes: tuple[str, ...] = ()
    generic: dict[str, Any] = field(default_factory=dict)
    has_parts: bool = False
    other: str | None = None
    """What it is if it is none at all: a key of OpenStreetMap."""


def records(buildings: Sequence[Building], plane: Plane, rules: Rules) -> Iterator[Record]:
    """Raise a batch, one record a building; one without a usable area has no geometry and says why."""
    pieces = [piece for building in buildings for piece in building.pieces]
    found = outlines([piece.area for piece in pieces], plane.to_metres)
    ground = [None if value != value else value for value in found.ground.tolist()]
    forms = [form_of(piece.said, rules, z) for piece, z in zip(pieces, ground, strict=True)]
    bottoms = np.array([(form.base or 0.0) + form.bottom for form in forms])
    tops = np.array([(form.base or 0.0) + form.top for form in forms])
    solids = flat_solids(found, bottoms, tops)
    at = 0
    for building in buildings:
        of = range(at, at + len(building.pieces))
        at = of.stop
        notes = [*plane.notes, *building.notes]
        whole: list[Solid] = []
        lod, fault = 1, building.fault
        for i in of:
            notes += found.notes[i]
            solid = solids[i]
            fault = fault or found.faults[i]
            if solid is None:
                continue
            notes += forms[i].notes
            if forms[i].roof != "flat":
                solid, lod = _with_roof(found, i, forms[i], solid, lod, notes)
            whole.append(solid)
        if not whole:
            other = f"it is no building but something else ({building.other})"
            notes = [other if building.other else f"{UNREADABLE}: {fault or 'it has none'}"]
        yield Record(
            building.place,
            _values(building, [forms[i] for i in of if solids[i] is not None], lod if whole else None),
            joined(whole) if whole else None,
            plane.crs,
            notes=tuple(dict.fromkeys(notes)),
        )


def _with_roof(
    found: Outlines, i: int, form: Form, flat: Solid, lod: int, notes: list[str]
) -> tuple[Solid, int]:
    """The piece with its roof, or flat if its outline does not carry one; and the LoD reached."""
    first, last = found.buildings[i], found.buildings[i + 1]
    solid: Solid | None = None
    if last - first == 1 and found.polygons[first + 1] - found.polygons[first] == 1:
        ring = found.polygons[first]
        base = form.base or 0.0
        solid, remarks = roofed(
            found.xy[found.rings[ring] : found.rings[ring + 1]],
            Roof(
                form.roof,
                base + form.bottom,
                base + form.top,
                form.rise,
                form.rise_open,
                form.angle,
                form.direction,
                form.across,
            ),
        )
        notes += remarks
    else:
        notes.append(NOT_FITTING)
    return (flat, lod) if solid is None else (solid, 2)


def joined(solids: Sequence[Solid]) -> Solid:
    """Several shells as one solid."""
    if len(solids) == 1:
        return solids[0]
    points, rings, polygons = [], [np.zeros(1, dtype=np.int32)], [np.zeros(1, dtype=np.int32)]
    point, ring = 0, 0
    for solid in solids:
        points.append(solid.points)
        rings.append(solid.rings[1:] + point)
        polygons.append(solid.polygons[1:] + ring)
        point += len(solid.points)
        ring += len(solid.rings) - 1
    return Solid(
        np.concatenate(points),
        np.concatenate(rings).astype(np.int32),
        np.concatenate(polygons).astype(np.int32),
        np.concatenate([solid.faces for solid in solids]),
    )


def _values(building: Building, forms: list[Form], lod: int | None) -> dict[str, Any]:
    said = building.said
    stated = None
    if building.has_parts:
        stated = form_of({"height": said["height"]}, Rules()).stated if "height" in said else None
    elif forms:
        stated = forms[0].stated
    values: dict[str, Any] = {
        "class": "Building",
        "gml_id": _text(said.get("id")),
        "name": _text(said.get("name")),
        "measured_height": stated,
        "part_heights": [form.stated for form in forms if form.stated is not None]
        if building.has_parts
        else [],
        "roof_type": _text(said.get("roof")),
        "function": _text(said.get("function")),
        "storeys": _text(said.get("storeys")),
        "year_built": _text(said.get("year")),
        "creation_date": None,
        "municipality_key": None,
        "lod": lod,
        "height_assumed": any(form.assumed for form in forms),
        "base_unknown": any(form.base is None for form in forms),
        "generic": building.generic,
    }
    return values


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()[:1000].encode("utf-8", "replace").decode() or None
