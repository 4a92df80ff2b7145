"""Values of the ordinary buildings of a run: texts and heights, cut out of it where their tags stand."""

import re
from functools import lru_cache
from html import unescape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.connectors import citygml_names as N
from ingest.connectors.citygml_drawn import owners
from ingest.connectors.citygml_scan import Ints, Tags
from ingest.connectors.citygml_values import empty_values, metres, named, settle_parts, typed

Values = dict[str, Any]
_ID = re.compile(rb"""\s(?:[\w.-]+:)?id\s*=\s*["']([^"']*)["']""")
_NAME = re.compile(rb"""\sname\s*=\s*["']([^"']*)["']""")
_UOM = re.compile(rb"""\suom\s*=\s*["']([^"']*)["']""")
_SRS = re.compile(rb"""srsName\s*=\s*["']([^"']*)["']""")
_KEY = int.from_bytes(b'luessel"', "little")
"""How the name of the only generic attribute ends that is always read."""
_TEXTS = list(N.TEXTS.values())


def plain_values(
    data: bytes,
    tags: Tags,
    code: NDArray[np.uint8],
    members: Ints,
    plain: NDArray[np.bool_],
    *,
    generic: bool,
) -> tuple[dict[int, Values], dict[int, str]]:
    """Read the values of buildings.

    Args:
        data: the text.
        tags: its tags.
        code: codes of the opening ones.
        members: places in `tags` of the members, in order.
        plain: which of them to read; those with a height that is none are taken away from it.
        generic: read all generic attributes.

    Returns:
        Place in `members` → values, and → ``srsName`` of the building's envelope.
    """
    out: dict[int, Values] = {}
    for member in np.flatnonzero(plain).tolist():
        tag = int(members[member]) + 1
        match = _ID.search(data, int(tags.begin[tag]), int(tags.end[tag]) + 1)
        out[member] = empty_values("Building", match and text_of(match[1]))
    found, is_part = _own(data, tags, code, generic=generic)
    envelopes: dict[int, str] = {}
    roofs: dict[int, set[str]] = {}
    behind = tags.begin[np.minimum(found + 1, len(code) - 1)]
    columns = (
        owners(tags, members, found),
        is_part,
        code[found],
        found,
        tags.begin[found],
        tags.end[found],
        behind,
    )
    for member, part, kind, tag, begin, end, stop in zip(*(c.tolist() for c in columns), strict=True):
        values = out.get(member)
        if values is None:
            continue
        if kind >= N.TEXT:
            key = _TEXTS[kind - N.TEXT]
            if not part:
                values[key] = values[key] or text_of(data[end + 1 : stop])
            elif key == "roof_type" and (written := text_of(data[end + 1 : stop])):
                roofs.setdefault(member, set()).add(written)
        elif kind == N.HEIGHT:
            unit = _UOM.search(data, begin, end)
            notes: list[str] = []
            height = metres(text_of(data[end + 1 : stop]), unit and text_of(unit[1]), notes)
            if notes:
                plain[member] = False
            elif not part:
                values["measured_height"] = height
            elif height is not None:
                values["part_heights"].append(height)
        elif kind == N.GENERIC:
            _generic(data, tags, values, tag, wanted=generic)
        elif member not in envelopes and not part and (match := _SRS.search(data, begin, end)):
            envelopes[member] = text_of(match[1]) or ""
    for member, values in out.items():
        settle_parts(values, roofs.get(member))
        if generic:
            named(values)
    return out, envelopes


@lru_cache(maxsize=1 << 13)
def text_of(written: bytes) -> str | None:
    """A text without blanks around it; the same few words stand in every building of a city."""
    text = written.decode()
    return (unescape(text) if "&" in text else text).strip() or None


def _own(
    data: bytes, tags: Tags, code: NDArray[np.uint8], *, generic: bool
) -> tuple[Ints, NDArray[np.bool_]]:
    """Tags with values that belong to a building (or, second, to a part of it) and not to something in it."""
    wanted = (code >= N.TEXT) | (code == N.HEIGHT) | (code == N.ENVELOPE) | (code == N.GENERIC)
    found = np.flatnonzero(wanted)
    if not generic:
        words = np.ndarray((len(data) - 8,), "<u8", data, 0, (1,))
        found = found[(code[found] != N.GENERIC) | (words[tags.end[found] - 8] == _KEY)]
    up = tags.parents(found)
    inner = (code[found] == N.ENVELOPE) & (code[up] == N.BOUNDARY)
    up = np.where(inner, tags.parents(np.maximum(up, 0)), up)
    level = tags.level[up]
    is_part = (code[up] == N.PART) & (level == 3)
    fits = ((code[up] == N.BUILDING) & (level == 1)) | is_part
    return found[fits], is_part[fits]


def _generic(data: bytes, tags: Tags, values: Values, tag: int, *, wanted: bool) -> None:
    """One generic attribute: its name, and the text of its only child."""
    begin, end = int(tags.begin[tag]), int(tags.end[tag])
    name = _NAME.search(data, begin, end + 1)
    if name is None or not tags.opens[tag + 1]:
        return
    written = text_of(data[tags.end[tag + 1] + 1 : tags.begin[min(tag + 2, len(tags.begin) - 1)]])
    kind = data[begin + 1 : end].split(None, 1)[0].rpartition(b":")[2].decode()
    key = text_of(name[1]) or ""
    if key == "Gemeindeschluessel" and kind == "stringAttribute":
        values["municipality_key"] = values["municipality_key"] or written
    value = typed(written, N.GENERICS[kind])
    if wanted and value is not None:
        values["generic"].setdefault(key, value)
