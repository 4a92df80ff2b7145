"""Trees: what form a species has, and how big a tree is drawn of which not everything is known.

Usual sizes are round figures of free-standing grown trees in towns, chosen by us; a tree that is drawn
by them says so in its attributes (``derived``, ``assumed``).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class Form:
    """A way of growing, with the size of a grown tree in a street."""

    height_m: float
    """Drawn if neither height nor crown is known."""
    crown: float
    """Crown's diameter as a share of the height: tells one from the other."""


FORMS: Mapping[str, Form] = MappingProxyType(
    {
        "broadleaf": Form(12.0, 0.65),
        "conifer": Form(15.0, 0.40),
        "column": Form(14.0, 0.22),
        "slender": Form(13.0, 0.45),
        "shrub": Form(2.5, 0.90),
        "unknown": Form(10.0, 0.60),
    }
)
"""Values of the column ``form``. Those not stated are drawn as broad-leaved trees of their own size."""

_GENERA = {
    "conifer": "abies araucaria calocedrus cedrus cephalotaxus chamaecyparis cryptomeria ginkgo larix "
    "metasequoia picea pinus pseudolarix pseudotsuga sciadopitys sequoia sequoiadendron taxodium taxus "
    "tsuga",
    "column": "cupressus juniperus thuja",
    "slender": "alnus amelanchier betula eucalyptus gleditsia laburnum populus salix sorbus",
    "shrub": "berberis buddleja buxus cornus cotoneaster euonymus forsythia hibiscus ilex ligustrum lonicera "
    "philadelphus rhododendron rosa rubus sambucus spiraea symphoricarpos syringa viburnum",
    "broadleaf": "acer aesculus ailanthus carpinus carya castanea catalpa celtis cercidiphyllum cercis "
    "corylus crataegus fagus fraxinus juglans koelreuteria liquidambar liriodendron magnolia malus mespilus "
    "morus ostrya parrotia paulownia platanus prunus pterocarya pyrus quercus robinia sophora styphnolobium "
    "tilia toona ulmus zelkova",
}
_GERMAN = {
    "conifer": "douglasie eibe fichte ginkgo kiefer lärche mammutbaum nadelbaum sumpfzypresse tanne zeder",
    "column": "lebensbaum säulenpappel wacholder zypresse",
    "slender": "birke eberesche erle felsenbirne goldregen mehlbeere pappel vogelbeere weide",
    "shrub": "busch buchsbaum flieder forsythie hartriegel holunder liguster strauch",
    "broadleaf": "ahorn amberbaum apfel birne buche eiche esche götterbaum hasel kastanie kirsche "
    "laubbaum linde magnolie maulbeerbaum nussbaum pflaume platane robinie rotdorn schnurbaum trompetenbaum "
    "tulpenbaum ulme walnuss weißdorn zelkove zierapfel zierkirsche",
}
_ENGLISH = {
    "conifer": "needleleaved needleleaf conifer coniferous pine spruce fir larch yew cedar",
    "column": "columnar",
    "slender": "birch alder willow poplar rowan",
    "shrub": "shrub bush",
    "broadleaf": "broadleaved broadleaf deciduous maple oak lime linden beech ash elm chestnut plane cherry",
}
_WORDS = {
    word: form
    for table in (_GENERA, _GERMAN, _ENGLISH)
    for form, words in table.items()
    for word in words.split()
}
_ENDINGS = sorted(
    ((word, form) for form, words in _GERMAN.items() for word in words.split()),
    key=lambda pair: (-len(pair[0]), pair[0]),
)
_UPRIGHT = ("columnar", "fastigiat", "italica", "pyramidal", "säulen", "stricta")
"""What cultivars are called that grow as columns, whatever their kind."""

_HEIGHT_M, _CROWN_M = (0.2, 130.0), (0.1, 60.0)
"""No tree is smaller or larger (the tallest that stands has 116 m)."""
IMPLAUSIBLE = "a size that no tree has was taken as not stated"


def form_of(words: Sequence[str | None]) -> str:
    """Form of a tree by the first of several texts that tells: species, genus, German name, leaf type.

    Returns:
        A key of `FORMS`; ``unknown`` if none of the words is known.
    """
    for text in words:
        found = _form(text.lower()) if text else None
        if found:
            return found
    return "unknown"


def _form(text: str) -> str | None:
    if any(word in text for word in _UPRIGHT) and not text.startswith(("berberis", "taxus")):
        return "column"
    tokens = [token.strip("'\"’‘(),.;:×") for token in text.replace("-", " ").split()]
    for token in tokens:
        if token in _WORDS:
            return _WORDS[token]
        for ending, form in _ENDINGS:
            if token.endswith(ending):
                return form
    return None


@dataclass(frozen=True, slots=True)
class Size:
    """How big a tree is drawn, and where that is from."""

    height_m: float
    height_source: str
    """``measured``, ``derived`` (from the crown) or ``assumed`` (from the form)."""
    crown_m: float
    crown_source: str
    """Likewise, derived from the height."""
    repaired: bool = False
    """A stated size was none."""


def size_of(form: str, height_m: float | None, crown_m: float | None) -> Size:
    """Size of a tree; a height or crown that is missing follows from the other, else from the form.

    Args:
        form: Key of `FORMS`.
        height_m: Above ground, as stated.
        crown_m: Diameter, as stated.
    """
    usual = FORMS[form]
    height, crown = _plausible(height_m, _HEIGHT_M), _plausible(crown_m, _CROWN_M)
    repaired = (height, crown) != (height_m, crown_m)
    if height is not None and crown is not None:
        return Size(height, "measured", crown, "measured", repaired)
    if height is not None:
        return Size(height, "measured", round(height * usual.crown, 1), "derived", repaired)
    if crown is not None:
        # A crown may be wider than usual on a tree that is as high as any.
        derived = min(round(crown / usual.crown, 1), 2.5 * usual.height_m)
        return Size(derived, "derived", crown, "measured", repaired)
    return Size(usual.height_m, "assumed", round(usual.height_m * usual.crown, 1), "assumed", repaired)


def sizes_in(values: Mapping[str, Any]) -> tuple[str, Size]:
    """Form and size of a tree by the columns of ``tree/1``; what says already where it is from is kept."""
    form = values.get("form") or form_of([values.get("species")])
    size = size_of(form, values.get("height_m"), values.get("crown_m"))
    if size.repaired:
        return form, size
    return form, Size(
        size.height_m,
        values.get("height_source") or size.height_source,
        size.crown_m,
        values.get("crown_source") or size.crown_source,
    )


def _plausible(value: float | None, limits: tuple[float, float]) -> float | None:
    if value is None or not math.isfinite(value) or not limits[0] <= value <= limits[1]:
        return None
    return value
