"""Mask: what of a source may stand in a sample, which lies beside a recipe for everybody to read."""

import re
from collections.abc import Collection
from typing import Any

from ingest.fields.texts import clean
from ingest.personal import scrub
from ingest.scaffold.people import by_name

MASK = "[…]"
"""What stands where a value was; the gate writes the same."""
KEPT = 4
"""Things in a sample: enough for a proof, few enough to be read."""
LOOKED_AT = 300
"""Things among which small ones are sought."""
LARGEST = 8_000
"""Bytes of a thing that is small enough to be read."""
_LONGEST = 300
"""Characters of a text that a sample shows."""
_LETTER = re.compile(r"[^\W\d_]")


class Mask:
    """Hides what is personal.

    Args:
        personal: Names of fields of which every value is hidden.
        kept: Names that sound like people and are none in this protocol.
    """

    def __init__(self, personal: Collection[str] = (), kept: Collection[str] = ()) -> None:
        self.names = frozenset(personal)
        self._kept = frozenset(kept)

    def hides(self, name: str) -> bool:
        """Whether all values of a field are hidden."""
        return name in self.names or (name not in self._kept and by_name(name))

    def value(self, value: Any) -> Any:
        """A value of another field: texts are searched by the gate, and cut where they are long."""
        if not isinstance(value, str):
            return value
        text = scrub(clean(value) or "")[0]
        return MASK if text is None else text[:_LONGEST]

    def written(self, text: str) -> str:
        """A text of a document: as `value`, but numbers stay, however many they are."""
        return str(self.value(text)) if _LETTER.search(text) else text


def few(sizes: Collection[int], most: int = KEPT, largest: int = LARGEST) -> list[int]:
    """Which of some things to keep, by their sizes: the first small ones, else the smallest; in order."""
    small = [at for at, size in enumerate(sizes) if size <= largest][:most]
    ordered = sorted(range(len(sizes)), key=list(sizes).__getitem__)
    return small or sorted(ordered[:1])
