"""Planted: trees of a conversion get form, size and ground, and each of these says where it is from."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.connectors.trees import position
from ingest.standing import LIFTED, ground_kept
from tiles.geodesy import resolve_crs, to_city_3d, transform_2d
from tiles.trees import IMPLAUSIBLE, form_of, size_of
from twin.city import City
from twin.errors import UnknownCRS
from twin.record import Record

AT_ZERO = "a base that nobody states: the tree stands at 0 m"
BEYOND = "a base that nobody states, and no terrain under it: the tree stands at 0 m"
_AT_ZERO_M, _OFF_M = 0.01, 5.0
"""As `tiles.gap` tells that a height of nought is none."""


def planted(records: Sequence[Record], city: City, ground: str | None) -> list[Record]:
    """The records of `ingest.connectors.trees` with the columns of ``tree/1`` among their values.

    A tree whose ground nobody states is put on the terrain; where there is none it has no ``ground_m``, and a
    note says that it will stand at 0 m. A height at which there is no ground (nought, though the terrain lies
    elsewhere) is none.

    Args:
        records: Trees.
        city: Its CRS is that of the terrain.
        ground: What `ingest.standing.keep_ground` returned; None if there is no terrain.
    """
    stated = np.array([_number(record.values["ground"]) for record in records])
    there = np.full(len(records), np.nan)
    for crs in {record.crs for record in records if record.geometry is not None}:
        of = np.array([i for i, r in enumerate(records) if r.crs == crs and r.geometry is not None])
        xy = np.array([position(records[i].geometry) for i in of])
        there[of] = _beneath(xy, stated[of], crs, city, ground)
    none = (np.abs(stated) < _AT_ZERO_M) & (np.abs(there) > _OFF_M)
    stated[none] = np.nan
    found = []
    for record, own, terrain in zip(records, stated.tolist(), there.tolist(), strict=True):
        base, notes = own, list(record.notes)
        if record.geometry is not None and own != own:
            base = round(terrain, 3)
            notes.append(LIFTED if terrain == terrain else AT_ZERO if ground is None else BEYOND)
        found.append(replace(record, values=_values(record, base, notes), notes=tuple(notes)))
    return found


def _beneath(
    xy: NDArray[np.float64], stated: NDArray[np.float64], crs: str | None, city: City, ground: str | None
) -> NDArray[np.float64]:
    """(n,) height of the terrain; NaN where there is none. Refuses stated heights of another kind."""
    try:
        known = resolve_crs(crs)
    except UnknownCRS:
        return np.full(len(xy), np.nan)  # said where positions are looked at
    if np.isfinite(stated).any():
        to_city_3d(np.column_stack((xy, np.nan_to_num(stated)))[:1], known, city.crs3d)
    if ground is None:
        return np.full(len(xy), np.nan)
    return ground_kept(ground).measured(transform_2d(xy, known, city.crs))


def _values(record: Record, base: float, notes: list[str]) -> dict[str, Any]:
    values = record.values
    form = form_of([values["species"], *values["words"]])
    drawn_height, drawn_crown = values["drawn"] or (None, None)
    height, crown = values["height"], values["crown"]
    size = size_of(form, drawn_height if height is None else height, drawn_crown if crown is None else crown)
    if size.repaired:
        notes.append(IMPLAUSIBLE)
    return {
        **values,
        "form": form,
        "height_m": size.height_m,
        "height_source": _whence(size.height_source, height),
        "crown_m": size.crown_m,
        "crown_source": _whence(size.crown_source, crown),
        "ground_m": base if base == base else None,
    }


def _whence(source: str, stated: float | None) -> str:
    """A size that the publisher only drew is none that it measured."""
    return "form" if source == "measured" and stated is None else source


def _number(value: Any) -> float:
    return float("nan") if value is None else float(value)
