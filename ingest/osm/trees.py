"""Single trees of OpenStreetMap (``natural=tree``): what their tags tell of kind and size."""

import math
import re
from collections.abc import Mapping
from typing import Any

from ingest.connectors.trees import Place, tree
from ingest.extrusion.numbers import metres
from twin.record import Record

_SPECIES = ("species", "taxon", "species:de", "species:en", "genus", "genus:de", "genus:en")
_WORDS = (*_SPECIES, "leaf_type", "type")
_CROWN = ("diameter_crown", "crown_diameter")
_MORE = ("leaf_cycle", "denotation", "taxon:cultivar", "start_date")
_YEAR = re.compile(r"[~ ]{0,2}(1[5-9]\d\d|20\d\d)(?:-\d\d){0,2}")
KEYS = frozenset(("natural", "height", "circumference", *_WORDS, *_CROWN, *_MORE))
"""The tags that are read."""
_UNREADABLE = "a size of a tree that cannot be read was ignored"


def is_tree(tags: Mapping[str, Any]) -> bool:
    """Whether tags are those of a single tree."""
    return tags.get("natural") == "tree"


def tree_of(
    place: str,
    identity: str | None,
    at: Place | None,
    crs: str | None,
    tags: Mapping[str, Any],
    *,
    everything: bool,
) -> Record:
    """The record of a tree.

    Args:
        place: where it stands in the source.
        identity: ``node/7``.
        at: its position, and the height of the ground if it is known.
        crs: of `at`.
        tags: its own; what is not of form and size is not looked at.
        everything: keep the tags themselves, too.
    """
    said = {name: str(tags[name])[:1000] for name in KEYS if tags.get(name) not in (None, "")}
    notes: list[str] = []
    around = _size(said, ("circumference",), notes)
    year = _YEAR.fullmatch(said.get("start_date", ""))
    kept = {name: value for name, value in sorted(said.items()) if name in (*_WORDS, *_MORE)}
    return tree(
        place,
        identity,
        at,
        crs,
        species=next((said[name] for name in _SPECIES if name in said), None),
        words=[said[name] for name in _WORDS if name in said],
        height=_size(said, ("height",), notes),
        crown=_size(said, _CROWN, notes),
        trunk=None if around is None else round(around / math.pi, 3),
        planted=int(year[1]) if year else None,
        generic=kept if everything else None,
        notes=notes,
    )


def _size(said: Mapping[str, str], names: tuple[str, ...], notes: list[str]) -> float | None:
    written = next((said[name] for name in names if name in said), None)
    found = None if written is None else metres(written)
    if written is not None and found is None:
        notes.append(_UNREADABLE)
    return found
