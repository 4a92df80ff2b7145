"""The licences we know, by SPDX id. A source without one of these stays unpublished."""

from types import MappingProxyType

from twin.base import Noun
from twin.errors import RecipeError


class Licence(Noun):
    """One licence under which open data reach us."""

    id: str
    """SPDX id, as STAC wants it."""
    title: str
    """The name people know."""
    url: str
    """Where its text stands."""
    share_alike: bool = False
    """Derived data must carry the same licence: such layers are never merged into others."""


UNCLEAR = "NOASSERTION"
"""SPDX's word where nobody states a licence."""

_ALL = (
    Licence(id="CC-BY-4.0", title="CC BY 4.0", url="https://creativecommons.org/licenses/by/4.0/"),
    Licence(id="CC0-1.0", title="CC0 1.0", url="https://creativecommons.org/publicdomain/zero/1.0/"),
    Licence(
        id="CC-BY-SA-4.0",
        title="CC BY-SA 4.0",
        url="https://creativecommons.org/licenses/by-sa/4.0/",
        share_alike=True,
    ),
    Licence(
        id="DL-DE-BY-2.0",
        title="Datenlizenz Deutschland – Namensnennung 2.0",
        url="https://www.govdata.de/dl-de/by-2-0",
    ),
    Licence(
        id="DL-DE-ZERO-2.0",
        title="Datenlizenz Deutschland – Zero 2.0",
        url="https://www.govdata.de/dl-de/zero-2-0",
    ),
    Licence(
        id="ODbL-1.0",
        title="ODbL 1.0",
        url="https://opendatacommons.org/licenses/odbl/1-0/",
        share_alike=True,
    ),
    Licence(
        id=UNCLEAR,
        title="Licence not stated – Lizenz nicht angegeben",
        url="https://spdx.github.io/spdx-spec/v2.3/package-information/",
        share_alike=True,
    ),
)
LICENCES = MappingProxyType({licence.id: licence for licence in _ALL})


def licence(spdx_id: str) -> Licence:
    """Return the licence with this SPDX id; `RecipeError` if we do not know it."""
    try:
        return LICENCES[spdx_id]
    except KeyError:
        alike = [each for each in LICENCES if _letters(each) == _letters(spdx_id)]
        remedy = f"did you mean {alike[0]!r}?" if alike else f"write one of: {', '.join(LICENCES)}"
        raise RecipeError(f"licence {spdx_id!r} is not one we know; {remedy}") from None


def _letters(name: str) -> str:
    """Letters and digits alone: portals write ``dl-de/by-2-0`` and ``CC BY 4.0``."""
    return "".join(each for each in name.casefold() if each.isalnum())
