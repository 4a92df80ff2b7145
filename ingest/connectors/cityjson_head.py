"""What a CityJSON file says once for all its objects: version, transform, CRS, templates, textures."""

from dataclasses import dataclass
from math import isfinite
from typing import Any

from ingest.connectors.options import listed, options
from twin.errors import RecipeError, SourceBroken
from twin.source import Source

_VERSIONS = ("1.0", "1.1", "2.0")
_KNOWN = ("lod", "classes", "attributes", "textures", "trees", "tiles", "hosts")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the options ask for."""

    lod: str | None
    """``2.2``, or ``2`` for the best 2.x; None for the best that is whole."""
    classes: frozenset[str]
    generic: bool
    textures: bool
    trees: bool = False
    """Plants without faces of their own become points with a size."""


@dataclass(frozen=True, slots=True)
class Head:
    """What holds for all objects of a file."""

    name: str
    """The file, for messages."""
    crs: str | None
    scale: tuple[float, float, float]
    translate: tuple[float, float, float]
    appearance: dict[str, Any]
    """``textures`` and ``vertices-texture``; empty unless textures are wanted."""
    templates: dict[str, Any]
    """``geometry-templates`` as written."""


def wanted(source: Source) -> Wanted:
    """Read the options; `RecipeError` for one that is not understood."""
    given = options(source, _KNOWN)
    lod = given.get("lod")
    if lod is not None:
        lod = str(lod)
        if not (lod.replace(".", "", 1).isdigit() and lod[0].isdigit() and lod[-1].isdigit()):
            raise RecipeError("options.lod is a level such as 2 or 2.2")
    if given.get("attributes") not in (None, "all"):
        raise RecipeError('options.attributes is "all", or left out')
    return Wanted(
        lod=lod,
        classes=frozenset(listed(given.get("classes", ["Building"]), "classes")),
        generic=given.get("attributes") == "all",
        textures=bool(given.get("textures", False)),
        trees=bool(given.get("trees", False)),
    )


def head_of(document: Any, name: str, stated_crs: str | None, *, textures: bool = False) -> Head:
    """Read the head of a document, or the first line of a sequence.

    Args:
        document: the parsed JSON.
        name: the file, for messages.
        stated_crs: taken if the file names none.
        textures: whether to keep the appearance.

    Raises:
        SourceBroken: no CityJSON, another version, or a transform that cannot be applied.
    """
    if not isinstance(document, dict) or document.get("type") != "CityJSON":
        if isinstance(document, dict) and document.get("type") == "CityJSONFeature":
            raise SourceBroken(
                f"{name}: the first line is a feature; a CityJSON sequence begins with a line of type "
                "CityJSON that has the transform"
            )
        raise SourceBroken(f"{name} is no CityJSON: it has no type CityJSON")
    version = str(document.get("version"))
    if not version.startswith(_VERSIONS):
        raise SourceBroken(
            f"{name}: its CityJSON version is none of {', '.join(_VERSIONS)}; convert it first"
        )
    scale, translate = _transform(document, name, version)
    metadata = document.get("metadata")
    crs = metadata.get("referenceSystem") if isinstance(metadata, dict) else None
    appearance, templates = document.get("appearance"), document.get("geometry-templates")
    return Head(
        name=name,
        crs=crs if isinstance(crs, str) and crs.strip() else stated_crs,
        scale=scale,
        translate=translate,
        appearance=appearance if textures and isinstance(appearance, dict) else {},
        templates=templates if isinstance(templates, dict) else {},
    )


_Three = tuple[float, float, float]


def _transform(document: dict[str, Any], name: str, version: str) -> tuple[_Three, _Three]:
    transform = document.get("transform")
    if transform is None and version.startswith("1.0"):
        return (1.0, 1.0, 1.0), (0.0, 0.0, 0.0)
    if transform is None:
        raise SourceBroken(f"{name} has no transform, so its vertices mean nothing; fetch it again")
    scale, translate = _three(transform, "scale"), _three(transform, "translate")
    if scale is None or translate is None:
        raise SourceBroken(f"{name}: scale and translate of its transform are not three finite numbers each")
    if min(scale) <= 0:
        raise SourceBroken(f"{name}: the scale of its transform is not above 0; ask its publisher")
    return scale, translate


def _three(transform: Any, member: str) -> _Three | None:
    numbers = transform.get(member) if isinstance(transform, dict) else None
    if not isinstance(numbers, list) or len(numbers) != 3:
        return None
    if not all(type(n) in (int, float) and isfinite(n) for n in numbers):
        return None
    return float(numbers[0]), float(numbers[1]), float(numbers[2])
